torchrun --nproc_per_node 2 -m open_clip_train.main --model RN50 --train-data pairs.csv --accum-freq 3 --epochs 10
