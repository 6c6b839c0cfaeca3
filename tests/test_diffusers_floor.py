"""Where the polynomial of diffusers ends: its floor is a share of the LR that the optimizer was made with."""

from __future__ import annotations

import pytest
from commands import run

ROWS = [
    ("an LR of the groups alone", "train_dreambooth_lora_flux", [], 1e-8),
    ("of Prodigy", "train_dreambooth_lora_flux", ["--optimizer", "prodigy"], 1e-11),
    ("of CogVideoX", "train_cogvideox_lora", [], 1e-8),
    ("of an advanced script", "train_dreambooth_lora_sdxl_advanced", [], 1e-8),
    ("an LR of the optimizer", "train_dreambooth_lora", [], 1e-7),
    ("one of another script", "train_text_to_image", [], 1e-7),
]


@pytest.mark.parametrize(
    ("script", "words", "floor"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_the_floor_is_of_the_lr_that_the_optimizer_has(tmp_path, script, words, floor):
    line = ["python", f"{script}.py", "--train_batch_size", "1", "--max_train_steps", "500"]
    line += ["--learning_rate", "1e-4", "--lr_scheduler", "polynomial", "--lr_warmup_steps", "0", *words]
    line += ["--instance_data_dir", "d", "--num_train_epochs", "1"]
    words = ["values", "--at", "0,500", "--plain", "-q", "--world-size", "1", "--", *line]
    done = run(tmp_path, *words)
    first, last = map(float, done.stdout.split())
    assert first == 1e-4
    assert last == pytest.approx(floor)
