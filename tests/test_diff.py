"""``lrviz diff``: nothing of equal curves, else the steps that differ, by how much, and why."""

from __future__ import annotations

import csv
import io

import pytest
from commands import document, run

COSINE = "cosine:warmup=100,lr=1e-3,steps=1000"
BARE = "cosine:warmup=0,lr=1,steps=90"
EPOCH = "torch.CosineAnnealingLR:T_max={},lr=1,steps=90,interval=3"
STEP = "torch.StepLR:step_size=30,lr=1,steps=120"
WSD = "wsd:warmup={},num_decay_steps=200,lr=1e-3,steps={}"
FLOORED = "cosine_with_min_lr:warmup=100,lr={},min_lr=1e-4,steps=1000"
DROPS = "torch.MultiStepLR:milestones={},lr=1,steps=90"
OPTAX = "optax.cosine_decay_schedule:lr=1e-3,steps=1000"
LONGER = "cosine:num_warmup_steps=100,num_training_steps=1500,lr=1e-3,steps=1000"
PAUSE = "the second stands still for 1 step at step 60, and is that late from there on"
ROUNDING = "rounding: no step differs by more than 1e-6 of the peak, as where one is computed in float32"


def cosine(**changes):
    """The same with other keys."""
    keys = {"warmup": 100, "lr": "1e-3", "steps": 1000} | changes
    return "cosine:" + ",".join(f"{key}={value}" for key, value in keys.items())


CAUSES = [
    pytest.param(COSINE, cosine(warmup=101), "another warmup: 101 steps, not 100", id="warmup"),
    pytest.param(COSINE, cosine(warmup=0), "another warmup: 0 steps, not 100", id="no warmup"),
    pytest.param(
        WSD.format(100, 1000),
        WSD.format(150, 1000),
        "another warmup: 150 steps, not 100",
        id="warmup, and nothing after it",
    ),
    pytest.param(STEP, f"{STEP},warmup=10", "another warmup: 10 steps, not 0", id="a ramp in front"),
    pytest.param(COSINE, cosine(steps=2000), "another total: 2000 steps, not 1000", id="total"),
    pytest.param(COSINE, LONGER, "another total: 1500 steps, not 1000", id="total beyond the run"),
    pytest.param(
        WSD.format(100, 1000),
        WSD.format(100, 1200),
        "another total: 1200 steps, not 1000",
        id="total, the decay as long",
    ),
    pytest.param(
        COSINE,
        cosine(warmup=300, steps=2000),
        "another warmup: 300 steps, not 100; another total: 2000 steps, not 1000",
        id="warmup and total",
    ),
    pytest.param(
        COSINE,
        cosine(warmup=200, steps=2000),
        "the second is stretched by 2: its step 2 t is step t of the first",
        id="all twice as long",
    ),
    pytest.param(
        STEP,
        f"{STEP},calls=3",
        "the second is 3 times as fast: its step t is step 3 t of the first",
        id="called three times",
    ),
    pytest.param(
        STEP,
        STEP.replace("30", "31"),
        "the second is stretched by 31/30: its step 31/30 t is step t of the first",
        id="a step longer each",
    ),
    pytest.param(
        BARE,
        EPOCH.format(90),
        "the second moves once in 3 steps, as the other does in one",
        id="called once an epoch",
    ),
    pytest.param(
        BARE,
        EPOCH.format(30),
        "the second moves once in 3 steps, to where the other is then",
        id="in epochs",
    ),
    pytest.param(COSINE, cosine(lead=1), "shifted: the second comes 1 step earlier", id="a step earlier"),
    pytest.param(cosine(lead=1), COSINE, "shifted: the second comes 1 step later", id="a step later"),
    pytest.param(COSINE, cosine(lead=7), "shifted: the second comes 7 steps earlier", id="seven steps"),
    pytest.param(
        DROPS.format(30), DROPS.format(31), "shifted: the second comes 1 step later", id="a milestone"
    ),
    pytest.param(DROPS.format("30,60"), DROPS.format("30,61"), PAUSE, id="the second milestone"),
    pytest.param(COSINE, cosine(lr="3e-3"), "another peak: 3e-3, not 1e-3 (times 3)", id="peak"),
    pytest.param(
        COSINE, cosine(lr="1.0001e-3"), "another peak: 1.0001e-3, not 1e-3 (times 1.0001)", id="nearly it"
    ),
    pytest.param(
        COSINE,
        cosine(lr="2e-3", warmup=200),
        "another peak: 2e-3, not 1e-3 (times 2); another warmup: 200 steps, not 100",
        id="peak and warmup",
    ),
    pytest.param(COSINE, FLOORED.format("1e-3"), "another floor: 1e-4, not 3.046e-9", id="floor"),
    pytest.param(
        FLOORED.format("1e-3"),
        FLOORED.format("2e-3"),
        "another peak: 2e-3, not 1e-3 (times 2); the same floor, 1e-4",
        id="peak above the same floor",
    ),
    pytest.param(
        COSINE,
        "nemo.CosineAnnealing:warmup=100,lr=1e-3,steps=1000",
        "another start: 9.901e-6, not 0",
        id="start",
    ),
    pytest.param(BARE, "constant:lr=1,steps=90", "the second stays at 1 there", id="one value"),
    pytest.param(OPTAX, f"{OPTAX},dtype=float64", ROUNDING, id="float32"),
    pytest.param(COSINE, COSINE.replace("cosine", "linear"), "", id="another shape"),
    pytest.param(BARE, "torch.StepLR:step_size=7,lr=1,steps=90", "", id="nothing in common"),
    pytest.param(DROPS.format("20,40,60"), DROPS.format("21,40,61"), "", id="two of three milestones"),
    pytest.param("constant:lr=1,steps=3", "linear:warmup=0,lr=1,steps=3", "", id="too few steps to tell"),
]


@pytest.mark.long
@pytest.mark.parametrize(("one", "other", "cause"), CAUSES)
def test_causes_in_both_directions(one, other, cause, tmp_path):
    """The other way round the same steps differ, and a cause of the same kind is told of the other curve."""
    done = run(tmp_path, "diff", one, other)
    assert done.returncode == 1
    head, beside, *lines = done.stdout.splitlines()
    assert (head[:4], beside[:4]) == ("--- ", "+++ ")
    assert [line.removeprefix("cause: ") for line in lines if line.startswith("cause: ")] == [cause] * bool(
        cause
    )
    (there,), (back,) = (
        document(tmp_path, "diff", *pair)[1]["pairs"] for pair in ((one, other), (other, one))
    )
    stretches = [[(found["first"], found["last"]) for found in pair["ranges"]] for pair in (there, back)]
    assert stretches[0] == stretches[1]
    assert there["largest"]["difference"] == -back["largest"]["difference"]
    assert [found["id"] for found in there["causes"]] == [found["id"] for found in back["causes"]]


EQUAL = [
    pytest.param(COSINE, COSINE, id="itself"),
    pytest.param(
        COSINE,
        "torchtune.get_cosine_schedule_with_warmup:warmup=100,lr=1e-3,steps=1000",
        id="elsewhere",
    ),
    pytest.param(COSINE, "cosine:warmup=10%,lr=0.001,steps=1e3", id="in other words"),
    pytest.param("linear:warmup=0,lr=1,2,steps=9", "linear:warmup=0,lr=1,2,steps=9", id="param groups"),
    pytest.param(cosine(steps="1e12"), cosine(steps="1e12"), id="10^12 steps"),
    pytest.param(BARE, "--align=percent cosine:warmup=0,lr=1,steps=360", id="percent"),
    pytest.param(
        "torch.StepLR:step_size=3,lr=1,steps=60,steps_per_epoch=5,interval=epoch",
        "--align=epochs torch.StepLR:step_size=3,lr=1,steps=84,steps_per_epoch=7,interval=epoch",
        id="epochs",
    ),
    pytest.param(COSINE, f"--rtol=1e-3 {cosine(lr='1.0005e-3')}", id="within rtol"),
    pytest.param(COSINE, f"--atol=1e-6 {cosine(lr='1.0005e-3')}", id="within atol"),
    pytest.param(
        "torch.OneCycleLR:max_lr=1,total_steps=90,steps=90",
        "--quantity=momentum torch.OneCycleLR:max_lr=3,total_steps=90,steps=90",
        id="momentum",
    ),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_curves_are_silent(one, other, tmp_path):
    done = run(tmp_path, "diff", one, *other.split())
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


ONECYCLE = "torch.OneCycleLR:max_lr=1,total_steps={},steps=90"
LINES = [
    pytest.param(
        "constant:lr=1,steps=9",
        "constant:lr=1,steps=12",
        "the same up to step 8; only the second has steps 9 to 11",
        id="longer",
    ),
    pytest.param(
        "constant:lr=1,steps=10",
        "constant:lr=1,steps=9",
        "the same up to step 8; only the first has step 9",
        id="shorter",
    ),
    pytest.param(ONECYCLE.format(50), ONECYCLE.format(90), "the first stops at step 51: ", id="stops"),
    pytest.param(
        DROPS.format(30), DROPS.format(31), "step 30 differs: 1, not 0.1 (0.9, 90% of the peak)", id="a step"
    ),
    pytest.param(
        STEP.replace("120", "900"),
        STEP.replace("120", "900").replace("30", "31"),
        "and 2 more ranges, the last from step 360 on",
        id="many ranges",
    ),
    pytest.param(
        "torch.ExponentialLR:gamma=1e9,lr=1,steps=40",
        "torch.ExponentialLR:gamma=1e8,lr=1,steps=40",
        "steps 33 to 38 differ, most at step 35: 1e280, not inf",
        id="to infinity",
    ),
    pytest.param(
        "linear:warmup=0,lr=1,steps=100",
        "--align=percent cosine:warmup=0,lr=1,steps=300",
        "51% to 99% differ, most at 78%: ",
        id="percent",
    ),
    pytest.param(
        "linear:warmup=0,lr=1,steps=90,steps_per_epoch=30",
        "--align=epochs cosine:warmup=0,lr=1,steps=60,steps_per_epoch=20",
        "epochs 0.1 to 1.4 differ, most at epoch 0.7: ",
        id="epochs",
    ),
]


@pytest.mark.parametrize(("one", "other", "line"), LINES)
def test_lines(one, other, line, tmp_path):
    done = run(tmp_path, "diff", one, *other.split())
    assert done.returncode == 1
    assert any(found.startswith(line) for found in done.stdout.splitlines()), done.stdout


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        pytest.param((COSINE, COSINE), [], id="equal"),
        pytest.param((COSINE, cosine(warmup=101)), ["another warmup: 101 steps, not 100"], id="a cause"),
        pytest.param(
            ("constant:lr=1,steps=9", "constant:lr=1,steps=12"), ["only the second has them"], id="longer"
        ),
        pytest.param(
            ("constant:lr=1,steps=9", "torch.OneCycleLR:max_lr=1,total_steps=5,steps=9"),
            ["the first stays at 1 there", "only the first has them"],
            id="stops",
        ),
        pytest.param(
            ("cosine:lr={1,2},warmup=0,steps=9", "cosine:lr={1,3},warmup=0,steps=9"),
            ["only in cosine:lr={1,2},warmup=0,steps=9", "only in cosine:lr={1,3},warmup=0,steps=9"],
            id="alone",
        ),
    ],
)
def test_rows_are_as_many_in_every_format(tmp_path, words, rows):
    told = run(tmp_path, "diff", *words, "--format", "csv")
    assert [row["cause"] for row in csv.DictReader(io.StringIO(told.stdout))] == rows
    for name in ("markdown", "github"):
        done = run(tmp_path, "diff", *words, "--format", name)
        lines = [line for line in done.stdout.splitlines() if not line.startswith("::")]
        assert (done.returncode, len(lines)) == (told.returncode, len(rows) + 2 if rows else 0)
