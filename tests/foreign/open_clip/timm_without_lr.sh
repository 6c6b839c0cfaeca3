python -m open_clip_train.main --train-data pairs.csv --opt timm/lion
