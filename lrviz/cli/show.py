"""``lrviz show``: a table with sparklines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import OF_RUN, WORDS, Explain, RunOptions, check_choice, one_of, takes

if TYPE_CHECKING:
    from lrviz.cli.output import Terminal
    from lrviz.curves.series import Series
    from lrviz.draw.table import Align
    from lrviz.engine.facts import Facts

FORMATS = ("text", "json")
NARROWEST, WIDEST = 8, 60
HEADERS = ("schedule", "", "first", "peak", "@ step", "mean", "last")


@takes(OF_RUN, quiet=True)
def show(
    run: RunOptions,
    specs: Annotated[
        list[str],
        typer.Argument(metavar="SPEC...", help=WORDS, show_default=False),
    ] = [],  # noqa: B006  (Typer's default; launch lines may be all there is)
    quantity: Annotated[str, typer.Option("--quantity", metavar="NAME", help="lr, momentum or more.")] = "lr",
    format: Annotated[str, one_of("--format", FORMATS, "A table, or JSON.")] = "text",
    explain: Explain = False,
) -> None:
    """Compare schedules in the terminal: sparkline, first, peak, mean and last value.

    Examples:
      lrviz show cosine linear wsd --warmup 6%

      lrviz show torch.StepLR:step_size=30 --steps 90 --lr 0.1

      lrviz show linear --lr "1e-3,1e-4" --steps 10k --format json
    """
    from lrviz.cli.notes import read_series, say
    from lrviz.curves.findings import findings_of, of_curves

    check_choice("--format", format, FORMATS)
    chosen = read_series(specs, run, quantity)
    say(of_curves(chosen), quiet=run.quiet)
    if format == "json":
        from lrviz.export.documents import curves_document, document_text

        print(document_text(curves_document(chosen, findings_of(chosen))))
    else:
        _print_table(chosen)
        if explain:
            print(*_explained(chosen), sep="\n")


def _explained(chosen: list[Series]) -> list[str]:
    """Below each label the values of its run."""
    from lrviz.curves.series import families
    from lrviz.draw.origin_table import origins_table

    blocks = [["", f"{label}:", *origins_table(run.origins)] for label, run in families(chosen)]
    return [line for block in blocks for line in block]


def _print_table(chosen: list[Series]) -> None:
    from lrviz.cli.output import Terminal
    from lrviz.draw.table import plain_table

    terminal = Terminal.of_stdout()
    aligns: list[Align] = ["left", "left", "right", "right", "right", "right", "right"]
    numbers = [_numbers(row.facts) for row in chosen]
    width = _room(chosen, numbers, terminal.width)
    table = [
        (row.label, _spark(row, width, terminal), *rest) for row, rest in zip(chosen, numbers, strict=True)
    ]
    print(*dict.fromkeys(row.budget for row in chosen), sep="\n", end="\n\n")
    ascii_only = not terminal.unicode
    head, *lines = plain_table(HEADERS, table, aligns, width=terminal.width, ascii_only=ascii_only)
    print(terminal.bold(head), *lines, sep="\n")


def _room(chosen: list[Series], numbers: list[tuple[str, ...]], width: int) -> int:
    """What labels and numbers leave for the sparkline."""
    from lrviz.draw.table import text_width

    taken = sum(max(map(len, column)) + 2 for column in zip(HEADERS[2:], *numbers, strict=True))
    labels = max(text_width(row.label) for row in chosen)
    return min(WIDEST, max(NARROWEST, width - taken - max(labels, len(HEADERS[0])) - 2))


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
