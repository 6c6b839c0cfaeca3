"""For notebooks and tests: specs and configs evaluated over their runs, a user's own scheduler recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from lrviz.catalogue.arguments import check_numbers
from lrviz.compare import ALIGNS
from lrviz.compare.difference import SAME, Measure, difference
from lrviz.compare.lengths import compare_words
from lrviz.compare.pairs import Differences, compare_sides
from lrviz.compare.sides import read_sides, side_of
from lrviz.compare.track import track_of
from lrviz.curves.read import read_words
from lrviz.curves.recorded import MOST, record_series
from lrviz.curves.resuming import resumed_runs
from lrviz.curves.runs import Flags
from lrviz.curves.series import Series, series_of
from lrviz.curves.words_as_series import series_of_words
from lrviz.errors import WORDS, ConfigError, ScheduleError, SpecError, expect
from lrviz.export.diff_lines import diff_lines
from lrviz.findings.gather import findings_of
from lrviz.inputs.config import job
from lrviz.notation.numbers import lr_text
from lrviz.notation.origin import Given, Origin
from lrviz.notation.spec import Spec
from lrviz.plan.budget_keys import DEFAULTS
from lrviz.plan.plan import Plan
from lrviz.resumption.asked import Resume

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from lrviz.curves.wanted import Wanted
    from lrviz.engine.facts import Facts
    from lrviz.engine.timeline import Rates
    from lrviz.notation.finding import Finding

    LeftOpen = Mapping[str, Any] | None


@dataclass(frozen=True, repr=False)
class Curve:
    """A schedule over a run of ``len(curve)`` steps; ``groups`` are the curves of its param groups."""

    rows: tuple[Series, ...]
    quantity: str = "lr"

    def __len__(self) -> int:
        return self.rows[0].steps

    def __repr__(self) -> str:
        """What it is called, its numbers, and how long its run is."""
        groups = f" of the first of {len(self.rows)} param groups" if len(self.rows) > 1 else ""
        found = self.rows[0].facts
        return (
            f"<Curve {self.label}: {self.quantity}{groups}, first {lr_text(found.first)}, peak "
            f"{lr_text(found.peak)} at step {found.peak_at}, last {lr_text(found.last)}\n"
            f" {self.rows[0].budget}{f', stops at step {found.stop[0]}' if found.stop else ''}>"
        )

    @property
    def label(self) -> str:
        """The text in the legend."""
        return self.rows[0].family

    @property
    def plan(self) -> Plan:
        """How long the run is."""
        return self.rows[0].plan

    @property
    def steps(self) -> NDArray[np.int64]:
        """0 … len - 1."""
        return np.arange(len(self))

    @property
    def lr(self) -> Rates:
        """The value each step uses: one row for each param group where there are several.

        Raises:
            ScheduleError: the framework stops inside the run, ``step`` says where; or the run is too long.

        """
        try:
            ticks = np.arange(len(self), dtype=float)
            values = np.stack([row.told(ticks) for row in self.rows])
        except MemoryError:
            hint = "curve.rows[0].timeline(np.array([0.0, 1e6])) has the values of chosen steps"
            raise ScheduleError(f"{len(self)} values do not fit in memory", hint=hint) from None
        return values[0] if len(values) == 1 else values

    @property
    def facts(self) -> Facts:
        """First, peak, last and more.

        Raises:
            ScheduleError: there are several param groups, and each has its own.

        """
        if len(self.rows) > 1:
            text = f"{self.label} has {len(self.rows)} param groups, and each has its own facts"
            raise ScheduleError(text, hint="curve.groups[0].facts are those of the first")
        return self.rows[0].facts

    @property
    def groups(self) -> tuple[Curve, ...]:
        """The curve of each param group."""
        return tuple(Curve((row,), self.quantity) for row in self.rows)

    @property
    def origins(self) -> Mapping[str, Given]:
        """Each value of its run, by key, with who says it; a recorded scheduler has none."""
        run = self.rows[0].run
        return run.origins if run else {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth saying, as the command line prints it: each with an id, a level and a text."""
        return tuple(finding.write_hint(WORDS) for finding in findings_of(self.rows))

    def first_difference(self, other: Curve, tolerance: float = SAME) -> int | None:
        """The first step at which they differ by over ``tolerance`` times the larger maximum, or None.

        Where one has fewer steps than the other, that is the first step which only one of them has.

        Raises:
            ArgumentError: no curve, or no number.
            ScheduleError: one has more param groups than the other, or it cannot be told.

        """
        hint = 'lrviz.evaluate("cosine:warmup=0,lr=1,steps=9") is one'
        expect(other, Curve, "a curve is compared with a curve", hint=hint)
        tolerance = float(check_numbers("tolerance", tolerance, "tolerance=1e-12", dimensions=(0,)))
        if len(self.rows) != len(other.rows):
            counts = f"{len(self.rows)} and {len(other.rows)}"
            raise ScheduleError(f"the curves have {counts} param groups", hint="compare curves of as many")
        measure, pairs = Measure(tolerance), zip(self.rows, other.rows, strict=True)
        found = [difference(track_of(mine), track_of(theirs), measure).first_step for mine, theirs in pairs]
        return min((step for step in found if step is not None), default=None)

    def save(self, path: str | Path) -> Path:
        """Draw the curve into a PNG, SVG or PDF file, by its suffix.

        Raises:
            OutputError: an unknown format, or a place that cannot be written.

        """
        from lrviz.curves.picture import picture_of
        from lrviz.draw.image import render
        from lrviz.export.writing import write

        target = _path(path, "lr.svg")
        write(target, render(picture_of(self.rows, self.quantity), target.suffix[1:].lower()))
        return target


@dataclass(frozen=True, repr=False)
class Job(job.Job):
    """What a config asks for: ``specs``, and its ``output``, files relative to the current folder."""

    def __repr__(self) -> str:
        """Its file, its schedules, and where to it writes."""
        names = ", ".join(str(spec.get("label") or spec.name) for spec in self.specs)
        output = f"writes {', '.join(self.output)}" if self.output else "names no output"
        return f"<Job {self.path}: {names}\n {output}>"

    @property
    def specs(self) -> tuple[Spec, ...]:
        """Its schedules, as they stand in the config."""
        return tuple(entry.spec for entry in self.entries)

    @property
    def plan(self) -> Plan:
        """How long its run is; the longest, where its schedules have different ones."""
        return max((curve.plan for curve in self.curves()), key=lambda plan: plan.total_steps)

    def curves(self, plan: Plan | None = None, *, quantity: str = "lr") -> list[Curve]:
        """One curve for each of its schedules, in the run it says; keys of ``plan`` win.

        Raises:
            LrvizError: whatever is missing, contradictory or refused by the framework.

        """
        return evaluate(self, plan, quantity=quantity)


def load(path: str | Path) -> Job:
    """Read a config: TOML, JSON or, with the extra ``lrviz[yaml]``, YAML.

    Raises:
        ConfigError: the file cannot be read, or what it says is wrong: every fault at once.

    """
    from lrviz.inputs.opened import open_path

    read = open_path(_path(path, "run.toml"))
    if not isinstance(read, job.Job):
        hint = f'lrviz.evaluate("{path}", given={{"dataset_len": 1000}})'
        raise ConfigError(f"{path}: no config of lrviz, but a trainer's file", hint=hint)
    return Job(read.entries, read.output, read.title, read.path)


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
    expect(plan, (Plan, type(None)), "plan is a Plan", hint="lrviz.Plan(steps=1000)")
    wanted = _wanted(spec)
    expect(given, (Mapping, type(None)), "given is a dict", hint='given={"dataset_len": 1000}')
    keys, said = _given(plan)
    texts = {key: str(value) for key, value in (given or {}).items()}
    curves = _curves(series_of_words(wanted, Flags(keys, said, texts), quantity, examples=False))
    return curves[0] if len(wanted) == 1 and isinstance(wanted[0], Spec) else curves


def _curves(rows: Iterable[Series]) -> list[Curve]:
    """A curve for each run, and for each log."""
    by_run = [tuple(own) for _, own in groupby(rows, key=lambda row: (id(row.run), row.family))]
    return [Curve(own, own[0].quantity) for own in by_run]


def _given(plan: Plan | None) -> tuple[Mapping[str, Any], dict[str, Origin]]:
    """What a plan says, and that Python says it."""
    keys = plan.given if plan is not None else {}
    return keys, {key: Origin("python") for key in keys if keys[key] != DEFAULTS[key]}


def _wanted(spec: Any) -> list[Wanted]:
    """What is to be evaluated: a path is one on the command line too, and braces stand for several specs."""
    hint = 'lrviz.evaluate("cosine:warmup=100,lr=3e-4,steps=1000")'
    expect(spec, (str, Path, Spec, job.Job), "a spec, a path or a job is evaluated", hint=hint)
    if isinstance(spec, Path):
        from lrviz.inputs.opened import open_path

        return [open_path(spec)]
    return read_words([spec]) if isinstance(spec, str) and spec != "-" else [spec]


class Difference(Differences):
    """What sets schedules apart: ``equal``, ``ranges``, ``largest``, ``cause``; ``pairs`` has each curve."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The lines that the command line prints."""
        return "\n".join(diff_lines(self)) or "<no difference>"


def diff(  # noqa: PLR0913  (as the command has them)
    one: str | Path | Curve,
    other: str | Path | Curve,
    plan: Plan | None = None,
    *,
    quantity: str = "lr",
    tolerance: float = SAME,
    align: str = "steps",
) -> Difference:
    """Hold two curves, specs, configs, logs or files of values against each other, step by step.

    Equal is what is nearer than ``tolerance`` times the larger maximum; the run of specs is as long as
    ``plan``, or as the file beside them. ``align`` as "epochs" or "percent" compares where both have a step.

    Raises:
        LrvizError: one is refused, no two curves belong together, or it cannot be told.

    """
    hint = 'lrviz.diff("run.toml", "cosine:warmup=100")'
    for side in (one, other):
        expect(side, (str, Path, Curve), "a spec, a path or a curve is compared", hint=hint)
    expect(plan, (Plan, type(None)), "plan is a Plan", hint="lrviz.Plan(steps=1000)")
    share = float(check_numbers("tolerance", tolerance, "tolerance=1e-12", dimensions=(0,)))
    if align not in ALIGNS:
        raise SpecError(f"align has no {align!r}", hint=f"one of {', '.join(ALIGNS)}")
    laid, measure = Flags(*_given(plan)), Measure(share, align=align)
    words = [str(side) for side in (one, other) if not isinstance(side, Curve)]
    if len(words) == 2:
        return Difference(*compare_words(words, laid, quantity, measure)[1])
    read = iter(read_sides(words, laid, quantity))
    first, second = (
        side_of(side.label, side.rows) if isinstance(side, Curve) else next(read) for side in (one, other)
    )
    return Difference(*compare_sides(first, second, measure))


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
    wanted = [*_wanted(old), *_wanted(new)]
    runs, _ = resumed_runs(wanted, Flags(*_given(plan)), Resume(str(at)), examples=False)
    curves = _curves(series_of(runs, quantity))
    return curves[0] if len(wanted) == 2 and all(isinstance(one, Spec) for one in wanted) else curves


def record(scheduler: Any, n: int, *, metrics: Sequence[float] | None = None) -> Curve:
    """The curve of a user's own scheduler, or of a function of the step, over ``n`` steps.

    A scheduler has ``optimizer.param_groups`` and ``step()``, as torch's; it is stepped without the
    optimizer, and what it and the param groups held is put back. ``metrics[t]`` is passed to the
    step() after update t. Where either raises, the curve stops.

    Raises:
        ArgumentError: neither a scheduler nor a function, no number of steps, or metrics that are no list.
        ScheduleError: it raises at the first step.

    """
    expect(n, (int, np.integer), "n is a number of steps", hint="n=1000")
    if not 1 <= n <= MOST:
        raise ScheduleError(f"n must be from 1 to {MOST}, got {n}", hint="n=1000")
    if metrics is not None:
        metrics = check_numbers("metrics", metrics, "metrics=[0.9, 0.8]", dimensions=(1,)).tolist()
    return Curve(tuple(record_series(scheduler, int(n), metrics)))


def _path(path: str | Path, example: str) -> Path:
    expect(path, (str, Path), "a path is text or a Path", hint=f'"{example}"')
    return Path(path)
