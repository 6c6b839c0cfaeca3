import functools

import lightning as L
import net
from lightning.pytorch.callbacks import LearningRateMonitor
from lightning.pytorch.cli import LightningCLI
from lightning.pytorch.strategies import DDPStrategy
from net.callbacks import GradualUnfreeze


class Frozen(L.pytorch.callbacks.BaseFinetuning):
    pass


class CLI(LightningCLI):
    def add_arguments_to_parser(self, parser):
        parser.add_lightning_class_args(L.pytorch.callbacks.EarlyStopping, "early")
        parser.add_lightning_class_args(Frozen, "frozen")


CLI(
    net.Net,
    net.Data,
    trainer_class=functools.partial(L.Trainer, max_epochs=9),
    trainer_defaults={
        "strategy": DDPStrategy(static_graph=True),
        "callbacks": [LearningRateMonitor(), GradualUnfreeze(2), *net.callbacks.others()],
    },
)
