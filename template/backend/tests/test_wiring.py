from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.layer import Storage
from app.main import create_app
from app.settings import Settings
from app.wiring import SettingsDep


async def call(app: FastAPI, path: str) -> tuple[int, str]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        response = await client.get(path)
    return response.status_code, response.text


async def test_a_route_gets_the_settings_of_its_application() -> None:
    app = create_app(Settings(port=1234))

    @app.get("/port")
    async def read_port(settings: SettingsDep) -> int:
        return settings.port

    assert await call(app, "/port") == (200, "1234")


async def test_the_storage_is_open_from_the_start_to_the_end(storage: Storage) -> None:
    opened: list[bool] = []

    @asynccontextmanager
    async def open_storage(_settings: Settings) -> AsyncIterator[Storage]:
        opened.append(True)
        yield storage
        opened.append(False)

    app = create_app(Settings(), open_storage)

    async with app.router.lifespan_context(app):
        assert app.state.storage is storage
        assert opened == [True]
    assert opened == [True, False]


async def test_the_docs_are_served_unless_the_settings_say_no() -> None:
    open_status, _ = await call(create_app(Settings()), "/docs")
    closed_status, _ = await call(create_app(Settings(serve_docs=False)), "/docs")

    assert (open_status, closed_status) == (200, 404)
