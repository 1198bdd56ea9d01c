"""Types of fields that several shapes share. The contract states each by a pattern.

The patterns mean the same to Python, to Rust (Pydantic) and to JSON Schema: no `\\s`, no `\\w` and
no look-around. A lone surrogate, which no database can store, is refused by each of these types.
"""

from typing import Annotated

from email_validator import validate_email
from pydantic import AfterValidator, Field, StringConstraints

CONTROL = r"\x00-\x1f\x7f-\x9f"
CONTROL_BUT_BREAKS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
BLANK = r" \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

# One line, which may be empty.
Line = Annotated[str, StringConstraints(pattern=f"^[^{CONTROL}]*$")]

# One line that neither begins nor ends with a blank.
Name = Annotated[
    str,
    StringConstraints(
        min_length=1, pattern=f"^[^{CONTROL}{BLANK}]([^{CONTROL}]*[^{CONTROL}{BLANK}])?$"
    ),
]

# Several lines: tabs and line breaks are the only control characters.
Text = Annotated[str, StringConstraints(pattern=f"^[^{CONTROL_BUT_BREAKS}]*$")]


def one_spelling(address: str) -> str:
    """Give the one spelling of an address: it is the same in capitals (by use, not by RFC 5321).

    Whether a message gets there is not asked, so reserved names as in `ann@shop.test` are valid.
    """
    checked = validate_email(address, check_deliverability=False, test_environment=True)
    return checked.normalized.lower()


# An address as people write it, also with letters beyond ASCII. A name in front is not part of it.
Email = Annotated[
    str,
    Field(max_length=254, json_schema_extra={"format": "email"}),
    AfterValidator(one_spelling),
]
