"""A word as it is typed into a shell."""

from __future__ import annotations

import re
import shlex

_PLAIN = re.compile(r"[\w@%+=:./-]+", re.ASCII)
_SPECIAL = re.compile(r'["$`\\!]')


def shell_word(text: str) -> str:
    """``text`` for any shell: in double quotes where one would cut it, as PowerShell does at a comma."""
    if _PLAIN.fullmatch(text):
        return text
    return shlex.quote(text) if _SPECIAL.search(text) else f'"{text}"'


def shell_line(*words: str) -> str:
    """The words as one line to type."""
    return " ".join(map(shell_word, words))
