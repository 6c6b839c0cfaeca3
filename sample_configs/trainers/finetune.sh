#!/bin/bash
# Fine-tuning with transformers' Trainer on eight GPUs.
LR=2e-5

torchrun --nproc_per_node 8 finetune.py \
  --output_dir out \
  --learning_rate $LR \
  --lr_scheduler_type cosine \
  --warmup_steps 0.03 \
  --num_train_epochs 3 \
  --per_device_train_batch_size 4 \
  --gradient_accumulation_steps 8
