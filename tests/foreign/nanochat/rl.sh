torchrun --standalone --nproc_per_node=8 -m scripts.chat_rl -- --run=rl --num-epochs=2 --init-lr-frac=0.1
