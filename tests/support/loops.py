"""A training loop of a script's own, with accelerate and with DeepSpeed's engine, as the examples'."""

from __future__ import annotations

LOOP = """import argparse, math
from accelerate import Accelerator
from torch.optim import AdamW
from torch.utils.data import DataLoader
from transformers import get_scheduler

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, default=5e-5)
parser.add_argument("--per_device_train_batch_size", type=int, default=8)
parser.add_argument("--gradient_accumulation_steps", type=int, default=2)
parser.add_argument("--num_train_epochs", type=int, default=2)
parser.add_argument("--max_train_steps", type=int, default=None)
parser.add_argument("--lr_scheduler_type", default="linear")
parser.add_argument("--num_warmup_steps", type=int, default=0)
args = parser.parse_args()
accelerator = Accelerator(gradient_accumulation_steps=args.gradient_accumulation_steps)
loader = DataLoader(data, shuffle=True, batch_size=args.per_device_train_batch_size)
optimizer = AdamW(model.parameters(), lr=args.learning_rate)
per_epoch = math.ceil(len(loader) / args.gradient_accumulation_steps)
if args.max_train_steps is None:
    args.max_train_steps = args.num_train_epochs * per_epoch
scheduler = get_scheduler(
    name=args.lr_scheduler_type,
    optimizer=optimizer,
    num_warmup_steps=args.num_warmup_steps,
    num_training_steps=args.max_train_steps,
)
model, optimizer, loader, scheduler = accelerator.prepare(model, optimizer, loader, scheduler)
done = 0
for epoch in range(args.num_train_epochs):
    for step, batch in enumerate(loader):
        with accelerator.accumulate(model):
            accelerator.backward(model(**batch).loss)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
        done += accelerator.sync_gradients
        if done >= args.max_train_steps:
            break
"""
ENGINE = (
    LOOP[: LOOP.index("model, optimizer, loader, scheduler")]
    .replace("from accelerate import Accelerator", "import deepspeed")
    .replace("accelerator = Accelerator(gradient_accumulation_steps=args.gradient_accumulation_steps)\n", "")
    + """config = {"gradient_accumulation_steps": args.gradient_accumulation_steps}
model, _, _, _ = deepspeed.initialize(model=model, optimizer=optimizer, config=config, lr_scheduler=scheduler)
for epoch in range(args.num_train_epochs):
    for batch in loader:
        model.backward(model(batch).loss)
        model.step()
"""
)
OF_DIFFUSERS = (
    LOOP.replace("from transformers import", "from diffusers.optimization import")
    .replace("per_device_train_batch_size", "train_batch_size")
    .replace("lr_scheduler_type", "lr_scheduler")
    .replace("num_warmup_steps", "lr_warmup_steps")
    .replace("    lr_warmup_steps=", "    num_warmup_steps=")
)
LINE = ["--", "accelerate", "launch", "--num_processes", "2", "train.py"]
ENGINE_LINE = ["--", "deepspeed", "--num_gpus", "2", "train.py", "--deepspeed"]
