"""The REST operations, by schemathesis: it generates requests, and applies all of its checks to the answers."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
import requests

from judge.client import Client
from judge.server import ROOT, Server

DESCRIPTION = ROOT / "schema/generated/openapi.json"
HERE = pathlib.Path(__file__).parent
SCHEMATHESIS = pathlib.Path(sys.executable).with_name("schemathesis")
WITHIN_SECONDS = 240

# The users and rooms that the description's examples name.
WORLD = {
    "users": [{"id": name, "name": name.capitalize()} for name in ("alice", "bob")],
    "channels": [{"id": "channel_123", "name": "channel", "members": ["alice", "bob"]}],
    "conversations": [{"id": "conversation_123", "members": ["alice", "bob"]}],
}
# Generated requests revoke this user, whose older tokens are then refused. With an `iat` far in the future, this token stays valid.
USER = {"id": "alice", "name": "Alice", "iat": 4_102_444_800}
ADMINISTRATOR = {**USER, "admin": True}


@pytest.fixture
def lively_server():
    """A server without rate limits, whose rooms have messages of all kinds."""
    with Server(world=WORLD, flags=["--rate-limits", "off"]) as server:
        token = server.token(USER)
        headers, file = {"Authorization": f"Bearer {token}"}, ("note.txt", b"Hello", "text/plain")
        upload = requests.post(f"{server.url}/api/upload", headers=headers, files={"file": file}, timeout=15)
        attachments = [{"id": upload.json()["data"]["id"]}]
        alice = Client(server, token, "websocket")
        for direct, room in [("", {"channelId": "channel_123"}), ("direct_", {"conversationId": "conversation_123"})]:
            first = alice.ok(f"send_{direct}message", {"content": "Hello", "attachments": attachments, **room})
            alice.ok(f"send_{direct}message", {"content": "Hello again", "replyToId": first["id"], **room})
            alice.ok(f"add_{direct}reaction", {"messageId": first["id"], "emoji": "👍", **room})
        yield server
        alice.close()


def run_schemathesis(server, claims: dict, directory: pathlib.Path) -> dict:
    """Runs it with a token of these claims, and returns its report."""
    report = directory / "report.json"
    command = [SCHEMATHESIS, "--config-file", HERE / "schemathesis.toml", "run", DESCRIPTION, "--url", server.url]
    command += ["--report", "json", "--report-json-path", report]
    environment = {**os.environ, "PYTHONPATH": str(HERE), "JUDGE_TOKEN": server.token(claims)}
    run = subprocess.run(
        command, cwd=directory, env=environment, timeout=WITHIN_SECONDS, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, f"it ended with {run.returncode}:\n{run.stdout[-20_000:]}{run.stderr}"
    return json.loads(report.read_text())


@pytest.mark.parametrize("claims", [USER, ADMINISTRATOR], ids=["a user", "an administrator"])
def test_schemathesis_finds_nothing(lively_server, tmp_path, claims):
    report = run_schemathesis(lively_server, claims, tmp_path)
    assert report["failures"] == report["errors"] == []
    assert {name: phase["status"] for name, phase in report["phases"].items()} == dict.fromkeys(
        ["examples", "coverage", "fuzzing", "stateful"], "success"
    )
    description = json.loads(DESCRIPTION.read_text())
    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }
    assert report["operations"]["tested"] == len(operations)
    # An operation that answers with refusals alone has not been tested: those of administrators refuse all others.
    rates = report["valid_rates"]
    accepted = {name for name, phases in rates.items() if any(counts["accepted"] for counts in phases.values())}
    denied = {name for name, operation in operations.items() if "administrators" in operation["tags"]}
    refused = set() if claims is ADMINISTRATOR else denied
    assert set(operations) - accepted == refused
    warnings = {name: set(places) for name, places in report["warnings"].items() if places}
    assert warnings == ({"missing_auth": refused} if refused else {})
