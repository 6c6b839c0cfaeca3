torchrun --nproc_per_node=8 -m scripts.base_train -- --num-iterations 10 --total-batch-size 65536
