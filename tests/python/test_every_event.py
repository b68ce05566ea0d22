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

    def at(self, fixture, room=None):
        return {self.key: fixture.rooms[room or self.room]}


CHANNEL = Kind("channelId", "general", "elsewhere", "", "channel", "joined_channel", "left_channel")
CONVERSATION = Kind(
    "conversationId", "dm", "alone", "direct_", "conversation", "conversation_joined", "conversation_left"
)


def message(kind, fixture, content, room=None):
    """A message of Ada's, as it has to be."""
    return {
        "id": ID,
        "content": content,
        **kind.at(fixture, room),
        "userId": fixture.users["ada"]["id"],
        "createdAt": TIME,
        "updatedAt": TIME,
        "replyToId": None,
        "user": fixture.profile("ada"),
        "replyTo": None,
        "attachments": [],
        "reactions": [],
        "reactionCounts": [],
        "clientId": None,
    }


def reaction(fixture, subject, emoji):
    """A reaction of Ada's, as it has to be."""
    user = {key: fixture.users["ada"][key] for key in ("id", "name")}
    return {
        "id": ID,
        "emoji": emoji,
        "messageId": subject["id"],
        "userId": user["id"],
        "createdAt": TIME,
        "user": user,
    }


def nothing(kind, fixture, ada):
    """Needs no message."""


def sent(kind, fixture, ada):
    """Needs a message."""
    return ada.ok(kind.send, {"content": "The subject", **kind.at(fixture)})


def reacted(kind, fixture, ada):
    """Needs a message with a reaction of Ada's."""
    subject = sent(kind, fixture, ada)
    ada.ok(kind.react, {"messageId": subject["id"], "emoji": "👍", **kind.at(fixture)})
    return subject


def of(subject, **fields):
    """A payload or value about a message."""
    return {"messageId": subject["id"], **fields}


def events_of(kind):
    """Each event: its name, what it needs, its payload, the data acknowledged, the caller's and the room's event."""
    at = kind.at
    same = lambda fixture, subject: at(fixture)
    placed = lambda fixture, subject: {**at(fixture), "position": {"epoch": TEXT, "seq": 0}}
    return [
        (kind.join, nothing, same, placed, kind.joined, None),
        (kind.leave, nothing, same, same, kind.left, None),
        (
            kind.send,
            nothing,
            lambda fixture, subject: {"content": "Hello, wörld! 👋", **at(fixture)},
            lambda fixture, subject: message(kind, fixture, "Hello, wörld! 👋"),
            None,
            kind.sent,
        ),
        (
            kind.edit,
            sent,
            lambda fixture, subject: of(subject, content="Updated content", **at(fixture)),
            lambda fixture, subject: of(subject, content="Updated content", updatedAt=TIME, **at(fixture)),
            None,
            kind.edited,
        ),
        (
            kind.remove,
            sent,
            lambda fixture, subject: of(subject, **at(fixture)),
            lambda fixture, subject: of(subject, **at(fixture)),
            None,
            kind.removed,
        ),
        (
            kind.react,
            sent,
            lambda fixture, subject: of(subject, emoji="🎉", **at(fixture)),
            lambda fixture, subject: reaction(fixture, subject, "🎉"),
            None,
            kind.reacted,
        ),
        (
            kind.unreact,
            reacted,
            lambda fixture, subject: of(subject, emoji="👍", **at(fixture)),
            lambda fixture, subject: of(subject, emoji="👍", userId=fixture.users["ada"]["id"]),
            None,
            kind.unreacted,
        ),
    ]


FORWARD = (
    "forward_message",
    sent,
    lambda fixture, subject: of(subject, channelId=fixture.rooms["general"], targetChannelId=fixture.rooms["side"]),
    lambda fixture, subject: message(CHANNEL, fixture, "The subject", "side"),
    None,
    "message_forwarded",
)
PING = ("ping", nothing, None, lambda fixture, subject: {"timestamp": CLOCK}, "pong", None)
EVENTS = [(kind, *event) for kind in (CHANNEL, CONVERSATION) for event in events_of(kind)]
EVENTS += [(CHANNEL, *FORWARD), (CHANNEL, *PING)]


# The number of an event in its room's log, by what it needs: what that was is in the log as well.
NUMBERS = {nothing: 1, sent: 2, reacted: 3}


def unnumbered(value):
    """An acknowledged object as others show it, without its number in the log."""
    return {key: field for key, field in value.items() if key != "seq"}


def value_of(event, fixture, subject, data):
    """The broadcast payload: the acknowledged data, except for forwarding."""
    if event != "forward_message":
        return data
    return {
        "originalMessage": unnumbered(subject),
        "targetChannelId": fixture.rooms["side"],
        "message": unnumbered(data),
        "forwardedBy": fixture.profile("ada"),
        "seq": data["seq"],
    }


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("acknowledged", [True, False], ids=["with an acknowledgement", "without"])
@pytest.mark.parametrize("entry", EVENTS, ids=[entry[1] for entry in EVENTS])
def test_an_event_reaches_its_receivers(fixture, entry, acknowledged, transport):
    kind, event, prepare, payload, data_of, caller, broadcast = entry
    ada, bob, cyd, eve = clients = [fixture.connect(role, transport) for role in ("ada", "bob", "cyd", "eve")]
    subject = prepare(kind, fixture, ada)
    room = "side" if event == "forward_message" else kind.room
    bob.ok(kind.join, kind.at(fixture, room))
    if event not in (kind.join, "ping"):
        ada.ok(kind.join, kind.at(fixture, room))
    eve.ok(kind.join, kind.at(fixture, kind.foreign))
    for client in clients:
        client.settle()
        client.log.clear()

    arguments = [] if payload is None else [payload(fixture, subject)]
    data = data_of(fixture, subject)
    if broadcast:
        # Forwarding is the first that happens in the channel that it goes to.
        data["seq"] = 1 if event == "forward_message" else NUMBERS[prepare]
    if acknowledged:
        answer = ada.ack(event, *arguments)
        assert answer == {"ok": True, "data": data}
        data = answer["data"]
    else:
        ada.emit(event, *arguments)
    for client in clients:
        client.settle()

    value = value_of(event, fixture, subject, data)
    to_caller = [[caller, value]] if caller else []
    to_room = [[broadcast, value]] if broadcast else []
    assert ada.log == to_caller + to_room
    assert bob.log == to_room
    assert cyd.log == []
    assert eve.log == []


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("entry", EVENTS, ids=[entry[1] for entry in EVENTS])
def test_a_refused_event_is_acknowledged_or_answered_by_an_error_event(fixture, entry, transport):
    event = entry[1]
    if event == "ping":
        event, error = "no_such_event", {"message": "Unknown event", "code": "unknown_event", "event": "no_such_event"}
    else:
        error = {"message": "Invalid message data", "code": "invalid_payload", "event": event, "details": None}
    ada, bob = fixture.connect("ada", transport), fixture.connect("bob", transport)
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
