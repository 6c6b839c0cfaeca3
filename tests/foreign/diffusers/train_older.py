import argparse

from accelerate import Accelerator
from diffusers.optimization import get_scheduler
from torch.optim import AdamW

parser = argparse.ArgumentParser()
parser.add_argument("--instance_data_dir")
parser.add_argument("--train_batch_size", type=int, default=4)
parser.add_argument("--gradient_accumulation_steps", type=int, default=1)
parser.add_argument("--learning_rate", type=float, default=5e-6)
parser.add_argument("--lr_scheduler", default="constant")
parser.add_argument("--lr_warmup_steps", type=int, default=500)
parser.add_argument("--num_train_epochs", type=int, default=1)
parser.add_argument("--max_train_steps", type=int, default=None)
args = parser.parse_args()
accelerator = Accelerator(gradient_accumulation_steps=args.gradient_accumulation_steps)
optimizer = AdamW(model.parameters(), lr=args.learning_rate)
lr_scheduler = get_scheduler(
    args.lr_scheduler,
    optimizer=optimizer,
    num_warmup_steps=args.lr_warmup_steps * args.gradient_accumulation_steps,
    num_training_steps=args.max_train_steps * args.gradient_accumulation_steps,
)
unet, optimizer, loader, lr_scheduler = accelerator.prepare(unet, optimizer, loader, lr_scheduler)

done = 0
for epoch in range(args.num_train_epochs):
    for step, batch in enumerate(loader):
        with accelerator.accumulate(model):
            accelerator.backward(model(**batch).loss)
            optimizer.step()
            lr_scheduler.step()
            optimizer.zero_grad()
        done += accelerator.sync_gradients
        if done >= args.max_train_steps:
            break
