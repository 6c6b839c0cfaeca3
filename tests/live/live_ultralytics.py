"""Random trainings of ultralytics: the loop of its real trainer, with a tiny model and no data.

``BaseTrainer`` runs its own ``_do_train``, ``_build_train_pipeline``, ``_setup_scheduler`` and
``build_optimizer`` on settings that its own ``check_cfg`` accepted; what it does around them (checkpoints,
validation, logs) does nothing here. The LRs are read where the model gets a batch.
"""

from __future__ import annotations

import ast
import contextlib
import math
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import torch
import unpacked
import yaml
from live_case import Case, Draw, Run, stop_of

NAMES = ("BaseTrainer",)
OPTIMIZERS = {"sgd": "SGD", "sgd_momentum": "SGD", "musgd": "MuSGD", "rmsprop": "RMSProp", "adam": "AdamW"}
ROOT = unpacked.folder() / "ultralytics" / "ultralytics"


def cut(path: str, prefix: str = "", *names: str) -> dict[str, Any]:
    """Some functions and constants of a file, without running the rest of it."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    wanted = [
        node
        for node in tree.body
        if getattr(node, "name", "") in names
        or (prefix and isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith(prefix))
    ]
    code = ast.Module([*ast.parse("from __future__ import annotations").body, *wanted], [])
    made: dict[str, Any] = {"math": math, "FLOAT_OR_INT": (float, int)}
    exec(compile(code, path, "exec"), made)
    return made


def bar(batches: Any, **_: Any) -> Any:
    """A progress bar that shows nothing."""
    shown = MagicMock()
    shown.__iter__.side_effect = lambda: iter(batches)
    return shown


DEFAULTS = yaml.safe_load((ROOT / "cfg/default.yaml").read_text(encoding="utf-8"))
CHECKS = cut("cfg/__init__.py", "CFG_", "check_cfg") | {"DEFAULT_CFG_DICT": DEFAULTS}
CHECKS["check_cfg"].__globals__["DEFAULT_CFG_DICT"] = DEFAULTS
QUIET = {
    "TQDM": bar,
    "RANK": -1,
    "LOCAL_RANK": -1,
    "unwrap_model": lambda model: model,
    "autocast": lambda *_, **__: contextlib.nullcontext(),
    "one_cycle": cut("utils/torch_utils.py", "", "one_cycle")["one_cycle"],
}
AROUND = (
    "cfg data.utils nn.distill_model nn.tasks utils utils.autobatch utils.checks utils.dist utils.files"
    " utils.patches utils.plotting utils.torch_utils"
)
ANYTHING = {"__getattr__": MagicMock(return_value=MagicMock()), **QUIET}
STUBS = {
    "ultralytics": {"__version__": unpacked.RELEASES["ultralytics"], "__path__": [str(ROOT)]},
    **{f"ultralytics.{name}": ANYTHING for name in AROUND.split()},
}
trainer = unpacked.module("ultralytics", "ultralytics/engine/trainer.py", STUBS)


class Loader(list):
    """Batches of nothing."""

    batch_size, drop_last, num_workers = 1, False, 0

    @property
    def sampler(self) -> list[int]:
        return [0] * len(self)

    dataset = sampler


class Model(torch.nn.Module):
    """A layer of each kind that has a param group of its own."""

    criterion = None

    def __init__(self) -> None:
        super().__init__()
        self.model = torch.nn.Sequential(torch.nn.Conv1d(1, 1, 1), torch.nn.BatchNorm1d(1))

    def forward(self, _: Any) -> Any:
        loss = sum(parameter.sum() for parameter in self.parameters())
        return loss, {"loss": loss.detach()}


class Enough(BaseException):
    """The steps of the case are done."""


class Trainer(trainer.BaseTrainer):
    """The real trainer, with nothing around its loop, noting the LR and momentum of every batch."""

    def __init__(self, settings: SimpleNamespace, nb: int, steps: int, kind: str) -> None:
        self.args, self.nb, self.steps, self.kind = settings, nb, steps, kind
        self.epochs, self.batch_size, self.start_epoch, self.world_size = (
            settings.epochs,
            settings.batch,
            0,
            0,
        )
        self.model, self.ema, self.stopper = (
            Model(),
            MagicMock(),
            MagicMock(return_value=False, possible_stop=False),
        )
        self.amp, self.device, self.fitness = False, torch.device("cpu"), 0.0
        self.scaler = SimpleNamespace(scale=lambda loss: loss)
        self.optimizer, self.metrics, self.loss_names, self.plot_idx = None, {}, (), []
        self.stop, self.stride, self.data, self.save_dir = False, 32, {"train": "", "val": ""}, ""
        self.seen: list[dict[str, float]] = []

    def _setup_train(self) -> None:
        self._build_train_pipeline()
        self.scheduler.last_epoch = self.start_epoch - 1  # the last but one line of the real one

    def get_dataloader(self, *_: Any, **__: Any) -> Loader:
        return Loader([{"img": torch.zeros(1, 1, 1)}] * self.nb)

    def preprocess_batch(self, batch: Any) -> Any:
        if len(self.seen) == self.steps:
            raise Enough
        groups = [group for group in self.optimizer.param_groups if group["param_group"] == self.kind]
        self.seen.append({key: groups[-1][key] for key in ("lr", "momentum") if key in groups[-1]})
        return batch

    def optimizer_step(self) -> None:
        self.optimizer.zero_grad()

    def validate(self) -> tuple[dict[str, float], float]:
        return {}, 0.0

    def nothing(self, *_: Any, **__: Any) -> Any:
        return {}

    run_callbacks = _model_train = _clear_memory = save_metrics = save_model = final_eval = nothing
    label_loss_items = progress_string = _handle_nan_recovery = nothing

    def _get_memory(self, *_: Any) -> float:
        return 0.0


def draw(name: str, draw: Draw) -> Case:
    nb = draw.some(draw.randint(1, 12), 1, 40)
    share = {
        key: lambda: draw.some(draw.share(), 0, 1, 0.0, 1.5, -0.1, often=0.08)
        for key in ("lrf", "warmup_bias_lr", "warmup_momentum", "momentum", "lr0")
    }
    params = {
        "epochs": draw.some(draw.randint(1, 2 * draw.steps // nb + 2), 1, 2, 3.0, 0, 2.5, often=0.15),
        "cos_lr": draw.random() < 0.5,
        "warmup_epochs": draw.some(round(draw.uniform(0, 6), 2), 0, 3, -1, 100, 0.5),
        **{key: value() for key, value in share.items()},
        "param_group": draw.some(draw.choice(["weight", "bn", "bias"]), "muon", "head", often=0.1),
    }
    optimizer = draw.choice(list(OPTIMIZERS))
    return Case(
        f"ultralytics.{name}",
        {"steps_per_epoch": nb, **draw.subset(params, 0.8)},
        draw.steps,
        lr=draw.some(draw.rate(), 0.0, 2.0, often=0.05),
        optimizer=optimizer,
    )


def record(case: Case) -> Run:
    given = {"lr0": case.lr, **case.params, "optimizer": OPTIMIZERS[case.optimizer]}
    given |= {"amp": False, "plots": False, "close_mosaic": 0, "val": False}
    try:
        nb, kind = given.pop("steps_per_epoch"), given.pop("param_group", "weight")
        settings = {**DEFAULTS, **given}
        CHECKS["check_cfg"](settings)
        real = Trainer(SimpleNamespace(**settings), nb, case.steps, kind)
        with contextlib.suppress(Enough):
            real._do_train()
    except Exception as error:
        return Run({}, "init", stop_of(error))
    curves = {key: np.array([[seen[key] for seen in real.seen]]) for key in real.seen[0]}
    over = len(real.seen) < case.steps
    return Run(curves, len(real.seen) if over else None, "StopIteration: training is over" if over else "")
