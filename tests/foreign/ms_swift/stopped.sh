NPROC_PER_NODE=2 swift sft --model our-org/base --tuner_type lora --dataset our-org/talks#5000 \
  --num_train_epochs 3 --max_epochs 1 --warmup_ratio 0.05 --output_dir out
