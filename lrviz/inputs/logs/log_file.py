"""The bytes of a log, read as what they may be: text, lines, JSON, a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

_BINARY = 1 << 12
"""Bytes that are looked at for one that no text has."""
_OPENING = 1 << 18
"""Characters among which the first row is: a run may print much before."""


@dataclass(frozen=True)
class LogFile:
    """A file that may be a log."""

    raw: bytes
    name: str
    column: str = ""  # that is asked for

    @cached_property
    def is_text(self) -> bool:
        """Whether its beginning can be text."""
        return b"\0" not in self.raw[:_BINARY]

    @cached_property
    def text(self) -> str:
        """Its text: a byte that is no UTF-8 is replaced, since a terminal's log may be cut anywhere."""
        return self.raw.decode("utf-8-sig", "replace") if self.is_text else ""

    @cached_property
    def opening(self) -> str:
        """As much of its text as tells whose it is."""
        return self.text[:_OPENING]

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, their ends left out; a progress bar's carriage return ends none."""
        return self.text.replace("\r\n", "\n").split("\n")

    @cached_property
    def head(self) -> list[str]:
        """Its first lines that are not blank."""
        return [line for line in self.opening.splitlines() if line.strip()][:50]

    @cached_property
    def data(self) -> object:
        """What JSON holds; None where it is none."""
        if self.text.lstrip()[:1] not in ("{", "["):
            return None
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None
