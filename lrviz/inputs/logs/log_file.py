"""The bytes of a log, read as what they may be: text, lines, JSON, a table."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property

_BINARY = 1 << 12
"""Bytes that are looked at for one that no text has."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""How a file begins that PowerShell redirects into."""
_COLOURS = re.compile(r"\x1b\[[\d;]*[A-Za-z]")
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
        return self.raw.startswith(_UTF16) or b"\0" not in self.raw[:_BINARY]

    @cached_property
    def text(self) -> str:
        """Its text: a byte that is no UTF-8 is replaced, since a terminal's log may be cut anywhere.

        Colours and moves of a cursor are left out.
        """
        if not self.is_text:
            return ""
        text = self.raw.decode("utf-16" if self.raw.startswith(_UTF16) else "utf-8-sig", "replace")
        return _COLOURS.sub("", text) if "\x1b" in text else text

    @cached_property
    def opening(self) -> str:
        """As much of its text as tells whose it is."""
        return self.text[:_OPENING]

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, their ends left out; that of a progress bar, which is drawn over, ends one too."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

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
