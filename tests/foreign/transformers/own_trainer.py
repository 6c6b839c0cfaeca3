import torch
from transformers import HfArgumentParser, Trainer, TrainerCallback, TrainingArguments


class Base(Trainer):
    def create_scheduler(self, num_training_steps, optimizer=None):
        self.lr_scheduler = torch.optim.lr_scheduler.StepLR(optimizer or self.optimizer, 10)
        return self.lr_scheduler


class Grouped(Base):
    def create_optimizer(self, model=None):
        groups = [{"params": self.model.head.parameters(), "lr": 1e-3}]
        self.optimizer = torch.optim.AdamW(groups, lr=self.args.learning_rate)
        return self.optimizer


class Halve(TrainerCallback):
    def on_epoch_end(self, args, state, control, optimizer=None, lr_scheduler=None, **kwargs):
        for group in optimizer.param_groups:
            group["lr"] /= 2
        lr_scheduler.step()


args = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()[0]
Grouped(model=model, args=args, train_dataset=rows, callbacks=[Halve()]).train()
