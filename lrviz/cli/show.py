"""``lrviz show``: a table with sparklines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.cli.curve_options import (
    Axis,
    Chart,
    Columns,
    CommonScale,
    From,
    Get,
    Height,
    LogAxis,
    Quantity,
    To,
    TokensPerStep,
    quantities_of,
)
from lrviz.cli.options import GRIDS, OF_RUN, Explain, Specs, check_choice, one_of, takes
from lrviz.cli.run_options import RunOptions
from lrviz.export.grid import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.curves.series import Series
    from lrviz.notation.fact import Fact

COLUMNS = "first, peak, peak_at, low, mean, last"


@takes(OF_RUN, strict=True, resumes=True)
def show(
    run: RunOptions,
    specs: Specs = [],
    quantity: Quantity = None,
    columns: Columns = COLUMNS,
    get: Get = None,
    chart: Chart = False,
    height: Height = None,
    log: LogAxis = None,
    x: Axis = None,
    tokens_per_step: TokensPerStep = None,
    start: From = None,
    stop: To = None,
    common_scale: CommonScale = False,
    format: Annotated[str, one_of("--format", FORMATS, GRIDS)] = "text",
    explain: Explain = False,
) -> int:
    """Compare schedules in the terminal: sparkline, first, peak, low, mean and last value.

    Examples:
      lrviz show cosine linear wsd --warmup 6%

      lrviz show torch.StepLR:step_size=30 --steps 90 --lr 0.1

      lrviz show cosine linear wsd --warmup 6% --chart

      lrviz show onecycle --lr 0.1 --steps 600 --quantity lr,momentum --chart --x percent

      lrviz show linear --lr "1e-3,1e-4" --steps 10k --format markdown

      lrviz show cosine --warmup 100 --get half

      lrviz show wsd --warmup 6% --columns "first,half,lr(90%),steps at 0"

      lrviz show cosine --steps 1000 --warmup 100 --lr 1e-3 --resume-at 500 --resume steps=2000
    """
    from lrviz.cli.asked_series import code_of, series_of_quantities
    from lrviz.cli.grids import facts_read, idle_switches, print_fact
    from lrviz.cli.notes import say
    from lrviz.curves.read import read_words
    from lrviz.findings.gather import of_curves

    check_choice("--format", format, FORMATS)
    options = {"log": log, "x": x, "tokens_per_step": tokens_per_step, "from": start, "to": stop}
    _check_chart({"height": height, **options}, {"--get": get, "--format": format}, chart=chart)
    facts, fact = facts_read(columns, get, {"--columns": columns != COLUMNS, "--format": format})
    wanted = read_words(specs)
    asked = None
    if chart:
        from lrviz.cli.charts import print_charts, read_chart

        asked, run = read_chart(wanted, run, height, options)
    chosen = series_of_quantities(wanted, run, quantities_of(quantity))
    found = of_curves(chosen)
    idle = idle_switches(None if fact else format, chart=chart, common_scale=common_scale, explain=explain)
    say([*idle, *found], quiet=run.quiet)
    if fact is not None:
        return print_fact(chosen, fact) or code_of(chosen, found, run)
    if asked is not None:
        print_charts(chosen, facts, asked, quiet=run.quiet)
    else:
        _print(chosen, facts, format, quiet=run.quiet, common_scale=common_scale)
    if explain and format == "text":
        print(*_explained(chosen), sep="\n")
    return code_of(chosen, found, run)


def _check_chart(typed: Mapping[str, object], beside: Mapping[str, object], *, chart: bool) -> None:
    """What has to do with charts is loaded where one is meant."""
    if chart or any(value is not None for value in typed.values()):
        from lrviz.cli.charts import check_chart

        check_chart(typed, beside, chart=chart)


def _print(
    chosen: Sequence[Series], facts: Sequence[Fact], format: str, *, quiet: bool, common_scale: bool
) -> None:
    """A document, or rows with sparklines."""
    from lrviz.findings.gather import findings_of

    findings = findings_of(chosen)
    if format == "json":
        from lrviz.export.documents import curves_document, document_text

        print(document_text(curves_document(chosen, findings)))
    else:
        from lrviz.cli.grids import print_grid
        from lrviz.export.curve_columns import fact_columns

        columns = fact_columns(chosen, facts)
        print_grid(chosen, columns, format, findings, quiet=quiet, common_scale=common_scale)


def _explained(chosen: list[Series]) -> list[str]:
    """Below each label the values of its run."""
    from lrviz.cli.output import Terminal
    from lrviz.curves.series import families
    from lrviz.draw.origin_table import origins_table

    width = Terminal.of_stdout().limit
    blocks = [["", f"{label}:", *origins_table(run.origins, width)] for label, run in families(chosen)]
    return [line for block in blocks for line in block]
