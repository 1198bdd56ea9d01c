"""What the commands need of this layer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.adapters.supabase.settings import LayerSettings


def require_storage(_settings: LayerSettings) -> None:
    """Refuse settings that name no project. As long as nothing asks one, none is needed."""


@contextmanager
def local_storage(_settings: LayerSettings, _folder: Path) -> Iterator[Mapping[str, str]]:
    """Have a project for as long as this lasts, and give the variables that say where it is."""
    yield {}
