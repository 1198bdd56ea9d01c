"""What the tests of this layer share."""

SECRET = "a secret by which the project of the tests signs"  # noqa: S105 - of no other project
