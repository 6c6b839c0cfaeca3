torchrun --nproc_per_node 2 set_after_parsing.py --output_dir out --max_steps 1000 --learning_rate 3e-4 --lr_scheduler_type cosine
