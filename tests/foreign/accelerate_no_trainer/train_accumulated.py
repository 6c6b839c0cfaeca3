import argparse

from accelerate import Accelerator
from transformers import get_scheduler

parser = argparse.ArgumentParser()
parser.add_argument("--per_device_train_batch_size", type=int, default=8)
parser.add_argument("--gradient_accumulation_steps", type=int, default=1)
parser.add_argument("--learning_rate", type=float, default=5e-5)
parser.add_argument("--num_warmup_steps", type=int, default=0)
parser.add_argument("--num_train_epochs", type=int, default=3)
parser.add_argument("--max_train_steps", type=int, default=None)
args = parser.parse_args()
accelerator = Accelerator()
length = args.max_train_steps * args.gradient_accumulation_steps
lr_scheduler = get_scheduler(
    "linear",
    optimizer=optimizer,
    num_warmup_steps=args.num_warmup_steps * args.gradient_accumulation_steps,
    num_training_steps=length,
)
model, optimizer, lr_scheduler = accelerator.prepare(model, optimizer, lr_scheduler)
