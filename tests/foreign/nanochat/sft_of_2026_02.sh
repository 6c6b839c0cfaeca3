torchrun --nproc_per_node=8 -m scripts.chat_sft -- --num-iterations=300 --matrix-lr=0.03
