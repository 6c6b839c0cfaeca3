litgpt pretrain x/y --devices 2 --optimizer '{"class_path": "torch.optim.AdamW", "init_args": {"lr": 0.0003}}' \
  --train.max_tokens 5000000 --train.max_seq_length 256 --train.global_batch_size 64 --train.lr_warmup_steps null --train.lr_warmup_fraction 0.05
