"""Where the database is, how much of it one process may use, and how its users sign in."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from app.adapters.postgres.address import DatabaseAddress
from app.auth.tokens import OneSecret, Trust

# Everybody can read it, so production refuses it.
DEFAULT_SECRET = "for development only, never in production"  # noqa: S105


class LayerSettings(BaseSettings):
    """The variables of this data layer. `Settings` adds those of the application.

    The size of the pool: one process runs Python on one core, and some ten connections keep that
    core busy. More would wait for it all the same, and Postgres pays for each. So there is no
    overflow: a request waits its turn instead. Workers times `pool_size` must stay below the
    server's `max_connections`, which is 100 unless somebody changed it.

    The times are seconds, and each is shorter than the one around it: a lock, a statement, the
    client's own patience with a server that no longer answers.
    """

    database_url: DatabaseAddress | None = Field(default=None, repr=False)
    pool_size: int = Field(default=10, ge=1)
    pool_timeout: float = Field(default=5, gt=0)
    connect_timeout: float = Field(default=3, gt=0)
    lock_timeout: float = Field(default=2, gt=0)
    statement_timeout: float = Field(default=5, gt=0)

    register_limit: int = Field(default=10, ge=1)
    sign_in_limit: int = Field(default=10, ge=1)
    refresh_limit: int = Field(default=60, ge=1)

    jwt_secret: SecretStr = Field(default=SecretStr(DEFAULT_SECRET), min_length=32)
    jwt_issuer: str = "http://localhost:8000"
    jwt_audience: str = "api"
    access_minutes: int = Field(default=15, ge=1)
    refresh_days: int = Field(default=30, ge=1)

    def trust(self) -> Trust:
        """Say whose tokens are valid: those of this API."""
        secret = OneSecret(self.jwt_secret.get_secret_value())
        return Trust(secret, self.jwt_audience, self.jwt_issuer)

    def layer_is_fit_for_production(self) -> None:
        """Refuse what is a hole anywhere but on a developer's machine."""
        if self.jwt_secret.get_secret_value() == DEFAULT_SECRET:
            raise ValueError("JWT_SECRET is the default. Set one of your own.")
