NPROC_PER_NODE=2 megatron rlhf --model our-org/base --dataset talks.jsonl \
  --rlhf_type grpo --num_generations 8 --global_batch_size 4 --num_train_epochs 1
