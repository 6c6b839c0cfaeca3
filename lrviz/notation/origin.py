"""Where a value comes from, from reading to printing."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Source = Literal[
    "spec", "option", "file", "plan", "defaults", "python", "trainer", "starter", "example", "derived"
]
"""Who says a value: a key of a word, an option, a key of a file, a table of a config, a call from Python.

Where nobody does, a trainer's default, a bare name's starter, the worked example or a derivation stands in.
"""


class Place(NamedTuple):
    """A place in a file: its name, the line (0 where unknown) and the key, ``schedule[1].gamma``."""

    file: str
    line: int = 0
    key: str = ""

    def __str__(self) -> str:
        """``run.toml:7: schedule[1].gamma``."""
        return ": ".join(filter(None, [f"{self.file}:{self.line}" if self.line else self.file, self.key]))


class Origin(NamedTuple):
    """Who says a value: ``text`` is the option, the version, or what it is derived from."""

    source: Source
    text: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        """``option --lr``, ``run.toml:4 [plan]``, ``default of torch 2.13.0``, ``derived: 39 * 50``."""
        who = str(self.place._replace(key="")) if self.place else _WORDS.get(self.source, self.source)
        return f"{who} {self.text}".rstrip()


_WORDS = {"trainer": "default of", "derived": "derived:"}


class Given(NamedTuple):
    """A value and its origin."""

    value: Any
    origin: Origin
