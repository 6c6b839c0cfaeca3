NPROC_PER_NODE=8 megatron rlhf --model our-org/base --dataset talks.jsonl \
  --rlhf_type grpo --global_batch_size 16 --train_iters 50
