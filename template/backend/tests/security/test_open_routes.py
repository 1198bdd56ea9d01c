from tests.security.routes import Operation

# A route that is not here asks who calls. One that should not is added on purpose.
PUBLIC = {
    "GET /health/live",
    "GET /health/ready",
}


def test_only_these_routes_are_open_to_anybody(
    every_operation: list[Operation], open_routes: set[str]
) -> None:
    found = {str(operation) for operation in every_operation if operation.scopes is None}
    assert found == PUBLIC | open_routes
