"""python-socketio's client, with everything that it was sent written down in the order of arrival."""

import threading

import engineio
import socketio

WITHIN_SECONDS = 60  # the longest that anything takes on a busy machine

# The ways to reach a server: by long-polling alone, by WebSocket alone, or from the first to the second.
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}


class _InOrder(engineio.Client):
    """Handles packets one after the other: by itself the library begins a thread for each, which may overtake others."""

    def _trigger_event(self, event, *args, **kwargs):
        return super()._trigger_event(event, *args, **{**kwargs, "run_async": False})


class _Socket(socketio.Client):
    def _engineio_client_class(self):
        return _InOrder


class Client:
    """A connected and greeted client."""

    def __init__(self, server, token: str, transport: str, by_query: bool = False):
        self.log = []
        self._arrived = threading.Condition()
        self._socket = _Socket(reconnection=False, handle_sigint=False)
        self._socket.on("*", self._note)
        url = f"{server.url}?token={token}" if by_query else server.url
        auth = None if by_query else {"token": token}
        self._socket.connect(url, auth=auth, transports=TRANSPORTS[transport], wait_timeout=WITHIN_SECONDS)
        expected = "polling" if transport == "polling" else "websocket"
        assert self._socket.transport() == expected
        self.greeting = self.next("authenticated")

    def _note(self, event, *args):
        with self._arrived:
            self.log.append([event, *args])
            self._arrived.notify_all()

    def next(self, event: str, fits=lambda value: True):
        """Waits for an event, takes it out of the log and returns its only argument."""

        def find():
            return next((entry for entry in self.log if entry[0] == event and fits(*entry[1:])), None)

        with self._arrived:
            assert self._arrived.wait_for(find, WITHIN_SECONDS), f"no {event}; arrived: {self.log}"
            entry = find()
            self.log.remove(entry)
        assert len(entry) == 2, entry
        return entry[1]

    def emit(self, event: str, *payload):
        """Emits without an acknowledgement."""
        self._socket.emit(event, *payload)

    def ack(self, event: str, *payload):
        """Emits with an acknowledgement, and returns it."""
        return self._socket.call(event, *payload, timeout=WITHIN_SECONDS)

    def ok(self, event: str, *payload):
        """Emits an event that must succeed, and returns the acknowledged data."""
        answer = self.ack(event, *payload)
        assert answer == {"ok": True, "data": answer.get("data")}, f"{event} failed: {answer}"
        return answer["data"]

    def settle(self):
        """Waits until all that the server sent before has arrived: the answer to a ping comes after it."""
        timestamp = self.ok("ping")["timestamp"]
        self.next("pong", lambda pong: pong == {"timestamp": timestamp})

    def close(self):
        """Ends the connection."""
        self._socket.disconnect()
