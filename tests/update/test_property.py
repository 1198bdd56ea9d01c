"""Whatever a person did, an update loses none of it, and brings all that is new.

The same cases on plain `copier update` show what that loses, and each protection of `baton sync`
is taken out once, to show that the cases notice.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import apply
import command
import decide
import renders
import texts
import update
from decide import Change, Sides
from tests.update.cases import EVERYDAY, Case, made
from tests.update.expectations import faults, losses
from tests.update.history import update as plain_update

ALL = range(20, 240)
CONTROLS = (1,)


def synced(case: Case, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What is wrong after `baton sync`."""
    words = ["--answers", *case.data] if case.data else []
    code = command.main([str(case.person.root), case.version, *words])
    said = "".join(capsys.readouterr())
    return [said] if code == command.FAULT else [*faults(case, code, said)]


@pytest.mark.parametrize("seed", EVERYDAY)
@pytest.mark.usefixtures("quick")
def test_nothing_is_lost(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert synced(made(seed, tmp_path / "project"), capsys) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
@pytest.mark.usefixtures("quick")
def test_nothing_is_ever_lost(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synced(made(seed, tmp_path / "project"), capsys) == []


def plain_losses(seed: int, root: Path) -> list[str]:
    """What plain `copier update` loses of a case, though it says that all went well."""
    case = made(seed, root)
    data = {name: yaml.safe_load(value) for name, _, value in (a.partition("=") for a in case.data)}
    plain_update(root, version=case.version, **data)
    return [*losses(case)]


@pytest.mark.parametrize("seed", CONTROLS)
@pytest.mark.usefixtures("quick")
def test_plain_copier_update_loses_something(seed: int, tmp_path: Path) -> None:
    assert plain_losses(seed, tmp_path / "project")


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_plain_copier_update_loses_in_many_cases(tmp_path: Path) -> None:
    losing = [seed for seed in EVERYDAY if plain_losses(seed, tmp_path / str(seed))]
    assert len(losing) >= 5, losing


def gone(path: str, sides: Sides, _: str) -> Change | None:
    return Change(path, decide.REMOVED, sides, None) if sides[1] is not None else None


def by_line(path: str, sides: Sides, version: str) -> Change:
    base, mine, new = (side or b"" for side in sides)
    whole, _ = texts.merge(base, mine, new, version)
    return Change(path, decide.MERGED, sides, whole)


def brought_back(path: str, sides: Sides) -> Change:
    return Change(path, decide.ADDED, sides, sides[2])


def theirs(_: bytes, __: bytes, new: bytes, ___: str) -> tuple[bytes, bool]:
    return new, False


def never(*_: object) -> bool:
    return False


def nothing(*_: object) -> tuple[()]:
    return ()


# What is taken out, and what stands there instead.
PROTECTIONS: dict[str, tuple[object, str, Callable[..., object]]] = {
    "edits are merged": (texts, "merge", theirs),
    "an edited file that is dropped stays": (decide, "dropped", gone),
    "a deleted file stays deleted": (decide, "absent", brought_back),
    "JSON is merged by key": (decide, "by_key", by_line),
    "programs are replaced": (decide, "is_program", never),
    "what is a person's is frozen": (renders, "is_frozen", never),
    "a new agent gets its notes": (update, "noted", nothing),
    "git knows what waits": (apply, "unmerged", never),
    "ends of lines stay": (texts, "windows", never),
}


@pytest.mark.parametrize("protection", PROTECTIONS)
@pytest.mark.usefixtures("quick")
def test_each_protection_is_missed(
    protection: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without it, something is wrong after one of the everyday updates; none is refused."""
    monkeypatch.setattr(*PROTECTIONS[protection])
    for seed in EVERYDAY:
        wrong = synced(made(seed, tmp_path / str(seed)), capsys)
        assert not any("baton: " in line for line in wrong), wrong
        if wrong:
            return
    pytest.fail("no case misses it")
