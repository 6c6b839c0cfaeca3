"""The values of ``--given``, by the names that a file or its trainer has for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class LeftOpen(Mapping[str, str]):
    """Texts by name; ``asked`` are the names that somebody has looked for, there or not.

    ``taken`` are the names of variables that a line of a script reads.
    """

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._texts = texts or {}
        self.asked: set[str] = set()
        self.taken: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def idle(self) -> list[str]:
        """The names that nobody has looked for."""
        return [name for name in self if name not in self.asked]
