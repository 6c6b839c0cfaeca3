# a config beside the script
dataset = "pages"
gradient_accumulation_steps = 4 * 8
batch_size = 8
learning_rate = 4e-4
min_lr = learning_rate / 10
max_iters = 20000
lr_decay_iters = max_iters
warmup_iters = 500
