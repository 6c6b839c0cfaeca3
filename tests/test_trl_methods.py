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


SAID = "model_name_or_path: m\noutput_dir: o\nlearning_rate: 5e-7\nmax_steps: 9\n"


@pytest.mark.parametrize(
    ("version", "method", "key", "is_taken"),
    [
        pytest.param("1.16.0", "dpo", "max_prompt_length: 512", False, id="dropped"),
        pytest.param("0.28.0", "dpo", "max_prompt_length: 512", True, id="its last version"),
        pytest.param("0.29.0", "dpo", "max_prompt_length: 512", False, id="the next"),
        pytest.param("1.16.0", "sft", "num_generations: 4", False, id="another method's"),
        pytest.param("1.16.0", "grpo", "num_generations: 8", True, id="its own"),
        pytest.param("0.13.0", "rloo", "num_generations: 8", False, id="later its own"),
        pytest.param("1.16.0", "dpo", "packing: false", False, id="a setting of another method"),
        pytest.param("1.16.0", "grpo", "reward_funcs: [x]", True, id="its script's"),
        pytest.param("1.16.0", "sft", "reward_funcs: [x]", False, id="another script's"),
        pytest.param("1.16.0", "kto", "desirable_weight: 1.0", True, id="a config that stood elsewhere"),
    ],
)
def test_a_method_stops_at_keys_of_others_and_of_other_versions(tmp_path, version, method, key, is_taken):
    (tmp_path / "a.yaml").write_text(f"{SAID}{key}\n")
    line = ["trl", method, "--config", "a.yaml", "--num_processes", "1"]
    options = ["--dataset-len", "999", "--trainer", f"trl@{version}"]
    done = run(tmp_path, "plan", *options, "--", *line)
    said = f"is no setting of trl {version}, which stops at it" in done.stderr
    assert (done.returncode, said) == ((0, False) if is_taken else (2, True)), done.stderr


def test_the_call_of_a_config_stops_at_a_script_s_own_arguments(tmp_path):
    (tmp_path / "a.py").write_text(
        "from trl import SFTConfig\na = SFTConfig('o', max_steps=9, dataset_name='d')\n"
    )
    done = run(tmp_path, "plan", "a.py")
    assert (done.returncode, "dataset_name is no setting" in done.stderr) == (2, True), done.stderr


PPO = "from trl import PPOConfig\na = PPOConfig('o', total_episodes=64, per_device_train_batch_size=4)\n"


@pytest.mark.parametrize(
    ("version", "said", "code"),
    [
        pytest.param("", "trl 1.9 is assumed: 1.16.0 has no PPOConfig", 0, id="the last that has it"),
        pytest.param("@1.16.0", "trl 1.16.0 has no PPOConfig\nhint: --trainer trl@1.9\n", 2, id="named"),
        pytest.param("@0.20", "", 0, id="that has it"),
    ],
)
def test_a_method_of_other_versions_has_their_rules(tmp_path, version, said, code):
    (tmp_path / "a.py").write_text(PPO)
    options = ["--trainer", f"trl{version}"] if version else []
    done = run(tmp_path, "plan", "a.py", *options, "--world-size", "1", "--dataset-len", "64")
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert said or "has no PPOConfig" not in done.stderr
