"""The options of ``unsloth train``, and the config that they lie over."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

CONFIG = (
    "model: m\ntraining:\n  num_epochs: 2\n  batch_size: 5\n  learning_rate: 1.0e-4\n  load_in_4bit: true\n"
)


def planned(folder, command):
    write(folder / "cli.yaml", CONFIG)
    return run(folder, "plan", "--world-size", "1", "--dataset-len", "100", "--", "unsloth", *command.split())


@pytest.mark.parametrize(
    ("options", "total"),
    [
        pytest.param("--max-steps 30", 30, id="steps"),
        pytest.param("--num-epochs 2 --batch-size 5 --gradient-accumulation-steps 2", 20, id="epochs"),
        pytest.param("", 39, id="its defaults"),
        pytest.param("--config cli.yaml", 10, id="a config"),
        pytest.param("-c cli.yaml --num-epochs 4", 20, id="an option over a config"),
    ],
)
def test_its_options_make_the_run(tmp_path, options, total):
    done = planned(tmp_path, f"train --model m --dataset d {options}")
    assert f"= {total}\n" in done.stdout, done.stderr
    assert "of one of vision or audio the schedule is cosine" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param("--learning_rate 1e-4", "--learning_rate is no option", id="an underscore"),
        pytest.param("--lr-scheduler-type cosine", "lr_scheduler_type is no setting", id="no field"),
        pytest.param("--learning-r 1e-4", "hint: write --learning-rate", id="cut short"),
        pytest.param("--frob 1", "frob is no setting", id="nobody's"),
        pytest.param("--max-steps 3 stray", "'stray': no option", id="a word"),
        pytest.param("--dry-run", "dry_run", id="no training"),
    ],
)
def test_it_stops_at_what_it_does_not_have(tmp_path, options, said):
    done = planned(tmp_path, f"train --model m --dataset d {options}")
    assert (said in done.stderr, done.returncode) == (True, 2), done.stderr
