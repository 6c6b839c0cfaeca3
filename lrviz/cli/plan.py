"""``lrviz plan``: the step budget, explained."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lrviz.cli.options import PlanOptions, check_choice, takes

if TYPE_CHECKING:
    from lrviz.assume import Assumption
    from lrviz.plan import Plan
    from lrviz.spec import Spec, Value

GETS = ("total", "steps_per_epoch", "epochs", "warmup")


@dataclass(frozen=True)
class Budget:
    """The length of a run and of its warmup, with what was assumed."""

    plan: Plan
    warmup: tuple[int, str] | None
    assumptions: tuple[Assumption, ...]


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
        print(*dict.fromkeys(_got(budget.plan, budget.warmup, get) for budget in found), sep="\n")
    elif format == "json":
        print(json.dumps(_document(found), indent=2))
    else:
        print(*_text(found), sep="\n")


def _budgets(words: list[str], flags: Mapping[str, Value]) -> dict[Budget, list[str]]:
    """Every different budget, with the labels of the schedules that have it."""
    if not words:
        return {_budget(flags, examples=True): []}
    found: dict[Budget, list[str]] = {}
    for label, budget in _of_words(words, flags):
        found.setdefault(budget, []).append(label)
    return found


def _of_words(words: list[str], flags: Mapping[str, Value]) -> Iterator[tuple[str, Budget]]:
    """The label and budget of each schedule; a spec may assume what is missing, a config never does."""
    from lrviz.cli.curves import naming, read_words
    from lrviz.spec import Spec

    for item in read_words(words):
        if isinstance(item, Spec):
            yield _label(item), _budget(_run_values(item, flags), examples=True)
            continue
        for entry in item.entries:
            spec, values = entry.under(flags)
            with naming(entry):
                budget = _budget(_run_values(spec, values), examples=False)
            yield _label(spec), budget


def _label(spec: Spec) -> str:
    return str(spec.get("label") or spec.name)


def _run_values(spec: Spec, values: Mapping[str, Value]) -> Mapping[str, Value]:
    from lrviz.assume import overlaid
    from lrviz.registry import find
    from lrviz.run_keys import divided

    return overlaid(values, divided(find(spec.name), spec)[1])


def _budget(values: Mapping[str, Value], *, examples: bool) -> Budget:
    from lrviz.assume import plan_of, warmup_of

    assumptions: list[Assumption] = []
    made = plan_of(values, assumptions if examples else None)
    span = warmup_of(values)
    return Budget(made, made.ticks(span, warmup=True) if span else None, tuple(assumptions))


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


def _got(made: Plan, warmup: tuple[int, str] | None, get: str) -> float:
    from lrviz.errors import PlanError

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
    made, warmup = budget.plan, budget.warmup
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
    }


def _lines(budget: Budget) -> list[str]:
    warmup = budget.warmup
    cells = [(a.key, f"{a.value} ({a.origin})") for a in budget.assumptions]
    cells += [(line.label, line.text) for line in budget.plan.explain()]
    if warmup:
        cells.append(("warmup steps", str(warmup[0]) + (f"  ({warmup[1]})" if warmup[1] else "")))
    if budget.plan.idle:
        cells.append(("changes nothing", ", ".join(budget.plan.idle)))
    width = max(len(label) for label, _ in cells)
    return [f"{label:<{width}}  {text}" for label, text in cells]
