"""A schedule of the user's own, beside those of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from lrviz.catalogue.own import OWN
from lrviz.catalogue.registry import Entry, Framework


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
