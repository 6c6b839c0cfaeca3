"""GNU parallel: ``parallel train --lr {} ::: 1e-4 2e-4`` as one of the commands that it starts."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word, merge

if TYPE_CHECKING:
    from lrviz.inputs.foreign.shell.shell_command import Command
    from lrviz.inputs.foreign.word import Part

_MARK = re.compile(r"(\{\d*\})")
_LISTS = ":::"


def one_of_parallel(command: Command) -> Command:
    """What stands for the values is Unknown, and may be each of its list; all else is left as it is."""
    texts = [word.text for word in command.words]
    if texts[:1] != ["parallel"] or _LISTS not in texts:
        return command
    at = texts.index(_LISTS)
    found = [tuple(group) for is_list, group in groupby(texts[at:], lambda one: one != _LISTS) if is_list]
    marks = ["{}", *(f"{{{number}}}" for number in range(1, len(found) + 1))]
    choices = dict(zip(marks, [*found[:1], *found], strict=False))
    words = tuple(word._replace(parts=merge(_opened(word))) for word in command.words[:at])
    return command._replace(words=words, choices={**command.choices, **choices})


def _opened(word: Word) -> list[Part]:
    """Its parts, with marks as what nobody knows."""
    pieces = (
        piece for part in word.parts for piece in (_MARK.split(part) if isinstance(part, str) else (part,))
    )
    return [Unknown(one, (one,)) if isinstance(one, str) and _MARK.fullmatch(one) else one for one in pieces]
