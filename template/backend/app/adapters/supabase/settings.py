"""Where the project is, and how it is asked."""

from pydantic import Field
from pydantic_settings import BaseSettings


class LayerSettings(BaseSettings):
    """The variables of this data layer. `Settings` adds those of the application."""

    supabase_url: str | None = Field(default=None, pattern="^https?://")
    supabase_publishable_key: str | None = None
