"""Words of a command, in parts of which some are unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


Part = str | Unknown


class Word(NamedTuple):
    """A word in its parts, texts and what nobody knows; ``line`` is 0 where there are no lines.

    One with something unknown may be several words, or none, unless it ``is_one``.
    """

    parts: tuple[Part, ...]
    line: int = 0
    is_one: bool = False

    @classmethod
    def of(cls, text: str, line: int = 0) -> Word:
        """A word that is known."""
        return cls((text,) if text else (), line)

    @property
    def value(self) -> str | Unknown:
        """The text, or Unknown where a part is."""
        if not any(isinstance(part, Unknown) for part in self.parts):
            return "".join(map(str, self.parts))
        unknown = [part for part in self.parts if isinstance(part, Unknown)]
        names = dict.fromkeys(name for part in unknown for name in part.names)
        is_computed = any(part.is_computed for part in unknown)
        is_unset = len(self.parts) == 1 and unknown[0].is_unset
        return Unknown(self.text, tuple(names), is_computed=is_computed, is_unset=is_unset)

    @property
    def may_be_several(self) -> bool:
        """Whether nobody knows how many words it is."""
        return not self.is_one and any(isinstance(part, Unknown) for part in self.parts)

    @property
    def text(self) -> str:
        """What stands there, with ``$NAME`` for what is unknown."""
        return "".join(part.why if isinstance(part, Unknown) else part for part in self.parts)

    @property
    def head(self) -> str:
        """What is known at the beginning, up to the first unknown part."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""

    def cut(self, length: int) -> Word:
        """The word without the first characters of its head."""
        return Word(merge((self.head[length:], *self.parts[1:])), self.line)

    def split(self, separator: str) -> Iterator[Word]:
        """The words between the separators that are known."""
        parts: list[Part] = []
        for part in self.parts:
            first, *others = part.split(separator) if isinstance(part, str) else (part,)
            parts.append(first)
            for other in others:
                yield Word(merge(parts), self.line)
                parts = [other]
        yield Word(merge(parts), self.line)


def merge(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts with texts that stand side by side made one, and empty ones left out."""
    merged: list[Part] = []
    texts: list[str] = []
    for part in (*parts, None):
        if isinstance(part, str):
            texts.append(part)
            continue
        if text := "".join(texts):
            merged.append(text)
        texts.clear()
        if part is not None:
            merged.append(part)
    return tuple(merged)
