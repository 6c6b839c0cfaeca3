"""``lrviz plan``: the step budget, explained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lrviz.cli.options import PlanOptions, check_choice, takes

if TYPE_CHECKING:
    from lrviz.notation.durations import Duration
    from lrviz.notation.spec import Value
    from lrviz.plan.plan import Plan
    from lrviz.resolve.defaults import Assumption

GETS = ("total", "steps_per_epoch", "epochs", "warmup")


@dataclass(frozen=True)
class Budget:
    """The length of a run and of its warmup, with what was assumed."""

    plan: Plan
    warmup: Duration | None
    assumptions: tuple[Assumption, ...]

    @property
    def warmup_steps(self) -> tuple[int, str] | None:
        """Steps of warmup, and a note where a share of the run was rounded."""
        return self.plan.ticks(self.warmup, warmup=True) if self.warmup else None


@takes(PlanOptions)
def plan(
    run: PlanOptions,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CONFIG|SPEC]...", help="Whose plan; none: the options'.", show_default=False
        ),
    ] = None,
    get: Annotated[
        str | None,
        typer.Option("--get", metavar="|".join(GETS), help="Print this number alone.", show_default=False),
    ] = None,
    format: Annotated[str, typer.Option("--format", metavar="text|json", help="Lines, or JSON.")] = "text",
) -> None:
    """Derive the number of optimizer steps, line by line.

    Examples:
      lrviz plan --dataset-len 50000 --batch-size 128 --epochs 30

      lrviz plan --dataset-len 50000 --batch-size 128 --epochs 30 --grad-accum 4 --world-size 8 --get total

      lrviz plan --steps 1950 --warmup 1% --trainer transformers

      lrviz plan run.toml
    """
    check_choice("--format", format, ("text", "json"))
    found = _budgets(words or [], run.values())
    if get is not None:
        check_choice("--get", get, GETS)
        print(*dict.fromkeys(_got(budget, get) for budget in found), sep="\n")
    elif format == "json":
        print(json.dumps(_document(found), indent=2))
    else:
        print(*_text(found), sep="\n")


def _budgets(words: list[str], flags: Mapping[str, Value]) -> dict[Budget, list[str]]:
    """Every different budget, with the labels of the schedules that have it."""
    from lrviz.notation.durations import parse_duration
    from lrviz.plan.keys import PLAN_KEYS
    from lrviz.resolve.budget import plan_of, warmup_of

    if not words:
        assumptions: list[Assumption] = []
        return {Budget(plan_of(flags, assumptions), warmup_of(flags), tuple(assumptions)): []}
    from lrviz.curves.read import each_of, read_words

    found: dict[Budget, list[str]] = {}
    for one in (one for item in read_words(words) for one in each_of(item, flags)):
        warmup = parse_duration(one.warmup, what="warmup") if one.warmup else None
        assumed = tuple(a for a in one.assumptions if a.key in PLAN_KEYS)
        found.setdefault(Budget(one.plan, warmup, assumed), []).append(one.label)
    return found


def _document(found: dict[Budget, list[str]]) -> dict[str, Any]:
    """One plan as it is; several in a list, with their labels."""
    if len(found) == 1:
        return {"schema": 1, **_json(next(iter(found)))}
    return {"schema": 1, "plans": [{"labels": labels, **_json(budget)} for budget, labels in found.items()]}


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
            f"{get} is unknown in this plan", hint="--warmup 6%" if get == "warmup" else "--steps-per-epoch N"
        )
    return int(value) if float(value).is_integer() else value


def _json(budget: Budget) -> dict[str, Any]:
    from lrviz.plan.other_trainers import others

    made, warmup = budget.plan, budget.warmup_steps
    return {
        "total_steps": made.total_steps,
        "steps_per_epoch": made.steps_per_epoch,
        "epochs": made.epochs_run,
        "warmup_steps": warmup[0] if warmup else None,
        "trainer": made.trainer,
        "derivation": [
            {"label": line.label, "formula": line.formula, "value": line.value} for line in made.explain()
        ],
        "assumptions": {a.key: a.origin for a in budget.assumptions},
        "other_trainers": [
            {"trainers": names, "total_steps": there.total, "warmup_steps": there.warmup}
            for there, names in others(made, budget.warmup).items()
        ],
    }


def _lines(budget: Budget) -> list[str]:
    made, warmup = budget.plan, budget.warmup_steps
    cells = [(a.key, f"{a.value} ({a.origin})") for a in budget.assumptions]
    cells += [(line.label, line.text) for line in made.explain()]
    if warmup:
        cells.append(("warmup steps", str(warmup[0]) + (f"  ({warmup[1]})" if warmup[1] else "")))
    if made.idle:
        cells.append(("changes nothing", ", ".join(made.idle)))
    cells += _of_trainers(budget)
    width = max(len(label) for label, _ in cells)
    return [f"{label:<{width}}  {text}" for label, text in cells]


def _of_trainers(budget: Budget) -> list[tuple[str, str]]:
    """What the trainer does to a scheduler, and what the others would make of the plan."""
    from lrviz.plan.other_trainers import numbers, others
    from lrviz.resolve.calls import calling

    often, here = calling(budget.plan), numbers(budget.plan, budget.warmup)
    found = others(budget.plan, budget.warmup)
    texts = [f"{', '.join(names)}: {there.beside(here)}" for there, names in found.items()]
    rows = [("scheduler", f"called {often}")] if often else []
    return rows + ([("other trainers", " · ".join(texts))] if texts else [])
