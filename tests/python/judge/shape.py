"""Values that the server chooses: each compares equal to any value of its form."""

import re


class Shape:
    """Equal to every value that fits."""

    def __init__(self, name: str, fits):
        self._name = name
        self._fits = fits

    def __eq__(self, other):
        return bool(self._fits(other))

    __hash__ = None

    def __repr__(self):
        return f"<{self._name}>"


def _matching(pattern: str):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value)


_ULID = r"[0-7][0-9A-HJKMNP-TV-Z]{25}"
_UUID_V7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

ID = Shape("id", _matching(f"{_ULID}|{_UUID_V7}"))
TIME = Shape("time", _matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"))
TEXT = Shape("text", lambda value: isinstance(value, str) and value != "")
CLOCK = Shape("clock", lambda value: isinstance(value, int) and 1_700_000_000_000 < value < 10_000_000_000_000)
