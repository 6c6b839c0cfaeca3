"""A word as it is typed into a shell."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = re.compile(r"[\w@%+=:./-]+", re.ASCII)
_SPECIAL = re.compile(r'["$`\\!]')
_TAIL = re.compile(r"\w+=.*|[-+]?\.?\d[\w.+-]*%?", re.ASCII | re.DOTALL)


def shell_word(text: str) -> str:
    """``text`` for any shell: in double quotes where one would cut it, as PowerShell does at a comma."""
    if _PLAIN.fullmatch(text):
        return text
    if not _SPECIAL.search(text):
        return f'"{text}"'
    import shlex

    return shlex.quote(text)


def shell_line(*words: str) -> str:
    """The words as one line to type."""
    return " ".join(map(shell_word, words))


def torn(word: str, before: str = "", after: Sequence[str] = ()) -> str:
    """How to type a word that a shell has cut off the schedule ``before``, or left in its single quotes.

    ``after`` are the words behind it, of which the first may have been cut off too.
    """
    if word.startswith("'"):
        whole = word.strip("'")
        return f'this shell takes double quotes: "{whole}"'
    tails = list(takewhile(_TAIL.fullmatch, [word, *after]))
    if not tails:
        return ""
    if ":" in before:
        whole = ",".join([before.rstrip(","), *tails])
        return f'quote it whole, or the shell cuts it at the comma: "{whole}"'
    if "=" in word:
        whole = shell_word(f"{before}:{','.join(tails)}")
        return f"parameters stand behind a colon: {whole}" if before else ""
    return 'quote a list whole, or the shell cuts it at the comma, as in: --lr "1e-3,1e-4"'
