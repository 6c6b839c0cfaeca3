NPROC_PER_NODE=2 megatron pt --model our-org/base --dataset talks.jsonl \
  --train_iters 60 --tuner_type lora --lr_decay_style WSD --lr_wsd_decay_iters 12 --lr_wsd_decay_style linear --lr_warmup_iters 6 --min_lr 1e-06
