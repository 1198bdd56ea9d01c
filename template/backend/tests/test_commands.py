from collections.abc import Callable

import pytest
import uvicorn
from httpx2 import ASGITransport, AsyncClient

from app import commands


@pytest.mark.parametrize(
    ("command", "steps"), [(commands.check, "CHECKS"), (commands.fix, "FIXES")]
)
def test_every_step_is_taken_and_the_failed_ones_are_named(
    command: Callable[[], None],
    steps: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(commands, steps, {"lint": ["no_such_tool"], "format": ["platform"]})

    with pytest.raises(SystemExit) as ended:
        command()

    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "== lint: no_such_tool",
        "== format: platform",
        "Failed: lint.",
    ]


def test_success_is_said_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run({"types": ["platform"]}) == 0
    assert capsys.readouterr().out.endswith("All passed.\n")


@pytest.mark.parametrize(("serve_docs", "page"), [("true", "docs"), ("false", "health/live")])
async def test_dev_says_where_the_api_is_and_serves_it(
    serve_docs: str,
    page: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    served: list[uvicorn.Config] = []
    monkeypatch.setattr(
        uvicorn, "run", lambda *args, **options: served.append(uvicorn.Config(*args, **options))
    )
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("SERVE_DOCS", serve_docs)

    commands.dev()

    assert capsys.readouterr().out == f"The API is on http://127.0.0.1:8123/{page}\n"
    [config] = served
    assert (config.host, config.port, config.should_reload) == ("127.0.0.1", 8123, True)
    config.load()
    async with AsyncClient(
        transport=ASGITransport(config.loaded_app), base_url="http://test"
    ) as client:
        assert (await client.get(f"/{page}")).status_code == 200
