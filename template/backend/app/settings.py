"""What differs between environments, read from variables and from `.env`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One field a variable, in capitals there. `.env.example` explains each."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,  # a refused value may be a secret
    )

    port: int = Field(default=8000, ge=1, le=65535)
    serve_docs: bool = True
    database_url: str | None = Field(default=None, pattern="^postgres(ql)?://", repr=False)
