"""Numbers beyond what anything computes in: a curve, or a refusal in words, soon and in little memory."""

import contextlib
import math

import numpy as np
import pytest
from commands import ENTRIES

import lrviz
from lrviz.catalogue.roles import Role
from lrviz.describe.example import STEPS, example
from lrviz.notation.spec import Spec, parse

BEYOND = (2**53 + 1, 2**64, 10**20, 10**400, -(10**400), 1e300, math.inf)


@pytest.mark.long
@pytest.mark.parametrize("entry", ENTRIES)
def test_any_parameter_may_be_huge(entry):
    for name in entry.params:
        for value in BEYOND:
            refusal = refused(entry, {**entry.example, name: value})
            assert refusal is None or refusal.hint or refusal.step is not None


@pytest.mark.long
@pytest.mark.parametrize("entry", ENTRIES)
def test_any_parameter_may_be_none_or_huge_in_a_spec(entry):
    """A curve with its findings, or a refusal in words."""
    made = example(entry)
    spec = parse(made.spec)
    beside = {} if entry.by_role(Role.BASE_LR) or not entry.takes_group else {"lr": 0.1}
    for name in entry.params:
        for value in (None, 10**30, 1e40, -1.0):
            params = tuple({**beside, **dict(spec.params), name: value}.items())
            with contextlib.suppress(lrviz.LrvizError):
                curve = lrviz.evaluate(Spec(spec.name, params), lrviz.Plan(steps=STEPS))
                assert isinstance(curve.findings, tuple)


def refused(entry, params):
    """The refusal to build it or to tell its facts, None where there is none."""
    try:
        made = lrviz.schedule(entry.id, params, lr=0.1, optimizer="sgd_momentum", metrics=[1.0] * 9)
        made.facts(9)
    except lrviz.ScheduleError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("schedule", "params", "message"),
    [
        pytest.param("torch.StepLR", {"step_size": 10**400}, "over 308 digits", id="a number"),
        pytest.param("torch.MultiStepLR", {"milestones": [1, 10**400]}, "over 308 digits", id="in a list"),
        pytest.param(
            "optax.piecewise_constant_schedule",
            {"init_value": 1.0, "boundaries_and_scales": {10**400: 0.5}},
            "over 308 digits",
            id="in a mapping",
        ),
        pytest.param(
            "torch.OneCycleLR", {"max_lr": 0.1, "total_steps": 0}, "positive", id="a check of its own"
        ),
    ],
)
def test_a_refusal_names_what_it_refuses(schedule, params, message):
    with pytest.raises(lrviz.ScheduleError, match=message) as refused:
        lrviz.schedule(schedule, params, lr=0.1)
    assert refused.value.hint


def test_a_power_that_the_framework_never_takes_is_not_taken():
    """NeMo stops where the hold ends, for want of a warmup, before it raises 0 to a negative power."""
    params = {"hold_steps": 88, "max_steps": 126, "decay_rate": -0.5}
    facts = lrviz.schedule("nemo.NoamHoldAnnealing", params, lr=1.0).facts(126)
    assert (facts.stop and facts.stop[0], facts.first) == (88, 1.0)


def test_a_length_beyond_float64_makes_no_run_as_long():
    spec = (
        "timm.create_scheduler_v2:num_epochs=90,warmup_epochs=10,cooldown_epochs=10,cycle_limit=1e308,lr=0.1"
    )
    curve = lrviz.evaluate(spec, lrviz.Plan(epochs=3, batches_per_epoch=39))
    assert len(curve) == 117


CYCLE = {"max_lr": 0.1, "total_steps": 9}


@pytest.mark.parametrize(
    ("schedule", "params", "hint"),
    [
        pytest.param("torch.OneCycleLR", {**CYCLE, "div_factor": 0}, "a parameter that is 0", id="zero"),
        pytest.param(
            "paper.gradual_warmup",
            {"eta": 0.1, "k": 8, "warmup": 10, "milestones": [40, 70, 90], "gamma": 1e308},
            "a very large or very small number",
            id="beyond float64",
        ),
        pytest.param("torch.StepLR", {"step_size": 9, "gamma": math.inf}, "gamma=", id="infinite"),
        pytest.param(
            "timm.PlateauLRScheduler", {"warmup_t": math.inf}, "warmup_t=", id="an infinite duration"
        ),
    ],
)
def test_what_cannot_be_computed_says_where_to_look(schedule, params, hint):
    with pytest.raises(lrviz.ScheduleError) as refused:
        lrviz.schedule(schedule, params, lr=0.1, metrics=[1.0])
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("t_0", "t_mult"),
    [
        pytest.param(10**7, 1.0000001, id="growing"),
        pytest.param(10**8, 0.99999999, id="shrinking"),
    ],
)
def test_cycles_that_hardly_change_are_not_all_listed(t_0, t_mult):
    name = "composer.CosineAnnealingWarmRestartsScheduler"
    schedule = lrviz.schedule(name, t_0=f"{t_0}ba", t_mult=t_mult, max_duration="10ba", lr=0.1)
    assert schedule([t_0 // 2, t_0, int(2e11)])[:2] == pytest.approx([0.05, 0.1])
    with pytest.raises(lrviz.ScheduleError, match="first 1048576 cycles"):
        schedule([9 * 10**15])


def test_so_many_calls_are_refused():
    with pytest.raises(lrviz.SpecError, match="from 1 to 65536"):
        lrviz.evaluate("lambda:lr_lambda=0.9**epoch,lr=1,calls=2147483648", lrviz.Plan(steps=100))


@pytest.mark.parametrize("schedule", ["torch.CosineAnnealingLR", "mmengine.CosineAnnealingLR"])
@pytest.mark.parametrize(
    ("length", "step"),
    [
        pytest.param(298156825, None, id="the last that does not"),
        pytest.param(298156826, 298156826, id="the first"),
        pytest.param(-298156826, 298156826, id="backwards"),
        pytest.param(10**9, 999999998, id="several ticks are -1"),
        pytest.param(1.2, 19, id="a trough on a tick by rounding"),
        pytest.param(1 / 3, 2, id="the same, of a third"),
        pytest.param(12.5, None, id="no trough on a tick"),
    ],
)
def test_a_cosine_stops_where_it_divides_by_zero(schedule, length, step):
    facts = lrviz.schedule(schedule, T_max=length, lr=0.1).facts(2 * step if step else 500)
    assert (facts.stop and facts.stop[0]) == step


def test_what_the_first_steps_behind_a_trough_round_stays():
    """As recorded from torch 2.13.0: the recurrence is off by 1e-9 for the rest of the rise."""
    ticks = {150_000: 0.050500000057061165, 190_000: 0.09757729766793626, 200_000: 0.10000000011411893}
    schedule = lrviz.schedule("torch.CosineAnnealingLR", {"T_max": 100_000, "eta_min": 1e-3}, lr=0.1)
    np.testing.assert_allclose(schedule(list(ticks)), list(ticks.values()), rtol=1e-11)


def test_drops_that_are_too_many_to_multiply():
    drops = {"base_value": 1.0, "num_decays": 10**7, "num_updates": 100, "max_iter": 100}
    still = lrviz.schedule("fvcore.StepWithFixedGammaParamScheduler", drops, gamma=0.99, lr=0.1)
    assert still(np.arange(3)).tolist()[1:] == pytest.approx([0.0, 0.0])
    with pytest.raises(lrviz.ScheduleError, match="num_decays=10000000 are more"):
        lrviz.schedule("fvcore.StepWithFixedGammaParamScheduler", drops, gamma=1 - 1e-12, lr=0.1)
