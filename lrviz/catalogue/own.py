"""Schedules of the user's own, known to this process only: named by a word, or loaded from a file."""

from __future__ import annotations

from dataclasses import dataclass

from lrviz.catalogue.registry import Entry, Framework

OWN = Framework("own", "")


@dataclass(frozen=True, eq=False)
class OwnEntry(Entry):
    """A user's own schedule: ``sched.py:get_lr``, or ``own.trapezoid`` where a file was loaded."""

    file: str = ""  # that was loaded

    @property
    def package(self) -> str:
        """None of the folder's, so it is nobody else's."""
        return OWN.name

    @property
    def framework(self) -> Framework:
        """What is true of all of them."""
        return OWN

    @property
    def id(self) -> str:
        """The word that names it, or its name behind ``own``."""
        return self.name if ":" in self.name else f"{OWN.name}.{self.name}"


_KNOWN: dict[str, OwnEntry] = {}


def register(entry: OwnEntry) -> None:
    """Let a schedule be found; one of the same name makes room, as where a notebook's cell runs again."""
    _KNOWN[entry.id] = entry


def own_entries() -> dict[str, OwnEntry]:
    """Those with a name in the catalogue, by id: a word that runs code is offered to nobody."""
    return {name: entry for name, entry in _KNOWN.items() if ":" not in name}


def registered(name: str) -> OwnEntry | None:
    """The one of that id, or named by that word."""
    return _KNOWN.get(name)


def called(name: str) -> OwnEntry | None:
    """The one of that name alone, which a framework's of the same name comes before."""
    return _KNOWN.get(f"{OWN.name}.{name}")
