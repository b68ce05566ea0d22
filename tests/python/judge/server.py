"""Starts a server on a free port, with a directory, a database, a secret and a world of its own."""

import json
import os
import pathlib
import random
import secrets
import signal
import socket
import subprocess
import tempfile
import time

import requests

from .fixture import world as fixtures_world
from .token import mint

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ.get("ACCORD_SERVER_BIN", str(ROOT / "target/debug/accord-server"))
FIXTURES = 200
START_ATTEMPTS = 3
READY_WITHIN_SECONDS = 30
STOP_WITHIN_SECONDS = 20


def free_port() -> int:
    """A port that nobody listens on, below those that the kernel hands out for outgoing connections."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Server:
    """A server, from its start to its end: with the world of the fixtures, unless `world` is given."""

    def __init__(self, world: dict | None = None, flags: list[str] | None = None):
        self._world = world or fixtures_world(FIXTURES)
        self._flags = flags or []

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="accord-judges-")
        directory = pathlib.Path(self._directory.name)
        self.secret = secrets.token_hex(32)
        self._database = f"sqlite://{directory / 'accord.db'}"
        self._environment = {key: value for key, value in os.environ.items() if not key.startswith("ACCORD_")}
        file = directory / "world.json"
        file.write_text(json.dumps(self._world))
        seed = [BINARY, "seed", "--database", self._database, str(file)]
        subprocess.run(seed, env=self._environment, check=True, stdout=subprocess.DEVNULL)
        self._log = open(directory / "log", "w+")
        for _ in range(START_ATTEMPTS):  # somebody may take a port that was free
            if self._launch(directory):
                return self
        self._log.seek(0)
        raise RuntimeError(f"the server did not start:\n{self._log.read()}")

    def _launch(self, directory: pathlib.Path) -> bool:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [BINARY, "serve", "--listen", f"127.0.0.1:{port}", "--database", self._database]
        command += ["--jwt-secret", self.secret, "--uploads", str(directory / "uploads"), *self._flags]
        self._process = subprocess.Popen(command, env=self._environment, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            if self._answers():
                return True
            time.sleep(0.02)
        self._process.kill()
        raise TimeoutError(f"the server was not ready within {READY_WITHIN_SECONDS} s")

    def _answers(self) -> bool:
        """Whether it is this process that answers on the port: only it knows the secret."""
        headers = {"Authorization": f"Bearer {self.token({'id': 'judge', 'name': 'Judge'})}"}
        try:
            ready = requests.get(f"{self.url}/readyz", timeout=5).status_code == 200
            return ready and requests.get(f"{self.url}/api/channels", headers=headers, timeout=5).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            return False

    def token(self, claims: dict) -> str:
        """A token that this server takes."""
        return mint(claims, self.secret)

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self._log.seek(0)
        log = self._log.read()
        self._log.close()
        self._directory.cleanup()
        assert code == 0, f"the server ended with {code}:\n{log[-4000:]}"
        assert "panicked at" not in log, log[-4000:]
