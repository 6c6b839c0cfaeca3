#!/bin/bash
# The language model, on one GPU.
python run_clm.py \
  --model_name_or_path our-org/small --do_train \
  --lr_scheduler_type cosine --learning_rate 3e-4 --warmup_steps 40 \
  --per_device_train_batch_size 16 --num_train_epochs 2 --output_dir out
