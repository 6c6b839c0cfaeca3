"""Stdout and stderr as a command may count on them, whatever the shell has done to them.

To Python a closed stream is ``None``, and ``print`` then goes elsewhere; one that cannot be written raises
where nobody expects it, and once more when Python ends. Here stdout refuses once, in words, and stderr is
silent.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Any, TextIO, TypeVar

from lrviz.errors import OutputError
from lrviz.inputs.files import reason
from lrviz.notation.text import brief

Wrapper = TypeVar("Wrapper", bound=io.TextIOWrapper)


class ClosedPipe(Exception):  # noqa: N818  (no error: who reads stdout has seen enough)
    """The reader of stdout is gone."""


@contextmanager
def safe_streams() -> Iterator[None]:
    """Put streams that know what to do in the place of stdout and stderr."""
    with (
        redirect_stdout(_text(io.TextIOWrapper, sys.stdout, _refuse)) as stdout,
        redirect_stderr(_notes(sys.stderr)),
    ):
        try:
            yield
        finally:
            with suppress(OutputError, ClosedPipe):  # what is left after an interrupt
                stdout.flush()


class _Sink(io.RawIOBase):
    """The bytes of a stream; after the first failure what is still buffered goes nowhere."""

    def __init__(self, stream: TextIO | None, fail: Callable[[OSError], None]) -> None:
        super().__init__()
        buffer = getattr(stream, "buffer", None)
        self._raw = getattr(buffer, "raw", buffer)
        self._fail = fail
        self._failed = False

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._raw is not None and bool(self._raw.isatty())

    def write(self, content: Any) -> int | None:
        if self._failed:
            return len(content)
        try:
            return self._write(content)
        except OSError as error:
            self._failed = True
            self._fail(error)
            return len(content)

    def _write(self, content: object) -> int | None:
        if self._raw is None:
            raise OSError(errno.EBADF, "it is closed")
        written: int | None = self._raw.write(content)
        return written


class _Notes(io.TextIOWrapper):
    """Stderr: what it repeats of others is fit for a terminal, and what it says breaks between words."""

    width = 0  # none is known, and lines stay whole

    def write(self, text: str) -> int:
        lines = (line for one in text.split("\n") for line in self._broken(brief(one)))
        return super().write("\n".join(lines))

    def _broken(self, line: str) -> list[str]:
        """Lines that fit; a command to be copied stays whole."""
        if not 0 < self.width < len(line) or not line.startswith(_SAID) or "lrviz " in line:
            return [line]
        from textwrap import wrap

        return wrap(line, self.width, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)


_SAID = ("note: ", "warning: ", "error: ", "hint: ")


def _notes(stream: TextIO | None) -> _Notes:
    notes = _text(_Notes, stream, _ignore)
    if stream is not None and stream.isatty():
        with suppress(OSError, ValueError):
            notes.width = int(os.environ.get("COLUMNS") or os.get_terminal_size(stream.fileno()).columns)
    return notes


def _refuse(error: OSError) -> None:
    if isinstance(error, BrokenPipeError):
        raise ClosedPipe
    raise OutputError(
        f"cannot write to stdout: {reason(error)}",
        hint="redirect it to a file, or to /dev/null",
    ) from None


def _ignore(_error: OSError) -> None:
    """A note that cannot be written stops nothing."""


def _text(kind: type[Wrapper], stream: TextIO | None, fail: Callable[[OSError], None]) -> Wrapper:
    return kind(
        io.BufferedWriter(_Sink(stream, fail)),
        encoding=getattr(stream, "encoding", None) or "utf-8",
        errors="replace",
        line_buffering=getattr(stream, "line_buffering", False) or getattr(stream, "write_through", False),
    )
