"""``plot --check``: whether the pictures that stand there are today's."""

from __future__ import annotations

import shlex

import pytest
from commands import run

from lrviz.draw.formats import FORMATS

COSINE = ("plot", "cosine:warmup=10,lr=1", "--steps", "100")


def drawn(folder, *words):
    done = run(folder, *words)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.long
@pytest.mark.parametrize("fmt", FORMATS)
def test_a_picture_is_its_own(tmp_path, fmt):
    drawn(tmp_path, *COSINE, "-o", f"lr.{fmt}")
    before = (tmp_path / f"lr.{fmt}").read_bytes()
    done = drawn(tmp_path, *COSINE, "-o", f"lr.{fmt}", "--check")
    assert done.stdout.split() == ["ok", f"lr.{fmt}"]
    assert (tmp_path / f"lr.{fmt}").read_bytes() == before


@pytest.mark.long
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("plot", "cosine:warmup=11,lr=1", "--steps", "100"), id="another curve"),
        pytest.param(("plot", "cosine:warmup=10,lr=1.0001", "--steps", "100"), id="another scale"),
        pytest.param((*COSINE, "--title", "Mine"), id="another title"),
        pytest.param((*COSINE, "--log"), id="another axis"),
        pytest.param((*COSINE, "--linear"), id="panels that are asked for"),
        pytest.param((*COSINE, "--theme", "dark"), id="other colours"),
        pytest.param((*COSINE, "--no-marks"), id="no marks"),
        pytest.param(("plot", "cosine:warmup=10,lr=1,label=mine", "--steps", "100"), id="another label"),
        pytest.param((*COSINE, "--steps-per-epoch", "10"), id="another run"),
    ],
)
def test_a_picture_of_anything_else_is_stale(tmp_path, words):
    drawn(tmp_path, *COSINE, "-o", "lr.svg")
    done = run(tmp_path, *words, "-o", "lr.svg", "--check", "-q")
    assert (done.returncode, done.stdout.split()) == (1, ["stale", "lr.svg"])


@pytest.mark.long
@pytest.mark.parametrize("x", ["step", "epoch", "percent", "samples"])
def test_a_jump_at_another_step_is_another_picture_on_every_axis(tmp_path, x):
    words = ("--steps", "1e6", "--steps-per-epoch", "1e6", "--batch-size", "8", "--x", x, "-o", "lr.svg")
    drawn(tmp_path, "plot", "torch.MultiStepLR:milestones=100001,lr=1", *words)
    done = run(tmp_path, "plot", "torch.MultiStepLR:milestones=100700,lr=1", *words, "--check", "-q")
    assert (done.returncode, done.stdout.split()) == (1, ["stale", "lr.svg"])


def test_a_page_is_stale_where_a_step_out_of_view_is_another(tmp_path):
    words = ("--steps", "1000", "--from", "50%", "-o", "lr.html")
    drawn(tmp_path, "plot", "torch.MultiStepLR:milestones=[100,900],lr=1", *words)
    drawn(tmp_path, "plot", "torch.MultiStepLR:milestones=[100,900],lr=1", *words, "--check")
    done = run(tmp_path, "plot", "torch.MultiStepLR:milestones=[200,900],lr=1", *words, "--check", "-q")
    assert (done.returncode, done.stdout.split()) == (1, ["stale", "lr.html"])


def test_the_hint_is_the_command_that_draws_what_is_not_there(tmp_path):
    words = ["plot", "cosine:lr={1,2},warmup=0", "--steps", "100", "-o", "a b/", "--format", "svg"]
    done = run(tmp_path, *words, "--check")
    assert done.returncode == 1
    assert done.stdout.split() == ["missing", "a", "b/cosine_lr=1.svg", "missing", "a", "b/cosine_lr=2.svg"]
    assert not any(tmp_path.iterdir())
    (hint,) = [line for line in done.stderr.splitlines() if line.startswith("hint: ")]
    assert shlex.split(hint) == ["hint:", "lrviz", *words]
    drawn(tmp_path, *shlex.split(hint)[2:])
    drawn(tmp_path, *words, "--check")


def test_a_file_that_is_no_picture_of_ours_is_stale(tmp_path):
    (tmp_path / "lr.png").write_bytes(b"")
    done = run(tmp_path, *COSINE, "-o", "lr.png", "--check")
    assert (done.returncode, done.stdout.split()) == (1, ["stale", "lr.png"])


def test_a_picture_under_the_ending_of_another_format_is_stale(tmp_path):
    drawn(tmp_path, *COSINE, "-o", "lr.png")
    (tmp_path / "lr.png").rename(tmp_path / "lr.svg")
    done = run(tmp_path, *COSINE, "-o", "lr.svg", "--check")
    assert (done.returncode, done.stdout.split()) == (1, ["stale", "lr.svg"])


@pytest.mark.parametrize(("jobs", "is_idle"), [("2", True), ("1", False)])
def test_processes_that_would_draw_are_idle(tmp_path, jobs, is_idle):
    drawn(tmp_path, *COSINE, "-o", "lr.png")
    done = drawn(tmp_path, *COSINE, "-o", "lr.png", "--check", "--jobs", jobs)
    assert ("--jobs changes nothing" in done.stderr) is is_idle


def test_stdout_holds_nothing_to_look_at(tmp_path):
    done = run(tmp_path, *COSINE, "-o", "-", "--format", "png", "--check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: stdout holds no picture to check\nhint: --check with -o FILE" in done.stderr
