tune run --nproc_per_node 2 lora_finetune_distributed --config lora_short.yaml epochs=20 optimizer.lr=1e-4 \
  lr_scheduler.num_warmup_steps=10
