"""A model that plays a script: the Messages API on loopback, for a client that knows no better.

A prompt names the actor whose lines are played, and the number of replies that the conversation
already holds is the next line's. So the server remembers nothing, and a client may ask twice.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

MARK = re.compile(r"\[\[([\w-]+)\]\]")

# The protocol's objects are open-ended JSON.
Json = dict[str, Any]


class Line(NamedTuple):
    """One reply: a text that ends the turn, or tool calls, each a name and its input."""

    text: str
    calls: Sequence[tuple[str, Mapping[str, object]]]


class Model(ThreadingHTTPServer):
    """Serves the script on a free port, and notes what the client sent."""

    def __init__(self, script: Mapping[str, Sequence[Line]]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = script
        self.offered: dict[str, list[str]] = {}
        self.contexts: dict[str, str] = {}
        self.results: dict[str, Json] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def reply(self, request: Json) -> Line:
        """The line that is due; a request without tools, such as for a title, gets a word."""
        messages: list[Json] = request["messages"]
        actor = self.actor(messages)
        if not request.get("tools") or actor is None:
            return Line("ok", [])
        self.offered[actor] = [tool["name"] for tool in request["tools"]]
        system = [{"role": "system", "content": request.get("system", "")}]
        texts = (block["text"] for block in blocks([*system, *messages], "text"))
        self.contexts[actor] = "\n".join(texts)
        self.results |= {block["tool_use_id"]: block for block in blocks(messages, "tool_result")}
        said = sum(message["role"] == "assistant" for message in messages)
        lines = self.script[actor]
        return lines[said] if said < len(lines) else Line("The script is over.", [])

    def actor(self, messages: Sequence[Json]) -> str | None:
        """Who is asked: the first mark in what the user said."""
        texts = (block["text"] for block in blocks(messages, "text", role="user"))
        marks = (mark[1] for text in texts for mark in MARK.finditer(text))
        return next((mark for mark in marks if mark in self.script), None)

    def message(self, request: Json) -> Json:
        """The whole reply, its calls numbered so that their results can be found."""
        line, messages = self.reply(request), request["messages"]
        said = sum(message["role"] == "assistant" for message in messages)
        actor = self.actor(messages)
        content: list[Json] = [{"type": "text", "text": line.text}] if line.text else []
        for number, (name, given) in enumerate(line.calls):
            call = {"id": call_id(str(actor), said, number), "name": name, "input": given}
            content.append({"type": "tool_use", **call})
        return {
            "id": f"msg_{actor}_{said}",
            "type": "message",
            "role": "assistant",
            "model": request["model"],
            "content": content,
            "stop_reason": "tool_use" if line.calls else "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }


def call_id(actor: str, said: int, number: int) -> str:
    return f"toolu_{actor}_{said}_{number}"


def blocks(messages: Sequence[Json], kind: str, role: str | None = None) -> Iterator[Json]:
    """The blocks of a kind in a conversation, a bare text as the block it stands for."""
    for message in messages:
        content = message["content"]
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        if role in (None, message["role"]):
            yield from (block for block in content if block["type"] == kind)


def events(message: Json) -> Iterator[Json]:
    """A message as the stream of events that the client reads."""
    yield {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}}
    for index, block in enumerate(message["content"]):
        if block["type"] == "text":
            empty, delta = {**block, "text": ""}, {"type": "text_delta", "text": block["text"]}
        else:
            given = json.dumps(block["input"])
            empty, delta = (
                {**block, "input": {}},
                {"type": "input_json_delta", "partial_json": given},
            )
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    end = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": end, "usage": {"output_tokens": 1}}
    yield {"type": "message_stop"}


class Handler(BaseHTTPRequestHandler):
    """Answers one request; the client asks for messages, and for little else."""

    protocol_version = "HTTP/1.1"
    server: Model

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass

    def send(self, status: int, kind: str, body: str) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def unknown(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        fault = {"type": "not_found_error", "message": self.path}
        self.send(404, "application/json", json.dumps({"type": "error", "error": fault}))

    def do_GET(self) -> None:
        self.unknown()

    def do_HEAD(self) -> None:
        self.unknown()

    def do_POST(self) -> None:
        if self.path.partition("?")[0] != "/v1/messages":
            return self.unknown()
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        message = self.server.message(request)
        if not request.get("stream"):
            return self.send(200, "application/json", json.dumps(message))
        stream = (
            f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events(message)
        )
        return self.send(200, "text/event-stream", "".join(stream))
