"""The contract, held against the running service: what it promises is true of generated requests.

`uv run pytest -m contract`. What schemathesis does and leaves out is in schemathesis.toml.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from socket import IPPROTO_TCP, TCP_NODELAY, create_server

import pytest
import uvicorn
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.layer import Storage
from app.main import create_app
from app.settings import Settings

BACKEND = Path(__file__).parents[2]


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve an application on a free port, and give its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    with create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # or each answer waits 40 ms
        running = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await running


@pytest.mark.contract
async def test_the_running_service_keeps_the_contract(
    shared_storage: Storage,
    sign_in: Callable[[AsyncClient], Awaitable[str]],
    settings: Settings,
    unlimited: Mapping[str, object],
    tmp_path: Path,
) -> None:
    without_limits = settings.model_copy(update=unlimited)
    app = create_app(without_limits, open_storage=lambda _: nullcontext(shared_storage))

    async with serving(app) as address:
        async with AsyncClient(base_url=address) as client:
            token = await sign_in(client)
        schemathesis = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "run", "../docs/openapi.yaml"),
            *("--url", address),
            cwd=BACKEND,
            env=os.environ | {"API_TOKEN": token, "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path)},
        )
        failed = await schemathesis.wait()

    assert not failed, "Schemathesis says above which request breaks the contract."
