NPROC_PER_NODE=1 swift sft --model m --dataset d --warmup_ratio 0.05 --per_device_train_batch_size 1 \
  --gradient_accumulation_steps 8
