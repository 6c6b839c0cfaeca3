torchrun --nproc_per_node=8 scripts/train.py max.yaml --max_duration=1e3 --scheduler.t_warmup=50
