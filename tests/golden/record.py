"""Record the golden cases: run the installed framework again and write what it does.

    PYTHONPATH=.:tests/live:tests/support python tests/golden/record.py [torch timm …] [--check]

A case is run by ``record`` of ``../live/live_<framework>.py``, as in the live proof. A new case is a line
with its ``id`` and ``params``; README.md tells what else may stand in it. With --check nothing is written,
and what differs beyond the tolerance is printed.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import math
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import golden_cases as golden
import live
import numpy as np
import unpacked
from live_case import Case

if TYPE_CHECKING:
    from live_case import Run

Recorded = dict[str, Any]
RESULTS = (
    *(name for quantity in golden.QUANTITIES for name in (quantity, f"{quantity}_groups")),
    "lr_x64",
    "raises",
    "message",
    "raised_at",
)


def complete(case: Recorded) -> Recorded:
    """The case's inputs, what a new one leaves out filled in, in the order of the files."""
    framework, schedule, _ = case["id"].split("/", 2)
    first = {"id": case["id"], "framework": framework, "version": case.get("version"), "schedule": schedule}
    inputs = {**first, **{key: value for key, value in case.items() if key not in RESULTS}}
    order = (*first, "params", "base_lr", "steps", "dtype")
    if set(order) <= set(case):
        return inputs
    facts = importlib.import_module(f"lrviz.schedules.{golden.framework_of(inputs)}").FRAMEWORK
    usual = {"params": {}, "base_lr": 0.1 if facts.optimizer else None, "steps": 30, "dtype": facts.dtype}
    filled = {**usual, **inputs}
    return {key: filled[key] for key in (*order, *(key for key in filled if key not in order))}


def version(case: Recorded) -> str:
    """The version of what is run: unpacked from a release, or installed."""
    package = getattr(live.live(golden.framework_of(case)), "PACKAGE", case["framework"])
    return unpacked.RELEASES.get(package) or importlib.metadata.version(package)


def recorded(case: Recorded) -> Recorded:
    """The case with what the framework does now."""
    inputs = complete(case)
    run = Case(
        golden.schedule_of(inputs), golden.params_of(inputs), inputs["steps"] + 1, **golden.run_of(inputs)
    )
    record = live.live(golden.framework_of(inputs)).record
    inputs["version"] = version(inputs)
    done = record(run)
    results = {**curves(done), **refusal(done)}
    if "lr_x64" in case:
        results["lr_x64"] = curves(record(replace(run, dtype="float64")))["lr"]
    return {**inputs, **results}


def curves(run: Run) -> Recorded:
    """Each quantity of the first group, and of every group where there are several."""
    found: Recorded = {"lr": []}
    for quantity, rows in run.curves.items():
        texts = [[told(value) for value in row] for row in rows.tolist()]
        found[quantity] = texts[0]
        if len(texts) > 1:
            found[f"{quantity}_groups"] = texts
    return found


def told(value: float) -> float | str:
    """A number as JSON has it: those that are not finite are texts."""
    return value if math.isfinite(value) else str(value)


def refusal(run: Run) -> Recorded:
    if run.stopped is None:
        return {}
    raises, _, message = run.message.partition(": ")
    return {"raises": raises, "message": message, "raised_at": run.stopped}


def differences(old: Recorded, new: Recorded) -> list[str]:
    """What is not as it was recorded."""
    found = [
        f"{key} was {old.get(key)!r}, is {new.get(key)!r}"
        for key in ("raises", "message", "raised_at")
        if old.get(key) != new.get(key)
    ]
    was, now = dict(golden.curves(old)), dict(golden.curves(new))
    for quantity in {**was, **now}:
        before, after = was.get(quantity, np.empty(0)), now.get(quantity, np.empty(0))
        if before.shape != after.shape:
            found.append(f"{quantity} had the shape {before.shape}, has {after.shape}")
        elif not np.array_equal(before, after, equal_nan=True):
            error, most = np.abs(after - before).max(), np.abs(before).max()
            if not error <= golden.TOLERANCE[old["dtype"]] * most:
                found.append(f"{quantity} is off by {error:.3g}, its maximum is {most:.3g}")
    return found


def other_versions(framework: str, cases: list[Recorded]) -> list[str]:
    """What ran, where that is another version than the catalogue names."""
    named = importlib.import_module(f"lrviz.schedules.{framework}").FRAMEWORK.version
    ran = {case["version"].partition("+")[0].partition(" ")[0] for case in cases}
    return [f"{version} ran, the catalogue has {named}" for version in sorted(ran - {named})]


def main() -> int:
    parser = argparse.ArgumentParser(description="record the golden cases of the installed frameworks")
    parser.add_argument("frameworks", nargs="*", metavar="FRAMEWORK", help="none: all of them")
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args()
    np.seterr(all="ignore")
    wrong = 0
    every = [path.stem for path in sorted(golden.GOLDEN.glob("*.json")) if path.stem in live.frameworks()]
    for framework in options.frameworks or every:
        path = golden.GOLDEN / f"{framework}.json"
        cases = golden.read(path)
        anew = [recorded(case) for case in cases]
        known = [(old, new) for old, new in zip(cases, anew, strict=True) if "lr" in old]
        found = [(new["id"], text) for old, new in known for text in differences(old, new)]
        found += [(framework, text) for text in other_versions(framework, anew)]
        for name, text in found:
            print(f"{name}: {text}")
        same = sum({**old, "version": new["version"]} == new for old, new in known)
        print(f"{framework}: {len(anew)} cases, {same} the same to the last digit, {len(found)} differences")
        wrong += len(found)
        if not options.check:
            golden.write(path, anew)
    return 1 if options.check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
