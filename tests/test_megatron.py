"""Megatron counts samples: what a run fills in, in samples, and the bounds of param groups."""

from __future__ import annotations

import numpy as np
import pytest
from resolving import said

import lrviz
from lrviz.errors import PlanError
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

NAME = "megatron.OptimizerParamScheduler"
RUN = {"lr": 3e-4, "min_lr": 3e-5, "batch_size": 512, "dataset_len": 10_000_000, "epochs": 1}  # 19532 steps
WSD = "lr_decay_style=WSD,lr_wsd_decay_style=minus_sqrt,wsd_decay_steps=10%"


def resolved(params="", **changes):
    return resolve(parse(f"{NAME}:{params}" if params else NAME), RUN | changes)


OUTRIGHT = {"steps": 100, "dataset_len": None, "epochs": None}


def starts(found, quantity="lr"):
    return {phase.name: phase.start for phase in found.schedule.groups[0][quantity].phases}


@pytest.mark.parametrize(
    ("params", "changes", "phases"),
    [
        pytest.param("", {}, {"decay": 0, "after the end": 19533}, id="of the run"),
        pytest.param(
            WSD,
            {"warmup": "1%"},
            {"warmup": 0, "stable": 196, "decay": 17580, "after the end": 19533},
            id="three phases",
        ),
        pytest.param(
            "lr_warmup_steps=1%", {}, {"warmup": 0, "decay": 196, "after the end": 19533}, id="a share"
        ),
        pytest.param(
            "lr_warmup_steps=5120", {}, {"warmup": 0, "decay": 11, "after the end": 19533}, id="samples"
        ),
        pytest.param("lr_decay_steps=5120", {}, {"decay": 0, "after the end": 11}, id="samples to decay"),
        pytest.param("lr_decay_steps=10st", {}, {"decay": 0, "after the end": 11}, id="steps"),
        pytest.param(
            "increment=1024,lr_decay_steps=5120", {}, {"decay": 0, "after the end": 6}, id="its own batch"
        ),
        pytest.param(
            "",
            {"grad_accum": 2, "warmup": 10},
            {"warmup": 0, "decay": 11, "after the end": 9767},
            id="accumulation",
        ),
    ],
)
def test_durations_are_samples(params, changes, phases):
    assert starts(resolved(params, **changes)) == phases


@pytest.mark.parametrize(
    ("params", "over"),
    [
        pytest.param("", 19533, id="of the run"),
        pytest.param("lr_decay_steps=50%", 19533, id="whatever the LR does"),
        pytest.param("wd_incr_steps=50%", 9767, id="a share"),
        pytest.param("wd_incr_steps=5120", 11, id="samples"),
    ],
)
def test_the_weight_decay_grows_over_the_run(params, over):
    grown = f"wd_incr_style=cosine,start_wd=0.01,end_wd=0.1,{params}".rstrip(",")
    found = resolved(grown)
    assert starts(found, "weight_decay") == {"increase": 0, "stable": over}
    assert found.schedule([0, over - 1, 10**6], "weight_decay") == pytest.approx([0.01, 0.1, 0.1])


@pytest.mark.parametrize(
    ("params", "changes", "notes"),
    [
        pytest.param(
            "lr_decay_steps=5000",
            {"warmup": None},
            ["lr_decay_steps is 5000, the run has 10000384 samples"],
            id="another length",
        ),
        pytest.param("", OUTRIGHT, [], id="nothing"),
        pytest.param(
            "increment=8",
            OUTRIGHT,
            ["batch_size changes nothing: the steps are given outright"],
            id="a batch of no use",
        ),
    ],
)
def test_what_is_said(params, changes, notes):
    assert list(said(resolved(params, **changes))) == notes


def test_it_is_called_for_every_step():
    with pytest.raises(PlanError) as refusal:
        resolved("interval=epoch")
    assert refusal.value.message.startswith("megatron.OptimizerParamScheduler counts the steps of an epoch")


def test_a_call_of_one_sample_may_be_made_every_so_many_steps():
    found = resolved("interval=4,increment=1,lr_warmup_steps=5,max_lr=0.1", **OUTRIGHT)
    assert found.schedule([0, 3, 4, 19, 20]) == pytest.approx([0, 0, 0.02, 0.08, 0.1])


# --- param groups ----------------------------------------------------------------------------------------

BOUNDS = {"max_lr": [1e-3, 1e-4], "min_lr": [1e-5, 2e-4], "lr_decay_steps": 100, "lr_decay_style": "cosine"}


def test_the_lists_of_the_groups_make_the_rows():
    made = lrviz.schedule(NAME, BOUNDS)
    assert made([0, 100]) == pytest.approx(np.array([[1e-3, 1e-5], [1e-4, 2e-4]]))
    assert lrviz.schedule(NAME, BOUNDS, lr=[5, 5])([0, 100]) == pytest.approx(made([0, 100]))
    assert lrviz.schedule(NAME, {"max_lr": 1e-3, "lr_decay_steps": 100})(0) == 1e-3


def test_the_groups_of_a_run():
    found = resolved("lr_decay_style=cosine", lr=(1e-3, 1e-4), min_lr=(1e-5, 1e-6))
    assert found.schedule([0, 19532]) == pytest.approx(np.array([[1e-3, 1e-5], [1e-4, 1e-6]]))


def test_only_the_first_group_is_checked():
    with pytest.raises(lrviz.ScheduleError):
        lrviz.schedule(NAME, BOUNDS | {"min_lr": [2e-3, 1e-5]})


WARMED = {"max_lr": 1e-3, "lr_decay_steps": 100, "lr_warmup_steps": 10}


def test_an_unknown_style_of_the_first_tick_is_refused():
    with pytest.raises(lrviz.ScheduleError):
        lrviz.schedule(NAME, WARMED | {"lr_decay_style": "poly", "lr_warmup_steps": 0})


def test_an_unknown_style_that_no_tick_falls_on_is_never_used():
    assert lrviz.schedule(NAME, WARMED | {"lr_decay_style": "poly", "increment": 200})(200) == 0


@pytest.mark.parametrize(
    ("params", "step"),
    [
        pytest.param({"lr_decay_style": "poly"}, 11, id="of the decay"),
        pytest.param({"lr_decay_style": "WSD", "wsd_decay_steps": 20}, 81, id="of the last phase"),
        pytest.param({"lr_decay_style": "WSD", "wsd_decay_steps": 95}, 11, id="of a last phase that is all"),
    ],
)
def test_an_unknown_style_stops_where_it_would_be_used(params, step):
    made = lrviz.schedule(NAME, WARMED | params)
    for quantity in made.quantities:
        assert made(step - 1, quantity) > 0
        with pytest.raises(lrviz.ScheduleError) as refusal:
            made(step, quantity)
        assert refusal.value.step == step
