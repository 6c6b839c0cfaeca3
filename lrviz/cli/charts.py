"""``show --chart``: curves between axes, and their facts below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrviz.cli.output import Terminal
    from lrviz.curves.series import Series
    from lrviz.export.grid import Grid

HEIGHT = 16
LOWEST, HIGHEST = 4, 200
COLORS = ("cyan", "magenta", "green", "yellow", "red", "blue")
"""Of the terminal's own palette, so that they can be read on its ground; letters tell more curves apart."""


def rows_asked(height: str | None, beside: Mapping[str, object], *, chart: bool) -> int:
    """How many rows a chart has.

    Raises:
        SpecError: there is no ``chart``, it is no number of rows, or what is given ``beside`` has no chart.

    """
    from lrviz.notation.numbers import read_number

    if not chart:
        raise SpecError("--height and --log are those of a chart", hint="add --chart")
    other = next((f"{name} {value}" for name, value in beside.items() if value not in (None, "text")), None)
    if other:
        raise SpecError(f"--chart is for people, and {other} is not", hint="leave one of them out")
    rows = HEIGHT if height is None else read_number(height)
    if not isinstance(rows, int) or not LOWEST <= rows <= HIGHEST:
        text = f"--height {height} is no number of rows from {LOWEST} to {HIGHEST}"
        raise SpecError(text, hint=f"--height {HEIGHT}")
    return rows


def print_charts(chosen: Sequence[Series], columns: Grid, rows: int, *, log: bool, quiet: bool) -> None:
    """A chart for each quantity, and below it the facts of its curves, each behind its letter."""
    from lrviz.cli.grids import print_budgets, table_lines
    from lrviz.cli.output import Terminal
    from lrviz.draw.letters import letters_of

    terminal = Terminal.of_stdout()
    lines: list[str] = []
    for quantity in dict.fromkeys(row.quantity for row in chosen):
        alike = [row for row in chosen if row.quantity == quantity]
        lines += ["", *_chart(alike, rows, terminal, log=log), ""]
        letters = letters_of(len(alike))
        narrower = terminal._replace(width=terminal.width - (2 if letters else 0))
        head, *table = table_lines(alike, columns, narrower, None, quiet=quiet)
        marks = [f"{_tinted(terminal, letter, i)} " for i, letter in enumerate(letters)] or [""]
        lines.append(terminal.bold(f"  {head}" if letters else head))
        lines += map("".join, zip(marks, table, strict=True))
    print_budgets(chosen, terminal)
    print(*lines, sep="\n")


def _chart(alike: Sequence[Series], rows: int, terminal: Terminal, *, log: bool) -> Iterator[str]:
    """Its lines, in the colours of the curves."""
    from lrviz.curves.charted import chart_of
    from lrviz.draw.chart import chart_lines

    area, traces = chart_of(alike, (terminal.width, rows), log=log, ascii_only=not terminal.unicode)
    for line in chart_lines(area, traces):
        yield "".join(_tinted(terminal, text, curve) for text, curve in line).rstrip()


def _tinted(terminal: Terminal, text: str, curve: int | None) -> str:
    return text if curve is None else terminal.tinted(text, COLORS[curve % len(COLORS)])
