"""A generated file is compared with what it would be, or rewritten when asked."""

from pathlib import Path

import pytest

from tests.support import generated as module
from tests.support.generated import generated


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    page = tmp_path / "docs" / "page.md"
    generated(page, "one\ntwo\n", regenerate=True)
    return page


def test_what_is_the_same_passes(page: Path) -> None:
    generated(page, "one\ntwo\n", regenerate=False)


def test_a_difference_is_shown_line_by_line(page: Path) -> None:
    with pytest.raises(AssertionError, match=r"(?s)-two\n\+three\n.*uv run pytest --regenerate"):
        generated(page, "one\nthree\n", regenerate=False)
    assert page.read_text() == "one\ntwo\n"


def test_a_file_that_is_missing_is_a_difference(page: Path) -> None:
    page.unlink()
    with pytest.raises(AssertionError, match=r"\+one"):
        generated(page, "one\n", regenerate=False)


def test_it_is_rewritten_when_asked(page: Path) -> None:
    generated(page, "three\n", regenerate=True)
    generated(page, "three\n", regenerate=False)
