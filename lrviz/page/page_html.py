"""A page: one file of HTML that asks for nothing else, read without its script, alive with it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from lrviz import __version__
from lrviz.curves.footer import footer
from lrviz.curves.picture import picture_of
from lrviz.curves.quantities import others_in
from lrviz.curves.series import families
from lrviz.draw.digest import MARK, digest
from lrviz.draw.wrapping import shorten_apart
from lrviz.export.curve_columns import FACTS, OF_ALL, fact_columns
from lrviz.export.grid import texts
from lrviz.export.toml_text import said_of, schedule_name
from lrviz.findings.gather import findings_of
from lrviz.notation.fact_parser import parse_facts
from lrviz.notation.numbers import grouped_in
from lrviz.notation.rendering import render
from lrviz.notation.shell import shell_line
from lrviz.notation.spec import Spec
from lrviz.notation.text import LINE, few
from lrviz.page.markup import clean, fact_table, findings_list, in_parts, written
from lrviz.page.page_data import data_text
from lrviz.page.page_script import script
from lrviz.page.page_style import page_style
from lrviz.page.plotted import having, plotted
from lrviz.page.static_chart import figures, key
from lrviz.view.view import LR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.scene import Picture
    from lrviz.page.plotted import Plotted
    from lrviz.view.view import View


def page_html(rows: Sequence[Series], picture: Picture) -> str:
    """The page that shows these curves as ``picture`` does; equal curves give equal text."""
    whole, asked = _whole(rows, picture), _in_steps(rows, picture, picture.view)
    curves = plotted(rows, whole, asked)
    title = written(picture.title)
    code, style = script(), page_style(picture.view.theme)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(code, style)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="generator" content="lrviz {__version__}"><link rel="icon" href="data:,">',
        f'<meta name="description" content="{MARK}{page_digest(rows, picture)}">',
        f"<title>{title or 'learning rate'}</title><style>{style}</style></head><body>",
        f"<h1>{in_parts(picture.title)}</h1>" if title else "",
        f"<p>{written(grouped_in(picture.subtitle))}</p>",
        '<div id="plot"><div id="controls"></div>',
        *figures(curves, asked),
        "</div>",
        *_facts(curves, [whole.quantity, *whole.others]),
        *findings_list("Assumed and found", findings_of(rows), before=footer(rows, shown=())),
        *_command(rows, [rows[0].quantity, *others_in(rows, picture.view)]),
        f"<footer>lrviz {__version__}</footer>",
        f'<script type="application/json" id="data">{data_text(curves, whole, picture)}</script>',
        f"<script>{code}</script></body></html>",
    ]
    return "\n".join(filter(None, parts)) + "\n"


def page_digest(rows: Sequence[Series], picture: Picture) -> str:
    """The digest of all steps, and of what is seen of them first."""
    return digest(replace(_whole(rows, picture), view=picture.view, subtitle=picture.subtitle))


def _whole(rows: Sequence[Series], picture: Picture) -> Picture:
    """The picture of all steps: a page has them all, and shows the part that its reader wants."""
    return _in_steps(rows, picture, replace(picture.view, start=None, stop=None))


def _in_steps(rows: Sequence[Series], picture: Picture, view: View) -> Picture:
    """The picture of another view, by step."""
    view = replace(view, x="step")
    return picture if view == picture.view else picture_of(rows, rows[0].quantity, view)


def _facts(curves: Sequence[Plotted], quantities: Sequence[str]) -> Iterator[str]:
    """A table of each quantity, which names it where there are several."""
    for index, name in enumerate(quantities):
        shown = having(curves, index)
        title = name if len(quantities) > 1 else "schedule"
        names = shorten_apart([one.name for one, _ in shown], lambda part: len(part) <= LINE)
        label = texts("label", names)._replace(title=title)
        facts = fact_columns([track.series for _, track in shown], parse_facts(OF_ALL if index else FACTS))
        yield from fact_table([label, *facts], [key(one) for one, _ in shown])


def _command(rows: Sequence[Series], quantities: Sequence[str]) -> Iterator[str]:
    """What to type for the same curves: every value that somebody said stands in the specs."""
    runs = [run for _, run in families(rows)]
    if not runs or any(run.resumed_at for run in runs):  # what a checkpoint leaves is no spec
        return
    specs = [
        render(Spec(schedule_name(run), tuple(keys.items())))
        for run, keys in zip(runs, said_of(runs), strict=True)
    ]
    shown = [] if quantities == [LR] else ["--quantity", ",".join(quantities)]
    line = clean(shell_line("lrviz", "show", *specs, *shown))
    yield f'<h2>As a command</h2><pre id="specs">{escape(line)}</pre>'
    others = [row.label for row in rows if row.run is None]
    if others:
        yield f"<p>Without {written(few(others))}, of which there is no spec.</p>"


def _policy(script: str, style: str) -> str:
    """What a browser may do with the page: run this script and this style, fetch nothing."""
    hashes = (b64encode(sha256(text.encode()).digest()).decode() for text in (script, style))
    allowed = "script-src 'sha256-{}'; style-src 'sha256-{}'".format(*hashes)
    return f"default-src 'none'; {allowed}; img-src data:; base-uri 'none'; form-action 'none'"
