max_iters = 100
lr_decay_iters = 50
warmup_iters = 50
