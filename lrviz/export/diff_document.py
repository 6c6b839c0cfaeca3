"""A comparison as a JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.export.documents import finite

if TYPE_CHECKING:
    from lrviz.compare.cause import Cause
    from lrviz.compare.difference import Difference, Range
    from lrviz.compare.pairs import Differences
    from lrviz.compare.track import Track
    from lrviz.export.documents import Document

MOST_RANGES = 1000
"""Further ones are only counted."""


def diff_document(found: Differences) -> Document:
    """Whether all is equal, each pair, and what has no counterpart."""
    return {
        "equal": found.equal,
        "pairs": [_pair(pair) for pair in found.pairs],
        "alone": [{"side": side, "label": label} for side, label in found.alone],
    }


def _pair(pair: Difference) -> Document:
    largest = pair.largest
    return {
        "equal": pair.equal,
        "first": _track(pair.one, pair.names[0], pair.lengths[0]),
        "second": _track(pair.other, pair.names[1], pair.lengths[1]),
        "align": pair.measure.align,
        "steps_per_place": pair.stride,
        "compared": pair.compared,
        "slack": pair.case.slack,
        "ranges": [_range(pair, one) for one in pair.ranges(MOST_RANGES)],
        "range_count": len(pair.found),
        "ranges_are_exact": not pair.found.is_hull,
        "largest": _range(pair, largest) if largest else None,
        "causes": [_cause(cause) for cause in pair.causes],
        "others": [_cause(cause) for cause in pair.others],
        "log": pair.of_log,
    }


def _cause(cause: Cause) -> Document:
    said: Document = finite(cause._replace(beside=())._asdict())
    return {**said, "beside": [one.text for one in cause.beside], "text": cause.text}


def _track(track: Track, name: str, steps: int | None) -> Document:
    return {
        "name": name,
        "label": track.label,
        "steps": steps,
        "stops_at": track.ran if track.why else None,
    }


def _range(pair: Difference, one: Range) -> Document:
    share = abs(one.distance) / pair.top if pair.top else None
    said: Document = finite({**one._asdict(), "difference": one.distance, "share_of_peak": share})
    return said
