swift sft --model our-org/base --tuner_type lora --dataset 'our/a#150' 'our/b#150' 'c.jsonl#150' 'd.jsonl#150' e.jsonl#150 \
  --split_dataset_ratio 0.01 --per_device_train_batch_size 1 --gradient_accumulation_steps 8 --num_train_epochs 3 \
  --learning_rate 1e-4 --warmup_ratio 0.05
