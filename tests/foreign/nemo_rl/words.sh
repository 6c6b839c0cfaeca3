uv run examples/run_grpo_math.py --config grpo_list.yaml policy.optimizer.kwargs.lr=1e-6 grpo.max_num_steps=100
