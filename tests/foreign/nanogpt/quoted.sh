torchrun --nproc_per_node=4 train.py config/quoted.py --max_iters=8000 --warmup_iters=200
# config/quoted.py:
#   # only here
#   learning_rate = 4e-4
#   gradient_accumulation_steps = 32
#   max_iters, lr_decay_iters = 20000, 20000
#   min_lr = learning_rate / 10
# that is all
