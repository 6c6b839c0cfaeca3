"""The curves of one output: one for each run and param group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from lrviz.curves.labels import distinct_labels, numbered
from lrviz.engine.facts import facts
from lrviz.engine.sampling import LOOKED_AT, seen_until
from lrviz.errors import LrvizError
from lrviz.notation.numbers import counted, lr_text
from lrviz.plan.budget_keys import EXAMPLE_PLAN
from lrviz.plan.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lrviz.engine.facts import Facts, Seen
    from lrviz.engine.timeline import Rates, Timeline
    from lrviz.inputs.logs.log import LogColumn
    from lrviz.notation.finding import Finding
    from lrviz.resolve.resolved import Resolved


KEPT: Final = 64
"""Curves whose extremes are kept: those of a thousand are much, and their facts little."""


class Logged(NamedTuple):
    """What a log says of a curve: the steps of its rows, and their values.

    Attributes:
        column: the column of the log, at steps.
        known: the values, nan where there is no row.
        facts: what can be said of its rows.
        summary: what it is, in one line.
        findings: what is worth saying of it.

    """

    column: LogColumn
    known: Timeline
    facts: Facts
    summary: str
    findings: tuple[Finding, ...]

    def within(self, first: int, stop: int) -> tuple[Rates, Rates]:
        """The places and the values of the rows from one step to another."""
        x, y = self.column.x, self.column.values
        shown = (x >= first) & (x <= stop)
        return x[shown], y[shown]


@dataclass(frozen=True, eq=False)
class Series:
    """One curve: one quantity over ``steps`` updates.

    ``run`` is the schedule in its run; what was recorded or ``logged`` has none. ``family`` is the label of
    the run, shared by its param groups; ``group`` is the own name of one, if it has one.
    """

    label: str
    timeline: Timeline
    steps: int
    family: str
    group: str = ""
    run: Resolved | None = None
    quantity: str = "lr"
    index: int = 0  # among the param groups of its run
    logged: Logged | None = None
    steps_per_epoch: int | None = None  # that a log says

    @property
    def seen(self) -> Seen:
        """Its extremes, in as many columns however long it is."""
        return _seen(self)

    @cached_property
    def facts(self) -> Facts:
        """What can be said of its run."""
        return self.logged.facts if self.logged else facts(self.timeline, self.steps, self.seen)

    @property
    def ran(self) -> int:
        """The updates that have a value: fewer than its steps where the framework stops."""
        return self.facts.stop[0] if self.facts.stop else self.steps

    @property
    def title(self) -> str:
        """What a headline calls it: the schedule's name, or the label it was given."""
        return self.run.label if self.run else self.family

    @property
    def start(self) -> int:
        """The first step that is its own: where it leaves another, if it is a branch."""
        return self.run.start if self.run else 0

    @property
    def plan(self) -> Plan:
        """How long its run is."""
        return self.run.plan if self.run else Plan(steps=self.steps, steps_per_epoch=self.steps_per_epoch)

    @property
    def known(self) -> Timeline:
        """Its values where they are known: those of a log at its rows alone."""
        return self.logged.known if self.logged else self.timeline

    @property
    def budget(self) -> str:
        """The derivation of the run's length in one line: a trainer's, or the plan's, examples marked."""
        if self.run and self.run.summary:
            return self.run.summary
        if self.logged:
            return self.logged.summary
        ticks = self.run.ticks if self.run else None
        length = self.plan.summary() + (f", {counted(ticks, 'tick')}" if ticks else "")
        return " ".join([length, *(_marks(self.run) if self.run else ())])


@lru_cache(maxsize=KEPT)
def _seen(row: Series) -> Seen:
    with np.errstate(all="ignore"):
        return seen_until(row.timeline, 0, row.steps, LOOKED_AT)


def series_of(runs: Sequence[Resolved], quantity: str) -> list[Series]:
    """One series for each run and param group, with labels that tell them apart.

    Raises:
        ScheduleError: a schedule does not move that.

    """
    made: list[Series] = []
    for run, family in zip(runs, distinct_labels(runs), strict=True):
        try:
            made += _of_run(run, family, quantity)
        except LrvizError as error:
            if len(runs) > 1:
                error.about(family)
            raise
    return numbered_series(made)


def numbered_series(rows: Sequence[Series]) -> list[Series]:
    """The curves, of which the second of two that are called alike is ``label [2]``."""
    labels = numbered([row.label for row in rows])
    return [replace(row, label=label) for row, label in zip(rows, labels, strict=True)]


def _of_run(run: Resolved, family: str, quantity: str) -> Iterator[Series]:
    groups = run.schedule.timelines(quantity)
    names = zip(groups, *_group_names(run, groups), strict=True)
    for index, (lines, text, own) in enumerate(names):
        label = f"{family} {text}".rstrip()
        yield Series(label, lines[quantity], run.plan.total_steps, family, own, run, quantity, index)


def families(rows: Iterable[Series]) -> list[tuple[str, Resolved]]:
    """The runs they are of, each with its label."""
    return list({id(row.run): (row.family, row.run) for row in rows if row.run is not None}.values())


def common_epoch(rows: Sequence[Series]) -> int | None:
    """Steps in an epoch, where it is as long in all of them."""
    lengths = {row.plan.steps_per_epoch for row in rows}
    return lengths.pop() if len(lengths) == 1 else None


def epoch_length(rows: Iterable[Series]) -> float | None:
    """Steps in an epoch, whole or not, where it is as long in all of them."""
    lengths = {row.plan.epoch for row in rows}
    length = lengths.pop() if len(lengths) == 1 else None
    if length is None:
        return None
    return length.numerator if length.denominator == 1 else float(length)


def _group_names(run: Resolved, groups: Sequence[Mapping[str, Timeline]]) -> tuple[list[str], list[str]]:
    """What tells each group from the others, its name or its LR; and the names."""
    if run.groups:
        names = [group.label for group in run.groups]
        return names, names
    is_own = len(run.lrs) != len(groups)  # a scheduler of the user's brought them
    lrs = [float(lines["lr"](np.zeros(1))[0]) for lines in groups] if is_own else run.lrs
    texts = [f"lr={lr_text(lr)}" for lr in lrs] if len(groups) > 1 else [""]
    if len(set(texts)) < len(texts):
        texts = [f"[{i}]" if is_own else f"[{i}] {text}" for i, text in enumerate(texts)]
    return texts, [""] * len(groups)


def _marks(run: Resolved) -> list[str]:
    """What of the run's length and LR comes from the worked example."""
    examples = [key for key, given in run.origins.items() if given.origin.source == "example"]
    plan = [key for key in examples if key != "lr"]
    marks = (
        ["(example)"] if len(plan) == len(EXAMPLE_PLAN) else [f"({', '.join(plan)}: example)"] if plan else []
    )
    return marks + ([f"· lr {lr_text(run.origins['lr'].value)} (example)"] if "lr" in examples else [])
