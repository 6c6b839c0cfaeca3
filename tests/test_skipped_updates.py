"""A run in fp16 may skip updates, at which its schedule stands still: that is said."""

from __future__ import annotations

import pytest
from commands import run

TRAINER = "python train.py --output_dir o --max_steps 9 --learning_rate 1e-4 --per_device_train_batch_size 1"
LOOP = (
    "--num_processes 1 run_glue_no_trainer.py --num_warmup_steps 1 --max_train_steps 9"
    " --per_device_train_batch_size 1 --model_name_or_path m"
)
MEGATRON = (
    "python pretrain_gpt.py --train-iters 9 --lr 1e-4 --micro-batch-size 1 --global-batch-size 1"
    " --num-layers 1 --hidden-size 8 --num-attention-heads 1 --seq-length 8 --max-position-embeddings 8"
)


@pytest.mark.parametrize(
    ("line", "is_said"),
    [
        pytest.param(f"{TRAINER} --fp16", True, id="the Trainer"),
        pytest.param(f"{TRAINER} --bf16", False, id="the Trainer in bf16"),
        pytest.param(f"accelerate launch --mixed_precision fp16 {LOOP}", True, id="accelerate"),
        pytest.param(f"accelerate launch --mixed_precision bf16 {LOOP}", False, id="accelerate in bf16"),
        pytest.param(f"{MEGATRON} --fp16", True, id="Megatron"),
        pytest.param(MEGATRON, False, id="Megatron in fp32"),
    ],
)
def test_updates_that_may_be_skipped_are_said(tmp_path, line, is_said):
    done = run(tmp_path, "plan", "--world-size", "1", "--args", line)
    assert (done.returncode, "fp16: an update that overflows is skipped" in done.stderr) == (0, is_said)
