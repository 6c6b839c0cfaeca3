"""Logs that count epochs beside plans that count steps, and how long an epoch is."""

from __future__ import annotations

import numpy as np
import pytest
from commands import run
from planted import STEPS, curve, spec

EACH = 25
"""Steps in an epoch."""


def write(folder, place, at, steps):
    """A log of the LR at some steps, each at its place."""
    lrs = curve("cosine")(np.asarray(steps, dtype=float)).tolist()
    lines = [f"{x},{lr!r}" for x, lr in zip(at, lrs, strict=True)]
    (folder / "log.csv").write_text("\n".join([f"{place},lr", *lines, ""]))


def test_epochs_that_are_taken_for_steps_are_told_their_length(tmp_path):
    epochs = np.arange(STEPS // EACH - 1)
    write(tmp_path, "epoch", epochs, epochs * EACH)
    done = run(tmp_path, "diff", spec("cosine"), "log.csv")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, f"hint: --steps-per-epoch {EACH}")
    assert done.stdout.splitlines()[-1].endswith(f"the plan steps: {EACH} steps in an epoch")
    again = run(tmp_path, "diff", spec("cosine"), "log.csv", "--steps-per-epoch", str(EACH))
    assert (again.returncode, again.stdout) == (0, "")


@pytest.mark.long
def test_epochs_that_no_length_explains_are_said_to_be_some(tmp_path):
    epochs = np.arange(STEPS // EACH)
    write(tmp_path, "epoch", epochs, (epochs + 0.5) * EACH)
    done = run(tmp_path, "diff", spec("cosine"), "log.csv")
    assert (done.returncode, "cause: none found" in done.stdout) == (1, True)
    assert done.stderr.splitlines()[-1] == f"hint: --steps-per-epoch {EACH}, or what it is"


@pytest.mark.parametrize("place", ["step", "epoch"])
def test_the_length_of_an_epoch_leaves_that_of_the_run_to_the_log(place, tmp_path):
    steps = np.arange(0, STEPS, EACH)
    write(tmp_path, place, steps if place == "step" else steps // EACH, steps)
    done = run(tmp_path, "diff", "cosine:warmup=4ep,lr=3e-4", "log.csv", "--steps-per-epoch", str(EACH))
    assert (done.returncode, done.stdout) == (0, "")
    assert f"steps {STEPS}: nobody says how long the run is" in done.stderr


RESUMED_AT, RESUMED_LAST, OF_RESUMED = 20, 80, 100
"""Updates done before a run goes on, and in all, and in an epoch."""
OLD = "cosine:warmup=5,lr=1e-3,steps=40"
GOES_ON = ("--resume-at", str(RESUMED_AT), "--resume", f"steps={RESUMED_LAST}")


def console_of_resumed(folder):
    """What the Trainer prints of a run that goes on: its speed has the new updates alone."""
    lines = run(folder, "values", OLD, *GOES_ON, "-q").stdout.splitlines()[1:]
    lrs = {int(step): float(lr) for step, _, lr, *_ in (line.split(",") for line in lines)}
    updates = range(RESUMED_AT + 1, RESUMED_LAST + 1)
    rows = [
        {"loss": "0.9", "learning_rate": f"{lrs[step - 1]:.4g}", "epoch": f"{step / OF_RESUMED:.4g}"}
        for step in updates
    ]
    end = {"train_runtime": "0.115", "train_steps_per_second": f"{len(updates) / 0.115:.4g}", "epoch": "0.8"}
    (folder / "run.out").write_text("\n".join(map(str, [*rows, end, ""])))


IN_EPOCHS = [
    pytest.param(("--steps-per-epoch", "100"), 0, "row t has the LR of step t - 1", id="its-length-is-said"),
    pytest.param((), 2, "hint: --steps-per-epoch 100, or what it is", id="its-length-is-asked-for"),
    pytest.param(("--steps-per-epoch", "60"), 2, "twice, so an epoch has more of them", id="rows-together"),
]


@pytest.mark.parametrize(("options", "code", "said"), IN_EPOCHS)
def test_the_console_of_a_resumed_run_is_not_placed_by_its_speed(options, code, said, tmp_path):
    console_of_resumed(tmp_path)
    done = run(tmp_path, "diff", OLD, "run.out", *GOES_ON, *options)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "RuntimeWarning" not in done.stderr


def test_the_console_of_a_resumed_run_is_placed_by_the_epochs_of_its_plan(tmp_path):
    console_of_resumed(tmp_path)
    plan = "cosine:warmup=5,lr=1e-3,epochs=0.4,steps_per_epoch=100"
    done = run(tmp_path, "diff", plan, "run.out", "--resume-at", "20", "--resume", "epochs=0.8")
    assert (done.returncode, done.stdout) == (0, "")


YOLO = ("--batches-per-epoch", "100", "--", "yolo", "detect", "train", "data=x.yaml", "epochs=30", "lr0=0.01")


@pytest.mark.parametrize("batch", [8, 16, 64])
@pytest.mark.parametrize(("lrf", "cause"), [(0.01, ""), (0.1, "another lrf: 0.1, not 0.01")])
def test_epochs_are_batches_where_updates_take_more_and_more_of_them(batch, lrf, cause, tmp_path):
    rows = []
    for epoch in range(30):
        peak = 0.01 * ((1 - epoch / 30) * (1 - lrf) + lrf)
        rows.append(f"{epoch + 1},1.2,{peak * min((epoch * 100 + 99) / 300, 1):.6g}")
    (tmp_path / "results.csv").write_text("\n".join(["epoch,train/box_loss,lr/pg1", *rows, ""]))
    done = run(tmp_path, "diff", "results.csv", *YOLO, f"batch={batch}", "optimizer=SGD")
    assert done.returncode == (1 if cause else 0)
    assert cause in done.stdout
    assert "hint: --steps-per-epoch" not in done.stderr
