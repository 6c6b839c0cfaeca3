"""A plan of a run that the framework stops: the number asked for, and that it is never reached."""

from __future__ import annotations

import pytest
from commands import run

ESPNET = "max_epoch: 4\nnum_iters_per_epoch: 100\noptim_conf: {lr: 0.002}\n"
CYCLE = "scheduler: onecyclelr\nscheduler_conf: {max_lr: 0.01, total_steps: 200}\n"


@pytest.mark.parametrize(
    "asked", [pytest.param((), id="all"), pytest.param(("--get", "total"), id="a number")]
)
@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        pytest.param(
            "", ("onecycle:max_lr=0.1,total_steps=50", "--steps", "100"), "stops at step", id="spec"
        ),
        pytest.param("", ("onecycle:max_lr=0.1", "--steps", "100"), "", id="a spec that does not"),
        pytest.param(f"{ESPNET}{CYCLE}", ("a.yaml",), "stops at step 201", id="trainer"),
        pytest.param(ESPNET, ("a.yaml",), "", id="a trainer that does not"),
    ],
)
def test_a_plan_says_that_the_run_stops_before_its_end(tmp_path, text, words, said, asked):
    (tmp_path / "a.yaml").write_text(text)
    done = run(tmp_path, "plan", *words, *asked)
    assert done.returncode == 0
    assert ("stops at step" in done.stderr) == bool(said)
    assert said in done.stderr
