from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

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


async def test_the_docs_are_served_unless_the_settings_say_no() -> None:
    open_status, _ = await call(create_app(Settings()), "/docs")
    closed_status, _ = await call(create_app(Settings(serve_docs=False)), "/docs")

    assert (open_status, closed_status) == (200, 404)
