"""What Megatron's two switches make of a resume, in the files of every program that has them."""

from __future__ import annotations

import numpy as np
import pytest
from commands import run

KEEP, OVERRIDE = (["--resume", f"{name}_opt_param_scheduler=true"] for name in ("use_checkpoint", "override"))
MEGATRON = (
    "torchrun pretrain_gpt.py --train-iters 40 --lr 1e-3 --lr-warmup-iters 4"
    " --global-batch-size 8 --micro-batch-size 1\n"
)


@pytest.mark.parametrize(
    ("changes", "lrs", "text"),
    [
        pytest.param(["train_iters=80", KEEP[1]], [20 / 36, 2 / 36], "lr_decay_steps=640, ", id="used"),
        pytest.param(["train_iters=80", OVERRIDE[1]], [60 / 76, 42 / 76], "jumps", id="overridden"),
        pytest.param(
            ["exit_interval=39", "lr_warmup_init=1e-4"], [20 / 36, 2 / 36], "held against", id="the same"
        ),
        pytest.param(
            ["global_batch_size=16", OVERRIDE[1]], [30 / 36, 12 / 36], "new curve", id="more samples"
        ),
    ],
)
def test_switches_of_megatron(changes, lrs, text, tmp_path):
    (tmp_path / "megatron.sh").write_text(MEGATRON)
    words = [f"--resume={one}" for one in changes]
    done = run(tmp_path, "values", "megatron.sh", "--resume-at", "20", *words, "--at", "20,38")
    assert text in done.stderr
    found = [float(row.split(",")[2]) for row in done.stdout.splitlines()[1:]]
    np.testing.assert_allclose(found, 1e-3 * np.array(lrs), rtol=0, atol=1e-18)


SLIME = "train.py --num-rollout 40 --rollout-batch-size 8 --global-batch-size 8 --lr 1e-3 --lr-warmup-iters 4"
BRIDGE = """
train: {train_iters: 40, global_batch_size: 8}
optimizer: {lr: 1e-3, min_lr: 0}
scheduler: {lr_decay_style: linear, lr_warmup_iters: 4, override_opt_param_scheduler: OVERRIDE}
"""
NEMO_RL = """
sft: {max_num_steps: 40}
policy:
  train_global_batch_size: 8
  megatron_cfg:
    enabled: true
    optimizer: {lr: 1e-3, min_lr: 0}
    scheduler: {lr_decay_style: linear, lr_warmup_iters: 4, override_opt_param_scheduler: OVERRIDE}
"""
SWIFT = "megatron sft --train_iters 40 --lr 1e-3 --min_lr 0 --lr_decay_style linear --lr_warmup_iters 4"


@pytest.mark.parametrize(
    ("name", "text", "more", "rule"),
    [
        pytest.param(
            "m.sh",
            MEGATRON,
            [],
            "the checkpoint has other values: lr_decay_steps=320, not 640",
            id="Megatron",
        ),
        pytest.param("m.sh", MEGATRON, [*KEEP, *OVERRIDE], "are both set: Megatron stops", id="both"),
        pytest.param("slime.sh", f"python {SLIME}", [], "Megatron-LM stops", id="slime"),
        pytest.param("slime.sh", f"python {SLIME}", OVERRIDE, "the new curve at once", id="overridden"),
        pytest.param("slime.sh", f"python {SLIME}", KEEP, "the values of the checkpoint at once", id="kept"),
        pytest.param(
            "b.yaml", BRIDGE.replace("OVERRIDE", "false"), [], "Megatron-LM stops", id="bridge, off"
        ),
        pytest.param(
            "b.yaml", BRIDGE.replace("OVERRIDE", "true"), [], "the new curve at once", id="bridge, on"
        ),
        pytest.param(
            "r.yaml", NEMO_RL.replace("OVERRIDE", "false"), [], "Megatron-LM stops", id="NeMo-RL, off"
        ),
        pytest.param(
            "r.yaml", NEMO_RL.replace("OVERRIDE", "true"), [], "new curve at once", id="NeMo-RL, on"
        ),
        pytest.param("swift.sh", SWIFT, [], "the values of the checkpoint at once", id="no switches"),
    ],
)
def test_switches_are_those_of_the_program(name, text, more, rule, tmp_path):
    (tmp_path / name).write_text(f"{text}\n")
    words = ["--resume", "lr_decay_iters=80", *more, "--resume-at", "20", "--at", "20"]
    if name == "r.yaml":
        words += ["--batches-per-epoch", "1000"]
    done = run(tmp_path, "values", name, *words, *(["--world-size", "1"] if name == "swift.sh" else []))
    assert rule in done.stderr, done.stderr
