"""The live proof: random schedules, built and stepped in the frameworks, against lrviz.

    PYTHONPATH=. python tests/live.py [--cases 3000] [--seed 0] [--only torch.StepLR]

It needs torch, transformers, keras and mmengine, so it is a script and no test. A mismatch is
printed as a ``Case(...)`` that can be run again:

    PYTHONPATH=.:tests python -c "from live import *; print(verdict(Case(...)))"

What is not compared, and why:
- Curves that leave 1e-30 < |LR| < 1e30 other than to exactly 0 (counted as out of range): torch's recurrences
  underflow there and never come back.
- SequentialLR with milestones that do not ascend: torch does not look at their order, lrviz refuses them.
- The momentum of a composite: lrviz gives its LR only.
- Booleans as numbers: Python takes True for 1, lrviz refuses it.
- Where a framework stumbles over a value of the wrong type only when it first computes with it (TypeError,
  AttributeError at some step), lrviz may refuse it at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

os.environ["KERAS_BACKEND"] = "numpy"
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

import live_others as others  # noqa: E402  (the settings above must stand before the frameworks load)
import live_torch  # noqa: E402
import numpy as np  # noqa: E402
from live_case import Case, Draw, Run  # noqa: E402

import lrviz  # noqa: E402

TOLERANCE = {"keras": 1e-6}  # float32; 1e-12 elsewhere
SHOWN = 20


@dataclass(frozen=True)
class Framework:
    """How cases of a framework are drawn, by name of the schedule, and run."""

    names: tuple[str, ...]
    draw: Callable[[str, Draw], Case]
    record: Callable[[Case], Run]


FRAMEWORKS: Mapping[str, Framework] = {
    "torch": Framework(tuple(live_torch.GENERATORS), live_torch.drawn, live_torch.record),
    "transformers": Framework(tuple(others.SPECIFIC), others.transformers_case, others.record_transformers),
    "keras": Framework(("CosineDecayRestarts",), others.keras_case, others.record_keras),
    "mmengine": Framework((*others.MEMBERS, "list"), others.mmengine_case, others.record_mmengine),
}
COMPOSITE_SHARE = 4  # composites have this many times the cases of a simple schedule


@dataclass(frozen=True)
class Verdict:
    """What came of a case: same, refused (by both, at the same place), skipped or wrong."""

    kind: str
    error: float = 0.0
    why: str = ""


@dataclass
class Tally:
    """The counts of one schedule."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("same", "refused", "skipped", "wrong"), 0))
    worst: float = 0.0

    def add(self, verdict: Verdict) -> None:
        self.counts[verdict.kind] += 1
        if verdict.kind != "wrong":
            self.worst = max(self.worst, verdict.error)


def ours(case: Case, quantities: list[str], ticks: int) -> Run:
    """The same run by lrviz, over ``ticks`` ticks or up to where it refuses."""
    try:
        schedule = lrviz.schedule(
            case.id, case.params, lr=case.lr, optimizer=case.optimizer, metrics=case.metrics
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
    return Run(curves, stopped, message)


def verdict(case: Case) -> Verdict:
    """Run the case on both sides and compare."""
    framework = case.id.partition(".")[0]
    real = FRAMEWORKS[framework].record(case)
    if any(out_of_range(curve) for curve in real.curves.values()):
        return Verdict("skipped")
    try:
        got = ours(case, list(real.curves), case.steps)
    except Exception as error:  # noqa: BLE001  (a crash of lrviz is a mismatch like any other)
        return Verdict("wrong", why=f"lrviz crashed: {type(error).__name__}: {error}; framework: {real.message or 'runs'}")
    if got.stopped != real.stopped:
        if got.stopped == "init" and real.message.startswith(("TypeError", "AttributeError")):
            return Verdict("refused")
        return Verdict("wrong", why=f"{told(real)} in the framework, {told(got)} in lrviz")
    return compared(real, got, TOLERANCE.get(framework, 1e-12))


def told(run: Run) -> str:
    return "runs" if run.stopped is None else f"stops at {run.stopped} ({run.message})"


def out_of_range(curve: np.ndarray) -> bool:
    sizes = np.abs(curve[curve != 0])
    return bool(np.any(~(sizes > 1e-30) | ~(sizes < 1e30)))


def compared(real: Run, got: Run, tolerance: float) -> Verdict:
    worst = 0.0
    for quantity, want in real.curves.items():
        away = np.abs(got.curves[quantity] - want)
        most = np.abs(want).max() or 1.0
        error = float(np.nan_to_num(away, nan=np.inf).max() / most)
        if error > tolerance:
            row, tick = np.argwhere(~(away <= tolerance * most))[0]
            values = f"{want[row, tick]!r}, lrviz {got.curves[quantity][row, tick]!r}"
            return Verdict("wrong", error, f"{quantity} off by {error:.2g}, first at t={tick} of group {row}: {values}")
        worst = max(worst, error)
    return Verdict("refused" if real.stopped is not None else "same", worst)


def known(name: str) -> bool:
    """Whether lrviz has the schedule yet."""
    try:
        lrviz.schedule(name)
    except lrviz.UnknownScheduleError:
        return False
    except lrviz.ScheduleError:
        return True
    return True


def plan(cases: int, only: str) -> dict[str, int]:
    """How many cases each schedule gets."""
    ids = [f"{framework}.{name}" for framework, it in FRAMEWORKS.items() for name in it.names]
    ids = [name for name in ids if known(name) and (not only or name == only)]
    weights = {name: COMPOSITE_SHARE if name.endswith(("SequentialLR", "ChainedScheduler", ".list")) else 1 for name in ids}
    return {name: max(1, cases * weight // sum(weights.values())) for name, weight in weights.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description="compare lrviz with the running frameworks")
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", metavar="ID", help="one schedule, such as torch.StepLR")
    options = parser.parse_args()
    np.seterr(all="ignore")
    wrong: list[tuple[Case, Verdict]] = []
    print(f"{'schedule':42}{'same':>7}{'refused':>9}{'skipped':>9}{'wrong':>7}  worst error")
    for name, count in plan(options.cases, options.only).items():
        framework, _, schedule = name.partition(".")
        tally = Tally()
        for i in range(count):
            case = FRAMEWORKS[framework].draw(schedule, Draw(f"{options.seed}/{name}/{i}"))
            result = verdict(case)
            tally.add(result)
            wrong += [(case, result)] if result.kind == "wrong" else []
        same, refused, skipped, bad = tally.counts.values()
        print(f"{name:42}{same:7}{refused:9}{skipped:9}{bad:7}  {tally.worst:.1e}", flush=True)
    for case, result in wrong[:SHOWN]:
        print(f"\n{result.why}\n  {case!r}")
    print(f"\n{len(wrong)} mismatches" + (f", the first {SHOWN} above" if len(wrong) > SHOWN else ""))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
