trl grpo --num_processes 1 --output_dir out --generation_batch_size 32 --steps_per_generation 2 --max_steps 100
