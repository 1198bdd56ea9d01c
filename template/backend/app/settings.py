"""What differs between environments, read from variables and from `.env`."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from app.layer import LayerSettings

ORIGIN = re.compile(r"\*|https?://[^/?#@\s]+")


class Settings(LayerSettings):
    """One field a variable, in capitals there. `.env.example` explains each."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,  # a refused value may be a secret
    )

    environment: Literal["development", "production"] = "development"
    debug: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    serve_docs: bool = True

    web_concurrency: int = Field(default=1, ge=1)
    forwarded_allow_ips: str = "127.0.0.1"

    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    body_limit: int = Field(default=1_000_000, ge=1)

    @field_validator("cors_origins", mode="before")
    @classmethod
    def read_origins(cls, origins: str | tuple[str, ...]) -> tuple[str, ...]:
        """Take a list as people write one into a variable."""
        if isinstance(origins, str):
            origins = tuple(map(str.strip, origins.split(",")))
        if not all(map(ORIGIN.fullmatch, origins)):
            raise ValueError("an origin is https:// and a host, no path; a comma separates two")
        return origins

    @model_validator(mode="after")
    def is_fit_for_production(self) -> Self:
        """Refuse what is convenient on a developer's machine and a hole anywhere else."""
        if self.environment == "production":
            self.layer_is_fit_for_production()
            if "*" in self.cors_origins:
                raise ValueError("CORS_ORIGINS is a wildcard. Name each origin.")
            if self.debug:
                raise ValueError("DEBUG is on. Turn it off.")
        return self
