"""The least that streams events: FastAPI, and a queue for each client that is there now.

No sign-in, no log, no resume, no heartbeat: who was away has lost what happened. An event is
encoded once, and handed to every queue.
"""

import asyncio
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

app = FastAPI()
queues: set[asyncio.Queue[bytes]] = set()


class Event(BaseModel):
    number: int
    data: str


@app.get("/events")
async def stream_events() -> StreamingResponse:
    return StreamingResponse(follow(), media_type="text/event-stream")


async def follow() -> AsyncIterator[bytes]:
    queue = asyncio.Queue[bytes]()
    queues.add(queue)
    try:
        yield b": here\n\n"
        while True:
            yield await queue.get()
    finally:
        queues.discard(queue)


@app.post("/events", status_code=204)
async def publish(event: Event) -> None:
    message = f"id: {event.number}\nevent: item.updated\ndata: {event.data}\n\n".encode()
    for queue in queues:
        queue.put_nowait(message)
