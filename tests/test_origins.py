"""Where every value comes from: on the command line, in JSON and in Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import run
from configs import write
from every import for_every_schedule

import lrviz
from lrviz.describe.example import PEAK, STEPS, example
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

FLAT = 'name = "cosine"\nsteps = 100\nlr = 3e-4\nwarmup = "6%"\n'
TABLES = """\
[plan]
steps = 100
[defaults]
lr = 3e-4
min_lr = 1e-5
[[schedule]]
name = "cosine_with_min_lr"
warmup = 0
"""
PHASES = """\
[plan]
steps = 100
[defaults]
lr = 1
[[schedule]]
[[schedule.phase]]
name = "torch.LinearLR"
for = 50
start_factor = 0.1
[[schedule.phase]]
name = "cosine"
num_warmup_steps = 0
"""


def explained(*arguments):
    """Every row of the table, by key."""
    write("flat.toml", FLAT)
    write("tables.toml", TABLES)
    write("phases.toml", PHASES)
    done = run(Path(), *arguments, "--explain")
    assert done.returncode == 0, done.stderr
    table = done.stdout.partition("\nkey ")[2].splitlines()[1:]
    return {key: (value, origin) for key, value, origin in (line.split(None, 2) for line in table)}


SHOW = ("show", "linear", "--steps", "100", "--lr", "0.1")
EPOCHS = ("plan", "--epochs", "50", "--dataset-len", "1235", "--batch-size", "32")


@pytest.mark.parametrize(
    ("arguments", "key", "value", "origin"),
    [
        pytest.param(("show", "linear:lr=0.2", "--steps", "9"), "lr", "0.2", "spec", id="a word"),
        pytest.param(("show", "step:step_size=30%"), "step_size", "30%", "spec", id="a parameter of a word"),
        pytest.param(SHOW, "lr", "0.1", "option --lr", id="an option"),
        pytest.param(("show", "linear:lr=0.2", *SHOW[2:]), "lr", "0.2", "spec", id="a word over an option"),
        pytest.param(("show", "flat.toml"), "warmup", "6%", "flat.toml:4", id="a flat config"),
        pytest.param(
            ("show", "flat.toml", "--lr", "1"), "lr", "1", "option --lr", id="an option over a config"
        ),
        pytest.param(
            ("show", "flat.toml", "--warmup-fraction", "0.1"),
            "warmup_fraction",
            "0.1",
            "option --warmup-fraction",
            id="an option over a rival in a config",
        ),
        pytest.param(
            ("show", "tables.toml"), "steps", "100", "tables.toml:2 [plan]", id="the plan of a config"
        ),
        pytest.param(("show", "tables.toml"), "lr", "3e-4", "tables.toml:4 [defaults]", id="its defaults"),
        pytest.param(("show", "tables.toml"), "warmup", "0", "tables.toml:8", id="its schedule"),
        pytest.param(("show", "phases.toml"), "lr", "1", "phases.toml:4 [defaults]", id="beside phases"),
        pytest.param(
            ("show", "phases.toml"), "phase[0].start_factor", "0.1", "phases.toml:9", id="a key of a phase"
        ),
        pytest.param(
            ("show", "phases.toml"),
            "phase[1].num_training_steps",
            "50",
            "derived: total_steps",
            id="in a phase",
        ),
        pytest.param(SHOW, "num_warmup_steps", "0", "starter", id="a starter"),
        pytest.param(
            ("show", "step", *SHOW[2:]), "step_size", "30", "starter 30%", id="a starter of the run"
        ),
        pytest.param(("show", "linear"), "lr", "1e-3", "example", id="the LR of the example"),
        pytest.param(("plan",), "epochs", "50", "example", id="the plan of the example"),
        pytest.param(
            ("show", "cosine", *SHOW[2:]),
            "num_cycles",
            "0.5",
            "default of transformers 5.23.0",
            id="a default",
        ),
        pytest.param(SHOW, "num_training_steps", "100", "derived: total_steps", id="filled from the run"),
        pytest.param(
            (*SHOW, "--warmup", "6%"), "num_warmup_steps", "6", "derived: warmup", id="filled from an option"
        ),
        pytest.param(EPOCHS, "dataset_len", "1235", "option --dataset-len", id="an option of a plan"),
        pytest.param(EPOCHS, "steps_per_epoch", "39", "derived: ceil(1235 / 32)", id="an epoch"),
        pytest.param(EPOCHS, "total_steps", "1950", "derived: 39 * 50", id="the total"),
        pytest.param(
            (*EPOCHS, "--trainer", "timm"),
            "steps_per_epoch",
            "38",
            "derived: floor(1235 / 32) (timm 1.0.31)",
            id="as a trainer counts",
        ),
        pytest.param(
            ("show", "torch.OneCycleLR", "--epochs", "2", "--steps-per-epoch", "9"),
            "epochs",
            "2",
            "option --epochs",
            id="a key called like a parameter that nobody says",
        ),
        pytest.param(
            ("show", "torch.CosineAnnealingLR", *SHOW[2:], "--warmup", "10"),
            "T_max",
            "90",
            "derived: total_steps less the warmup",
            id="behind a warmup",
        ),
        pytest.param(
            ("show", "cosine", "--epochs", "3", "--trainer", "lightning"),
            "interval",
            "epoch",
            "default of lightning 2.6.6",
            id="as a trainer calls it",
        ),
        pytest.param(("plan", "flat.toml"), "warmup", "6%", "flat.toml:4", id="the warmup in a plan"),
    ],
)
def test_every_value_has_its_origin(arguments, key, value, origin):
    assert explained(*arguments)[key] == (value, origin)


@for_every_schedule
def test_every_parameter_has_its_origin(entry):
    made = example(entry)
    flags = {
        "steps": STEPS,
        "steps_per_epoch": 10,
        "lr": PEAK,
        **({"metric": "constant"} if made.flat else {}),
    }
    found = resolve(parse(made.spec), flags)
    assert entry.params.keys() - found.origins.keys() <= {"phase"}  # phases are told one by one


def test_plans_whose_values_others_say_are_told_apart():
    write("two.toml", TABLES + '[[schedule]]\nname = "cosine_with_min_lr"\nwarmup = 0\nsteps = 100\n')
    done = run(Path(), "plan", "two.toml", "--explain")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[2:] for line in lines if line[:1] == ["steps"]] == [
        ["two.toml:2", "[plan]"],
        ["two.toml:12"],
    ]


def test_a_long_value_is_cut_for_people():
    milestones = ",".join(map(str, range(1, 400)))
    value, _ = explained("show", f"multistep:milestones={milestones}", *SHOW[2:])["milestones"]
    assert value.startswith("1,2,3,")
    assert len(value) <= 60


def test_a_rival_that_is_beaten_is_not_told():
    assert "warmup" not in explained("show", "flat.toml", "--warmup-fraction", "0.1")


@pytest.mark.parametrize(
    ("command", "path"),
    [
        pytest.param("plan", (), id="plan"),
        pytest.param("show", ("curves", 0), id="show"),
    ],
)
def test_json_has_the_origins(command, path):
    write("run.toml", FLAT)
    found = json.loads(run(Path(), command, "run.toml", "--steps", "50", "--format", "json").stdout)
    for key in path:
        found = found[key]
    place = {"file": "run.toml", "line": 4, "key": "warmup"}
    assert found["origins"]["warmup"] == {"value": "6%", "source": "file", "text": None, "place": place}
    assert found["origins"]["steps"] == {"value": 50, "source": "option", "text": "--steps", "place": None}


def test_lists_are_json_as_they_are_typed():
    done = run(
        Path(), "show", "multistep:milestones=30,60", "--lr", "1,2", "--steps", "90", "--format", "json"
    )
    found = json.loads(done.stdout)["curves"][0]["origins"]
    assert (found["milestones"]["value"], found["lr"]["value"]) == ("30,60", "1,2")


@pytest.mark.parametrize(
    ("curve", "key", "origin"),
    [
        pytest.param(
            lambda: lrviz.evaluate("constant:lr=1", lrviz.Plan(steps=9)), "steps", "python", id="a plan"
        ),
        pytest.param(lambda: lrviz.evaluate("constant:lr=1,steps=9"), "steps", "spec", id="a spec"),
        pytest.param(lambda: lrviz.load("run.toml").curves()[0], "steps", "run.toml:2", id="a config"),
        pytest.param(
            lambda: lrviz.evaluate("run.toml", lrviz.Plan(steps=9))[0], "steps", "python", id="over a config"
        ),
    ],
)
def test_a_curve_has_the_origins(curve, key, origin):
    write("run.toml", FLAT.replace('"6%"', "0"))
    assert str(curve().origins[key].origin) == origin


def test_a_plan_says_nothing_of_what_it_leaves_out():
    found = lrviz.evaluate("constant:lr=1", lrviz.Plan(steps=9)).origins
    assert {key for key, given in found.items() if given.origin.source == "python"} == {"steps"}


def test_a_recorded_curve_has_no_origins():
    assert lrviz.record(float, 5).origins == {}


@pytest.mark.parametrize(
    "arguments",
    [pytest.param(("plan",), id="plan"), pytest.param(("show", "linear", "wsd"), id="show")],
)
def test_without_explain_nothing_is_added(arguments):
    plain, told = run(Path(), *arguments), run(Path(), *arguments, "--explain")
    assert told.stdout.startswith(plain.stdout + "\n")
    assert told.stderr == plain.stderr


@pytest.mark.parametrize("command", ["plan", "show"])
@pytest.mark.parametrize(
    "form",
    [
        pytest.param(("--format", "json"), id="a document"),
        pytest.param(("--format", "csv"), id="rows"),
        pytest.param(("--get", "total"), id="a value alone"),
    ],
)
def test_explain_is_said_to_be_idle_where_no_table_is_printed(command, form):
    done = run(Path(), command, "linear:steps=9,lr=1,warmup=0", *form, "--explain")
    assert (done.returncode, "--explain changes nothing" in done.stderr) == (0, True)
