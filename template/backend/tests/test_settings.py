import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from app.settings import Settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"
SECRET = "s" * 32


def test_the_example_lists_every_variable_and_no_other() -> None:
    listed = re.findall(r"^(\w+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)

    assert listed == [name.upper() for name in Settings.model_fields]


def test_the_example_holds_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", EXAMPLE)

    assert Settings() == Settings.model_construct()


def test_a_variable_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=8001\nSERVE_DOCS=false\n", encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "env_file", file)
    monkeypatch.setenv("PORT", "8002")

    settings = Settings()

    assert (settings.port, settings.serve_docs) == (8002, False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "eighty"),
        ("SERVE_DOCS", "perhaps"),
        ("ENVIRONMENT", "prod"),
        ("BODY_LIMIT", "0"),
        ("CORS_ORIGINS", "https://shop.example/path"),
        ("CORS_ORIGINS", "shop.example"),
        ("CORS_ORIGINS", "https://shop.example,"),
    ],
)
def test_a_value_that_cannot_work_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name.lower()) as refusal:
        Settings()
    assert value not in re.sub("'\\w+'", "", str(refusal.value))


def test_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "https://shop.example, http://localhost:5173")

    assert Settings().cors_origins == ("https://shop.example", "http://localhost:5173")


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"CORS_ORIGINS": "*"}, "CORS_ORIGINS is a wildcard"),
        ({"DEBUG": "true"}, "DEBUG is on"),
    ],
)
def test_production_refuses_what_is_only_convenient(
    variables: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWT_SECRET", SECRET)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    Settings()
    monkeypatch.setenv("ENVIRONMENT", "production")

    with pytest.raises(ValidationError, match=reason):
        Settings()


def test_production_takes_settings_that_are_fit_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("JWT_SECRET", SECRET)

    assert Settings().environment == "production"


def test_no_secret_is_shown() -> None:
    settings = Settings(jwt_secret=SecretStr(SECRET))

    assert SECRET not in repr(settings)
