torchrun --nproc_per_node=8 -m scripts.chat_sft -- --num-iterations=1000 --total-batch-size=524288 \
    --device-batch-size=8 --max-seq-len=2048 --warmup-ratio=0.1 --final-lr-frac=0.1
