"""One server for all tests, and a stage of users and rooms of its own for each."""

import pytest

from judge.server import Server
from judge.stage import Stage


@pytest.fixture(scope="session")
def server():
    """A running server; it has to end cleanly."""
    with Server() as server:
        yield server


@pytest.fixture
def stage(server):
    """Users and rooms that no other test knows."""
    stage = Stage(server)
    yield stage
    stage.close()
