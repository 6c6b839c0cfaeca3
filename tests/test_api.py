"""evaluate and record, as a notebook uses them."""

import math
from pathlib import Path

import numpy as np
import pytest
from commands import run
from configs import TWO, write

import lrviz


class FakeOptimizer:
    def __init__(self, *lrs):
        self.param_groups = [{"lr": lr, "momentum": 0.9} for lr in lrs]


class Halving:
    """A scheduler as torch's look from outside; it refuses its fifth step."""

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.last_epoch = 0

    def step(self, metric=None):
        if self.last_epoch == 4:
            raise ValueError("stepped too often")
        self.last_epoch += 1
        for group in self.optimizer.param_groups:
            group["lr"] *= 0.5 if metric is None or metric > 0 else 1.0
            group["seen"] = True

    def state_dict(self):
        return {"last_epoch": self.last_epoch}

    def load_state_dict(self, state):
        self.last_epoch = state["last_epoch"]


PLAN = lrviz.Plan(dataset_len=1235, batch_size=32, epochs=50)


def test_evaluate():
    curve = lrviz.evaluate("cosine:warmup=100,lr=3e-4", PLAN)
    assert (len(curve), curve.label, curve.steps[-1]) == (1950, "cosine", 1949)
    assert (curve.lr[0], curve.lr[100], curve.facts.peak_at) == (0.0, 3e-4, 100)


def test_evaluate_several_groups():
    curve = lrviz.evaluate("linear:warmup=0,steps=4,lr=1,0.1")
    np.testing.assert_allclose(curve.lr, [[1, 0.75, 0.5, 0.25], [0.1, 0.075, 0.05, 0.025]])


def test_evaluate_assumes_nothing():
    with pytest.raises(lrviz.PlanError, match="length of the run is unknown"):
        lrviz.evaluate("cosine:warmup=100,lr=3e-4")
    with pytest.raises(lrviz.ScheduleError, match="needs num_warmup_steps"):
        lrviz.evaluate("cosine:lr=3e-4", PLAN)


def test_the_spec_wins_over_the_plan():
    assert len(lrviz.evaluate("constant:lr=1,epochs=2", PLAN)) == 78
    assert len(lrviz.evaluate("constant:lr=1,steps=5", PLAN)) == 5


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_save(tmp_path, suffix, start):
    path = lrviz.evaluate("constant:lr=1,steps=5").save(tmp_path / f"lr.{suffix}")
    assert path == tmp_path / f"lr.{suffix}"
    assert path.read_bytes().startswith(start)
    assert path.stat().st_size > 1000


@pytest.mark.long
@pytest.mark.parametrize("name", ["lr.gif", "lr", ".png"])
def test_save_refuses_an_unknown_format_and_names_all_it_knows(tmp_path, name):
    curve = lrviz.evaluate("constant:lr=1,steps=5")
    with pytest.raises(lrviz.OutputError) as caught:
        curve.save(tmp_path / name)
    assert not list(tmp_path.iterdir())
    for suffix in caught.value.hint.removeprefix("use one of: ").split(", "):
        assert curve.save(tmp_path / f"lr.{suffix}").stat().st_size > 1000


def test_record_a_function():
    curve = lrviz.record(lambda step: 0.1 * 0.9**step, 20)
    assert curve.first_difference(lrviz.evaluate("torch.ExponentialLR:gamma=0.9,lr=0.1,steps=20")) is None
    assert curve.first_difference(lrviz.evaluate("torch.ExponentialLR:gamma=0.8,lr=0.1,steps=20")) == 1


def test_record_a_scheduler_and_put_everything_back():
    scheduler = Halving(FakeOptimizer(1.0, 0.1))
    curve = lrviz.record(scheduler, 4)
    np.testing.assert_array_equal(curve.lr, [[1, 0.5, 0.25, 0.125], [0.1, 0.05, 0.025, 0.0125]])
    assert scheduler.last_epoch == 0
    assert scheduler.optimizer.param_groups == [{"lr": 1.0, "momentum": 0.9}, {"lr": 0.1, "momentum": 0.9}]


def test_record_stops_where_the_scheduler_raises():
    curve = lrviz.record(Halving(FakeOptimizer(1.0)), 9)
    assert curve.facts.stop == (5, "ValueError: stepped too often")
    with pytest.raises(lrviz.ScheduleError) as refusal:
        _ = curve.lr
    assert refusal.value.step == 5


def test_record_passes_metrics_on():
    curve = lrviz.record(Halving(FakeOptimizer(1.0)), 4, metrics=[1, 0, 0, 1])
    np.testing.assert_array_equal(curve.lr, [1, 0.5, 0.5, 0.5])


def test_record_refuses_what_is_neither():
    with pytest.raises(TypeError, match="got int"):
        lrviz.record(3, 4)


@pytest.mark.parametrize(
    ("mine", "theirs", "step"),
    [
        pytest.param([1, 2, 3], [1, 2, 3, 4], 3, id="the longer one goes on"),
        pytest.param([1, 2, 3], [1, 2, 4, 4], 2, id="before the end of the shorter"),
        pytest.param([1, None], [1, 2, 3], 1, id="one stops"),
        pytest.param([1, math.nan, 3], [1, math.nan, 3], None, id="both nan"),
        pytest.param([1, math.nan, 3], [1, 2, 3], 1, id="one nan"),
        pytest.param([1, math.inf], [1, math.inf], None, id="both infinite"),
        pytest.param([1, math.inf], [1, -math.inf], 1, id="infinities of two signs"),
        pytest.param([1, 1 + 1e-13], [1, 1], None, id="within the tolerance"),
        pytest.param([0, 0], [0, 0], None, id="zero"),
    ],
)
def test_the_first_difference(mine, theirs, step):
    here, there = (lrviz.record(values.__getitem__, len(values)) for values in (mine, theirs))
    assert (here.first_difference(there), there.first_difference(here)) == (step, step)


@pytest.mark.parametrize(
    ("mine", "theirs", "step"),
    [
        pytest.param("warmup=0,steps=1e12,lr=1", "warmup=0,steps=1e12,lr=1", None, id="too long for memory"),
        pytest.param(
            "warmup=5,steps=1e12,lr=1", "warmup=6,steps=1e12,lr=1", 1, id="too long, another warmup"
        ),
        pytest.param(
            "warmup=5,lr=[1,1e-15],steps=9",
            "warmup=5,lr=[1,2e-15],steps=9",
            1,
            id="each group by its own peak",
        ),
        pytest.param("warmup=0,steps=9,lr=[1,2]", "warmup=0,steps=8,lr=[1,2]", 1, id="of any group"),
    ],
)
def test_the_first_difference_of_schedules(mine, theirs, step):
    here, there = (lrviz.evaluate(f"cosine:{params}") for params in (mine, theirs))
    assert (here.first_difference(there), there.first_difference(here)) == (step, step)


def test_each_param_group_has_facts_of_its_own():
    curve = lrviz.evaluate("cosine:warmup=0,lr=[1,2],steps=9,label=two")
    assert [(len(one), one.lr[0], one.facts.peak) for one in curve.groups] == [(9, 1.0, 1.0), (9, 2.0, 2.0)]
    with pytest.raises(lrviz.ScheduleError, match="two has 2 param groups, and each has its own facts") as no:
        _ = curve.facts
    assert no.value.hint == "curve.groups[0].facts are those of the first"


def test_one_param_group_is_the_curve():
    curve = lrviz.evaluate("cosine:warmup=0,lr=1,steps=9")
    assert [one.facts for one in curve.groups] == [curve.facts]


def test_a_run_too_long_for_memory_is_refused():
    curve = lrviz.evaluate(f"cosine:warmup=0,lr=1,steps={2**53}")
    with pytest.raises(lrviz.ScheduleError, match=f"{2**53} values do not fit in memory") as refusal:
        _ = curve.lr
    assert "curve.rows[0].timeline" in refusal.value.hint


def test_curves_of_other_param_groups_do_not_compare():
    one, two = (lrviz.record(Halving(FakeOptimizer(*lrs)), 3) for lrs in ([1.0], [1.0, 0.1]))
    with pytest.raises(lrviz.ScheduleError, match="1 and 2 param groups"):
        one.first_difference(two)


# --- a function that raises ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "stop", "why"),
    [
        pytest.param(lambda t: 1 / (3 - t), 3, "ZeroDivisionError", id="division"),
        pytest.param([0.1, 0.2].__getitem__, 2, "IndexError", id="list at its end"),
        pytest.param(lambda t: 1.0 if t < 4 else None, 4, "TypeError", id="no number"),
        pytest.param(lambda t: 1.0 if t < 4 else "a", 4, "ValueError", id="text"),
        pytest.param(lambda t: 10**400 if t else 1.0, 1, "OverflowError", id="too large"),
    ],
)
def test_record_stops_where_the_function_raises(function, stop, why):
    curve = lrviz.record(function, 9)
    assert curve.facts.stop[0] == stop
    assert curve.facts.stop[1].startswith(why)
    assert [finding.id for finding in curve.findings] == ["stops"]


def test_record_refuses_what_raises_at_once():
    with pytest.raises(lrviz.ScheduleError, match="raises at step 0: ZeroDivisionError") as refusal:
        lrviz.record(lambda _: 1 / 0, 9)
    assert (refusal.value.step, bool(refusal.value.hint)) == (0, True)


def test_a_recorded_curve_can_be_drawn(tmp_path):
    recorded = lrviz.record(Halving(FakeOptimizer(1.0, 0.1)), 9)
    drawn = recorded.save(tmp_path / "lr.html").read_text(encoding="utf-8")
    assert [row.label for row in recorded.rows if row.label not in drawn] == []


# --- configs ---------------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path):
    return write(tmp_path / "two.toml", TWO + '[output]\nfile = "a.png"\n')


def test_a_job(two):
    job = lrviz.load(two)
    assert [spec.name for spec in job.specs] == ["cosine", "torch.MultiStepLR"]
    assert (job.output, job.plan.total_steps) == (("a.png",), 100)
    assert [(curve.label, len(curve)) for curve in job.curves()] == [("cosine", 100), ("steps", 100)]


@pytest.mark.parametrize("make", [str, Path, lrviz.load], ids=["text", "path", "job"])
def test_whatever_names_a_config_is_evaluated(two, make):
    curves = lrviz.evaluate(make(two))
    assert [curve.label for curve in curves] == ["cosine", "steps"]
    spec = lrviz.evaluate("cosine:warmup=5,lr=1e-3,steps=100")
    assert curves[0].first_difference(spec) is None


def test_the_plan_lies_over_a_config(two):
    assert [len(curve) for curve in lrviz.load(two).curves(lrviz.Plan(steps=40))] == [40, 40]


@pytest.mark.parametrize("name", ["none.toml", "two.json"])
def test_what_is_no_config_is_refused_as_on_the_command_line(two, name):
    write(two.parent / "two.json", "no config")
    place = str(two.parent / name)
    with pytest.raises(lrviz.ConfigError) as refusal:
        lrviz.evaluate(place)
    done = run(two.parent, "show", place)
    assert done.stderr.splitlines()[0] == f"error: {refusal.value.message}"


def test_findings_have_the_label_and_the_place(two):
    findings = lrviz.load(two).curves()[1].findings
    assert [finding.id for finding in findings] == ["warmup-added", "share-moved"]
    assert {(finding.level, finding.label) for finding in findings} == {("note", "steps")}
    assert {str(finding.place) for finding in findings} == {f"{two}:9"}


# --- in a notebook ---------------------------------------------------------------------------------------


def test_a_tab_offers_the_public_names():
    assert dir(lrviz) == sorted(lrviz.__all__)
    assert all(getattr(lrviz, name) for name in dir(lrviz))


@pytest.mark.parametrize(
    ("make", "lines"),
    [
        pytest.param(
            lambda _: lrviz.evaluate("linear:warmup=0,lr=1,steps=4"),
            ["<Curve linear: lr, first 1, peak 1 at step 0, last 0.25", " 4 steps>"],
            id="curve",
        ),
        pytest.param(
            lambda _: lrviz.record(Halving(FakeOptimizer(1.0, 0.1)), 9),
            [
                "<Curve Halving: lr of the first of 2 param groups, first 1, peak 1 at step 0, last 0.0625",
                " 9 steps, stops at step 5>",
            ],
            id="curve that stops",
        ),
        pytest.param(
            lambda _: lrviz.Plan(steps_per_epoch=10, epochs=3),
            ["Plan(epochs=3, steps_per_epoch=10)", "# 10 steps/epoch × 3 epochs = 30 steps"],
            id="plan",
        ),
        pytest.param(
            lambda _: lrviz.schedule("torch.OneCycleLR", max_lr=1, total_steps=10, lr=[1, 2]),
            [
                "<Schedule torch.OneCycleLR: lr, momentum of 2 param groups",
                " warmup from 0, annealing from 3>",
            ],
            id="schedule",
        ),
        pytest.param(lrviz.load, ["<Job {}: cosine, steps", " writes a.png>"], id="job"),
    ],
)
def test_what_a_cell_shows(two, make, lines):
    assert repr(make(two)).splitlines() == [line.replace("{}", str(two)) for line in lines]


@pytest.mark.parametrize(
    ("align", "equal"),
    [
        pytest.param("steps", False, id="step by step"),
        pytest.param("percent", True, id="shares of the runs"),
        pytest.param("epochs", False, id="epochs"),
    ],
)
def test_runs_of_other_lengths_are_aligned(align, equal):
    sides = [f"cosine:warmup=0,lr=1,epochs={n},steps_per_epoch=10" for n in (10, 20)]
    assert lrviz.diff(*sides, align=align).equal is equal


@pytest.mark.parametrize("word", ["-", "-:base"])
@pytest.mark.parametrize(
    "function", [lrviz.evaluate, lambda word: lrviz.diff("linear", word)], ids=["evaluate", "diff"]
)
def test_stdin_is_no_spec(function, word):
    with pytest.raises(lrviz.LrvizError, match="stdin is read by the commands alone"):
        function(word)


def test_an_unknown_alignment_is_refused():
    with pytest.raises(lrviz.LrvizError, match="align has no 'step'"):
        lrviz.diff("constant:lr=1,steps=9", "constant:lr=1,steps=9", align="step")
