"""Users and rooms: each test has some of its own."""

import itertools

from .client import Client

ROLES = ("ada", "bob", "cyd", "eve")


def _user(role: str, number: int) -> dict:
    image = f"https://example.com/ada-{number}.png" if role == "ada" else None
    return {
        "id": f"{role}-{number}",
        "name": f"{role.capitalize()} {number}",
        "email": f"{role}-{number}@example.com",
        "image": image,
    }


def world(count: int) -> dict:
    """A world file of `count` fixtures: Ada, Bob and Cyd share rooms, Eve is alone in others."""
    users, channels, conversations = [], [], []
    for number in range(count):
        members = [f"{role}-{number}" for role in ("ada", "bob", "cyd")]
        users += [_user(role, number) for role in ROLES]
        for name in ("general", "side"):
            channels.append({"id": f"{name}-{number}", "name": name, "members": members})
        channels.append({"id": f"elsewhere-{number}", "name": "elsewhere", "members": [f"eve-{number}"]})
        conversations.append({"id": f"dm-{number}", "members": members})
        conversations.append({"id": f"alone-{number}", "members": [f"eve-{number}"]})
    return {"users": users, "channels": channels, "conversations": conversations}


class Fixture:
    """One test's users and rooms, and the clients that it connected."""

    _numbers = itertools.count()

    def __init__(self, server):
        number = next(self._numbers)
        self.server = server
        self.users = {role: _user(role, number) for role in ROLES}
        self.rooms = {name: f"{name}-{number}" for name in ("general", "side", "elsewhere", "dm", "alone")}
        self._clients = []

    def profile(self, role: str) -> dict:
        """A user as others see one."""
        return {key: self.users[role][key] for key in ("id", "name", "image")}

    def token(self, role: str) -> str:
        """A token of this user."""
        return self.server.token({key: value for key, value in self.users[role].items() if value is not None})

    def connect(self, role: str, transport: str, by_query: bool = False) -> Client:
        """Connects a user, and waits until it is greeted."""
        client = Client(self.server, self.token(role), transport, by_query)
        self._clients.append(client)
        return client

    def close(self):
        """Ends all connections."""
        for client in self._clients:
            client.close()
