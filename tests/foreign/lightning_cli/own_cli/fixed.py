import torch
from lightning.pytorch.cli import LightningCLI
from torch.optim import AdamW


class FixedCLI(LightningCLI):
    def add_arguments_to_parser(self, parser):
        parser.add_optimizer_args(AdamW)
        parser.add_lr_scheduler_args(torch.optim.lr_scheduler.StepLR)
        parser.add_argument("--mail", default="")
        parser.set_defaults({"lr_scheduler.gamma": 0.5})


def main():
    FixedCLI(Model, Data, trainer_defaults={"max_epochs": 4, "devices": 1})
