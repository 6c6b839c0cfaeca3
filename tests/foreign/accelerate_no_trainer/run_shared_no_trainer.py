import argparse
import math

from accelerate import Accelerator
from torch.optim import AdamW
from transformers import get_scheduler

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, default=3e-5)
parser.add_argument("--num_train_epochs", type=int, default=3)
parser.add_argument("--per_device_train_batch_size", type=int, default=16)
parser.add_argument("--gradient_accumulation_steps", type=int, default=2)
parser.add_argument("--warmup_ratio", type=float, default=0.1)
args = parser.parse_args()
accelerator = Accelerator(gradient_accumulation_steps=args.gradient_accumulation_steps)
optimizer = AdamW(model.parameters(), lr=args.learning_rate)
model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
total = args.num_train_epochs * math.ceil(len(loader) / args.gradient_accumulation_steps)
lr_scheduler = get_scheduler(
    "linear",
    optimizer=optimizer,
    num_warmup_steps=int(args.warmup_ratio * total),
    num_training_steps=total,
)
lr_scheduler = accelerator.prepare(lr_scheduler)

for epoch in range(args.num_train_epochs):
    for step, batch in enumerate(loader):
        with accelerator.accumulate(model):
            accelerator.backward(model(**batch).loss)
            optimizer.step()
            lr_scheduler.step()
            optimizer.zero_grad()
