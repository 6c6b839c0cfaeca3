"""SimpleTuner's files: keys that are options of argparse, and the variables of its ``config.env``."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

SIMPLETUNER = {"--model_family": "flux", "learning_rate": 1.0, "max_train_steps": 9, "num_train_epochs": 0}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        pytest.param("--learning_r", 2.0, "lr=2", id="cut short"),
        pytest.param("lr-scheduler", "polynomial", "polynomial", id="a dash"),
        pytest.param("lr_sched", "polynomial", "polynomial", id="cut short without dashes"),
        pytest.param("lr_", 1, "lr_ is no setting of SimpleTuner 3.1.6, which stops at it", id="several"),
        pytest.param("lr_powr", 1, "did you mean lr_power?", id="a slip"),
        pytest.param("frob", 1, "frob is no setting of SimpleTuner 3.1.6, which stops at it", id="nobody's"),
        pytest.param("text_encoder_4_precision", "no_change", "lr=1", id="one of many"),
    ],
)
def test_a_key_of_simpletuner_is_an_option_of_argparse(tmp_path, key, value, said):
    first = {name: one for name, one in SIMPLETUNER.items() if not name.startswith(key.lstrip("-"))}
    write(tmp_path / "config.json", json.dumps({**first, key: value}))
    done = run(tmp_path, "plan", "config.json", "--world-size", "1")
    assert said in done.stdout + done.stderr
    assert done.returncode == (2 if " " in said else 0)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("--lr_po 3", "power=3"),
        ("--frob 3", "--frob is no option of SimpleTuner 3.1.6, which stops at it"),
        ("--lr_powr=3", "write --lr_power"),
    ],
)
def test_further_arguments_of_simpletuner_are_options_of_argparse(tmp_path, extra, said):
    text = "LR_SCHEDULE=polynomial\nLEARNING_RATE=1\nMAX_NUM_STEPS=9\nNUM_EPOCHS=0\n"
    write(tmp_path / "config.env", f'{text}TRAINER_EXTRA_ARGS="{extra}"\n')
    done = run(tmp_path, "plan", "config.env", "--world-size", "1")
    assert said in done.stdout + done.stderr
    assert done.returncode == (2 if " " in said else 0)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("NUM_EOCHS", "NUM_EPOCHS"),
        ("LEARNING_RAT", "LEARNING_RATE"),
        ("EPOCHS", "NUM_EPOCHS"),
        ("MAX_TRAIN_STEPS", "MAX_NUM_STEPS"),
        ("SCHEDULER", "LR_SCHEDULE"),
        ("LR_POWER", "--lr_power in TRAINER_EXTRA_ARGS"),
        ("LR_SCHEDULER", "LR_SCHEDULE"),
        ("learning_rate", "LEARNING_RATE"),
        ("lr_warmup_steps", "LR_WARMUP_STEPS"),
        ("TRAINING_NUM_MACHINES", ""),
        ("HUB_MODEL_NAME", ""),
    ],
)
def test_a_variable_that_simpletuner_passes_over_is_said(tmp_path, name, meant):
    text = "export LR_SCHEDULE=cosine\nexport MODEL_FAMILY=flux\nexport LR_WARMUP_STEPS=0\n"
    (tmp_path / "config.env").write_text(f"{text}export {name}=9\n")
    done = run(tmp_path, "plan", "config.env", "--batches-per-epoch", "9", "--world-size", "1")
    assert done.returncode == 0, done.stderr
    said = f"{name} is no variable of SimpleTuner 3.1.6, which passes over it: did you mean {meant}?"
    assert (said in done.stderr, "did you mean" in done.stderr) == (bool(meant), bool(meant))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param(
            "python train.py --report_to x", "may be of diffusers or simpletuner", id="as diffusers"
        ),
        pytest.param("python train.py", "may be of diffusers or kohya or simpletuner", id="as both"),
        pytest.param(
            "python train.py --data_backend_config b.json", "SimpleTuner stops", id="an option of it"
        ),
        pytest.param("python -m simpletuner.train --model_family flux", "SimpleTuner stops", id="a module"),
        pytest.param("python train.py --network_module x", "sd-scripts", id="an option of kohya"),
        pytest.param("python train_network.py", "sd-scripts", id="a script of kohya"),
    ],
)
def test_a_command_of_its_script_may_be_of_others(tmp_path, command, said):
    options = "--learning_rate 1e-4 --max_train_steps 9 --train_batch_size 1 --lr_scheduler polynomial"
    done = run(tmp_path, "plan", "--world-size", "1", "--", *command.split(), *options.split())
    assert said in done.stdout + done.stderr
