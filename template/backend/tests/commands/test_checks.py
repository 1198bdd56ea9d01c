from collections.abc import Callable

import pytest

from app.commands import checks


@pytest.mark.parametrize(("command", "steps"), [(checks.check, "CHECKS"), (checks.fix, "FIXES")])
def test_every_step_is_taken_and_the_failed_ones_are_named(
    command: Callable[[], None],
    steps: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(checks, steps, {"lint": ["no_such_tool"], "format": ["platform"]})

    with pytest.raises(SystemExit) as ended:
        command()

    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "== lint: no_such_tool",
        "== format: platform",
        "Failed: lint.",
    ]


def test_success_is_said_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.run({"types": ["platform"]}) == 0
    assert capsys.readouterr().out.endswith("All passed.\n")
