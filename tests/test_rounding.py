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


ROUNDED = {
    "a percent": ("33.3%", SHARE, LINES),
    "epochs": ("1.03ep", EPOCHS, LINES),
    "a fraction": ("0.333", SHARE.replace("33.3%", "0.333", 1), LINES.keys() - {"a parameter", "a list"}),
}
"""Where a parameter counts ticks, a fraction is a part of a tick."""


@pytest.mark.parametrize(
    ("place", "typed", "note"),
    [
        pytest.param(place, typed, note, id=f"{name}-{place}")
        for name, (typed, note, places) in ROUNDED.items()
        for place in LINES
        if place in places
    ],
)
def test_what_is_rounded_is_said(place, typed, note, tmp_path):
    line, subject = LINES[place]
    done = run(tmp_path, *shlex.split(line.format(typed)), *["--steps", "100", "--steps-per-epoch", "50"])
    assert done.returncode == 0
    assert f"note: {subject}: {note}" in done.stderr.splitlines()


@pytest.mark.parametrize("place", LINES)
@pytest.mark.parametrize("typed", ["33%", "0.5ep", "17"])
def test_what_is_exact_is_not(place, typed, tmp_path):
    words = shlex.split(LINES[place][0].format(typed))
    done = run(tmp_path, *words, *["--steps", "100", "--steps-per-epoch", "50"])
    assert (done.returncode, "exact product" in done.stderr) == (0, False)


OF_VIEW = [
    pytest.param(["--to", "10%"], "to: 10% of 333 is 33: int(333 * 0.1), the exact product is 33.3", id="to"),
    pytest.param(["--from", "7%"], "from: 7% of 333 is 23: int(333 * 0.07)", id="from"),
    pytest.param(["--mark", "50%"], "mark: 50% of 333 is 166: int(333 * 0.5)", id="mark"),
]


@pytest.mark.long
@pytest.mark.parametrize(("options", "said"), OF_VIEW)
@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param(["-o", "x.png"], id="a picture"),
        pytest.param(["-o", "x.png", "-o", "y.svg"], id="two pictures"),
        pytest.param(["-o", "out/", "--format", "svg"], id="one each"),
        pytest.param(["-o", "x.png", "-o", "out/", "--jobs", "2"], id="one each and all, by processes"),
        pytest.param(["-o", "x.png", "-o", "x.html"], id="a page beside it"),
        pytest.param(["-o", "x.png", "--check"], id="checked"),
    ],
)
def test_what_is_rounded_of_a_view_is_said_once_whatever_is_drawn(outputs, options, said, tmp_path):
    for name in ("a", "b"):
        text = 'name = "cosine"\nsteps = 333\nlr = 1e-3\nwarmup = 3\n'
        (tmp_path / f"{name}.toml").write_text(text)
    done = run(tmp_path, "plot", "a.toml", "b.toml", *outputs, *options, "--size", "16x10in")
    assert [line.startswith(f"note: {said}") for line in done.stderr.splitlines() if "% of" in line] == [True]
