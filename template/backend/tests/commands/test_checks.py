from collections.abc import Callable, Mapping, Sequence

import pytest

from app.commands import checks


@pytest.mark.parametrize(
    ("command", "steps"), [(checks.check, checks.CHECKS), (checks.fix, checks.FIXES)]
)
def test_a_command_ends_with_the_number_of_its_steps_that_failed(
    command: Callable[[], None],
    steps: Mapping[str, Sequence[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(taken: Mapping[str, Sequence[str]]) -> int:
        assert taken is steps
        return len(taken)

    monkeypatch.setattr(checks, "run", fail)

    with pytest.raises(SystemExit) as ended:
        command()

    assert ended.value.code == len(steps)


def test_every_step_is_taken_and_the_failed_ones_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert checks.run({"lint": ["no_such_tool"], "format": ["platform"]}) == 1
    assert capsys.readouterr().out.splitlines() == [
        "== lint: no_such_tool",
        "== format: platform",
        "Failed: lint.",
    ]


def test_success_is_said_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.run({"types": ["platform"]}) == 0
    assert capsys.readouterr().out.endswith("All passed.\n")
