"""Names, parameters and groups: what is found, what is bound, what is refused."""

from __future__ import annotations

import pytest

from lrviz import ScheduleError, UnknownScheduleError
from lrviz.catalogue.arguments import bind
from lrviz.catalogue.group import Group
from lrviz.catalogue.names import find
from lrviz.catalogue.registry import catalogue
from lrviz.catalogue.roles import Role

# --- names -----------------------------------------------------------------------------------------------

NAMES = [
    pytest.param("linear", "transformers.linear", id="transformers"),
    pytest.param("cosine", "transformers.cosine", id="cosine"),
    pytest.param("wsd", "transformers.warmup_stable_decay", id="wsd"),
    pytest.param("warmup_stable_decay", "transformers.warmup_stable_decay", id="its-own-name"),
    pytest.param("get_linear_schedule_with_warmup", "transformers.linear", id="function"),
    pytest.param(
        "get_cosine_with_hard_restarts_schedule_with_warmup", "transformers.cosine_with_restarts", id="long"
    ),
    pytest.param("step", "torch.StepLR", id="step"),
    pytest.param("multistep", "torch.MultiStepLR", id="multistep"),
    pytest.param("exponential", "torch.ExponentialLR", id="exponential"),
    pytest.param("onecycle", "torch.OneCycleLR", id="onecycle"),
    pytest.param("cyclic", "torch.CyclicLR", id="cyclic"),
    pytest.param("cosine_annealing", "torch.CosineAnnealingLR", id="cosine_annealing"),
    pytest.param("warm_restarts", "torch.CosineAnnealingWarmRestarts", id="warm_restarts"),
    pytest.param("plateau", "torch.ReduceLROnPlateau", id="plateau"),
    pytest.param("CyclicLR", "torch.CyclicLR", id="a-class-of-one-framework"),
    pytest.param("torch.LinearLR", "torch.LinearLR", id="id"),
    pytest.param("mmengine.LinearLR", "mmengine.LinearLR", id="id-of-a-namesake"),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_find(name, expected):
    assert find(name).id == expected
    assert (find(name).id != name) is (name != expected)


UNKNOWN = [
    pytest.param("cosin", "did you mean cosine", id="misspelt"),
    pytest.param("transformers.wsd", "did you mean transformers.warmup_stable_decay?", id="alias of another"),
    pytest.param("torch.swa", "did you mean torch.SWALR?", id="short name in a framework"),
    pytest.param("torch.optim.lr_scheduler.StepLR", "did you mean torch.StepLR?", id="path"),
    pytest.param("transformers.cosin", "did you mean transformers.cosine", id="misspelt-id"),
    pytest.param("xyzzy", "lrviz list shows them all", id="nothing-like-it"),
    pytest.param("", "lrviz list shows them all", id="empty"),
]


@pytest.mark.parametrize(("name", "hint"), UNKNOWN)
def test_an_unknown_name_is_refused(name, hint):
    with pytest.raises(UnknownScheduleError) as refusal:
        find(name)
    assert refusal.value.message == f"unknown schedule {name!r}"
    assert refusal.value.hint.startswith(hint)


def test_an_id_is_never_bare():
    assert [name for name in catalogue() if find(name).id != name] == []


# --- parameters ------------------------------------------------------------------------------------------

STEP = {"step_size": 30}
REFUSED = [
    pytest.param(
        "torch.StepLR",
        {},
        "torch.StepLR needs step_size (ticks)",
        "give it: torch.StepLR:step_size=30",
        id="missing",
    ),
    pytest.param(
        "torch.StepLR",
        {"step_size": None},
        "torch.StepLR needs step_size (ticks)",
        "give it: torch.StepLR:step_size=30",
        id="none",
    ),
    pytest.param(
        "torch.CyclicLR",
        {},
        "torch.CyclicLR needs base_lr (lowest LR) and max_lr (peak LR)",
        'give them: "torch.CyclicLR:base_lr=1e-3,max_lr=6e-3"',
        id="two missing",
    ),
    pytest.param(
        "torch.OneCycleLR",
        {},
        "torch.OneCycleLR needs max_lr (peak LR)",
        "give it: torch.OneCycleLR:max_lr=0.1",
        id="missing-lr",
    ),
    pytest.param(
        "torch.StepLR",
        {**STEP, "gama": 0.5},
        "torch.StepLR has no parameter 'gama'",
        "did you mean gamma?",
        id="misspelt",
    ),
    pytest.param(
        "torch.StepLR",
        {**STEP, "xyzzy": 0.5},
        "torch.StepLR has no parameter 'xyzzy'",
        "it has step_size, gamma",
        id="unknown",
    ),
    pytest.param(
        "torch.StepLR",
        {"step_size": "30"},
        "torch.StepLR: step_size must be a number, got '30'",
        "step_size=30",
        id="text",
    ),
    pytest.param(
        "torch.StepLR",
        {**STEP, "gamma": True},
        "torch.StepLR: gamma must be a number, got True",
        "gamma=0.5",
        id="bool-for-a-number",
    ),
    pytest.param(
        "torch.MultiStepLR",
        {"milestones": 30},
        "torch.MultiStepLR: milestones must be a list, got 30",
        "milestones=30,80",
        id="no-list",
    ),
    pytest.param(
        "torch.MultiStepLR",
        {"milestones": (30, "80")},
        "torch.MultiStepLR: milestones must be a list, got (30, '80')",
        "milestones=30,80",
        id="text-in-a-list",
    ),
    pytest.param(
        "torch.OneCycleLR",
        {"max_lr": 0.1, "total_steps": 10.0},
        "torch.OneCycleLR: total_steps must be a whole number, got 10.0",
        "total_steps=100",
        id="float-for-a-whole-number",
    ),
    pytest.param(
        "torch.OneCycleLR",
        {"max_lr": 0.1, "three_phase": 1},
        "torch.OneCycleLR: three_phase must be true or false, got 1",
        "three_phase=false",
        id="number-for-a-switch",
    ),
    pytest.param(
        "torch.OneCycleLR",
        {"max_lr": 0.1, "anneal_strategy": "cosine"},
        "torch.OneCycleLR: anneal_strategy must be one of 'cos', 'linear', got 'cosine'",
        "anneal_strategy=cos",
        id="choice",
    ),
    pytest.param(
        "torch.CyclicLR",
        {"base_lr": "small", "max_lr": 0.1},
        "torch.CyclicLR: base_lr must be a number or a list, got 'small'",
        "base_lr=1e-3",
        id="number-or-list",
    ),
]


@pytest.mark.parametrize(("name", "params", "message", "hint"), REFUSED)
def test_bind_refuses(name, params, message, hint):
    with pytest.raises(ScheduleError) as refusal:
        bind(find(name), params)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


BOUND = [
    pytest.param(
        "torch.StepLR", {"step_size": 2.4, "gamma": 1}, {"step_size": 2.4, "gamma": 1}, id="numbers"
    ),
    pytest.param(
        "transformers.inverse_sqrt",
        {"num_warmup_steps": 5, "timescale": None},
        {"num_warmup_steps": 5, "timescale": None},
        id="none-where-it-may",
    ),
    pytest.param(
        "transformers.polynomial",
        {"num_warmup_steps": 5, "num_training_steps": 9, "scheduler_specific_kwargs": {"power": 2.0}},
        {"num_warmup_steps": 5, "num_training_steps": 9, "power": 2.0},
        id="nested",
    ),
    pytest.param(
        "transformers.constant",
        {"scheduler_specific_kwargs": None},
        {},
        id="nested-none",
    ),
]


@pytest.mark.parametrize(("name", "params", "arguments"), BOUND)
def test_bind(name, params, arguments):
    assert bind(find(name), params) == arguments


def test_a_nested_unknown_parameter_is_refused():
    params = {"num_warmup_steps": 5, "num_training_steps": 9, "scheduler_specific_kwargs": {"powr": 2.0}}
    with pytest.raises(ScheduleError) as refusal:
        bind(find("polynomial"), params)
    assert refusal.value.message == "transformers.polynomial has no parameter 'powr'"
    assert refusal.value.hint == "did you mean power?"


ROLES = [
    pytest.param("torch.OneCycleLR", Role.BASE_LR, "max_lr", id="peak"),
    pytest.param("torch.OneCycleLR", Role.TOTAL, "total_steps", id="total"),
    pytest.param("torch.OneCycleLR", Role.WARMUP_FRACTION, "pct_start", id="fraction"),
    pytest.param("torch.OneCycleLR", Role.WARMUP, None, id="no-warmup"),
    pytest.param("torch.CosineAnnealingLR", Role.TOTAL, "T_max", id="T_max"),
    pytest.param("torch.CosineAnnealingLR", Role.FLOOR, "eta_min", id="floor"),
    pytest.param("transformers.cosine", Role.WARMUP, "num_warmup_steps", id="warmup"),
    pytest.param("transformers.cosine", Role.FLOOR, None, id="no-floor"),
    pytest.param("transformers.cosine_with_min_lr", Role.FLOOR, "min_lr", id="optional-floor"),
    pytest.param("keras.CosineDecayRestarts", Role.BASE_LR, "initial_learning_rate", id="keras"),
]


@pytest.mark.parametrize(("name", "role", "expected"), ROLES)
def test_by_role(name, role, expected):
    found = find(name).by_role(role)
    assert (found.name if found else None) == expected


# --- groups ----------------------------------------------------------------------------------------------


def test_a_group_knows_its_place():
    group = Group((0.1, 0.01), index=1)
    assert (group.lr, group.default_lr) == (0.01, 0.1)
    assert (group.pick("max_lr", 0.5), group.pick("max_lr", (0.5, 0.6))) == (0.5, 0.6)


@pytest.mark.parametrize("values", [pytest.param((0.1,), id="fewer"), pytest.param((1, 2, 3), id="more")])
def test_a_list_of_the_wrong_length_is_refused(values):
    with pytest.raises(ScheduleError) as refusal:
        Group((0.1, 0.01)).pick("max_lr", values)
    assert refusal.value.message == f"max_lr has {len(values)} values, the optimizer has 2 param groups"
    assert refusal.value.hint == "give max_lr one value, or one for each group"
