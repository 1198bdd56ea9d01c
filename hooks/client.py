"""A real run of Claude Code against a model that plays a script: does the team load, is it held?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import journal
import zones

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Json = dict[str, Any]  # the client's own shapes

FIX = "Mend what the other checks say; if they say nothing, install another version of the client."
MARK = "a trial by the doctor"
KEPT = ("team", ".claude", "handoff", "AGENTS.md", "CLAUDE.md")


def faults(root: str, program: str) -> list[str]:
    """What does not hold in a copy of the team's files; nothing leaves this machine."""
    if not (found := shutil.which(program)):
        return [f"there is no client {program}"]
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(os.path.realpath(folder), "project")
        os.makedirs(copy)
        for name in KEPT:
            source, to = os.path.join(root, name), os.path.join(copy, name)
            if os.path.isdir(source):
                shutil.copytree(source, to, ignore=shutil.ignore_patterns("worktrees"))
            elif os.path.exists(source):
                shutil.copy(source, to)
        agent, place = min(zones.load(copy).agents), os.path.join(copy, "team", "trial")
        try:
            events = play(found, folder, copy, agent, place)
        except (OSError, ValueError, StopIteration, subprocess.SubprocessError) as error:
            return [f"the client could not be tried: {error or repr(error)}"]
        lost = sorted(zones.load(copy).agents - {*events[0]["agents"]})
        wrong = [f"the client does not load {', '.join(lost)}"] if lost else []
        refused = any(event["event"] == "refused" for event in journal.events(copy))
        if os.path.exists(place) or not refused:
            wrong.append(f"in the client, {agent} is not kept from writing team/trial")
        return wrong


def play(program: str, folder: str, copy: str, agent: str, place: str) -> list[Json]:
    """Runs the client: its main session starts the agent, and the agent writes a file."""
    home = os.path.join(folder, "home")
    os.makedirs(os.path.join(home, ".claude"))
    with open(os.path.join(home, ".claude", ".claude.json"), "w", encoding="utf-8") as file:
        trusted = {copy: {"hasTrustDialogAccepted": True}}
        json.dump({"hasCompletedOnboarding": True, "projects": trusted}, file)
    given = {
        "subagent_type": agent,
        "description": MARK,
        "prompt": MARK,
        "run_in_background": False,
    }
    Model.script = {
        "main": [("Agent", given)],
        MARK: [("Write", {"file_path": place, "content": "x"})],
    }
    with ThreadingHTTPServer(("127.0.0.1", 0), Model) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        env = {
            **{key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LANG") if key in os.environ},
            "HOME": home,
            "CLAUDE_CONFIG_DIR": os.path.join(home, ".claude"),
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{server.server_address[1]}",
            "ANTHROPIC_API_KEY": "none",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
        }
        words = [program, "-p", "go", "--output-format", "stream-json", "--verbose"]
        words += ["--permission-mode", "acceptEdits", "--allowedTools", "Write,Agent"]
        more: Json = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
        done = subprocess.run(words, cwd=copy, env=env, timeout=60, check=False, **more)  # noqa: S603 - see above
        server.shutdown()
    events = [json.loads(line) for line in done.stdout.splitlines()]
    start = next(event for event in events if event.get("subtype") == "init")
    return [start, *events]


class Model(BaseHTTPRequestHandler):
    """Answers as the Messages API does: the next call of the script, then a word."""

    protocol_version = "HTTP/1.1"
    script: Json = {}  # noqa: RUF012 - one script a process

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base has it
        pass

    def do_POST(self) -> None:
        data = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        messages = data.get("messages", [])
        first = json.dumps([m["content"] for m in messages if m["role"] == "user"][:1])
        calls = self.script[MARK if MARK in first else "main"] if data.get("tools") else []
        said = sum(message["role"] == "assistant" for message in messages)
        block: Json = {"type": "text", "text": "Done."}
        if said < len(calls):
            name, given = calls[said]
            block = {
                "type": "tool_use",
                "id": f"toolu_{id(given)}_{said}",
                "name": name,
                "input": {},
            }
        delta: Json = {"type": "text_delta", "text": "Done."}
        if "input" in block:
            delta = {"type": "input_json_delta", "partial_json": json.dumps(given)}
        whole = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": data.get("model"),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }
        stop = "tool_use" if "input" in block else "end_turn"
        if not data.get("stream"):
            block = {**block, "input": given} if "input" in block else block
            return self.send(
                "application/json", json.dumps({**whole, "content": [block], "stop_reason": stop})
            )
        start = {**block, "text": ""} if "text" in block else block
        events: list[Json] = [
            {"type": "message_start", "message": whole},
            {"type": "content_block_start", "index": 0, "content_block": start},
            {"type": "content_block_delta", "index": 0, "delta": delta},
            {"type": "content_block_stop", "index": 0},
            {
                "type": "message_delta",
                "delta": {"stop_reason": stop, "stop_sequence": None},
                "usage": {"output_tokens": 1},
            },
            {"type": "message_stop"},
        ]
        rows = [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]
        return self.send("text/event-stream", "".join(rows))

    def send(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())
