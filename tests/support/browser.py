"""A real browser, driven by Chrome's DevTools protocol: what a person would see and do on a page.

Chromium, Chrome and Edge speak it; GitHub's runners have Chrome. BROWSER_PATH names another one.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

PATIENCE = 20.0  # seconds until something has come about on a page
NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge"),
)
ELSEWHERE = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    ),
}
# It has a profile of its own, asks nobody for updates, and may run as root in a container: it sees
# nothing but the pages of a test.
OPTIONS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--no-default-browser-check", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio"),
    *("--remote-debugging-port=0", "--window-size=1000,800"),
)

# What the protocol sends is JSON of any shape.
Answer = dict[str, Any]


class BrowserError(Exception):
    """The browser does not do what it was asked to."""


def found() -> str | None:
    """The program of a browser of this machine."""
    if named := os.environ.get("BROWSER_PATH"):
        return named
    places = [shutil.which(name) for name in NAMES]
    places += [path for path in ELSEWHERE.get(sys.platform, ()) if Path(path).is_file()]
    return next(filter(None, places), None)


@dataclass
class Wire:
    """The connection to the browser: commands go out, answers and news come in."""

    socket: ClientConnection
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    faults: list[str] = field(default_factory=list)

    def ask(self, method: str, session: str = "", **parameters: object) -> Answer:
        """Send a command and wait for its answer. What a page complains of meanwhile is kept."""
        number = next(self.numbers)
        command = {"id": number, "method": method, "params": parameters}
        self.socket.send(json.dumps(command | ({"sessionId": session} if session else {})))
        while (answer := json.loads(self.socket.recv(PATIENCE))).get("id") != number:
            self.note(answer)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        result: Answer = answer["result"]
        return result

    def note(self, news: Answer) -> None:
        """Keep what a page throws, or what the browser blocks on it."""
        if news["method"] == "Runtime.exceptionThrown":
            told = news["params"]["exceptionDetails"]
            self.faults.append(told.get("exception", {}).get("description") or told["text"])
        elif news["method"] == "Audits.issueAdded" and "Policy" in news["params"]["issue"]["code"]:
            self.faults.append(news["params"]["issue"]["code"])


@dataclass
class Page:
    """An open page."""

    wire: Wire
    session: str

    def ask(self, method: str, **parameters: object) -> Answer:
        return self.wire.ask(method, self.session, **parameters)

    @property
    def faults(self) -> list[str]:
        """The exceptions of the page's scripts so far, and what its policy blocked."""
        self.ask("Runtime.evaluate", expression="0")  # what came before it has come
        return self.wire.faults

    def go(self, address: str) -> None:
        """Open an address, and wait until it is loaded."""
        told = self.ask("Page.navigate", url=address)
        if error := told.get("errorText"):
            raise BrowserError(f"{address}: {error}")
        self.until("document.readyState === 'complete'")

    # A value of a page is JSON of any shape.
    def value(self, expression: str) -> Any:  # noqa: ANN401
        """Give the value of an expression of JavaScript, once it is there."""
        told = self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if fault := told.get("exceptionDetails"):
            raise BrowserError(f"{expression}: {fault.get('exception', fault)}")
        return told["result"].get("value")

    def until(self, expression: str, patience: float = PATIENCE) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + patience
        while not self.value(expression):
            if time.monotonic() > deadline:
                shown = self.value("document.body.innerText")
                raise BrowserError(f"it did not come to {expression}; the page says:\n{shown}")
            time.sleep(0.02)

    def text(self, selector: str) -> str:
        """What is shown at a place."""
        return str(self.value(f"document.querySelector({json.dumps(selector)}).innerText"))

    def texts(self, selector: str) -> list[str]:
        """What is shown at each of some places."""
        every = f"[...document.querySelectorAll({json.dumps(selector)})]"
        return list(self.value(f"{every}.map((one) => one.innerText)"))

    def click(self, selector: str) -> None:
        """Click on a place, once it can be seen."""
        one = f"document.querySelector({json.dumps(selector)})"
        self.until(f"{one}?.checkVisibility() && !{one}.disabled")
        box = self.value(
            f"(() => {{ {one}.scrollIntoView({{block: 'center', behavior: 'instant'}});"
            f" const box = {one}.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask(
                "Input.dispatchMouseEvent",
                type=kind,
                x=box[0],
                y=box[1],
                button="left",
                clickCount=1,
            )

    def type(self, selector: str, text: str) -> None:
        """Write into a field, in place of what it holds."""
        self.click(selector)
        self.value(f"document.querySelector({json.dumps(selector)}).select()")
        self.ask("Input.insertText", text=text)

    def picture(self, file: Path, width: int = 1000, height: int = 800, scheme: str = "") -> None:
        """Take a picture of the page as another window would show it, light or dark."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        wanted = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Emulation.setEmulatedMedia", features=wanted)
        told = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(told["data"]))


@contextmanager
def browsing(*options: str) -> Iterator[Page]:
    """Run a browser for as long as the block, and give an empty page. Skips where there is none."""
    program = found()
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is here; BROWSER_PATH can name one")
    with (
        tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as folder,
        running([program, *OPTIONS, *options], Path(folder)) as address,
        connect(address, max_size=None) as socket,
    ):
        wire = Wire(socket)
        yield opened(wire)
        wire.ask("Browser.close")


def opened(wire: Wire) -> Page:
    """A new page, whose faults are kept."""
    target = wire.ask("Target.createTarget", url="about:blank")["targetId"]
    told = wire.ask("Target.attachToTarget", targetId=target, flatten=True)
    page = Page(wire, told["sessionId"])
    for part in ("Page", "Runtime", "Audits"):
        page.ask(f"{part}.enable")
    return page


@contextmanager
def running(command: Sequence[str], profile: Path) -> Iterator[str]:
    """Run the program with a profile, and give the address at which it takes commands."""
    log = profile / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*command, f"--user-data-dir={profile}"], stdout=output, stderr=output
        ) as browser,
    ):
        try:
            yield listening(browser, profile)
        finally:
            browser.terminate()


def listening(browser: subprocess.Popen[bytes], profile: Path) -> str:
    """Wait for the file in which the browser says where it listens."""
    file, deadline = profile / "DevToolsActivePort", time.monotonic() + PATIENCE
    while True:
        lines = file.read_text("utf-8").splitlines() if file.is_file() else []
        if len(lines) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        if browser.poll() is not None or time.monotonic() > deadline:
            raise BrowserError(f"{browser.args!r} does not start: {(profile / 'log').read_text()}")
        time.sleep(0.02)
