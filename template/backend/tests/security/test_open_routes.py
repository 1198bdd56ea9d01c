from tests.security.routes import Operation

# A route that is not here asks who calls. One that should not is added on purpose.
PUBLIC = {
    "GET /health/live",
    "GET /health/ready",
    "POST /api/v1/accounts",
    "POST /api/v1/sessions",
    "POST /api/v1/sessions/refresh",
    "POST /api/v1/sessions/end",
}


def test_only_these_routes_are_open_to_anybody(every_operation: list[Operation]) -> None:
    assert {str(operation) for operation in every_operation if operation.scopes is None} == PUBLIC
