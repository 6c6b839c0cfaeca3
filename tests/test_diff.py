"""``lrviz diff``: nothing of equal curves, else the steps that differ, by how much, and why."""

from __future__ import annotations

import json

import pytest
from commands import new_process, run
from configs import write
from repositories import commit

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


def document(folder, *words):
    done = run(folder, "diff", *words, "--format", "json")
    return done.returncode, json.loads(done.stdout)


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
    (there,), (back,) = (document(tmp_path, *pair)[1]["pairs"] for pair in ((one, other), (other, one)))
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


# --- sides -----------------------------------------------------------------------------------------------

CONFIG = """\
[plan]
steps = 50
[defaults]
lr = 1e-3
warmup = {}
[[schedule]]
name = "cosine"
[[schedule]]
name = "linear"
label = "mine: own"
"""


@pytest.fixture
def folder(tmp_path):
    """A config, once more with another warmup, its curves kept, and the first as it was in git."""
    write(tmp_path / "run.toml", CONFIG.format(5))
    write(tmp_path / "new.toml", CONFIG.format(6))
    for suffix in ("csv", "json"):
        write(tmp_path / f"lr.{suffix}", run(tmp_path, "values", "run.toml", "--format", suffix).stdout)
    some = run(tmp_path, "values", "run.toml", "--every", "5").stdout
    write(tmp_path / "some.csv", some)
    commit(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param("run.toml run.toml", 0, id="configs"),
        pytest.param("run.toml new.toml", 1, id="configs that differ"),
        pytest.param("run.toml git:HEAD:run.toml", 0, id="git"),
        pytest.param("git:HEAD:run.toml git:HEAD:new.toml", 1, id="git that differs"),
        pytest.param("run.toml lr.csv", 0, id="a table"),
        pytest.param("lr.json run.toml", 0, id="a document"),
        pytest.param("lr.json lr.csv", 0, id="both"),
        pytest.param("lr.csv new.toml", 1, id="a table that differs"),
        pytest.param("some.csv run.toml", 0, id="some rows"),
        pytest.param("some.csv lr.csv", 0, id="some rows of others"),
        pytest.param("git:HEAD:lr.csv run.toml", 0, id="a table in git"),
        pytest.param("run.toml:cosine cosine:warmup=5", 0, id="a label, and a spec in its run"),
        pytest.param("run.toml:cosine linear:warmup=5", 1, id="another spec in its run"),
        pytest.param("lr.csv:cosine cosine:warmup=5,lr=1e-3", 0, id="a column, and a spec as long"),
        pytest.param("git:HEAD:run.toml:cosine new.toml:cosine", 1, id="a label in git"),
        pytest.param("run.toml new.toml --warmup 7", 0, id="an option for both"),
        pytest.param("lr.csv run.toml --steps 60", 1, id="an option for the run"),
        pytest.param("run.toml:cosine run.toml", 1, id="one of two"),
    ],
)
def test_sides(words, code, folder):
    done = run(folder, "diff", *words.split())
    assert done.returncode == code, done.stderr + done.stdout
    assert bool(done.stdout) == bool(code)


def test_a_side_from_stdin(folder):
    kept = (folder / "lr.csv").read_bytes()
    assert run(folder, "diff", "-", "run.toml", stdin=kept).returncode == 0
    assert run(folder, "diff", "new.toml", "-", stdin=kept).returncode == 1


def test_a_label_with_a_colon(folder):
    assert run(folder, "diff", "run.toml:mine: own", "linear:warmup=5").returncode == 0


def test_only_in_one(folder):
    write(folder / "less.toml", CONFIG.format(5).rpartition("[[schedule]]")[0])
    done = run(folder, "diff", "run.toml", "less.toml")
    assert (done.returncode, done.stdout) == (1, "only in run.toml: mine: own\n")


def test_param_groups_of_other_number(tmp_path):
    done = run(tmp_path, "diff", "linear:warmup=0,lr=1,2", "linear:warmup=0,lr=1,2,3", "--steps", "9")
    assert (done.returncode, done.stdout) == (1, "only in linear:warmup=0,lr=1,2,3: linear lr=3\n")


REFUSED = [
    pytest.param(
        "cosine:lr=1,warmup=0 cosine:lr=1,warmup=0", "the length of the run is unknown", id="length"
    ),
    pytest.param("run.toml", "two sides are compared, not 1", id="one side"),
    pytest.param("run.toml new.toml lr.csv", "two sides are compared, not 3", id="three sides"),
    pytest.param("- -", "- can be read once", id="stdin twice"),
    pytest.param("run.toml none.toml", "none.toml: no such file", id="no file"),
    pytest.param("run.toml none.csv", "none.csv: no such file", id="no table"),
    pytest.param("run.toml git:v1:run.toml", "git:v1:run.toml: no revision 'v1'", id="no revision"),
    pytest.param("run.toml:cosin run.toml", "run.toml:cosin: no curve is called 'cosin'", id="no label"),
    pytest.param("run.toml constant:lr=1", "run.toml and constant:lr=1 have no label in common", id="which"),
    pytest.param("run.toml run.toml --rtol x", "--rtol x: no number from 0 on", id="no share"),
    pytest.param("run.toml run.toml --atol -1", "--atol -1: no number from 0 on", id="below 0"),
    pytest.param("run.toml run.toml --align weeks", "--align has no 'weeks'", id="no alignment"),
    pytest.param(
        "run.toml run.toml --align epochs", "cosine: the length of an epoch is unknown", id="epochs"
    ),
    pytest.param("run.toml run.toml --quantity momentum", "momentum", id="no momentum"),
    pytest.param("run.toml run.toml --format xml", "--format has no 'xml'", id="no format"),
    pytest.param("run.toml run.toml --color red", "--color has no 'red'", id="no colour"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_refusals(words, message, folder):
    done = run(folder, "diff", *words.split())
    *_, first, second = done.stderr.splitlines()
    assert (done.returncode, done.stdout, message in first) == (2, "", True), first
    assert second.startswith("hint: ")


@pytest.mark.parametrize(
    "words", [["run.toml", "run.toml"], ["run.toml", "new.toml"], ["run.toml", "no.toml"]]
)
def test_quiet_leaves_the_exit_code(words, folder):
    code = ["run.toml", "new.toml", "no.toml"].index(words[1])
    done = run(folder, "diff", *words, "--quiet", by=new_process)
    assert (done.returncode, done.stdout, bool(done.stderr)) == (code, "", code == 2)


@pytest.mark.parametrize(
    ("color", "heads"),
    [
        pytest.param("auto", ["---", "+++"], id="not for a pipe"),
        pytest.param("always", ["\033[31m---", "\033[32m+++"], id="always"),
        pytest.param("never", ["---", "+++"], id="never"),
    ],
)
def test_colours(color, heads, tmp_path):
    lines = run(tmp_path, "diff", COSINE, cosine(lr=1), "--color", color).stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines[:2]] == heads


def test_the_document(folder):
    code, found = document(folder, "run.toml", "new.toml")
    assert (code, found["equal"], found["alone"]) == (1, False, [])
    assert [pair["first"]["name"] for pair in found["pairs"]] == ["run.toml: cosine", "run.toml: mine: own"]
    (cause,) = found["pairs"][0]["causes"]
    assert (cause["id"], cause["here"], cause["there"]) == ("warmup", 5, 6)
    largest = found["pairs"][0]["largest"]
    assert (largest["first"], largest["last"], largest["step"]) == (1, 49, 5)
    assert largest["difference"] == largest["there"] - largest["here"]
    code, found = document(folder, "run.toml", "run.toml")
    assert (code, found["equal"], [pair["ranges"] for pair in found["pairs"]]) == (0, True, [[], []])
