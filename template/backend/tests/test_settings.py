import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"


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
        ("DATABASE_URL", "mysql://me:secret@db/shop"),
    ],
)
def test_a_value_that_cannot_work_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name.lower()) as refusal:
        Settings()
    assert value not in str(refusal.value)


def test_the_password_of_the_database_is_not_shown() -> None:
    settings = Settings(database_url="postgresql://me:secret@db/shop")

    assert "secret" not in repr(settings)
