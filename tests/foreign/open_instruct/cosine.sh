uv run open_instruct/grpo_fast.py --learning_rate 1e-6 --lr_scheduler_type cosine --total_episodes 10240 --num_epochs 2
