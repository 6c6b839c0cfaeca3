"""What ``type=`` of an option makes of its text: computed where it can be, else asked for."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

SCRIPT = """import argparse, ast
from pathlib import Path
from transformers import SchedulerType, TrainingArguments
def doubled(text):
    return int(text) * 2
def str2bool(text):
    return text.lower() == "yes"
parser = argparse.ArgumentParser()
parser.add_argument("--it", {words})
args = parser.parse_args()
TrainingArguments("o", num_train_epochs=1, {name}=args.it)
"""
SHARE = 'type=lambda s: int(float(s) * 100), default="0.05"'


@pytest.mark.parametrize(
    ("words", "name", "said", "expected"),
    [
        pytest.param(SHARE, "warmup_steps", "", "5", id="a lambda, of a default that is text"),
        pytest.param(SHARE, "warmup_steps", "--it 0.02", "2", id="a lambda"),
        pytest.param("type=ast.literal_eval", "learning_rate", "--it 2e-4", "2e-4", id="a literal"),
        pytest.param("type=bool, default=True", "dataloader_drop_last", "--it False", "true", id="bool"),
        pytest.param("type=str2bool", "dataloader_drop_last", "--it no", "false", id="a switch of its own"),
        pytest.param("type=SchedulerType", "lr_scheduler_type", "--it cosine", "cosine", id="an enum"),
        pytest.param("type=doubled, default=4", "warmup_steps", "", "4", id="a default that is no text"),
    ],
)
def test_a_type_is_computed(tmp_path, words, name, said, expected):
    write(tmp_path / "t.py", SCRIPT.format(words=words, name=name))
    line = ["--dataset-len", "99", "--batch-size", "8", "--args", f"python t.py {said}"]
    done = run(tmp_path, "plan", *line)
    rows = [one.split() for one in done.stdout.splitlines()]
    assert [name, expected] in [one[:2] for one in rows], done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param('type=doubled, default="4"', "", id="of a default"),
        pytest.param("type=doubled, default=4", "--it 3", id="of a word"),
        pytest.param("type=lambda s: look(s), default=4", "--it 3", id="a lambda that calls another"),
    ],
)
def test_a_type_that_is_not_followed_is_asked_for(tmp_path, words, said):
    write(tmp_path / "t.py", SCRIPT.format(words=words, name="warmup_steps"))
    line = ["--dataset-len", "99", "--batch-size", "8", "--args", f"python t.py {said}"]
    asked = run(tmp_path, "plan", *line)
    assert asked.returncode == 2
    assert "hint: give --given it=VALUE\n" in asked.stderr
    assert run(tmp_path, "plan", "--given", "it=3", *line).returncode == 0
