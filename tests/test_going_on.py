"""Phases that go on from the LR they find, come several times, or have a share of the rest; late groups."""

from __future__ import annotations

import numpy as np
import pytest
from commands import run

import lrviz
from lrviz.resolve.phase_keys import PHASE_KEYS

T = np.arange(100.0)


def phases(text, **more):
    """The LR of a run of 100 steps in phases."""
    beside = "".join(f",{key}={value}" for key, value in more.items())
    return lrviz.evaluate(f"phases:phase={text}{beside}", lrviz.Plan(steps=100)).lr


def half_cosine(u):
    return 0.5 * (1 + np.cos(np.pi * u))


def line(t, start, stop, first, last):
    """A straight line, held outside."""
    return np.interp(t, [start, stop], [first, last])


GOING_ON = [
    pytest.param(
        "linear(for=60,num_training_steps=100,warmup=0),cosine(start=last,warmup=0)",
        np.where(T < 60, line(T, 0, 100, 1, 0), 0.4 * half_cosine((T - 60) / 40)),
        id="from the LR that it finds",
    ),
    pytest.param(
        "constant(for=60),linear(start_lr=0.25,warmup=0)",
        np.where(T < 60, 1.0, line(T, 60, 100, 0.25, 0)),
        id="from an LR that is given",
    ),
    pytest.param(
        "constant(for=20,lr=0.1),torch.LambdaLR(lr_lambda=1.0,start=last,lr=0.5,warmup=10)",
        np.where(T < 20, 0.1, line(T, 20, 30, 0.1, 0.5)),
        id="warmup from there to an LR of its own",
    ),
    pytest.param(
        "linear(for=40,warmup=0,num_training_steps=80),constant(for=20,start=last),linear(start=last,warmup=0)",
        np.select([T < 40, T < 60], [line(T, 0, 80, 1, 0), 0.5], line(T, 60, 100, 0.5, 0)),
        id="twice in a row",
    ),
    pytest.param(
        "torch.StepLR(step_size=2,gamma=0.5,for=4,interval=5),linear(start=last,warmup=0)",
        np.where(T < 4, 1.0, line(T, 4, 100, 1, 0)),
        id="a phase on another clock",
    ),
]


@pytest.mark.parametrize(("text", "expected"), GOING_ON)
def test_a_phase_goes_on(text, expected):
    np.testing.assert_allclose(phases(text, lr=1), expected, rtol=0, atol=1e-12)


REPEATED = [
    pytest.param("cosine(for=25,times=4,warmup=0)", [25, 25, 25, 25], [1, 1, 1, 1], id="as they are"),
    pytest.param(
        "cosine(for=10,times=3,length_factor=2,warmup=0),constant(lr=0)",
        [10, 20, 40, 30],
        [1, 1, 1, 0],
        id="each twice as long",
    ),
    pytest.param(
        "cosine(for=20,times=5,lr_factor=0.5,warmup=0)",
        [20] * 5,
        [1, 0.5, 0.25, 0.125, 0.0625],
        id="each half as high",
    ),
    pytest.param(
        "cosine(for=10%,times=2,length_factor=1.5,lr_factor=2,lr=0.25,warmup=0),constant(lr=0)",
        [10, 15, 75],
        [0.25, 0.5, 0],
        id="a share, longer and higher",
    ),
]


@pytest.mark.parametrize(("text", "lengths", "peaks"), REPEATED)
def test_a_phase_comes_several_times(text, lengths, peaks):
    expected = np.concatenate(
        [peak * half_cosine(np.arange(n) / n) for n, peak in zip(lengths, peaks, strict=True)]
    )
    np.testing.assert_allclose(phases(text, lr=1), expected, rtol=0, atol=1e-12)


def test_a_length_that_is_no_whole_number_is_rounded_and_said(tmp_path):
    done = run(
        tmp_path, "show", "phases:phase=cosine(for=5,times=3,length_factor=1.5,warmup=0),linear(warmup=0)",
        "--steps", "100", "--lr", "1"
    )  # fmt: skip
    assert "5 steps times 1.5 is 7, the exact product is 7.5" in done.stderr


REST = [
    pytest.param(
        "constant(for=20),linear(for=50% of rest,warmup=0),constant(lr=0)", [20, 60], id="half of it"
    ),
    pytest.param(
        "constant(for=20%),linear(for=25% of the rest,warmup=0),constant(lr=0)", [20, 40], id="quarter"
    ),
    pytest.param("constant(for=90% of rest),linear(for=100% of rest,warmup=0)", [90, 100], id="all of it"),
]


@pytest.mark.parametrize(("text", "ends"), REST)
def test_a_share_of_the_rest(text, ends):
    np.testing.assert_allclose(phases(text, lr=1), line(T, *ends, 1, 0), rtol=0, atol=1e-12)


def test_a_config_says_the_same(tmp_path):
    (tmp_path / "run.toml").write_text(
        'steps = 100\nlr = 1\n[[phase]]\nname = "cosine"\nwarmup = 0\nfor = 10\ntimes = 2\n'
        "length_factor = 2\n"
        'lr_factor = 0.5\n[[phase]]\nname = "constant"\nlr = 0.2\nfor = "50% of rest"\n'
        '[[phase]]\nname = "linear"\nwarmup = 0\nstart = "last"\n'
    )
    (curve,) = lrviz.load(tmp_path / "run.toml").curves()
    text = "cosine(warmup=0,for=10,times=2,length_factor=2,lr_factor=0.5),constant(lr=0.2,for=50% of rest)"
    assert curve.lr.tolist() == phases(f"{text},linear(warmup=0,start=last)", lr=1).tolist()
    assert curve.lr[[10, 65]].tolist() == [0.5, 0.2]


def test_the_length_of_a_run_costs_nothing():
    text = "phases:phase=cosine(for=10%,times=5,warmup=0),linear(start_lr=0.5,warmup=0),lr=1,steps=1e12"
    curve = lrviz.evaluate(text)
    assert curve.rows[0].timeline(np.array([5e11])).tolist() == [0.5]


REFUSED = [
    pytest.param("constant(start=last,for=20),linear(warmup=0)", "finds no LR to go on from", id="first"),
    pytest.param(
        "constant(for=20),cosine(start=last,warmup=10)", "cannot go on from 1", id="a warmup from 0"
    ),
    pytest.param("constant(for=20),cosine(start=now,warmup=0)", "start must be last", id="no such start"),
    pytest.param("constant(for=20),cosine(start=last,start_lr=1)", "are both given", id="two starts"),
    pytest.param("constant(for=20),cosine(start_lr=-1)", "from 0 on", id="negative"),
    pytest.param("constant(times=3),cosine(warmup=0)", "needs its length", id="times without a length"),
    pytest.param("constant(until=20,times=3),cosine(warmup=0)", "needs its length", id="times until"),
    pytest.param("constant(for=20,times=0),cosine(warmup=0)", "above 0", id="never"),
    pytest.param("constant(for=20,lr_factor=2),cosine(warmup=0)", "is not repeated", id="a factor alone"),
    pytest.param("constant(for=20,times=2,lr_factor=0),cosine(warmup=0)", "above 0", id="a factor of 0"),
    pytest.param("constant(for=50,times=3),cosine(warmup=0)", "hint: --steps 200", id="longer than the run"),
    pytest.param(
        "constant(for=20%,times=6),cosine(warmup=0)", "hint: shorten what stands", id="more than all shares"
    ),
    pytest.param(
        "constant(for=100% of rest),cosine(warmup=0)",
        "hint: shorten what stands",
        id="nothing after the rest",
    ),
    pytest.param(
        "constant(for=150% of rest),cosine(warmup=0)", "a share of the rest", id="more than the rest"
    ),
    pytest.param("constant(for=20 of rest),cosine(warmup=0)", "a share of the rest", id="steps of the rest"),
    pytest.param("constant(until=50% of rest),cosine(warmup=0)", "not a duration", id="until a share of it"),
    pytest.param(
        "torch.OneCycleLR(max_lr=1,total_steps=20,for=20,times=2,lr_factor=0.5),cosine(warmup=0)",
        "both say the same",
        id="a peak that is given outright",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_refused(text, message, tmp_path):
    done = run(tmp_path, "show", f"phases:phase={text}", "--steps", "100", "--lr", "1")
    assert done.returncode == 2, done.stdout
    assert message in done.stderr
    assert "hint: " in done.stderr


@pytest.mark.parametrize("key", PHASE_KEYS)
def test_a_key_of_a_phase_says_so_elsewhere(key, tmp_path):
    done = run(tmp_path, "show", f"linear:warmup=0,{key}=1", "--steps", "100", "--lr", "1")
    assert (
        f"hint: a phase has {key}: phases:phase=constant(for=10%),transformers.linear({key}=" in done.stderr
    )


LATE = [
    pytest.param("linear:warmup=0,groups=[body(scale=0.5),head(start=40)]", 1.0, id="at its LR"),
    pytest.param(
        "linear:warmup=0,groups=[body(scale=0.5),head(scale=2,start=40%)]", 2.0, id="scaled, at a share"
    ),
    pytest.param("linear:warmup=0,groups=[body(scale=0.5),head(lr=3,start=40)]", 3.0, id="an LR of its own"),
    pytest.param(
        "phases:phase=[linear(for=50,warmup=0,num_training_steps=100),"
        "torch.LambdaLR(lr_lambda=0.5-epoch/100)],groups=[body(scale=0.5),head(start=40)]",
        1.0,
        id="in phases",
    ),
]


@pytest.mark.parametrize(("text", "peak"), LATE)
def test_a_group_that_starts_later_has_no_lr_before(text, peak):
    curve = lrviz.evaluate(f"{text},lr=1,steps=100")
    body, head = curve.lr
    np.testing.assert_allclose(body, 0.5 * (1 - T / 100), rtol=0, atol=1e-12)
    np.testing.assert_allclose(head, np.where(T < 40, 0, peak * (1 - T / 100)), rtol=0, atol=1e-12)
    assert not [one.text for one in curve.findings if one.level != "note"]


@pytest.mark.parametrize(
    ("start", "message"),
    [
        pytest.param("100", "starts at step 100, and the run has 100", id="behind the run"),
        pytest.param("soon", "not a duration", id="no duration"),
        pytest.param("true", "must be a duration", id="no text"),
    ],
)
def test_a_start_is_refused(start, message):
    with pytest.raises(lrviz.LrvizError, match=message):
        lrviz.evaluate(f"cosine:warmup=0,groups=[body(scale=0.5),head(start={start})],lr=1,steps=100")


def test_plan_has_no_one_warmup_of_groups_that_differ(tmp_path):
    words = ["transformers.cosine:num_warmup_steps=10,lr=1,steps=100,groups=[a(scale=1),b(start=20)]"]
    done = run(tmp_path, "plan", *words, "--get", "warmup")
    assert (done.returncode, done.stdout) == (2, "")
    assert "its param groups have warmups of 10 and 0 steps" in done.stderr
