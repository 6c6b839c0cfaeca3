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
