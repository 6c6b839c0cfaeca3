"""What ``lrviz diff PLAN LOG`` says beyond the common faults: its numbers, its steps, and whose log it is."""

from __future__ import annotations

import numpy as np
import pytest
from commands import run
from planted import STEPS, WAYS, anew, curve, held, resumed, spec, stretched, write

import lrviz


@pytest.mark.long
@pytest.mark.parametrize("way", ["each", "some", "4 digits"])
@pytest.mark.parametrize("steps", [(205, 605), (305, 405, 705)])
@pytest.mark.parametrize("name", ["cosine", "linear", "annealing"])
def test_restarts_are_all_named(name, steps, way, tmp_path):
    write(tmp_path, anew(name, *steps), way)
    _, pair = held(tmp_path, spec(name))
    assert [found["id"] for found in pair["causes"]] == ["anew"] * len(steps)
    assert [found["at"] for found in pair["causes"]] == pytest.approx(steps, abs=WAYS[way][0])


@pytest.mark.parametrize(
    ("cause", "back"), [pytest.param("behind", 205, id="set back"), pytest.param("anew", 405, id="restarted")]
)
def test_one_fact_is_not_said_as_another_as_well(cause, back, tmp_path):
    write(tmp_path, lambda t: curve("cosine")(np.where(t < 405, t, t - back)), "some")
    _, pair = held(tmp_path, spec("cosine"))
    assert ([one["id"] for one in pair["causes"]], pair["others"]) == ([cause], [])


def test_of_speeds_that_rows_far_apart_do_not_tell_the_slowest_is_said(tmp_path):
    write(tmp_path, stretched("cosine", 16), "4 digits")
    (found,) = held(tmp_path, spec("cosine"))[1]["causes"]
    assert (found["id"], found["there"], found["most"]) == ("speed", 16, None)


FLOORS = [
    pytest.param(
        "cosine:lr=3e-4,{}", "cosine_with_min_lr:lr=3e-4,min_lr=3e-5,{}", 0, 3e-5, id="none planned"
    ),
    pytest.param("cosine_with_min_lr:lr=3e-4,min_lr=3e-5,{}", "cosine:lr=3e-4,{}", 3e-5, 0, id="none left"),
    pytest.param(
        "cosine_with_min_lr:lr=1e-3,min_lr=1e-5,{}",
        "cosine_with_min_lr:lr=1e-3,min_lr=1e-4,{}",
        1e-5,
        1e-4,
        id="another",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize("way", ["each", "some", "few"])
@pytest.mark.parametrize(("plan", "made", "here", "there"), FLOORS)
def test_a_floor_is_that_of_the_schedule_not_of_the_last_row(plan, made, here, there, way, tmp_path):
    timeline = lrviz.evaluate(made.format(f"warmup=100,steps={STEPS}")).rows[0].timeline
    write(tmp_path, lambda t: timeline(t.astype(float)), way)
    (found,) = held(tmp_path, plan.format(f"warmup=100,steps={STEPS}"))[1]["causes"]
    assert (found["id"], found["here"], found["there"]) == (
        "floor",
        pytest.approx(here),
        pytest.approx(there),
    )


IN_EPOCHS = [
    pytest.param("annealing", 0, ".6g", 0, id="a loop of one's own, by epochs"),
    pytest.param("annealing", -1, ".6g", 0, id="one that counts the epochs that are done"),
    pytest.param("annealing", 1, "", 1, id="an epoch ahead of a plan by epochs"),
    pytest.param("cosine", 1, "", 0, id="read at the end of an epoch"),
]


@pytest.mark.parametrize(("name", "ahead", "digits", "code"), IN_EPOCHS)
def test_a_log_of_epochs_is_held_as_who_writes_it_does(name, ahead, digits, code, tmp_path):
    plan = {
        "annealing": "torch.CosineAnnealingLR:T_max=50,lr=0.1,interval=epoch",
        "cosine": "cosine:warmup=100,lr=0.1",
    }[name]
    run_of = "epochs=50,steps_per_epoch=20"
    timeline = lrviz.evaluate(f"{plan},{run_of}").rows[0].timeline
    epochs = np.arange(max(-ahead, 0), 49)
    lrs = timeline((epochs + ahead) * 20.0)
    losses = [f"{0.5 + 1 / (3 + epoch):{digits or '.17g'}}" for epoch in epochs]
    lines = [f"{e},{loss},{lr:{digits or '.17g'}}" for e, loss, lr in zip(epochs, losses, lrs, strict=True)]
    (tmp_path / "log.csv").write_text("\n".join(["epoch,loss,lr", *lines, ""]))
    assert held(tmp_path, f"{plan},{run_of}")[0] == code


@pytest.mark.long
@pytest.mark.parametrize("way", ["each", "some"])
def test_steps_are_those_of_the_plan_whatever_the_offset(way, tmp_path):
    write(tmp_path, resumed("cosine", 2000, 505), way)
    _, pair = held(tmp_path, spec("cosine"))
    first = {"each": 506, "some": 509}[way]
    (found,) = pair["causes"]
    assert (found["at"], pair["ranges"][0]["first"]) == (first, first)


OTHERS = [
    pytest.param("cosine", "linear:warmup=100,lr=3e-4,steps=1000", "linear:warmup=100", id="another name"),
    pytest.param(
        "stairs", "torch.StepLR:step_size=90,gamma=0.2,lr=0.1,steps=1000", "step_size=90", id="two numbers"
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(("plan", "made", "named"), OTHERS)
def test_where_no_fault_of_the_plan_explains_it_the_schedule_that_made_it_is_named(
    plan, made, named, tmp_path
):
    timeline = lrviz.evaluate(made).rows[0].timeline
    write(tmp_path, lambda t: timeline(t.astype(float)), "some")
    done = run(tmp_path, "diff", spec(plan), "log.csv")
    (said,) = (line for line in done.stderr.splitlines() if "every row is that of" in line)
    assert (done.returncode, named in said) == (1, True)


SEQUENCE = (
    "torch.SequentialLR:schedulers=[LinearLR(start_factor={},total_iters=100),"
    "CosineAnnealingLR(T_max={})],milestones={},lr=0.1,steps=1000"
)
WINDOWS = (
    "mmengine.list:param_scheduler=[LinearLR(start_factor=0.01,end={warmup}),"
    "CosineAnnealingLR(T_max={rest},begin={warmup},end={end})],lr=0.1,interval=step,steps=1000"
)
"""Each of its lengths stands in several places."""
BY_EPOCH = "interval=epoch,epochs=40,steps_per_epoch=25"
ANOTHER = {
    "step_size": (spec("stairs"), "torch.StepLR:step_size=80,gamma=0.5,lr=0.1,steps=1000", 80),
    "gamma": (spec("stairs"), "torch.StepLR:step_size=120,gamma=0.3,lr=0.1,steps=1000", 0.3),
    "milestones[1]": (spec("milestones"), "torch.MultiStepLR:milestones=300,750,lr=0.1,steps=1000", 750),
    "num_decay_steps": (spec("wsd"), spec("wsd").replace("=200", "=350"), 350),
    "power": (spec("polynomial"), spec("polynomial").replace("power=2", "power=1.5"), 1.5),
    "pct_start": (spec("onecycle"), spec("onecycle") + ",pct_start=0.2", 0.2),
    "total_steps": (spec("onecycle"), spec("onecycle").replace("total_steps=1000", "total_steps=2000"), 2000),
    "lr_end": (spec("polynomial"), spec("polynomial").replace("1e-7", "1e-4"), 1e-4),
    "T_max of CosineAnnealingLR": (SEQUENCE.format(0.1, 900, 100), SEQUENCE.format(0.1, 1000, 100), 1000),
    "start_factor of LinearLR": (SEQUENCE.format(0.1, 900, 100), SEQUENCE.format(0.01, 900, 100), 0.01),
    "T_mult": (
        "torch.CosineAnnealingWarmRestarts:T_0=100,T_mult=2,lr=0.1,steps=1000",
        "torch.CosineAnnealingWarmRestarts:T_0=100,T_mult=1,lr=0.1,steps=1000",
        1,
    ),
    "warmup": (
        WINDOWS.format(warmup=100, rest=900, end=1000),
        WINDOWS.format(warmup=250, rest=750, end=1000),
        250,
    ),
    "total": (
        WINDOWS.format(warmup=100, rest=900, end=1000),
        WINDOWS.format(warmup=100, rest=1400, end=1500),
        1500,
    ),
    "warmup_t": (
        f"timm.CosineLRScheduler:warmup_t=3,warmup_lr_init=1e-4,lr=0.4,{BY_EPOCH}",
        f"timm.CosineLRScheduler:warmup_t=5,warmup_lr_init=1e-4,lr=0.4,{BY_EPOCH}",
        5,
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("way", ["each", "some", "4 digits"])
@pytest.mark.parametrize("name", ANOTHER)
def test_another_number_of_the_plans_own_schedule_is_named(name, way, tmp_path):
    plan, made, number = ANOTHER[name]
    timeline = lrviz.evaluate(made).rows[0].timeline
    write(tmp_path, lambda t: timeline(t.astype(float)), way)
    code, pair = held(tmp_path, plan)
    said = {one["name"] or one["id"]: one for one in (*pair["causes"], *pair["others"]) if one["at"] is None}
    assert (code, name in said) == (1, True)
    found = said[name]
    assert (found["least"] or found["there"]) <= number <= (found["most"] or found["there"])


MILESTONES = "torch.MultiStepLR:milestones={},lr=0.1,steps=1000"
SEVERAL = [
    pytest.param(
        MILESTONES.format("400,650"),
        MILESTONES.format("450,750"),
        {"milestones[0]": 450, "milestones[1]": 750},
        id="each milestone",
    ),
    pytest.param(
        MILESTONES.format("420,620,840"),
        MILESTONES.format("360,670,930"),
        {"milestones[0]": 360, "milestones[1]": 670, "milestones[2]": 930},
        id="milestones before and behind the plan's",
    ),
    pytest.param(
        MILESTONES.format("130,330,530"),
        MILESTONES.format("370,580,680"),
        {"milestones[0]": 370, "milestones[1]": 580, "milestones[2]": 680},
        id="milestones behind the next of the plan's",
    ),
    pytest.param(
        MILESTONES.format("300,700"),
        MILESTONES.format("350,850"),
        {"milestones[0]": 350, "milestones[1]": 850},
        id="milestones that are as long as the run by chance",
    ),
    pytest.param(
        MILESTONES.format("400,750,warmup=50"),
        MILESTONES.format("450,750,warmup=75"),
        {"warmup": 75, "milestones[0]": 450},
        id="warmup and milestone",
    ),
    pytest.param(
        "cosine:warmup=0,lr=0.1,steps=1000",
        "cosine:warmup=100,lr=0.1,steps=1200",
        {"warmup": 100, "total": 1200},
        id="warmup that is not planned, and total",
    ),
    pytest.param(
        "torch.CosineAnnealingLR:lr=0.1,steps=1000",
        "torch.CosineAnnealingLR:warmup=100,lr=0.1,steps=1200",
        {"warmup": 100, "total": 1200},
        id="warmup that the schedule has not, and total",
    ),
    pytest.param(
        "wsd:warmup=10%,num_decay_steps=250,lr=1e-3,steps=1100",
        "wsd:warmup=140,num_decay_steps=330,lr=1e-3,steps=1000",
        {"warmup": 140, "num_decay_steps": 330, "total": 1000},
        id="warmup, decay and total",
    ),
    pytest.param(
        "cosine:warmup=12,lr=0.1,steps=1000",
        "cosine:warmup=31,lr=0.1,steps=1300",
        {"warmup": 31, "total": 1300},
        id="warmup that few rows see, and total",
    ),
    pytest.param(
        "cosine:lr=0.1,warmup=12,epochs=10,steps_per_epoch=100",
        "cosine:lr=0.04,warmup=31,steps=1300",
        {"peak": 0.04, "warmup": 31, "total": 1300},
        id="peak, warmup that few rows see, and a total that epochs make",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize("way", ["each", "4 digits", "few"])
@pytest.mark.parametrize(("plan", "made", "numbers"), SEVERAL)
def test_several_numbers_are_named_each_with_what_would_do(plan, made, numbers, way, tmp_path):
    timeline = lrviz.evaluate(made).rows[0].timeline
    write(tmp_path, lambda t: timeline(t.astype(float)), way)
    code, pair = held(tmp_path, plan)
    found = {one["name"] or one["id"]: one for one in pair["causes"]}
    assert (code, found.keys()) == (1, numbers.keys())
    for name, number in numbers.items():
        one = found[name]
        assert (one["least"] or one["there"]) <= number <= (one["most"] or one["there"])


LIKELIER = [
    pytest.param(
        "cosine:warmup=0,steps={}", 1000, 500, 10, ("total", 500), id="the log ends where the total does"
    ),
    pytest.param(
        "cosine:warmup=0,steps={}", 500, 1000, 10, ("total", 1000), id="it goes on beyond the plan's"
    ),
    pytest.param("cosine:warmup=0,steps={}", 1000, 500, 7, ("total", 500), id="between two rows"),
    pytest.param(
        "inverse_sqrt:warmup={},steps=1000", 60, 120, 10, ("warmup", 120), id="rows hide what stands still"
    ),
    pytest.param(
        "torch.StepLR:step_size={},steps=1000", 60, 120, 1, ("parameter", 120), id="stairs hide others"
    ),
    pytest.param(
        "inverse_sqrt:warmup={},steps=1000", 120, 60, 10, ("speed", 2), id="nothing tells, and both are said"
    ),
]


@pytest.mark.parametrize(("plan", "planned", "made", "every", "said"), LIKELIER)
def test_what_rows_show_is_said_before_how_a_scheduler_may_be_stepped(
    plan, planned, made, every, said, tmp_path
):
    found = lrviz.evaluate(f"{plan.format(made)},lr=1e-3").rows[0]
    rows = np.arange(0.0, found.steps, every)
    lines = (f"{row:.0f},{lr!r}" for row, lr in zip(rows, found.timeline(rows).tolist(), strict=True))
    (tmp_path / "log.csv").write_text("\n".join(["step,lr", *lines, ""]))
    _, pair = held(tmp_path, f"{plan.format(planned)},lr=1e-3")
    assert [(one["id"], one["there"]) for one in pair["causes"]] == [said]
    assert pair["others"]


NO_LENGTH = [
    pytest.param("lambda:lr_lambda=0.97**epoch,steps=1000", id="lambda"),
    pytest.param("torch.StepLR:step_size=120,gamma=0.5,steps=1000", id="counts alone"),
    pytest.param("torch.ExponentialLR:gamma=0.999,steps=1000", id="rate"),
]


@pytest.mark.parametrize("plan", NO_LENGTH)
def test_what_has_no_length_has_no_other(plan, tmp_path):
    timeline = lrviz.evaluate(f"{plan},lr=0.1").rows[0].timeline
    write(tmp_path, lambda t: timeline(t * (1000 / 1300)))
    _, pair = held(tmp_path, f"{plan},lr=0.1")
    assert "total" not in {one["id"] for one in (*pair["causes"], *pair["others"])}


OPEN = [
    pytest.param("400,700", "500,800", 1000, "late", "[0]: 500, not 400; [1]: 800, not 700", id="all late"),
    pytest.param("500,800", "400,700", 1000, "ahead", "[0]: 400, not 500; [1]: 700, not 800", id="all early"),
    pytest.param("500,600", "500,9000", 700, "parameter", "[1]: 700 or more, not 600", id="beyond all rows"),
]


@pytest.mark.parametrize(("planned", "made", "until", "cause", "said"), OPEN)
def test_what_the_rows_leave_open_is_said(planned, made, until, cause, said, tmp_path):
    timeline = lrviz.evaluate(MILESTONES.format(made)).rows[0].timeline
    write(tmp_path, lambda t: timeline(t.astype(float)), until=until)
    _, pair = held(tmp_path, MILESTONES.format(planned))
    assert [one["id"] for one in pair["causes"]] == [cause]
    texts = [one["text"] for one in (*pair["causes"], *pair["others"])]
    assert said.replace("[", "another milestones[") in texts


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param("0,0\n1,0.1\n2,0.2\n3,1e308\n", "step 3 differs: 1e308, not 0.3", id="largest"),
        pytest.param("5,1e-3\n6,1000\n7,0.9\n8,0.033\n9,1e-3\n", "steps 5 to 9 differ", id="nonsense"),
    ],
)
def test_values_that_no_schedule_has_differ(rows, said, tmp_path):
    (tmp_path / "lr.csv").write_text(f"step,lr\n{rows}", encoding="utf-8")
    done = run(tmp_path, "diff", "lr.csv", "cosine:warmup=10", "--steps", "100", "--lr", "1")
    assert (done.returncode, "unexpected" in done.stderr) == (1, False)
    assert said in done.stdout


def test_texts_in_place_of_the_factors_of_a_length_are_refused(tmp_path):
    spec = "onecycle:steps_per_epoch=optimizer,epochs=area"
    done = run(tmp_path, "show", spec, "--epochs", "3", "--batches-per-epoch", "39", "--lr", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: steps_per_epoch='optimizer' is not a duration\n")
