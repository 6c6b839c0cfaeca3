NPROC_PER_NODE=2 megatron sft --model our-org/base --dataset talks.jsonl \
  --micro_batch_size 4 --global_batch_size 10 --num_train_epochs 1
