python -m open_clip_train.main --dataset-type synthetic --train-num-samples 6400 --skip-scheduler --epochs 3
