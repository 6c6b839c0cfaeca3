litgpt finetune_full x/y --devices 1 --optimizer '{"class_path": "torch.optim.AdamW", "init_args": {"lr": 0.0003}}' \
  --train.max_tokens 1000 --train.lr_warmup_steps 5
