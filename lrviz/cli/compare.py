"""``lrviz compare``: schedules beside one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.curve_options import CommonScale, Get, Quantity, one_quantity
from lrviz.cli.options import GRIDS, OF_RUN, Specs, check_choice, one_of, takes
from lrviz.cli.run_options import RunOptions
from lrviz.errors import SpecError
from lrviz.export.grid import FORMATS
from lrviz.notation.fact import COMPARED, Fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.checks.comparison import Beside
    from lrviz.curves.series import Series
    from lrviz.export.grid import Column
    from lrviz.notation.finding import Finding

COLUMNS = "first, peak, warmup_end, mean, area, last, low, steps_at_0, half"
NAMES = ", ".join(COMPARED)


@takes(OF_RUN, strict=True, resumes=True)
def compare(
    run: RunOptions,
    specs: Specs = [],
    reference: Annotated[
        str | None,
        typer.Option(
            "--reference",
            metavar="LABEL",
            help="The curve that others stand beside; the first.",
            show_default=False,
        ),
    ] = None,
    columns: Annotated[
        str,
        typer.Option(
            "--columns",
            metavar="FACTS",
            help=f"The facts to print, as in --get, and of {NAMES} those named, else all.",
        ),
    ] = COLUMNS,
    get: Get = None,
    quantity: Quantity = None,
    common_scale: CommonScale = False,
    format: Annotated[str, one_of("--format", FORMATS, GRIDS)] = "text",
) -> int:
    """Compare schedules with one of them: facts, ratio, where they first differ and by how much at most.

    Examples:
      lrviz compare cosine linear wsd --warmup 6% --steps 10k --lr 3e-4

      lrviz compare cosine linear --reference linear --columns mean,last

      lrviz compare linear polynomial --steps 1000 --lr 1e-3 --format markdown
    """
    from lrviz.checks.comparison import beside
    from lrviz.cli.asked_series import code_of, read_series
    from lrviz.cli.grids import facts_read, idle_switches, print_fact
    from lrviz.cli.notes import say
    from lrviz.findings.gather import of_curves

    check_choice("--format", format, FORMATS)
    facts, fact = facts_read(columns, get, {"--columns": columns != COLUMNS, "--format": format}, COMPARED)
    chosen = read_series(specs, run, one_quantity(quantity, "a comparison"))
    with_them = _reference(chosen, reference)
    compared = [beside(row, with_them) for row in chosen] if fact is None or fact.name in COMPARED else []
    found = [*of_curves(chosen), *(finding for one in compared for finding in one.findings)]
    say([*idle_switches(None if fact else format, common_scale=common_scale), *found], quiet=run.quiet)
    if fact is not None and fact.name not in COMPARED:
        return print_fact(chosen, fact) or code_of(chosen, found, run)
    if fact is not None:
        _print_values(chosen, fact, compared)
    elif format == "json":
        _print_document(chosen, with_them, compared, found)
    else:
        _print_table(chosen, facts, compared, format, run, common_scale=common_scale)
    return code_of(chosen, found, run)


def _print_values(chosen: Sequence[Series], fact: Fact, compared: Sequence[Beside]) -> None:
    from lrviz.cli.grids import print_values
    from lrviz.export.grid import cell

    values = [cell(getattr(one, fact.name)).exact for one in compared]
    print_values([(row.label, value) for row, value in zip(chosen, values, strict=True)])


def _print_document(
    chosen: Sequence[Series], reference: Series, compared: Sequence[Beside], found: Sequence[Finding]
) -> None:
    from lrviz.export.documents import comparison_document, document_text
    from lrviz.findings.gather import of_inputs

    print(document_text(comparison_document(chosen, reference, compared, [*of_inputs(chosen), *found])))


def _print_table(
    chosen: Sequence[Series],
    facts: Sequence[Fact],
    compared: Sequence[Beside],
    format: str,
    run: RunOptions,
    *,
    common_scale: bool,
) -> None:
    from lrviz.cli.grids import print_grid
    from lrviz.findings.gather import findings_of

    columns, said = _columns(chosen, facts, compared), findings_of(chosen)
    print_grid(chosen, columns, format, said, quiet=run.quiet, common_scale=common_scale)


def _reference(chosen: Sequence[Series], label: str | None) -> Series:
    """The curve of a label, or the first.

    Raises:
        SpecError: there is none.

    """
    found = [row for row in chosen if label in (None, row.label)]
    found += [row for row in chosen if label == row.family]
    if not found:
        from lrviz.notation.nearest import near_hint
        from lrviz.notation.text import few

        labels = [row.label for row in chosen]
        hint = near_hint(str(label), labels, f"the curves are {few(labels)}")
        raise SpecError(f"--reference: no curve is called {label!r}", hint=hint)
    return found[0]


def _columns(chosen: Sequence[Series], facts: Sequence[Fact], compared: Sequence[Beside]) -> list[Column]:
    """The facts in their order; what compares stands behind them where none of it is named."""
    from lrviz.export.curve_columns import fact_columns
    from lrviz.export.grid import Column, cell

    named = [fact for fact in facts if fact.name in COMPARED]
    columns = {
        column.name: column for column in fact_columns(chosen, [one for one in facts if one not in named])
    }
    for fact in named or map(Fact, COMPARED):
        cells = [cell(getattr(one, fact.name)) for one in compared]
        columns[fact.name] = Column(fact.name, fact.title, cells)
    order = [str(fact) for fact in facts] if named else list(columns)
    return [columns[name] for name in order]
