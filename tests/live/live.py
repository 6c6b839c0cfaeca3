"""The live proof: random cases, built and stepped in the running frameworks, against lrviz.

    PYTHONPATH=. python tests/live/live.py [--cases 3000] [--seed 0] [--only torch]

It needs the frameworks, so it is a script and no test. Each ``live_<framework>.py`` beside it names the
framework's schedules (NAMES), draws cases of them (draw) and runs the real thing (record). A mismatch is
printed as a ``Case(...)`` that can be run again:

    PYTHONPATH=.:tests/live:tests/support python -c "from live import *; print(verdict(Case(...)))"

What is not compared, and why:
- Curves that leave 1e-30 < |LR| < 1e30 other than to exactly 0 (counted as out of range): torch's recurrences
  underflow there and never come back.
- SequentialLR with milestones that do not ascend or are fractional: torch does not look, lrviz refuses them.
- The momentum of a composite: lrviz gives its LR only.
- Booleans as numbers: Python takes True for 1, lrviz refuses it.
- Where a value of the wrong type stands ("ten" for a number), lrviz must refuse it at once; the framework may
  stumble over it later, or never.
- keras with 1 < t_mul < 1.3: float32 powers are divided by t_mul - 1, and backends round them differently.
- An eta_min, lr_min or end_value above the whole curve: both sides add and take it away again, so errors are
  relative to it.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import re
import sys
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

import numpy as np
from live_case import WRONG, Case, Draw, Run
from live_shrink import shrunk

import lrviz
from lrviz.catalogue.names import find

SHOWN = 20
COMPOSITE_SHARE = 4  # composites have this many times the cases of a simple schedule
COMPOSITES = ("SequentialLR", "ChainedScheduler", ".list")


class Live(Protocol):
    """What a module ``live_<framework>`` has."""

    NAMES: tuple[str, ...]

    def draw(self, name: str, draw: Draw, /) -> Case:
        """Make a random case of the schedule."""

    def record(self, case: Case, /) -> Run:
        """Run it in the framework."""


def frameworks() -> list[str]:
    """The names of those that have a module here."""
    names = [path.stem.removeprefix("live_") for path in sorted(Path(__file__).parent.glob("live_*.py"))]
    return [name for name in names if name not in ("case", "shrink")]


def live(framework: str) -> Live:
    return importlib.import_module(f"live_{framework}")


@dataclass(frozen=True)
class Verdict:
    """What came of a case: same, refused (by both, at the same place), skipped or wrong."""

    kind: str
    error: float = 0.0
    why: str = ""

    @property
    def cause(self) -> str:
        """What mismatches of one kind have in common: their text without its numbers."""
        return re.sub(r"[-+]?[0-9][-+.e0-9]*", "#", self.why)


@dataclass
class Tally:
    """The counts of one schedule."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("same", "refused", "skipped", "wrong"), 0)
    )
    worst: float = 0.0

    def add(self, verdict: Verdict) -> None:
        self.counts[verdict.kind] += 1
        if verdict.kind != "wrong":
            self.worst = max(self.worst, verdict.error)


def ours(case: Case, quantities: list[str], ticks: int) -> Run:
    """The same run by lrviz, over ``ticks`` ticks or up to where it refuses."""
    try:
        schedule = lrviz.schedule(
            case.id,
            case.params,
            lr=case.lr,
            optimizer=case.optimizer,
            metrics=case.metrics,
            dtype=case.dtype,
            groups=case.groups,
        )
    except lrviz.ScheduleError as error:
        return Run({}, "init", str(error))
    try:
        schedule(np.arange(ticks))
    except lrviz.ScheduleError as error:
        ticks, stopped, message = error.step, error.step, str(error)
    else:
        stopped, message = None, ""
    curves = {q: np.atleast_2d(schedule(np.arange(ticks), quantity=q)) for q in quantities}
    return Run(curves, stopped, message, schedule.length)


def verdict(case: Case) -> Verdict:
    """Run the case on both sides and compare."""
    real = live(case.id.partition(".")[0]).record(case)
    if any(out_of_range(curve) for curve in real.curves.values()):
        return Verdict("skipped")
    try:
        got = ours(case, list(real.curves), case.steps)
    except Exception as error:
        return Verdict(
            "wrong", why=f"lrviz crashed with {type(error).__name__}: {error}; {told(real)} in the framework"
        )
    if got.stopped == "init" and any(value in WRONG for value in case.params.values()):
        return Verdict("refused")
    if got.stopped != real.stopped:
        return Verdict("wrong", why=f"{told(real)} in the framework, {told(got)} in lrviz")
    if real.length not in (None, got.length):
        return Verdict("wrong", why=f"{real.length} ticks long in the framework, {got.length} in lrviz")
    return compared(real, got, tolerance(case), floor(case))


def tolerance(case: Case) -> float:
    """The error allowed, relative to the curve's maximum."""
    return {"float32": 1e-6, "float64": 1e-12}[case.dtype or find(case.id).framework.dtype]


def told(run: Run) -> str:
    return "runs" if run.stopped is None else f"stops at {run.stopped} ({run.message})"


def out_of_range(curve: np.ndarray) -> bool:
    sizes = np.abs(curve[curve != 0])
    return bool(np.any(~(sizes > 1e-30) | ~(sizes < 1e30)))


def floor(case: Case) -> float:
    """The largest lower end of the case."""
    found = re.findall(r"'(?:eta_min|lr_min|min_lr|end_value)': ([-.e0-9]+)", repr(case))
    return max(map(float, found), default=0.0)


def compared(real: Run, got: Run, tolerance: float, floor: float) -> Verdict:
    worst = 0.0
    for quantity, want in real.curves.items():
        away = np.abs(got.curves[quantity] - want)
        most = max(np.abs(want).max(), floor) or 1.0
        error = float(np.nan_to_num(away, nan=np.inf).max() / most)
        if error > tolerance:
            row, tick = np.argwhere(~(away <= tolerance * most))[0]
            values = f"{want[row, tick]:.17g}, lrviz {got.curves[quantity][row, tick]:.17g}"
            return Verdict(
                "wrong", error, f"{quantity} off by {error:.2g}, first at t={tick} of group {row}: {values}"
            )
        worst = max(worst, error)
    return Verdict("refused" if real.stopped is not None else "same", worst)


def plan(cases: int, only: list[str]) -> dict[str, int]:
    """How many cases each schedule gets."""
    chosen = {name.partition(".")[0] for name in only} or frameworks()
    ids = [f"{framework}.{name}" for framework in sorted(chosen) for name in live(framework).NAMES]
    ids = [name for name in ids if not only or {name, name.partition(".")[0]} & set(only)]
    weights = {name: COMPOSITE_SHARE if name.endswith(COMPOSITES) else 1 for name in ids}
    return {name: max(1, cases * weight // sum(weights.values())) for name, weight in weights.items()}


def show(wrong: list[tuple[Case, Verdict]]) -> None:
    """The mismatches by cause, as far as their text tells it, most frequent first, each in a small case."""
    causes: dict[tuple[str, str], list[Case]] = {}
    for case, result in wrong:
        causes.setdefault((case.id, result.cause), []).append(case)
    for (_, cause), cases in sorted(causes.items(), key=lambda item: -len(item[1]))[:SHOWN]:
        small = shrunk(cases[0], lambda case, cause=cause: verdict(case).cause == cause)
        print(f"\n{len(cases)} x {verdict(small).why}\n  {small!r}")
    print(
        f"\n{len(wrong)} mismatches of {len(causes)} kinds"
        + (f", {SHOWN} shown" if len(causes) > SHOWN else "")
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="compare lrviz with the running frameworks")
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="a framework or a schedule")
    options = parser.parse_args()
    np.seterr(all="ignore")
    wrong: list[tuple[Case, Verdict]] = []
    print(f"{'schedule':42}{'same':>7}{'refused':>9}{'skipped':>9}{'wrong':>7}  worst error")
    for name, count in plan(options.cases, options.only).items():
        framework, _, schedule = name.partition(".")
        tally = Tally()
        for i in range(count):
            case = live(framework).draw(schedule, Draw(f"{options.seed}/{name}/{i}"))
            result = verdict(case)
            tally.add(result)
            wrong += [(case, result)] if result.kind == "wrong" else []
        same, refused, skipped, bad = tally.counts.values()
        print(f"{name:42}{same:7}{refused:9}{skipped:9}{bad:7}  {tally.worst:.1e}", flush=True)
    show(wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
