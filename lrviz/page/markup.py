"""Pieces of HTML; every text that comes from outside goes through ``written``."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from itertools import starmap
from typing import TYPE_CHECKING

from lrviz.draw.wrapping import WITHIN_NAME
from lrviz.errors import WORDS
from lrviz.notation.text import LINE, cut, few, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.export.grid import Cell, Column
    from lrviz.notation.finding import Finding

MOST_LABELS = 6


def clean(text: str) -> str:
    """One line without marks that nobody sees; half of a surrogate pair, which no file holds, is ``?``."""
    seen = (char for char in one_line(text) if unicodedata.category(char) != "Cf")
    return "".join("?" if unicodedata.category(char) == "Cs" else char for char in seen).strip()


def written(text: str) -> str:
    """A text as HTML has it, of a very long one the two ends."""
    return escape(cut(clean(text), LINE))


def in_parts(text: str) -> str:
    """A text in which a name may be too long for a line: it is broken at its parts."""
    return " ".join(map(_word, cut(clean(text), LINE).split(" ")))


def _word(text: str) -> str:
    first, *others = map(escape, re.split(WITHIN_NAME.split, text))
    return f'<span class="name">{"<wbr>".join([first, *others])}</span>' if others else first


def fact_table(grid: Sequence[Column], keys: Sequence[str]) -> Iterator[str]:
    """A row for each curve, begun with its key; the exact value is the title of its cell."""
    yield '<div class="scroll"><table class="facts"><thead><tr>'
    yield "".join(f"<th{_align(column)}>{written(column.title)}</th>" for column in grid)
    yield "</tr></thead><tbody>"
    rows = zip(*(column.cells for column in grid), strict=True)
    for key, (label, *cells) in zip(keys, rows, strict=True):
        values = "".join(f"<td{_title(one)}>{written(one.text)}</td>" for one in cells)
        yield f"<tr><th>{key}<bdi>{in_parts(label.text)}</bdi></th>{values}</tr>"
    yield "</tbody></table></div>"


def findings_list(title: str, findings: Iterable[Finding], before: Sequence[str] = ()) -> Iterator[str]:
    """What is worth saying of the curves, each once with all that it is true of; ``before`` comes first."""
    said: dict[Finding, list[str]] = {}
    for finding in (one.write_hint(WORDS) for one in findings):
        said.setdefault(finding._replace(label="", place=None), []).append(finding.label)
    items = [*(f"<li>{in_parts(term)}</li>" for term in before), *starmap(_finding, said.items())]
    if items:
        yield from (f"<h2>{title}</h2>", "<ul>", *items, "</ul>")


def _finding(finding: Finding, labels: Iterable[str]) -> str:
    names = few([label for label in labels if label], MOST_LABELS)
    about = f"<b>{in_parts(names + ':')}</b> " if names else ""
    details = f"<pre>{escape(chr(10).join(map(clean, finding.details)))}</pre>" if finding.details else ""
    hint = f"<br>{written(finding.hint)}" if finding.hint else ""
    return f'<li class="{finding.level}">{finding.level}: {about}{in_parts(finding.text)}{details}{hint}</li>'


def _title(cell: Cell) -> str:
    return f' title="{escape(cell.exact)}"' if cell.exact != cell.text else ""


def _align(column: Column) -> str:
    return ' class="number"' if column.align == "right" else ""
