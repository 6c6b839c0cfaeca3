"""What holds of every plan, and what of a plan changes nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from planned import BASE, RUNS, SMALL

from lrviz.errors import PlanError
from lrviz.notation.durations import parse_duration
from lrviz.plan.budget_keys import MAX_STEPS, PLAN_KEYS
from lrviz.plan.plan import Plan
from lrviz.plan.trainers import TRAINERS


# `len(range(0, n, k))` counts groups of k among n by another route than the rules do.
@given(n=st.integers(1, MAX_STEPS), batch=st.integers(1, MAX_STEPS), epochs=st.integers(1, MAX_STEPS))
def test_the_total_is_exact_however_large(n, batch, epochs):
    batches = len(range(0, n, batch))
    assume(batches * epochs <= MAX_STEPS)
    assert Plan(dataset_len=n, batch_size=batch, epochs=epochs).total_steps == batches * epochs


def steps_or_none_at_all(trainer, keys):
    """The steps of a run; 0 of one that is too short for the trainer to make any."""
    try:
        return Plan(**keys, trainer=trainer).total_steps
    except PlanError as refusal:
        if "leaves no batch" in refusal.message or "makes no step" in refusal.message:
            return 0
        raise


@pytest.mark.long
@pytest.mark.parametrize("trainer", TRAINERS)
@given(keys=RUNS, more=SMALL)
def test_more_data_or_epochs_are_never_fewer_steps(trainer, keys, more):
    if not TRAINERS[trainer].part_epochs:
        keys["epochs"] = math.ceil(keys["epochs"])
    if trainer == "keras":
        del keys["world_size"]
    total = steps_or_none_at_all(trainer, keys)
    steps = {key: steps_or_none_at_all(trainer, keys | {key: value + more}) for key, value in keys.items()}
    assert total <= min(steps.pop("dataset_len"), steps.pop("epochs"))
    assert total >= max(steps.values())


@pytest.mark.long
@pytest.mark.parametrize("trainer", TRAINERS)
@given(total=st.integers(1, 10**12), thousandths=st.integers(0, 1000), warmup=st.booleans())
def test_a_fraction_is_within_a_step_and_rounding_is_told(trainer, total, thousandths, warmup):
    span = parse_duration(f"{thousandths / 10}%", what="warmup")
    steps, note = Plan(steps=total, trainer=trainer).ticks(span, warmup=warmup)
    assert abs(steps - total * span.amount) <= 1
    assert bool(note) == (steps != total * span.amount)


@pytest.mark.long
@pytest.mark.parametrize("trainer", TRAINERS)
@given(keys=RUNS)
def test_the_batches_of_an_epoch_stand_for_its_data(trainer, keys):
    keys = keys | {"epochs": math.ceil(keys["epochs"]), "world_size": 1, "trainer": trainer}
    assume(steps_or_none_at_all(trainer, {k: v for k, v in keys.items() if k != "trainer"}))
    plan = Plan(**keys)
    given = Plan(
        batches_per_epoch=plan.batches_per_epoch,
        **{key: keys[key] for key in ("epochs", "grad_accum", "trainer")},
    )
    assert (given.total_steps, given.epoch, given.length) == (plan.total_steps, plan.epoch, plan.length)


def test_changed_derives_anew():
    plan = Plan(**BASE)
    assert plan.changed(batch_size=64).steps_per_epoch == 20
    assert plan.changed() == plan


def test_keys_are_what_a_user_can_give():
    plan = Plan(**BASE)
    assert Plan(**{key: getattr(plan, key) for key in PLAN_KEYS}) == plan
    assert "total_steps" not in PLAN_KEYS


def test_integers_of_numpy_count():
    plan = Plan(dataset_len=np.int64(1235), batch_size=np.int32(32), epochs=np.float64(50))
    assert plan == Plan(**BASE)
    assert {type(plan.dataset_len), type(plan.epochs), type(plan.total_steps)} == {int}


def test_the_largest_run_is_allowed():
    assert Plan(steps_per_epoch=2**50, epochs=8).total_steps == MAX_STEPS
    assert Plan(steps=MAX_STEPS).ticks(parse_duration("100%", what="warmup")) == (MAX_STEPS, "")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        pytest.param({"dataset_len": 100, "batch_size": 4, "epochs": 2, "grad_accum": 2}, "", id="all count"),
        pytest.param({"steps": 100}, "", id="nothing else"),
        pytest.param(
            {"steps": 100, "batch_size": 4, "epochs": 3},
            "batch_size, epochs change nothing: the steps are given outright",
            id="steps",
        ),
        pytest.param(
            {"steps_per_epoch": 10, "epochs": 2, "drop_last": True, "grad_accum": 4, "world_size": 3},
            "grad_accum, world_size, drop_last change nothing: the steps per epoch are given outright",
            id="steps of an epoch",
        ),
        pytest.param(
            {"batches_per_epoch": 10, "epochs": 2, "drop_last": True, "grad_accum": 4, "world_size": 3},
            "world_size, drop_last change nothing: the batches per epoch are given outright",
            id="batches of an epoch",
        ),
    ],
)
def test_what_changes_nothing_is_told(keys, told):
    assert Plan(**keys).idle_note() == told
