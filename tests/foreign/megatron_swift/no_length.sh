NPROC_PER_NODE=2 megatron sft --model our-org/base --dataset talks.jsonl \
  --lr 0.0001
