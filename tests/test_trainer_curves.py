"""What trainers do with the LR that no release to run says: numbers by hand, and what is refused."""

from __future__ import annotations

import pytest

import lrviz
from lrviz import ScheduleError


@pytest.mark.parametrize(
    ("spec", "params", "values"),
    [
        pytest.param(
            "ultralytics.BaseTrainer",
            {"steps_per_epoch": 2, "epochs": 5, "warmup_epochs": 0, "lrf": 0.2, "reach_lrf": True},
            {0: 1.0, 2: 0.8, 4: 0.6, 7: 0.4, 9: 0.2},
            id="YOLOv7's line reaches lrf in the last epoch",
        ),
        pytest.param(
            "ultralytics.BaseTrainer",
            {"steps_per_epoch": 10, "epochs": 9, "warmup_epochs": 2, "lrf": 1.0, "min_warmup": 1000},
            {0: 0.0, 45: 0.045, 89: 0.089},
            id="YOLOv7 warms up for 1000 batches",
        ),
        pytest.param(
            "onetrainer.REX",
            {"scheduler_steps": 20, "warmup_steps": 10, "min_factor": 0.5},
            {0: 0.0, 5: 0.5, 10: 1.0, 15: 0.5 + 0.5 * 0.5 / 0.55, 20: 0.5, 30: 0.5},
            id="OneTrainer's REX",
        ),
        pytest.param(
            "onetrainer.COSINE_WITH_HARD_RESTARTS",
            {"scheduler_steps": 30, "warmup_steps": 10, "num_cycles": 2, "min_factor": 0.2},
            {5: 0.5, 10: 1.0, 15: 0.6, 20: 1.0, 25: 0.6, 30: 1.0},
            id="OneTrainer's restarts have a floor",
        ),
    ],
)
def test_a_value_by_hand(spec, params, values):
    made = lrviz.schedule(spec, params, lr=1.0)
    assert {tick: float(made(tick)) for tick in values} == pytest.approx(values, rel=1e-12)


@pytest.mark.parametrize(
    ("spec", "params", "message"),
    [
        pytest.param(
            "ultralytics.BaseTrainer",
            {"steps_per_epoch": 2, "epochs": 1, "reach_lrf": True},
            "BaseTrainer: division by zero (reach_lrf with 1 epoch)",
            id="a line over no epochs",
        ),
    ],
)
def test_what_is_refused(spec, params, message):
    with pytest.raises(ScheduleError) as refusal:
        lrviz.schedule(spec, params, lr=1.0)
    assert refusal.value.message == message
    assert refusal.value.hint
