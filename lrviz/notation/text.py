"""Text that others wrote, fit to be repeated: on one line, no command to a terminal, not too long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WORD: Final = 240
"""Characters of a word or of a quotation that are repeated whole."""
LINE: Final = 1000
"""Characters of a line that people read."""
_CUT: Final = 80

# C0 and C1 (a newline, an escape), marks that reverse the order of what follows, line and paragraph
# separators, the byte order mark.
_COMMANDS: Final = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *(0x061C, 0x200E, 0x200F, 0xFEFF),
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
)
_SPACES: Final = dict.fromkeys(_COMMANDS, " ")
_LONG: Final = rf"(?<!\w)'[^']{{{WORD},}}'(?!\w)|(?<!\w)\"[^\"]{{{WORD},}}\"(?!\w)|\S{{{WORD},}}"


def one_line(text: str) -> str:
    """Spaces for control characters and marks of direction: a label must not command the terminal."""
    return text.translate(_SPACES)


def brief(text: str) -> str:
    """One line as people read it: of a very long word, and of a very long line, the two ends."""
    line = one_line(text)
    return line if len(line) < WORD else cut(re.sub(_LONG, lambda found: cut(found[0], _CUT), line), LINE)


def cut(text: str, width: int) -> str:
    """Without its middle where it is wider: what differs stands at either end."""
    if len(text) <= width:
        return text
    tail = width // 3
    return f"{text[: width - 1 - tail]}…{text[-tail:]}"


def few(names: Iterable[str], most: int = 10) -> str:
    """``a, b, c``, of many the first ones and how many more."""
    found = list(names)
    more = len(found) - most
    return ", ".join(found) if more <= 0 else f"{', '.join(found[:most])} and {more} more"


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def change_nothing(names: Sequence[str]) -> str:
    """``a changes nothing``, ``a, b change nothing``."""
    return f"{', '.join(names)} {'change' if len(names) > 1 else 'changes'} nothing"
