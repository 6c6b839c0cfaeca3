NPROC_PER_NODE=2 swift sft --model our-org/base --tuner_type full --dataset talks.jsonl --split_dataset_ratio 0.01 \
  --per_device_train_batch_size 3 --num_train_epochs 1 --output_dir out --warmup_steps 0.1
