"""A report as Markdown: for a terminal, a comment, or the summary of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import WORDS
from lrviz.export.grid import text_rows
from lrviz.export.markdown_text import escaped, markdown_lines
from lrviz.notation.numbers import counted
from lrviz.notation.text import listed
from lrviz.report.mermaid import MOST_LINES, charts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.notation.finding import Finding
    from lrviz.report.contents import Contents

LARGEST = 1 << 20
"""Bytes that GitHub shows of a job's summary."""


def summary_text(contents: Contents, room: int = LARGEST) -> str:
    """Verdict, lengths, table, expectations, findings, charts; of very many as many as there is room for."""
    most = max(len(contents.rows), len(contents.report.outcomes), len(contents.report.findings))
    text = _text(contents, most)
    while len(text.encode()) > room and most:
        most //= 2
        text = _text(contents, most)
    return text


def _text(contents: Contents, most: int) -> str:
    report = contents.report
    parts = [
        [f"## {'✅' if report.passes else '❌'} {escaped(contents.title)}: {contents.verdict}"],
        [escaped(budget) for budget in contents.budgets[:most]],
        _table(contents, most),
        _expectations(contents, most),
        [line for finding in report.findings[:most] for line in _finding(finding)],
        _cut(len(report.findings) - most, "finding"),
        *_charts(contents),
        [f"<sub>{contents.maker}</sub>"],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _table(contents: Contents, most: int) -> list[str]:
    grid = contents.table
    rows = list(text_rows(grid))
    lines = markdown_lines([one.title for one in grid], [one.align for one in grid], rows[:most])
    return [*lines, *_cut(len(rows) - most, "curve")]


def _expectations(contents: Contents, most: int) -> list[str]:
    outcomes = contents.report.outcomes
    if not outcomes:
        return []
    rows: Sequence[Sequence[str]] = [
        ("✅" if one.verdict.holds else "❌", one.label, one.asked, one.verdict.found)
        for one in sorted(outcomes, key=lambda one: one.verdict.holds)[:most]
    ]
    lines = markdown_lines(("", "schedule", "expected", "found"), ("left",) * 4, rows)
    return [*lines, *_cut(len(outcomes) - most, "expectation")]


def _finding(finding: Finding) -> Iterator[str]:
    said = finding.write_hint(WORDS)
    label = f"**{escaped(said.label)}**: " if said.label else ""
    yield f"- {said.level}: {label}{escaped(said.text)}"
    yield from (f"  <br>{escaped(detail)}" for detail in said.details)
    if said.hint:
        yield f"  <br>{escaped(said.hint)}"


def _charts(contents: Contents) -> Iterator[list[str]]:
    """Mermaid has no legend: the table tells which line is which."""
    found = list(charts(contents.rows[:MOST_LINES]))
    drawn = [row for rows, _ in found for row in rows]
    if found and len(contents.rows) > 1:
        yield [f"{_named(drawn, contents)}{', by length' if found[1:] else ''}."]
    yield from (["```mermaid", chart, "```"] for _, chart in found)


def _named(drawn: Sequence[Series], contents: Contents) -> str:
    """Which curves of the table are drawn: all, the first ones, or those of these labels."""
    shown = contents.rows[:MOST_LINES]
    if len(drawn) == 1:
        return f"The curve is {escaped(drawn[0].label)}"
    if len(drawn) < len(shown):
        return (
            f"The curves are {escaped(listed([row.label for row in shown if row in drawn]))}, in this order"
        )
    which = "those of" if len(shown) == len(contents.rows) else f"the first {len(shown)} of"
    return f"The curves are {which} the table, in its order"


def _cut(left: int, what: str) -> list[str]:
    return ["", f"… and {counted(left, what)} more"] if left > 0 else []
