"""Specs and configs evaluated over their runs; a run that goes on as another."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from lrviz.api.curve import Curve
from lrviz.curves.read import read_words
from lrviz.curves.resuming import resumed_runs
from lrviz.curves.runs import Flags
from lrviz.curves.series import Series, series_of
from lrviz.curves.words_as_series import series_of_words
from lrviz.errors import SpecError, expect
from lrviz.inputs.config import job
from lrviz.inputs.words import STDIN
from lrviz.notation.origin import Origin
from lrviz.notation.spec import Spec
from lrviz.plan.budget_keys import DEFAULTS
from lrviz.plan.plan import Plan
from lrviz.resumption.asked import Resume

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.curves.wanted import Wanted

    LeftOpen = Mapping[str, Any] | None


@overload
def evaluate(
    spec: Spec, plan: Plan | None = None, *, quantity: str = "lr", given: LeftOpen = None
) -> Curve: ...
@overload
def evaluate(
    spec: Path | job.Job, plan: Plan | None = None, *, quantity: str = "lr", given: LeftOpen = None
) -> list[Curve]: ...
@overload
def evaluate(spec: str, plan: Plan | None = None, *, quantity: str = "lr", given: LeftOpen = None) -> Any: ...
def evaluate(
    spec: str | Spec | Path | job.Job,
    plan: Plan | None = None,
    *,
    quantity: str = "lr",
    given: LeftOpen = None,
) -> Curve | list[Curve]:
    """The curve of a spec, ``"cosine:warmup=100,lr=3e-4"``; of a config or its path a list of them.

    Braces in a spec make a list too: ``"cosine:lr={1e-4,3e-4}"``.

    The run is as long as ``plan``, whose keys lie under those of a spec and over those of a config. Nothing
    is assumed: what is said names the LR and all the framework insists on. A trainer's own file, or its
    command (``"command: torchrun sft.py --lr 1e-4"``), makes a list too; ``given`` are the values that it
    leaves open, ``{"dataset_len": 1000}``.

    Raises:
        LrvizError: whatever is unknown, missing, contradictory or refused by the framework.

    """
    keys, said = given_by(plan)
    wanted = wanted_of(spec)
    expect(given, (Mapping, type(None)), "given is a dict", hint='given={"dataset_len": 1000}')
    texts = {key: str(value) for key, value in (given or {}).items()}
    curves = curves_of(series_of_words(wanted, Flags(keys, said, texts), quantity, examples=False))
    return curves[0] if len(wanted) == 1 and isinstance(wanted[0], Spec) else curves


def curves_of(rows: Iterable[Series]) -> list[Curve]:
    """A curve for each run, and for each log."""
    by_run = [tuple(own) for _, own in groupby(rows, key=lambda row: (id(row.run), row.family))]
    return [Curve(own, own[0].quantity) for own in by_run]


def given_by(plan: Plan | None) -> tuple[Mapping[str, Any], dict[str, Origin]]:
    """What a plan says, and that Python says it.

    Raises:
        ArgumentError: it is no plan.

    """
    expect(plan, (Plan, type(None)), "plan is a Plan", hint="lrviz.Plan(steps=1000)")
    keys = plan.given if plan is not None else {}
    return keys, {key: Origin("python") for key in keys if keys[key] != DEFAULTS[key]}


def wanted_of(spec: Any) -> list[Wanted]:
    """What is to be evaluated: a path is one on the command line too, and braces stand for several specs.

    Raises:
        LrvizError: it is nothing of the kind, or stdin.

    """
    hint = 'lrviz.evaluate("cosine:warmup=100,lr=3e-4,steps=1000")'
    expect(spec, (str, Path, Spec, job.Job), "a spec, a path or a job is evaluated", hint=hint)
    if isinstance(spec, Path):
        from lrviz.inputs.opened import open_path

        return [open_path(spec)]
    if not isinstance(spec, str):
        return [spec]
    refuse_stdin(spec)
    return read_words([spec])


def refuse_stdin(word: str) -> None:
    """Refuse ``-``: a program's stdin is its own.

    Raises:
        SpecError: the word is that.

    """
    if word.startswith(STDIN):
        raise SpecError(f"{word}: stdin is read by the commands alone", hint='Path("run.toml") is a file')


def resume(
    old: str | Spec | Path | job.Job,
    new: str | Spec | Path | job.Job,
    at: int | str,
    plan: Plan | None = None,
    *,
    quantity: str = "lr",
) -> Any:
    """The curve of ``new`` where it goes on from a checkpoint of ``old`` after ``at`` updates.

    It is what the framework makes of that; of several schedules, as ``evaluate`` has them, a list.

    Raises:
        LrvizError: one is refused, there is no such checkpoint, or what the framework does is not known.

    """
    expect(at, (int, str), "a checkpoint is a number of updates, or a duration", hint="at=1000")
    wanted = [*wanted_of(old), *wanted_of(new)]
    runs, _ = resumed_runs(wanted, Flags(*given_by(plan)), Resume(str(at)), examples=False)
    curves = curves_of(series_of(runs, quantity))
    return curves[0] if len(wanted) == 2 and all(isinstance(one, Spec) for one in wanted) else curves
