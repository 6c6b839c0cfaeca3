"""``lrviz plan``: the step budget, explained."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lrviz.cli.grids import idle_switches, print_values, refuse_beside
from lrviz.cli.notes import say
from lrviz.cli.options import OF_PLAN, Explain, check_choice, one_of, takes
from lrviz.cli.plan_text import plan_lines
from lrviz.cli.run_options import RunOptions
from lrviz.export.grid import FORMATS as GRID_FORMATS
from lrviz.notation.fact import FACTS

if TYPE_CHECKING:
    from lrviz.notation.finding import Finding
    from lrviz.plan.plan import Plan
    from lrviz.resolve.budget import Budget
    from lrviz.resolve.resolved import Resolved

FORMATS = (*GRID_FORMATS, "toml")
BATCHES = "batches_per_epoch"
GETS = tuple(name for name, kind in FACTS.items() if kind.of_plan)


@takes(OF_PLAN, alone=True, resumes=True)
def plan(
    run: RunOptions,
    specs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CONFIG|SPEC]...", help="Whose plan; none: the options'.", show_default=False
        ),
    ] = None,
    get: Annotated[
        str | None,
        one_of("--get", GETS, "Print this number alone, of several plans behind their labels."),
    ] = None,
    format: Annotated[
        str, one_of("--format", FORMATS, "Lines, rows or a document, or a config in TOML.")
    ] = "text",
    explain: Explain = False,
) -> None:
    """Derive the number of optimizer steps, line by line.

    Examples:
      lrviz plan --dataset-len 50000 --batch-size 128 --epochs 30

      lrviz plan --dataset-len 50000 --batch-size 128 --epochs 30 --grad-accum 4 --world-size 8 --get total

      lrviz plan --steps 1950 --warmup 1% --trainer transformers

      lrviz plan run.toml
    """
    check_choice("--format", format, FORMATS)
    _refuse_format(format, specs, get, resumes=run.resume is not None)
    if explain and (get or format != "text"):
        say(idle_switches(None if get else format, explain=True), quiet=run.quiet)
    if format == "toml" and specs:
        _print_config(specs, run)
        return
    if get in FACTS and get not in GETS:
        _refuse_of_curve(str(get), specs or ["cosine"])
    if get is not None:
        check_choice("--get", get, GETS)
    measures = get == "warmup" or (get is None and format != "text")
    found, findings = _budgets(specs or [], run, apart=explain, measures=measures)
    as_lines = format == "text" and get is None and run.resume is None
    in_lines = as_lines and not any(budget.reading for budget in found)
    say(findings, quiet=run.quiet or in_lines)  # then the notes stand in the lines
    if get is not None:
        _print_fact(found, get)
    elif format == "text":
        print(*plan_lines(found, verbose=run.verbose, explain=explain), sep="\n")
    else:
        _print(found, format, findings)


def _print(found: dict[Budget, list[str]], format: str, findings: list[Finding]) -> None:
    """A document, or rows."""
    if format == "json":
        from lrviz.export.documents import budgets_document, document_text

        print(document_text(budgets_document(found, findings)))
    else:
        _print_grid(found, format, findings)


def _refuse_format(format: str, specs: list[str] | None, get: str | None, *, resumes: bool) -> None:
    """Refuse a format that the rest does not go with, and to resume nothing."""
    from lrviz.errors import SpecError

    if get is not None:
        refuse_beside("--get", {"--format": format})
    if format == "toml" and not specs:
        raise SpecError(
            "a config needs a schedule, and none is named", hint="lrviz plan cosine --steps 100 --format toml"
        )
    if resumes and format == "toml":
        raise SpecError("no config goes on from a checkpoint", hint="leave out --resume-at")
    if resumes and not specs:
        hint = "lrviz plan cosine --steps 100 --resume-at 20 --resume steps=200"
        raise SpecError("--resume-at needs a schedule", hint=hint)


def _refuse_of_curve(get: str, words: list[str]) -> None:
    from lrviz.errors import SpecError
    from lrviz.notation.shell import shell_line

    raise SpecError(f"--get {get} is of a curve", hint=shell_line("lrviz", "show", *words, "--get", get))


def _print_config(words: list[str], run: RunOptions) -> None:
    """The runs of the words as a config of lrviz."""
    from lrviz.cli.asked_series import read_series
    from lrviz.curves.series import families
    from lrviz.export.toml_text import toml_text

    runs = [one for _, one in families(read_series(words, run, "lr"))]
    print(*toml_text(runs), sep="\n")


def _budgets(
    words: list[str], run: RunOptions, *, apart: bool, measures: bool
) -> tuple[dict[Budget, list[str]], list[Finding]]:
    """Every different budget, with the labels of the schedules that have it; and what is worth saying.

    With ``apart`` two also differ where somebody else says the same; with ``measures`` a warmup that nobody
    asks for is that of the curve.
    """
    from lrviz.resolve.budget import budget_of, plan_of, warmup_of
    from lrviz.resolve.file_reading import refuse_given
    from lrviz.resolve.keys import read_values
    from lrviz.resolve.origins import given_by, of_plan

    if words:
        return _of_words(words, run, apart=apart, measures=measures)
    if run.given:
        refuse_given(run.given)
    values, said = read_values(run.values), {**run.origins}
    made = plan_of(values, said)
    budget = budget_of(made, warmup_of(values), of_plan(made, said) | given_by(run.values, said))
    return {budget: []}, budget.findings


def _of_words(
    words: list[str], run: RunOptions, *, apart: bool, measures: bool
) -> tuple[dict[Budget, list[str]], list[Finding]]:
    from lrviz.cli.asked_series import made_runs
    from lrviz.curves.labels import distinct_labels
    from lrviz.curves.read import read_words
    from lrviz.findings.gather import of_ends, of_runs
    from lrviz.resolve.budget import Budget, budget_of

    runs = made_runs(read_words(words), run, examples=True)
    labels, found, same = distinct_labels(runs), dict[Budget, list[str]](), dict[Any, Budget]()
    for label, one in zip(labels, runs, strict=True):
        budget = budget_of(one.plan, one.warmup, one.origins, one.reading, one.counted_warmup)
        if measures and budget.warmup_steps is None:
            budget = _measured(budget, one, words)
        shown = budget.origins if apart else budget.assumed
        key = (one.plan, one.warmup, budget.warmup_steps, tuple(shown.items()), id(one.reading))
        found.setdefault(same.setdefault(key, budget), []).append(label)
    return found, [*of_runs(zip(labels, runs, strict=True)), *of_ends(runs)]


def _measured(budget: Budget, run: Resolved, words: list[str]) -> Budget:
    """A budget with the steps of warmup that its curve has, one number for all param groups.

    Raises:
        PlanError: they have warmups of different lengths.

    """
    from dataclasses import replace

    from lrviz.curves.own_steps import warmup_of
    from lrviz.curves.series import series_of
    from lrviz.errors import PlanError
    from lrviz.notation.shell import shell_line
    from lrviz.notation.text import listed

    first, *others = (warmup_of(row) for row in series_of([run], "lr"))
    if different := dict.fromkeys(one for one in others if one != first):
        text = f"its param groups have warmups of {listed([*map(str, (first, *different))])} steps"
        raise PlanError(text, hint=shell_line("lrviz", "show", *words, "--get", "warmup"))
    return replace(budget, measured=first)


def _print_fact(found: dict[Budget, list[str]], get: str) -> None:
    """The number alone, of several plans behind their labels."""
    values = {budget: str(_got(budget, get)) for budget in found}
    labels = {budget: found[budget] if len(found) > 1 else [""] for budget in found}
    print_values([(label, value) for budget, value in values.items() for label in labels[budget]])


def _print_grid(found: dict[Budget, list[str]], format: str, findings: list[Finding]) -> None:
    """A row for each plan, with what it can be asked for."""
    from lrviz.export.grid import GRID_FORMATS, Column, cell, texts

    labels = texts("label", map(", ".join, found.values()))._replace(title="schedule")
    columns = [Column(name, name, [cell(_fact(budget, name)) for budget in found]) for name in GETS]
    print(*GRID_FORMATS[format]([labels, *columns], findings), sep="\n")


def _fact(budget: Budget, name: str) -> float | None:
    made, warmup = budget.plan, budget.warmup_steps
    values = {
        "total": made.total_steps,
        "steps_per_epoch": made.steps_per_epoch,
        "epochs": made.epochs if _makes_all(made) else made.epochs_run,
        "warmup": warmup and warmup[0],
    }
    value = values[name]
    return int(value) if value is not None and float(value).is_integer() else value


def _got(budget: Budget, get: str) -> float:
    from lrviz.errors import PlanError

    value = _fact(budget, get)
    if value is not None:
        return value
    counted = [line for line in budget.reading.lines if line.key == BATCHES] if budget.reading else []
    if get != "warmup" and counted:
        text = f"no epoch of {counted[0].value} batches is a whole number of updates, the same in each"
        raise PlanError(f"{get} is unknown in this plan: {text}", hint="--get total")
    hint = "<warmup=6%>" if get == "warmup" else "<steps_per_epoch=39>"
    raise PlanError(f"{get} is unknown in this plan", hint=hint)


def _makes_all(made: Plan) -> bool:
    """Whether the run is as long as the epochs that are asked for, to the step they end in."""
    if made.epoch is None or made.epochs is None:
        return False
    return made.total_steps == math.ceil(made.epoch * Fraction(str(made.epochs)))
