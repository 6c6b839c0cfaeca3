"""Trainers' files and launch lines on the command line and in Python: where they stand, and what is asked."""

from __future__ import annotations

import json
import re

import pytest
from commands import run
from configs import write
from trained import FIXED, SCRIPT, script

import lrviz

EPOCHS = "--num_train_epochs 2 --per_device_train_batch_size 4"


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
        pytest.param(["--", "python sft.py {}"], id="a line in quotes behind --"),
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
        pytest.param("yolo mode=train task=detect epochs=3 optimizer=SGD", "ultralytics", id="and its keys"),
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
    assert "$EXTRA (no line sets it: nothing, unless its environment does)" in done.stderr
    assert done.stderr.splitlines()[1] == "hint: give --dataset-len N --given EXTRA="
    options = ["--dataset-len", "800", "--given", "EXTRA=--learning_rate 1", "--format", "json"]
    done = run(tmp_path, "show", name, *options)
    assert json.loads(done.stdout)["curves"][0]["peak"] == 1
    assert "$@" in done.stderr


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


@pytest.mark.parametrize("version", ["", "latest", "abc", "-1"])
def test_a_version_begins_with_a_number(tmp_path, version):
    done = run(tmp_path, "plan", script(tmp_path), "--trainer", f"transformers@{version}")
    assert (done.returncode, done.stdout) == (2, "")
    hint = done.stderr.splitlines()[-1].removeprefix("hint: ")
    assert run(tmp_path, "plan", script(tmp_path), *hint.split()).returncode == 0


def test_the_keys_that_change_nothing_are_counted_and_listed(tmp_path):
    name = script(tmp_path, f"{FIXED} --bf16 --dataloader_num_workers 4")
    (counted,) = re.findall(
        r"not used, nor checked: (\d+) keys \(-v lists them\)", run(tmp_path, "plan", name).stdout
    )
    (listed,) = re.findall(r"not used, nor checked: (.*)", run(tmp_path, "plan", name, "-v").stdout)
    assert {"bf16", "dataloader_num_workers"} <= set(listed.split(", "))
    assert len(listed.split(", ")) == int(counted)


def test_a_setting_that_the_run_does_not_depend_on_is_not_used(tmp_path):
    """The trainer reads it and refuses a wrong value, all the same."""
    text = "python train.py data --sched cosine --epochs 10 --lr 0.1 --decay-epochs {}"
    options = ["--batches-per-epoch", "10", "--world-size", "1", "-v"]
    (listed,) = re.findall(
        r"not used, nor checked: (.*)", run(tmp_path, "plan", "--args", text.format(30), *options).stdout
    )
    assert "decay_epochs" in listed
    assert run(tmp_path, "plan", "--args", text.format("x"), *options).returncode == 2


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("a.yaml", "colour: red\nsize: 3\n", "it says colour, size", id="YAML"),
        pytest.param("a.sh", "python paint.py --colour red\n", "it says --colour", id="a script"),
        pytest.param("a.py", "colour = 'red'\n", "it says colour", id="Python"),
        pytest.param(
            "net.yaml",
            "name: FastPitch\nmodel: {n_layers: 6}\n",
            "no file of a trainer that is known: it says name, model",
            id="a name beside tables that no config has",
        ),
        pytest.param(
            "neox.yml",
            '{"num-layers": 6, "optimizer": {"type": "Adam", "params": {"lr": 6.0e-4}},'
            ' "train_micro_batch_size_per_gpu": 4, "train-iters": 90, "lr-decay-style": "cosine"}',
            "it says num-layers, optimizer",
            id="DeepSpeed's keys in the one file of GPT-NeoX",
        ),
        pytest.param(
            "wenet.yaml",
            "dataset_conf: {batch_conf: {batch_size: 4}}\nmax_epoch: 9\noptim_conf: {lr: 0.1}\n"
            "encoder: conformer\ndecoder: transformer\ngrad_clip: 5\nlog_interval: 100\n",
            "it says dataset_conf, max_epoch",
            id="ESPnet's keys in a file of WeNet",
        ),
    ],
)
def test_a_file_of_nobody_says_what_was_looked_for(tmp_path, name, text, said):
    write(tmp_path / name, text)
    done = run(tmp_path, "show", name)
    assert done.returncode == 2
    assert said in done.stderr
    assert ("behind --" if name.endswith(".py") else "transformers") in done.stderr


NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# learning_rate = 1"]},
        {"cell_type": "code", "source": ["%pip install -q trl \\\n", "  peft\n", "EPOCHS = 3\n", "!ls"]},
        {"cell_type": "code", "source": "%%bash\nls | wc"},
        {
            "cell_type": "code",
            "source": [
                "%%time\n",
                "args = SFTConfig(\n",
                "  output_dir='ä',\n",
                "  learning_rate=3e-5,\n",
                "  max_steps=EPOCHS * 100)",
            ],
        },
    ]
}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(json.dumps(NOTEBOOK, indent=1), 28, id="a line each"),
        pytest.param(json.dumps(NOTEBOOK, indent=1, ensure_ascii=False), 28, id="no ASCII"),
        pytest.param(json.dumps(NOTEBOOK), 8, id="in one line, counted in its code"),
    ],
)
def test_the_code_of_a_notebook_is_read(tmp_path, text, line):
    write(tmp_path / "a.ipynb", text)
    done = run(tmp_path, "plan", "a.ipynb")
    assert "total steps  max_steps  = 300" in done.stdout, done.stderr
    assert f"a.ipynb:{line}" in next(one for one in done.stdout.splitlines() if "learning_rate" in one)


@pytest.mark.parametrize("text", ["", "{}", '{"cells": [1]}', "x = 1", '{"cells": {"cell_type": "code"}}'])
def test_what_is_no_notebook_is_refused(tmp_path, text):
    write(tmp_path / "a.ipynb", text)
    done = run(tmp_path, "plan", "a.ipynb")
    assert (done.returncode, "no notebook" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        pytest.param(
            "--output_dir o --max_steps 9 --learning_rate 1",
            "--trainer transformers if",
            id="what others build on",
        ),
        pytest.param(
            "--max_iter 9 --gradient_accumulation_steps 2 --lr_decay_iters 9 --wandb_log True",
            "--trainer nanogpt if",
            id="by its list",
        ),
        pytest.param("--lr_gamma 0.1 --lr_step_size 30", "--trainer torchvision if", id="one alone"),
        pytest.param(
            "--lr 1 --colour red", "say whose: --trainer transformers, or", id="one word is no sign"
        ),
        pytest.param(
            "--model vit --batch-size 64 --epochs 90 --lr 0.1 --weight-decay 1e-4 --warmup-epochs 5",
            "say whose: --trainer transformers, or",
            id="what all that train on images have",
        ),
        pytest.param(
            "--nb_classes 9 --layer_decay 0.7 --lr 1", "--trainer beit if", id="what few of them have"
        ),
    ],
)
def test_a_command_of_nobody_names_those_that_know_its_options(tmp_path, options, hint):
    done = run(tmp_path, "show", "--args", f"python paint.py {options}")
    assert (done.returncode, hint in done.stderr.splitlines()[1]) == (2, True), done.stderr


def test_a_program_with_options_of_diffusers_is_none_of_its_scripts(tmp_path):
    line = "lora_pti --pretrained_model_name_or_path=x --train_batch_size=1 --lr_warmup_steps=0 --scale_lr"
    done = run(tmp_path, "show", "--args", line)
    assert (done.returncode, "no command of a trainer that is known" in done.stderr) == (2, True)


def test_a_note_names_its_setting_once(tmp_path):
    write(tmp_path / "sft.yaml", "packing: true")
    line = "trl sft --config sft.yaml --num_processes 1 --num_train_epochs 1 --learning_rate 1e-5"
    done = run(tmp_path, "plan", "--dataset-len", "64", "--args", line)
    assert done.stderr == "note: sft.yaml:1: trl: packing: rows are counted after packing\n"


def test_an_lr_that_nobody_knows_is_asked_for_with_the_rest(tmp_path):
    options = "--output_dir o --num_train_epochs 3 --learning_rate $LR"
    write(tmp_path / "a.sh", f"torchrun --nproc_per_node $N sft.py {options}")
    done = run(tmp_path, "show", "a.sh")
    assert done.stderr.splitlines()[1] == "hint: give --dataset-len N --world-size N --given LR=VALUE"


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


@pytest.mark.parametrize(
    ("line", "text"),
    [
        pytest.param("run_mlm_flax.py", "", id="by its name"),
        pytest.param("run_distillation.py --use_scan", "", id="by an option"),
        pytest.param("train.py", "import optax\n", id="by what it imports"),
    ],
)
def test_a_script_of_flax_takes_the_trainers_arguments_and_counts_its_own_steps(tmp_path, line, text):
    if text:
        write(tmp_path / "train.py", text)
    words = "--output_dir o --do_train --per_device_train_batch_size 8 --max_steps 90"
    done = run(tmp_path, "plan", "--args", f"python {line} {words}")
    assert (done.returncode, "in a loop of its own" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("way", ["plain", "sourced", "in a python script", "linked"])
def test_an_absolute_path_of_a_file_that_lies_beside_is_followed(tmp_path, way):
    folder = tmp_path / "runs"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    (folder / "a.yaml").write_text("max_steps: 40\nlearning_rate: 0.5\noutput_dir: o\n")
    (folder / "env.sh").write_text(f"CFG={folder}/a.yaml\n")
    parsed = f"HfArgumentParser(TrainingArguments).parse_yaml_file('{folder}/a.yaml')"
    texts = {
        "plain": f"CFG={folder}/a.yaml\nllamafactory-cli train $CFG\n",
        "sourced": f"source {folder}/env.sh\nllamafactory-cli train $CFG\n",
        "in a python script": f"from transformers import *\n{parsed}\n",
        "linked": f"llamafactory-cli train {tmp_path}/link/a.yaml\n",
    }
    name = "t.py" if "python" in way else "t.sh"
    (folder / name).write_text(texts[way])
    done = run(tmp_path, "plan", f"runs/{name}", "--world-size", "1")
    assert "lr=0.5,steps=40" in done.stdout, done.stderr
