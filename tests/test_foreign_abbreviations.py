"""Options of launch lines that are cut short, as argparse takes them."""

from __future__ import annotations

import pytest
from commands import run


@pytest.mark.parametrize(
    ("trainer", "line"),
    [
        ("nanochat", "python -m scripts.base_train --depth 4 --num-iter 9 --total-b 65536"),
    ],
)
def test_options_may_be_cut_short_as_argparse_takes_them(tmp_path, trainer, line):
    done = run(tmp_path, "plan", "--args", line, "--trainer", trainer, "--get", "total")
    assert done.stdout == "9\n", done.stderr


@pytest.mark.parametrize(
    ("option", "others"),
    [
        pytest.param("--use", "--use-cache or --use-cpu", id="a setting and options that move no LR"),
        pytest.param("--optim_t m", "", id="one option"),
        pytest.param("--out o", "", id="none that begins as a setting does"),
    ],
)
def test_an_option_cut_short_may_be_any_that_begins_so(tmp_path, option, others):
    line = f"python t.py --do_train --max_steps 9 --learning_rate 1.0 --lr_scheduler_type linear {option}"
    done = run(tmp_path, "plan", "--args", line, "--get", "total")
    assert (done.returncode, done.stdout) == ((2, "") if others else (0, "9\n")), done.stderr
    assert others in done.stderr
