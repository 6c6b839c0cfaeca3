"""Further logs of real libraries, by version: as planned none is accused, and what was planted is named."""

from __future__ import annotations

import json

import pytest
from commands import LOGS, run

WSD = "wsd:num_warmup_steps=20,num_decay_steps=60,lr=4e-4,steps=120"
INVERSE = "inverse_sqrt:num_warmup_steps=16,lr=4e-4,steps=120"
MIN_LR = "cosine_with_min_lr:num_warmup_steps=13,min_lr_rate=0.1,lr=3e-4,steps_per_epoch=64,epochs=2"
ACCUMULATED = "linear:num_warmup_steps=10,lr=5e-5,steps=85"
LINEAR = "linear:num_warmup_steps=10,lr=2e-4,steps=100"
MULTISTEP = "torch.MultiStepLR:milestones=6,9,gamma=0.2,lr=1e-2,interval=epoch,steps_per_epoch=16,epochs=12"
COSINE = "cosine:num_warmup_steps=16,lr={},steps=160"
SEQUENTIAL = (
    "torch.SequentialLR:schedulers=LinearLR(start_factor=0.1,total_iters=10),ExponentialLR(gamma=0.97),"
    "milestones=[10],lr=2e-2,steps=96"
)
POLYNOMIAL = "torch.PolynomialLR:total_iters=100,power=2,lr=5e-3,steps=128"
ONECYCLE = "torch.OneCycleLR:max_lr=2e-2,total_steps=80,steps=80"
ANNEALING = "torch.CosineAnnealingLR:T_max=200,lr=0.1,steps=200"

OF_8 = ",steps_per_epoch=8,epochs=20"
STAIRCASE = (
    "keras.ExponentialDecay:initial_learning_rate=0.05,decay_steps=24,decay_rate=0.6,staircase=true" + OF_8
)
RESTARTS = (
    "keras.CosineDecayRestarts:initial_learning_rate=0.02,first_decay_steps=40,t_mul=2.0,m_mul=0.8,"
    "alpha=0.05,steps=120"
)
INVERSE_TIME = "keras.InverseTimeDecay:initial_learning_rate=0.1,decay_steps=16,decay_rate=0.5" + OF_8
PIECEWISE = "keras.PiecewiseConstantDecay:boundaries=40,100,values=0.1,0.02,0.004" + OF_8
DECAY = "keras.CosineDecay:initial_learning_rate=0.02,decay_steps=160,alpha=0.01" + OF_8
WARMED = (
    "keras.CosineDecay:initial_learning_rate=0.0,decay_steps=136,alpha=0.01,warmup_target=0.02,"
    "warmup_steps=24" + OF_8
)

OF_10 = ",epoch_length=10,lr=0.02,epochs=12,steps_per_epoch=10"
MIXED = (
    "mmengine.list:param_scheduler=LinearLR(start_factor=0.001,by_epoch=false,begin=0,end=15),"
    "CosineAnnealingLR(T_max=10,eta_min=1e-4,by_epoch=true,begin=2,end=12)" + OF_10
)
CONVERTED = (
    "mmengine.list:param_scheduler="
    "LinearLR(start_factor=0.1,by_epoch=true,begin=0,end=3,convert_to_iter_based=true),"
    "CosineAnnealingLR(T_max=9,eta_min=1e-4,by_epoch=true,begin=3,end=12,convert_to_iter_based=true)" + OF_10
)

UPDATES = (
    "timm.CosineLRScheduler:t_initial=200,lr_min=1e-4,warmup_t=30,warmup_lr_init=1e-4,t_in_epochs=false,"
    "lr=0.1,steps_per_epoch=10,epochs=20"
)
TANH = "TanhLRScheduler:t_initial=20,lr_min=1e-4,lr=0.1,interval=step,steps=20"
CYCLES = (
    "timm.CosineLRScheduler:t_initial=8,lr_min=1e-4,cycle_limit=3,cycle_decay=0.5,"
    "lr=0.1,interval=step,steps=24"
)
COOLDOWN = (
    "timm.CosineLRScheduler:t_initial=20,lr_min=1e-4,warmup_t=3,warmup_lr_init=1e-4,"
    "lr=0.1,interval=step,steps=24"
)
MILESTONES = "timm.MultiStepLRScheduler:decay_t=5,12,decay_rate=0.2,lr=0.1,interval=step,steps=20"

PREPARED = "{}:num_warmup_steps={},lr=3e-4,steps=120"

CLEAN = [
    ("transformers 5.23.0: inverse_sqrt", "clean_transformers_inverse_sqrt.json", INVERSE, -1),
    ("transformers 5.23.0: console, warmup as a share", "clean_transformers_min_lr.txt", MIN_LR, -1),
    ("transformers 5.23.0: accumulation", "clean_transformers_accumulation.json", ACCUMULATED, -1),
    ("transformers 5.23.0 and MLflow 3.17.2", "clean_mlflow_linear", LINEAR, -1),
    ("lightning 2.6.6: by epoch", "clean_lightning_multistep.csv", MULTISTEP, 0),
    ("lightning 2.6.6: two groups", "clean_lightning_groups.csv", COSINE.format("3e-3,3e-4"), 0),
    ("lightning 2.6.6: sequential", "clean_lightning_sequential.csv", SEQUENTIAL, 0),
    ("lightning 2.6.6: polynomial", "clean_lightning_polynomial.csv", POLYNOMIAL, 0),
    ("keras 3.15.1: staircase, at an epoch's end", "clean_keras_staircase.csv", STAIRCASE, 8),
    ("keras 3.15.1: restarts, at a batch's begin", "clean_keras_restarts.jsonl", RESTARTS, 0),
    ("keras 3.15.1: inverse time", "clean_keras_inverse_time.json", INVERSE_TIME, 8),
    ("keras 3.15.1: piecewise", "clean_keras_piecewise.csv", PIECEWISE, 8),
    ("keras 3.15.1: begun again in the same file", "clean_keras_appended.csv", DECAY, 8),
    ("mmengine 0.10.7: warmup by iteration", "clean_mmengine_mixed.json", MIXED, -1),
    ("mmengine 0.10.7: converted", "clean_mmengine_converted.json", CONVERTED, -1),
    ("timm 1.0.31: on updates", "clean_timm_updates.csv", UPDATES, 10),
    ("timm 1.0.31: tanh", "clean_timm_tanh.csv", TANH, 0),
    ("timm 1.0.31: cycles", "clean_timm_cycles.csv", CYCLES, 0),
    (
        "accelerate 1.15.0: planned for 2 processes",
        "clean_accelerate_2_processes.jsonl",
        PREPARED.format("cosine", 10),
        0,
    ),
    (
        "accelerate 1.15.0 and TensorBoard 2.21.0",
        "clean_accelerate_linear.tfevents",
        PREPARED.format("linear", 20),
        0,
    ),
]

TOO_FAST = (
    "{0} times too fast: the scheduler is stepped {0} times in an update, "
    "as once per process or per micro-batch"
)
EVERY_4 = (
    "once per 4 updates: the scheduler is stepped at one in 4, as once per epoch, or where rows count "
    "micro-batches"
)
FAULTS = [
    (
        "transformers 5.23.0: stepped by a callback too",
        "fault_transformers_twice.json",
        WSD,
        TOO_FAST.format(2),
    ),
    (
        "transformers 5.23.0: another shape",
        "fault_transformers_decay_type.json",
        WSD,
        "another decay_type: linear, not cosine",
    ),
    (
        "transformers 5.23.0: last_epoch 80 at step 60",
        "fault_transformers_last_epoch.json",
        "cosine:num_warmup_steps=15,lr=5e-4,steps=150",
        "from step 65 on 20 steps ahead of the plan",
    ),
    (
        "transformers 5.23.0: least LR",
        "fault_transformers_min_lr.txt",
        MIN_LR,
        "another min_lr_rate: 0.02, not 0.1",
    ),
    (
        "transformers 5.23.0: no warmup",
        "fault_transformers_no_warmup.txt",
        MIN_LR,
        "another warmup: 0 steps, not 13",
    ),
    (
        "transformers 5.23.0: drop_last",
        "fault_transformers_drop_last.json",
        ACCUMULATED,
        "another total: 80 steps, not 85",
    ),
    (
        "transformers 5.23.0: nan",
        "fault_transformers_nan.json",
        INVERSE,
        "2 rows nan or infinite, the first at step 29",
    ),
    (
        "transformers 5.23.0 and MLflow 3.17.2: total",
        "fault_mlflow_total",
        LINEAR,
        "another total: 140 steps, not 100",
    ),
    (
        "lightning 2.6.6: interval is step",
        "fault_lightning_every_batch.csv",
        MULTISTEP,
        "stepped at every update, not once in 16, as once per epoch",
    ),
    (
        "lightning 2.6.6: a batch less in each epoch",
        "fault_lightning_15_batches.csv",
        MULTISTEP,
        "stepped once in 15 updates, not in 16, as where an epoch has so many",
    ),
    (
        "lightning 2.6.6: frequency",
        "fault_lightning_frequency.csv",
        POLYNOMIAL,
        EVERY_4,
    ),
    (
        "lightning 2.6.6: all in epochs",
        "fault_lightning_epochs.csv",
        COSINE.format("3e-3"),
        "moves once in 16 updates, to where the plan is then, as where its numbers count epochs",
    ),
    (
        "lightning 2.6.6: anneal_strategy",
        "fault_lightning_anneal.csv",
        ONECYCLE,
        "another anneal_strategy: linear, not cos",
    ),
    (
        "lightning 2.6.6: resumed without its scheduler, rows of that run alone",
        "fault_lightning_begun_anew.csv",
        COSINE.format("3e-3"),
        "restarted at step 64: the schedule begins anew there",
    ),
    (
        "lightning 2.6.6: resumed at last_epoch 4, rows of that run alone",
        "fault_lightning_last_epoch.csv",
        COSINE.format("3e-3"),
        (
            "set back by 60 updates before its first row, as after skipped updates, or as after a resume"
            " with an older state of the scheduler"
        ),
    ),
    (
        "torch 2.13.0: steps counted from 0 again in the same file",
        "fault_torch_counted_anew.csv",
        ANNEALING,
        "100 steps ahead of the plan",
    ),
    (
        "keras 3.15.1: resumed with a new optimizer",
        "fault_keras_begun_anew.csv",
        DECAY,
        "restarted at step 96: the schedule begins anew there",
    ),
    (
        "keras 3.15.1: no staircase",
        "fault_keras_no_staircase.csv",
        STAIRCASE,
        "another staircase: false, not true",
    ),
    (
        "keras 3.15.1: boundary",
        "fault_keras_boundary.csv",
        PIECEWISE,
        "another boundaries[1]: 120, not 100 (any number from 120 to 127 would do)",
    ),
    ("keras 3.15.1: alpha", "fault_keras_alpha.json", WARMED, "another alpha: 0.1, not 0.01"),
    ("keras 3.15.1: m_mul", "fault_keras_m_mul.jsonl", RESTARTS, "another m_mul: 0.5, not 0.8"),
    (
        "mmengine 0.10.7: not converted",
        "fault_mmengine_not_converted.json",
        CONVERTED,
        "another convert_to_iter_based: false, not true",
    ),
    (
        "mmengine 0.10.7: drop_last",
        "fault_mmengine_drop_last.json",
        CONVERTED,
        "another epoch_length: 9, not 10",
    ),
    (
        "mmengine 0.10.7: warmup in epochs",
        "fault_mmengine_warmup_epochs.json",
        MIXED,
        "another by_epoch of LinearLR: true, not false",
    ),
    (
        "timm 1.0.31: warmup_prefix",
        "fault_timm_prefix.csv",
        COOLDOWN,
        "another warmup_prefix: true, not false",
    ),
    (
        "timm 1.0.31: cycle_decay",
        "fault_timm_cycle_decay.csv",
        CYCLES,
        "another cycle_decay: 0.1, not 0.5",
    ),
    (
        "timm 1.0.31: stepped with the epoch before",
        "fault_timm_late.csv",
        MILESTONES,
        "shifted by one: row t has the LR of step t - 1, which the writer of such a log does not do",
    ),
    (
        "accelerate 1.15.0: 2 processes",
        "fault_accelerate_2_processes.jsonl",
        PREPARED.format("cosine", 20),
        TOO_FAST.format(2),
    ),
    (
        "accelerate 1.15.0: stepped at each micro-batch",
        "fault_accelerate_micro_batches.jsonl",
        PREPARED.format("linear", 20),
        TOO_FAST.format(4),
    ),
    (
        "accelerate 1.15.0 and TensorBoard 2.21.0: total",
        "fault_accelerate_total.tfevents",
        PREPARED.format("linear", 20),
        "another total: 100 steps, not 120",
    ),
]


def rows(table):
    """Each row by its library and what is special about it."""
    return [pytest.param(*rest, id=name) for name, *rest in table]


def beside(folder, plan, log):
    """The exit code, and what is known of each column of a log beside its plan."""
    done = run(folder, "diff", plan, str(LOGS / log), "--format", "json")
    return done.returncode, json.loads(done.stdout)["pairs"]


@pytest.mark.parametrize(("log", "plan", "offset"), rows(CLEAN))
def test_a_log_that_is_as_planned_is_not_accused(log, plan, offset, tmp_path):
    code, pairs = beside(tmp_path, plan, log)
    said = [(pair["causes"], pair["ranges"], pair["log"]["offset"]) for pair in pairs]
    assert (code, said) == (0, [([], [], offset)] * len(pairs))


@pytest.mark.long
@pytest.mark.parametrize(("log", "plan", "cause"), rows(FAULTS))
def test_what_was_planted_is_said_first(log, plan, cause, tmp_path):
    code, (pair,) = beside(tmp_path, plan, log)
    assert (code, [found["text"] for found in pair["causes"]]) == (1, [cause])


RISE = "torch.SequentialLR:lr=0.02,schedulers=LinearLR(start_factor={}"
IDENTIFIED = [
    ("clean_transformers_inverse_sqrt.json", "inverse_sqrt:warmup=16,lr=4e-4"),
    ("clean_transformers_accumulation.json", "linear:warmup=10,steps=85,lr=5e-5"),
    ("clean_lightning_polynomial.csv", "torch.PolynomialLR:total_iters=100,power=2.0,lr=5e-3"),
    (
        "clean_lightning_sequential.csv",
        RISE.format("0.1,total_iters=10),ExponentialLR(gamma=0.97),milestones=[10]"),
    ),
    ("clean_keras_piecewise.csv", "multistep:milestones=5,12,gamma=0.2,lr=0.1"),
    (
        "clean_mmengine_converted.json",
        RISE.format("0.1,total_iters=29),CosineAnnealingLR(T_max=90,eta_min=1e-4),milestones=[30]"),
    ),
    ("clean_accelerate_2_processes.jsonl", "cosine:warmup=10,steps=120,lr=3e-4"),
    ("clean_accelerate_linear.tfevents", "linear:warmup=20,steps=120,lr=3e-4"),
]


@pytest.mark.long
@pytest.mark.parametrize(("log", "spec"), IDENTIFIED)
def test_what_identify_says_can_be_pasted_beside_the_log(log, spec, tmp_path):
    said = json.loads(run(tmp_path, "identify", str(LOGS / log), "--format", "json").stdout)
    assert said["candidates"][0]["spec"] == spec
    assert run(tmp_path, "diff", spec, str(LOGS / log)).returncode == 0
