"""The page of events in a real browser: what a developer sees while items change.

It skips where `tests/support/browser.py` finds no browser. GitHub's runners, where `.ci/full` runs
each night, have Chrome.
"""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.backend import Backend
from tests.support.browser import Page, browsing
from tests.support.crashing import crashing_postgres
from tests.support.render import copy
from tests.support.served import USER, free_port, program, serving, sign_up

pytestmark = pytest.mark.slow
LISTENING = "document.getElementById('state').dataset.is === 'open'"
LOST = "document.getElementById('state').dataset.is === 'waiting'"
# Changes every item while no server runs.
RENAME = """
import asyncio, sys
import asyncpg
async def rename():
    connection = await asyncpg.connect(sys.argv[1])
    await connection.execute("UPDATE items SET name = $1, version = version + 1", sys.argv[2])
asyncio.run(rename())
"""


@dataclass(frozen=True)
class Service:
    """A backend as a developer runs it, which can be stopped and started."""

    backend: Backend
    address: str
    port: int
    log: Path

    def serving(self) -> AbstractContextManager[int]:
        variables = {"DATABASE_URL": self.address, "PORT": str(self.port)}
        serve, folder = program(self.backend, "serve"), self.backend.project / "backend"
        return serving([serve], folder, self.port, self.log, **variables)

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.port}/dev/events"

    def rename_items(self, name: str) -> None:
        python = program(self.backend, "python")
        self.backend.passes(str(python), "-c", RENAME, self.address, name)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browsing() as page:
        yield page


@pytest.fixture(scope="module")
def backend(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Backend:  # noqa: ARG001 - skips
    project = tmp_path_factory.mktemp("page") / "made"
    copy({}, project)
    backend = Backend(project)
    backend.passes("uv", "sync", "--quiet")
    return backend


@pytest.fixture
def service(backend: Backend, tmp_path: Path) -> Iterator[Service]:
    with crashing_postgres(backend) as database:
        migrating = Backend(backend.project, {"DATABASE_URL": database.address})
        migrating.passes("uv", "run", "--quiet", "migrate")
        yield Service(backend, database.address, free_port(), tmp_path / "log")


@dataclass(frozen=True)
class Items:
    """A user's items, changed over HTTP, as from somewhere else than the page."""

    port: int
    token: str

    # An answer is JSON of any shape.
    def call(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/items{path}",
            json.dumps(body).encode() if body else None,
            {"Authorization": f"Bearer {self.token}", "If-Match": "*"}
            | ({"Content-Type": "application/json"} if body else {}),
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
            return json.loads(answer.read() or "{}")

    def create(self, name: str) -> str:
        return str(self.call("POST", "", {"name": name})["id"])


def sign_in(page: Page, service: Service) -> None:
    page.go(service.page)
    page.type("#sign-in [name=email]", USER["email"])
    page.type("#sign-in [name=password]", USER["password"])
    page.click("#sign-in button")
    page.until(LISTENING)


def heard(page: Page, number: int) -> list[str]:
    """What the page says that came, the oldest first, once it is so much: number, name, item."""
    page.until(f"document.querySelectorAll('#events li').length >= {number}")
    heads = [text.split() for text in page.texts("#events li div")]
    names = [json.loads(text)["name"] for text in page.texts("#events code")]
    rows = zip(heads, names, strict=True)
    return [f"{head[1]} {head[2]} {name}" for head, name in reversed(list(rows))]


def shown(page: Page) -> list[str]:
    """The items that the page shows, the newest first."""
    names = "[...document.querySelectorAll('#items input')].map((one) => one.value)"
    return list(page.value(names))


def test_what_changes_is_seen_and_nothing_is_missed(page: Page, service: Service) -> None:
    with service.serving() as port:
        items = Items(port, sign_up(port))
        items.create("Lamp")
        sign_in(page, service)
        page.until("document.querySelectorAll('#items li').length === 1")
        desk = items.create("Desk")
        items.call("PATCH", f"/{desk}", {"name": "Table"})
        page.until("document.querySelectorAll('#items li').length === 2")
        assert heard(page, 2) == ["2 item.created Desk", "3 item.updated Table"]
        assert shown(page) == ["Table", "Lamp"]
        items.call("DELETE", f"/{desk}")
        assert heard(page, 3)[2:] == ["4 item.deleted Table"]
        assert shown(page) == ["Lamp"]
    page.until(LOST)
    service.rename_items("Light")
    with service.serving():
        page.until(LISTENING)
        assert heard(page, 4)[3:] == ["5 item.updated Light"]
        assert shown(page) == ["Light"]
        # A token that is no longer good: the page gets another, and goes on where it was.
        page.value("session.access_token = 'expired'; source.close()")
        service.rename_items("Candle")
        page.value("listen()")
        assert heard(page, 5)[4:] == ["6 item.updated Candle"]
        # What is done on the page itself comes back as an event too.
        page.type("#create [name=name]", "Chair")
        page.click("#create button")
        assert heard(page, 6)[5:] == ["7 item.created Chair"]
        assert page.text("#fault") == ""
    assert page.faults == []


def test_where_there_is_no_browser_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.browser.found", lambda: None)
    with pytest.raises(pytest.skip.Exception, match="BROWSER_PATH"), browsing():
        pytest.fail("there is one")


def test_a_page_that_forgets_where_it_was_misses_something(page: Page, service: Service) -> None:
    with service.serving() as port:
        items = Items(port, sign_up(port))
        sign_in(page, service)
        items.create("Lamp")
        assert heard(page, 1) == ["1 item.created Lamp"]
        page.value("source.close(); last = undefined")
        service.rename_items("Light")
        page.value("say(''); listen()")
        page.until(LISTENING)
        items.create("Desk")
        assert heard(page, 2)[1:] == ["3 item.created Desk"]
