"""How a command prints facts of curves: one alone, columns in a format, or as wide as the terminal is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from lrviz.errors import ANSWERED_NO, SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from lrviz.cli.output import Terminal
    from lrviz.curves.series import Series
    from lrviz.export.grid import Column, Grid
    from lrviz.notation.fact import Fact
    from lrviz.notation.finding import Finding

    Sparks = Callable[[int], tuple[Column, list[Finding]]]

Read = TypeVar("Read")
NARROWEST, WIDEST, IN_MARKDOWN = 8, 60, 24
GAP = 2
SPARKED = ("text", "markdown")
"""Formats with sparklines."""
WHOLE = 32
"""Places up to which a label stands whole: a column of numbers is left out first."""
DISPENSABLE = (
    *("half", "steps_at_0", "low_at", "warmup_end", "warmup"),
    *("area", "mean", "first", "peak_at", "low", "", "peak"),
)
"""Columns that a narrow terminal does without, in this order, then the others from the right."""


def facts_read(
    columns: str, get: str | None, beside: Mapping[str, object], more: Collection[str] = ()
) -> tuple[list[Fact], Fact | None]:
    """The facts of ``--columns``, and that of ``--get``; ``more`` are those of a comparison.

    Raises:
        SpecError: one of them is none, or an option ``beside`` is not for a fact that stands alone.

    """
    from lrviz.notation.fact_parser import parse_fact, parse_facts

    if get is not None:
        refuse_beside("--get", beside)
    facts = option_read("--columns", partial(parse_facts, more=more), columns)
    return facts, None if get is None else option_read("--get", partial(parse_fact, more=more), get)


def option_read(name: str, parse: Callable[[str], Read], text: str) -> Read:
    """What an option says, as ``parse`` reads it.

    Raises:
        SpecError: begun with the option.

    """
    try:
        return parse(text)
    except SpecError as error:
        error.about(name)
        raise


def refuse_beside(option: str, others: Mapping[str, object]) -> None:
    """Refuse what goes with more than the one value that an option prints.

    Raises:
        SpecError: something is given.

    """
    beside = next((name for name, value in others.items() if value not in (None, False, "text")), None)
    if beside:
        raise SpecError(f"{option} prints a value alone, not so {beside}", hint="leave one of them out")


def idle_switches(
    format: str | None, *, chart: bool = False, common_scale: bool = False, explain: bool = False
) -> Iterator[Finding]:
    """Switches that are on, but of what is not printed; a value alone has no ``format``."""
    from lrviz.notation.finding import Finding

    if common_scale and (chart or format not in SPARKED):
        yield Finding("idle-option", "note", "--common-scale changes nothing: no sparkline is printed")
    if explain and format != "text":
        yield Finding("idle-option", "note", "--explain changes nothing: only a table of text has it below")


def print_fact(chosen: Sequence[Series], fact: Fact) -> int:
    """The value of one curve, or of several behind their labels; the exit code says no where one has none."""
    from lrviz.checks.measures import measure
    from lrviz.export.grid import cell

    found = [measure(row, fact) for row in chosen]
    print_values([(row.label, cell(one.value).exact) for row, one in zip(chosen, found, strict=True)])
    lacking = [(row.label, one.note) for row, one in zip(chosen, found, strict=True) if one.value is None]
    say_lacking(f"{label}: {fact} is {note}" for label, note in lacking)
    return ANSWERED_NO if lacking else 0


def print_values(found: Sequence[tuple[str, str]]) -> None:
    """A value alone, or several behind their labels; where one alone is not there, nothing."""
    if len(found) > 1:
        print(*(f"{label}\t{value}" for label, value in found), sep="\n")
    elif found[0][1]:
        print(found[0][1])


def say_lacking(texts: Iterable[str]) -> None:
    """Print why the answer is no."""
    import sys

    print(*(f"error: {text}\n" for text in texts), sep="", end="", file=sys.stderr)


def print_grid(
    chosen: Sequence[Series],
    columns: Grid,
    format: str,
    findings: Iterable[Finding],
    *,
    quiet: bool,
    common_scale: bool = False,
) -> None:
    """Labels, curves and columns in a format that has rows."""
    from lrviz.cli.notes import say
    from lrviz.cli.output import Terminal
    from lrviz.cli.sparks import spark_column
    from lrviz.export.curve_columns import label_column
    from lrviz.export.grid import GRID_FORMATS

    terminal = Terminal.of_stdout()
    sparks = partial(spark_column, chosen, common=common_scale, ascii_only=not terminal.unicode)
    if format in GRID_FORMATS:
        spark, scaled = sparks(IN_MARKDOWN)
        say(scaled if format != "csv" else (), quiet=quiet)  # it has no column without a name
        print(*GRID_FORMATS[format]([label_column(chosen), spark, *columns], findings), sep="\n")
        return
    head, *lines = table_lines(chosen, columns, terminal, sparks, quiet=quiet)
    print_budgets(chosen, terminal)
    print("", terminal.bold(head), *lines, sep="\n")


def print_budgets(chosen: Sequence[Series], terminal: Terminal) -> None:
    """How long each run is, and why."""
    for budget in dict.fromkeys(row.budget for row in chosen):
        print(*terminal.lines(terminal.text(budget)), sep="\n")


def table_lines(
    chosen: Sequence[Series], columns: Grid, terminal: Terminal, sparks: Sparks | None, *, quiet: bool
) -> list[str]:
    """The columns that fit, and a sparkline, if wanted, in what labels and numbers leave."""
    from lrviz.cli.notes import say
    from lrviz.cli.sparks import quantities
    from lrviz.draw.table import plain_table, text_width
    from lrviz.export.curve_columns import label_column
    from lrviz.export.grid import text_rows

    labels = label_column(chosen)
    narrowest = max(NARROWEST, text_width(quantities(chosen)))
    least = {"label": _least(labels), **({"": narrowest} if sparks else {})}
    least |= {one.name: _width(one) for one in columns}
    names = _shown(least, terminal.width) if terminal.is_known else list(least)
    spark: list[Column] = []
    scaled: list[Finding] = []
    if sparks:
        taken = _width(labels) + GAP + sum(GAP + least[one.name] for one in columns if one.name in names)
        drawn, scaled = sparks(min(WIDEST, max(narrowest, terminal.width - taken)))
        spark = [drawn]
    left_out = _left_out([one for one in (*spark, *columns) if one.name not in names])
    say([*left_out, *(scaled if "" in names else ())], quiet=quiet)
    shown = [one for one in (labels, *spark, *columns) if one.name in names]
    titles, aligns, rows = [one.title for one in shown], [one.align for one in shown], list(text_rows(shown))
    return plain_table(titles, rows, aligns, width=terminal.limit, ascii_only=not terminal.unicode)


def _width(column: Column) -> int:
    from lrviz.draw.table import text_width

    return max(map(text_width, (column.title, *(cell.text for cell in column.cells))))


def _least(labels: Column) -> int:
    """The places that labels take at least, some of them shortened."""
    from lrviz.draw.table import shortest

    called = [labels.title, *(one.text for one in labels.cells)]
    return max(shortest(called), min(_width(labels), WHOLE))


def _shown(widths: dict[str, int], width: int) -> list[str]:
    """The columns there is room for: the labels and one more at least."""
    shown = list(widths)
    for name in dict.fromkeys((*DISPENSABLE, *reversed(widths))):
        is_full = sum(widths[one] + GAP for one in shown) - GAP > width
        if is_full and name in shown and name != "label" and len(shown) > 2:
            shown.remove(name)
    return shown


def _left_out(columns: Grid) -> Iterator[Finding]:
    """What stands in no column."""
    from lrviz.notation.finding import Finding
    from lrviz.notation.text import listed

    names = [one.title if one.name else "the curve" for one in columns]
    if names:
        text = f"the terminal has no room for {listed(names)}"
        yield Finding("columns-left-out", "note", text, hint="--format json has every number")
