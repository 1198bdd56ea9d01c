"""The whole system: a real server on a real port."""

import asyncio
import socket

import pytest
import uvicorn
from fastapi import FastAPI
from httpx2 import AsyncClient


@pytest.mark.slow
async def test_a_server_that_is_told_to_stop_finishes_what_it_has_begun(app: FastAPI) -> None:
    begun, told = asyncio.Event(), asyncio.Event()

    @app.get("/slow")
    async def answer_slowly() -> str:
        begun.set()
        await told.wait()
        return "finished"

    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        serving = asyncio.create_task(server.serve(sockets=[listening]))

        async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            asking = asyncio.create_task(client.get("/slow"))
            await begun.wait()
            server.should_exit = True
            told.set()
            response = await asking
        async with asyncio.timeout(5):
            await serving

    assert response.json() == "finished"
