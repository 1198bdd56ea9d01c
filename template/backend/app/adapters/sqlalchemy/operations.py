"""What the commands need of this layer: a database on a developer's machine, or a given one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.adapters.postgres.local import LocalPostgresError, local_postgres
from app.adapters.sqlalchemy.settings import LayerSettings
from app.adapters.sqlalchemy.upgrade import require_up_to_date, upgrade
from app.refusal import Refusal


def require_storage(settings: LayerSettings) -> None:
    """Refuse settings that name no database."""
    if settings.database_url is None:
        raise Refusal(
            "DATABASE_URL is not set. Set it to postgresql://user:password@host:5432/name.", code=2
        )


@contextmanager
def local_storage(settings: LayerSettings, folder: Path) -> Iterator[Mapping[str, str]]:
    """Have a database for as long as this lasts, and give the variables that say where it is.

    One that the settings name is used as it is: it may be more than a developer's own. Otherwise
    one is started here, which keeps its data in this folder, and migrated.
    """
    if settings.database_url is not None:
        require_up_to_date(settings)
        yield {}
        return
    try:
        with local_postgres(folder) as address:
            upgrade_local(settings.model_copy(update={"database_url": address}), folder)
            yield {"DATABASE_URL": address}
    except LocalPostgresError as error:
        raise Refusal(f"{error} Or set DATABASE_URL.") from error


def upgrade_local(settings: LayerSettings, folder: Path) -> None:
    """Bring a developer's own database up to date, or say how to begin with an empty one."""
    try:
        upgrade(settings)
    except Refusal as refusal:
        raise Refusal(f"{refusal} Or move {folder} away to begin with an empty one.") from refusal
