import torch
from transformers import Trainer, TrainingArguments


def main(model, rows):
    args = TrainingArguments(
        "out", learning_rate=1e-4, num_train_epochs=1, per_device_train_batch_size=8
    )
    args.num_train_epochs = 5
    args.learning_rate *= 2
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.learning_rate)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10)
    Trainer(model=model, args=args, train_dataset=rows, optimizers=(optimizer, scheduler)).train()
