"""Logs of real libraries, as planned and not: none is accused, and each fault has its name and numbers."""

from __future__ import annotations

import json

import pytest
from commands import LOGS, run

WSD = "wsd:num_warmup_steps=24,num_decay_steps=40,min_lr_ratio=0.1,lr=7e-4,steps=160"
POLYNOMIAL = "polynomial:num_warmup_steps=15,power=1.5,lr_end=1e-6,lr=3e-5,steps=144"
ONECYCLE = "torch.OneCycleLR:max_lr=0.05,total_steps=200,pct_start=0.25,div_factor=10,steps=200"
PRODUCT = "lambda:lr_lambda=0.9**(epoch-4 if epoch>4 else 0),lr=0.05,steps=20"
WARMED = (
    "keras.CosineDecay:initial_learning_rate=1e-4,decay_steps=24,alpha=0.05,"
    "warmup_target=2e-3,warmup_steps=4,steps=28"
)
MMENGINE = (
    "mmengine.list:param_scheduler=LinearLR(start_factor=0.01,begin=0,end=20,by_epoch=false),"
    "PolyLR(power=0.9,eta_min=1e-4,begin=20,end=160,by_epoch=false),lr=0.02,steps=160"
)
TIMM_POLY = (
    "timm.PolyLRScheduler:t_initial=24,power=0.7,lr_min=1e-4,warmup_t=4,warmup_lr_init=1e-3,"
    "warmup_prefix=true,lr=0.4,interval=step,steps=24"
)
SGDR = "torch.CosineAnnealingWarmRestarts:T_0=40,T_mult=2,eta_min=1e-3,lr=0.3,steps=200"
CYCLIC = (
    "torch.CyclicLR:base_lr=1e-3,max_lr=1e-2,step_size_up=30,step_size_down=50,mode=triangular2,"
    "cycle_momentum=false,steps=240"
)
OPTAX = (
    "optax.warmup_exponential_decay_schedule:init_value=1e-5,peak_value=3e-3,warmup_steps=25,"
    "transition_steps=40,decay_rate=0.6,end_value=2e-4,steps=300"
)
AS_PLANNED = [
    pytest.param("clean_wsd.json", WSD, -1, id="trainer_state"),
    pytest.param("clean_polynomial.txt", POLYNOMIAL, -1, id="console"),
    pytest.param("clean_onecycle.csv", ONECYCLE, 0, id="lightning"),
    pytest.param("clean_keras_product.csv", PRODUCT, 0, id="keras, each LR from the one before"),
    pytest.param("clean_keras_cosine.json", WARMED, 0, id="keras history"),
    pytest.param("clean_mmengine.json", MMENGINE, -1, id="mmengine"),
    pytest.param("clean_timm.csv", TIMM_POLY, 0, id="timm"),
    pytest.param("clean_sgdr.tfevents", SGDR, 0, id="tensorboard"),
    pytest.param("clean_cyclic.jsonl", CYCLIC, 0, id="JSON lines"),
    pytest.param("clean_optax.csv", OPTAX, 0, id="optax"),
]


def beside(folder, plan, log):
    """The exit code, and what is known of a log beside its plan."""
    done = run(folder, "diff", plan, str(LOGS / log), "--format", "json")
    (pair,) = json.loads(done.stdout)["pairs"]
    return done.returncode, pair


@pytest.mark.parametrize(("log", "plan", "offset"), AS_PLANNED)
def test_a_log_that_is_as_planned_is_not_accused(log, plan, offset, tmp_path):
    code, pair = beside(tmp_path, plan, log)
    assert (code, pair["causes"], pair["ranges"], pair["log"]["offset"]) == (0, [], [], offset)


MIN_LR = "cosine_with_min_lr:num_warmup_steps=10,min_lr=5e-5,lr=5e-4,steps={}"
TIMM = (
    "timm.CosineLRScheduler:t_initial=24,lr_min=1e-5,warmup_t=3,warmup_lr_init=1e-4,lr=0.4,"
    "interval=step,steps=24"
)
SEQUENTIAL = (
    "torch.SequentialLR:schedulers=LinearLR(start_factor=0.05,total_iters=20),"
    "CosineAnnealingLR(T_max=180,eta_min=1e-5),milestones=[20],lr=0.02,steps=200"
)
DECAY = (
    "keras.PolynomialDecay:initial_learning_rate=0.05,decay_steps=20,"
    "end_learning_rate=1e-3,power=2.0,steps=20"
)
MILESTONES = (
    "mmengine.list:param_scheduler=LinearLR(start_factor=0.001,begin=0,end=15,by_epoch=false),"
    "MultiStepLR(milestones=[8,11],gamma=0.1,begin=0,end=12,by_epoch=true),epoch_length=10,"
    "lr=0.02,epochs=12,steps_per_epoch=10"
)
RATE = "keras.ExponentialDecay:initial_learning_rate=0.05,decay_steps=5,decay_rate=0.5,steps=20"
COSINE = "keras.CosineDecay:initial_learning_rate=2e-3,decay_steps=24,alpha=0.05,steps=24"
STAIRS = "torch.StepLR:step_size=30,gamma=0.5,lr=0.1,steps=200"
ANNEALING = "torch.CosineAnnealingLR:T_max=240,eta_min=1e-5,lr=3e-3,steps=240"
WARM_COSINE = (
    "optax.warmup_cosine_decay_schedule:init_value=0,peak_value=3e-3,warmup_steps=30,decay_steps=300,"
    "end_value=1e-5,steps=300"
)
FAULTS = [
    pytest.param(
        "fault_3_processes.txt",
        "cosine:num_warmup_steps=18,lr=4e-4,steps=160",
        ("speed", 1, 3, None),
        id="stepped by each of 3 processes",
    ),
    pytest.param("fault_interval_epoch.csv", ANNEALING, ("stairs", 1, 20, None), id="stepped once per epoch"),
    pytest.param(
        "fault_max_steps.json",
        "linear:num_warmup_steps=20,lr=6e-5,steps=160",
        ("total", 160, 240, None),
        id="total",
    ),
    pytest.param("fault_keras_total.json", COSINE, ("total", 24, 18, None), id="total, in float32"),
    pytest.param("fault_timm_warmup.csv", TIMM, ("warmup", 3, 6, None), id="warmup"),
    pytest.param("fault_timm_lr.csv", TIMM, ("peak", 0.4, 0.1, None), id="LR above a floor"),
    pytest.param("fault_lr.jsonl", SEQUENTIAL, ("peak", 0.02, 0.06, None), id="LR above the floor of a part"),
    pytest.param("fault_skipped.tfevents", SEQUENTIAL, ("late", 0, 3, 60), id="skipped updates"),
    pytest.param("fault_keras_shift.csv", DECAY, ("shift", 0, 1, None), id="off by one"),
    pytest.param("fault_restart.csv", WARM_COSINE, ("anew", None, 137, 137), id="restarted"),
    pytest.param(
        "fault_resume_min_lr.json", MIN_LR.format(120), ("resumed", 120, 180, 64), id="resumed for longer"
    ),
    pytest.param(
        "fault_resume_min_lr.json",
        MIN_LR.format(180),
        ("before", 180, 120, 59),
        id="resumed, beside the new plan",
    ),
    pytest.param("fault_gamma.csv", STAIRS, ("parameter", 0.5, 0.2, None), id="gamma"),
    pytest.param(
        "fault_mmengine_milestone.json", MILESTONES, ("parameter", 8, 6, None), id="milestone of a part"
    ),
    pytest.param(
        "fault_step_size.csv", STAIRS, ("parameter", 30, 45, None), id="step size, between two rows"
    ),
    pytest.param("fault_keras_rate.json", RATE, ("parameter", 0.5, 0.7, None), id="decay rate"),
]


@pytest.mark.long
@pytest.mark.parametrize(("log", "plan", "cause"), FAULTS)
def test_a_planted_fault_is_named(log, plan, cause, tmp_path):
    code, pair = beside(tmp_path, plan, log)
    (found,) = pair["causes"]
    assert code == 1
    assert tuple(found[key] for key in ("id", "here", "there", "at")) == cause


def test_an_lr_above_a_floor_is_named_from_where_it_is_another(tmp_path):
    """As where a run goes on from a checkpoint with another LR, and its floor is an LR."""
    plan = "torch.CosineAnnealingLR:T_max=100,eta_min=1e-3,lr={},steps=100"
    rows = run(tmp_path, "values", plan.format(0.1), "--format", "csv").stdout.splitlines()[:41]
    rows += run(tmp_path, "values", plan.format(0.3), "--format", "csv").stdout.splitlines()[41:]
    log = "\n".join(["step,lr", *(f"{row.split(',')[0]},{row.split(',')[-1]}" for row in rows[1:]), ""])
    (tmp_path / "log.csv").write_text(log)
    done = run(tmp_path, "diff", plan.format(0.1), "log.csv")
    assert done.returncode == 1
    assert "cause: another peak from step 40 on: 0.3, not 0.1 (times 3)" in done.stdout.splitlines()
