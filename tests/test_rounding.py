"""A duration that comes out between two steps is rounded, and that is said wherever one is typed."""

from __future__ import annotations

import shlex

import pytest
from commands import run

SHARE = "33.3% of 100 is 33: int(100 * 0.333), the exact product is 33.3"
EPOCHS = "1.03ep of 50 is 51: floor(50 * 1.03), the exact product is 51.5"
LINES = {
    "values --at": ("values cosine --at {}", "--at"),
    "values --from": ("values cosine --from {}", "--from"),
    "values --to": ("values cosine --to {}", "--to"),
    "values --every": ("values cosine --every {}", "--every"),
    "--warmup": ("show cosine --warmup {}", "cosine: warmup"),
    "a spec's warmup": ("show cosine:warmup={}", "cosine: warmup"),
    "a parameter": ("show StepLR:step_size={}", "StepLR: step_size"),
    "a list": ("show MultiStepLR:milestones=9,{}", "MultiStepLR: milestones"),
    "a phase's end": ("show 'phases:phase=linear(until={}),cosine()'", "phases: phase 1: until"),
    "a phase's length": ("show 'phases:phase=linear(for={}),cosine()'", "phases: phase 1: for"),
}


@pytest.mark.parametrize("place", LINES)
@pytest.mark.parametrize(
    ("typed", "note"),
    [("33.3%", SHARE), ("1.03ep", EPOCHS), ("0.333", SHARE.replace("33.3%", "0.333", 1))],
    ids=["a percent", "epochs", "a fraction"],
)
def test_what_is_rounded_is_said(place, typed, note, tmp_path):
    line, subject = LINES[place]
    if typed == "0.333" and place in ("a parameter", "a list"):
        pytest.skip("there it is part of a tick")
    done = run(tmp_path, *shlex.split(line.format(typed)), *["--steps", "100", "--steps-per-epoch", "50"])
    assert done.returncode == 0
    assert f"note: {subject}: {note}" in done.stderr.splitlines()


@pytest.mark.parametrize("place", LINES)
@pytest.mark.parametrize("typed", ["33%", "0.5ep", "17"])
def test_what_is_exact_is_not(place, typed, tmp_path):
    words = shlex.split(LINES[place][0].format(typed))
    done = run(tmp_path, *words, *["--steps", "100", "--steps-per-epoch", "50"])
    assert (done.returncode, "exact product" in done.stderr) == (0, False)
