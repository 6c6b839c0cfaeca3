swift sft --dataset a.jsonl --warmup_ratio 0.1 --warmup_steps 5 --max_steps 100
