"""What is said of a log first, where several things would do, and of one that goes on past its plan."""

from __future__ import annotations

import json

import numpy as np
import pytest
from commands import run
from planted import held

import lrviz


def log(folder, plan, rows, updates):
    """The LR of the plan at some updates, in the rows of a log."""
    lrs = lrviz.evaluate(plan).rows[0].timeline(np.maximum(updates, 0).astype(float)).tolist()
    lines = [f"{x},{lr!r}" for x, lr in zip(rows.tolist(), lrs, strict=True)]
    (folder / "log.csv").write_text("\n".join(["step,lr", *lines, ""]))


def skipped(updates, *steps):
    """Updates as the scheduler counts them, where it stood still at some."""
    return updates - np.sum([updates >= step for step in steps], axis=0)


LINEAR = "linear:warmup=100,lr=3e-4,steps=1000"
HIDDEN = "wsd:warmup=33,num_decay_steps=20,lr=5e-5,steps=120"
STEP = "torch.StepLR:step_size=30,gamma=0.5,lr=5e-5,steps=300"
CONSTANT = "constant_with_warmup:warmup=10,lr=0.02,steps=500"
CYCLIC = "torch.CyclicLR:base_lr=3e-5,max_lr=3e-4,step_size_up=125,steps=1000"
MILESTONES = "torch.MultiStepLR:milestones=500,1125,gamma=0.5,lr=0.02,steps=1500"
SAID = [
    pytest.param(
        *(LINEAR, np.arange(1, 1001), lambda x: skipped(x - 1, 301, 302), -1),
        "late by 2 updates from step 301 on",
        id="two updates are skipped behind x-1",
    ),
    pytest.param(
        *(HIDDEN, np.arange(1, 121, 10), lambda x: skipped(x - 1, 46, 53, 58), -1),
        "late by 3 updates from step 110 on",
        id="few rows show what was skipped behind x-1",
    ),
    pytest.param(
        *(STEP, np.arange(45, 75), lambda x: x - 2, 0),
        "set back by 2 updates before its first row, as after skipped updates, or",
        id="no warmup is made up of rows late by 2",
    ),
    pytest.param(
        *(CONSTANT, np.arange(0, 500, 7), lambda x: np.where(x < 166, x, x - 166), 0),
        "restarted at step 166",
        id="two rows show a restart",
    ),
    pytest.param(
        *(CYCLIC, np.arange(0, 1000, 10), lambda x: np.where(x < 500, x, x - 30), 0),
        "from step 500 on 720 steps ahead of the plan",
        id="no number between those of another cycle would do",
    ),
    pytest.param(
        *(MILESTONES, np.arange(0, 1500, 10), lambda x: x // 37, 0),
        "stands still at 0.02",
        id="one value",
    ),
]


@pytest.mark.parametrize(("plan", "rows", "updates", "offset", "said"), SAID)
def test_what_is_said_first(plan, rows, updates, offset, said, tmp_path):
    log(tmp_path, plan, rows, updates(rows))
    code, pair = held(tmp_path, plan)
    assert (code, len(pair["causes"]), pair["log"]["offset"]) == (1, 1, offset)
    assert pair["causes"][0]["text"].startswith(said)
    texts = [one["text"] for one in (*pair["causes"], *pair["others"])]
    assert len(texts) == len(set(texts))
    assert "any number" not in texts[0]
    assert ("once per 3 or more updates" in " ".join(texts)) == (plan == MILESTONES)


def test_another_length_from_the_first_row_on_is_no_resume(tmp_path):
    plan = "cosine_with_min_lr:warmup={},min_lr_rate=0.1,lr=2e-4,steps={}"
    log(tmp_path, plan.format(10, 96), np.arange(96), np.arange(96))
    _, pair = held(tmp_path, plan.format(5, 48))
    assert {one["id"]: one["there"] for one in pair["causes"]} == {"warmup": 10, "total": 96}


PAST = [
    pytest.param(
        "constant_with_warmup:warmup=20,lr=3e-4,steps=100",
        300,
        "100, and it goes on: rows 101 to 299 stay at 3e-4",
    ),
    pytest.param(
        "cosine:warmup=10,lr=3e-4,steps=100", 150, "100, and it goes on: rows 101 to 149 are between"
    ),
    pytest.param(
        "torch.OneCycleLR:max_lr=0.01,total_steps=40,steps=40",
        80,
        "40, and it goes on: rows 41 to 79 stay at 3.148e-5",
    ),
    pytest.param("cosine:warmup=10,lr=3e-4,steps=100", 101, ""),
]


@pytest.mark.parametrize(("plan", "rows", "said"), PAST)
def test_a_log_that_goes_on_past_its_plan_differs(plan, rows, said, tmp_path):
    steps = int(plan.rpartition("=")[2])
    x = np.arange(rows)
    log(tmp_path, plan, x, np.minimum(x, steps) if "OneCycle" in plan else x)
    done = run(tmp_path, "diff", plan, "log.csv")
    assert done.returncode == bool(said)
    assert f"only the second has steps {steps} to {rows - 1}" * bool(said) in done.stdout
    noted = " ".join(done.stderr.split())
    assert (f"its plan ends at step {said}" if said else "row t has the LR of step t") in noted
    assert ("its plan ends" in noted) == bool(said)


def test_groups_that_are_swapped_are_named(tmp_path):
    plan = "cosine:warmup=20,steps=200"
    lrs = lrviz.evaluate(f"{plan},lr=1").rows[0].timeline(np.arange(200.0)).tolist()
    lines = [f"{x},{1e-4 * lr!r},{1e-3 * lr!r}" for x, lr in enumerate(lrs)]
    (tmp_path / "log.csv").write_text("\n".join(["step,lr_group0,lr_group1", *lines, ""]))
    done = run(tmp_path, "diff", plan, "log.csv", "--lr", "1e-3,1e-4")
    assert "log.csv lr_group0: every row is that of cosine lr=1e-4" in done.stderr
    assert "log.csv lr_group1: every row is that of cosine lr=1e-3" in done.stderr


def test_a_metric_is_no_json(tmp_path):
    (tmp_path / "state.json").write_text(json.dumps({"log_history": [{"eval_loss": 1.5}]}, indent=2))
    plan = "ReduceLROnPlateau:metrics=state.json:eval_loss"
    done = run(tmp_path, "show", plan, "--steps", "10", "--lr", "1")
    assert (done.returncode, "'state.json' is JSON" in done.stderr) == (2, True)
    assert "metrics=FILE.csv:eval_loss" in done.stderr
