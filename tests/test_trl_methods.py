"""By which method of TRL a file trains that no command names, and the keys that each has by its version."""

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


LINE = "python -m trl.scripts.{} --dataset_name d --num_generations 2 --config a.yaml"
STOPS, PASSES = "which stops at it", "which passes over them"


@pytest.mark.parametrize(
    ("version", "script", "option", "expected"),
    [
        pytest.param("1.16.0", "grpo", "--foo 3", STOPS, id="an option"),
        pytest.param("1.16.0", "grpo", "", PASSES, id="a key of the config"),
        pytest.param("1.16.0", "grpo", "--num_machines 2", STOPS, id="an option of accelerate"),
        pytest.param("0.24.0", "grpo", "--foo 3", PASSES, id="an option, before 1.0"),
        pytest.param("0.21.0", "grpo", "", STOPS, id="a key, before 0.22"),
        pytest.param("0.21.0", "sft", "", PASSES, id="a key of sft, before 0.22"),
        pytest.param("0.18.2", "grpo", "", PASSES, id="a key, before 0.19"),
        pytest.param("0.18.2", "grpo", "--foo 3", STOPS, id="an option, before 0.19"),
    ],
)
def test_the_scripts_of_trl_stop_by_their_version(tmp_path, version, script, option, expected):
    write(tmp_path / "a.yaml", "my_note: x\nmax_steps: 9\n")
    line = f"{LINE.format(script)} {option}"
    done = run(tmp_path, "plan", "--trainer", f"trl@{version}", "--dataset-len", "99", "--args", line)
    assert (done.returncode == 2) == (expected == STOPS), done.stderr
    assert expected in done.stderr


CALL = "from trl import {0}\na = {0}('o', per_device_train_batch_size=4, {1})\n"
PPO, SFT = CALL.format("PPOConfig", "total_episodes=64"), CALL.format("SFTConfig", "max_steps=9, {}")
LATE = "max_seq_length is no setting of trl 0.20.0, which stops at it"


@pytest.mark.parametrize(
    ("call", "version", "said", "code"),
    [
        pytest.param(PPO, "", "trl 1.9 is assumed: 1.16.0 has no PPOConfig", 0, id="the last that has it"),
        pytest.param(PPO, "@1.16.0", "trl 1.16.0 has no PPOConfig\nhint: --trainer trl@1.9\n", 2, id="named"),
        pytest.param(PPO, "@0.20", "", 0, id="that has it"),
        pytest.param(SFT.format("max_seq_length=5"), "@0.19.1", "", 0, id="that has the key"),
        pytest.param(SFT.format("max_seq_length=5"), "@0.20.0", LATE, 2, id="that has it no more"),
        pytest.param(SFT.format("dataset_name='d'"), "", "dataset_name is no setting", 2, id="the script's"),
    ],
)
def test_a_call_has_the_rules_of_its_version(tmp_path, call, version, said, code):
    (tmp_path / "a.py").write_text(call)
    options = ["--trainer", f"trl{version}"] if version else []
    done = run(tmp_path, "plan", "a.py", *options, "--world-size", "1", "--dataset-len", "64")
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert said or not any(text in done.stderr for text in ("has no PPOConfig", "is no setting"))
