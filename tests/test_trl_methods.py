"""By which method of TRL a file trains that no command names, where that decides the curve."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

FILE = "dataset_name: d\nmodel_name_or_path: m\nper_device_train_batch_size: 8\noutput_dir: o\n"
STEPS, LR = "max_steps: 9\n", "learning_rate: 1e-4\n"
BY_LR, BY_ROWS = "learning_rate is another by default", "an epoch of each is counted otherwise"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("x.yaml", STEPS, BY_LR, id="nothing said"),
        pytest.param("reward.yaml", STEPS, BY_LR, id="a name alone"),
        pytest.param("x.yaml", f"{STEPS}max_length: 9\n", BY_LR, id="a key of several"),
        pytest.param("x.yaml", LR, BY_ROWS, id="rows"),
        pytest.param("x.yaml", f"{LR}beta: 0.1\n", BY_ROWS, id="rows, by a key of several"),
        pytest.param("sft.yaml", LR, "", id="rows, by a name"),
        pytest.param("x.yaml", STEPS + LR, "", id="steps and an LR"),
        pytest.param("x.yaml", f"{STEPS}beta: 0.1\n", "", id="methods of one LR"),
        pytest.param("x.yaml", f"{STEPS}packing: false\n", "", id="a key of one"),
        pytest.param("x.yaml", f"{STEPS}center_rewards_coefficient: 0.1\n", "", id="a key of rewards"),
    ],
)
def test_a_method_that_decides_the_curve_is_asked_for(tmp_path, name, text, said):
    write(tmp_path / name, FILE + text)
    options = ("plan", name, "--world-size", "1", "--dataset-len", "9")
    done = run(tmp_path, *options)
    assert (said in done.stderr, done.returncode) == (True, 2 if said else 0), done.stderr
    assert run(tmp_path, *options, "--given", "method=sft").returncode == 0


def test_the_hint_names_the_method_of_the_file_s_name(tmp_path):
    write(tmp_path / "reward.yaml", FILE + STEPS)
    done = run(tmp_path, "show", "reward.yaml", "--get", "peak")
    assert "hint: --given method=reward, or sft, dpo, grpo, kto and rloo" in done.stderr
    assert (
        run(tmp_path, "show", "reward.yaml", "--get", "peak", "--given", "method=reward").stdout == "0.0001\n"
    )
