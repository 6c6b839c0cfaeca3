NPROC_PER_NODE=1 megatron rlhf --model our-org/base --dataset talks.jsonl \
  --rlhf_type dpo --lr_decay_iters 20 --lr_warmup_init 1e-07 --global_batch_size 4 --num_train_epochs 3 --train_iters 50
