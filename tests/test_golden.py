"""Every recorded curve is reproduced through the public interface, refusals at the same step included."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

import lrviz

GOLDEN = Path(os.environ.get("LRVIZ_GOLDEN") or Path(__file__).parent / "golden")
TOLERANCE = {"float64": 1e-12, "float32": 1e-6}

# What is still missing of a framework that is under way. This list only shrinks.
MISSING = {
    "keras": {
        "CosineDecay",
        "ExponentialDecay",
        "InverseTimeDecay",
        "PiecewiseConstantDecay",
        "PolynomialDecay",
        "SGD.gradient_accumulation",
        "callbacks.LearningRateScheduler",
        "callbacks.ReduceLROnPlateau",
    },
    "mmengine": {
        "ConstantLR",
        "CosineRestartLR",
        "ExponentialLR",
        "MultiStepLR",
        "OneCycleLR",
        "ReduceOnPlateauLR",
        "StepLR",
    },
}
SURROUNDINGS = ("max_duration", "batches_per_epoch", "scale_schedule_ratio", "increment", "stepped_by")


def cases():
    for path in sorted(GOLDEN.glob("*.json")):
        for case in json.loads(path.read_text()):
            if "schedule" in case and case["schedule"] not in MISSING.get(case["framework"], ()):
                yield pytest.param(case, id=case["id"])


def number(value):
    return float(value) if isinstance(value, str) else value


def build(case):
    framework = case["framework"].removesuffix("-core")
    params = {**case["params"], **{key: case[key] for key in SURROUNDINGS if key in case}}
    metrics = [number(metric) for metric in case["metrics"]] if "metrics" in case else None
    return lrviz.schedule(
        f"{framework}.{case['schedule']}",
        params,
        lr=case["base_lr"],
        optimizer=case.get("optimizer", "sgd"),
        metrics=metrics,
    )


def recorded(case):
    """(quantity, rows of groups) of every curve in the case."""
    for quantity in ("lr", "momentum", "weight_decay"):
        if quantity in case:
            rows = case.get(f"{quantity}_groups", [case[quantity]])
            yield quantity, np.array([[number(value) for value in row] for row in rows])


def refused_at(case):
    """The step at which lrviz refuses, or "init"."""
    try:
        schedule = build(case)
    except lrviz.UnknownScheduleError as error:
        if "is not a valid" not in case.get("message", ""):
            pytest.fail(f"{error}, which was recorded")
        return "init"
    except lrviz.ScheduleError:
        return "init"
    for step in range(case["steps"] + 1):
        if (told := told_step(schedule, step)) is not None:
            return told if told == step else f"{told}, at {step}"
    return None


def told_step(schedule, step):
    """The step a refusal speaks of, None where there is none."""
    try:
        schedule(step)
    except lrviz.ScheduleError as error:
        return error.step
    return None


@pytest.mark.parametrize("case", list(cases()))
def test_case(case):
    if case.get("raises"):
        assert refused_at(case) == case["raised_at"]
        if case["raised_at"] == "init":
            return
    else:
        assert refused_at(case) is None
    schedule = build(case)
    for quantity, want in recorded(case):
        got = np.atleast_2d(schedule(np.arange(want.shape[1]), quantity=quantity))
        assert got.shape == want.shape
        error = np.abs(got - want).max()
        assert error <= TOLERANCE[case["dtype"]] * np.abs(want).max(), f"{quantity}: off by {error:.3g}"


def test_missing_names_only_recorded_schedules():
    recorded_names = {
        (case["framework"], case["schedule"])
        for path in (Path(__file__).parent / "golden").glob("*.json")
        for case in json.loads(path.read_text())
        if "schedule" in case
    }
    listed = {(framework, name) for framework, names in MISSING.items() for name in names}
    assert listed <= recorded_names
