NPROC_PER_NODE=2 megatron rlhf --model our-org/base --dataset talks.jsonl \
  --rlhf_type grpo --num_generations 4 --steps_per_generation 2 --micro_batch_size 1 --global_batch_size 8 --lr 1e-06 --num_train_epochs 1
