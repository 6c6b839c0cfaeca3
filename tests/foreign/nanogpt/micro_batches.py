learning_rate = 4e-4
min_lr = 4e-5
micro_batch_size = 8
batch_size = 512 // 8
max_step = 100
warmup_steps = 10
decay_lr = True
gradient_accumulation_steps = batch_size // micro_batch_size
warmup_iters = warmup_steps * gradient_accumulation_steps
max_iters = max_step * gradient_accumulation_steps
lr_decay_iters = max_iters


def get_lr(it):
    return learning_rate * it / warmup_iters
