"""GNU parallel: which of its values a run has is asked for, and each is named."""

from __future__ import annotations

import pytest
from commands import run

TRAIN = "torchrun --nproc_per_node 1 a.py --output_dir o --per_device_train_batch_size 1 --max_steps 9"


@pytest.mark.parametrize(
    ("line", "given", "said"),
    [
        pytest.param(
            f"parallel -j 1 {TRAIN} --learning_rate {{}} ::: 1e-4 2e-4",
            ["{}=2e-4"],
            "learning_rate ({}: one of 1e-4, 2e-4)",
            id="one list",
        ),
        pytest.param(
            f"parallel {TRAIN} --learning_rate {{2}} --seed {{1}} ::: 1 2 ::: 2e-4 1e-4",
            ["{2}=2e-4"],
            "learning_rate ({2}: one of 2e-4, 1e-4)",
            id="the second of two",
        ),
        pytest.param(f"parallel {TRAIN} --learning_rate {{}} :::", ["{}=2e-4"], "learning_rate", id="none"),
        pytest.param(f"parallel {TRAIN} --learning_rate 2e-4 ::: a b", [], "", id="values of something else"),
    ],
)
def test_the_value_of_one_run_is_asked_for(tmp_path, line, given, said):
    asked = run(tmp_path, "show", "--args", line)
    assert (asked.returncode, said in asked.stderr) == (2 * bool(given), True), asked.stderr
    words = [word for one in given for word in ("--given", one)]
    done = run(tmp_path, "show", "--args", line, *words, "--get", "peak", "-q")
    assert (done.returncode, done.stdout) == (0, "0.0002\n"), done.stderr
