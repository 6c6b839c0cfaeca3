#!/bin/bash
torchrun --nproc_per_node 8 -m open_clip_train.main \
  --model ViT-B-32 --precision amp \
  --train-data "/data/cc12m/{00000..01243}.tar" --dataset-type webdataset --train-num-samples 10968539 \
  --workers 6 --batch-size 320 --epochs 32 --lr 1e-3 --wd 0.1 --warmup 2000
