"""What each trainer's own parser makes of its words: their order, how they are spelt, what it stops at."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

NANO = {
    "c.py": "lr_decay_iters = 5\nwarmup_iters = 2\n",
    "a.py": "max_iters = 100\nlr_decay_iters = 100\nwarmup_iters = 5\nlearning_rate = 1e-3\n",
    "b.py": "max_iters = 500\nlr_decay_iters = 500\n",
}


@pytest.mark.parametrize(
    ("line", "total"),
    [
        pytest.param("a.py b.py", 501, id="the last config"),
        pytest.param("b.py a.py", 101, id="the last config, the other way round"),
        pytest.param("--max_iters=7 a.py", 101, id="an option before a config that has it"),
        pytest.param("--max_iters=9 c.py", 10, id="an option before a config without it"),
        pytest.param("a.py --max_iters=99 b.py", 501, id="an option between two configs"),
        pytest.param("a.py --max_iters=99 --max_iters=98", 99, id="the last option"),
        pytest.param("--max_iters=9 a.py --max_iters=98", 99, id="an option before and behind"),
    ],
)
def test_nanogpt_takes_configs_and_options_from_left_to_right(tmp_path, line, total):
    for name, text in NANO.items():
        write(tmp_path / name, text)
    done = run(tmp_path, "plan", "--get", "total", "--", *f"python train.py {line}".split())
    assert (done.stdout, done.returncode) == (f"{total}\n", 0), done.stderr


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        pytest.param(
            "a.py --max_iters 50",
            "--max_iters without = is no option",
            "write --max_iters=50",
            id="nanoGPT, no =",
        ),
        pytest.param(
            "a.py --learning_rat=1.0",
            "learning_rat is no setting of nanogpt",
            "write --learning_rate",
            id="nanoGPT, cut short",
        ),
        pytest.param(
            "a.py --lr_decay=9",
            "lr_decay is no setting of nanogpt",
            "take --lr_decay out",
            id="nanoGPT, begun",
        ),
    ],
)
def test_what_nanogpts_configurator_stops_at_is_refused(tmp_path, line, message, hint):
    write(tmp_path / "a.py", NANO["a.py"])
    done = run(tmp_path, "plan", "--", *f"python train.py {line}".split())
    assert (message in done.stderr, done.returncode) == (True, 2), done.stderr
    assert f"hint: {hint}" in done.stderr
