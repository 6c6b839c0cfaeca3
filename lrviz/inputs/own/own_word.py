"""Which word names code of the user's: ``sched.py:get_lr`` or ``pkg.mod:get_lr``, parameters behind it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from lrviz.catalogue.names import lookup
from lrviz.notation.spec import NAME

_ATTRIBUTE = rf":({NAME.pattern})(?=$|:)"
_IN_FILE = rf"((?:[A-Za-z]:[\\/])?[^:\n]+\.py){_ATTRIBUTE}"
_IN_MODULE = rf"({NAME.pattern}){_ATTRIBUTE}"


class OwnWord(NamedTuple):
    """A file or module, what in it, and the text behind both: a colon and parameters, or nothing."""

    place: str
    attribute: str
    rest: str = ""

    @property
    def name(self) -> str:
        """What its schedule is called."""
        return f"{self.place}:{self.attribute}"

    @property
    def is_file(self) -> bool:
        """Whether it names a file; else it names a module."""
        return self.place.endswith(".py")

    def seen_from(self, folder: Path) -> OwnWord:
        """The word as its file is found from here, where it lies beside a config."""
        return self._replace(place=str(folder / self.place)) if self.is_file else self


def own_word(word: str) -> OwnWord | None:
    """What of the user's own a word names; None where it names no file or module beside what is in it."""
    if ":" not in word:  # the patterns are made where one may fit
        return None
    found = re.match(_IN_FILE, word, re.ASCII) or re.match(_IN_MODULE, word, re.ASCII)
    if found is None:
        return None
    made = OwnWord(found[1], found[2], word[found.end() :])
    return made if made.is_file or _is_module(made.place) else None


def module_of(word: str) -> str:
    """What of a word would be a module, were there one: all before a single name; else ""."""
    found = re.fullmatch(_IN_MODULE, word, re.ASCII)
    return found[1] if found else ""


def _is_module(name: str) -> bool:
    """Whether there is such a module, here or installed, without importing any; a schedule's name is none."""
    if lookup(name) is not None or Path(name).exists():  # run.toml:base beside run.py is of the config
        return False
    from importlib.machinery import PathFinder
    from importlib.util import find_spec

    first, *rest = name.split(".")
    found = PathFinder.find_spec(first, [str(Path.cwd())]) or find_spec(first)
    for depth in range(1, len(rest) + 1):
        if found is None or found.submodule_search_locations is None:
            return False
        full = ".".join((first, *rest[:depth]))
        found = PathFinder.find_spec(full, list(found.submodule_search_locations))
    return found is not None
