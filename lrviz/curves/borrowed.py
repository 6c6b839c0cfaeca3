"""What a spec has of the run of a file beside it: the length, and the LR where nobody says one."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from lrviz.curves.wanted import is_log
from lrviz.notation.finding import Finding
from lrviz.notation.origin import Origin
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lrviz.inputs.curve_file import CurveFile
    from lrviz.inputs.logs.log import Log
    from lrviz.notation.spec import Value
    from lrviz.resolve.resolved import Resolved


class Lent(NamedTuple):
    """Values of a run, and whose it is."""

    values: Mapping[str, Value]
    origin: Origin
    summary: str = ""

    def under(
        self, flags: Mapping[str, Value], origins: Mapping[str, Origin]
    ) -> tuple[dict[str, Value], dict[str, Origin]]:
        """The values below the options; those of a run's length are spent on the file."""
        kept = {
            key: value
            for key, value in flags.items()
            if not KEYS[key].in_plan or self.values.get(key) == value
        }
        said = {key: origin for key, origin in origins.items() if key in kept}
        return {**self.values, **kept}, {**dict.fromkeys(self.values, self.origin), **said}

    def noted(self, one: Resolved) -> Resolved:
        """Say what a spec has of it."""
        keys = [key for key, given in one.origins.items() if given.origin == self.origin]
        if not keys:
            return one
        finding = Finding("borrowed-run", "note", f"{', '.join(keys)} as in {self.origin.text}")
        summary = self.summary if "steps" in keys else ""
        return replace(one, summary=summary, findings=(*one.findings, finding))


def lent_by(
    runs: Sequence[Resolved], kept: Iterable[CurveFile | Log], flags: Mapping[str, Value]
) -> Lent | None:
    """What the first run of a file lends; else values or a log, unless an option says how long."""
    if runs:
        return lent_by_run(runs[0])
    if any(key in flags for key in ("steps", *KEYS["steps"].rivals)):
        return None
    counted = (one.in_updates(flags.get("steps_per_epoch")) if is_log(one) else one for one in kept)
    return next((_lent_by_values(one, flags) for one in counted if one.total_steps), None)


def lent_by_run(run: Resolved) -> Lent:
    """The length and the LRs of a run, where it has such."""
    values: dict[str, Value] = {"steps": run.plan.total_steps}
    if run.plan.steps_per_epoch:
        values["steps_per_epoch"] = run.plan.steps_per_epoch
    if all(map(math.isfinite, run.lrs)):  # of a schedule without a peak it is none
        values["lr"] = run.lrs if len(run.lrs) > 1 else run.lrs[0]
    return Lent(values, Origin("derived", f"the run of {_name(run)}"), run.summary or run.plan.summary())


def _name(run: Resolved) -> str:
    """Its label, and the file that it is in; a trainer's file is its label."""
    file = PurePath(run.place.file).name if run.place else ""
    return run.label if file in ("", run.label) else f"{run.label} in {file}"


def _lent_by_values(kept: CurveFile | Log, flags: Mapping[str, Value]) -> Lent:
    """The length, beside what options say of an epoch."""
    of_epoch = {key: value for key, value in flags.items() if KEYS[key].in_plan}
    return Lent({**of_epoch, "steps": kept.total_steps}, Origin("derived", f"the run of {kept.name}"))
