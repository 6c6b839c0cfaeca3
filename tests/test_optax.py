"""What optax asks of the rest of lrviz: two dtypes, scales at boundaries, where a warmup starts."""

from __future__ import annotations

import numpy as np
import pytest
from resolving import assumptions

import lrviz
from lrviz import ScheduleError
from lrviz.errors import LrvizError, SpecError
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

LINE = {"init_value": 0.1, "end_value": 0.0, "transition_steps": 3}
SCALED = "optax.piecewise_constant_schedule"
WARMED = "optax.warmup_cosine_decay_schedule"


def resolved(text, **flags):
    return resolve(parse(text), {"lr": 0.1, "steps": 100, **flags})


def values(text, **flags):
    return resolved(text, **flags).schedule(np.arange(100))


# --- dtypes ----------------------------------------------------------------------------------------------


SINGLE = float(np.float32(0.1) * (np.float32(1) - np.float32(1) / np.float32(3)))


@pytest.mark.parametrize(
    ("dtype", "first"),
    [
        pytest.param(None, SINGLE, id="usual"),
        pytest.param("float32", SINGLE, id="float32"),
        pytest.param("float64", 0.1 * (1 - 1 / 3), id="float64"),
    ],
)
def test_a_dtype_is_computed_in(dtype, first):
    assert lrviz.schedule("optax.linear_schedule", LINE, dtype=dtype)(1) == first


def test_a_part_has_the_dtype_of_the_whole():
    parts = {"schedules": [{"schedule": "linear_schedule", "params": LINE}], "boundaries": []}
    assert lrviz.schedule("optax.join_schedules", parts, dtype="float64")(1) == 0.1 * (1 - 1 / 3)


@pytest.mark.parametrize(
    ("name", "params", "dtype", "said"),
    [
        pytest.param(
            "linear_schedule", LINE, "float16", "float32 or float64, not in 'float16'", id="strange"
        ),
        pytest.param(
            "linear_schedule", {**LINE, "dtype": "float64"}, None, "no parameter 'dtype'", id="hidden"
        ),
        pytest.param("linear_schedule", {**LINE, "transition_steps": 2**31}, None, "int32", id="int32"),
        pytest.param("linear_schedule", {**LINE, "transition_begin": 1e40}, None, "infinite", id="float32"),
    ],
)
def test_dtype_refusals(name, params, dtype, said):
    with pytest.raises((ScheduleError, TypeError)) as refusal:
        lrviz.schedule(f"optax.{name}", dict(params), dtype=dtype)
    assert said in str(refusal.value)


def test_the_run_says_the_dtype():
    assert values("optax.linear_schedule:end_value=0,transition_steps=3,dtype=float64")[1] == 0.1 * (
        1 - 1 / 3
    )
    with pytest.raises(SpecError):
        resolved("optax.linear_schedule:end_value=0,dtype=double")


# --- scales ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("30:0.5,80:0.1", id="ticks"),
        pytest.param("30%:0.5,80%:0.1", id="percent"),
        pytest.param("1.5ep:0.5,80st:0.1", id="epochs and steps"),
        pytest.param("'{30: 0.5, 80: 0.1}'", id="Python"),
        pytest.param("80:0.1,30:0.5", id="in any order"),
    ],
)
def test_scales_are_written(written):
    flags = {"steps": None, "epochs": 5, "steps_per_epoch": 20}
    got = values(f"{SCALED}:boundaries_and_scales={written}", **flags)
    np.testing.assert_allclose(got[[0, 29, 30, 79, 80, 99]], [0.1, 0.1, 0.05, 0.05, 0.005, 0.005], rtol=1e-6)


def test_keys_may_be_text_as_in_json():
    params = {"init_value": 0.1, "boundaries_and_scales": {"30": 0.5}}
    assert lrviz.schedule(SCALED, params)([29, 30]).tolist() == pytest.approx([0.1, 0.05])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(
            "30", "boundaries_and_scales are a boundary and its scale each, got '30'", id="no scale"
        ),
        pytest.param(
            "30:x", "boundaries_and_scales are a boundary and its scale each, got '30:x'", id="no number"
        ),
        pytest.param("30:0.5,30%:0.1", "boundaries_and_scales has a boundary twice", id="twice"),
        pytest.param("30:-1", "the scale at boundary 30 must not be negative, got -1", id="negative"),
    ],
)
def test_scales_are_refused(written, said):
    with pytest.raises(LrvizError) as refusal:
        resolved(f"{SCALED}:boundaries_and_scales={written}")
    assert refusal.value.message == said


# --- the start of a warmup -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "first", "assumed"),
    [
        pytest.param({"warmup": 10}, 0.0, ["init_value=0.0 (assumed)"], id="0 unless told"),
        pytest.param({"warmup": 10, "warmup_start": 0.01}, 0.01, [], id="told"),
    ],
)
def test_a_warmup_starts(flags, first, assumed):
    made = resolved(WARMED, **flags)
    assert float(made.schedule(0)) == pytest.approx(first)
    assert assumptions(made) == assumed


def test_without_a_warmup_nothing_is_assumed():
    with pytest.raises(ScheduleError) as refusal:
        resolved(f"{WARMED}:warmup_steps=10")
    assert refusal.value.message == f"{WARMED} needs init_value (first LR of the warmup)"


# --- joins -----------------------------------------------------------------------------------------------

CONSTANTS = [{"schedule": "constant_schedule", "params": {"value": value}} for value in (1.0, 2.0, 3.0)]


@pytest.mark.parametrize(
    ("boundaries", "want"),
    [
        pytest.param([2, 4], [1, 1, 2, 2, 3, 3], id="ascending"),
        pytest.param([4, 2], [1, 1, 3, 3, 3, 3], id="descending"),
        pytest.param([2], [1, 1, 2, 2, 2, 2], id="too few"),
        pytest.param([2, 4, 5], [1, 1, 2, 2, 3, 3], id="too many"),
        pytest.param([0, 1.5], [2, 2, 3, 3, 3, 3], id="from 0, in the middle"),
        pytest.param([-3, 4], [2, 2, 2, 2, 3, 3], id="below 0"),
    ],
)
def test_joins(boundaries, want):
    made = lrviz.schedule("optax.join_schedules", {"schedules": CONSTANTS, "boundaries": boundaries})
    assert made(np.arange(6)).tolist() == want


def test_a_join_within_a_join_that_began_before_it():
    cycle = {"schedule": "cosine_onecycle_schedule", "params": {"transition_steps": 20, "peak_value": 0.1}}
    inner = {"schedule": "join_schedules", "params": {"schedules": [CONSTANTS[0], cycle], "boundaries": [-8]}}
    made = lrviz.schedule(
        "optax.join_schedules", {"schedules": [CONSTANTS[1], inner], "boundaries": [5]}, dtype="float64"
    )
    alone = lrviz.schedule("optax.cosine_onecycle_schedule", cycle["params"], dtype="float64")
    np.testing.assert_array_equal(made(np.arange(5, 20)), alone(np.arange(8, 23)))


# --- what a join never uses ------------------------------------------------------------------------------

RISE = "linear_schedule(init_value=0.0,end_value=0.1,transition_steps=10)"
FLAT = "constant_schedule(value=0.1)"
CYCLE = "warmup_cosine_decay_schedule(init_value=0.0,peak_value=0.1,warmup_steps=2,decay_steps=9)"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(f"join_schedules:schedules=[{RISE},{FLAT}],boundaries=[10]", [], id="one each"),
        pytest.param(
            f"join_schedules:schedules=[{RISE},{FLAT}],boundaries=[10,20]",
            ["boundaries from 20 on have no schedule, and are ignored"],
            id="a boundary too many",
        ),
        pytest.param(
            f"join_schedules:schedules=[{FLAT}],boundaries=[10]",
            ["boundaries from 10 on have no schedule, and are ignored"],
            id="a boundary for one schedule",
        ),
        pytest.param(
            f"join_schedules:schedules=[{RISE},{FLAT},{FLAT}],boundaries=[10]",
            ["schedules from number 3 on have no boundary, and never run"],
            id="a schedule too many",
        ),
        pytest.param(
            f"join_schedules:schedules=[{RISE},{FLAT},{FLAT}],boundaries=[30,20]",
            ["schedule number 2 never runs: its boundary is not below a later one"],
            id="a boundary that comes too late",
        ),
        pytest.param(
            f"join_schedules:schedules=[{RISE},{FLAT},{FLAT},{FLAT}],boundaries=[40,30,20]",
            ["schedule number 2 never runs: its boundary is not below a later one; 1 more like it"],
            id="two that come too late",
        ),
        pytest.param(
            f"join_schedules:schedules=[{RISE},join_schedules(schedules=[{FLAT}],boundaries=[3])],boundaries=[10]",
            ["boundaries from 3 on have no schedule, and are ignored"],
            id="nested",
        ),
        pytest.param(f"sgdr_schedule:cosine_kwargs=[{CYCLE},{CYCLE}]", [], id="cycles"),
        pytest.param(f"{WARMED.removeprefix('optax.')}:init_value=0,warmup_steps=5", [], id="a warmup"),
    ],
)
def test_what_a_join_never_uses_is_noted(words, said):
    found = resolved(f"optax.{words}").findings
    assert [finding.text for finding in found if finding.id == "argument-unused"] == said
