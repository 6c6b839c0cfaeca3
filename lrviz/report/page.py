"""A report as one page of HTML beside its pictures: no script, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lrviz.errors import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.notation.finding import Finding
    from lrviz.report.contents import Contents

STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem; text-align: left; border-bottom: 1px solid #8884; white-space: nowrap; }
.number { text-align: right; }
img { max-width: 100%; background: #fff; border-radius: 4px; }
.fails, .error { color: #c5221f; } .warning { color: #a15c00; }
@media (prefers-color-scheme: dark) { .fails, .error { color: #ff8a80; } .warning { color: #ffb74d; } }
footer { margin-top: 3rem; opacity: .7; }
"""


def page_text(contents: Contents, pictures: Iterable[tuple[str, Sequence[str]]], files: Iterable[str]) -> str:
    """The page: verdict, table, expectations, findings, and each picture with what it shows.

    ``pictures`` are what each is called and its files; ``files`` lie beside the page too.
    """
    verdict = "" if contents.report.passes else ' class="fails"'
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(contents.title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(contents.title)}</h1>",
        f"<p{verdict}>{escape(contents.verdict)}</p>",
        *(f"<p>{escape(budget)}</p>" for budget in contents.budgets),
        *_facts(contents),
        *_expectations(contents),
        *_findings(contents.report.findings),
        *(line for name, shown in pictures for line in _picture(name, shown)),
        f"<footer>{escape(contents.maker)} · {_links(files)}</footer>",
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _facts(contents: Contents) -> Iterator[str]:
    grid = contents.table
    rows = zip(*([one.text for one in column.cells] for column in grid), strict=True)
    return _table([column.title for column in grid], [column.align == "right" for column in grid], rows)


def _expectations(contents: Contents) -> Iterator[str]:
    if not contents.report.outcomes:
        return
    yield "<h2>Expected</h2>"
    rows = [
        ("ok" if one.verdict.holds else "FAIL", one.label, one.asked, one.verdict.found)
        for one in contents.report.outcomes
    ]
    yield from _table(("", "schedule", "expected", "found"), (False,) * 4, rows)


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    items = [line for finding in findings for line in _finding(finding)]
    if items:
        yield from ("<h2>Found</h2>", "<ul>", *items, "</ul>")


def _finding(finding: Finding) -> Iterator[str]:
    said = finding.write_hint(WORDS)
    label = f"<b>{escape(said.label)}</b>: " if said.label else ""
    more = "".join(f"<br>{escape(text)}" for text in (*said.details, said.hint) if text)
    yield f'<li class="{said.level}">{said.level}: {label}{escape(said.text)}{more}</li>'


def _picture(name: str, files: Sequence[str]) -> Iterator[str]:
    yield f"<h2>{escape(name)}</h2>"
    yield f'<p><img src="{escape(files[0])}" alt="{escape(name)}"></p>'
    if len(files) > 1:
        yield f"<p>{_links(files)}</p>"


def _table(titles: Sequence[str], numbers: Sequence[bool], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield '<div class="scroll"><table><thead>'
    yield _row("th", titles, numbers)
    yield "</thead><tbody>"
    for row in rows:
        yield _row("td", row, numbers)
    yield "</tbody></table></div>"


def _row(tag: str, cells: Iterable[str], numbers: Iterable[bool]) -> str:
    heads = (f'<{tag} class="number">' if number else f"<{tag}>" for number in numbers)
    shown = "".join(f"{head}{escape(text)}</{tag}>" for head, text in zip(heads, cells, strict=True))
    return f"<tr>{shown}</tr>"


def _links(files: Iterable[str]) -> str:
    return " · ".join(f'<a href="{escape(name)}">{escape(name)}</a>' for name in files)
