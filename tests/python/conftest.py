"""One server for all tests, and a fixture for each: users and rooms of its own."""

import pytest

from judge.server import Server
from judge.fixture import Fixture


@pytest.fixture(scope="session")
def server():
    """A running server; it has to end cleanly."""
    with Server() as server:
        yield server


@pytest.fixture
def fixture(server):
    """Users and rooms that no other test knows."""
    fixture = Fixture(server)
    yield fixture
    fixture.close()
