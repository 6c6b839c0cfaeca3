"""A place in the text of a shell script: what stands there, and what closes what is opened."""

from __future__ import annotations

from bisect import bisect_right

from lrviz.errors import ConfigError

_MOST_PIECES = 200_000


class ShellText:
    """A text that is read from its beginning to its end, ``at`` a place of it."""

    def __init__(self, text: str, name: str, first_line: int = 1) -> None:
        self.text, self.name, self.first_line = text, name, first_line
        self.at = 0
        self.pieces = 0
        self.ends = [place for place, letter in enumerate(text) if letter == "\n"]

    @property
    def line(self) -> int:
        """The number of the line."""
        return self.line_of(self.at)

    def line_of(self, place: int) -> int:
        """The number of the line of another place."""
        return self.first_line + bisect_right(self.ends, place - 1)

    def starts(self, *beginnings: str) -> bool:
        """Whether one of these stands here."""
        return self.text.startswith(beginnings, self.at)

    def find(self, what: str) -> int:
        """Where that stands next, or the end."""
        found = self.text.find(what, self.at)
        return len(self.text) if found < 0 else found

    def count(self) -> None:
        """Go on by a word or a line.

        Raises:
            ConfigError: there are more than anyone writes.

        """
        self.pieces += 1
        if self.pieces > _MOST_PIECES:
            raise ConfigError(
                f"{self.name}:{self.line}: more than {_MOST_PIECES} words and lines up to here",
                hint="write out the one command that trains",
            )

    def up_to(self, quote: str) -> str:
        """What stands between this quote and the next, behind which it goes on."""
        start, end = self.at + 1, self.text.find(quote, self.at + 1)
        if end < 0:
            raise self.fault("a quote that is never closed")
        self.at = end + 1
        return self.text[start:end]

    def closing(self, at: int) -> int:
        """Behind the bracket that closes the one at this place, quotes and brackets inside left out."""
        closers = {"(": ")", "{": "}"}
        open_ones: list[str] = []
        while at < len(self.text):
            letter = self.text[at]
            inside = open_ones[-1] if open_ones else ""
            if letter == "\\":
                at += 1
            elif letter == inside:
                open_ones.pop()
                if not open_ones:
                    return at + 1
            elif letter == '"':
                open_ones.append('"')
            elif letter == "'" and inside != '"':
                at = self.text.find("'", at + 1) % (len(self.text) + 1)
            elif letter in closers and (not open_ones or self.text[at - 1] == "$" or inside + letter == ")("):
                open_ones.append(closers[letter])
            at += 1
        raise self.fault("a bracket or quote that is never closed")

    def fault(self, what: str) -> ConfigError:
        """What is wrong in this line."""
        return ConfigError(f"{self.name}:{self.line}: {what}", hint="close it, or put a \\ before it")
