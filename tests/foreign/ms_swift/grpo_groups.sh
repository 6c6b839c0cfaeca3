NPROC_PER_NODE=1 swift rlhf \
  --model base --dataset texts \
  --rlhf_type grpo --per_device_train_batch_size 1 --num_generations 8 --max_steps 60
