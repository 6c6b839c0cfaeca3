"""A check in lines for people: what was asked, what is, and how many hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.notation.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.checks.verdict import Outcome, Report
    from lrviz.notation.origin import Place


def check_lines(report: Report) -> Iterator[str]:
    """A line for each expectation, and the sum."""
    yield from map(_line, report.outcomes)
    yield summary(report)


def failures(report: Report) -> Iterator[str]:
    """A line for each expectation that does not hold."""
    return (_line(one) for one in report.outcomes if not one.verdict.holds)


def _line(one: Outcome) -> str:
    place = f"{one.place.file}:{one.place.line}: " if one.place and one.place.line else ""
    return f"{'ok  ' if one.verdict.holds else 'FAIL'}  {place}{one.label}: {one.text}"


def summary(report: Report) -> str:
    """``4 of 5 expectations hold, 1 warning``."""
    held = sum(one.verdict.holds for one in report.outcomes)
    asked = counted(len(report.outcomes), "expectation")
    holding = f"{held} of {asked} hold{'s' if len(report.outcomes) == 1 else ''}"
    levels = [finding.level for finding in report.findings]
    found = [counted(levels.count(level), level) for level in ("error", "warning") if level in levels]
    if not report.outcomes:
        holding, found = "nothing is expected", found or ["nothing found"]
    return ", ".join([holding, *found])


def where(place: Place | None) -> dict[str, str]:
    """The file and the line that ask, as far as they are known."""
    if place is None:
        return {}
    return {"file": place.file, **({"line": str(place.line)} if place.line else {})}
