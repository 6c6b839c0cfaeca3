"""What ``cp``, ``mv``, ``ln``, ``rsync`` and ``install`` put where, and what ``rm`` and ``mv`` take away.

Source: the manuals of GNU coreutils 9.4 and rsync 3.2.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.beside import is_elsewhere
from lrviz.inputs.foreign.shell.archives import letters_of
from lrviz.inputs.foreign.written import COPIED, EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COPIERS = frozenset(("cp", "mv", "ln", "rsync", "install"))
REMOVERS = frozenset(("rm", "unlink", "shred", "trash"))
_ROOM = {"-t", "--target-directory"}
_VALUED = {"install": {"-m", "-o", "-g", "--mode"}, "rsync": {"-e", "--rsh", "--exclude", "--include"}}
_LEAVING = {"--no-clobber", "--update=none", "--ignore-existing"}


class Placing(NamedTuple):
    """What is put where; a target that is there is left, or ``may`` be, if it is newer."""

    pairs: tuple[tuple[str, str], ...]
    leaves: bool = False
    may_leave: bool = False


def placing(name: str, words: Sequence[str]) -> Placing:
    """What a command that copies or moves does, by the words behind its name."""
    letters = letters_of(words)
    if name == "rsync" and ("n" in letters or "--dry-run" in words):
        return Placing(())
    is_link = name == "ln"
    forces = "f" in letters or "--force" in words
    leaves = ("n" in letters and not is_link) or not _LEAVING.isdisjoint(words) or (is_link and not forces)
    may_leave = "u" in letters or not {"--update", "--update=older"}.isdisjoint(words)
    return Placing(tuple(_pairs(name, words)), leaves, may_leave)


def _pairs(name: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each file with where it is put; what may be a folder is taken for one, and for a file as well."""
    named, room = _named(name, words)
    if not room and len(named) < 2:
        return
    copied, to = (named, room) if room else (named[:-1], named[-1])
    is_folder = bool(room) or to.endswith("/") or len(copied) > 1 or bool(set("*?[") & set(copied[0]))
    may_be_folder = is_folder or PurePath(to).suffix.lower() not in COPIED
    for file in copied:
        if not is_folder:
            yield _source(name, words, file, to), to
        if may_be_folder:
            into = str(PurePath(to, PurePath(file).name))
            yield _source(name, words, file, into), into


def _source(name: str, words: Sequence[str], file: str, to: str) -> str:
    """A file as it is seen from the current folder; a link names it as seen from its own."""
    is_soft = name == "ln" and ("s" in letters_of(words) or "--symbolic" in words)
    is_own = is_soft and not is_elsewhere(file) and not is_elsewhere(to)
    return os.path.normpath(PurePath(to).parent / file) if is_own else file


def _named(name: str, words: Sequence[str]) -> tuple[list[str], str]:
    """What is no option, and the folder that ``-t`` names in front."""
    named, room = [], ""
    valued = _VALUED.get(name, set())
    for before, word in pairwise(["", *words]):
        option, equals, value = word.partition("=")
        if option in _ROOM and equals:
            room = value
        elif before in _ROOM and name != "rsync":
            room = word
        elif not word.startswith("-") and before not in valued:
            named.append(word)
    return named, room


def removed(name: str, words: Sequence[str]) -> Iterator[str]:
    """What is taken away, by the words behind the name of a command."""
    if name == "git" and words[:1] in (["rm"], ["mv"]):
        yield from removed(words[0], words[1:])
    elif name in REMOVERS:
        is_whole = not letters_of(words).isdisjoint("rR") or "--recursive" in words
        for word in words:
            if not word.startswith("-"):
                yield word
                yield from [str(PurePath(word, EVERY))] if is_whole else ()
    elif name == "mv" and not placing(name, words).leaves:
        yield from (file for file, _ in placing(name, words).pairs)
