python -m training.main --train-data pairs.tsv --lr-scheduler const --warmup 50 --epochs 2 --batch-size 100 --lr 1e-4
