swift sft --dataset a.jsonl --warmup_ratio 5 --max_steps 100
