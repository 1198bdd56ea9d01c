"""What the tests of the routes share."""

from httpx2 import Response

ITEMS = "/api/v1/items"
NOWHERE = f"{ITEMS}/0198f2a0-0000-7000-8000-00000000ffff"
LAMP = {"name": "Lamp", "description": "It shines.", "status": "active"}


def refused(response: Response) -> tuple[int, str, list[str]]:
    """Say how a request was refused: status, code, fields."""
    problem = response.json()
    fields = [fault["field"] for fault in problem["errors"]]
    return response.status_code, problem["code"], fields
