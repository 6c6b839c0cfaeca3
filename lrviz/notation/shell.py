"""A word as it is typed into a shell."""

from __future__ import annotations

import re

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


def torn(word: str, before: str = "") -> str:
    """How to type a word that a shell has cut off ``before`` at a comma, or left in its single quotes."""
    if word.startswith("'"):
        whole = word.strip("'")
        return f'this shell takes double quotes: "{whole}"'
    if not _TAIL.fullmatch(word):
        return ""
    whole = f"{before.rstrip(',')},{word}" if ":" in before else f"…,{word}"
    return f'quote it whole, or the shell cuts it at the comma: "{whole}"'
