"""Trainers' files and launch lines on the command line and in Python: where they stand, and what is asked."""

from __future__ import annotations

import json
import re

import pytest
from commands import run
from configs import write

import lrviz

SCRIPT = """\
GPUS={gpus}
LR=2e-5
torchrun --nproc_per_node $GPUS sft.py --output_dir out --lr_scheduler_type cosine \\
  --learning_rate $LR --warmup_steps 10 {more}
"""
FIXED = "--max_steps 100"
EPOCHS = "--num_train_epochs 2 --per_device_train_batch_size 4"


def script(tmp_path, more=FIXED, gpus="2"):
    return write(tmp_path / "sft.sh", SCRIPT.format(more=more, gpus=gpus)).name


def numbers(tmp_path, *words):
    done = run(tmp_path, "values", *words, "--at", "0,10,99", "--plain", "-q")
    assert done.returncode == 0, done.stderr
    return [float(text) for text in done.stdout.split()]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["sft.sh"], id="a script"),
        pytest.param(["--args", "python sft.py {}"], id="a line in quotes"),
        pytest.param(["--", "python", "sft.py", "{}"], id="a line behind --"),
        pytest.param(["--", "torchrun", "--nnodes", "2", "sft.py", "{}"], id="a launcher behind --"),
        pytest.param(["--args", "LR=1 nohup python -u sft.py {} &"], id="a line with all its trimmings"),
    ],
)
def test_a_launch_line_stands_where_a_spec_may(tmp_path, words):
    script(tmp_path)
    line = "--output_dir o --lr_scheduler_type cosine --learning_rate 2e-5 --warmup_steps 10 --max_steps 100"
    words = [part for word in words for part in (line.split() if word == "{}" else [word.format(line)])]
    rest = ["--at", "0,10,99", "--plain", "-q"]
    done = run(tmp_path, "values", *rest, *words)
    assert done.returncode == 0, done.stderr
    expected = lrviz.evaluate("transformers.cosine:num_warmup_steps=10,lr=2e-5,steps=100").lr
    assert [float(text) for text in done.stdout.split()] == [expected[0], expected[10], expected[99]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("yolo detect train epochs=3 optimizer=SGD", "ultralytics", id="a program called so"),
        pytest.param("yolo:steps_per_epoch=5", "100 steps", id="the schedule"),
        pytest.param("cosine linear", "100 steps", id="two schedules"),
    ],
)
def test_a_program_may_be_called_like_a_schedule(tmp_path, line, expected):
    options = ["--batches-per-epoch", "5"] if expected == "ultralytics" else ["--steps", "100"]
    done = run(tmp_path, "show", *options, "--lr", "0.1", "--", *line.split())
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout + done.stderr


def test_a_spec_beside_it_runs_as_long(tmp_path):
    name = script(tmp_path)
    done = run(tmp_path, "show", name, "linear:label=mine", "--format", "json")
    first, second = json.loads(done.stdout)["curves"]
    assert (first["label"], second["label"], second["steps"], second["peak"]) == ("sft.sh", "mine", 100, 2e-5)
    assert "mine: steps, lr as in the run of sft.sh" in done.stderr


@pytest.mark.parametrize(
    ("options", "steps", "peak"),
    [
        pytest.param([], 30, 0.5, id="its own"),
        pytest.param(["--steps", "200"], 200, 0.5, id="an option for both"),
        pytest.param(["--lr", "1"], 30, 1.0, id="the LR for both"),
    ],
)
@pytest.mark.parametrize("place", [pytest.param(0, id="before it"), pytest.param(1, id="behind it")])
def test_a_config_beside_it_keeps_its_own(tmp_path, options, steps, peak, place):
    text = "[plan]\nsteps = 30\n[[schedule]]\nname = 'transformers.linear'\nwarmup = 0\nlr = 0.5\n"
    words = [script(tmp_path), "linear:label=mine"]
    words.insert(place, write(tmp_path / "run.toml", text).name)
    done = run(tmp_path, "show", *words, *options, "--format", "json")
    curves = {curve["label"]: curve for curve in json.loads(done.stdout)["curves"]}
    assert (curves["transformers.linear"]["steps"], curves["transformers.linear"]["peak"]) == (steps, peak)
    assert curves["mine"]["steps"] == curves["sft.sh"]["steps"]


@pytest.mark.parametrize("command", ["show", "plot", "values", "plan"])
def test_all_it_does_not_say_is_asked_for_at_once(tmp_path, command):
    name = script(tmp_path, EPOCHS, gpus='"$1"')
    done = run(tmp_path, command, name)
    assert (done.returncode, done.stdout) == (2, "")
    error, hint = done.stderr.splitlines()
    assert "how many rows it trains on" in error
    assert "learning_rate=2e-5" in error
    assert hint.startswith("hint: give --dataset-len N --world-size N")


def test_a_variable_nobody_sets_is_named_and_asked_for(tmp_path):
    name = write(tmp_path / "sft.sh", SCRIPT.format(more=FIXED, gpus="2").replace("LR=2e-5\n", "")).name
    done = run(tmp_path, "show", name)
    assert done.returncode == 2
    assert "$LR" in done.stderr
    assert "--given LR=" in done.stderr
    assert numbers(tmp_path, name, "--given", "LR=1e-3")[1] == 1e-3


def test_a_variable_that_may_hold_options_is_asked_for_with_the_rest(tmp_path):
    name = script(tmp_path, f'{EPOCHS} $EXTRA "$@"')
    done = run(tmp_path, "show", name)
    assert done.stderr.splitlines()[1] == "hint: give --dataset-len N --given EXTRA=VALUE"
    options = ["--dataset-len", "800", "--given", "EXTRA=--learning_rate 1", "--format", "json"]
    done = run(tmp_path, "show", name, *options)
    assert json.loads(done.stdout)["curves"][0]["peak"] == 1
    assert "$@" in done.stderr


PYTHON = """\
import os
from transformers import TrainingArguments
n = 8 * int(os.environ["X"])
{before}
def main(args):
    TrainingArguments(output_dir="o", per_device_train_batch_size={batch}, learning_rate={lr}, {more})
"""
MMENGINE = """\
max_epochs = int(input())
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="SGD", lr=0.1))
train_cfg = dict(type="EpochBasedTrainLoop", max_epochs={epochs})
param_scheduler = [dict(type="CosineAnnealingLR", T_max={epochs}, by_epoch=True, end={epochs})]
"""
FACTORY = """\
model_name_or_path: m
stage: sft
finetuning_type: lora
output_dir: o
max_steps: 100
learning_rate: {}
"""


def python(batch="8", lr="1e-3", more="max_steps=100", before=""):
    return PYTHON.format(batch=batch, lr=lr, more=more, before=before)


@pytest.mark.parametrize(
    ("name", "text", "values", "peak", "total"),
    [
        pytest.param("a.py", python(lr="LR"), ["1e-3"], 1e-3, 100, id="a name nobody assigns"),
        pytest.param("a.py", python(lr="LR * 2"), ["5e-4"], 1e-3, 100, id="arithmetic with it"),
        pytest.param("a.py", python(lr="args.lr"), ["1e-3"], 1e-3, 100, id="a part of an argument"),
        pytest.param("a.py", python(lr="args['lr']"), ["1e-3"], 1e-3, 100, id="an item of one"),
        pytest.param("a.py", python(lr="float(input())"), ["1e-3"], 1e-3, 100, id="a call"),
        pytest.param(
            "a.py",
            python("n // 4", more="num_train_epochs=1"),
            ["16"],
            1e-3,
            200,
            id="arithmetic with a call's",
        ),
        pytest.param(
            "a.py",
            python(lr="lr", before="lr = 1\nif n:\n    lr = 2"),
            ["1e-3"],
            1e-3,
            100,
            id="a name set in an if",
        ),
        pytest.param(
            "m.py", MMENGINE.format(epochs="max_epochs"), ["2"] * 3, 0.1, 200, id="tables of a file in Python"
        ),
        pytest.param("a.yaml", FACTORY.format("${oc.env:LR}"), ["1e-3"], 1e-3, 100, id="the environment"),
        pytest.param(
            "a.yaml", FACTORY.format("${oc.env:LR,1}"), ["1e-3"], 1e-3, 100, id="one with a default"
        ),
        pytest.param(
            "a.yaml", FACTORY.format("${opt.lr}"), ["1e-3"], 1e-3, 100, id="a key that is not there"
        ),
        pytest.param("a.yaml", FACTORY.format("${x}e-3"), ["1"], 1e-3, 100, id="a part of a text"),
        pytest.param("a.yaml", FACTORY.format("${mul:${x},2}"), ["1e-3"], 1e-3, 100, id="a resolver"),
        pytest.param("a.yaml", FACTORY.format("???"), ["1e-3"], 1e-3, 100, id="still to be said"),
        pytest.param(
            "a.sh", SCRIPT.format(gpus=1, more=FIXED).replace("LR=2e-5", ""), ["1e-3"], 1e-3, 100, id="$NAME"
        ),
        pytest.param(
            "a.sh",
            SCRIPT.format(gpus=1, more=FIXED).replace("$LR", "${LR%x}"),
            ["1e-3x", "1e-3"],
            1e-3,
            100,
            id="${NAME%x}",
        ),
    ],
)
def test_the_hint_gives_what_it_leaves_open(tmp_path, name, text, values, peak, total):
    """As long as it asks, its hint is typed with the next values."""
    write(tmp_path / name, text)
    options = ["--batches-per-epoch", "100"] if name == "m.py" else []
    options += ["--dataset-len", "800", "--world-size", "1"] if "num_train_epochs" in text else []
    left = list(values)
    while (done := run(tmp_path, "show", name, *options, "--format", "json")).returncode and left:
        hint = done.stderr.splitlines()[-1].removeprefix("hint: give ")
        asked = hint.split("--given ")[1:]
        assert asked, done.stderr
        options += [word for one in asked for word in ("--given", one.strip().replace("VALUE", left.pop(0)))]
    (curve,) = json.loads(done.stdout)["curves"]
    assert (curve["peak"], curve["steps"], left) == (peak, total, [])
    assert "changes nothing" not in done.stderr


def test_a_name_that_is_given_beats_the_file(tmp_path):
    write(tmp_path / "a.py", MMENGINE.format(epochs="max_epochs"))
    options = ["--batches-per-epoch", "100", "--given", "max_epochs=2", "--get", "total"]
    assert run(tmp_path, "plan", "a.py", *options).stdout == "200\n"


@pytest.mark.parametrize(
    ("more", "is_idle"),
    [
        pytest.param(FIXED, True, id="a word of the script"),
        pytest.param(f"{FIXED} --dataset $output_dir", False, id="a variable of it"),
    ],
)
def test_what_is_given_and_never_looked_for_is_said(tmp_path, more, is_idle):
    done = run(tmp_path, "show", script(tmp_path, more), "--given", "output_dir=there")
    assert ("--given output_dir changes nothing" in done.stderr) is is_idle


@pytest.mark.parametrize(
    ("more", "options", "peak", "total"),
    [
        pytest.param(FIXED, ["--lr", "1"], 1.0, 100, id="the LR"),
        pytest.param(FIXED, ["--given", "learning_rate=1"], 1.0, 100, id="the LR by its own name"),
        pytest.param(FIXED, ["--steps", "200"], 2e-5, 200, id="the steps"),
        pytest.param(EPOCHS, ["--dataset-len", "800", "--epochs", "3"], 2e-5, 300, id="the epochs"),
        pytest.param(EPOCHS, ["--batches-per-epoch", "100"], 2e-5, 200, id="the batches"),
        pytest.param(EPOCHS, ["--dataset-len", "800", "--world-size", "4"], 2e-5, 100, id="the processes"),
    ],
)
def test_an_option_beats_the_file(tmp_path, more, options, peak, total):
    name = script(tmp_path, more)
    done = run(tmp_path, "show", name, *options, "--format", "json")
    (curve,) = json.loads(done.stdout)["curves"]
    assert (curve["peak"], curve["steps"]) == (peak, total)


def test_the_version_decides_and_is_said_where_it_does(tmp_path):
    name = script(tmp_path, f"{EPOCHS} --gradient_accumulation_steps 4")
    options = ["--dataset-len", "104", "--get", "total"]
    done = run(tmp_path, "plan", name, *options)
    old = run(tmp_path, "plan", name, *options, "--trainer", "transformers@4.49")
    assert (done.stdout, old.stdout) == ("8\n", "6\n")
    assert "is assumed" in run(tmp_path, "plan", name, "--dataset-len", "104").stderr
    assert (
        "is assumed" not in run(tmp_path, "plan", name, *options[:2], "--trainer", "transformers@4.49").stderr
    )


def test_the_keys_that_change_nothing_are_counted_and_listed(tmp_path):
    name = script(tmp_path, f"{FIXED} --bf16 --dataloader_num_workers 4")
    (counted,) = re.findall(r"not used: (\d+) keys \(-v lists them\)", run(tmp_path, "plan", name).stdout)
    (listed,) = re.findall(r"not used: (.*)", run(tmp_path, "plan", name, "-v").stdout)
    assert {"bf16", "dataloader_num_workers"} <= set(listed.split(", "))
    assert len(listed.split(", ")) == int(counted)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("a.yaml", "colour: red\nsize: 3\n", "it says colour, size", id="YAML"),
        pytest.param("a.sh", "python paint.py --colour red\n", "it says --colour", id="a script"),
        pytest.param("a.py", "colour = 'red'\n", "it says colour", id="Python"),
    ],
)
def test_a_file_of_nobody_says_what_was_looked_for(tmp_path, name, text, said):
    write(tmp_path / name, text)
    done = run(tmp_path, "show", name)
    assert done.returncode == 2
    assert said in done.stderr
    assert "transformers" in done.stderr


def test_json_tells_the_reading(tmp_path):
    done = run(tmp_path, "plan", script(tmp_path), "--format", "json")
    plan = json.loads(done.stdout)
    assert (plan["trainer"], plan["total_steps"], plan["warmup_steps"]) == ("transformers 5.23.0", 100, 10)
    said = plan["reading"]["settings"]["learning_rate"]
    assert (said["value"], said["place"]["file"], said["place"]["line"]) == (2e-5, "sft.sh", 4)


def test_python_gives_what_it_leaves_open(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = script(tmp_path, EPOCHS)
    (curve,) = lrviz.evaluate(name, given={"dataset_len": 800})
    assert (len(curve), curve.label, curve.facts.peak) == (200, name, 2e-5)
    with pytest.raises(lrviz.PlanError, match="how many rows"):
        lrviz.evaluate(name)
    with pytest.raises(lrviz.ConfigError, match="trainer's file"):
        lrviz.load(name)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param("--max_steps 1e400", id="no float"),
        pytest.param(
            "--max_steps -1 --num_train_epochs 1e308 --per_device_train_batch_size 1", id="too many"
        ),
        pytest.param(f"{EPOCHS} --per_device_train_batch_size 0", id="no batch"),
        pytest.param(f"{EPOCHS} --learning_rate nan", id="no LR"),
    ],
)
def test_numbers_no_run_can_have_are_refused(tmp_path, more):
    name = script(tmp_path, more)
    done = run(tmp_path, "show", name, "--dataset-len", "1000")
    assert (done.returncode, done.stdout) == (2, "")
    assert "hint: " in done.stderr
    assert "bug" not in done.stderr


def test_tables_of_a_file_are_shown_as_they_are(tmp_path):
    name = script(tmp_path, FIXED + """ --lr_scheduler_kwargs '{"num_cycles": 1}'""")
    assert "{'num_cycles': 1}" in run(tmp_path, "plan", name).stdout
    plan = json.loads(run(tmp_path, "plan", name, "--format", "json").stdout)
    assert plan["reading"]["settings"]["lr_scheduler_kwargs"]["value"] == {"num_cycles": 1}
