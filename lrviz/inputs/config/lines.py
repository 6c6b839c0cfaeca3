"""The lines of a config's keys, gathered by who reads its language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

KeyPath = tuple[str | int, ...]
"""The way to a value: ``("schedule", 1, "gamma")``."""

MOST_FAULTS = 10
"""Faults that a refusal names; of more it has the number."""
_DIGITS = re.compile(r"\d[\d_]{4299,}")


def path_text(path: KeyPath) -> str:
    """``schedule[1].gamma``."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


@dataclass
class Lines:
    """Where each key stands; a key given twice is no one's last word, but where they are read leniently.

    ``odd`` are numbers that the language reads in a way of its own: how, and what to write. ``before`` has,
    of a key that is given again, the line where it stood first, ``quoted`` the texts that stand in quotes.
    """

    lenient: bool = False
    lines: dict[KeyPath, int] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    odd: dict[KeyPath, tuple[str, str]] = field(default_factory=dict)
    before: dict[KeyPath, int] = field(default_factory=dict)
    quoted: set[KeyPath] = field(default_factory=set)

    def add(self, path: KeyPath, line: int) -> None:
        """Note a key's line."""
        if path in self.lines:
            self.before.setdefault(path, self.lines[path])
        if path in self.lines and not self.lenient:
            self.twice.append(f"{line}: {path_text(path)}: given before, in line {self.lines[path]}")
        else:
            self.lines[path] = line


def first_of(name: str, faults: Sequence[str]) -> list[str]:
    """The faults of a config that are named, and how many more there are."""
    more = len(faults) - MOST_FAULTS
    return [*faults[:MOST_FAULTS], *([f"{name}: and {more} more"] if more > 0 else [])]


def syntax_error(place: str, column: int, problem: str, hint: str) -> ConfigError:
    """What a parser says, in the words of the others."""
    said = f"{problem[:1].lower()}{problem[1:]}".rstrip(".")
    return ConfigError(f"{place}: {said} (column {column})", hint=hint)


def number_error(text: str, name: str) -> ConfigError:
    """Python reads no whole number of more than 4300 digits, and its parsers say so as ``int`` does."""
    found = _DIGITS.search(text)
    place = f"{name}:{text.count(chr(10), 0, found.start()) + 1}" if found else name
    return ConfigError(
        f"{place}: a whole number of more than 4300 digits", hint="write it with an exponent: 1e9"
    )
