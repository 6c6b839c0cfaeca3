"""For notebooks and tests: a spec evaluated over a run, a user's own scheduler recorded."""

from __future__ import annotations

import copy
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.catalogue.schedule import Schedule
from lrviz.curves.series import Series, series_of
from lrviz.engine.breakpoints import Opaque
from lrviz.engine.timeline import Phase, Rates, Timeline
from lrviz.notation.spec import Spec, parse
from lrviz.plan.plan import Plan
from lrviz.resolve.resolve import resolve
from lrviz.resolve.resolved import Resolved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lrviz.engine.facts import Facts


@dataclass(frozen=True)
class Curve:
    """A schedule over a run of ``len(curve)`` steps; ``rows`` holds one curve for each param group."""

    rows: tuple[Series, ...]
    quantity: str = "lr"

    def __len__(self) -> int:
        return self.rows[0].steps

    @property
    def label(self) -> str:
        """The text in the legend."""
        return self.rows[0].family

    @property
    def steps(self) -> NDArray[np.int64]:
        """0 … len - 1."""
        return np.arange(len(self))

    @property
    def lr(self) -> Rates:
        """The value each step uses: one row for each param group where there are several.

        Raises:
            ScheduleError: the framework stops inside the run; ``step`` says where.

        """
        ticks = np.arange(len(self), dtype=float)
        values = [row.timeline(ticks) for row in self.rows]
        return values[0] if len(values) == 1 else np.stack(values)

    @property
    def facts(self) -> Facts:
        """First, peak, last and more of the first param group."""
        return self.rows[0].facts

    def first_difference(self, other: Curve, tolerance: float = 1e-12) -> int | None:
        """The first step at which they differ by over ``tolerance`` times the larger maximum, or None."""
        mine, theirs = np.atleast_2d(self.lr), np.atleast_2d(other.lr)
        if mine.shape != theirs.shape:
            raise ValueError(f"the curves have different shapes: {mine.shape} and {theirs.shape}")
        close = tolerance * max(np.abs(mine).max(), np.abs(theirs).max())
        apart = np.flatnonzero((np.abs(mine - theirs) > close).any(axis=0))
        return int(apart[0]) if apart.size else None

    def save(self, path: str | Path) -> Path:
        """Draw the curve into a PNG, SVG or PDF file, by its suffix.

        Raises:
            OutputError: an unknown format, or a place that cannot be written.

        """
        from lrviz.curves.picture import picture_of
        from lrviz.draw.image import render
        from lrviz.export.files import write

        target = Path(path)
        write(target, render(picture_of(self.rows, self.quantity), target.suffix[1:].lower()))
        return target


def evaluate(spec: str | Spec, plan: Plan | None = None, *, quantity: str = "lr") -> Curve:
    """The curve of a spec, ``"cosine:warmup=100,lr=3e-4"``, in a run as long as ``plan``.

    Keys of the plan in the spec win. Nothing is assumed: the spec names the LR and all the
    framework insists on.

    Raises:
        LrvizError: whatever is unknown, missing, contradictory or refused by the framework.

    """
    flags = plan.given if plan is not None else {}
    found = resolve(parse(spec) if isinstance(spec, str) else spec, flags)
    return Curve(tuple(series_of([found], quantity)), quantity)


def record(scheduler: Any, n: int, *, metrics: Sequence[float] | None = None) -> Curve:
    """The curve of a user's own scheduler, or of a function of the step, over ``n`` steps.

    A scheduler has ``optimizer.param_groups`` and ``step()``, as torch's; it is stepped without the
    optimizer, and what it and the param groups held is put back. ``metrics[t]`` is passed to the
    step() after update t. Where it raises, the curve stops.

    Raises:
        TypeError: neither a scheduler nor a function.

    """
    name = getattr(scheduler, "__name__", type(scheduler).__name__)
    if hasattr(scheduler, "step") and hasattr(scheduler, "optimizer"):
        columns, why = _stepped(scheduler, n, metrics)
    elif callable(scheduler):
        columns, why = [[float(scheduler(t))] for t in range(n)], ""
    else:
        raise TypeError(f"a scheduler or a function of the step is recorded, got {type(scheduler).__name__}")
    timelines = [_recorded(np.array(values), n, why) for values in zip(*columns, strict=True)]
    schedule = Schedule(f"recorded.{name}", tuple({"lr": line} for line in timelines), len(timelines) > 1)
    lrs = tuple(float(line(np.zeros(1))[0]) for line in timelines)
    found = Resolved(Spec(name), schedule, Plan(steps=n), lrs, None, (), ())
    return Curve(tuple(series_of([found], "lr")))


def _stepped(scheduler: Any, n: int, metrics: Sequence[float] | None) -> tuple[list[list[float]], str]:
    """The LR of every group before each step, and why it ended early."""
    groups = scheduler.optimizer.param_groups
    held, state = [dict(group) for group in groups], copy.deepcopy(scheduler.state_dict())
    columns: list[list[float]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch asks for optimizer.step(), which would train
            for t in range(n):
                columns.append([float(group["lr"]) for group in groups])
                scheduler.step(*(metrics[t : t + 1] if metrics is not None else ()))
    except Exception as error:  # noqa: BLE001  (whatever it raises is where it stops)
        return columns, f"{type(error).__name__}: {error}"
    finally:
        scheduler.load_state_dict(state)
        for group, before in zip(groups, held, strict=True):
            group.clear()
            group.update(before)
    return columns, ""


def _recorded(values: Rates, n: int, why: str) -> Timeline:
    phase = Phase("free", 0.0, lambda t: values[t.astype(int)], Opaque(walk=True), label="recorded")
    return Timeline((phase,), float(len(values)), why or f"only {n} steps were recorded")
