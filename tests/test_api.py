"""evaluate and record, as a notebook uses them."""

import math

import numpy as np
import pytest

import lrviz


class FakeOptimizer:
    def __init__(self, *lrs):
        self.param_groups = [{"lr": lr, "momentum": 0.9} for lr in lrs]


class Halving:
    """A scheduler as torch's look from outside; it refuses its fifth step."""

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.last_epoch = 0

    def step(self, metric=None):
        if self.last_epoch == 4:
            raise ValueError("stepped too often")
        self.last_epoch += 1
        for group in self.optimizer.param_groups:
            group["lr"] *= 0.5 if metric is None or metric > 0 else 1.0
            group["seen"] = True

    def state_dict(self):
        return {"last_epoch": self.last_epoch}

    def load_state_dict(self, state):
        self.last_epoch = state["last_epoch"]


PLAN = lrviz.Plan(dataset_len=1235, batch_size=32, epochs=50)


def test_evaluate():
    curve = lrviz.evaluate("cosine:warmup=100,lr=3e-4", PLAN)
    assert (len(curve), curve.label, curve.steps[-1]) == (1950, "cosine", 1949)
    assert (curve.lr[0], curve.lr[100], curve.facts.peak_at) == (0.0, 3e-4, 100)


def test_evaluate_several_groups():
    curve = lrviz.evaluate("linear:warmup=0,steps=4,lr=1,0.1")
    np.testing.assert_allclose(curve.lr, [[1, 0.75, 0.5, 0.25], [0.1, 0.075, 0.05, 0.025]])


def test_evaluate_assumes_nothing():
    with pytest.raises(lrviz.PlanError, match="length of the run is unknown"):
        lrviz.evaluate("cosine:warmup=100,lr=3e-4")
    with pytest.raises(lrviz.ScheduleError, match="needs num_warmup_steps"):
        lrviz.evaluate("cosine:lr=3e-4", PLAN)


def test_the_spec_wins_over_the_plan():
    assert len(lrviz.evaluate("constant:lr=1,epochs=2", PLAN)) == 78
    assert len(lrviz.evaluate("constant:lr=1,steps=5", PLAN)) == 5


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_save(tmp_path, suffix):
    path = lrviz.evaluate("constant:lr=1,steps=5").save(tmp_path / f"lr.{suffix}")
    assert path.stat().st_size > 1000


def test_save_refuses_an_unknown_format(tmp_path):
    with pytest.raises(lrviz.OutputError):
        lrviz.evaluate("constant:lr=1,steps=5").save(tmp_path / "lr.gif")
    assert not list(tmp_path.iterdir())


def test_record_a_function():
    curve = lrviz.record(lambda step: 0.1 * 0.9**step, 20)
    assert curve.first_difference(lrviz.evaluate("torch.ExponentialLR:gamma=0.9,lr=0.1,steps=20")) is None
    assert curve.first_difference(lrviz.evaluate("torch.ExponentialLR:gamma=0.8,lr=0.1,steps=20")) == 1


def test_record_a_scheduler_and_put_everything_back():
    scheduler = Halving(FakeOptimizer(1.0, 0.1))
    curve = lrviz.record(scheduler, 4)
    np.testing.assert_array_equal(curve.lr, [[1, 0.5, 0.25, 0.125], [0.1, 0.05, 0.025, 0.0125]])
    assert scheduler.last_epoch == 0
    assert scheduler.optimizer.param_groups == [{"lr": 1.0, "momentum": 0.9}, {"lr": 0.1, "momentum": 0.9}]


def test_record_stops_where_the_scheduler_raises():
    curve = lrviz.record(Halving(FakeOptimizer(1.0)), 9)
    assert curve.facts.stop == (5, "ValueError: stepped too often")
    with pytest.raises(lrviz.ScheduleError) as refusal:
        _ = curve.lr
    assert refusal.value.step == 5


def test_record_passes_metrics_on():
    curve = lrviz.record(Halving(FakeOptimizer(1.0)), 4, metrics=[1, 0, 0, 1])
    np.testing.assert_array_equal(curve.lr, [1, 0.5, 0.5, 0.5])


def test_record_refuses_what_is_neither():
    with pytest.raises(TypeError, match="got int"):
        lrviz.record(3, 4)


def test_differences_need_the_same_shape():
    with pytest.raises(ValueError, match="different shapes"):
        lrviz.record(math.sqrt, 3).first_difference(lrviz.record(math.sqrt, 4))
