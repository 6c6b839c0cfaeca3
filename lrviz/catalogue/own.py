"""Schedules of the user's own, known to this process only: named by a word, or loaded from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.catalogue.registry import Framework

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry

OWN = Framework("own", "")
_KNOWN: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Let a schedule be found; one of the same name makes room, as where a notebook's cell runs again."""
    _KNOWN[entry.id] = entry


def own_entries() -> dict[str, Entry]:
    """Those with a name in the catalogue, by id: a word that runs code is offered to nobody."""
    return {name: entry for name, entry in _KNOWN.items() if ":" not in name}


def registered(name: str) -> Entry | None:
    """The one of that id, or named by that word."""
    return _KNOWN.get(name)


def called(name: str) -> Entry | None:
    """The one of that name alone, which a framework's of the same name comes before."""
    return _KNOWN.get(f"{OWN.name}.{name}")
