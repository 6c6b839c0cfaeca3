composer -n 4 train/train.py pretrain_tok.yaml max_duration=100ba scheduler.t_warmup=10ba
