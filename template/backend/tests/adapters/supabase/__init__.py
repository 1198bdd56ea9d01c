"""What the tests of this layer share."""

from pathlib import Path

import pytest

from app.adapters.supabase.local import LocalProjectError, local_project
from tests.adapters.postgres import IN_A_HURRY

SECRET = "a secret by which the project of the tests signs"  # noqa: S105 - of no other project


def refusal(folder: Path) -> str:
    """Give the one line by which a project refuses to run."""
    with pytest.raises(LocalProjectError) as refused, local_project(folder, IN_A_HURRY):
        pytest.fail("It ran.")
    line = str(refused.value)
    assert "\n" not in line
    return line
