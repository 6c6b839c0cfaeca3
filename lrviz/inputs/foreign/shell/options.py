"""The options of a launcher, which end where the words of its program begin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.word import Word

if TYPE_CHECKING:
    from collections.abc import Collection

_SET = re.compile(r"([A-Za-z_]\w*)=")
_JOINED = re.compile(r"-([A-Za-z])\d+")


def take_options(
    words: tuple[Word, ...], switches: str, pairs: str = "", stop: Collection[str] = ""
) -> tuple[dict[str, Word], tuple[Word, ...]]:
    """The options at the beginning and what stands behind them; each takes a value but the switches.

    An option with two values keeps neither; behind one of ``stop`` there are no more options.
    """
    lone, double = set(switches.split()), set(pairs.split())
    options: dict[str, Word] = {}
    at = 0
    while at < len(words) and words[at].head.startswith("-") and words[at].text != "-":
        if words[at].text == "--":
            return options, words[at + 1 :]
        key, length = option_key(words[at])
        at += 1
        if length:
            options[key] = words[at - 1].cut(length)
        elif key in lone:
            options[key] = Word.of("true", words[at - 1].line)
        elif at < len(words):
            options[key] = words[at]
            at += 2 if key in double else 1
        if key and key in stop:
            break
    return options, words[at:]


def exported(said: Word) -> dict[str, Word]:
    """The variables of ``ALL,LR=1e-4``; a name alone is handed on as it is."""
    found = ((_SET.match(one.head), one) for one in said.split(","))
    return {name[1]: one.cut(name.end()) for name, one in found if name}


def variables_set(words: tuple[Word, ...], names: str, pairs: str = "") -> dict[str, Word]:
    """Those of options that may be repeated: ``-x A=1 -x B=2``, and in pairs ``-env A 1``."""
    double = set(pairs.split())
    found: dict[str, Word] = {}
    for at, word in enumerate(words):
        key, length = option_key(word)
        first, second, *_ = (*words[at + 1 : at + 3], Word(()), Word(()))
        if key not in names.split():
            continue
        found |= {first.text: second} if key in double else exported(word.cut(length) if length else first)
    return found


def option_key(word: Word) -> tuple[str, int]:
    """An option's name with underscores, and where its value begins in the same word, else 0."""
    name, equals, _ = word.head.partition("=")
    if joined := _JOINED.match(name):
        return joined[1], 2
    if not name.startswith("-"):
        return "", 0
    return name.lstrip("-").replace("-", "_"), len(name) + 1 if equals else 0
