torchrun --standalone --nproc_per_node=4 train.py config/pages.py --max_iters=8000 --warmup_iters=200
