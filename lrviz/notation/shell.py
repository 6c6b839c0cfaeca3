"""A word as it is typed into a shell."""

from __future__ import annotations

import re
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = r"(?a)[\w@%+=:./-]+"
_SPECIAL = r'["$`\\!]'
_TAIL = r"(?as)\w+=.*|[-+]?\.?\d[\d._]*(?:e[-+]?\d+)?(?:[km]?(?:st)?|ep|%)"


def shell_word(text: str) -> str:
    """``text`` for any shell: in double quotes where one would cut it, as PowerShell does at a comma."""
    if re.fullmatch(_PLAIN, text):
        return text
    if not re.search(_SPECIAL, text):
        return f'"{text}"'
    import shlex

    return shlex.quote(text)


def shell_line(*words: str) -> str:
    """The words as one line to type."""
    return " ".join(map(shell_word, words))


def quoting_hint(word: str, before: str = "", after: Sequence[str] = ()) -> str:
    """How to type a word that a shell has cut off the schedule ``before``, or left in its single quotes.

    ``after`` are the words behind it, of which the first may have been cut off too.
    """
    if word.startswith("'"):
        whole = word.strip("'")
        return f'this shell takes double quotes: "{whole}"'
    tails = list(takewhile(partial(re.fullmatch, _TAIL), [word, *after]))
    if not tails:
        return ""
    if ":" in before:
        whole = ",".join([before.rstrip(","), *tails])
        return f'quote it whole, or the shell cuts it at the comma: "{whole}"'
    if "=" in word:
        whole = shell_word(f"{before}:{','.join(tails)}")
        return f"parameters stand behind a colon: {whole}" if before else ""
    if not before and re.fullmatch(r"[\d_]+[km]?", word):
        return f"a number stands behind its option: --steps {word}"
    return 'quote a list whole, or the shell cuts it at the comma, as in: --lr "1e-3,1e-4"'
