"""A report as one page of HTML beside its pictures: no script, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lrviz.page.markup import fact_table, findings_list
from lrviz.page.page_style import report_style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.report.contents import Contents


def page_text(contents: Contents, pictures: Iterable[tuple[str, Sequence[str]]], files: Iterable[str]) -> str:
    """The page: verdict, table, expectations, findings, and each picture with what it shows.

    ``pictures`` are what each is called and its files; ``files`` lie beside the page too.
    """
    verdict = "" if contents.report.passes else ' class="error"'
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(contents.title)}</title><style>{report_style()}</style></head><body>",
        f"<h1>{escape(contents.title)}</h1>",
        f"<p{verdict}>{escape(contents.verdict)}</p>",
        *(f"<p>{escape(budget)}</p>" for budget in contents.budgets),
        *fact_table(contents.table, [""] * len(contents.rows)),
        *_expectations(contents),
        *findings_list("Found", contents.report.findings),
        *(line for name, shown in pictures for line in _picture(name, shown)),
        f"<footer>{escape(contents.maker)} · {_links(files)}</footer>",
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _expectations(contents: Contents) -> Iterator[str]:
    if not contents.report.outcomes:
        return
    yield '<h2>Expected</h2><div class="scroll"><table><thead>'
    yield _row("th", ("", "schedule", "expected", "found"))
    yield "</thead><tbody>"
    for one in contents.report.outcomes:
        holds = "ok" if one.verdict.holds else "FAIL"
        yield _row("td", (holds, one.label, one.asked, one.verdict.found))
    yield "</tbody></table></div>"


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(text)}</{tag}>' for text in cells)}</tr>"


def _picture(name: str, files: Sequence[str]) -> Iterator[str]:
    yield f"<h2>{escape(name)}</h2>"
    yield f'<p><img src="{escape(files[0])}" alt="{escape(name)}"></p>'
    if len(files) > 1:
        yield f"<p>{_links(files)}</p>"


def _links(files: Iterable[str]) -> str:
    return " · ".join(f'<a href="{escape(name)}">{escape(name)}</a>' for name in files)
