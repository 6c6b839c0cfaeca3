"""What the live proof draws, and what a run of either side of it leaves behind."""

from __future__ import annotations

import random
import re
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Rows = list[list[float]]
WRONG = ("ten", [[1]])  # values of a type that no parameter has


@dataclass(frozen=True)
class Case:
    """A schedule with its arguments as lrviz takes them, and how many updates are run."""

    id: str
    params: Mapping[str, Any]
    steps: int
    lr: float | list[float] | None = None
    optimizer: str = "sgd_momentum"
    metrics: list[float] | None = None
    dtype: str | None = None
    groups: list[dict[str, float]] | None = None

    def __repr__(self) -> str:
        """A call that makes the same case; what is left at its default is left out."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        changed = [f for f in fields(self) if f.default is MISSING or given[f.name] != f.default]
        return f"Case({', '.join(f'{field.name}={given[field.name]!r}' for field in changed)})"

    @property
    def lrs(self) -> list[float]:
        if isinstance(self.lr, list):
            return self.lr
        return [self.lr or 0.0] * len(self.groups or [{}])


@dataclass(frozen=True)
class Run:
    """The rows of every quantity up to where it stopped: nowhere, at "init", or at a tick.

    ``length`` is how many ticks the framework itself says the schedule has.
    """

    curves: Mapping[str, np.ndarray]
    stopped: int | str | None = None
    message: str = ""
    length: float | None = None


class Draw(random.Random):
    """Random arguments for a run of some steps on some param groups."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.steps = 2000 if self.random() < 0.02 else self.randint(5, 120)
        self.groups = 2 if self.random() < 0.25 else 1
        self.daring = 1.0  # less inside composites, or a part is refused almost every time

    def some(self, usual: Any, *edges: Any, often: float = 0.25) -> Any:
        """The usual value, or one of the edges."""
        return self.choice(edges) if self.random() < often * self.daring else usual

    def span(self) -> int:
        """A number of ticks that mostly lies inside the run."""
        return self.randint(1, self.steps * 5 // 4)

    def rate(self) -> float:
        return round(10 ** self.uniform(-5, 0), 7)

    def share(self) -> float:
        return round(self.uniform(0.01, 0.99), 3)

    def each(self, draw: Callable[[], Any]) -> Any:
        """One value for all groups, or a list with one for each; rarely a list of the wrong length."""
        if self.random() < 0.7:
            return draw()
        return [draw() for _ in range(self.some(self.groups, 1, 3, often=0.1))]

    def subset(self, params: Mapping[str, Any], keep: float = 0.7, *, always: tuple[str, ...] = ()) -> Any:
        """Some of the parameters, the rest staying at the framework's defaults."""
        return {name: value for name, value in params.items() if name in always or self.random() < keep}

    def metrics(self) -> list[float]:
        """Reports of a run: improving, flat, noisy, or with holes."""
        kind = self.choice(["improving", "flat", "noisy", "steps", "nan"])
        level, slope = self.uniform(-2, 5), self.uniform(-0.1, 0.02)
        noise = {"improving": 0.0, "flat": 0.0, "steps": 0.0}.get(kind, self.uniform(0, 0.5))
        values = []
        for t in range(self.steps):
            trend = {"flat": 0.0, "steps": slope * (t // 7)}.get(kind, slope * t)
            hole = kind == "nan" and self.random() < 0.2
            values.append(float("nan") if hole else round(level + trend + noise * self.gauss(0, 1), 4))
        return values


def stop_of(error: BaseException) -> str:
    """What a framework said when it stopped, without addresses, which no two runs share."""
    return re.sub(r" at 0x[0-9a-f]+", "", f"{type(error).__name__}: {error}")


def step_through(
    values: Callable[[], Mapping[str, list[float]]], step: Callable[[int], None], steps: int
) -> Run:
    """Note the values before each step until one raises."""
    rows: dict[str, Rows] = {}
    stopped, message = None, ""
    for t in range(steps):
        if t:
            try:
                step(t - 1)
            except Exception as error:
                stopped, message = t, stop_of(error)
                break
        for quantity, row in values().items():
            rows.setdefault(quantity, []).append(row)
    return Run({quantity: np.array(row).T for quantity, row in rows.items()}, stopped, message)
