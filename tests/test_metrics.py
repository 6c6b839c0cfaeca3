"""Metrics made up for schedules that move on one, and how often they are reported."""

import numpy as np
import pytest
from resolving import said

import lrviz
from lrviz.notation.spec import parse, parse_value
from lrviz.resolve.keys import KEYS
from lrviz.resolve.resolve import resolve
from lrviz.resolve.synthetic import GENERATORS, synthetic_metric


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("constant", [1.0] * 4, id="constant"),
        pytest.param("constant(value=3)", [3.0] * 4, id="constant elsewhere"),
        pytest.param("improving(factor=0.5)", [1.0, 0.5, 0.25, 0.25], id="improving, then flat"),
        pytest.param("improving(factor=0.5,until=0.7)", [1.0, 0.5, 0.25, 0.25], id="until part of a report"),
        pytest.param("improving(factor=2,until=1)", [1.0, 2.0, 4.0, 8.0], id="growing"),
    ],
)
def test_a_metric_is_made_up(text, expected):
    assert list(synthetic_metric(parse_value(text), 4)[0]) == expected


@pytest.mark.parametrize("kind", ["improving", "noisy"])
def test_a_share_above_1_is_the_whole_run(kind):
    whole, more = (synthetic_metric(parse_value(f"{kind}(until={until})"), 9)[0] for until in (1, 1e300))
    assert more == whole


def test_noise_is_numpys_and_its_seed_is_told():
    metrics, told = synthetic_metric(parse_value("noisy(noise=0.1,factor=1.0,seed=7)"), 5)
    assert list(metrics) == (1.0 + 0.1 * np.random.default_rng(7).standard_normal(5)).tolist()
    assert told == "noisy(start=1.0,factor=1.0,until=0.5,noise=0.1,seed=7)"
    assert synthetic_metric("noisy", 5)[0] != synthetic_metric(parse_value("noisy(seed=1)"), 5)[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("noise", "metric=noise is none of", id="kind"),
        pytest.param("3", "metric=3 is none of", id="a number"),
        pytest.param("noisy(size=3)", "has no 'size'", id="parameter"),
        pytest.param("noisy(seed=0.5)", "seed must be a whole number", id="seed"),
        pytest.param("noisy(noise=-1)", "noise must be a number from 0 on", id="negative"),
        pytest.param("noisy(start=1e308,noise=100)", "is not finite", id="noise beyond float64"),
        pytest.param("improving(factor=1e300)", "is not finite", id="growth beyond float64"),
    ],
)
def test_what_is_none_is_refused(text, message):
    with pytest.raises(lrviz.SpecError, match=message):
        synthetic_metric(parse_value(text), 4)


def test_too_many_reports_are_refused():
    with pytest.raises(lrviz.SpecError, match="too long to make up"):
        synthetic_metric("constant", 10**9)


def test_every_kind_is_offered():
    assert tuple(GENERATORS) == KEYS["metric"].choices


@pytest.mark.parametrize("kind", GENERATORS)
def test_every_kind_drives_a_plateau(kind):
    run = {"steps": 100, "lr": 1.0, "metric": kind}
    found = resolve(parse("torch.ReduceLROnPlateau:patience=2"), run)
    assert found.schedule([99])[0] < 1.0
    assert any(note.startswith(f"metric made up: {kind}(") for note in said(found))


@pytest.mark.parametrize(
    ("interval", "dropped_at", "told"),
    [
        pytest.param("step", 3, "100 steps", id="each step"),
        pytest.param("epoch", 30, "10 epochs", id="each epoch"),
        pytest.param(25, 75, "4 intervals of 25 steps", id="each evaluation"),
    ],
)
def test_reports_come_as_often_as_the_scheduler_is_called(interval, dropped_at, told):
    run = {"steps_per_epoch": 10, "epochs": 10, "lr": 1.0, "metric": "constant", "interval": interval}
    found = resolve(parse("torch.ReduceLROnPlateau:patience=1"), run)
    lr = found.schedule(np.arange(100))
    assert int(np.argmax(lr < 1.0)) == dropped_at
    assert any(told in note for note in said(found))


@pytest.mark.parametrize("interval", [0, -5, 2.5, "often"])
def test_an_interval_is_a_word_or_a_number_of_steps(interval):
    with pytest.raises(lrviz.SpecError, match="must be step, epoch or a number of steps"):
        resolve(parse("torch.StepLR:step_size=2"), {"steps": 100, "lr": 1.0, "interval": interval})
