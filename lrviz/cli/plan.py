"""``lrviz plan``: the step budget, explained."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lrviz.cli.options import PlanOptions, check_choice, takes

if TYPE_CHECKING:
    from lrviz.assume import Assumption
    from lrviz.plan import Plan

GETS = ("total", "steps_per_epoch", "epochs", "warmup")


@takes(PlanOptions)
def plan(
    run: PlanOptions,
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
    """
    from lrviz.assume import plan_of

    check_choice("--format", format, ("text", "json"))
    assumptions: list[Assumption] = []
    made = plan_of(run.values(), assumptions)
    warmup = _warmup(made, run)
    if get is not None:
        check_choice("--get", get, GETS)
        print(_got(made, warmup, get))
    elif format == "json":
        print(json.dumps(_json(made, warmup, assumptions), indent=2))
    else:
        print(*_lines(made, warmup, assumptions), sep="\n")


def _warmup(made: Plan, run: PlanOptions) -> tuple[int, str] | None:
    from lrviz.assume import warmup_of

    span = warmup_of(run.values())
    return made.ticks(span, warmup=True) if span else None


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


def _json(made: Plan, warmup: tuple[int, str] | None, assumptions: list[Assumption]) -> dict[str, Any]:
    return {
        "schema": 1,
        "total_steps": made.total_steps,
        "steps_per_epoch": made.steps_per_epoch,
        "epochs": made.epochs_run,
        "warmup_steps": warmup[0] if warmup else None,
        "trainer": made.trainer,
        "derivation": [
            {"label": line.label, "formula": line.formula, "value": line.value} for line in made.explain()
        ],
        "assumptions": {a.key: a.origin for a in assumptions},
    }


def _lines(made: Plan, warmup: tuple[int, str] | None, assumptions: list[Assumption]) -> list[str]:
    cells = [(a.key, f"{a.value} ({a.origin})") for a in assumptions]
    cells += [(line.label, line.text) for line in made.explain()]
    if warmup:
        cells.append(("warmup steps", str(warmup[0]) + (f"  ({warmup[1]})" if warmup[1] else "")))
    width = max(len(label) for label, _ in cells)
    return [f"{label:<{width}}  {text}" for label, text in cells]
