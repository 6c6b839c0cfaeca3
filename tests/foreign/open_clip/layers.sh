python -m open_clip_train.main --train-data a.csv --model ViT-B-32 --warmup 20 --epochs 3 --batch-size 10 --text-layer-decay 0.65
