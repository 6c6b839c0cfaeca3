"""The curves that a command is asked for; what there is to say of their runs goes to stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.cli.notes import say
from lrviz.curves.read import read_words
from lrviz.curves.runs import idle_keys, runs_of
from lrviz.curves.series import series_of
from lrviz.curves.words_as_series import noted, series_of_words
from lrviz.errors import ANSWERED_NO
from lrviz.findings.gather import of_inputs
from lrviz.notation.finding import Finding
from lrviz.notation.text import change_nothing
from lrviz.resolve.key import option_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.cli.run_options import RunOptions
    from lrviz.curves.series import Series
    from lrviz.curves.wanted import Wanted
    from lrviz.resolve.resolved import Resolved


def read_series(
    words: Sequence[str], run: RunOptions, quantity: str, *, examples: bool = True
) -> list[Series]:
    """The curves of every word; what there is to say of their runs goes to stderr."""
    return series_wanted(read_words(words), run, quantity, examples=examples)


def series_wanted(
    wanted: Sequence[Wanted], run: RunOptions, quantity: str, *, examples: bool = True
) -> list[Series]:
    """The curves of all that is wanted; what there is to say of their runs goes to stderr."""
    rows = made_series(wanted, run, quantity, examples=examples)
    say(of_inputs(rows), quiet=run.quiet)
    return rows


def series_of_quantities(
    wanted: Sequence[Wanted], run: RunOptions, quantities: Sequence[str]
) -> list[Series]:
    """The curves of several quantities, one after the other; the labels name them."""
    rows = series_wanted(wanted, run, quantities[0])
    if len(quantities) == 1:
        return rows
    from lrviz.cli.viewing import hints_of_view
    from lrviz.curves.quantities import labelled, lacking

    with hints_of_view():
        say(lacking(rows, quantities), quiet=run.quiet)
    return labelled(rows, quantities)


def made_series(
    wanted: Sequence[Wanted], run: RunOptions, quantity: str, *, examples: bool = True
) -> list[Series]:
    """The curves of all that is wanted; with ``examples`` a spec may assume what is missing."""
    if run.resume is not None:
        rows = series_of(made_runs(wanted, run, examples=examples), quantity)
    else:
        rows = series_of_words(wanted, run.flags, quantity, examples=examples)
    for finding in idle_options(wanted, run):
        rows = noted(rows, finding)
    return rows


def idle_options(wanted: Sequence[Wanted], run: RunOptions) -> Iterator[Finding]:
    """The options that change nothing, as every spec says the same itself."""
    options = [option_of(key) for key in idle_keys(wanted, run.values)]
    if options:
        yield Finding("idle-option", "note", f"{change_nothing(options)}: the spec itself says it")


def made_runs(wanted: Sequence[Wanted], run: RunOptions, *, examples: bool) -> list[Resolved]:
    """Every run; of a resume the one that it makes first, and alone where curves are judged or kept."""
    if run.resume is None:
        return runs_of(wanted, run.flags, examples=examples)
    from lrviz.curves.resuming import resumed_runs

    resumed, beside = resumed_runs(wanted, run.flags, run.resume, examples=examples)
    return [*resumed, *(beside if examples else ())]


def code_of(rows: Sequence[Series], findings: Iterable[Finding], run: RunOptions) -> int:
    """The exit code: under ``--strict`` a warning or an error of the runs, or among ``findings``, is a no."""
    said = (*of_inputs(rows), *findings)
    return ANSWERED_NO if run.strict and any(one.level != "note" for one in said) else 0
