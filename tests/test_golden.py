"""Every recorded curve is reproduced through the public interface, refusals at the same step included."""

import golden_cases as golden
import numpy as np
import pytest

import lrviz


def cases():
    for path in sorted(golden.GOLDEN.glob("*.json")):
        for case in golden.read(path):
            yield pytest.param(case, id=case["id"])


def build(case):
    return lrviz.schedule(golden.schedule_of(case), golden.params_of(case), **golden.run_of(case))


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


def difference(got, want):
    """The largest distance; two equal infinities have none."""
    with np.errstate(invalid="ignore"):
        return np.where(got == want, 0.0, np.abs(got - want)).max()


def largest(want):
    """The largest finite size of a curve."""
    return np.abs(want[np.isfinite(want)]).max(initial=0.0)


@pytest.mark.parametrize("case", list(cases()))
def test_case(case):
    if case.get("raises"):
        assert refused_at(case) == case["raised_at"]
        if case["raised_at"] == "init":
            return
    else:
        assert refused_at(case) is None
    schedule = build(case)
    assert golden.length_of(case) in (None, schedule.length)
    for quantity, want in golden.curves(case):
        got = np.atleast_2d(schedule(np.arange(want.shape[1]), quantity=quantity))
        assert got.shape == want.shape
        error = difference(got, want)
        assert error <= golden.TOLERANCE[case["dtype"]] * largest(want), f"{quantity}: off by {error:.3g}"


@pytest.mark.parametrize("case", [row for row in cases() if "lr_x64" in row.values[0]])
def test_case_in_float64(case):
    schedule = lrviz.schedule(
        golden.schedule_of(case), golden.params_of(case), **golden.run_of(case), dtype="float64"
    )
    want = np.array(case["lr_x64"])
    error = difference(schedule(np.arange(want.size)), want)
    assert error <= golden.TOLERANCE["float64"] * largest(want)
