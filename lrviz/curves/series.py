"""The curves of one output: one for each spec and param group, with labels that tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lrviz.engine.facts import facts
from lrviz.notation.numbers import lr_text
from lrviz.resolve.defaults import EXAMPLE_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.engine.facts import Facts
    from lrviz.engine.timeline import Timeline
    from lrviz.resolve.resolved import Resolved


@dataclass(frozen=True, eq=False)
class Series:
    """One curve: one quantity of one param group of one spec; ``group`` is its name, if it has one."""

    label: str
    of: Resolved
    timeline: Timeline
    group: str = ""

    @property
    def steps(self) -> int:
        """Length of its run."""
        return self.of.plan.total_steps

    @cached_property
    def facts(self) -> Facts:
        """What can be said of its run."""
        return facts(self.timeline, self.steps)


def series_of(found: Sequence[Resolved], quantity: str) -> Iterator[Series]:
    """One row per spec and param group, with labels that tell them apart."""
    names = [one.label for one in found]
    for one in found:
        label = one.label if names.count(one.label) == 1 else one.long_label
        groups = one.schedule.timelines(quantity)
        for group, text, own in zip(groups, *_of_groups(one, len(groups)), strict=True):
            yield Series(f"{label} {text}".rstrip(), one, group[quantity], own)


def _of_groups(one: Resolved, count: int) -> tuple[list[str], list[str]]:
    """What tells each group from the others, its name or its LR; and the names."""
    if one.groups:
        names = [group.label for group in one.groups]
        return names, names
    texts = [f"lr={lr_text(lr)}" for lr in one.lrs] if count > 1 else [""]
    if len(set(texts)) < len(texts):
        texts = [f"[{i}] {text}" for i, text in enumerate(texts)]
    return texts, [""] * count


def budget(one: Resolved) -> str:
    """The derivation of the run's length in one line, examples marked."""
    examples = [a.key for a in one.assumptions if a.origin == "example"]
    plan = [key for key in examples if key != "lr"]
    marks = (
        ["(example)"] if len(plan) == len(EXAMPLE_PLAN) else [f"({', '.join(plan)}: example)"] if plan else []
    )
    marks += ["· lr (example)"] if "lr" in examples else []
    return " ".join([one.plan.summary(), *marks])
