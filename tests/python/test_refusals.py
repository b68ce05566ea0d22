"""Requests that are refused while their client still sends: requests gets the status, however large the body."""

import pytest
import requests

SIZE = 32 << 20  # far more than the systems of client and server keep on the way between them


def pieces():
    """The body in pieces, which are sent in chunks."""
    for _ in range(SIZE >> 16):
        yield bytes(1 << 16)


@pytest.mark.parametrize("body", [lambda: bytes(SIZE), pieces], ids=["with its length", "in chunks"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/api/upload", 401),
        ("PUT", "/api/admin/channels/general", 401),
        ("POST", "/nothing", 404),
        ("POST", "/docs", 405),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=nobody", 400),
    ],
)
def test_a_refusal_reaches_a_client_that_still_sends(server, body, method, path, status):
    answer = requests.request(method, f"{server.url}{path}", data=body(), timeout=60)
    assert answer.status_code == status
