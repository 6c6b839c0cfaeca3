python train.py --data-path data --lr-scheduler cosine
