"""Events as they are sent: in the format of `EventSource`, in the shapes that routes give."""

import random

from pydantic import BaseModel

from app.events.ports import Event
from app.items.schemas import ItemResponse

# What a row becomes, by the kind of thing. What its routes would not give does not leave here.
SHAPES: dict[str, type[BaseModel]] = {"item": ItemResponse}

HEARTBEAT = b": still here\n\n"


def message_of(event: Event) -> bytes:
    """Write an event. LookupError, ValueError: its kind or its shape is of another release."""
    data = SHAPES[event.kind].model_validate_json(event.row).model_dump_json()
    return f"id: {event.number}\nevent: {event.kind}.{event.action}\ndata: {data}\n\n".encode()


def opening(number: int) -> bytes:
    """Say where the stream begins, so that even a client that got nothing can go on from there.

    It comes back after two to four seconds, so that those whom one server lost do not return to the
    next all at once.
    """
    retry = random.randrange(2_000, 4_000)  # noqa: S311 - nobody gains by guessing it
    return f"retry: {retry}\nid: {number}\n\n".encode()


def reload(number: int) -> bytes:
    """Tell a client that events are gone: what it shows, it has to load anew."""
    return f"id: {number}\nevent: reload\ndata: {{}}\n\n".encode()
