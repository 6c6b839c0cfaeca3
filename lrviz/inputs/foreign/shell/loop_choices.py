"""The values that loops of a shell script give to their variables: ``for NAME in VALUE…``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word, merge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_variables import Variables

_PATTERN, _APART = set("*?["), set(" \t\n")


@dataclass
class LoopChoices:
    """The ``values`` by variable, none where some are not known."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def note(self, words: tuple[RawWord, ...], variables: Variables) -> None:
        """Those of the head of a loop; of a single one the variable is known."""
        if not words[3:] or words[2].plain != "in":
            return
        name, found = words[1].plain, variables.expand(*words[3:])
        is_known = not any(isinstance(word.value, Unknown) for word in found)
        self.values[name] = tuple(word.text for word in found if is_known)
        if len(found) == 1 and is_known and not _PATTERN & set(found[0].text):
            variables.assign(name, found, appends=False, is_array=False)
        elif is_known and not any((_PATTERN | _APART) & set(word.text) for word in found):
            variables.mark_one(name)

    def each(self, words: Iterable[Word]) -> list[Word]:
        """The words, with one for each value of the loop in place of a word that has its variable."""
        return [one for word in words for one in self._of(word)]

    def _of(self, word: Word) -> list[Word]:
        match [part for part in word.parts if isinstance(part, Unknown)]:
            case [Unknown(names=(name,), is_computed=False) as one] if one.why in {
                f"${name}",
                f"${{{name}}}",
            }:
                parts = [
                    [value if part is one else part for part in word.parts]
                    for value in self.values.get(name, ())
                ]
                return [Word(merge(each), word.line) for each in parts] if name in self.values else [word]
        return [word]
