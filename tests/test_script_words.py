"""The words that a script hands its own parser: refused where it makes them of what nobody knows."""

from __future__ import annotations

import pytest
from commands import run
from configs import write
from loops import LINE, LOOP

BEFORE = """import os, sys
def make(n=2):
    return ['--num_train_epochs', str(n)]
def command():
    return sys.argv[1:]
"""
HIDDEN = [
    ("a function's", "parse_args(make())"),
    ("a function's of a number", "parse_args(make(3))"),
    ("a name of them", "parse_args(words)"),
    ("a list with a value", 'parse_args(["--num_train_epochs", str(N)])'),
    ("those of the command and more", 'parse_args(sys.argv[1:] + ["--num_train_epochs", "5"])'),
    ("the environment's", 'parse_args(os.environ["ARGS"].split())'),
    ("by keyword", "parse_args(args=make())"),
]
OF_COMMAND = [
    ("its words", "parse_args(sys.argv[1:])"),
    ("none", "parse_args(None)"),
    ("a function of them", "parse_args(command())"),
    ("what is left of them", "parse_args(rest)"),
]


@pytest.mark.parametrize("call", [one[1] for one in HIDDEN], ids=[one[0] for one in HIDDEN])
def test_words_that_nobody_knows_are_refused(tmp_path, call):
    write(tmp_path / "train.py", f"{BEFORE}words = make()\n" + LOOP.replace("parse_args()", call))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert (done.returncode, done.stdout) == (2, "")
    assert "train.py:21: which words parse_args is handed there is not known" in done.stderr


@pytest.mark.parametrize("call", [one[1] for one in OF_COMMAND], ids=[one[0] for one in OF_COMMAND])
def test_words_of_the_command_are_read(tmp_path, call):
    rest = "first, rest = parser.parse_known_args()\nargs = p"
    write(tmp_path / "train.py", BEFORE + LOOP.replace("args = p", rest).replace("parse_args()", call))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE, "--num_train_epochs", "3")
    assert ",steps=96," in done.stdout, done.stderr


TAKEN = """import sys
from transformers import Trainer, TrainingArguments
{before}
Trainer(args=TrainingArguments("o", learning_rate=float(sys.argv[{at}]), max_steps=9, do_train=True)).train()
"""


@pytest.mark.parametrize(
    ("before", "at", "line", "lr"),
    [
        pytest.param("", 1, "python a.py 3e-4", 3e-4, id="the first"),
        pytest.param("", 2, "torchrun --nproc_per_node=1 a.py x 3e-4", 3e-4, id="the second"),
        pytest.param("", 1, "srun -n 1 python a.py 3e-4", 3e-4, id="by Slurm"),
        pytest.param("", 1, "srun deepspeed --num_gpus=1 a.py 3e-4", None, id="by two launchers"),
        pytest.param("", 2, "python a.py --lr 3e-4", 3e-4, id="behind an option"),
        pytest.param("n = len(sys.argv)", 1, "python a.py 3e-4", 3e-4, id="counted too"),
        pytest.param("", 1, "python a.py", None, id="not given"),
        pytest.param("", 1, "python a.py $LR", None, id="nobody knows it"),
        pytest.param("", 2, "python a.py $X 3e-4", None, id="behind what may be several"),
        pytest.param("sys.argv.pop(1)", 1, "python a.py 3e-4 1", None, id="others are made of them"),
        pytest.param("words = sys.argv", 1, "python a.py 3e-4", None, id="what else has them"),
        pytest.param("", 1, "deepspeed --num_gpus=1 a.py 3e-4", None, id="behind those of a launcher"),
    ],
)
def test_a_number_that_a_script_takes_of_its_words(tmp_path, before, at, line, lr):
    write(tmp_path / "a.py", TAKEN.format(before=before, at=at))
    write(tmp_path / "run.sh", f"{line}\n")
    done = run(tmp_path, "show", "run.sh", "--get", "peak")
    if lr is None:
        assert (done.returncode, f"learning_rate (sys.argv[{at}])" in done.stderr) == (2, True), done.stderr
    else:
        assert (done.returncode, float(done.stdout)) == (0, lr), done.stderr
