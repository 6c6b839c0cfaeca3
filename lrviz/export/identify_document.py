"""What a log is identified as, as a JSON document and as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.export.grid import Column, cell, texts
from lrviz.export.identify_lines import range_text
from lrviz.identification.sights import sights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.export.documents import Document
    from lrviz.export.grid import Grid
    from lrviz.identification.candidate import Candidate
    from lrviz.identification.identified import Identified


def identify_document(found: Identified, shown: Sequence[Candidate]) -> Document:
    """The log, each schedule that has all its rows, and what is seen of it."""
    return {
        "log": found.log.name,
        "format": found.log.format,
        "column": found.column.name,
        "unit": found.column.unit,
        "precision": found.column.precision,
        "rows": int(found.seen.values.size),
        "first": int(found.seen.ticks[0]),
        "last": int(found.seen.ticks[-1]),
        "identified": bool(shown),
        "seen": list(sights(found.seen)),
        "may_follow_a_metric": found.seen.is_stairs,
        "candidates": [_candidate(found, one) for one in shown],
        "candidate_count": len(found.found),
    }


def _candidate(found: Identified, one: Candidate) -> Document:
    return {
        "spec": one.text,
        "schedule": one.spec.name,
        "offset": one.shift,
        "other_offsets": list(one.shifts),
        "numbers": one.numbers,
        "deciding_rows": found.deciding(one),
        "ranges": [{**each._asdict(), "key": each.key} for each in one.ranges],
        "same_curve": list(one.same),
        "parts_at": found.parts_at(one),
    }


def identify_grid(found: Identified, shown: Sequence[Candidate]) -> Grid:
    """A row for each schedule."""
    parts = [found.parts_at(one) for one in shown]
    return [
        texts("spec", [one.text for one in shown]),
        Column("offset", "offset", [cell(one.shift) for one in shown]),
        Column("deciding_rows", "rows decide", [cell(found.deciding(one)) for one in shown]),
        Column("parts_at", "parts at", [cell(at) for at in parts]),
        texts("ranges", ["; ".join(map(range_text, one.ranges)) for one in shown]),
        texts("same_curve", [" ".join(one.same) for one in shown]),
    ]
