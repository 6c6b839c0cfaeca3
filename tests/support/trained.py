"""Trainers' files that tests share."""

from __future__ import annotations

from configs import write

SCRIPT = """\
GPUS={gpus}
LR=2e-5
torchrun --nproc_per_node $GPUS sft.py --output_dir out --lr_scheduler_type cosine \\
  --learning_rate $LR --warmup_steps 10 {more}
"""
FIXED = "--max_steps 100"
MMENGINE = """\
max_epochs = int(input())
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="SGD", lr=0.1))
train_cfg = dict(type="EpochBasedTrainLoop", max_epochs={epochs})
param_scheduler = [dict(type="CosineAnnealingLR", T_max={epochs}, by_epoch=True, end={epochs})]
"""


FOUNDRY = """\
max_duration: 100ba
global_train_batch_size: 8
train_loader: {{name: text}}
scheduler: {{name: constant_with_warmup, t_warmup: 1ba}}
optimizer:
  name: decoupled_adamw
  lr: {}
"""


def script(tmp_path, more=FIXED, gpus="2"):
    return write(tmp_path / "sft.sh", SCRIPT.format(more=more, gpus=gpus)).name
