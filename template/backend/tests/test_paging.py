import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict

from app.errors import InvalidInputError
from app.paging import Key, PageQuery, PageResponse, read_cursor, write_cursor

ID = UUID("0198f2a0-0000-7000-8000-000000000001")
NOON = datetime(2026, 1, 2, 12, 0, 0, 123456, tzinfo=UTC)


def packed(place: object) -> str:
    return urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("-created_at", NOON),
        ("created_at", NOON.replace(microsecond=0)),
        ("created_at", datetime.min.replace(tzinfo=UTC)),
        ("name", "Lamp"),
        ("name", 'L"ämp \U0001f4a1 \\'),
        ("-name", NOON.isoformat()),
    ],
)
def test_a_cursor_is_read_as_it_was_written(sort: str, key: Key) -> None:
    cursor = write_cursor(sort, key, ID)

    assert read_cursor(cursor, sort, type(key)) == (key, ID)
    assert cursor.replace("-", "").replace("_", "").isalnum()


CURSOR = write_cursor("created_at", NOON, ID)
MOMENT = "2026-01-02T12:00:00.123456Z"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "garbage",
        "not base64!",
        "\xe4",
        CURSOR[:-1],
        CURSOR + "=",
        CURSOR + "A",
        f" {CURSOR}",
        packed(None),
        packed([]),
        packed(["created_at", MOMENT]),
        packed(["created_at", MOMENT, "1"]),
        packed(["created_at", MOMENT, str(ID).upper()]),
        packed(["created_at", MOMENT, str(ID), 1]),
        packed(["created_at", 1767355200, str(ID)]),
        packed(["created_at", "2026-01-02", str(ID)]),
        packed(["created_at", "2026-01-02T12:00:00", str(ID)]),
        packed(["created_at", "0001-01-01T00:00:00+14:00", str(ID)]),
        packed(["created_at", "Lamp", str(ID)]),
        packed(["-created_at", MOMENT, str(ID)]),
        packed([None, MOMENT, str(ID)]),
    ],
)
def test_a_cursor_that_was_not_given_for_this_list_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_cursor(cursor, "created_at", datetime)
    assert refused.value.field == "query.cursor"


def test_the_cursors_of_these_tests_are_refused_for_what_is_wrong_with_them() -> None:
    assert packed(["created_at", MOMENT, str(ID)]) == CURSOR
    assert urlsafe_b64decode(CURSOR + "==").startswith(b'["created_at"')


@pytest.mark.parametrize("key", ["a\0b", "\ud800", 1, None, True, ["a"]])
def test_a_text_that_no_database_stores_is_no_place_in_a_list(key: object) -> None:
    with pytest.raises(InvalidInputError):
        read_cursor(packed(["name", key, str(ID)]), "name", str)


@dataclass(frozen=True)
class Thing:
    id: UUID
    name: str


@dataclass(frozen=True)
class Things:
    items: list[Thing]
    total: int
    more: bool


class ThingResponse(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_the_next_page_begins_after_the_last_row_of_this_one(sort: str) -> None:
    page = Things([Thing(ID, "Lamp"), Thing(ID, "Mug")], total=3, more=True)

    shown = PageResponse[ThingResponse].of(page, sort)

    assert [thing.name for thing in shown.items] == ["Lamp", "Mug"]
    assert shown.total == 3
    assert shown.next_cursor
    assert PageQuery(sort=sort, cursor=shown.next_cursor).after(str) == ("Mug", ID)


def test_the_last_page_has_no_next_one_and_the_first_begins_anywhere() -> None:
    shown = PageResponse[ThingResponse].of(Things([], total=0, more=False), "name")

    assert shown.next_cursor is None
    assert PageQuery(sort="name").after(str) is None
