import argparse

from accelerate import Accelerator
from diffusers.optimization import get_scheduler
from torch.optim import AdamW

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, default=1e-4)
parser.add_argument("--max_train_steps", type=int, default=1000)
parser.add_argument("--num_train_epochs", type=int, default=9)
parser.add_argument("--train_batch_size", type=int, default=4)
parser.add_argument("--gradient_accumulation_steps", type=int, default=1)
parser.add_argument("--lr_scheduler", default="cosine")
parser.add_argument("--warmup_ratio", type=float, default=0.1)
args = parser.parse_args()
accelerator = Accelerator(gradient_accumulation_steps=args.gradient_accumulation_steps)
opt = AdamW(model.parameters(), lr=args.learning_rate)
lr_scheduler = get_scheduler(
    args.lr_scheduler,
    optimizer=opt,
    num_warmup_steps=warmup_of(args),
    num_training_steps=args.max_train_steps,
)
model, opt, loader, lr_scheduler = accelerator.prepare(model, opt, loader, lr_scheduler)

done = 0
for epoch in range(args.num_train_epochs):
    for step, batch in enumerate(loader):
        with accelerator.accumulate(model):
            accelerator.backward(model(**batch).loss)
            opt.step()
            lr_scheduler.step()
            opt.zero_grad()
        done += accelerator.sync_gradients
        if done >= args.max_train_steps:
            break
