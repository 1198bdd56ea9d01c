"""What the shapes of several features have in common.

What a client may leave out is `field: Kind | MISSING = MISSING`: the contract then shows it as
optional, and `null` is refused. `X | None` is for what may be `null`.
"""

from typing import Self, TypeVar

from pydantic import MISSING, BaseModel, ConfigDict, model_validator

T = TypeVar("T")


class InputShape(BaseModel):
    """What a client sends: a field that it does not name is refused, so that a typo is noticed."""

    model_config = ConfigDict(extra="forbid")


class UpdateShape(InputShape):
    """What a client wants changed: at least one field. `model_dump()` gives only what was sent."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def changes_something(self) -> Self:
        """Refuse an empty update: its sender meant something else."""
        if not self.model_fields_set:
            raise ValueError("Send at least one field.")
        return self


def given(value: T | MISSING) -> T | None:
    """Give what was sent, or None where it was left out."""
    return None if value is MISSING else value
