"""A schedule of the user's own, beside those of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from lrviz.catalogue.own import OWN
from lrviz.catalogue.registry import Entry, Framework

if TYPE_CHECKING:
    from lrviz.engine.timeline import Timeline

Lines: TypeAlias = "tuple[dict[str, Timeline], ...]"
Params = Mapping[str, Any]


@dataclass(frozen=True, eq=False, kw_only=True)
class OwnEntry(Entry):
    """A user's own schedule: ``sched.py:get_lr``, or ``own.trapezoid`` where a file was loaded."""

    has_state: Callable[[Params], bool]
    """Whether it is a scheduler with these parameters, and no function of the step."""
    resumed: Callable[[Params, Params, int], Lines]
    """What a scheduler with the second ones does that goes on after so many ticks of one with the first."""
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
