"""From words, flags and the worked example to a definite schedule."""

from __future__ import annotations

import math

import numpy as np
import pytest
from resolving import FLAGS, assumptions, literal, resolved, said, values

from lrviz import PlanError

# --- what the words mean ---------------------------------------------------------------------------------

SAME = [
    pytest.param(
        "cosine:warmup=10%",
        "transformers.cosine",
        {"num_warmup_steps": 100, "num_training_steps": 1000},
        id="warmup-and-total",
    ),
    pytest.param(
        "transformers.cosine:num_warmup_steps=5%,num_training_steps=100%",
        "transformers.cosine",
        {"num_warmup_steps": 50, "num_training_steps": 1000},
        id="its-own-parameters",
    ),
    pytest.param("torch.CosineAnnealingLR", "torch.CosineAnnealingLR", {"T_max": 1000}, id="T_max"),
    pytest.param(
        "torch.CosineAnnealingLR:min_lr=1e-3",
        "torch.CosineAnnealingLR",
        {"T_max": 1000, "eta_min": 1e-3},
        id="floor",
    ),
    pytest.param(
        "cosine_with_min_lr:warmup=0,min_lr=1e-3",
        "transformers.cosine_with_min_lr",
        {"num_warmup_steps": 0, "num_training_steps": 1000, "min_lr": 1e-3},
        id="optional-floor",
    ),
    pytest.param("step:step_size=30%", "torch.StepLR", {"step_size": 300}, id="percent"),
    pytest.param("step:step_size=250st", "torch.StepLR", {"step_size": 250}, id="steps"),
    pytest.param(
        "multistep:milestones=50%,75%", "torch.MultiStepLR", {"milestones": [500, 750]}, id="percents"
    ),
    pytest.param("multistep:milestones=50%", "torch.MultiStepLR", {"milestones": [500]}, id="a-list-of-one"),
    pytest.param(
        "onecycle:warmup=10%,max_lr=0.1",
        "torch.OneCycleLR",
        {"max_lr": 0.1, "total_steps": 1000, "pct_start": 0.1},
        id="pct_start",
    ),
    pytest.param(
        "onecycle:warmup=0",
        "torch.OneCycleLR",
        {"max_lr": 0.1, "total_steps": 1000, "pct_start": 0.0},
        id="pct-0",
    ),
    pytest.param(
        "torch.LambdaLR:lr_lambda=0.5", "torch.LambdaLR", {"lr_lambda": "0.5"}, id="function-of-a-number"
    ),
    pytest.param(
        "diffusers.piecewise_constant:step_rules=1:10,0.1:20,0.5",
        "diffusers.piecewise_constant",
        {"step_rules": "1:10,0.1:20,0.5"},
        id="text-with-commas",
    ),
    pytest.param(
        "diffusers.piecewise_constant:step_rules=0.5",
        "diffusers.piecewise_constant",
        {"step_rules": "0.5"},
        id="text-of-a-number",
    ),
    pytest.param(
        "torch.SequentialLR:schedulers=[LinearLR(total_iters=10%),CosineAnnealingLR(T_max=90%)],milestones=10%",
        "torch.SequentialLR",
        {
            "schedulers": [
                {"schedule": "LinearLR", "params": {"total_iters": 100}},
                {"schedule": "CosineAnnealingLR", "params": {"T_max": 900}},
            ],
            "milestones": [100],
        },
        id="nested",
    ),
]


@pytest.mark.parametrize(("text", "name", "params"), SAME)
def test_words_become_the_frameworks_arguments(text, name, params):
    found = resolved(text)
    assert (found.schedule.id, assumptions(found), found.findings) == (name, [], ())
    np.testing.assert_array_equal(values(found), literal(name, **params))


EPOCHS = {"steps_per_epoch": 20, "epochs": 50, "lr": 0.1}
CLOCKS = [
    pytest.param("step:step_size=2ep", lambda t: 0.1 * 0.1 ** (t // 40), id="epochs-as-steps"),
    pytest.param(
        "step:step_size=10,interval=epoch", lambda t: 0.1 * 0.1 ** (t // 20 // 10), id="ticks-are-epochs"
    ),
    pytest.param(
        "step:step_size=2ep,interval=epoch", lambda t: 0.1 * 0.1 ** (t // 20 // 2), id="epochs-as-ticks"
    ),
    pytest.param(
        "step:step_size=20%,interval=epoch", lambda t: 0.1 * 0.1 ** (t // 20 // 10), id="percent-of-epochs"
    ),
    pytest.param("step:step_size=100,calls=4", lambda t: 0.1 * 0.1 ** (4 * t // 100), id="calls"),
    pytest.param(
        "torch.CosineAnnealingLR:interval=epoch",
        lambda t: 0.05 * (1 + np.cos(math.pi * (t // 20) / 50)),
        id="total-in-epochs",
    ),
    pytest.param(
        "torch.CosineAnnealingLR:calls=2",
        lambda t: 0.05 * (1 + np.cos(math.pi * t / 1000)),
        id="total-in-calls",
    ),
]


@pytest.mark.parametrize(("text", "formula"), CLOCKS)
def test_the_schedules_own_clock(text, formula):
    found = resolved(text, EPOCHS)
    np.testing.assert_allclose(values(found), formula(np.arange(1000)), rtol=1e-12, atol=1e-15)


TRAINED = [
    pytest.param("", {"steps_per_epoch": 20, "epochs": 50}, id="epochs-of-the-plan"),
    pytest.param(
        "warmup=30", {"steps_per_epoch": 20, "epochs": 50, "warmup_epochs": 1.5}, id="warmup-in-epochs"
    ),
    pytest.param(
        "warmup=2ep", {"steps_per_epoch": 20, "epochs": 50, "warmup_epochs": 2.0}, id="epochs-of-warmup"
    ),
    pytest.param(
        "steps_per_epoch=25,epochs=40,warmup=50",
        {"steps_per_epoch": 25, "epochs": 40, "warmup_epochs": 2.0},
        id="its-own-epochs",
    ),
]


@pytest.mark.parametrize(("text", "params"), TRAINED)
def test_a_trainer_is_told_the_epochs_of_the_run(text, params):
    found = resolved(f"ultralytics.BaseTrainer:{text}".rstrip(":"), EPOCHS)
    np.testing.assert_array_equal(values(found), literal("ultralytics.BaseTrainer", **params))


def test_a_trainer_of_whole_epochs_is_told_no_part_of_one():
    with pytest.raises(PlanError, match=r"trains whole epochs, got epochs=2\.5"):
        resolved("ultralytics.BaseTrainer:epochs=2.5", EPOCHS)


def test_a_warmup_in_epochs_needs_their_length():
    with pytest.raises(PlanError, match="warmup_epochs needs the length of an epoch"):
        resolved("ultralytics.BaseTrainer:warmup=30")


# --- precedence ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "flags", "peak", "origins"),
    [
        pytest.param("constant:lr=0.3", {"steps": 9, "lr": 0.2}, 0.3, [], id="spec-over-flag"),
        pytest.param("constant", {"steps": 9, "lr": 0.2}, 0.2, [], id="flag-over-example"),
        pytest.param("constant", {"steps": 9}, 1e-3, ["lr=1e-3 (example)"], id="example"),
        pytest.param("onecycle:max_lr=0.3", {"steps": 9}, 0.3, [], id="own-parameter-over-example"),
    ],
)
def test_precedence_of_the_lr(text, flags, peak, origins):
    found = resolved(text, flags, examples=True)
    assert values(found).max() == pytest.approx(peak, rel=0.05)
    assert assumptions(found) == origins
    assert found.lrs == (peak,)


@pytest.mark.parametrize(
    ("text", "flags", "ends"),
    [
        pytest.param("linear:warmup=5", {"warmup": "50%"}, 5, id="spec-over-flag"),
        pytest.param("linear:warmup=5", {"warmup_fraction": 0.5}, 5, id="spec-over-the-other-flag"),
        pytest.param("linear:warmup_fraction=0.25", {"warmup": 3}, 250, id="fraction-over-flag"),
        pytest.param("linear", {"warmup": "50%"}, 500, id="flag"),
        pytest.param("linear:num_warmup_steps=5", {"warmup": "50%"}, 5, id="own-parameter"),
    ],
)
def test_precedence_of_the_warmup(text, flags, ends):
    found = resolved(text, {**FLAGS, **flags}, examples=True)
    assert found.schedule.phases[1] == ("decay", ends)


PLANS = [
    pytest.param("linear", {"steps": 300}, 300, [], id="flag"),
    pytest.param("linear:steps=70", {"steps": 300}, 70, [], id="spec-over-flag"),
    pytest.param("linear:max_steps=70", {}, 70, [], id="max_steps"),
    pytest.param("linear:epochs=2,steps_per_epoch=30", {}, 60, [], id="several-keys"),
    pytest.param(
        "linear:epochs=10", {}, 390, ["dataset_len=1235", "batch_size=32"], id="the-example-for-the-rest"
    ),
    pytest.param("linear:batch_size=16", {"epochs": 1}, 78, ["dataset_len=1235"], id="spec-and-flag"),
    pytest.param("linear", {}, 1950, ["dataset_len=1235", "batch_size=32", "epochs=50"], id="the-example"),
]


@pytest.mark.parametrize(("text", "flags", "total", "examples"), PLANS)
def test_each_spec_has_its_own_plan(text, flags, total, examples):
    found = resolved(text, {"lr": 0.1, **flags}, examples=True)
    assert found.plan.total_steps == total
    assert assumptions(found) == [
        *(f"{example} (example)" for example in examples),
        "num_warmup_steps=0 (assumed)",
    ]
    assert found.schedule.groups[0]["lr"](np.array([float(total)]))[0] == 0  # the run's end is the schedule's


STARTED = [
    pytest.param("cosine", ["num_warmup_steps=0"], id="cosine"),
    pytest.param("cosine:warmup=3", [], id="given-by-the-role"),
    pytest.param("wsd", ["num_warmup_steps=0", "num_decay_steps=20% = 390"], id="wsd"),
    pytest.param("step", ["step_size=30% = 585"], id="step"),
    pytest.param("step:step_size=5", [], id="given"),
    pytest.param("multistep", ["milestones=50%,75% = 975,1462"], id="multistep"),
    pytest.param("cyclic:lr=3e-4", ["base_lr=lr/10 = 3e-5", "step_size_up=10% = 195"], id="a tenth of 3e-4"),
    pytest.param("cyclic", ["base_lr=lr/10 = 1e-4", "step_size_up=10% = 195"], id="cyclic"),
    pytest.param("warm_restarts", ["T_0=25% = 487"], id="warm_restarts"),
    pytest.param("onecycle", [], id="onecycle"),
    pytest.param("cosine_with_min_lr", ["num_warmup_steps=0", "min_lr_rate=0.1"], id="one-of-two"),
    pytest.param("cosine_with_min_lr:min_lr=1e-5", ["num_warmup_steps=0"], id="the-other-of-two"),
]


@pytest.mark.parametrize(("text", "assumed"), STARTED)
def test_a_bare_name_assumes_its_starter(text, assumed):
    found = resolved(text, {}, examples=True)
    starters = [text for text in assumptions(found) if text.endswith("(assumed)")]
    assert starters == [f"{text} (assumed)" for text in assumed]


def test_a_starter_from_several_lrs_is_several():
    found = resolved("cyclic:lr=0.1,0.2", {}, examples=True)
    assert "base_lr=lr/10 = 0.01,0.02 (assumed)" in assumptions(found)
    assert (values(found)[0], values(found, group=1)[0], found.lrs) == (0.01, 0.02, (0.1, 0.2))


# --- the warmup ------------------------------------------------------------------------------------------


def test_a_ramp_in_front_shortens_the_total():
    found = resolved("torch.CosineAnnealingLR:warmup=100")
    t = np.arange(1000.0)
    expected = np.where(t < 100, 0.1 * t / 100, 0.05 * (1 + np.cos(math.pi * (t - 100) / 900)))
    np.testing.assert_allclose(values(found), expected, rtol=1e-13, atol=1e-17)
    (note,) = said(found)
    assert note.startswith("torch.CosineAnnealingLR has no warmup: a linear ramp stands in front, ")
    assert note.endswith("and its own step 0 is step 100")
    assert (found.warmup.text, found.schedule.phases) == ("100", (("warmup", 0.0), ("cosine", 100.0)))


@pytest.mark.parametrize(
    ("mode", "total"), [pytest.param("front", 900, id="front"), pytest.param("over", 1000, id="over")]
)
def test_only_a_ramp_in_front_shortens_the_total(mode, total):
    found = values(resolved(f"torch.CosineAnnealingLR:warmup=100,warmup_mode={mode}"))
    whole = literal("CosineAnnealingLR", T_max=total)
    np.testing.assert_allclose(found[100:], whole[100 - (1000 - total) : total], rtol=1e-12, atol=1e-17)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        pytest.param(
            "torch.CosineAnnealingLR:T_max=999", "T_max is 999, the run has 1000 steps", id="shorter"
        ),
        pytest.param("torch.CosineAnnealingLR:T_max=1000", "", id="as long"),
        pytest.param(
            "torch.CosineAnnealingLR:T_max=1001", "T_max is 1001, the run has 1000 steps", id="longer"
        ),
        pytest.param("torch.CosineAnnealingLR:warmup=50,T_max=950", "", id="as long as a ramp leaves"),
        pytest.param(
            "torch.CosineAnnealingLR:warmup=50,T_max=1000",
            "T_max is 1000, the run has 950 steps after the warmup",
            id="as the run, behind a ramp",
        ),
        pytest.param("torch.CosineAnnealingLR:warmup=50,warmup_mode=over,T_max=1000", "", id="under a ramp"),
        pytest.param(
            "torch.CosineAnnealingLR:warmup=50,warmup_mode=over,T_max=950",
            "T_max is 950, the run has 1000 steps",
            id="shorter, under a ramp",
        ),
        pytest.param("linear:num_warmup_steps=50,num_training_steps=1000", "", id="a warmup of its own"),
        pytest.param(
            "torch.CosineAnnealingLR:warmup=50,T_max=19,interval=50", "", id="behind a ramp, every 50 steps"
        ),
        pytest.param(
            "torch.CosineAnnealingLR:warmup=30,T_max=20,interval=50", "", id="behind a part of an interval"
        ),
        pytest.param(
            "torch.CosineAnnealingLR:warmup=50,T_max=20,interval=50",
            "T_max is 20, the run has 19 intervals of 50 steps after the warmup",
            id="as the run, every 50 steps",
        ),
        pytest.param(
            "torch.CosineAnnealingLR:warmup=5000,T_max=1000",
            "T_max is 1000, the run has 0 steps after the warmup",
            id="a ramp that leaves nothing",
        ),
        pytest.param(
            "phases:phase=constant(for=100),CosineAnnealingLR(T_max=900)", "", id="as long as its phase"
        ),
        pytest.param(
            "phases:phase=constant(for=100),CosineAnnealingLR(T_max=1000)",
            "phase 2: T_max is 1000, the run has 900 steps",
            id="as the run, in a phase",
        ),
        pytest.param(
            "phases:phase=constant(for=100),CosineAnnealingLR(T_max=850,warmup=50)",
            "",
            id="a ramp in a phase",
        ),
    ],
)
def test_a_schedule_of_another_length_than_its_stretch_is_noted(words, note):
    notes = [one.text for one in resolved(words).findings if one.id == "length-differs"]
    assert notes == [note] * bool(note)


def test_a_ramp_in_front_leaves_a_given_total_alone():
    found = resolved("torch.CosineAnnealingLR:warmup=100,T_max=1000")
    assert values(found)[600] == pytest.approx(0.05, rel=1e-12)


@pytest.mark.parametrize(
    ("words", "expected", "note"),
    [
        pytest.param(
            "", lambda t: np.where(t < 50, t / 50, 0.5 ** ((t - 50) // 100)), "in front", id="front"
        ),
        pytest.param(
            ",warmup_start=0.02",
            lambda t: np.where(t < 50, 0.2 + 0.8 * t / 50, 0.5 ** ((t - 50) // 100)),
            "in front",
            id="start",
        ),
        pytest.param(
            ",warmup_shape=constant,warmup_start=0.02",
            lambda t: np.where(t < 50, 0.2, 0.5 ** ((t - 50) // 100)),
            "in front",
            id="constant",
        ),
        pytest.param(
            ",warmup_mode=over",
            lambda t: np.minimum(1, t / 50) * 0.5 ** (t // 100),
            "laid over it",
            id="over",
        ),
    ],
)
def test_the_ramp(words, expected, note):
    found = resolved(f"torch.StepLR:step_size=100,gamma=0.5,warmup=50{words}")
    np.testing.assert_allclose(values(found), 0.1 * expected(np.arange(1000.0)), rtol=1e-13)
    assert note in said(found)[0]


def test_a_ramp_beside_the_momentum_holds_it():
    found = resolved("cyclic:base_lr=0.01,step_size_up=20,warmup=10")
    momentum = found.schedule(np.arange(40), "momentum")
    assert list(momentum[:11]) == [0.9] * 11
    assert momentum[30] == pytest.approx(0.8)


def test_a_warmup_that_is_ignored_says_so():
    found = resolved("constant:warmup=10%")
    assert said(found) == ("transformers.constant ignores a warmup",)
    assert set(values(found)) == {0.1}


def test_a_warmup_longer_than_the_run_warns():
    found = resolved("linear:warmup=2000")
    assert said(found, "warning") == ("the warmup of 2000 steps is longer than the run of 1000",)
    assert values(found)[-1] == pytest.approx(0.1 * 999 / 2000)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        pytest.param("cosine:warmup=29%", "warmup: 29% of 100 is 28: ", id="warmup"),
        pytest.param("step:step_size=29%", "step_size: 29% of 100 is 28: ", id="parameter"),
    ],
)
def test_a_percent_that_rounds_says_so(text, note):
    (told,) = said(resolved(text, {"steps": 100, "lr": 0.1}))
    assert told == note + "int(100 * 0.29), the exact product is 29"
