"""The production server: `uv run serve`, and what the image runs."""

import uvicorn

from app import layer
from app.commands.connections import Connection, allow_many_connections
from app.commands.running import (
    APP,
    log_as_settings_say,
    read_settings,
    require_free_port,
    told,
)

GRACE = 3  # seconds that requests have to finish when the server is told to stop
PATIENCE = 30  # seconds that a process of the server may take to start, or not to answer, at most


def serve() -> None:
    """Serve the API as the settings say, until SIGTERM or Ctrl-C."""
    with told():
        settings = read_settings()
        layer.require_storage(settings)
        require_free_port(settings)
        log_as_settings_say(settings)
        allow_many_connections()
        uvicorn.run(
            APP,
            factory=True,
            http=Connection,
            host=settings.host,
            port=settings.port,
            workers=settings.web_concurrency,
            forwarded_allow_ips=settings.forwarded_allow_ips,
            timeout_graceful_shutdown=GRACE,
            timeout_worker_healthcheck=PATIENCE,
            server_header=False,
            access_log=False,
            log_config=None,
            log_level="info",
        )
