"""A page for developers that shows events as they come."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

PAGE = Path(__file__).with_name("page.html")
# It loads nothing, and calls nobody but the API.
POLICY = (
    "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; frame-ancestors 'none'"
)


def add_page(app: FastAPI) -> None:
    """Serve the page."""

    @app.get("/dev/events", include_in_schema=False)
    async def show_events() -> HTMLResponse:
        page = PAGE.read_text(encoding="utf-8")
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})
