torchrun --nproc_per_node 2 own_trainer.py --output_dir out --max_steps 100 --lr_scheduler_type cosine
