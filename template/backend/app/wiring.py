"""What a route can ask for, as Annotated aliases."""

from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from app.settings import Settings


async def current_settings(connection: HTTPConnection) -> Settings:
    """Give the settings that the application was made with."""
    settings: Settings = connection.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(current_settings)]
