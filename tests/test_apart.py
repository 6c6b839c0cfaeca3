"""Where two timelines differ, against every tick of them; and at lengths that nobody walks."""

from __future__ import annotations

import numpy as np
import pytest
from shapes import CURVES, PAIRS, STEPS, timeline

import lrviz
from lrviz.engine import apart as engine
from lrviz.engine.apart import Apart, Pair, apart, apart_at

SLACK = 1e-12


def told(found):
    return list(zip(found.first.tolist(), found.last.tolist(), strict=True))


def tick_by_tick(one, other, low, high):
    """The stretches, found by Python."""
    here, there = (line(np.arange(low, high, dtype=float)) for line in (one, other))
    with np.errstate(all="ignore"):
        differs = ~((np.abs(here - there) <= SLACK) | (here == there))
    stretches = []
    for tick in (low + np.flatnonzero(differs)).tolist():
        if stretches and stretches[-1][1] == tick - 1:
            stretches[-1][1] = tick
        else:
            stretches.append([tick, tick])
    return [tuple(pair) for pair in stretches]


@pytest.fixture(params=[16, 1 << 20], ids=["by halving", "tick by tick"])
def block(request, monkeypatch):
    """What is looked at tick by tick."""
    monkeypatch.setattr(engine, "BLOCK", request.param)
    monkeypatch.setattr(engine, "WIDTHS", 20)


@pytest.mark.long
@pytest.mark.usefixtures("block")
@pytest.mark.parametrize("low", [0, 13])
@pytest.mark.parametrize("other", PAIRS)
@pytest.mark.parametrize("spec", PAIRS)
def test_every_stretch_is_found(spec, other, low):
    one, two = timeline(spec), timeline(other)
    found = apart(Pair(one, two, SLACK), low, STEPS)
    assert told(found) == tick_by_tick(one, two, low, STEPS)
    assert told(apart(Pair(two, one, SLACK), low, STEPS)) == told(found)
    for first, last, at, most in zip(found.first, found.last, found.most_at, found.most, strict=True):
        ticks = np.arange(first, last + 1, dtype=float)
        with np.errstate(all="ignore"):
            far = np.abs(two(ticks) - one(ticks))
        assert first <= at <= last
        assert most == far[at - first]
        assert far[at - first] == pytest.approx(far.max(), rel=1e-12)  # of equal ones any


@pytest.mark.parametrize("most_turns", [2, 500_000], ids=["too many turns", "listed"])
def test_turns_that_are_too_many_make_a_hull(most_turns, monkeypatch):
    one, two = timeline(CURVES["steps"]), timeline(CURVES["one step more"])
    monkeypatch.setattr(engine, "BLOCK", 16)
    monkeypatch.setattr(engine, "WIDTHS", 20)
    monkeypatch.setattr(engine, "MOST_TURNS", most_turns)
    found = apart(Pair(one, two, SLACK), 0, STEPS)
    stretches = tick_by_tick(one, two, 0, STEPS)
    assert found.is_hull == (most_turns == 2)
    assert told(found) == ([(stretches[0][0], stretches[-1][1])] if found.is_hull else stretches)
    assert found.most.max() == 0.5


LONG = 10**12


@pytest.mark.long
@pytest.mark.parametrize(
    ("spec", "other", "stretches", "at"),
    [
        pytest.param("cosine:warmup=1000", "cosine:warmup=1000", [], None, id="itself"),
        pytest.param(
            "cosine:warmup=99",
            "torchtune.get_cosine_schedule_with_warmup:warmup=99",
            [],
            None,
            id="elsewhere",
        ),
        pytest.param(
            "torch.MultiStepLR:milestones=[500000000000]",
            "torch.MultiStepLR:milestones=[500000000001]",
            [(5 * 10**11, 5 * 10**11)],
            5 * 10**11,
            id="one milestone a step later",
        ),
        pytest.param(
            "cosine:warmup=1000", "cosine:warmup=1001", [(1, 1000)], 1000, id="a warmup a step longer"
        ),
        pytest.param(
            "torch.StepLR:step_size=1000,gamma=0.9999999999",
            "torch.StepLR:step_size=1000,gamma=0.9999999999",
            [],
            None,
            id="a billion stairs",
        ),
        pytest.param(
            "torch.StepLR:step_size=1000",
            "torch.MultiStepLR:milestones=[1000,2001,3000,4000,5000,6000,7000,8000,9000,10000,11000,12000,13000]",
            [(2000, 2000)],
            2000,
            id="a step within a billion stairs",
        ),
        pytest.param(
            "torch.CyclicLR:base_lr=0.1,step_size_up=1000",
            "torch.CyclicLR:base_lr=0.1,step_size_up=1000,step_size_down=1001",
            [(1001, LONG - 1)],
            None,
            id="cycles a step longer",
        ),
    ],
)
def test_a_long_run(spec, other, stretches, at):
    found = apart(Pair(*(timeline(f"{one},lr=1", LONG) for one in (spec, other)), SLACK), 0, LONG)
    assert told(found) == stretches
    if at is not None:
        assert found.most_at.tolist() == [at]


def test_where_long_runs_cross_they_are_alike():
    lines = (timeline(f"{one}:warmup=0,lr=1", LONG) for one in ("linear", "cosine"))
    found = apart(Pair(*lines, SLACK), 0, LONG)
    (first, before), (after, last) = told(found)
    assert (first < 10, last > LONG - 10**6) == (True, True)
    assert before < LONG // 2 < after < before + 10


def test_chosen_ticks_are_compared_alone():
    one, two = timeline(CURVES["steps"]), timeline(CURVES["one step more"])
    found = apart_at(Pair(one, two, SLACK), np.array([0, 29, 30, 31, 60, 61, 62, 63, 64]))
    assert told(found) == [(30, 30), (60, 61)]


@pytest.mark.long
def test_what_cannot_be_told_is_refused():
    line = timeline("torch.LambdaLR:lr_lambda=0.5+0.5*cos(epoch*epoch),lr=1", LONG)
    with pytest.raises(lrviz.ScheduleError, match="cannot be told"):
        apart(Pair(line, line, SLACK), 0, LONG)


def test_alike_is_nowhere_apart():
    assert len(Apart.nowhere()) == 0
