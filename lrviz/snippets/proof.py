"""A snippet run for itself, and held against lrviz's own numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from tempfile import TemporaryFile
from threading import Timer
from typing import TYPE_CHECKING

import numpy as np

from lrviz.errors import ScheduleError
from lrviz.notation.numbers import counted
from lrviz.snippets.trace import steps_of

if TYPE_CHECKING:
    from typing import IO

    from lrviz.engine.timeline import TickArray
    from lrviz.snippets.snippet import Snippet
    from lrviz.snippets.target import Curves

BUDGET = 120
"""Seconds that a proof may take; what is known by then counts."""
CLOSE, SINGLE_CLOSE = 1e-9, 2e-6
"""Shares of the peak by which a number in float64, or in float32, may be off."""
MOST_STEPPED = 100_000
"""Updates of a loop that are made to prove it."""
Run = Callable[[str, int], list[str]]
"""Runs a program and returns the first lines that it prints, so many of them."""
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


def run_alone(program: str, most: int) -> list[str]:
    """The first lines that a program prints in a process of its own; ``most`` are wanted.

    Raises:
        ScheduleError: it fails before it prints one.

    """
    with TemporaryFile("w+", encoding="utf-8") as source, TemporaryFile("w+", encoding="utf-8") as raised:
        source.write(program)
        source.seek(0)
        printed = _printed(source, raised, most)
        raised.seek(0)
        last = raised.read().strip().splitlines()[-1:] or [f"nothing is printed in {BUDGET} seconds"]
    if not printed:
        raise ScheduleError(f"the code does not run here: {last[0]}", hint="lrviz values has the numbers")
    return printed


def _printed(source: IO[str], raised: IO[str], most: int) -> list[str]:
    """The first lines of a process, which is ended then or when it takes too long; none of one that fails."""
    process = subprocess.Popen(
        [sys.executable, "-"],
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=raised,
        text=True,
        env=_environment(),
    )
    late = Timer(BUDGET, process.kill)
    late.start()
    with process:
        printed = list(islice(process.stdout or [], most))
        process.kill()
    late.cancel()
    return [] if len(printed) < most and process.returncode > 0 else printed


def _environment() -> dict[str, str]:
    """The user's own, without the GPUs; keras takes a backend that is there."""
    backend = next(filter(is_there, BACKENDS), "numpy")
    return {"KERAS_BACKEND": backend, **os.environ, "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}


def prove(snippet: Snippet, curves: Curves, ran: str = "", *, run: Run = run_alone) -> Proof:
    """Run it and compare every number.

    Raises:
        ScheduleError: it does not run, or has other numbers.

    """
    steps = _chosen(snippet, curves)
    printed = run(snippet.proof([int(step) for step in steps]), len(steps))
    found = np.array([[float(one) for one in line.split()] for line in printed])
    wanted = np.stack([line(steps[: len(found)]) for line in curves.proved], axis=1)
    if found.shape != wanted.shape:
        text = f"the code has {found.shape[1]} param groups, not {wanted.shape[1]}"
        raise ScheduleError(text, hint=curves.way_out)
    far = np.where(np.isnan(found) & np.isnan(wanted), 0.0, np.abs(found - wanted)).max(axis=1)
    place = int(np.argmax(far))
    peak = float(np.nanmax(np.abs(wanted))) or 1.0
    ran = ran or f"Run with {snippet.library} {version(snippet.library)}"
    proof = Proof(float(far[place]), int(steps[place]), peak, len(found), curves.steps, ran)
    single = snippet.is_single or (not snippet.by_constructor and curves.is_single)
    if not proof.largest <= peak * (SINGLE_CLOSE if single else CLOSE):
        raise ScheduleError(f"the code would not be equal: {proof.text}", hint=curves.way_out)
    return proof


def _chosen(snippet: Snippet, curves: Curves) -> TickArray:
    """The steps that are compared: the first ones of a loop, of a function any that tell of the run."""
    if snippet.is_stepped:
        return np.arange(min(curves.steps, MOST_STEPPED), dtype=np.float64)
    steps = steps_of(curves.rows[0].timeline, curves.steps)
    every = -(-len(steps) // snippet.most)
    return np.append(steps[:-1:every], steps[-1])
