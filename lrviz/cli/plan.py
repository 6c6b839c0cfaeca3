"""``lrviz plan``: the step budget, explained."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import OF_PLAN, RunOptions, check_choice, one_of, takes

if TYPE_CHECKING:
    from lrviz.notation.finding import Finding
    from lrviz.notation.spec import Value
    from lrviz.resolve.budget import Budget
    from lrviz.resolve.defaults import Assumption

FORMATS = ("text", "json")
NARROWEST = 20
GETS = ("total", "steps_per_epoch", "epochs", "warmup")


@takes(OF_PLAN)
def plan(
    run: RunOptions,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CONFIG|SPEC]...", help="Whose plan; none: the options'.", show_default=False
        ),
    ] = None,
    get: Annotated[
        str | None,
        one_of("--get", GETS, "Print this number alone."),
    ] = None,
    format: Annotated[str, one_of("--format", FORMATS, "Lines, or JSON.")] = "text",
) -> None:
    """Derive the number of optimizer steps, line by line.

    Examples:
      lrviz plan --dataset-len 50000 --batch-size 128 --epochs 30

      lrviz plan --dataset-len 50000 --batch-size 128 --epochs 30 --grad-accum 4 --world-size 8 --get total

      lrviz plan --steps 1950 --warmup 1% --trainer transformers

      lrviz plan run.toml
    """
    check_choice("--format", format, FORMATS)
    found, findings = _budgets(words or [], run.values)
    if get is not None:
        check_choice("--get", get, GETS)
        print(*dict.fromkeys(_got(budget, get) for budget in found), sep="\n")
    elif format == "json":
        from lrviz.export.documents import budgets_document, document_text

        print(document_text(budgets_document(found, findings)))
    else:
        print(*_text(found), sep="\n")


def _budgets(words: list[str], flags: Mapping[str, Value]) -> tuple[dict[Budget, list[str]], list[Finding]]:
    """Every different budget, with the labels of the schedules that have it; and what is worth saying."""
    from lrviz.resolve.budget import Budget, plan_of, warmup_of
    from lrviz.resolve.keys import read_values

    if words:
        return _of_words(words, flags)
    assumptions: list[Assumption] = []
    values = read_values(flags)
    budget = Budget(plan_of(values, assumptions), warmup_of(values), tuple(assumptions))
    return {budget: []}, budget.findings


def _of_words(words: list[str], flags: Mapping[str, Value]) -> tuple[dict[Budget, list[str]], list[Finding]]:
    from lrviz.curves.findings import of_runs
    from lrviz.curves.labels import distinct_labels
    from lrviz.curves.read import read_words, runs_of
    from lrviz.plan.keys import PLAN_KEYS
    from lrviz.resolve.budget import Budget

    runs = runs_of(read_words(words), flags, examples=True)
    labels, found = distinct_labels(runs), dict[Budget, list[str]]()
    for label, run in zip(labels, runs, strict=True):
        assumed = tuple(a for a in run.assumptions if a.key in PLAN_KEYS)
        found.setdefault(Budget(run.plan, run.warmup, assumed), []).append(label)
    return found, of_runs(zip(labels, runs, strict=True))


def _text(found: dict[Budget, list[str]]) -> list[str]:
    """One plan as it is; several below their labels."""
    if len(found) == 1:
        return _lines(next(iter(found)))
    blocks = [[f"{', '.join(labels)}:", *_lines(budget), ""] for budget, labels in found.items()]
    return [line for block in blocks for line in block][:-1]


def _got(budget: Budget, get: str) -> float:
    from lrviz.errors import PlanError

    made, warmup = budget.plan, budget.warmup_steps
    values = {
        "total": made.total_steps,
        "steps_per_epoch": made.steps_per_epoch,
        "epochs": made.epochs_run,
        "warmup": warmup and warmup[0],
    }
    value = values[get]
    if value is None:
        raise PlanError(
            f"{get} is unknown in this plan",
            hint="<warmup=6%>" if get == "warmup" else "<steps_per_epoch=39>",
        )
    return int(value) if float(value).is_integer() else value


def _lines(budget: Budget) -> list[str]:
    made, warmup = budget.plan, budget.warmup_steps
    cells = [(a.key, f"{a.value} ({a.origin})") for a in budget.assumptions]
    cells += [(line.label, line.text) for line in made.explain()]
    if warmup:
        cells.append(("warmup steps", str(warmup[0]) + (f"  ({warmup[1]})" if warmup[1] else "")))
    if made.idle:
        cells.append(("changes nothing", ", ".join(made.idle)))
    cells += _of_trainers(budget)
    indent = max(len(label) for label, _ in cells) + 2
    room = max(NARROWEST, shutil.get_terminal_size().columns - indent)
    return list(_rows(cells, indent, room))


def _rows(cells: list[tuple[str, str]], indent: int, room: int) -> Iterator[str]:
    """Each label beside its text, which goes on below itself."""
    for label, text in cells:
        parts = [wrap(line, room, break_on_hyphens=False) for line in text.splitlines()]
        first, *rest = [line for lines in parts for line in lines]
        yield f"{label:<{indent}}{first}"
        yield from (" " * indent + line for line in rest)


def _of_trainers(budget: Budget) -> list[tuple[str, str]]:
    """What the trainer does to a scheduler, and what the others would make of the plan."""
    from lrviz.plan.other_trainers import numbers, others
    from lrviz.resolve.calls import calling

    often, here = calling(budget.plan), numbers(budget.plan, budget.warmup)
    found = others(budget.plan, budget.warmup)
    texts = [f"{', '.join(names)}: {there.beside(here)}" for there, names in found.items()]
    rows = [("scheduler", f"called {often}")] if often else []
    return rows + ([("other trainers", "\n".join(texts))] if texts else [])
