"""The words of a program as options and words, before anybody knows whose they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from lrviz.inputs.foreign.word import Word

Value = str | Unknown
_OPTION = re.compile(r"--?(?=[A-Za-z_])")
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:inf|nan)")
_GLUED = re.compile(r"(-[A-Za-z])(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
"""A letter and its number, ``-b64``, as argparse takes them for ``-b 64``."""
_PAIR = re.compile(r"(\+{0,2}|~)([A-Za-z_][\w./@-]*)=")
_NO_OPTIONS = re.compile(
    r"(?:\$\(|`)(?:[^;&|]*\|(?!\|))*\s*(?:basename|date|dirname|hostname|nproc|pwd|realpath|seq|wc|whoami)\b"
    r"[^;&|()`]*[)`]"
)
"""What prints values and no options, ``$(seq 8 8 $MOST)``, at the end of a pipe too."""
_OF_HYDRA = ("m", "multirun")
"""Switches behind which ``k=v`` is no value."""
_DELETED = re.compile(r"~[A-Za-z_][\w./@-]*")


class Option(NamedTuple):
    """An option as it stands there: its name with underscores, as it is written, its values and line."""

    name: str
    written: str
    values: tuple[Word, ...]
    line: int

    @property
    def value(self) -> bool | Value | tuple[Value, ...]:
        """True of a bare switch, one value, or several."""
        values = tuple(word.value for word in self.values)
        return values[0] if len(values) == 1 else values or True


class Arguments(NamedTuple):
    """All options in their order, repeated ones too; words that are none; and what may be either."""

    options: tuple[Option, ...]
    words: tuple[Word, ...]
    hidden: tuple[Unknown, ...]


def read_options(words: Sequence[Word], switches: Collection[str] = ()) -> Arguments:
    """Read ``--k v``, ``--k=v``, ``-k v``, ``-k1``, ``k=v``, ``+k=v`` and ``~k``, up to a ``--``.

    An option takes the words behind it up to the next option, but no text behind a number, and ``k=v`` only
    where its first is one; one of the ``switches`` takes none.
    """
    options: list[Option] = []
    others: list[Word] = []
    hidden: list[Unknown] = []
    at = 1 if words and words[0].text == "--" else 0
    while at < len(words):
        word = words[at]
        at += 1
        if word.text == "--":
            others += words[at:]
            break
        if (pair := _pair(word)) is not None:
            options.append(pair)
        elif is_option(word):
            name = word.text.lstrip("-").replace("-", "_")
            is_switch = name in switches or (name in _OF_HYDRA and at < len(words) and _pair(words[at]))
            taken = () if is_switch else tuple(_values(words[at:]))
            at += len(taken)
            options.append(Option(name, word.text, taken, word.line))
        elif isinstance(word.value, Unknown) and not word.head:
            hidden.append(word.value)
        else:
            others.append(word)
    return Arguments(tuple(options), tuple(others), tuple(hidden))


def is_option(word: Word) -> bool:
    """Whether a word begins as an option does: ``-1`` and ``-1e-3`` are numbers."""
    return _OPTION.match(word.head) is not None and not _NUMBER.fullmatch(word.text)


def _pair(word: Word) -> Option | None:
    """``--k=v``, ``-k1``, ``k=v``, ``+k=v`` or ``~k``."""
    if glued := _GLUED.fullmatch(word.text):
        return Option(glued[1][1:], glued[1], (word.cut(len(glued[1])),), word.line)
    if is_option(word):
        written, equals, _ = word.head.partition("=")
        name = written.lstrip("-")
    elif found := _PAIR.match(word.head):
        written, equals, name = found[0][:-1], "=", found[1].replace("+", "") + found[2]
    elif _DELETED.fullmatch(word.text):
        return Option(word.text, word.text, (), word.line)
    else:
        return None
    if not equals:
        return None
    return Option(name.replace("-", "_"), written, (word.cut(len(written) + 1),), word.line)


def _values(words: Iterable[Word]) -> Iterable[Word]:
    first: Word | None = None
    for word in words:
        if is_option(word) or word.text == "--":
            return
        is_pair = _pair(word) is not None
        if first is not None and (is_pair != (_pair(first) is not None) or _ends(first, word)):
            return
        first = word if first is None else first
        yield word


def _ends(first: Word, word: Word) -> bool:
    """A text behind a number is no further value; nor is a word that nobody knows, which may be an option."""
    unknown = isinstance(word.value, Unknown) and not word.head
    if unknown and _NO_OPTIONS.fullmatch(word.text):
        return False
    return unknown or (bool(_NUMBER.fullmatch(first.text)) and not _NUMBER.fullmatch(word.text))
