"""All keys that a trainer has, as its own source names them, and what becomes of any other."""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.source import Source

_FOLDER = Path(__file__).parent / "known"


class Fate(Enum):
    """What becomes of a key that a trainer does not have, in words where its list is whole."""

    KEPT = ""
    """It is for the script, which may have keys of its own."""
    STOPS = "which stops at it"
    LEFT = "whose parser stops at it"
    """It is none of a script's own options, which are all known."""
    UNADDED = "which stops at it unless a + adds it"
    DOUBTED = "whose own program stops at them; a script of yours may have them"
    PASSED = "which passes over them"


def by_language(others: Fate = Fate.KEPT, **fates: Fate) -> Callable[[Source, Source, str], Fate]:
    """The fate that the language of the source decides: ``command``, ``python``, ``yaml`` …."""
    return lambda _first, layer, _version: fates.get(layer.language, others)


def _none(_of: object) -> frozenset[str]:
    return frozenset()


class KnownKeys(NamedTuple):
    """The ``lists`` of a trainer's keys, and the fate of any other.

    That is asked of the first source, which is the command where there is one, of the one that has the key,
    and of the version. A list joins the keys of all versions and programs that were looked at, of which this
    run's ``lacks`` some, and the script of a command in any version those that are ``absent``; ``sglang_*``
    are all that begin so.

    At those that ``stops`` names, the script of a command surely stops, whatever the fate of any other.

    ``tables`` are those whose keys are all told, each by its path: its program stops at any other, as a
    constructor does. ``of_files`` tells whether a command overrides only what its files have, as hydra's do.
    """

    lists: tuple[str, ...] = ()
    fate: Callable[[Source, Source, str], Fate] = by_language()
    lacks: Callable[..., frozenset[str]] = _none  # of its ``Settings``
    absent: Callable[[Source], frozenset[str]] = _none
    stops: Callable[[Source], frozenset[str]] = _none
    tables: Mapping[str, frozenset[str]] = MappingProxyType({})
    of_files: bool = False

    def names(self) -> frozenset[str]:
        """All of them, with underscores."""
        return frozenset().union(*map(_listed, self.lists))

    def alone(self, settings: Iterable[Setting]) -> KnownKeys:
        """The same of a program that has, of these settings, none but those that it lists."""

        def unlisted(_of: object) -> frozenset[str]:
            return frozenset(name for one in settings for name in one.names) - self.names()

        return self._replace(lacks=unlisted, absent=unlisted)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(line.partition(" ")[0] for line in lines_of(name))


@cache
def lacking(name: str) -> dict[str, frozenset[str]]:
    """Of a list with a script and names in each line, the names that each script does not have."""
    rows = (line.split() for line in lines_of(name))
    return {script: frozenset(names) for script, *names in rows}


def lines_of(name: str) -> list[str]:
    """The lines of a list but its comments: a key, and what else is known of it."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]
