"""What stdout is and can show."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_ASCII = str.maketrans({"…": "...", "²": "^2", "³": "^3", "×": "x", "·": "*", "–": "-"})


class Terminal(NamedTuple):
    """What stdout can show."""

    width: int
    is_known: bool  # that width; a pipe has none, and its lines stay whole
    unicode: bool
    rich: bool  # a terminal that takes escapes, so rich may be loaded

    @classmethod
    def of_stdout(cls) -> Terminal:
        """Look at stdout and the environment."""
        from lrviz.draw.table import use_unicode

        is_tty = sys.stdout.isatty()
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        unicode = use_unicode(sys.stdout.encoding)
        columns = shutil.get_terminal_size((0, 0)).columns
        return cls(columns or 80, columns > 0, unicode, is_tty and not plain and unicode)

    @property
    def limit(self) -> int | None:
        """The places a line may take, if that is known."""
        return self.width if self.is_known else None

    def bold(self, text: str) -> str:
        """A heading, where escapes are taken."""
        return self._styled(text, bold=True)

    def tinted(self, text: str, color: str) -> str:
        """A line in a colour, where escapes are taken."""
        return self._styled(text, color=color)

    def _styled(self, text: str, **look: Any) -> str:
        if not self.rich:
            return text
        from rich.color import ColorSystem  # rich loads only where a terminal is written to
        from rich.style import Style

        return Style(**look).render(text, color_system=ColorSystem.STANDARD)

    def lines(self, text: str) -> list[str]:
        """Prose in lines that fit."""
        if not self.is_known or len(text) <= self.width:
            return [text]
        from textwrap import wrap

        return wrap(text, self.width, break_on_hyphens=False, break_long_words=False)

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        """Rows of words in columns with bold heads, or each in lines of its own."""
        from lrviz.draw.table import words_table

        return words_table(headers, rows, self.limit, self.bold)

    def text(self, text: str) -> str:
        """Prose in the characters it can show."""
        return text if self.unicode else text.translate(_ASCII)


def write_stdout(content: bytes, what: str, *, quiet: bool) -> None:
    """Bytes to stdout, and say so.

    Raises:
        OutputError: stdout is a terminal.

    """
    if sys.stdout.isatty():
        raise OutputError(f"{what} is not for a terminal", hint="redirect it: lrviz plot … -o - > lr.png")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    _tell("wrote stdout", content, quiet=quiet)


def write_file(path: Path, content: bytes, *, quiet: bool) -> None:
    """Write a file whole, and say so.

    Raises:
        OutputError: it cannot be written, or is one of those that were read.

    """
    from lrviz.export.writing import write
    from lrviz.inputs.files import was_read

    if was_read(path):
        raise _is_input(path)
    _tell(f"{write(path, content)} {path}", content, quiet=quiet)


def refuse_input(path: Path, words: Iterable[str]) -> None:
    """A file that is read is not written over.

    Raises:
        OutputError: one of the words names that file.

    """
    from lrviz.inputs.words import files_in, is_there

    files = (file for word in words for file in files_in(word))
    if path.exists() and any(is_there(file) and path.samefile(file) for file in files):
        raise _is_input(path)


def _is_input(path: Path) -> OutputError:
    return OutputError(f"{str(path)!r} is what is read: it stays as it is", hint="name another file")


def _tell(done: str, content: bytes, *, quiet: bool) -> None:
    """``wrote lr.png (38 KB)``."""
    if not quiet:
        print(f"{done} ({max(1, round(len(content) / 1000))} KB)", file=sys.stderr)
