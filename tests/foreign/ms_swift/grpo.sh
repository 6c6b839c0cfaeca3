NPROC_PER_NODE=4 swift rlhf --rlhf_type grpo --model our-org/base --dataset prompts.jsonl --num_generations 8 \
  --per_device_train_batch_size 4 --gradient_accumulation_steps 2 --num_train_epochs 1 --learning_rate 1e-6
