"""The handshake, by python-socketio."""

import pytest
import socketio

from judge.client import TRANSPORTS
from judge.shape import TEXT, TIME


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("by_query", [False, True], ids=["auth.token", "the query"])
def test_a_token_is_greeted_with_its_user(fixture, transport, by_query):
    client = fixture.connect("ada", transport, by_query)
    user = fixture.profile("ada")
    assert client.greeting == {
        "userId": user["id"],
        "user": user,
        "protocol": {"name": "chat", "version": TEXT},
        "expiresAt": TIME,
    }


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    ("auth", "message"),
    [
        (None, "Authentication token required"),
        ({}, "Authentication token required"),
        ({"token": "nonsense"}, "Authentication failed"),
    ],
    ids=["no auth", "no token", "a bad token"],
)
def test_a_handshake_is_refused_with_its_message(server, transport, auth, message):
    refusals = []
    client = socketio.Client(reconnection=False, handle_sigint=False)
    client.on("connect_error", refusals.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(server.url, auth=auth, transports=TRANSPORTS[transport], wait_timeout=15)
    client.disconnect()
    assert refusals == [{"message": message}] or refusals == [message]


def test_binary_and_text_packets_work_side_by_side(fixture):
    ada = fixture.connect("ada", "websocket")
    answer = ada.ack("send_message", b"binary")
    assert answer["error"]["code"] == "invalid_payload"
    assert [violation["path"] for violation in answer["error"]["details"]] == [""]
    ada.settle()
    assert ada.log == []
