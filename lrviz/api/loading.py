"""A config as Python has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrviz.api.curve import path_of
from lrviz.api.evaluating import evaluate
from lrviz.api.shown import Shown
from lrviz.errors import ConfigError
from lrviz.inputs.config import job

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lrviz.api.curve import Curve
    from lrviz.curves.series import Series
    from lrviz.draw.scene import Picture
    from lrviz.notation.spec import Spec
    from lrviz.plan.plan import Plan


@dataclass(frozen=True, repr=False)
class Job(job.Job, Shown):
    """What a config asks for: ``specs``, and its ``output``, files relative to the current folder."""

    def __repr__(self) -> str:
        """Its file, its schedules, and where to it writes."""
        names = ", ".join(str(spec.get("label") or spec.name) for spec in self.specs)
        output = f"writes {', '.join(self.output)}" if self.output else "names no output"
        return f"<Job {self.path}: {names}\n {output}>"

    def _pictured(self) -> tuple[Sequence[Series], Picture]:
        from lrviz.curves.picture import picture_of
        from lrviz.view.view_keys import read_view

        view = read_view(dict(self.view))
        rows = [row for curve in self.curves(quantity=view.quantities[0]) for row in curve.rows]
        return rows, picture_of(rows, rows[0].quantity, view)

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

    read = open_path(path_of(path, "run.toml"))
    if not isinstance(read, job.Job):
        hint = f'lrviz.evaluate("{path}", given={{"dataset_len": 1000}})'
        raise ConfigError(f"{path}: no config of lrviz, but a trainer's file", hint=hint)
    return Job(read.entries, read.output, read.view, read.path)
