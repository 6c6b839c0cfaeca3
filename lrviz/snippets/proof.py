"""A snippet run for itself, and held against lrviz's own numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from lrviz.errors import ScheduleError
from lrviz.notation.numbers import counted
from lrviz.snippets.trace import steps_of

if TYPE_CHECKING:
    from lrviz.engine.timeline import Rates, TickArray
    from lrviz.snippets.snippet import Snippet
    from lrviz.snippets.target import Curves

BUDGET = 120
"""Seconds that a proof may take; what is known by then counts."""
CLOSE, SINGLE_CLOSE = 1e-9, 2e-6
"""Shares of the peak by which a number in float64, or in float32, may be off."""
BACKENDS = ("jax", "torch", "tensorflow")
"""Of keras, in the order in which one that is there is taken."""


@dataclass(frozen=True)
class Proof:
    """The largest difference of a snippet from lrviz's numbers, over so many steps, and what ran it."""

    largest: float
    at: int
    peak: float
    compared: int
    steps: int
    ran: str

    @property
    def text(self) -> str:
        """What is to be said of it."""
        where = f" at update {self.at}, {self.largest / self.peak:.1e} of the peak" if self.largest else ""
        compared = counted(self.compared, "update")
        of = f"{compared} of {self.steps}" if self.compared < self.steps else compared
        return f"{self.ran}, {of}: the largest difference from lrviz is {self.largest:.2g}{where}"


def is_there(library: str) -> bool:
    """Whether a library is installed."""
    return find_spec(library) is not None


def prove(snippet: Snippet, curves: Curves, ran: str = "") -> Proof:
    """Run it and compare every number.

    Raises:
        ScheduleError: it does not run, or has other numbers.

    """
    steps = np.arange(curves.steps, dtype=np.float64) if snippet.is_stepped else _chosen(snippet, curves)
    found = _run(snippet, steps)
    wanted = np.stack([row.timeline(steps[: len(found)]) for row in curves.rows], axis=1)
    if found.shape != wanted.shape:
        text = f"the code has {found.shape[1]} param groups, not {wanted.shape[1]}"
        raise ScheduleError(text, hint=curves.way_out)
    far = np.abs(found - wanted)
    far[np.isnan(found) & np.isnan(wanted)] = 0.0
    place = int(np.argmax(far.max(axis=1)))
    peak = float(np.nanmax(np.abs(wanted))) or 1.0
    proof = Proof(
        float(far[place].max()),
        int(steps[place]),
        peak,
        len(found),
        curves.steps,
        ran or f"Run with {snippet.library} {version(snippet.library)}",
    )
    single = snippet.is_single or (not snippet.by_constructor and curves.is_single)
    if not proof.largest <= peak * (SINGLE_CLOSE if single else CLOSE):
        raise ScheduleError(f"the code would not be equal: {proof.text}", hint=curves.way_out)
    return proof


def _chosen(snippet: Snippet, curves: Curves) -> TickArray:
    """The steps that are looked at, where any can be asked for."""
    steps = steps_of(curves.rows[0].timeline, curves.steps)
    every = -(-len(steps) // snippet.most)
    return np.append(steps[:-1:every], steps[-1])


def _run(snippet: Snippet, steps: TickArray) -> Rates:
    """What it prints: a row for each step, a column for each param group.

    Raises:
        ScheduleError: it fails.

    """
    program = snippet.proof([int(step) for step in steps])
    try:
        done = subprocess.run(
            [sys.executable, "-"],
            input=program,
            capture_output=True,
            text=True,
            timeout=BUDGET,
            env=_environment(),
            check=False,
        )
        printed, code, said = done.stdout, done.returncode, done.stderr
    except subprocess.TimeoutExpired as late:
        printed, code, said = (late.stdout or b"").decode().rpartition("\n")[0], 0, "it takes too long"
    rows = [[float(one) for one in line.split()] for line in printed.splitlines()] if code == 0 else []
    if not rows:
        last = said.strip().splitlines()[-1:] or [f"it ends with code {code}"]
        raise ScheduleError(f"the code does not run here: {last[0]}", hint="--to numpy needs nothing else")
    return np.array(rows)[: len(steps)]


def _environment() -> dict[str, str]:
    """The user's own, without the GPUs; keras takes a backend that is there."""
    backend = next(filter(is_there, BACKENDS), "numpy")
    return {"KERAS_BACKEND": backend, **os.environ, "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
