import re

import pytest
from pydantic import TypeAdapter, ValidationError

from app.fields import Email, Line, Name, Text

SHAPES = {
    "line": TypeAdapter[str](Line),
    "name": TypeAdapter[str](Name),
    "text": TypeAdapter[str](Text),
    "email": TypeAdapter[str](Email),
}


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("line", ""),
        ("line", " of the sea "),
        ("line", "naïve 東京 👩‍🚀 '; DROP TABLE items; --"),
        ("name", "a"),
        ("name", "of the sea"),
        ("text", ""),
        ("text", "one\n\ttwo\r\n"),
    ],
)
def test_what_people_write_is_taken_as_it_is(shape: str, value: str) -> None:
    assert SHAPES[shape].validate_python(value) == value
    assert re.search(SHAPES[shape].json_schema()["pattern"], value)


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("line", "a\x00b"),
        ("line", "a\nb"),
        ("line", "a\x7fb"),
        ("line", "a\x85b"),
        ("name", ""),
        ("name", " a"),
        ("name", "a\u3000"),
        ("name", "\xa0"),
        ("name", "a\tb"),
        ("text", "a\x00b"),
        ("text", "a\x1bb"),
    ],
)
def test_control_characters_and_blanks_at_the_ends_of_names_are_refused(
    shape: str, value: str
) -> None:
    with pytest.raises(ValidationError):
        SHAPES[shape].validate_python(value)
    assert not re.search(SHAPES[shape].json_schema()["pattern"], value)


@pytest.mark.parametrize("shape", SHAPES)
def test_half_a_character_is_refused(shape: str) -> None:
    with pytest.raises(ValidationError):
        SHAPES[shape].validate_python("ann\ud800@example.com")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("ann@example.com", "ann@example.com"),
        ("ann@shop.test", "ann@shop.test"),
        ("Ann.Lee+Shop@EXAMPLE.com", "ann.lee+shop@example.com"),
        ("ÜNAL@bücher.example.com", "ünal@bücher.example.com"),
        ("re\u0301ne\u0301@example.com", "r\xe9n\xe9@example.com"),
    ],
)
def test_an_address_has_one_spelling(written: str, stored: str) -> None:
    assert SHAPES["email"].validate_python(written) == stored
    assert SHAPES["email"].validate_python(stored) == stored


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "ann@",
        "@example.com",
        "ann@example",
        "ann@localhost",
        "ann @example.com",
        "Ann <ann@example.com>",
        "ann@example.com\r\nbcc: bob@example.com",
        "ann\x00@example.com",
        f"ann@{'a.' * 125}com",
    ],
)
def test_what_no_message_can_be_sent_to_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        SHAPES["email"].validate_python(address)
