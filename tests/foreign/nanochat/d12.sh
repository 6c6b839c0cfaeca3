torchrun --nproc_per_node=8 -m scripts.base_train -- --depth 12 --num-iterations 3000 --total-batch-size 524288
