swift sft --model our-org/base --dataset 'talks.jsonl#1000' --max_steps 100 --learning_rate 1e-4 --lr_scheduler_type linear --tuner_type lora --lorap_lr_ratio 16
