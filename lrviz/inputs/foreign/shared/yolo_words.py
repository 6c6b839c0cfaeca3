"""The words behind ``yolo``, as its own entrypoint makes settings of them.

Source: ultralytics 8.4.190 ``cfg/__init__.py``: ``merge_equals_args`` and ``entrypoint``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.command import with_switches
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word, merge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from lrviz.inputs.foreign.source import Source

MODES = ("train", "val", "predict", "export", "track", "benchmark")
TASKS = ("detect", "segment", "semantic", "depth", "classify", "pose", "obb")


def with_yolo_words(
    source: Source, switches: Collection[str], valued: Collection[str], known: Collection[str]
) -> Source:
    """A command whose words are pairs: ``epochs = 10``, ``epochs=10,``, and ``train`` as ``mode=train``.

    One of the ``switches`` alone is true, one of ``valued`` stops the program, as what is not ``known`` does.

    Raises:
        ConfigError: there is such a word.

    """
    argv = tuple(_plain(word) for word in _merged(source.argv))
    for word in argv:
        _check_alone(source.name, word, valued, {*known, *switches, *MODES, *TASKS})
    return with_switches(replace(source, argv=tuple(_pair(word, switches) for word in argv)), ())


def _merged(words: Sequence[Word]) -> Iterator[Word]:
    """Those around a ``=`` with blanks made one, and then those within brackets."""
    within: list[Word] = []
    for word in _joined_at_equals(words):
        within.append(word)
        text = "".join(one.text for one in within)
        if text.count("[") == text.count("]"):
            yield _joined(within)
            within = []
    if within:
        yield from within


def _joined_at_equals(words: Sequence[Word]) -> list[Word]:
    made: list[Word] = []
    at = 0
    while at < len(words):
        word, after = words[at], words[at + 1 : at + 2]
        at += 1
        is_equals = word.text == "="
        if made and word.text.startswith("="):
            word = _joined([made.pop(), word])
        if after and (is_equals or (word.text.endswith("=") and "=" not in after[0].text)):
            word = _joined([word, *after])
            at += 1
        made.append(word)
    return made


def _joined(words: Sequence[Word]) -> Word:
    return Word(merge(part for word in words for part in word.parts), words[0].line)


def _plain(word: Word) -> Word:
    """A word without ``--`` before it, and a comma behind it, which are taken off with a warning."""
    word = word.cut(2) if word.head.startswith("--") else word
    *others, last = word.parts or ("",)
    if isinstance(last, str) and last.endswith(","):
        return Word(merge((*others, last[:-1])), word.line)
    return word


def _check_alone(name: str, word: Word, valued: Collection[str], known: Collection[str]) -> None:
    """Stop at a word that is no pair, nor anything that may stand alone."""
    text = word.text
    if isinstance(word.value, Unknown) or "=" in text or not text:
        return
    place = f"{name}:{word.line}" if word.line else name
    if text in valued:
        raise ConfigError(
            f"{place}: {text} stands without a =, at which yolo stops", hint=f"write {text}=VALUE"
        )
    if text not in known:
        raise ConfigError(
            f"{place}: {text} is no argument of yolo, which stops at it, or trains nothing",
            hint=f"take {text} out",
        )


def _pair(word: Word, switches: Collection[str]) -> Word:
    """A word alone as what it sets."""
    text = word.text
    names = {**dict.fromkeys(TASKS, "task"), **dict.fromkeys(MODES, "mode")}
    if text in names:
        return Word.of(f"{names[text]}={text}", word.line)
    return Word.of(f"{text}=True", word.line) if text in switches else word
