"""Composer's durations: what they are in a run, and which are refused."""

from __future__ import annotations

import numpy as np
import pytest

import lrviz
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

STEPS = "StepScheduler"
WARM = "CosineAnnealingWithWarmupScheduler"


def drops(schedule, steps=60):
    """The steps at which the LR changes."""
    return [int(step) + 1 for step in np.flatnonzero(np.diff(schedule(np.arange(steps))))]


@pytest.mark.parametrize(
    ("milestone", "surroundings", "first"),
    [
        pytest.param("7ba", {}, 7, id="batches"),
        pytest.param("1e1BA", {}, 10, id="capitals and exponents"),
        pytest.param("2ep", {"batches_per_epoch": 7}, 14, id="epochs"),
        pytest.param("0.25dur", {}, 10, id="share of batches"),
        pytest.param("0.33dur", {}, 13, id="share rounded down"),
        pytest.param("0.25dur", {"max_duration": "4ep", "batches_per_epoch": 9}, 9, id="share of epochs"),
        pytest.param("0.25dur", {"max_duration": "90sp", "samples_per_batch": 4}, 6, id="share of samples"),
        pytest.param("35sp", {"samples_per_batch": 4}, 9, id="samples"),
        pytest.param("3e3tok", {"tokens_per_batch": 1000}, 3, id="tokens"),
        pytest.param("20ba", {"scale_schedule_ratio": 0.5}, 10, id="scaled"),
        pytest.param("0.5dur", {"scale_schedule_ratio": 0.5}, 20, id="a share is not scaled"),
        pytest.param("20ba", {"max_duration": "2h30m"}, 20, id="a run by the clock"),
    ],
)
def test_a_duration_in_its_run(milestone, surroundings, first):
    params = {"milestones": [milestone], "max_duration": "40ba", **surroundings}
    assert drops(lrviz.schedule("composer.MultiStepScheduler", params, lr=1.0)) == [first]


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        pytest.param(STEPS, {"step_size": "10zz"}, "must be a number and a unit", id="no unit"),
        pytest.param(STEPS, {"step_size": "tenba"}, "must be a number and a unit", id="no number"),
        pytest.param(STEPS, {"step_size": "infdur"}, "must be a number and a unit", id="not finite"),
        pytest.param(STEPS, {"step_size": "2.5ep"}, "must be a whole number of epochs", id="half an epoch"),
        pytest.param(STEPS, {"step_size": "20sec"}, "not be a time by the clock", id="seconds"),
        pytest.param(STEPS, {"step_size": "1h30m"}, "not be a time by the clock", id="hours"),
        pytest.param(STEPS, {"step_size": "2iter"}, "iterations are not known", id="iterations"),
        pytest.param(STEPS, {"step_size": "2ep"}, "batches of an epoch are not known", id="epochs"),
        pytest.param(STEPS, {"step_size": "2sp"}, "samples are not known without", id="samples"),
        pytest.param(
            STEPS, {"step_size": "2tok", "tokens_per_batch": 0}, "must be 1 or more", id="no tokens"
        ),
        pytest.param(STEPS, {"step_size": "0.001dur"}, "division by zero (step_size is 0ba)", id="nothing"),
        pytest.param(
            STEPS, {"step_size": "1ba", "max_duration": "1dur"}, "a share of itself", id="dur of dur"
        ),
        pytest.param(STEPS, {"step_size": "1ba", "max_duration": 4}, "must be text, got 4", id="a number"),
        pytest.param(
            STEPS,
            {"step_size": "0.1dur", "max_duration": "2h"},
            "seconds are not known",
            id="share of the clock",
        ),
        pytest.param(WARM, {"t_warmup": "9sp", "samples_per_batch": 3}, "must have one unit", id="two units"),
        pytest.param(
            WARM, {"t_warmup": "9ba", "t_max": "39ba"}, "must be max_duration (40ba)", id="too short"
        ),
        pytest.param(
            "CosineAnnealingWarmRestartsScheduler",
            {"t_0": "9ba", "t_mult": -1},
            "not be negative",
            id="backwards",
        ),
    ],
)
def test_a_duration_is_refused(name, params, message):
    with pytest.raises(lrviz.ScheduleError) as refusal:
        lrviz.schedule(f"composer.{name}", {"max_duration": "40ba", **params}, lr=1.0)
    assert message in refusal.value.message
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("text", "run", "phases"),
    [
        pytest.param(
            WARM, {"warmup": 9}, [("warmup", 0), ("cosine decay", 9), ("after the end", 40)], id="flag"
        ),
        pytest.param(f"{WARM}:t_warmup=25%", {}, [10, 40], id="percent"),
        pytest.param(f"{WARM}:t_warmup=7", {}, [7, 40], id="a number counts batches"),
        pytest.param(f"{WARM}:t_warmup=1ep", {"steps_per_epoch": 8}, [8, 40], id="composer's own"),
        pytest.param("CosineAnnealingScheduler", {"warmup": 9}, [9, 40], id="a ramp in front"),
        pytest.param(
            "CosineAnnealingScheduler:t_max=96sp",
            {"steps": None, "epochs": 5, "dataset_len": 32, "batch_size": 4},
            [24],
            id="samples of the run",
        ),
    ],
)
def test_the_run_tells_its_durations(text, run, phases):
    found = resolve(parse(f"composer.{text}"), {"steps": 40, "lr": 1e-3, **run}).schedule.phases
    starts = [start for _, start in found if start]
    assert phases in (starts, list(found))


@pytest.mark.parametrize(
    ("ratio", "before", "at"),
    [
        pytest.param(0.5, 1.0, 1.0, id="waits at the peak"),
        pytest.param(2.0, 0.45, 1.0, id="jumps"),
    ],
)
def test_a_scaled_warmup_still_ends_where_it_did(ratio, before, at):
    params = {"t_warmup": "10ba", "scale_warmup": True, "scale_schedule_ratio": ratio, "max_duration": "40ba"}
    schedule = lrviz.schedule(f"composer.{WARM}", params, lr=1.0)
    assert schedule([9, 10]).tolist() == [before, at]
