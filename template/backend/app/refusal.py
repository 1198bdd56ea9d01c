"""Why a command does not go on."""


class Refusal(Exception):  # noqa: N818 - no fault of the program
    """One line that says what is wrong, and what to do. It holds no secret."""

    def __init__(self, line: str, code: int = 1) -> None:
        """Say it, and end with this exit code."""
        super().__init__(line)
        self.code = code
