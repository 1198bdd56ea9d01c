"""Streams of events of a rendered backend, beside the least that FastAPI can do.

One uvicorn worker each, in one environment. A change reaches all clients of one user: how long that
takes, from the moment before it is sent to the database, or to the bare app, until a client has it.
They take turns, so that whatever else the machine does falls on both. It needs Linux.
"""

import argparse
import resource
import statistics
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import cast

from benchmarks.listeners import Heard, Wait
from benchmarks.streaming import PATIENCE, App, Bench, heard_by, memory, processor, running
from tests.support.tokens import access_token

P99_TARGET = 1.3  # what the slowest hundredth may take, as a ratio
PAUSE = 0.1  # seconds before each change
HELD = 20.0  # seconds, in which each silent stream gets a heartbeat
WRITERS, WRITING = 8, 2.0  # connections, seconds
MANY = 10_000  # events
USERS = 1_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=40, help="changes for each app")
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--held", type=int, default=5000, help="clients of the second part")
    given = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with running() as bench:
        missed = [broadcast(bench, given.clients, given.turns), hold(bench, given.held)]
        pass_on(bench)
        write(bench)
    return 1 if any(missed) else 0


def broadcast(bench: Bench, clients: int, turns: int) -> bool:
    """One change for all clients, again and again. Says whether the target was missed."""
    with ExitStack() as stack:
        sets, kilobytes = {}, {}
        for name, app in bench.apps.items():
            with bench.listening(app, [app.token] * 20) as few:
                bench.change(app, few, 20, events=1, every=PAUSE)
            before = memory(app.worker)
            sets[name] = stack.enter_context(bench.listening(app, [app.token] * clients))
            bench.change(app, sets[name], clients * 3, events=3, every=PAUSE * 3)
            kilobytes[name] = (memory(app.worker) - before) / clients
        found: dict[str, list[Heard]] = {name: [] for name in bench.apps}
        used = dict.fromkeys(bench.apps, 0.0)
        for turn in range(turns):
            for name in list(bench.apps)[:: 1 if turn % 2 else -1]:
                app, before = bench.apps[name], processor(bench.apps[name].worker)
                heard = bench.change(app, sets[name], clients, events=1, every=PAUSE)
                used[name] += processor(app.worker) - before
                found[name].append(heard)
    print(f"{f'{clients} clients':14}{'p50 ms':>9}{'p99 ms':>9}{'CPU us each':>13}{'KB each':>9}")
    for name, turned in found.items():
        numbers = f"{middle(50, turned):9.1f}{middle(99, turned):9.1f}"
        spent = used[name] / clients / turns * 1e6
        print(f"  {name:12}{numbers}{spent:13.1f}{kilobytes[name]:9.1f}")
    slowest = ratio(99, found)
    lost = sum(clients - len(one["latencies"]) for one in found["ours"])
    busiest = statistics.median(one["busy"] for turned in found.values() for one in turned)
    print(f"  ours to it  {ratio(50, found):9.2f}{slowest:9.2f}")
    print(f"  target: p99 at most {P99_TARGET} of bare; {lost} of our events were lost")
    print(f"  the clients were busy for {busiest:.0%} of the time that a change took")
    return slowest > P99_TARGET or lost > 0 or busiest > 0.8


def hold(bench: Bench, clients: int) -> bool:
    """As many clients as a worker is to hold. Says whether one of them was let down."""
    app, changes = bench.ours, 5
    with bench.listening(app, [app.token] * clients) as listeners:
        listeners.tell(Wait(events=clients * changes, seconds=PATIENCE))
        bench.changes.tell([app.change, {**app.given, "events": changes, "every": 1.0}])
        waits = [waited(app) for _ in range(changes * 8)]
        bench.changes.answer()
        heard = heard_by(listeners)
        listeners.tell(Wait(events=-1, seconds=HELD))
        beats = heard_by(listeners)["beats"]
        last = bench.change(app, listeners, clients, events=1, every=0)
    lost = clients * (changes + 1) - len(heard["latencies"]) - len(last["latencies"])
    print(f"{f'{clients} clients':14}{middle(50, [heard]):9.1f}{middle(99, [heard]):9.1f}")
    print(f"  {last['gone']} were dropped, {lost} events lost; {beats} heartbeats in {HELD:.0f} s")
    typical, longest = statistics.median(waits) * 1e3, max(waits) * 1e3
    print(f"  the list of items meanwhile took {typical:.0f} ms, {longest:.0f} at most")
    return last["gone"] > 0 or lost > 0 or beats < clients


def waited(app: App) -> float:
    """How many seconds the API takes to answer, after a pause."""
    time.sleep(PAUSE)
    url = f"http://127.0.0.1:{app.worker.port}/api/v1/items"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {app.token}"})
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - it is ours
        answer.read()
    return time.perf_counter() - started


def pass_on(bench: Bench) -> None:
    """Prints how many events one worker passes on, and what each costs it."""
    print(f"{'passed on':28}{'a second':>10}{'CPU us each':>13}")
    [(user, _)] = bench.people(1, 1)
    people = bench.people(USERS, 1)
    rows = (
        ("one user, one client", [user], "add", {"owner": user, "events": MANY}),
        (
            f"{USERS} users, one client each",
            [user for user, _ in people],
            "change_all",
            {"items": [item for _, item in people], "times": MANY // USERS},
        ),
    )
    for name, users, what, given in rows:
        worker = bench.ours.worker
        with bench.listening(bench.ours, [*map(access_token, users)]) as listeners:
            before = processor(worker)
            listeners.tell(Wait(events=MANY, seconds=PATIENCE))
            begun = cast("int", bench.changes.ask([what, given]))
            heard = heard_by(listeners)
            used = processor(worker) - before
        rate = len(heard["latencies"]) / (heard["last"] - begun) * 1e9
        print(f"  {name:26}{rate:10.0f}{used / MANY * 1e6:13.0f}")


def write(bench: Bench) -> None:
    """Prints what it costs a write that it is an event."""
    users = [item for _, item in bench.people(WRITERS, 1)]
    one = [item for _, item in bench.people(1, WRITERS)]
    print(f"{'writes':28}{'a second':>10}{'without':>13}")
    for name, items, connections in (
        ("one connection", one, 1),
        (f"{WRITERS} connections, one user", one, WRITERS),
        (f"{WRITERS} connections, a user each", users, WRITERS),
    ):
        given = {"items": items, "connections": connections, "seconds": WRITING}
        found: Mapping[str, list[int]] = {"ENABLE": [], "DISABLE": []}
        for state, numbers in [*found.items()] * 3:
            bench.changes.ask(["trigger", {"state": state}])
            done = bench.changes.ask(["write", given])
            numbers.append(cast("int", done))
        bench.changes.ask(["trigger", {"state": "ENABLE"}])
        rates = [statistics.median(numbers) / WRITING for numbers in found.values()]
        print(f"  {name:26}{rates[0]:10.0f}{rates[1]:13.0f}")


def middle(percent: int, turned: Sequence[Heard]) -> float:
    """Of the turns' percentiles the middle one, in milliseconds."""
    return statistics.median(percentile(percent, one) for one in turned)


def percentile(percent: int, one: Heard) -> float:
    return sorted(one["latencies"])[len(one["latencies"]) * percent // 100] / 1000


def ratio(percent: int, found: Mapping[str, Sequence[Heard]]) -> float:
    """Ours to the bare app's of the same turn; the middle of them."""
    return statistics.median(
        percentile(percent, ours) / percentile(percent, bare)
        for ours, bare in zip(found["ours"], found["bare"], strict=True)
    )


if __name__ == "__main__":
    sys.exit(main())
