"""``lrviz show``: a table with sparklines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import OF_RUN, WORDS, Explain, RunOptions, check_choice, one_of, takes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.cli.output import Terminal
    from lrviz.curves.series import Series
    from lrviz.draw.table import Align
    from lrviz.engine.facts import Facts
    from lrviz.notation.finding import Finding

FORMATS = ("text", "json")
NARROWEST, WIDEST = 8, 60
HEADERS = ("schedule", "", "first", "peak", "@ step", "mean", "last")
GAP = 2
DISPENSABLE = ("mean", "@ step", "first", "", "peak")
"""Columns that a narrow terminal does without, in this order."""


@takes(OF_RUN, strict=True)
def show(
    run: RunOptions,
    specs: Annotated[
        list[str],
        typer.Argument(metavar="SPEC...", help=WORDS, show_default=False),
    ] = [],  # noqa: B006  (Typer's default; launch lines may be all there is)
    quantity: Annotated[str, typer.Option("--quantity", metavar="NAME", help="lr, momentum or more.")] = "lr",
    format: Annotated[str, one_of("--format", FORMATS, "A table, or JSON.")] = "text",
    explain: Explain = False,
) -> int:
    """Compare schedules in the terminal: sparkline, first, peak, mean and last value.

    Examples:
      lrviz show cosine linear wsd --warmup 6%

      lrviz show torch.StepLR:step_size=30 --steps 90 --lr 0.1

      lrviz show linear --lr "1e-3,1e-4" --steps 10k --format json
    """
    from lrviz.cli.notes import code_of, read_series, say
    from lrviz.findings.gather import findings_of, of_curves

    check_choice("--format", format, FORMATS)
    chosen = read_series(specs, run, quantity)
    found = of_curves(chosen)
    say(found, quiet=run.quiet)
    if format == "json":
        from lrviz.export.documents import curves_document, document_text

        print(document_text(curves_document(chosen, findings_of(chosen))))
    else:
        _print_table(chosen, quiet=run.quiet)
        if explain:
            print(*_explained(chosen), sep="\n")
    return code_of(chosen, found, run)


def _explained(chosen: list[Series]) -> list[str]:
    """Below each label the values of its run."""
    from lrviz.curves.series import families
    from lrviz.draw.origin_table import origins_table

    blocks = [["", f"{label}:", *origins_table(run.origins)] for label, run in families(chosen)]
    return [line for block in blocks for line in block]


def _print_table(chosen: list[Series], *, quiet: bool) -> None:
    from lrviz.cli.output import Terminal

    terminal = Terminal.of_stdout()
    head, *lines = _table(chosen, terminal, quiet=quiet)
    for budget in dict.fromkeys(row.budget for row in chosen):
        print(*terminal.lines(budget), sep="\n")
    print("", terminal.bold(head), *lines, sep="\n")


def _table(chosen: list[Series], terminal: Terminal, *, quiet: bool) -> list[str]:
    """The columns that fit, the sparkline in what labels and numbers leave."""
    from lrviz.cli.notes import say
    from lrviz.draw.table import plain_table, text_width

    numbers = zip(*(_numbers(row.facts) for row in chosen), strict=True)
    columns: dict[str, Sequence[str]] = {"schedule": [row.label for row in chosen], "": []}
    columns |= zip(HEADERS[2:], numbers, strict=True)
    widths = {name: max(map(text_width, (name, *cells))) for name, cells in columns.items()}
    shown = _shown(widths | {"schedule": len("schedule"), "": NARROWEST}, terminal.width)
    say(_left_out(shown, terminal.width), quiet=quiet)
    room = terminal.width + GAP - sum(widths[name] + GAP for name in shown)
    columns[""] = [_spark(row, min(WIDEST, max(NARROWEST, room)), terminal) for row in chosen]
    aligns: list[Align] = ["left" if name in HEADERS[:2] else "right" for name in shown]
    rows = list(zip(*(columns[name] for name in shown), strict=True))
    return plain_table(shown, rows, aligns, width=terminal.width, ascii_only=not terminal.unicode)


def _shown(widths: dict[str, int], width: int) -> list[str]:
    """The columns there is room for."""
    shown = list(widths)
    for name in DISPENSABLE:
        if sum(widths[one] + GAP for one in shown) - GAP > width:
            shown.remove(name)
    return shown


def _left_out(shown: Sequence[str], width: int) -> Iterator[Finding]:
    """What stands in no column."""
    from lrviz.notation.finding import Finding
    from lrviz.notation.text import listed

    names = [name or "the curve" for name in HEADERS if name not in shown]
    if names:
        text = f"{width} columns have no room for {listed(names)}"
        yield Finding("columns-left-out", "note", text, hint="--format json has every number")


def _numbers(facts: Facts) -> tuple[str, ...]:
    from lrviz.notation.numbers import lr_text

    mean = lr_text(facts.mean) if facts.mean_exact else f"≈{lr_text(facts.mean)}"
    return lr_text(facts.first), lr_text(facts.peak), str(facts.peak_at), mean, lr_text(facts.last)


def _spark(row: Series, width: int, terminal: Terminal) -> str:
    """Cells are equal stretches of the run; one in which the framework has stopped has no value."""
    from lrviz.draw.sparkline import spark
    from lrviz.engine.sampling import cells

    low, high = cells(row.timeline, row.steps, width)
    return spark(low.tolist(), high.tolist(), ascii_only=not terminal.unicode)
