"""Variables of the environment that a trainer's file reads: set, given, or at their defaults."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write
from trained import FOUNDRY, MMENGINE

ENVIRONMENT = """\
import os
from os import environ, getenv as env
from transformers import TrainingArguments
{before}
TrainingArguments(output_dir="o", per_device_train_batch_size=8, max_steps={steps}, learning_rate={lr})
"""


@pytest.mark.parametrize(
    ("steps", "lr", "words", "found"),
    [
        pytest.param('int(os.environ.get("N", 70))', "1", ["a.py"], (70, 1.0), id="a default"),
        pytest.param('int(os.getenv("N", "70"))', "1", ["a.py"], (70, 1.0), id="a default that is a text"),
        pytest.param('int(env("N", default="70"))', "1", ["a.py"], (70, 1.0), id="by a name of its own"),
        pytest.param('int(os.getenv("N") or 70)', "1", ["a.py"], (70, 1.0), id="a default behind or"),
        pytest.param(
            'int(os.getenv("N") if os.getenv("N") else 70)', "1", ["a.py"], (70, 1.0), id="behind else"
        ),
        pytest.param(
            'int(os.getenv("N") or 70)', "1", ["--", "N=9", "python", "a.py"], (9, 1.0), id="or not needed"
        ),
        pytest.param('int(environ.get("N", 70))', "1", ["a.py", "--given", "N=9"], (9, 1.0), id="given"),
        pytest.param('int(environ["N"])', "1", ["a.py", "--given", "N=9"], (9, 1.0), id="no default"),
        pytest.param(
            'int(os.getenv("N", 70))', "1", ["--", "N=9", "python", "a.py"], (9, 1.0), id="a command's"
        ),
        pytest.param(
            '80 // int(os.getenv("WORLD_SIZE", 1))',
            "1",
            ["--", "torchrun", "--nproc_per_node=4", "a.py"],
            (20, 1.0),
            id="a launcher's",
        ),
        pytest.param(
            '80 // int(os.getenv("WORLD_SIZE", 1))',
            "1",
            ["--", "python", "a.py"],
            (80, 1.0),
            id="no launcher",
        ),
        pytest.param("8", 'float(os.getenv("LR", "1"))', ["a.py"], (8, 0.25), id="set by the file itself"),
    ],
)
def test_a_variable_of_the_environment_is_what_sets_it(tmp_path, steps, lr, words, found):
    """By the command, the file itself or ``--given``; else its default counts."""
    write(tmp_path / "a.py", ENVIRONMENT.format(steps=steps, lr=lr, before='os.environ["LR"] = "0.25"'))
    done = run(tmp_path, "show", "--format", "json", *words)
    (curve,) = json.loads(done.stdout)["curves"]
    assert (curve["steps"], curve["peak"]) == found
    assert ("N=70 of its environment (assumed)" in done.stderr) == (70 in found)


@pytest.mark.parametrize(
    ("value", "words", "lr", "is_assumed"),
    [
        pytest.param("${oc.env:LR,1e-3}", ["a.yaml"], 1e-3, True, id="a default"),
        pytest.param("${oc.env:LR,'1e-3'}", ["a.yaml"], 1e-3, True, id="a default in quotes"),
        pytest.param("${oc.decode:${oc.env:LR,1e-3}}", ["a.yaml"], 1e-3, True, id="decoded"),
        pytest.param("1e-${oc.env:N,3}", ["a.yaml"], 1e-3, True, id="within a text"),
        pytest.param("${oc.env:LR,1}", ["a.yaml", "--given", "LR=1e-3"], 1e-3, False, id="given"),
        pytest.param(
            "${oc.env:LR,1}", ["--", "LR=1e-3", "composer", "train.py", "a.yaml"], 1e-3, False, id="set"
        ),
    ],
)
def test_the_environment_of_a_yaml_file(tmp_path, value, words, lr, is_assumed):
    write(tmp_path / "a.yaml", FOUNDRY.format(f'"{value}"'))
    done = run(tmp_path, "show", "--get", "peak", *words)
    assert (done.stdout, "(assumed)" in done.stderr) == (f"{lr}\n", is_assumed), done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param(
            "llamafactory", "stage: sft\nfinetuning_type: lora\nmax_steps: 9\n{}", id="LLaMA-Factory"
        ),
        pytest.param("axolotl", "base_model: m\nmicro_batch_size: 1\nmax_steps: 9\n{}", id="axolotl"),
        pytest.param("trl", "packing: true\noutput_dir: o\nmax_steps: 9\n{}", id="TRL"),
    ],
)
@pytest.mark.parametrize(
    ("value", "given"),
    [
        pytest.param("${oc.env:LR,1e-3}", "LR", id="the environment"),
        pytest.param("${seed}", "seed", id="a key of the file"),
    ],
)
def test_what_its_program_does_not_fill_in_is_asked_for(tmp_path, name, text, value, given):
    write(tmp_path / "a.yaml", text.format(f"seed: 1\nlearning_rate: {value}\n"))
    words = ["show", "a.yaml", "--trainer", name, "--get", "peak"]
    done = run(tmp_path, *words)
    assert (done.returncode, f"learning_rate ({value}: its program fills nothing in)" in done.stderr) == (
        2,
        True,
    ), done.stderr
    assert f"--given {given}=VALUE" in done.stderr
    told = run(tmp_path, *words, "--given", f"{given}=0.25", "--dataset-len", "9", "--world-size", "1")
    assert told.stdout == "0.25\n", told.stderr


def test_the_environment_of_an_mmengine_config(tmp_path):
    write(tmp_path / "a.py", MMENGINE.format(epochs="{{'$EPOCHS:2'}}"))
    done = run(tmp_path, "values", "a.py", "--batches-per-epoch", "100", "--plain")
    assert len(done.stdout.splitlines()) == 200
    assert "EPOCHS=2 of its environment (assumed)" in done.stderr


def test_a_variable_of_a_launcher_has_no_default_in_a_yaml_file(tmp_path):
    write(tmp_path / "a.yaml", FOUNDRY.format("${oc.env:SLURM_LR,1}"))
    done = run(tmp_path, "plan", "a.yaml")
    assert (done.returncode, "--given SLURM_LR=VALUE" in done.stderr) == (2, True), done.stderr


def test_what_a_launcher_sets_is_asked_for_without_one(tmp_path):
    text = ENVIRONMENT.format(steps='80 // int(os.getenv("WORLD_SIZE", 1))', lr="1", before="")
    write(tmp_path / "a.py", text)
    done = run(tmp_path, "plan", "a.py")
    assert (done.returncode, "does not say max_steps" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        pytest.param(["--world-size", "4"], 20, id="by the option"),
        pytest.param(["--given", "WORLD_SIZE=8"], 10, id="by its name"),
        pytest.param(["--given", "WORLD_SIZE=8", "--world-size", "4"], 10, id="by both"),
    ],
)
def test_what_a_launcher_sets_is_told(tmp_path, options, steps):
    text = ENVIRONMENT.format(steps='80 // int(os.getenv("WORLD_SIZE", 1))', lr="1", before="")
    write(tmp_path / "a.py", text)
    assert run(tmp_path, "plan", "a.py", *options, "--get", "total").stdout == f"{steps}\n"


@pytest.mark.parametrize(
    ("default", "words", "steps"),
    [
        pytest.param('int(os.getenv("N", 70))', ["a.py"], 70, id="its default"),
        pytest.param('os.environ.get("N", 70)', ["a.py"], 70, id="a text's"),
        pytest.param("MOST * 2", ["a.py"], 60, id="of another name"),
        pytest.param('int(os.getenv("N", 70))', ["a.py", "--given", "N=5"], 5, id="given"),
        pytest.param('int(os.getenv("N", 70))', ["--", "N=5", "python", "a.py"], 5, id="set"),
        pytest.param('int(os.getenv("N", 70))', ["--", "N=5", "python", "a.py", "--n", "6"], 6, id="said"),
        pytest.param("count()", ["a.py"], None, id="nobody can know"),
    ],
)
def test_the_default_of_an_option_may_be_computed(tmp_path, default, words, steps):
    write(
        tmp_path / "a.py",
        "import argparse, os\nfrom transformers import TrainingArguments\nMOST = 30\n"
        f"p = argparse.ArgumentParser()\np.add_argument('--n', type=int, default={default})\n"
        "a = p.parse_args()\nargs = TrainingArguments(output_dir='o', max_steps=a.n)\n",
    )
    done = run(tmp_path, "show", "--get", "total", *words)
    assert done.stdout == (f"{steps}\n" if steps else ""), done.stderr
    assert steps or "--given n=VALUE" in done.stderr
