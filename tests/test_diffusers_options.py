"""Options that one script of diffusers has and another lacks: its parser stops at them."""

from __future__ import annotations

import pytest
from commands import run


@pytest.mark.parametrize(
    ("script", "option", "said"),
    [
        pytest.param("train_text_to_image", "--lr_num_cycles 3", "lr_num_cycles", id="cycles"),
        pytest.param("train_text_to_image", "--lr_num_cyc 3", "lr_num_cycles", id="the beginning of one"),
        pytest.param(
            "examples/text_to_image/train_text_to_image_lora", "--lr_power 2", "lr_power", id="power"
        ),
        pytest.param("train_text_to_image_lora", "--optimizer prodigy", "optimizer", id="optimizer"),
        pytest.param(
            "train_dreambooth_lora", "--text_encoder_lr 1e-6", "text_encoder_lr", id="LR of a group"
        ),
        pytest.param("train_unconditional", "--num_epochs 2", "", id="epochs as it calls them"),
        pytest.param("train_controlnet", "--lr_num_cycles 3", "", id="cycles that it has"),
        pytest.param("train_dreambooth_lora_flux", "--optimizer prodigy", "", id="an optimizer that it has"),
        pytest.param("train_text_to_image", "--lr_num_cycles 3 --given", "", id="one that a fork has"),
        pytest.param("train_text_to_image_mine", "--lr_num_cycles 3", "", id="a script of another name"),
    ],
)
def test_an_option_of_another_script_of_diffusers_stops_this_one(tmp_path, script, option, said):
    given = ["--given", "lr_num_cycles=3"] if "--given" in option else []
    line = f"python {script}.py --dataset_name d --train_batch_size 4 --learning_rate 1e-4"
    steps = "" if "unconditional" in script else "--max_train_steps 900"
    rest = ["--world-size", "1", "--dataset-len", "900", *given]
    done = run(tmp_path, "plan", *rest, "--args", f"{line} {steps} {option.removesuffix(' --given')}")
    assert done.returncode == 2 * bool(said), done.stderr
    assert not said or f"{said} is no option of {script.rpartition('/')[2]}.py, whose parser" in done.stderr


@pytest.mark.parametrize("word", ["--num_epochs", "--num_train_epochs"])
def test_the_epochs_are_as_the_script_of_diffusers_calls_them(tmp_path, word):
    rest = ["--world-size", "1", "--dataset-len", "90"]
    for script, own in (("train_unconditional", "--num_epochs"), ("train_controlnet", "--num_train_epochs")):
        line = f"python {script}.py --dataset_name d --train_batch_size 4 {word} 2"
        done = run(tmp_path, "plan", *rest, "--args", line)
        assert (done.returncode, f"hint: write {own}," in done.stderr) == (2 * (word != own), word != own)
