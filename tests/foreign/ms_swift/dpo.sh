swift rlhf --rlhf_type dpo --model our-org/base --dataset pairs.jsonl --max_steps 90 --warmup_ratio 0.1 \
  --lr_scheduler_type linear --per_device_train_batch_size 4 --gradient_accumulation_steps 4
