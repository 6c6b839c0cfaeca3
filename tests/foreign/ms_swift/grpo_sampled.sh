NPROC_PER_NODE=2 swift rlhf \
  --model base --dataset texts#500 \
  --rlhf_type grpo --per_device_train_batch_size 4 --gradient_accumulation_steps 4 --num_generations 8 --num_train_epochs 1 --split_dataset_ratio 0.05
