"""What ``getopts`` and ``getopt`` make of the words that a script is given: one option after another."""

from __future__ import annotations

import getopt
import shlex
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Letter(NamedTuple):
    """What a turn of the loop finds: a letter, ``?`` for one that is none, ``:`` where its word is missing.

    ``argument`` is ``OPTARG``, ``following`` the number of the word behind it: ``OPTIND``.
    """

    name: str
    argument: Word | None
    following: int


def letters(spec: str, words: Sequence[Word]) -> Iterator[Letter]:
    """The options in front, up to ``--`` or a word that is none; the last turn of all finds ``?`` alone."""
    at, is_silent = 0, spec.startswith(":")
    while at < len(words) and words[at].head[:1] == "-" and words[at].text not in {"-", "--"}:
        word, at, place = words[at], at + 1, 1
        while place < len(word.head):
            letter, place = word.head[place], place + 1
            rest, is_last = word.cut(place), not word.cut(place).parts
            if letter == ":" or letter not in spec:
                yield Letter("?", Word.of(letter) if is_silent else None, at + is_last)
            elif f"{letter}:" not in spec:
                yield Letter(letter, None, at + is_last)
            elif not is_last:
                yield Letter(letter, rest, at + 1)
                break
            elif at < len(words):
                at += 1
                yield Letter(letter, words[at - 1], at + 1)
                break
            else:
                yield Letter(":" if is_silent else "?", Word.of(letter) if is_silent else None, at + 1)
    yield Letter("?", None, at + 1 + (at < len(words) and words[at].text == "--"))


_OWN = ["options=", "longoptions=", "name=", "alternative", "quiet", "quiet-output", "shell=", "unquoted"]
"""The long options of ``getopt`` itself."""


def sorted_options(words: Sequence[str]) -> str | None:
    """What ``getopt -o l: --long lr: -- WORDS`` prints; None where it stops, or may have no argument."""
    try:
        own, rest = getopt.getopt(list(words), "o:l:n:aqQs:u", _OWN)
        short = "".join(value for name, value in own if name in ("-o", "--options"))
        long = [one for name, value in own if name in ("-l", "--longoptions") for one in value.split(",")]
        if "::" in short or any(one.endswith("::") for one in long):
            return None
        pairs, others = getopt.gnu_getopt(rest, short, [one.replace(":", "=") for one in long if one])
    except getopt.GetoptError:
        return None
    takes = {f"-{letter}" for letter, after in pairwise(short) if after == ":"}
    takes |= {f"--{one[:-1]}" for one in long if one.endswith(":")}
    found = [part for name, value in pairs for part in ((name, value) if name in takes else (name,))]
    return shlex.join([*found, "--", *others])
