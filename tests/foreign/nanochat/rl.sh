torchrun --nproc_per_node=8 -m scripts.chat_rl
