"""A line read word by word from the left, which knows at which column it is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from lrviz.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable

Read = TypeVar("Read")
_WORD = re.compile(r"""[^\s()<>=!~"']+""")
_SIGN = re.compile(r"[<>=!~]+|[()]")


class Scanner:
    """A text and the place up to which it has been read."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text, self.at = text, at

    def word(self, kind: str, hint: str) -> str:
        """Read a word.

        Raises:
            SpecError: there is none where ``kind`` is expected.

        """
        found = _WORD.match(self.text, self.skip_spaces())
        if found is None:
            got = repr(self.text[self.at]) if self.at < len(self.text) else "nothing"
            raise self.refusal(f"expected {kind}, got {got}", hint)
        self.at = found.end()
        return found[0]

    def sign(self) -> str:
        """Read a sign as ``<=`` or a bracket; nothing where none comes next."""
        found = _SIGN.match(self.text, self.skip_spaces())
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def takes(self, word: str) -> bool:
        """Read this word or sign if it comes next."""
        start = self.skip_spaces()
        found = _WORD.match(self.text, start) or _SIGN.match(self.text, start)
        if found is None or found[0] != word:
            return False
        self.at = found.end()
        return True

    def expect(self, word: str, example: str) -> None:
        """Read this word or sign.

        Raises:
            SpecError: something else comes next.

        """
        if not self.takes(word):
            raise self.refusal(f"expected {word}", f'as in "{example}"')

    def read(self, reader: Callable[[str], Read], kind: str) -> Read:
        """Read a word as ``reader`` does.

        Raises:
            SpecError: there is none, or it cannot.

        """
        start = self.skip_spaces()
        word = self.word(kind, _way_of(reader))
        if own := re.match(r"[^,;]+", word):  # what stands behind it is another expectation
            word, self.at = own[0], self.at - len(word) + own.end()
        try:
            return reader(word)
        except SpecError as fault:
            raise self.refusal(fault.message, fault.template, start) from None

    def rest(self) -> str:
        """Read all that is left."""
        start, self.at = self.skip_spaces(), len(self.text)
        return self.text[start:].strip()

    def end(self) -> None:
        """Make sure that nothing is left.

        Raises:
            SpecError: something is.

        """
        start = self.skip_spaces()
        if rest := self.rest():
            raise self.refusal(
                f"{rest!r} is too much", "leave it out, or say it in an expectation of its own", start
            )

    def skip_spaces(self) -> int:
        """Go to where the next word begins."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at

    def refusal(self, message: str, hint: str, at: int | None = None) -> SpecError:
        """The error of what stands here, or ``at`` a place before."""
        column = (self.at if at is None else at) + 1
        return SpecError(f"{self.text!r}: {message} (column {column})", hint=hint)


def _way_of(reader: Callable[[str], object]) -> str:
    """What a reader says that it takes, to a word of nothing."""
    try:
        reader("")
    except SpecError as fault:
        return fault.template
    return ""
