"""In which state a project is: whether it answers, knows the key, and has the tables."""

from enum import StrEnum

import httpx

PAUSED = 540  # what the gateway of a project that is paused answers


class State(StrEnum):
    """What is found when a project is asked, each with what to do about it."""

    READY = "It is ready."
    AWAY = "It does not answer. Mend SUPABASE_URL, or wait until it does."
    PAUSED = "It is paused. Restore it in its dashboard."
    KEY = "It does not know the key. Mend SUPABASE_PUBLISHABLE_KEY."
    EMPTY = "It lacks migrations. Run `npx supabase@3 db push --remote`, or `uv run migrate`."


async def state_of(client: httpx.AsyncClient) -> State:
    """Ask for a row as nobody: a project that is ready says that nobody may have one."""
    try:
        answer = await client.get("/rest/v1/items", params={"select": "id", "limit": 1})
    except httpx.HTTPStatusError as error:
        return State.PAUSED if error.response.status_code == PAUSED else State.AWAY
    except httpx.HTTPError:
        return State.AWAY
    try:
        said = answer.json()
    except ValueError:
        return State.AWAY
    code = said.get("code") if isinstance(said, dict) else None
    if answer.is_success or code == "42501":
        return State.READY
    if code in {"PGRST205", "42P01"}:
        return State.EMPTY
    return State.KEY if answer.status_code == httpx.codes.UNAUTHORIZED else State.AWAY
