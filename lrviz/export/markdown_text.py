"""Markdown: a table as GitHub and others read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.export.annotations import annotate_findings
from lrviz.notation.numbers import epoch_text
from lrviz.notation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.engine.timeline import TickArray
    from lrviz.export.rows import Table

RULES = {"left": "---", "right": "---:"}
_SPECIAL = re.compile(r"[\\|*`<]|(?<!\w)_|_(?!\w)")


def markdown_text(table: Table, blocks: Iterable[TickArray]) -> Iterator[str]:
    """A row for each step, in full precision; ``epoch`` is empty where it is unknown."""
    titles = table.titles
    yield from (f"{line}\n" for line in markdown_lines(titles, ["right"] * len(titles), []))
    for steps in blocks:
        epochs = map(epoch_text, table.epochs(steps) or []) if table.steps_per_epoch else [""] * steps.size
        rows = zip(map(str, steps.astype(int).tolist()), epochs, *table.columns(steps), strict=True)
        yield "".join(f"{markdown_row(map(str, row))}\n" for row in rows)


def github_text(table: Table, blocks: Iterable[TickArray]) -> Iterator[str]:
    """The table of Markdown, and what is found as annotations."""
    yield from markdown_text(table, blocks)
    yield from (f"{line}\n" for line in annotate_findings(table.findings))


def markdown_lines(
    titles: Sequence[str], aligns: Sequence[str], rows: Iterable[Sequence[str]]
) -> Iterator[str]:
    """A table; what would be markup in a cell is text."""
    yield markdown_row(titles)
    yield f"| {' | '.join(RULES[align] for align in aligns)} |"
    yield from map(markdown_row, rows)


def markdown_row(cells: Iterable[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(map(escaped, cells))} |"


def escaped(text: str) -> str:
    """Text as itself, in one line."""
    return _SPECIAL.sub(r"\\\g<0>", one_line(text))
