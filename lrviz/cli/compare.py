"""``lrviz compare``: schedules beside one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import (
    GRIDS,
    OF_RUN,
    Columns,
    Get,
    Quantity,
    RunOptions,
    Specs,
    check_choice,
    one_of,
    takes,
)
from lrviz.errors import SpecError
from lrviz.export.grid import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.checks.comparison import Beside
    from lrviz.curves.series import Series
    from lrviz.export.grid import Column

COLUMNS = "first, peak, warmup_end, mean, area, last, low, steps_at_0, half"
TITLES = {"difference": "largest", "difference_at": "@ step"}
"""What heads columns whose names are long."""


@takes(OF_RUN, strict=True)
def compare(
    run: RunOptions,
    specs: Specs = [],  # noqa: B006  (Typer's default; launch lines may be all there is)
    reference: Annotated[
        str | None,
        typer.Option(
            "--reference",
            metavar="LABEL",
            help="The curve that others stand beside; the first.",
            show_default=False,
        ),
    ] = None,
    columns: Columns = COLUMNS,
    get: Get = None,
    quantity: Quantity = "lr",
    format: Annotated[str, one_of("--format", FORMATS, GRIDS)] = "text",
) -> int:
    """Compare schedules with one of them: facts, ratio, where they first differ and by how much at most.

    Examples:
      lrviz compare cosine linear wsd --warmup 6% --steps 10k --lr 3e-4

      lrviz compare cosine linear --reference linear --columns mean,last

      lrviz compare linear polynomial --steps 1000 --lr 1e-3 --format markdown
    """
    from lrviz.checks.comparison import beside
    from lrviz.cli.grids import facts_read, print_fact, print_grid
    from lrviz.cli.notes import code_of, read_series, say
    from lrviz.findings.gather import findings_of, of_curves

    check_choice("--format", format, FORMATS)
    facts, fact = facts_read(columns, get, format)
    chosen = read_series(specs, run, quantity)
    with_them = _reference(chosen, reference)
    found = of_curves(chosen)
    say(found, quiet=run.quiet)
    if fact is not None:
        return print_fact(chosen, fact) or code_of(chosen, found, run)
    compared = [beside(row, with_them) for row in chosen]
    if format == "json":
        from lrviz.export.documents import comparison_document, document_text

        print(document_text(comparison_document(chosen, with_them, compared, findings_of(chosen))))
    else:
        from lrviz.export.curve_columns import fact_columns

        grid = [*fact_columns(chosen, facts), *_columns(compared)]
        print_grid(chosen, grid, format, findings_of(chosen), quiet=run.quiet)
    return code_of(chosen, found, run)


def _reference(chosen: Sequence[Series], label: str | None) -> Series:
    """The curve of a label, or the first.

    Raises:
        SpecError: there is none.

    """
    found = [row for row in chosen if label in (None, row.label)]
    found += [row for row in chosen if label == row.family]
    if not found:
        from lrviz.notation.nearest import nearest
        from lrviz.notation.text import few

        labels = [row.label for row in chosen]
        near = nearest(str(label), labels)
        hint = f"did you mean {near}?" if near else f"the curves are {few(labels)}"
        raise SpecError(f"--reference: no curve is called {label!r}", hint=hint)
    return found[0]


def _columns(compared: Sequence[Beside]) -> list[Column]:
    from lrviz.checks.comparison import Beside
    from lrviz.export.grid import Column, cell

    return [
        Column(name, TITLES.get(name, name), [cell(getattr(one, name)) for one in compared])
        for name in Beside._fields
    ]
