import pytest
from fastapi import FastAPI

from app.accounts.passwords import recommended_passwords
from tests.accounts.fakes import cheap_passwords


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    """The application, with passwords that cost nothing to hash."""
    app.dependency_overrides[recommended_passwords] = cheap_passwords
    return app
