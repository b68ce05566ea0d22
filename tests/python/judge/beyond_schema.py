"""Parts of valid requests that a schema cannot express, for schemathesis: the content of files, and cursors."""

import io
import zipfile

import schemathesis
from hypothesis import strategies


def _beginning(signature: bytes):
    return strategies.binary(max_size=256).map(signature.__add__)


def _package(part: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name in ("[Content_Types].xml", part):
            package.writestr(zipfile.ZipInfo(name), "<x/>")
    return content.getvalue()


_OFFICE = "application/vnd.openxmlformats-officedocument"
_COMPOUND_FILE = _beginning(bytes.fromhex("d0cf11e0a1b11ae1"))
_TEXT = strategies.text(strategies.characters(codec="utf-8", exclude_characters="\0")).map(str.encode)

FILES = {
    "image/jpeg": _beginning(b"\xff\xd8\xff\xe0"),
    "image/png": _beginning(b"\x89PNG\r\n\x1a\n"),
    "image/gif": _beginning(b"GIF89a"),
    "image/webp": _beginning(b"RIFF\x24\0\0\0WEBPVP8 "),
    "application/pdf": _beginning(b"%PDF-1.7\n"),
    "text/plain": _TEXT,
    "text/csv": _TEXT,
    "application/zip": strategies.just(_package("anything")),
    "application/msword": _COMPOUND_FILE,
    f"{_OFFICE}.wordprocessingml.document": strategies.just(_package("word/document.xml")),
    "application/vnd.ms-excel": _COMPOUND_FILE,
    f"{_OFFICE}.spreadsheetml.sheet": strategies.just(_package("xl/workbook.xml")),
}

for name, content in FILES.items():
    schemathesis.openapi.media_type(name, content)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Exchanges a made-up cursor for one that the server gives for the list: by the protocol, any other is a 400."""
    if case.meta is None or not case.meta.generation.mode.is_positive or "before" not in (case.query or {}):
        return
    del case.query["before"]
    answer = case.derive(query={**case.query, "page": 1, "limit": 1}, keep_auth=True).call()
    body = answer.json() if answer.status_code == 200 else {}
    # A list of rooms has its cursor beside its data.
    cursor = body["nextCursor"] if "nextCursor" in body else body.get("data", {}).get("nextCursor")
    if cursor is not None:
        case.query["before"] = cursor
