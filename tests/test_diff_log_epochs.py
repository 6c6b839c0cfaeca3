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
