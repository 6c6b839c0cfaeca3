"""A bar on a terminal's stderr, for work that takes longer than a moment."""

from __future__ import annotations

import sys
from time import monotonic

MOMENT, PAUSE = 0.5, 0.1
"""Seconds before a bar appears, and between two of its states."""
WIDTH = 30


class Bar:
    """One line that is written over, and taken away at the end; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._next = 0.0
        self._shown = 0

    def __call__(self, done: int, count: int) -> None:
        """Show how far it is."""
        now = monotonic()
        if self._began is None:
            self._began, self._next = now, now + MOMENT
        if done >= count:
            self._write("")
            self._began = None
        elif now >= self._next and sys.stderr.isatty():
            self._next = now + PAUSE
            full = WIDTH * done // count
            self._write(f"[{'#' * full}{'.' * (WIDTH - full)}] step {done} of {count}")

    def _write(self, text: str) -> None:
        if text or self._shown:
            line = f"\r{text.ljust(self._shown)}" + ("" if text else "\r")
            sys.stderr.buffer.write(line.encode())  # as it is: notes are made fit for a terminal
            sys.stderr.flush()
        self._shown = len(text)
