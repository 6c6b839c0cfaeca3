"""``lrviz show``: a table with sparklines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lrviz.cli.options import RunOptions, takes

if TYPE_CHECKING:
    from lrviz.cli.curves import Row
    from lrviz.cli.output import Terminal
    from lrviz.curve import Facts

NARROWEST, WIDEST = 8, 60
HEADERS = ("schedule", "", "first", "peak", "@ step", "mean", "last")


@takes(RunOptions)
def show(
    specs: Annotated[list[str], typer.Argument(metavar="SPEC...", help="Schedules: NAME or NAME:key=value,…", show_default=False)],
    run: RunOptions,
    quantity: Annotated[str, typer.Option("--quantity", metavar="NAME", help="lr or momentum.")] = "lr",
    format: Annotated[str, typer.Option("--format", metavar="text|json", help="A table, or JSON.")] = "text",  # noqa: A002
) -> None:
    """Compare schedules in the terminal: sparkline, first, peak, mean and last value.

    Examples:

      lrviz show cosine linear wsd --warmup 6%

      lrviz show torch.StepLR:step_size=30 --steps 90 --lr 0.1

      lrviz show linear --lr 1e-3,1e-4 --steps 10k --format json
    """
    from lrviz.cli.curves import resolved, rows  # noqa: PLC0415  (numpy loads only when a command runs)
    from lrviz.cli.options import check_choice  # noqa: PLC0415
    from lrviz.curve import facts  # noqa: PLC0415

    check_choice("--format", format, ("text", "json"))
    chosen = list(rows(resolved(specs, run), quantity))
    found = [facts(row.timeline, row.steps) for row in chosen]
    if format == "json":
        print(json.dumps({"schema": 1, "curves": [_json(*pair) for pair in zip(chosen, found, strict=True)]}, indent=2))  # noqa: T201
    else:
        _print_table(chosen, found)
    _warn(chosen, found)


def _json(row: Row, facts: Facts) -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415

    assumed = {a.key: {"value": a.value, "origin": a.origin} for a in row.of.assumptions}
    return {"label": row.label, "schedule": row.of.schedule.entry.id, **asdict(facts), "assumptions": assumed}


def _print_table(chosen: list[Row], found: list[Facts]) -> None:
    from lrviz.cli.curves import budget  # noqa: PLC0415
    from lrviz.cli.output import Terminal  # noqa: PLC0415
    from lrviz.draw.table import Align, plain_table  # noqa: PLC0415

    terminal = Terminal.of_stdout()
    aligns: list[Align] = ["left", "left", "right", "right", "right", "right", "right"]
    cells = [_cells(facts) for facts in found]
    taken = sum(max(map(len, column)) + 2 for column in zip(HEADERS[2:], *cells, strict=True))
    labels = max(len(row.label) for row in chosen)
    width = min(WIDEST, max(NARROWEST, terminal.width - taken - max(labels, len(HEADERS[0])) - 2))
    table = [(row.label, _spark(row, width, terminal), *rest) for row, rest in zip(chosen, cells, strict=True)]
    budgets = dict.fromkeys(budget(row.of) for row in chosen)
    print(*budgets, sep="\n", end="\n\n")  # noqa: T201
    if terminal.rich:
        _print_rich(table, aligns, terminal)
    else:
        print(*plain_table(HEADERS, table, aligns, width=terminal.width, ascii_only=not terminal.unicode), sep="\n")  # noqa: T201


def _print_rich(table: list[tuple[str, ...]], aligns: list[Any], terminal: Terminal) -> None:
    from rich.console import Console  # noqa: PLC0415  (rich loads only where a terminal is written to)

    from lrviz.draw.table import rich_table  # noqa: PLC0415

    Console(width=terminal.width, highlight=False).print(rich_table(HEADERS, table, aligns), crop=False)


def _cells(facts: Facts) -> tuple[str, ...]:
    from lrviz.notation import lr_text  # noqa: PLC0415

    mean = lr_text(facts.mean) if facts.mean_exact else f"≈{lr_text(facts.mean)}"
    return lr_text(facts.first), lr_text(facts.peak), str(facts.peak_at), mean, lr_text(facts.last)


def _spark(row: Row, width: int, terminal: Terminal) -> str:
    """Cells are equal stretches of the run; those after a stop have no value."""
    from lrviz.curve import seen_until  # noqa: PLC0415
    from lrviz.draw.sparkline import spark  # noqa: PLC0415

    seen, ran, stop = seen_until(row.timeline, 0, row.steps, width)
    if stop:
        width_run = max(1, round(width * ran / row.steps))
        seen, ran, stop = seen_until(row.timeline, 0, ran, width_run)
    gap = [float("nan")] * (min(width, row.steps) - seen.low.size)
    return spark([*seen.low, *gap], [*seen.high, *gap], ascii_only=not terminal.unicode)


def _warn(chosen: list[Row], found: list[Facts]) -> None:
    for row, facts in zip(chosen, found, strict=True):
        if facts.stop:
            print(f"warning: {row.label} stops at step {facts.stop[0]}: {facts.stop[1]}", file=sys.stderr)  # noqa: T201
        if facts.sampled:
            print(f"warning: {row.label}: peak and sparkline come from samples", file=sys.stderr)  # noqa: T201
