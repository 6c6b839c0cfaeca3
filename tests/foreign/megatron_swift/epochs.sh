NPROC_PER_NODE=4 megatron sft --model our-org/base --dataset talks.jsonl \
  --tensor_model_parallel_size 2 --micro_batch_size 2 --global_batch_size 8 --split_dataset_ratio 0.01 --lr 1e-05 --min_lr 1e-06 --lr_warmup_fraction 0.05 --num_train_epochs 2
