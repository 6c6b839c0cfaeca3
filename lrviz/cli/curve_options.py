"""Options of the commands that print curves, and how those of a view are read there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.errors import SpecError
from lrviz.notation.fact import known_facts
from lrviz.view.place import AXES

if TYPE_CHECKING:
    from collections.abc import Sequence

Quantity = Annotated[
    list[str] | None,
    typer.Option(
        "--quantity",
        metavar="NAMES",
        help="lr, momentum or more, one after the other: lr,momentum.",
        show_default=False,
    ),
]
Get = Annotated[
    str | None,
    typer.Option(
        "--get",
        metavar="FACT",
        help=f"Print this fact alone, of several curves behind its label: {known_facts()}.",
        show_default=False,
    ),
]
Columns = Annotated[str, typer.Option("--columns", metavar="FACTS", help="The facts to print, as in --get.")]
CommonScale = Annotated[bool, typer.Option("--common-scale", help="One scale for all sparklines.")]
CHART = "The chart"
HEIGHT = 16
"""Rows of a chart."""
Chart = Annotated[
    bool,
    typer.Option("--chart", help="A large chart instead of the sparklines.", rich_help_panel=CHART),
]
Height = Annotated[
    str | None,
    typer.Option(
        "--height", metavar="ROWS", help=f"Its rows; {HEIGHT}.", rich_help_panel=CHART, show_default=False
    ),
]
LogAxis = Annotated[
    bool | None,
    typer.Option(
        "--log/--linear",
        help="A logarithmic axis, or a linear one.",
        rich_help_panel=CHART,
        show_default=False,
    ),
]
Axis = Annotated[
    str | None,
    typer.Option(
        "--x",
        metavar="|".join(AXES),
        help="What its horizontal axis counts.",
        rich_help_panel=CHART,
        show_default=False,
    ),
]
TokensPerStep = Annotated[
    str | None,
    typer.Option(
        "--tokens-per-step",
        metavar="N",
        help="Tokens that an update sees, where they are counted.",
        rich_help_panel=CHART,
        show_default=False,
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="SPAN",
        help="Where it begins: 100 (steps), 6%, 2ep.",
        rich_help_panel=CHART,
        show_default=False,
    ),
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="SPAN", help="Where it ends.", rich_help_panel=CHART, show_default=False),
]


def quantities_of(typed: Sequence[str] | None) -> tuple[str, ...]:
    """What ``--quantity`` says.

    Raises:
        SpecError: it names one twice, or none.

    """
    if not typed:
        return ("lr",)
    from lrviz.cli.view_options import VIEW_OPTIONS
    from lrviz.view.view_keys import read_view

    return read_view(VIEW_OPTIONS.read({"quantity": list(typed)})).quantities


def one_quantity(typed: Sequence[str] | None, what: str) -> str:
    """What it says, where ``what`` shows one alone.

    Raises:
        SpecError: it names several.

    """
    first, *others = quantities_of(typed)
    if others:
        text = f"--quantity {','.join((first, *others))}: {what} has one"
        raise SpecError(text, hint=f"--quantity {first}")
    return first
