"""Regular expressions as ``sed`` reads them, basic or extended, as Python's; not those that may differ."""

from __future__ import annotations

import re

_CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
}
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\[:\w+:\]|[^]])*\]|.", re.DOTALL)
_SPECIAL = "+?(){}|"
_EDGES = "<>`'"
"""Of words and texts, behind a stroke."""
_KEPT = {rf"\{letter}" for letter in "sSwWbB"} | {r"\t"}
_PRIVATE = re.compile("[\ue000-\uf8ff]")
"""Letters that stand for what nobody knows."""
_MOST_STARS = 3


def python_pattern(
    text: str, delimiter: str, *, is_extended: bool, ignores_case: bool = False
) -> re.Pattern[str] | None:
    """A pattern that finds the same; None where that is not sure."""
    if not text or _PRIVATE.search(text):
        return None
    tokens = [one[1:] if one == f"\\{delimiter}" else one for one in _TOKEN.findall(text)]
    made: list[str] = []
    for at, token in enumerate(tokens):
        before = made[-1] if made else ""
        is_first = before in {"", "(", "^"}
        one = _translated(token, before, is_extended=is_extended, is_last=at + 1 == len(tokens))
        if one is None or (_repeats(one) and (is_first or _repeats(before) or before == ")")):
            return None
        made.append(one)
    if sum(map(_repeats, made)) > _MOST_STARS:
        return None
    try:
        return re.compile("".join(made), re.ASCII | (re.IGNORECASE if ignores_case else 0))
    except (re.error, OverflowError, RecursionError):
        return None


def _repeats(token: str) -> bool:
    return token in {"*", "+", "?", "{"}


def _translated(token: str, before: str, *, is_extended: bool, is_last: bool) -> str | None:
    """One letter, escape or set of a pattern as Python writes it, behind another."""
    letter, is_first = token[-1], before in {"", "(", "^"}
    if token[0] == "[":
        return _set(token) if len(token) > 1 else None
    if letter in _SPECIAL:
        is_special = (len(token) == 1) == is_extended
        return None if is_special and letter in "|{}" else letter if is_special else re.escape(letter)
    if len(token) > 1:
        return (
            token if token in _KEPT else None if letter.isalnum() or letter in _EDGES else re.escape(letter)
        )
    if letter == "*":
        return re.escape(letter) if is_first and not is_extended else letter
    if letter in "^$":
        is_anchor = is_last if letter == "$" else is_first and before != "^"
        return letter if is_anchor else None if is_extended else re.escape(letter)
    return letter if letter == "." else re.escape(letter)


def _set(token: str) -> str | None:
    """``[^[:space:]a-z]``."""
    opened = "[^" if token.startswith("[^") else "["
    inner = token[len(opened) : -1]
    names = re.findall(r"\[:(\w+):\]", inner)
    if not inner or not _CLASSES.keys() >= {*names}:
        return None
    parts = re.split(r"(\[:\w+:\])", inner)
    made = (_CLASSES[one[2:-2]] if one.startswith("[:") else _literal(one) for one in parts)
    return f"{opened}{''.join(made)}]"


def _literal(text: str) -> str:
    return re.sub(r"([\\\[\]&~|^])", r"\\\1", text)
