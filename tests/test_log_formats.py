"""Logs that libraries wrote, each held against the schedule that made it, in its precision and offset."""

from __future__ import annotations

import numpy as np
import pytest
from commands import LOGS

import lrviz
from lrviz.errors import ConfigError
from lrviz.inputs.logs.reading_logs import read_log

COSINE = "cosine:num_warmup_steps=10,lr={}"
LINEAR = "linear:num_warmup_steps=10,lr=5e-4"
HALVED = "lambda:lr_lambda=0.5**(epoch//3),lr=0.01,steps=12"
WARMED = (
    "mmengine.list:lr=0.02,param_scheduler=LinearLR(start_factor=0.1,begin=0,end=10,by_epoch=false),"
    "CosineAnnealingLR(T_max=90,begin=10,end=100,by_epoch=false)"
)
TIMM = "timm.CosineLRScheduler:t_initial=20,lr_min=1e-5,warmup_t=3,warmup_lr_init=1e-4,interval=step"
DEEPSPEED = "deepspeed.WarmupDecayLR:warmup_num_steps=10,warmup_max_lr=1e-3,warmup_type=linear"
YOLO = "lambda:lr_lambda=max(1-epoch/20,0)*0.99+0.01,lr=0.01,steps=20"

MADE = [
    pytest.param("composer_metrics.csv", COSINE.format("3e-4"), 0, 100, "float64", id="composer"),
    pytest.param("deepspeed_stdout.txt", DEEPSPEED, 0, 21, "float64", id="deepspeed"),
    pytest.param("hf_console_4_49_0.txt", COSINE.format("2e-4"), 0, 20, "float64", id="console-4.49"),
    pytest.param("hf_console_5_23_0.txt", COSINE.format("2e-4"), -1, 20, "4 digits", id="console-5.23"),
    pytest.param(
        "hf_deepspeed_trainer_state.json", COSINE.format("2e-4"), 0, 100, "float64", id="hf-deepspeed"
    ),
    pytest.param("hf_trainer_state_4_49_0.json", COSINE.format("2e-4"), 0, 20, "float64", id="state-4.49"),
    pytest.param("hf_trainer_state_5_23_0.json", COSINE.format("2e-4"), -1, 20, "float64", id="state-5.23"),
    pytest.param("keras_csvlogger.csv", HALVED, 0, 12, "float32", id="keras-csv"),
    pytest.param("keras_history.json", HALVED, 0, 12, "float32", id="keras-history"),
    pytest.param("lightning_csv.csv", COSINE.format("1e-3"), 0, 20, "float64", id="lightning"),
    pytest.param(
        "lightning_csv_epoch.csv",
        "torch.StepLR:step_size=50,gamma=0.5,lr=1e-3",
        0,
        6,
        "float64",
        id="lightning-epochs",
    ),
    pytest.param(
        "lightning_csv_self_logged.csv", COSINE.format("1e-3"), 0, 20, "float32", id="lightning-own"
    ),
    pytest.param("megatron_stdout.txt", COSINE.format("3e-4"), 0, 20, "7 digits", id="megatron"),
    pytest.param("mlflow_metric_lr", LINEAR, 0, 100, "float64", id="mlflow"),
    pytest.param("mmengine_scalars.json", WARMED, -1, 20, "float64", id="mmengine"),
    pytest.param("ok_plain.csv", COSINE.format("3e-4"), 0, 100, "float64", id="table"),
    pytest.param("ok_wandb_export.csv", COSINE.format("3e-4"), -1, 20, "float64", id="wandb-chart"),
    pytest.param("tensorboard.tfevents", LINEAR, 0, 100, "float32", id="tensorboard"),
    pytest.param("timm_summary.csv", f"{TIMM},lr=0.4,steps=20", 0, 20, "float64", id="timm"),
    pytest.param("torchtune_log.txt", COSINE.format("3e-4"), 0, 20, "float64", id="torchtune"),
    pytest.param("ultralytics_results.csv", YOLO, -1, 20, "6 digits", id="ultralytics"),
    pytest.param("wandb_offline.wandb", LINEAR, 0, 100, "float64", id="wandb-run"),
]


def read(name):
    log = read_log((LOGS / name).read_bytes(), name)
    assert log is not None
    return log


@pytest.mark.parametrize(("name", "spec", "offset", "rows", "precision"), MADE)
def test_a_log_has_the_values_of_the_schedule_that_made_it(name, spec, offset, rows, precision):
    log = read(name)
    plan = None if "steps=" in spec.partition(",lr=")[2] else lrviz.Plan(steps=100)
    timeline = lrviz.evaluate(spec, plan).rows[0].timeline
    for column in log.columns:
        own = column.in_updates(log.steps_per_epoch)
        assert (own.offset, own.x.size, own.precision) == (offset, rows, precision)
        wanted = timeline(own.steps + own.offset + 0.0)
        assert (np.abs(own.values - wanted) <= own.least * 1.001 + 1e-12 * np.abs(wanted)).all()


FAULTY = [
    pytest.param("fault_off_by_one.csv", 100, id="off-by-one"),
    pytest.param("fault_resume_more_epochs.json", 200, id="resumed"),
    pytest.param("fault_stepped_4x.csv", 100, id="four-times"),
    pytest.param("fault_stepped_per_epoch.csv", 100, id="per-epoch"),
    pytest.param("fault_wrong_warmup.csv", 100, id="warmup"),
]


@pytest.mark.parametrize(("name", "rows"), FAULTY)
def test_a_log_of_a_faulty_run_is_read_as_any(name, rows):
    (column,) = read(name).columns
    assert (column.x.size, column.unit, column.precision) == (rows, "update", "float64")


WITHOUT = [
    pytest.param("hf_all_results.json", "trainer_state.json", id="results-of-transformers"),
    pytest.param("nanogpt_stdout.txt", "wandb_log", id="nanogpt"),
]


@pytest.mark.parametrize(("name", "hint"), WITHOUT)
def test_a_log_without_a_learning_rate_says_who_has_it(name, hint):
    with pytest.raises(ConfigError, match="no learning rate in it: it has") as caught:
        read(name)
    assert hint in caught.value.hint
