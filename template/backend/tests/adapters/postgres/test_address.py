import pytest

from app.commands.running import read_settings
from app.refusal import Refusal


@pytest.mark.parametrize(
    "address",
    [
        "mysql://me:secret@db/shop",
        "postgresql://me:se#cret@db/shop",
        "postgresql://me:se/cret@db:5432/shop",
        "postgresql://db:none/shop",
    ],
)
def test_what_can_be_no_address_is_refused_without_being_repeated(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    with pytest.raises(Refusal, match=r"^DATABASE_URL: write it as") as refusal:
        read_settings()

    assert "cret" not in str(refusal.value)


@pytest.mark.parametrize(
    "address", ["postgres://db", "postgresql://me:se%23cret@[::1]:6543/shop?sslmode=require"]
)
def test_an_address_is_taken_as_it_is(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    assert read_settings().database_url == address
