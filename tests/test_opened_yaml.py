"""YAML that a script reads by itself: what it says counts, and what is not here is asked for as a whole."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

FILE = "data: x\nlearning_rate: 9.0e-5\nlr_scheduler_type: cosine\nwarmup_steps: 5\nnum_train_epochs: 2\n"
HEAD = """import argparse, yaml
from transformers import TrainingArguments, Trainer
parser = argparse.ArgumentParser()
parser.add_argument("--config", default="a.yaml")
parser.add_argument("--lr", type=float)
cli = parser.parse_args()
"""
LOADED = f"{HEAD}cfg = yaml.safe_load(open(cli.config))\n"
WHOLE = (
    f"{LOADED}cfg.pop('data')\nif cli.lr is not None:\n    cfg['learning_rate'] = cli.lr\n"
    "args = TrainingArguments('o', **cfg)\n"
)
WITH = f"{HEAD}with open(cli.config) as f:\n    cfg = yaml.load(f, Loader=yaml.FullLoader)\n"
PARTS = (
    f"{LOADED}args = TrainingArguments('o', learning_rate=float(cfg['learning_rate']),"
    " lr_scheduler_type=cfg.get('scheduler', 'cosine'), num_train_epochs=cfg.get('num_train_epochs'))\n"
)
SIZE = ["--dataset-len", "80", "--batch-size", "8"]


def told(tmp_path, text, line=""):
    write(tmp_path / "a.yaml", FILE)
    write(tmp_path / "t.py", text)
    done = run(tmp_path, "plan", *SIZE, "--args", f"python t.py {line}")
    rows = (one.split() for one in done.stdout.splitlines())
    return {one[0]: one[1] for one in rows if len(one) > 2}, done.stderr


@pytest.mark.parametrize(
    ("text", "line", "lr"),
    [
        pytest.param(WHOLE, "", "9e-5", id="all of it"),
        pytest.param(WHOLE, "--lr 1e-3", "1e-3", id="changed"),
        pytest.param(
            f"{WITH}cfg.pop('data')\nTrainingArguments('o', **cfg)\n", "", "9e-5", id="with a loader"
        ),
        pytest.param(PARTS, "", "9e-5", id="parts of it"),
    ],
)
def test_what_a_file_says_that_is_here(tmp_path, text, line, lr):
    values, said = told(tmp_path, text, line)
    assert (values["learning_rate"], values["lr_scheduler_type"]) == (lr, "cosine"), said
    assert values["num_train_epochs"] == "2"


def test_what_decides_the_curve_is_asked_for_where_it_is_not(tmp_path):
    _, said = told(tmp_path, WHOLE, "--config b.yaml")
    for name in ("learning_rate", "lr_scheduler_type", "warmup_steps", "gradient_accumulation_steps"):
        assert f"--given {name}=VALUE" in said


def test_a_part_that_may_be_taken_out_is_not_known(tmp_path):
    maybe = WHOLE.replace("cfg.pop('data')", "if look():\n    cfg.pop('warmup_steps')")
    _, said = told(tmp_path, maybe)
    assert "--given warmup_steps=VALUE" in said
