"""Every client event, with and without an acknowledgement, over every transport, by python-socketio."""

import pytest

from judge.client import TRANSPORTS
from judge.shape import CLOCK, ID, TEXT, TIME


class Kind:
    """Channels and conversations: one meaning under two sets of names."""

    def __init__(self, key, room, foreign, infix, noun, joined, left):
        self.key, self.room, self.foreign = key, room, foreign
        self.join, self.leave, self.joined, self.left = f"join_{noun}", f"leave_{noun}", joined, left
        self.send, self.sent = f"send_{infix}message", f"new_{infix}message"
        self.edit, self.edited = f"edit_{infix}message", f"{infix}message_edited"
        self.remove, self.removed = f"delete_{infix}message", f"{infix}message_deleted"
        self.react, self.reacted = f"add_{infix}reaction", f"{infix}reaction_added"
        self.unreact, self.unreacted = f"remove_{infix}reaction", f"{infix}reaction_removed"

    def at(self, stage, room=None):
        return {self.key: stage.rooms[room or self.room]}


CHANNEL = Kind("channelId", "general", "elsewhere", "", "channel", "joined_channel", "left_channel")
CONVERSATION = Kind(
    "conversationId", "dm", "alone", "direct_", "conversation", "conversation_joined", "conversation_left"
)


def message(kind, stage, content, room=None):
    """A message of Ada's, as it has to be."""
    return {
        "id": ID,
        "content": content,
        **kind.at(stage, room),
        "userId": stage.users["ada"]["id"],
        "createdAt": TIME,
        "updatedAt": TIME,
        "replyToId": None,
        "user": stage.profile("ada"),
        "replyTo": None,
        "attachments": [],
        "reactions": [],
    }


def reaction(stage, subject, emoji):
    """A reaction of Ada's, as it has to be."""
    user = {key: stage.users["ada"][key] for key in ("id", "name")}
    return {
        "id": ID,
        "emoji": emoji,
        "messageId": subject["id"],
        "userId": user["id"],
        "createdAt": TIME,
        "user": user,
    }


def nothing(kind, stage, ada):
    """Needs no message."""


def sent(kind, stage, ada):
    """Needs a message."""
    return ada.ok(kind.send, {"content": "The subject", **kind.at(stage)})


def reacted(kind, stage, ada):
    """Needs a message with a reaction of Ada's."""
    subject = sent(kind, stage, ada)
    ada.ok(kind.react, {"messageId": subject["id"], "emoji": "👍", **kind.at(stage)})
    return subject


def of(subject, **fields):
    """A payload or value about a message."""
    return {"messageId": subject["id"], **fields}


def events_of(kind):
    """Each event: its name, what it needs, its payload, the data acknowledged, the caller's and the room's event."""
    at = kind.at
    same = lambda stage, subject: at(stage)
    return [
        (kind.join, nothing, same, same, kind.joined, None),
        (kind.leave, nothing, same, same, kind.left, None),
        (
            kind.send,
            nothing,
            lambda stage, subject: {"content": "Hello, wörld! 👋", **at(stage)},
            lambda stage, subject: message(kind, stage, "Hello, wörld! 👋"),
            None,
            kind.sent,
        ),
        (
            kind.edit,
            sent,
            lambda stage, subject: of(subject, content="Updated content", **at(stage)),
            lambda stage, subject: of(subject, content="Updated content", updatedAt=TIME, **at(stage)),
            None,
            kind.edited,
        ),
        (
            kind.remove,
            sent,
            lambda stage, subject: of(subject, **at(stage)),
            lambda stage, subject: of(subject, **at(stage)),
            None,
            kind.removed,
        ),
        (
            kind.react,
            sent,
            lambda stage, subject: of(subject, emoji="🎉", **at(stage)),
            lambda stage, subject: reaction(stage, subject, "🎉"),
            None,
            kind.reacted,
        ),
        (
            kind.unreact,
            reacted,
            lambda stage, subject: of(subject, emoji="👍", **at(stage)),
            lambda stage, subject: of(subject, emoji="👍", userId=stage.users["ada"]["id"]),
            None,
            kind.unreacted,
        ),
    ]


FORWARD = (
    "forward_message",
    sent,
    lambda stage, subject: of(subject, channelId=stage.rooms["general"], targetChannelId=stage.rooms["side"]),
    lambda stage, subject: message(CHANNEL, stage, "The subject", "side"),
    None,
    "message_forwarded",
)
PING = ("ping", nothing, None, lambda stage, subject: {"timestamp": CLOCK}, "pong", None)
EVENTS = [(kind, *event) for kind in (CHANNEL, CONVERSATION) for event in events_of(kind)]
EVENTS += [(CHANNEL, *FORWARD), (CHANNEL, *PING)]


def value_of(event, stage, subject, data):
    """What is broadcast: the acknowledged data, but for forwarding."""
    if event != "forward_message":
        return data
    return {
        "originalMessage": subject,
        "targetChannelId": stage.rooms["side"],
        "message": data,
        "forwardedBy": stage.profile("ada"),
    }


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("acknowledged", [True, False], ids=["with an acknowledgement", "without"])
@pytest.mark.parametrize("entry", EVENTS, ids=[entry[1] for entry in EVENTS])
def test_an_event_reaches_whom_it_should(stage, entry, acknowledged, transport):
    kind, event, prepare, payload, data_of, caller, broadcast = entry
    ada, bob, cyd, eve = clients = [stage.connect(role, transport) for role in ("ada", "bob", "cyd", "eve")]
    subject = prepare(kind, stage, ada)
    room = "side" if event == "forward_message" else kind.room
    bob.ok(kind.join, kind.at(stage, room))
    if event not in (kind.join, "ping"):
        ada.ok(kind.join, kind.at(stage, room))
    eve.ok(kind.join, kind.at(stage, kind.foreign))
    for client in clients:
        client.settle()
        client.log.clear()

    arguments = [] if payload is None else [payload(stage, subject)]
    data = data_of(stage, subject)
    if acknowledged:
        answer = ada.ack(event, *arguments)
        assert answer == {"ok": True, "data": data}
        data = answer["data"]
    else:
        ada.emit(event, *arguments)
    for client in clients:
        client.settle()

    value = value_of(event, stage, subject, data)
    to_caller = [[caller, value]] if caller else []
    to_room = [[broadcast, value]] if broadcast else []
    assert ada.log == to_caller + to_room
    assert bob.log == to_room
    assert cyd.log == []
    assert eve.log == []


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("entry", EVENTS, ids=[entry[1] for entry in EVENTS])
def test_a_refused_event_is_acknowledged_or_answered_by_an_error_event(stage, entry, transport):
    event = entry[1]
    if event == "ping":
        event, error = "no_such_event", {"message": "Unknown event", "code": "unknown_event", "event": "no_such_event"}
    else:
        error = {"message": "Invalid message data", "code": "invalid_payload", "event": event, "details": None}
    ada, bob = stage.connect("ada", transport), stage.connect("bob", transport)
    answer = ada.ack(event, {})
    if "details" in error:
        violations = answer["error"]["details"]
        assert violations == [{"path": violation["path"], "message": TEXT} for violation in violations]
        assert len(violations) > 0
        error["details"] = violations
    assert answer == {"ok": False, "error": error}
    ada.settle()
    assert ada.log == []
    ada.emit(event, {})
    assert ada.next("error") == error
    bob.settle()
    assert ada.log == bob.log == []
