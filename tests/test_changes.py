"""Where timelines rise, jump and stay, against every tick of them; and at lengths that nobody walks."""

from __future__ import annotations

import numpy as np
import pytest
from shapes import PAIRS, STEPS, timeline

import lrviz
from lrviz.engine import changes
from lrviz.engine.changes import count_within, first_jump, first_rise

FINITE = [row for row in PAIRS if row.id != "grows to infinity"]


def values(line, low=0, high=STEPS):
    return line(np.arange(low, high, dtype=float))


@pytest.fixture(params=[1, 1 << 14], ids=["closer and closer", "tick by tick"])
def few(request, monkeypatch):
    """How many ticks are looked at one by one."""
    monkeypatch.setattr(changes, "FEW", max(2, request.param))
    monkeypatch.setattr(changes, "LOOKED_AT", 8)


@pytest.mark.parametrize("spec", FINITE)
def test_first_rise(spec):
    for low in (0, 7, 55, 399):
        found = values(timeline(spec), low)
        above = np.flatnonzero(found > np.minimum.accumulate(found) + 1e-12)
        assert first_rise(timeline(spec), low, STEPS, 1e-12) == (low + above[0] if above.size else None)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("spec", FINITE)
def test_first_jump(spec):
    for limit in (0.013, 0.1, 0.45):
        wide = np.flatnonzero(np.abs(np.diff(values(timeline(spec)))) > limit)
        assert first_jump(timeline(spec), 0, STEPS, limit) == (wide[0] + 1 if wide.size else None)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("spec", FINITE)
def test_count_within(spec):
    found = values(timeline(spec))
    for least, greatest in [(0.0, 0.0), (0.2, 0.5), (1.0, 1.0), (-1.0, 2.0)]:
        count = int(((found >= least) & (found <= greatest)).sum())
        assert count_within(timeline(spec), 0, STEPS, least, greatest) == count


LONG = 10**12


@pytest.mark.parametrize(
    ("spec", "find", "want"),
    [
        pytest.param(
            "cosine:warmup=1000", lambda line: first_rise(line, 1000, LONG, 1e-12), None, id="falls"
        ),
        pytest.param("cosine:warmup=1000", lambda line: first_rise(line, 999, LONG, 1e-12), 1000, id="rises"),
        pytest.param(
            "cosine:num_cycles=1,warmup=0",
            lambda line: first_rise(line, 0, LONG, 0.5),
            75 * 10**10 + 1,
            id="rises by half",
        ),
        pytest.param("cosine:warmup=5", lambda line: first_jump(line, 0, LONG, 0.1), 1, id="a short warmup"),
        pytest.param("cosine:warmup=50", lambda line: first_jump(line, 0, LONG, 0.1), None, id="no jump"),
        pytest.param(
            "torch.StepLR:step_size=3e11",
            lambda line: first_jump(line, 0, LONG, 0.1),
            3 * 10**11,
            id="a drop",
        ),
        pytest.param(
            "torch.StepLR:step_size=3e11",
            lambda line: count_within(line, 0, LONG, 1e-4, 0.02),
            4 * 10**11,
            id="two of four stairs",
        ),
        pytest.param(
            "cosine:warmup=1000",
            lambda line: count_within(line, 0, LONG, 0.5, 2),
            500 + (LONG - 1000) // 2 + 1,
            id="the upper half",
        ),
    ],
)
def test_a_long_run(spec, find, want):
    found = find(timeline(f"{spec},lr=1", LONG))
    assert found == want


def test_what_cannot_be_told_is_refused():
    line = timeline("torch.LambdaLR:lr_lambda=0.5+0.5*cos(epoch*epoch),lr=1", LONG)
    for ask in (
        lambda: first_rise(line, 0, LONG, 1e-12),
        lambda: first_jump(line, 1, LONG, 0.999999),
        lambda: count_within(line, 0, LONG, 0.2, 0.3),
    ):
        with pytest.raises(lrviz.ScheduleError, match="cannot be told"):
            ask()
