import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_production_refuses_the_secret_that_everybody_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Settings()
    monkeypatch.setenv("ENVIRONMENT", "production")

    with pytest.raises(ValidationError, match="JWT_SECRET is the default"):
        Settings()


def test_a_short_secret_is_refused_without_being_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", "too short")

    with pytest.raises(ValidationError, match="jwt_secret") as refusal:
        Settings()
    assert "too short" not in str(refusal.value)
