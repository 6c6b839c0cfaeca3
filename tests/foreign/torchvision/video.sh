torchrun --nproc_per_node=4 references/video_classification/train.py --data-path /data/k400 \
    --clip-len 16 --model r2plus1d_18 --epochs 12 --batch-size 24 --lr 0.02 \
    --lr-milestones 5 9 --lr-warmup-epochs 3
