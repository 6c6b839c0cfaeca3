"""A run whose steps count for different numbers of ticks, against the list of all its ticks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from commands import run
from configs import write
from every_tick import assert_columns
from hypothesis import given, settings
from hypothesis import strategies as st

import lrviz
from lrviz import LrvizError
from lrviz.engine.compose import ahead
from lrviz.engine.facts import facts
from lrviz.engine.opaque import Opaque
from lrviz.engine.paced import run_at
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.findings.gather import of_runs
from lrviz.inputs.config.job import load
from lrviz.notation.pace import Pace, Piece
from lrviz.notation.rendering import render
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

STEPS = 300
PIECES = st.lists(st.tuples(st.integers(1, 90), st.integers(1, 40)), min_size=1, max_size=6)
SCHEDULES = {
    "steps": ("torch.StepLR", {"step_size": 7, "gamma": 0.9}),
    "waves": ("torch.CosineAnnealingLR", {"T_max": 6}),
    "restarts": ("torch.CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2}),
    "a warmup": ("transformers.cosine", {"num_warmup_steps": 50, "num_training_steps": 900}),
    "a formula": ("torch.LambdaLR", {"lr_lambda": "1/(1+epoch)"}),
    "a walk": ("torch.MultiplicativeLR", {"lr_lambda": "0.999 if epoch % 3 else 1.001"}),
    "batches of an epoch": ("ultralytics.BaseTrainer", {"steps_per_epoch": 11, "epochs": 5000}),
}


def ticks_of(pieces, steps):
    """The tick of every step, counted one by one."""
    moves = [ticks for count, ticks in pieces for _ in range(count)]
    moves += [pieces[-1][1]] * max(0, steps - len(moves))
    return np.cumsum([0, *moves], dtype=float)[:steps]


def timeline_of(name, **params):
    return lrviz.schedule(name, params, lr=1.0).groups[0]["lr"]


def paced(timeline, pieces, lead=0):
    return run_at(ahead(timeline, lead), Pace(tuple(Piece(*piece) for piece in pieces)))


def listed(values):
    """A timeline of which nothing is known but its values."""
    return Timeline((Phase("free", 0.0, lambda t: values[t.astype(int)], Opaque()),))


@pytest.mark.long
@pytest.mark.parametrize(("name", "params"), SCHEDULES.values(), ids=SCHEDULES)
@given(pieces=PIECES, lead=st.integers(0, 99), order=st.randoms())
@settings(max_examples=30)
def test_every_value_and_column_is_that_of_its_ticks(name, params, pieces, lead, order):
    timeline = timeline_of(name, **params)
    found, values = paced(timeline, pieces, lead), timeline(lead + ticks_of(pieces, STEPS + 1))
    steps = list(range(STEPS))
    order.shuffle(steps)
    np.testing.assert_array_equal(found(np.array(steps, dtype=float)), values[steps])
    assert_columns(found, STEPS, 23)
    known, brute = facts(found, STEPS), facts(listed(values), STEPS)
    for fact in ("first", "peak", "peak_at", "low", "low_at", "last", "after", "mean", "sampled"):
        assert getattr(known, fact) == getattr(brute, fact), fact


@given(pieces=PIECES, lead=st.integers(0, 99))
@settings(max_examples=50)
def test_it_jumps_where_its_value_changes(pieces, lead):
    timeline = timeline_of("torch.StepLR", step_size=7, gamma=0.5)
    values = timeline(lead + ticks_of(pieces, STEPS))
    changes = np.flatnonzero(np.diff(values)) + 1
    assert paced(timeline, pieces, lead).jumps(0, STEPS, 9999) == changes.tolist()


@given(
    pieces=PIECES,
    lead=st.integers(0, 99),
    at=st.floats(0, 3000, allow_subnormal=False),
    end=st.integers(1, 3000),
)
@settings(max_examples=100)
def test_phases_and_the_end_come_with_their_ticks(pieces, lead, at, end):
    timeline = Timeline((constant(1.0, kind="warmup"), constant(2.0, start=at)), float(end), "over")
    found, ticks = paced(timeline, pieces, lead), lead + ticks_of(pieces, 4000)
    assert found.end == np.searchsorted(ticks, end)
    begins = [math.ceil(phase.start) for phase in found.phases]
    assert begins == ([0] if at <= lead else [0, np.searchsorted(ticks, at)])


def test_more_pieces_look_at_no_more_of_the_schedule():
    asked = []

    def rate(t):
        asked.append(t.size)
        return -t

    timeline = Timeline((Phase("decay", 0.0, rate),))
    run = paced(timeline, [(10**6, ticks) for ticks in range(1, 1001)])
    facts(run, 10**9)
    assert sum(asked) < 10**6


# --- in a run --------------------------------------------------------------------------------------------

HALVES = "torch.ExponentialLR:gamma=0.5"
RUN = {"steps": 8, "lr": 1.0}


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        pytest.param("pace=1", range(8), id="every step a tick"),
        pytest.param("pace=5", range(0, 40, 5), id="one size"),
        pytest.param("pace=3x1,2x2,4", [0, 1, 2, 3, 5, 7, 11, 15], id="growing"),
        pytest.param("pace=[3x4,1]", [0, 4, 8, 12, 13, 14, 15, 16], id="shrinking"),
        pytest.param("pace=4x1,4x2", [0, 1, 2, 3, 4, 6, 8, 10], id="as long as the run"),
        pytest.param("pace=4x1,90x2,7", [0, 1, 2, 3, 4, 6, 8, 10], id="longer than the run"),
        pytest.param("pace=6x4,1x2,4,lead=3", [3, 7, 11, 15, 19, 23, 27, 29], id="the last group smaller"),
        pytest.param("pace=2,lead=1,trainer=keras,grad_accum=4", range(1, 17, 2), id="whatever the trainer"),
        pytest.param("pace=2,trainer=accelerate,world_size=4", range(0, 16, 2), id="or the processes"),
    ],
)
def test_what_a_step_sees(text, ticks):
    found = resolve(parse(f"{HALVES},{text}"), RUN)
    assert found.schedule(np.arange(8)).tolist() == [0.5**tick for tick in ticks]


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        pytest.param("linear:warmup=0", "num_training_steps", 7 + 2 * 64, id="the length is in ticks"),
        pytest.param("linear:warmup=0,lead=9", "num_training_steps", 7 + 2 * 64, id="read ahead or not"),
        pytest.param("linear:warmup=6", "num_warmup_steps", 4 + 2 + 1, id="a warmup is in steps"),
        pytest.param("linear:warmup=75%", "num_warmup_steps", 4 + 2 + 1, id="also as a share"),
        pytest.param("OptimizerParamScheduler:lr_warmup_steps=0", "increment", 1, id="samples are ticks"),
        pytest.param(
            "OptimizerParamScheduler:lr_warmup_steps=0", "lr_decay_steps", 7 + 2 * 64, id="of the run too"
        ),
        pytest.param("ultralytics.BaseTrainer:steps_per_epoch=9,epochs=5", "epochs", 5, id="its own epochs"),
    ],
)
def test_what_a_schedule_is_told(text, key, value):
    found = resolve(parse(f"{text},pace=[4x1,1x2,1x1,64]"), RUN | {"batch_size": 3})
    assert found.origins[key].value == value
    assert found.origins["total_ticks"].value == 7 + 2 * 64


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        pytest.param("T_max=20%", 27, id="a share is of the ticks"),
        pytest.param("T_max=27", 27, id="a number is one of ticks"),
        pytest.param("lr=1", 7 + 2 * 64, id="nothing is all of them"),
    ],
)
def test_durations_are_ticks(text, ticks):
    found = resolve(parse(f"torch.CosineAnnealingLR:{text},pace=[4x1,1x2,1x1,64]"), RUN)
    literal = timeline_of("torch.CosineAnnealingLR", T_max=ticks)
    seen = literal(ticks_of([(4, 1), (1, 2), (1, 1), (2, 64)], 8))
    np.testing.assert_array_equal(found.schedule(np.arange(8)), seen)


TAKES = "pace must be up to 1000 pieces NxK (after each of N steps K ticks), the last maybe K alone, got"
WAY = "pace=100x64,80x128,512"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param(f"{HALVES},pace=512,3x64", f"{TAKES} 512,3x64", WAY, id="open before the end"),
        pytest.param(f"{HALVES},pace=3x", f"{TAKES} '3x'", WAY, id="no ticks"),
        pytest.param(f"{HALVES},pace=3x0", f"{TAKES} '3x0'", WAY, id="standing still"),
        pytest.param(f"{HALVES},pace=3x2x1", f"{TAKES} '3x2x1'", WAY, id="two signs"),
        pytest.param(f"{HALVES},pace=[]", f"{TAKES} []", WAY, id="nothing"),
        pytest.param(
            f"{HALVES},pace=3x2",
            "pace tells of 3 steps, the run has 8",
            "end pace with 2, which goes on, or give steps=3",
            id="too short",
        ),
        pytest.param(
            f"{HALVES},pace=2e15",
            "8 steps of 2000000000000000 ticks are more than 2**53",
            "give fewer steps",
            id="too fast",
        ),
        pytest.param(
            f"{HALVES},pace=2,interval=4",
            "pace and interval both say how the schedule moves",
            "leave one of them out",
            id="another clock",
        ),
        pytest.param(
            f"{HALVES},pace=2,calls=4",
            "pace and calls both say how the schedule moves",
            "leave one of them out",
            id="calls",
        ),
        pytest.param(
            "OptimizerParamScheduler:pace=64,increment=64",
            "pace and increment both say how the schedule moves",
            "leave one of them out",
            id="samples said twice",
        ),
        pytest.param(
            "torch.CosineAnnealingLR:pace=2x3,4,T_max=5st",
            "T_max=5st: how many ticks these are depends on the pace",
            "T_max=18 are those of the first 5 steps",
            id="steps anywhere",
        ),
        pytest.param(
            "torch.CosineAnnealingLR:pace=2x3,4,warmup=2",
            "a pace begins with the run, not behind a warmup",
            "warmup_mode=over",
            id="an added warmup",
        ),
        pytest.param(
            "phases:phase=torch.LinearLR(for=4),linear,pace=2",
            "pace is for one schedule, and this run has phases",
            "give it to a phase",
            id="phases",
        ),
    ],
)
def test_refused(text, message, hint):
    with pytest.raises(LrvizError) as refusal:
        resolve(parse(text), RUN)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


WORD = "cosine:warmup=2,lr=1,pace=2x64,512"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        pytest.param(["show"], "9 steps, 3712 ticks", id="show"),
        pytest.param(["plan"], "total ticks pace = 3712", id="plan"),
        pytest.param(["plan", "--explain"], "total_ticks 3712 derived: pace", id="plan explained"),
        pytest.param(["show", "--explain"], "total_ticks 3712 derived: pace", id="explained"),
        pytest.param(["show", "--explain"], "pace 2x64,512 spec", id="who says it"),
        pytest.param(["show", "--explain"], "num_training_steps 3712 derived: total_ticks", id="its length"),
        pytest.param(["show", "--explain"], "num_warmup_steps 128 derived: warmup", id="its warmup"),
    ],
)
def test_the_ticks_are_told(tmp_path, words, line):
    command, *options = words
    done = run(tmp_path, command, WORD, "--steps", "9", *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert line in [" ".join(row.split()) for row in done.stdout.splitlines()]


def test_no_trainer_calls_what_has_a_pace(tmp_path):
    words = ["--steps", "9", "--trainer", "keras", "--grad-accum", "4"]
    assert "every batch" not in run(tmp_path, "plan", WORD, *words).stdout
    assert "every batch" in run(tmp_path, "plan", "cosine:warmup=2,lr=1", *words).stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("run.toml", 'pace = ["2x64", 512]\nlead = 3\nname = "cosine"\nwarmup = 2', id="toml"),
        pytest.param("run.toml", 'pace = "2x64,512"\nlead = 3\nname = "cosine"\nwarmup = 2', id="one text"),
        pytest.param("run.yaml", "pace: [2x64, 512]\nlead: 3\nname: cosine\nwarmup: 2", id="yaml"),
        pytest.param(
            "run.json", '{"pace": ["2x64", 512], "lead": 3, "name": "cosine", "warmup": 2}', id="json"
        ),
    ],
)
def test_a_config_says_it_as_a_word_does(tmp_path, name, text):
    said = {"lr": 1.0, "steps": 9}
    (entry,) = load(write(tmp_path / name, text)).entries
    found, word = resolve(entry.spec, said), resolve(parse(f"{WORD},lead=3"), said)
    np.testing.assert_array_equal(found.schedule(np.arange(9)), word.schedule(np.arange(9)))
    assert parse(render(entry.spec)) == entry.spec


WALK = "torch.MultiplicativeLR:lr_lambda=0.9 if epoch % 3 else 1.1,lr=1"


@pytest.mark.parametrize(
    ("text", "steps", "told"),
    [
        pytest.param(WALK, 40_000_000, ["40000000 steps take about 20 s"], id="steps"),
        pytest.param(f"{WALK},pace=100", 400_000, ["40000000 ticks take about 20 s"], id="ticks"),
        pytest.param(f"{WALK},pace=2", 400_000, [], id="few of them"),
        pytest.param("cosine:warmup=0,lr=1,pace=100", 400_000, [], id="no walk"),
    ],
)
def test_a_long_walk_is_announced_by_its_ticks(text, steps, told):
    found = of_runs([("", resolve(parse(text), {"steps": steps}))])
    walks = [finding.text for finding in found if finding.id == "long-walk"]
    assert walks == [f"each value needs the one before: {text}" for text in told]
