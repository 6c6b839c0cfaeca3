torchrun --standalone --nproc_per_node=8 -m scripts.base_train -- --depth=20 --num-iterations=3000 --warmup-ratio=0.1 --device-batch-size=16 --total-batch-size=1048576
