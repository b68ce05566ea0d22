"""The handshake, by python-socketio."""

import pytest
import socketio

from judge.client import TRANSPORTS
from judge.shape import TEXT


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("by_query", [False, True], ids=["auth.token", "the query"])
def test_a_token_is_greeted_with_who_one_is(stage, transport, by_query):
    client = stage.connect("ada", transport, by_query)
    user = stage.profile("ada")
    assert client.greeting == {
        "userId": user["id"],
        "user": user,
        "protocol": {"name": "chat", "version": TEXT},
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


def test_binary_and_text_survive_side_by_side(stage):
    ada = stage.connect("ada", "websocket")
    answer = ada.ack("send_message", b"binary")
    assert answer["error"]["code"] == "invalid_payload"
    assert [violation["path"] for violation in answer["error"]["details"]] == [""]
    ada.settle()
    assert ada.log == []
