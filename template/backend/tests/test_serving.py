"""The whole system: a real server on a real port."""

import asyncio
import socket

import uvicorn
from fastapi import FastAPI
from httpx2 import AsyncClient


async def test_a_server_answers_and_stops_when_it_is_asked_to(app: FastAPI) -> None:
    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        serving = asyncio.create_task(server.serve(sockets=[listening]))

        async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            response = await client.get("/health/live")
        server.should_exit = True
        async with asyncio.timeout(5):
            await serving

    assert response.json() == {"status": "ok"}
