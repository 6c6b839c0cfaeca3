"""Which curve of one side is held against which of the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lrviz.compare.difference import EXACTLY, Difference, difference
from lrviz.errors import SpecError
from lrviz.inputs.words import is_config
from lrviz.notation.braces import expand
from lrviz.notation.shell import shell_word
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.compare.difference import Measure, Range
    from lrviz.compare.sides import Side
    from lrviz.compare.track import Track
    from lrviz.notation.finding import Finding


class Differences(NamedTuple):
    """All pairs of two sides, and the curves that only one of them has, with the side's name."""

    pairs: tuple[Difference, ...]
    alone: tuple[tuple[str, str], ...] = ()
    notes: tuple[Finding, ...] = ()

    def noted(self, finding: Finding) -> Differences:
        """With something else that is worth saying."""
        return self._replace(notes=(*self.notes, finding))

    @property
    def equal(self) -> bool:
        """Whether each curve has an equal one."""
        return not self.alone and all(pair.equal for pair in self.pairs)

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The steps that differ, of the first pair that does."""
        return () if self._apart is None else tuple(self._apart.ranges())

    @property
    def largest(self) -> Range | None:
        """The one with the largest difference."""
        return None if self._apart is None else self._apart.largest

    @property
    def cause(self) -> str:
        """What explains all of them, in words; "" where nothing does."""
        return "" if self._apart is None else self._apart.cause

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth saying of the comparison itself."""
        return (*self.notes, *(finding for pair in self.pairs for finding in pair.findings))

    @property
    def _apart(self) -> Difference | None:
        return next((pair for pair in self.pairs if not pair.equal), None)


def compare_sides(one: Side, other: Side, measure: Measure = EXACTLY) -> Differences:
    """Hold each curve of a side against the one that is its own on the other.

    Raises:
        LrvizError: no two belong together, or it cannot be told.

    """
    if _is_log(one) and not _is_log(other):
        one, other = other, one  # the plan explains
    pairs = _pairs(one, other)
    paired = {id(track) for pair in pairs for track in pair}
    alone = [
        (side.name, track.label) for side in (one, other) for track in side.tracks if id(track) not in paired
    ]
    found = (compared(*pair, measure) for pair in pairs)
    named = [replace(pair, names=(_name(one, pair.one), _name(other, pair.other))) for pair in found]
    return Differences(tuple(named), tuple(alone), _of_groups(named))


def compared(one: Track, other: Track, measure: Measure = EXACTLY) -> Difference:
    """A log is held against a plan by its own rules, anything else step by step.

    Raises:
        LrvizError: it cannot be told, or they have no step in common.

    """
    if other.column is None or one.known is not None or measure.align != "steps":
        return difference(one, other, measure)
    from lrviz.compare.log.hold import hold

    return hold(one, other, other.column, measure)


def _of_groups(pairs: Sequence[Difference]) -> tuple[Finding, ...]:
    """What is to be said of several groups that differ."""
    if len(pairs) == 1:
        return ()
    from lrviz.compare.log.swapped import swapped_groups

    return tuple(swapped_groups(pairs))


def _is_log(side: Side) -> bool:
    return any(track.column is not None for track in side.tracks)


def _name(side: Side, track: Track) -> str:
    """The word, and of several curves the label."""
    return side.name if len(side.tracks) == 1 else f"{side.name}: {track.label}"


def _pairs(one: Side, other: Side) -> list[tuple[Track, Track]]:
    """The only two, or one and each column of a log; groups by name or place; others by their labels."""
    if len(one.tracks) == 1 and _is_log(other):
        return [(one.tracks[0], track) for track in other.tracks]
    if len(one.tracks) == len(other.tracks) and all(_is_one_run(side.tracks) for side in (one, other)):
        return list(zip(one.tracks, other.tracks, strict=True))
    for name in (_label, _group):
        theirs = {name(track): track for track in reversed(other.tracks)}
        pairs = [(track, theirs[name(track)]) for track in one.tracks if name(track) in theirs]
        if pairs and (name is _label or all(_is_one_run(side.tracks) for side in (one, other))):
            return pairs
    several = one if len(one.tracks) > 1 else other
    labels, swept = [track.label for track in several.tracks], expand(several.name)
    chosen = swept[0] if len(swept) > 1 else labels[0]
    chosen = f"{several.name}:{chosen}" if is_config(several.name) else chosen
    raise SpecError(
        f"{one.name} and {other.name} have no label in common",
        hint=f"name one curve of {several.name}, which has {few(labels)}: {shell_word(chosen)}",
    )


def _is_one_run(tracks: Sequence[Track]) -> bool:
    return len(tracks) == 1 or len({track.family for track in tracks}) == 1


def _label(track: Track) -> str:
    return track.label


def _group(track: Track) -> str:
    return track.group
