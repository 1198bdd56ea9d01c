"""The board in a real browser: light and dark, on a desk and on a phone."""

import json
import os
import re
import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest

from tests.hooks.program import baton
from tests.hooks.teamwork import BACKEND, DESIGNER, teamwork

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
# The page in a frame, since no window is as narrow as a phone; and what it looks like there.
FRAME = """<!doctype html><iframe style="border: 0; width: WIDTHpx; height: 900px" srcdoc="PAGE">
</iframe><script>addEventListener('load', () => {
  const inner = document.querySelector('iframe').contentWindow, page = inner.document;
  const all = pick => [...page.querySelectorAll(pick)];
  const seen = node => node && node.getClientRects().length > 0;
  const size = node => parseFloat(inner.getComputedStyle(node).fontSize);
  const css = inner.getComputedStyle(page.body), whole = page.documentElement;
  document.title = JSON.stringify({
    wide: whole.scrollWidth, room: whole.clientWidth, ink: css.color, ground: css.backgroundColor,
    table: seen(all('table')[0]), names: all('dt').filter(seen).length,
    arcs: all('svg g path').filter(path => path.getTotalLength() > 9).length,
    small: all('body *').filter(node => seen(node) && size(node) < 11).length,
  });
})</script>"""
SCROLLBAR = 20


@pytest.fixture(scope="module")
def browser() -> str:
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.skip(f"there is no browser: none of {', '.join(BROWSERS)}")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = teamwork(tmp_path_factory.mktemp("board"))
    work.open()
    work.hand(DESIGNER)
    work.start()
    work.write(f"handoff/{BACKEND}/requests.md", f"- [ ] {DESIGNER}: {'a-very-long-word' * 20}\n")
    path = work.root / "board.html"
    path.write_text(baton(work.root, "status", "--html").stdout)
    return path


def look(browser: str, page: Path, width: int, scheme: int) -> dict[str, object]:
    """What the page came to in the browser, of which nothing reaches the network."""
    frame = page.with_name(f"{width}.html")
    text = FRAME.replace("WIDTH", str(width)).replace("PAGE", escape(page.read_text()))
    frame.write_text(text)
    words = [browser, "--headless=new", "--disable-gpu", "--no-first-run"]
    words += ["--proxy-server=127.0.0.1:1", "--window-size=1400,1000"]
    words += ["--no-sandbox"] * (hasattr(os, "geteuid") and os.geteuid() == 0)
    words += [f"--user-data-dir={page.parent / 'browser'}"]
    words += [f"--blink-settings=preferredColorScheme={scheme}", "--dump-dom", frame.as_uri()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    title = re.search("<title>(.*?)</title>", done.stdout)
    assert title, done.stderr
    found = json.loads(title[1])
    assert isinstance(found, dict)
    return found


def light(colour: object) -> float:
    """How light a colour is, from 0 to 1, as contrast is reckoned."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", str(colour))[:3]]
    linear = [part / 12.92 if part <= 0.04 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_easy_to_read_light_and_dark(browser: str, page: Path, width: int) -> None:
    for scheme, dark in ((1, False), (0, True)):
        found = look(browser, page, width, scheme)
        assert isinstance(found["wide"], int)
        assert width - SCROLLBAR <= found["wide"] == found["room"], "nothing is beyond the edge"
        assert found["table"] is (width > 740), "a phone has the list alone"
        assert found["names"] == 4
        assert found["arcs"] == 5
        assert found["small"] == 0
        ink, ground = light(found["ink"]), light(found["ground"])
        assert (ground < ink) is dark
        assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) > 7
