"""``show --chart``: curves between axes, and their facts below."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.cli.curve_options import HEIGHT
from lrviz.errors import SpecError
from lrviz.resolve.key import option_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrviz.cli.output import Terminal
    from lrviz.cli.run_options import RunOptions
    from lrviz.curves.charted import Chart
    from lrviz.curves.series import Series
    from lrviz.curves.wanted import Wanted
    from lrviz.notation.fact import Fact
    from lrviz.view.view import View

LOWEST, HIGHEST = 4, 200
COLORS = ("cyan", "magenta", "green", "yellow", "red", "blue")
"""Of the terminal's own palette, so that they can be read on its ground; letters tell more curves apart."""


class Asked(NamedTuple):
    """How many rows a chart has, and what it shows."""

    rows: int
    view: View


def check_chart(typed: Mapping[str, object], beside: Mapping[str, object], *, chart: bool) -> None:
    """Refuse the options of a chart without one, and a chart where what stands ``beside`` has none.

    Raises:
        SpecError: some are given.

    """
    of_chart = next((option_of(key) for key, value in typed.items() if value is not None), None)
    if of_chart and not chart:
        raise SpecError(f"{of_chart} is an option of a chart", hint="add --chart")
    other = next((f"{name} {value}" for name, value in beside.items() if value not in (None, "text")), None)
    if other:
        raise SpecError(f"--chart is for people, and {other} is not", hint="leave one of them out")


def read_chart(
    wanted: Sequence[Wanted], run: RunOptions, height: str | None, typed: Mapping[str, str | bool | None]
) -> tuple[Asked, RunOptions]:
    """What was typed behind its options, and the other options, without what only the chart has of them.

    Raises:
        SpecError: an option does not take that.

    """
    from lrviz.cli.view_options import VIEW_OPTIONS
    from lrviz.cli.viewing import view_of, without_seq_len

    rows = _rows(height)
    run = run._replace(view=VIEW_OPTIONS.read(typed))
    return Asked(rows, view_of(None, run)), without_seq_len(wanted, run)


def _rows(height: str | None) -> int:
    """How many rows a chart has.

    Raises:
        SpecError: that is no number of rows.

    """
    from lrviz.notation.numbers import read_number

    rows = HEIGHT if height is None else read_number(height)
    if not isinstance(rows, int) or not LOWEST <= rows <= HIGHEST:
        text = f"--height {height} is no number of rows from {LOWEST} to {HIGHEST}"
        raise SpecError(text, hint=f"--height {HEIGHT}")
    return rows


def print_charts(chosen: Sequence[Series], facts: Sequence[Fact], asked: Asked, *, quiet: bool) -> None:
    """A chart for each quantity, and below it the facts of its curves, each behind its letter."""
    from lrviz.cli.grids import print_budgets, table_lines
    from lrviz.cli.notes import say
    from lrviz.cli.output import Terminal
    from lrviz.draw.letters import letters_of
    from lrviz.export.curve_columns import fact_columns

    terminal = Terminal.of_stdout()
    charts = [(alike, _chart(alike, asked, terminal)) for alike in _by_quantity(chosen)]
    say([finding for _, chart in charts for finding in chart.findings], quiet=quiet)
    lines: list[str] = []
    for alike, chart in charts:
        lines += ["", *_lines(chart, terminal), ""]
        letters = letters_of(len(alike))
        narrower = terminal._replace(width=terminal.width - (2 if letters else 0))
        head, *table = table_lines(alike, fact_columns(alike, facts), narrower, None, quiet=quiet)
        marks = [f"{_tinted(terminal, letter, i)} " for i, letter in enumerate(letters)] or [""]
        lines.append(terminal.bold(f"  {head}" if letters else head))
        lines += map("".join, zip(marks, table, strict=True))
    print_budgets(chosen, terminal)
    print(*lines, sep="\n")


def _by_quantity(chosen: Sequence[Series]) -> list[list[Series]]:
    """The curves that share an axis of values."""
    names = dict.fromkeys(row.quantity for row in chosen)
    return [[row for row in chosen if row.quantity == name] for name in names]


def _chart(alike: Sequence[Series], asked: Asked, terminal: Terminal) -> Chart:
    from lrviz.cli.viewing import hints_of_view
    from lrviz.curves.charted import chart_of

    with hints_of_view():
        return chart_of(alike, (terminal.width, asked.rows), asked.view, ascii_only=not terminal.unicode)


def _lines(chart: Chart, terminal: Terminal) -> Iterator[str]:
    """Its lines, in the colours of the curves."""
    from lrviz.draw.chart import chart_lines

    for line in chart_lines(chart.area, chart.traces):
        yield "".join(_tinted(terminal, text, curve) for text, curve in line).rstrip()


def _tinted(terminal: Terminal, text: str, curve: int | None) -> str:
    return text if curve is None else terminal.tinted(text, COLORS[curve % len(COLORS)])
