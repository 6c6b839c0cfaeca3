"""Names that a notebook's Python sets, in the commands that it gives to a shell."""

from __future__ import annotations

import json

import pytest
from commands import run

COMMAND = (
    "!python run_clm.py --output_dir o --model_name_or_path m --do_train --dataset_name d --max_steps {STEPS}"
)


@pytest.mark.parametrize(
    ("cells", "steps"),
    [
        pytest.param(["STEPS = 300"], 300, id="set"),
        pytest.param(["STEPS = 300", "STEPS = 90"], 90, id="set anew"),
        pytest.param(["STEPS = 300\ndef f():\n    STEPS = 4"], 300, id="within a function"),
        pytest.param(["STEPS = 300\nxs = [STEPS for STEPS in (1, 2)]"], 300, id="within a comprehension"),
        pytest.param(["STEPS = 300", "STEPS = STEPS * 2"], 0, id="by itself"),
        pytest.param(["STEPS = 300\nSTEPS += 100"], 0, id="added to"),
        pytest.param(["STEPS, WARMUP = 300, 20"], 0, id="several at once"),
        pytest.param(["STEPS = 300\nif big:\n    STEPS = 9"], 0, id="by a condition"),
        pytest.param(["STEPS = 300\nfor STEPS in sizes:\n    pass"], 0, id="by a loop"),
    ],
)
def test_what_a_cell_binds_is_known_or_asked_for(tmp_path, cells, steps):
    made = [{"cell_type": "code", "source": one} for one in (*cells, COMMAND)]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": made}))
    done = run(tmp_path, "plan", "a.ipynb", "--get", "total")
    if steps:
        assert done.stdout == f"{steps}\n", done.stderr
    else:
        assert (done.returncode, "--given STEPS=VALUE" in done.stderr) == (2, True), done.stderr
        assert "max_steps ($(made by Python))" in done.stderr
