"""The schedules of papers against each paper's equation, written here once more for one step at a time."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from every_tick import assert_columns
from hypothesis import given, note
from hypothesis import strategies as st
from resolving import said

import lrviz
from lrviz import ScheduleError
from lrviz.catalogue.registry import catalogue
from lrviz.errors import SpecError
from lrviz.notation.spec import parse
from lrviz.resolve.defaults import assumed
from lrviz.resolve.resolve import resolve

TOLERANCE = 1e-12  # of the curve's maximum
STEPS = np.arange(320)
ENTRIES = [entry for name, entry in catalogue().items() if name.startswith("paper.")]


def cosine(u):
    return (1 + math.cos(math.pi * u)) / 2


def noam(t, model_size, warmup_steps, factor):
    n = t + 1
    return factor * model_size ** (-1 / 2) * min(n ** (-1 / 2), n * warmup_steps ** (-3 / 2))


def t5(t, warmup_steps, factor):
    return factor / math.sqrt(max(t, warmup_steps))


def passed(t, milestones):
    return sum(1 for milestone in milestones if t >= milestone)


def constant_warmup(t, eta, warmup, factor, milestones, gamma):
    return eta * factor if t < warmup else eta * gamma ** passed(t, milestones)


def gradual_warmup(t, eta, k, warmup, milestones, gamma):
    small = eta / k
    return small + t * (eta - small) / warmup if t < warmup else eta * gamma ** passed(t, milestones)


def warmup_cosine(t, eta, total, warmup):
    batch = t + 1
    if t < warmup:
        return batch * eta / warmup
    return eta * cosine((t - warmup) / (total - warmup)) if t < total else 0


def sgdr(t, eta_max, eta_min, **cycle):
    length, since = cycle["T_0"], t
    while since >= length:
        since, length = since - length, length * cycle["T_mult"]
    return eta_min + (eta_max - eta_min) * cosine(since / length)


def clr(t, base_lr, max_lr, stepsize, policy, gamma):
    cycle = math.floor(1 + t / (2 * stepsize))
    x = abs(t / stepsize - 2 * cycle + 1)
    height = max(0, 1 - x) / (2 ** (cycle - 1) if policy == "triangular2" else 1)
    lr = base_lr + (max_lr - base_lr) * height
    return lr * gamma**t if policy == "exp_range" else lr


def one_cycle(t, max_lr, total, cycle, div, final_div):
    leg, low = cycle * total / 2, max_lr / div
    if t <= leg:
        return low + (max_lr - low) * t / leg
    if t <= 2 * leg:
        return max_lr - (max_lr - low) * (t - leg) / leg
    lowest = low / final_div
    return low + (lowest - low) * (t - 2 * leg) / (total - 2 * leg) if t < total else lowest


def slanted_triangular(t, eta, total, cut_frac, ratio):
    cut = math.floor(total * cut_frac)
    p = t / cut if t < cut else 1 - (t - cut) / (cut * (1 / cut_frac - 1))
    return eta * (1 + p * (ratio - 1)) / ratio


def rex(t, eta, total):
    z = t / total
    return eta * (1 - z) / (1 / 2 + 1 / 2 * (1 - z)) if t < total else 0


def poly(t, eta, total, power):
    return eta * (1 - min(t, total) / total) ** power


def inverse_time(t, eta, decay):
    return eta / (1 + eta * decay * t)


def wsd(t, eta, total, decay, warmup, shape, half_life=None):
    if t < warmup:
        return eta * t / warmup
    into = t - (total - decay)
    if into < 0 or decay == 0:
        return eta
    if shape == "exponential":
        return eta * math.exp(-math.log(2) * into / half_life)
    share = min(1, into / decay)
    return eta * (1 - share if shape == "linear" else 1 - math.sqrt(share))


def multi_step(t, eta, total, warmup, fractions, factors):
    if t < warmup:
        return eta * t / warmup
    last = [factor for fraction, factor in zip(fractions, factors, strict=True) if t >= fraction * total]
    return eta * (last[-1] if last else 1)


def power(t, eta_max, beta, batch_tokens, warmup, total, decay, end, a, b):
    def law(t):
        return min(eta_max, beta * a * (t * batch_tokens) ** b) if t else eta_max

    if t < warmup:
        return law(warmup) * t / warmup
    if decay == 0 or t < total - decay:
        return law(t)
    return law(total - decay) * end ** min(1, (t - total + decay) / decay)


def infinite(t, eta_max, eta_const, eta_min, total, cooldown, annealing, warmup, shape, alpha):
    cooled, steady = warmup + cooldown, total - annealing
    if t < warmup:
        return eta_max * t / warmup
    if t < cooled:
        x = (t - warmup) / cooldown
        if shape == "cosine":
            return eta_const + (eta_max - eta_const) / 2 * (math.cos(math.pi * x) + 1)
        h, h1 = ((1 + alpha * at) ** -0.5 - 1 for at in (x, 1))
        return eta_max + (eta_const - eta_max) / h1 * h
    if t < steady or annealing == 0:
        return eta_const
    return eta_const * math.exp(math.log(eta_min / eta_const) * min(1, (t - steady) / annealing))


LRS = st.floats(1e-6, 10)
SPANS = st.integers(0, 60)
SOME = st.integers(1, 60)
SHARES = st.floats(0.01, 0.99)
TOTALS = st.integers(120, 300)
LONG = st.integers(180, 300)
MILESTONES = st.lists(st.integers(0, 200), max_size=4)
EQUATIONS = {
    noam: {"model_size": st.integers(1, 4096), "warmup_steps": SOME, "factor": LRS},
    t5: {"warmup_steps": SOME, "factor": LRS},
    constant_warmup: {
        "eta": LRS,
        "warmup": SPANS,
        "factor": SHARES,
        "milestones": MILESTONES,
        "gamma": SHARES,
    },
    gradual_warmup: {
        "eta": LRS,
        "k": st.integers(1, 256),
        "warmup": SPANS,
        "milestones": MILESTONES,
        "gamma": SHARES,
    },
    warmup_cosine: {"eta": LRS, "total": TOTALS, "warmup": SPANS},
    sgdr: {"eta_max": LRS, "T_0": SOME, "T_mult": st.integers(1, 3), "eta_min": LRS},
    clr: {
        "base_lr": LRS,
        "max_lr": LRS,
        "stepsize": SOME,
        "policy": st.sampled_from(["triangular", "triangular2", "exp_range"]),
        "gamma": st.floats(0.9, 1.01),
    },
    one_cycle: {
        "max_lr": LRS,
        "total": TOTALS,
        "cycle": SHARES,
        "div": st.floats(1, 100),
        "final_div": st.floats(1, 1e5),
    },
    slanted_triangular: {
        "eta": LRS,
        "total": TOTALS,
        "cut_frac": st.sampled_from([0.02, 0.1, 0.3, 0.5, 0.9]),
        "ratio": st.floats(1, 100),
    },
    rex: {"eta": LRS, "total": TOTALS},
    poly: {"eta": LRS, "total": TOTALS, "power": st.floats(0, 4)},
    inverse_time: {"eta": LRS, "decay": LRS},
    multi_step: {
        "eta": LRS,
        "total": TOTALS,
        "warmup": SPANS,
        "fractions": st.just([0.25, 0.5, 0.75]),
        "factors": st.lists(SHARES, min_size=3, max_size=3),
    },
    power: {
        "eta_max": LRS,
        "beta": st.floats(1, 2048),
        "batch_tokens": st.floats(1e3, 1e7),
        "warmup": SPANS,
        "total": LONG,
        "decay": SPANS,
        "end": SHARES,
        "a": st.floats(0.1, 10),
        "b": st.floats(-1, -0.1),
    },
    infinite: {
        "eta_max": LRS,
        "eta_const": LRS,
        "eta_min": LRS,
        "total": LONG,
        "cooldown": SPANS,
        "annealing": SPANS,
        "warmup": SPANS,
        "shape": st.sampled_from(["cosine", "inverse_sqrt"]),
        "alpha": st.floats(0.1, 100),
    },
}
WSD = {"eta": LRS, "total": TOTALS, "decay": SPANS, "warmup": SPANS}
CASES = [pytest.param(equation, params, id=equation.__name__) for equation, params in EQUATIONS.items()] + [
    pytest.param(wsd, {**WSD, "shape": st.sampled_from(["1-sqrt", "linear"])}, id="wsd"),
    pytest.param(wsd, {**WSD, "shape": st.just("exponential"), "half_life": SOME}, id="wsd-exponential"),
]


@pytest.mark.long
@pytest.mark.parametrize(("equation", "params"), CASES)
@given(data=st.data())
def test_it_is_the_papers_equation_and_turns_where_it_says(equation, params, data):
    given_ = data.draw(st.fixed_dictionaries(params))
    note(given_)
    made = lrviz.schedule(f"paper.{equation.__name__}", given_)
    got, want = made(STEPS), np.array([equation(int(t), **given_) for t in STEPS])
    assert np.abs(got - want).max() <= TOLERANCE * np.abs(want).max()
    assert_columns(made.groups[0]["lr"], STEPS.size, 7)


def test_every_schedule_has_its_equation_here():
    assert {entry.name for entry in ENTRIES} == {equation.__name__ for equation in [*EQUATIONS, wsd]}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_its_source_is_a_paper_of_some_year(entry):
    text = " ".join(entry.function.__doc__.split())
    assert re.search(r'Source: [A-ZÄ][\w, -]+ (et al\. )?(19|20)\d\d, "[^"]+"', text)


# --- numbers that the papers themselves state ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "params", "step", "lr"),
    [
        pytest.param("noam", {}, 3999, 512**-0.5 * 4000**-0.5, id="the base Transformer's peak"),
        pytest.param("t5", {}, 9999, 0.01, id="0.01 for the first 10,000 steps of T5"),
        pytest.param("constant_warmup", {"eta": 0.1}, 399, 0.01, id="ResNet-110 warms up with 0.01"),
        pytest.param("constant_warmup", {"eta": 0.1}, 400, 0.1, id="then goes back to 0.1"),
        pytest.param("constant_warmup", {"eta": 0.1}, 48_000, 0.001, id="and is divided at 32k and 48k"),
        pytest.param(
            "gradual_warmup",
            {"eta": 3.2, "k": 32, "warmup": 5, "milestones": (30, 60, 80)},
            0,
            0.1,
            id="ImageNet in an hour starts with 0.1",
        ),
        pytest.param("slanted_triangular", {"eta": 0.01, "total": 1000}, 0, 0.01 / 32, id="ratio 32"),
        pytest.param("multi_step", {"eta": 1.0, "total": 10_000}, 8000, 0.316, id="31.6 % after 80 %"),
        pytest.param("multi_step", {"eta": 1.0, "total": 10_000}, 9000, 0.1, id="10 % after 90 %"),
    ],
)
def test_a_number_of_the_paper(name, params, step, lr):
    assert float(lrviz.schedule(f"paper.{name}", params)(step)) == pytest.approx(lr, rel=1e-15)


# --- edges -----------------------------------------------------------------------------------------------


def test_one_cycle_moves_the_momentum_against_the_lr():
    made = lrviz.schedule("paper.one_cycle", {"max_lr": 1.0, "total": 100})
    np.testing.assert_allclose(made([0, 45, 90, 95, 100], "momentum"), [0.95, 0.85, 0.95, 0.95, 0.95])


def test_the_slanted_triangle_goes_below_zero_where_the_cut_is_rounded():
    made = lrviz.schedule("paper.slanted_triangular", {"eta": 1.0, "total": 109, "cut_frac": 0.1})
    assert float(made(100)) == pytest.approx(1 / 32)
    assert float(made(108)) < 0


@pytest.mark.parametrize("mode", ["cycle", "iterations"])
def test_the_scale_of_the_triangles_is_an_expression(mode):
    params = {"base_lr": 0.1, "max_lr": 1.1, "stepsize": 10, "scale_fn": "0.9**x", "scale_mode": mode}
    got = lrviz.schedule("paper.clr", params)(np.arange(80))
    plain = lrviz.schedule("paper.clr", {"base_lr": 0, "max_lr": 1, "stepsize": 10})(np.arange(80))
    number = np.arange(80) if mode == "iterations" else 1 + np.arange(80) // 20
    np.testing.assert_allclose(got, 0.1 + plain * 0.9**number, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        pytest.param("noam", {"model_size": 0}, "model_size must be greater than 0, got 0", id="no model"),
        pytest.param("noam", {"warmup_steps": -1}, "warmup_steps must not be negative, got -1", id="before"),
        pytest.param("t5", {"warmup_steps": 0}, "warmup_steps must be greater than 0, got 0", id="0 / 0"),
        pytest.param("sgdr", {"eta_max": 1.0, "T_0": 0}, "T_0 must be greater than 0, got 0", id="no cycle"),
        pytest.param(
            "sgdr",
            {"eta_max": 1.0, "T_0": 9, "T_mult": 0.5},
            "T_mult must be 1 or more, got 0.5",
            id="shrink",
        ),
        pytest.param(
            "one_cycle",
            {"max_lr": 1.0, "total": 9, "cycle": 2.0},
            "cycle must be at most 1, got 2.0",
            id="two",
        ),
        pytest.param(
            "slanted_triangular",
            {"eta": 1.0, "total": 9},
            "the rise has no length (cut_frac=0.1 of 9 steps)",
            id="no rise",
        ),
        pytest.param(
            "wsd",
            {"eta": 1.0, "total": 100, "decay": 60, "warmup": 50},
            "a run of 100 steps has no room for warmup 50 + decay 60",
            id="too long",
        ),
        pytest.param(
            "wsd",
            {"eta": 1.0, "total": 100, "decay": 60, "half_life": 10},
            "shape exponential and half_life go together",
            id="half a shape",
        ),
        pytest.param(
            "power",
            {"eta_max": 1.0, "beta": 1, "batch_tokens": 1, "decay": 10},
            "a decay needs to know the total",
            id="no end",
        ),
        pytest.param(
            "multi_step",
            {"eta": 1.0, "total": 100, "fractions": [0.5]},
            "fractions (0.5,) must ascend and be as many as factors (0.316, 0.1)",
            id="one short",
        ),
    ],
)
def test_what_is_refused(name, params, message):
    with pytest.raises(ScheduleError) as refusal:
        lrviz.schedule(f"paper.{name}", params)
    assert refusal.value.message == f"{name}: {message}"
    assert refusal.value.hint


# --- in a run --------------------------------------------------------------------------------------------


def test_the_run_fills_warmup_total_and_peak():
    run = {"steps": 1000, "lr": 0.5, "warmup": 100}
    found = resolve(parse("paper.wsd:decay=20%"), run)
    np.testing.assert_allclose(found.schedule([50, 100, 799, 1000]), [0.25, 0.5, 0.5, 0], atol=1e-15)
    assert resolve(parse("paper.noam"), run).schedule.facts(1000).peak_at == 99
    assert resolve(parse("slanted_triangular"), run).schedule.facts(1000).peak_at == 100


def test_a_schedule_without_a_peak_assumes_no_lr():
    assert assumed(resolve(parse("noam"), {"steps": 10}, examples=True).origins) == {}
    told = "paper.noam has no peak LR to set: lr changes nothing"
    assert said(resolve(parse("paper.noam"), {"steps": 10, "lr": 0.5})) == (told,)
    with pytest.raises(SpecError, match=told):
        resolve(parse("paper.noam:lr=0.5"), {"steps": 10})


@pytest.mark.parametrize(
    ("first", "mult", "restart"),
    [
        pytest.param(10, 1.1, 21, id="rounded-growth"),
        pytest.param(12.5, 1.4, 30, id="fractional-length"),
        pytest.param(20, 2, 20 * (2**40 - 1), id="far"),
        pytest.param(20, 1e300, 20, id="once"),
    ],
)
def test_a_restart_at_a_whole_step_is_at_the_peak(first, mult, restart):
    cycles = lrviz.schedule("paper.sgdr", {"eta_max": 0.1, "T_0": first, "T_mult": mult})
    assert cycles([restart]) == [0.1]
    assert cycles([restart - 1])[0] < 0.01
