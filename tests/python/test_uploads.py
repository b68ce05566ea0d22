"""Uploads as requests sends them: without a type, and with names of any script."""

import pytest
import requests


def upload(server, fixture, file):
    headers = {"Authorization": f"Bearer {fixture.token('ada')}"}
    return requests.post(f"{server.url}/api/upload", headers=headers, files={"file": file}, timeout=60)


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("notes.txt", b"notes", "text/plain"),
        ("über €.csv", "a;ü\n".encode(), "text/plain"),
        ('say "hi" 漢字.pdf', b"%PDF-1.7\n", "application/pdf"),
    ],
)
def test_a_file_without_a_type_is_taken_for_what_it_is(server, fixture, name, content, media):
    answer = upload(server, fixture, (name, content))
    assert answer.status_code == 201, answer.text
    data = answer.json()["data"]
    assert (data["originalName"], data["mimeType"], data["size"]) == (name, media, len(content))
    served = requests.get(server.url + data["url"], headers={"Range": "bytes=1-3"}, timeout=15)
    assert (served.status_code, served.content) == (206, content[1:4])


@pytest.mark.parametrize(
    ("file", "status", "why"),
    [
        (("a.csv", "caf\xe9;1\n".encode("windows-1252"), "text/csv"), 415, "is not UTF-8"),
        (("a.html", b"<p>", "text/html"), 415, "has a type that is not allowed"),
        (("a.png", bytes(32 << 20), "image/png"), 415, "does not match its type, image/png"),
        (("a.txt", b"a" * (32 << 20), "text/plain"), 413, "has more than 10485760 bytes"),
    ],
)
def test_a_refusal_says_why_however_large_the_file(server, fixture, file, status, why):
    answer = upload(server, fixture, file)
    assert (answer.status_code, answer.json()["details"]) == (status, [{"path": "/file", "message": why}])
