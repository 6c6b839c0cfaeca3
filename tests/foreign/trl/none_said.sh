trl grpo --config none_said.yaml --steps_per_generation None --num_processes 2
