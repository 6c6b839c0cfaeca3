"""The help of every command: whole words at any width, every option told, examples that work."""

from __future__ import annotations

import json
import re
import shlex

import pytest
from commands import run, typed
from repositories import commit

from lrviz.cli.app import COMMANDS


@pytest.mark.long
@pytest.mark.parametrize("columns", [40, 60, 80, 200])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_cuts_no_name_choice_or_word(command, columns, tmp_path):
    wide = typed(tmp_path, f"{command} --help", COLUMNS=1000)[1]
    narrow = typed(tmp_path, f"{command} --help", COLUMNS=columns)[1]
    assert narrow.split() == wide.split()
    prose = [line for line in narrow.splitlines() if not line.startswith(("  lrviz ", "  -"))]
    assert max(map(len, prose)) <= min(columns, 100)


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS)
def test_help_tells_each_option_and_examples_that_work(command, tmp_path):
    text = typed(tmp_path, f"{command} --help", COLUMNS=200)[1]
    options = re.findall(r"^  (?:-\w, )?(--[\w-]+)(?: (\S+))?\s+(.*)$", text, flags=re.MULTILINE)
    assert {"--quiet", "--debug", "--help"} <= {name for name, _, _ in options}
    assert [name for name, metavar, told in options if "bool" in metavar or not told[0].isalpha()] == []
    assert "Exit codes: 0 done" in text
    examples = re.findall(r"^  lrviz (.*?)(?: > .*)?$", text, flags=re.MULTILINE)
    assert len(examples) >= 2
    (tmp_path / "run.toml").write_text(
        '[plan]\nsteps = 9\n[[schedule]]\nname = "cosine"\nlr = 1\nwarmup = 0\n'
    )
    (tmp_path / "train.csv").write_text("step,lr\n0,0.1\n1,0.05\n2,0.025\n3,0.0125\n")
    history = [{"step": step, "learning_rate": 3e-4 * step / 9} for step in range(1, 10)]
    (tmp_path / "trainer_state.json").write_text(json.dumps({"global_step": 9, "log_history": history}))
    commit(tmp_path)
    for example in examples:
        done = run(tmp_path, *shlex.split(example))
        assert done.returncode == int(example.startswith("diff") and bool(done.stdout)), example
