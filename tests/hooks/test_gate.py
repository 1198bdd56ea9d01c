"""The gate: who may not end yet, who may not start yet, and that nobody is held for ever."""

import json
import shutil
from pathlib import Path

import pytest

import audit
import gate
import journal
from tests.hooks.program import baton, git
from tests.hooks.teamwork import BACKEND, CODE, DESIGNER, FRONTEND, NAME, TESTER, Teamwork, teamwork

PLACE = f"handoff/{BACKEND}/{NAME}.md"
LAST = "Then give your whole report again."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Teamwork:
    return teamwork(tmp_path_factory.mktemp("made"))


@pytest.fixture
def work(made: Teamwork, tmp_path: Path) -> Teamwork:
    return Teamwork(shutil.copytree(made.root, tmp_path / "project"))


def owes(work: Teamwork, agent: str = BACKEND, number: str = "a1") -> list[str]:
    """What the agent hears when it would end; nothing where it may."""
    why, _ = work.stop(agent, number)
    if not why:
        return []
    first, *rest, last = why.splitlines()
    assert (first, last) == (f"{agent} has not handed over:", LAST)
    return [line.removeprefix("- ") for line in rest]


def test_a_question_with_no_feature_open_is_answered(work: Teamwork) -> None:
    work.start()
    assert owes(work) == []
    assert [event["event"] for event in work.events("start", "stop", "gave up")] == [
        "start",
        "stop",
    ]


def test_a_question_to_who_has_no_part_in_a_feature_is_answered(work: Teamwork) -> None:
    work.open(DESIGNER)
    work.start()
    assert owes(work) == []


def test_who_changed_files_for_no_feature_is_asked_to_name_it(work: Teamwork) -> None:
    work.start()
    work.write(CODE)
    (said,) = owes(work)
    assert said == (
        f"you changed {CODE} for no feature: name it, and write handoff/{BACKEND}/<feature>.md; "
        "<feature> is lower case with hyphens."
    )
    work.hand(BACKEND, "mend-tags", files=f"[{CODE}]")
    assert owes(work) == []
    (handed,) = work.noted("handed")
    assert handed["features"] == ["mend-tags"]


def test_a_handoff_alone_for_no_feature_counts_for_nothing(work: Teamwork) -> None:
    work.start()
    work.hand(Decisions="TODO")
    assert owes(work) == []
    assert work.noted("handed") == []


def test_what_another_changed_is_not_asked_about(work: Teamwork) -> None:
    work.start()
    work.write("frontend/app.ts")
    assert owes(work) == []


def test_who_has_no_form_owes_nothing(work: Teamwork) -> None:
    work.open()
    (work.root / f"handoff/{BACKEND}/README.md").unlink()
    work.start()
    work.write(CODE)
    assert owes(work) == []


def test_nobody_ends_without_this_features_handoff(work: Teamwork) -> None:
    work.open()
    work.start()
    make = f"`python3 team/baton.py handoff new {NAME} --from {BACKEND}` begins it"
    assert owes(work) == [f"{NAME}: {PLACE} is not there; {make}."]
    work.hand(BACKEND, "other")
    assert owes(work) == [f"{NAME}: {PLACE} is not there; {make}."]
    work.hand()
    assert owes(work) == []


def test_a_handoff_from_before_is_brought_up_to_date(work: Teamwork) -> None:
    work.hand()
    work.open()
    work.start()
    assert owes(work) == [f"{NAME}: {PLACE} is as it was before: bring it up to date."]
    work.hand(Decisions="Looked again, nothing new.")
    assert owes(work) == []


# What is wrong in a handoff, as test_handoff has it: a word a rule.
INCOMPLETE: dict[str, tuple[dict[str, str | None], str]] = {
    "front matter": ({"time": "now"}, "`time` should be a time with its zone"),
    "a section": ({"Decisions": None}, "there is no section «Decisions»"),
    "an empty section": ({"Decisions": ""}, "nothing, not even the word none, is in «Decisions»"),
    "a placeholder": ({"Decisions": "<why>"}, "is still in «Decisions»"),
    "a file that is not there": ({"files": "[backend/x.py]"}, "which is not there and never was"),
    "a file of others": ({"files": "[docs/openapi.yaml]"}, f"which belongs to {DESIGNER}"),
    "an input": ({"inputs": "{}"}, f"`inputs` lacks tasks/{NAME}/README.md"),
    "a stale input": (
        {"inputs": f"\n  tasks/{NAME}/README.md: 0"},
        f"stale: read tasks/{NAME}/README.md again",
    ),
    "an endpoint": ({"API contract": "`POST /tags`"}, "does not have POST /tags"),
}


@pytest.mark.parametrize(("parts", "says"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_an_incomplete_handoff_is_sent_back_and_a_whole_one_passes(
    work: Teamwork, parts: dict[str, str | None], says: str
) -> None:
    work.open()
    work.start()
    work.hand(**parts)
    (said,) = owes(work)
    assert says in said
    work.hand()
    assert owes(work) == []


def test_what_it_changed_is_in_its_list(work: Teamwork) -> None:
    work.open()
    work.start()
    work.write(CODE)
    work.write("backend/app/main.py", None)
    work.hand()
    assert owes(work) == [f"{NAME}: `files` lacks {CODE}."]
    work.hand(files=f"[{CODE}]")
    assert owes(work) == []


def test_of_several_features_it_hands_over_the_one_it_worked_on(work: Teamwork) -> None:
    work.open()
    work.open(name="more")
    work.start()
    (said,) = owes(work)
    assert said.startswith(f"open are {NAME}, more: write handoff/{BACKEND}/<feature>.md for the")
    work.hand(BACKEND, "more", Decisions="TODO")
    (said,) = owes(work)
    assert said.startswith("more: TODO")
    work.hand(BACKEND, "more")
    assert owes(work) == []


def test_a_need_is_handed_over_in_a_file_of_its_own(work: Teamwork) -> None:
    work.open()
    work.start(FRONTEND)
    work.write(f"handoff/{FRONTEND}/{NAME}-needs.md", "A list of tags.\n")
    assert owes(work, FRONTEND) == []
    work.start(FRONTEND, "a2")
    work.write(f"handoff/{FRONTEND}/{NAME}-needs.md", "Pages too.\n")
    work.write("frontend/app.ts")
    assert owes(work, FRONTEND, "a2") != []


def test_the_message_has_all_of_it_and_the_boundary_too(work: Teamwork) -> None:
    work.open()
    work.start()
    work.spill()
    work.write(CODE)
    work.hand(Decisions="TODO", task="x.md")
    why, _ = work.stop()
    assert f"{BACKEND} changed what is not its own:" in why
    for word in ("docs/openapi.yaml", "restore", "`task` is x.md", "TODO", f"`files` lacks {CODE}"):
        assert word in why
    assert why.count(LAST) == 1


def test_it_gives_up_after_a_bound_and_says_so_loudly(work: Teamwork) -> None:
    work.open()
    work.start()
    for _ in range(gate.MOST):
        assert owes(work)
    why, said = work.stop()
    assert why == ""
    assert said.startswith(f"{BACKEND} ended and owes: {NAME}: {PLACE} is not there")
    (given_up,) = work.noted("gave up")
    assert given_up["features"] == [NAME]
    assert PLACE in given_up["owes"][0]
    assert audit.report(b"", str(work.root)) == said, "the main session hears it"
    assert PLACE in work.early(TESTER), "and nobody builds on it"


def test_who_goes_on_later_has_the_bound_anew(work: Teamwork) -> None:
    work.open()
    work.start()
    for _ in range(gate.MOST):
        work.stop()
    work.stop()
    assert owes(work)


def test_two_agents_of_one_name_at_once_have_their_own_rounds(work: Teamwork) -> None:
    work.open()
    work.start()
    work.start(BACKEND, "a2")
    for _ in range(gate.MOST):
        assert owes(work)
    assert work.stop()[1]
    assert owes(work, BACKEND, "a2")
    work.hand()
    assert owes(work, BACKEND, "a2") == []


def test_a_worktree_hands_over_its_own_files(work: Teamwork) -> None:
    work.open()
    there = work.root / ".claude" / "worktrees" / "one"
    git(work.root, "worktree", "add", "--quiet", str(there))
    payload = {"agent_type": BACKEND, "agent_id": "a1", "cwd": str(there)}
    audit.start(json.dumps(payload).encode(), str(work.root))
    Teamwork(there).write(CODE)
    assert PLACE in audit.stop(json.dumps(payload).encode(), str(work.root))[0]
    Teamwork(there).hand(files=f"[{CODE}]")
    assert audit.stop(json.dumps(payload).encode(), str(work.root)) == ("", "")


def test_a_fault_of_its_own_is_said_and_holds_nobody_for_ever(work: Teamwork) -> None:
    work.open()
    work.start()
    path = work.write(f".baton/features/{NAME}.json", "{")
    (said,) = owes(work)
    assert said.startswith(f"{path} cannot be read")
    for _ in range(gate.MOST - 1):
        assert owes(work)
    assert "Move it away" in work.stop()[1]


# What Claude Code 2.1.328 and Copilot CLI 1.0.102 say at the end of an agent, word for word.
PAYLOADS = {
    "Claude Code": {
        "session_id": "8c5b", "transcript_path": "/x/8c5b.jsonl", "cwd": "", "prompt_id": "p",
        "permission_mode": "acceptEdits", "agent_id": "a476804db8c717023", "agent_type": BACKEND,
        "effort": {"level": "high"}, "hook_event_name": "SubagentStop", "stop_hook_active": False,
        "agent_transcript_path": "/x/8c5b/subagents/agent-a476804db8c717023.jsonl",
        "last_assistant_message": "sub done", "background_tasks": [], "session_crons": [],
    },
    "Copilot": {
        "hook_event_name": "SubagentStop", "session_id": "s", "timestamp": "2026-11-21T12:00:04Z",
        "cwd": "", "agent_id": "a2", "agent_type": BACKEND, "parent_agent_id": "s",
        "transcript_path": "/x/events.jsonl", "agent_name": BACKEND,
        "agent_display_name": BACKEND, "last_assistant_message": "w done",
        "stop_reason": "end_turn", "stop_hook_active": False,
    },
}  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_both_clients_are_told_in_their_words(work: Teamwork, payload: dict[str, object]) -> None:
    stdin = json.dumps({**payload, "cwd": str(work.root)}).encode()
    baton(work.root, "feature", "open", NAME, "--with", BACKEND)
    code, out, _ = baton(work.root, "audit", "start", stdin=stdin)
    assert code == 0
    assert f"write {PLACE}" in json.loads(out)["additionalContext"]
    code, out, err = baton(work.root, "audit", "stop", stdin=stdin)
    said = json.loads(out)
    assert (code, said["decision"]) == (2, "block")
    assert PLACE in said["reason"]
    assert PLACE in err
    work.hand()
    assert baton(work.root, "audit", "stop", stdin=stdin) == (0, "", "")


def test_the_audit_that_fails_lets_nobody_pass_in_silence(work: Teamwork) -> None:
    work.open()
    work.start()
    (work.root / "team/team.json").write_text("{")
    why, said = work.stop()
    assert why == ""
    assert "could not look at what" in said


def test_no_run_time_folder_is_no_fault(work: Teamwork) -> None:
    assert journal.opened(str(work.root)) == {}
    assert work.early(BACKEND) == ""
    assert not (work.root / ".baton").exists()
