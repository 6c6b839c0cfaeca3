"""The loops of real trainers over random plans: the updates they make, and the LR of each, against lrviz.

    PYTHONPATH=. python tests/live/proof_trainers.py [--runs 40] [--seed 0] [--only lightning]

It needs torch, transformers, accelerate, lightning, keras (on torch) and mmengine, so it is a script and no
test. Everything runs in one process: several of accelerate's are its own ``BatchSamplerShard`` of rank 0 and
its scheduler told of their number. DeepSpeed, timm and torchtune have loops that need more than a CPU, or
stand in scripts; what they count is in ``test_trainers.py``.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ |= {"KERAS_BACKEND": "torch", "CUDA_VISIBLE_DEVICES": "", "HF_HUB_OFFLINE": "1"}
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import numpy as np
import torch
from torch.optim import lr_scheduler
from torch.utils.data import BatchSampler, DataLoader, Dataset, SequentialSampler

from lrviz.notation.spec import Spec
from lrviz.resolve.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

Params = dict[str, Any]
LR = 0.1


class Samples(Dataset):
    """So many ones, as tensors or below a key."""

    def __init__(self, n: int, key: str | None = None) -> None:
        self.n, self.key = n, key

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, i: int) -> Any:
        return {self.key: torch.ones(1)} if self.key else torch.ones(1)


def watched(parameters: Any) -> tuple[torch.optim.SGD, list[float]]:
    """An optimizer, and the LRs its updates use."""
    optimizer, used = torch.optim.SGD(parameters, lr=LR), []
    optimizer.register_step_pre_hook(lambda one, *_: used.append(one.param_groups[0]["lr"]))
    return optimizer, used


def loader(plan: Params, key: str | None = None) -> DataLoader:
    samples = Samples(plan["dataset_len"], key)
    return DataLoader(samples, batch_size=plan["batch_size"], drop_last=plan["drop_last"])


# --- the loops -------------------------------------------------------------------------------------------


def run_lightning(plan: Params, name: str, params: Params) -> list[float]:
    import lightning

    used: list[float] = []

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(1, 1)

        def training_step(self, batch: Any) -> Any:
            return self.layer(batch).sum()

        def configure_optimizers(self) -> Any:
            nonlocal used
            optimizer, used = watched(self.parameters())
            scheduler = getattr(lr_scheduler, name)(optimizer, **params)
            chosen = {"interval": plan["interval"]} if "interval" in plan else {}
            return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, **chosen}}

    trainer = lightning.Trainer(
        max_epochs=plan["epochs"],
        max_steps=plan.get("max_steps", -1),
        accumulate_grad_batches=plan["grad_accum"],
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(Module(), loader(plan))
    return used


def run_accelerate(plan: Params, name: str, params: Params) -> list[float]:
    from accelerate import Accelerator
    from accelerate.data_loader import BatchSamplerShard
    from accelerate.state import AcceleratorState, GradientState, PartialState

    AcceleratorState._reset_state(reset_partial_state=True)
    GradientState._reset_state()
    accelerator = Accelerator(cpu=True, gradient_accumulation_steps=plan["grad_accum"])
    layer = torch.nn.Linear(1, 1)
    optimizer, used = watched(layer.parameters())
    samples = Samples(plan["dataset_len"])
    batches = BatchSampler(SequentialSampler(samples), plan["batch_size"], plan["drop_last"])
    share = DataLoader(samples, batch_sampler=BatchSamplerShard(batches, plan["world_size"], 0))
    prepared = accelerator.prepare(layer, optimizer, share, getattr(lr_scheduler, name)(optimizer, **params))
    layer, stepper, share, scheduler = prepared
    PartialState._shared_state["num_processes"] = plan["world_size"]  # told, not run
    for _ in range(plan["epochs"]):
        for batch in share:
            with accelerator.accumulate(layer):
                accelerator.backward(layer(batch).sum())
                stepper.step()
                scheduler.step()
                stepper.zero_grad()
    return used


def run_transformers(plan: Params, name: str, params: Params) -> list[float]:
    from transformers import PrinterCallback, Trainer, TrainingArguments

    class Layer(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(1, 1)

        def forward(self, x: Any) -> Any:
            return {"loss": self.layer(x).sum()}

    model = Layer()
    optimizer, used = watched(model.parameters())
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=plan["batch_size"],
            gradient_accumulation_steps=plan["grad_accum"],
            num_train_epochs=plan["epochs"],
            max_steps=plan.get("max_steps", -1),
            dataloader_drop_last=plan["drop_last"],
            lr_scheduler_type=name,
            warmup_steps=params["warmup"],
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            disable_tqdm=True,
            logging_strategy="no",
            remove_unused_columns=False,
        )
        data = Samples(plan["dataset_len"], "x")
        trainer = Trainer(model, arguments, train_dataset=data, optimizers=(optimizer, None))
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return used


def run_mmengine(plan: Params, name: str, params: Params) -> list[float]:
    from mmengine.model import BaseModel
    from mmengine.runner import Runner

    class Layer(BaseModel):
        def __init__(self) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(1, 1)

        def forward(self, x: Any, mode: str = "loss") -> Any:
            return {"loss": self.layer(x).sum(), "mode": torch.zeros(1) if mode else None}

    model = Layer()
    optimizer, used = watched(model.parameters())
    with tempfile.TemporaryDirectory() as folder:
        hooks = dict.fromkeys(("logger", "checkpoint", "timer", "runtime_info"))
        runner = Runner(
            model,
            work_dir=folder,
            experiment_name=Path(folder).name,
            train_dataloader={
                "batch_size": plan["batch_size"],
                "drop_last": plan["drop_last"],
                "num_workers": 0,
                "dataset": Samples(plan["dataset_len"], "x"),
                "sampler": {"type": "DefaultSampler", "shuffle": False},
                "collate_fn": {"type": "default_collate"},
            },
            train_cfg={"by_epoch": True, "max_epochs": plan["epochs"]},
            optim_wrapper={"optimizer": optimizer, "accumulative_counts": plan["grad_accum"]},
            param_scheduler={"type": name, **params},
            default_hooks=hooks,
            log_level="ERROR",
        )
        runner.train()
    return used


def run_keras(plan: Params, name: str, params: Params) -> list[float]:
    import keras

    used: list[float] = []

    class Watched(keras.optimizers.SGD):
        def _backend_update_step(self, grads: Any, variables: Any, learning_rate: Any) -> None:
            used.append(float(learning_rate))
            super()._backend_update_step(grads, variables, learning_rate)

    schedule = getattr(keras.optimizers.schedules, name)(LR, **params)
    accum = plan["grad_accum"] if plan["grad_accum"] > 1 else None
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(Watched(schedule, gradient_accumulation_steps=accum), "mse", jit_compile=False)
    ones = np.ones((plan["dataset_len"], 1))
    model.fit(ones, ones, batch_size=plan["batch_size"], epochs=plan["epochs"], verbose=0)
    return used


# --- the plans -------------------------------------------------------------------------------------------


def draw_plan(draw: random.Random) -> Params:
    plan: Params = {
        "dataset_len": draw.randint(1, 70),
        "batch_size": draw.randint(1, 9),
        "epochs": draw.randint(1, 4),
        "grad_accum": draw.choice((1, 1, 2, 3, 4, 7)),
        "drop_last": draw.random() < 0.3,
    }
    return plan if plan["dataset_len"] >= plan["batch_size"] else draw_plan(draw)


def draw_torch(draw: random.Random) -> tuple[str, Params]:
    return draw.choice(
        [
            ("StepLR", {"step_size": draw.randint(1, 5), "gamma": 0.7}),
            ("CosineAnnealingLR", {"T_max": draw.randint(2, 40), "eta_min": 0.01}),
            ("LinearLR", {"start_factor": 0.2, "total_iters": draw.randint(1, 30)}),
        ]
    )


def draw_lightning(draw: random.Random, plan: Params) -> tuple[str, Params]:
    if draw.random() < 0.5:
        plan["interval"] = draw.choice(("step", "epoch"))
    if draw.random() < 0.3:
        plan["max_steps"] = draw.randint(1, 20)
    return draw_torch(draw)


def draw_accelerate(draw: random.Random, plan: Params) -> tuple[str, Params]:
    plan["world_size"] = draw.choice((1, 2, 3))
    plan["dataset_len"] = max(plan["dataset_len"], plan["batch_size"] * plan["world_size"])
    if draw.random() < 0.5:
        return draw_torch(draw)
    return "OneCycleLR", {"max_lr": LR, "total_steps": draw.randint(5, 80)}


def draw_transformers(draw: random.Random, plan: Params) -> tuple[str, Params]:
    plan["epochs"] = draw.choice((plan["epochs"], round(draw.uniform(0.2, 4), 2)))
    if draw.random() < 0.3:
        plan["max_steps"] = draw.randint(1, 20)
    warmup = draw.choice((0, draw.randint(1, 6), round(draw.uniform(0.01, 0.5), 2)))
    return draw.choice(("linear", "cosine")), {"warmup": warmup}


def draw_mmengine(draw: random.Random, plan: Params) -> tuple[str, Params]:
    assert plan
    by_epoch = draw.random() < 0.5
    name, params = draw.choice(
        [
            ("StepLR", {"step_size": draw.randint(1, 3), "gamma": 0.7}),
            ("CosineAnnealingLR", {"T_max": draw.randint(2, 40), "eta_min": 0.01}),
            ("PolyLR", {"power": 2.0, "begin": draw.randint(0, 3), "end": draw.randint(6, 40)}),
        ]
    )
    converted = {"convert_to_iter_based": True} if by_epoch and draw.random() < 0.5 else {}
    return name, {**params, **converted, "by_epoch": by_epoch}


def draw_keras(draw: random.Random, plan: Params) -> tuple[str, Params]:
    plan["drop_last"] = False
    return draw.choice(
        [
            ("ExponentialDecay", {"decay_steps": draw.randint(1, 9), "decay_rate": 0.9}),
            ("CosineDecay", {"decay_steps": draw.randint(2, 60), "alpha": 0.1}),
        ]
    )


def expected(trainer: str, plan: Params, name: str, params: Params) -> list[float]:
    """The LR of every update, as lrviz has it."""
    family = {"mmengine": "mmengine", "keras": "keras", "transformers": "transformers"}.get(trainer, "torch")
    spec = Spec(f"{family}.{name}", tuple(params.items()))
    found = resolve(spec, {**plan, "lr": LR, "trainer": trainer})
    return list(found.schedule(np.arange(found.plan.total_steps)))


def verdict(trainer: str, plan: Params, name: str, params: Params) -> tuple[float, str]:
    """The largest error of one run, of the largest LR, or what is wrong with its length."""
    run: Callable[[Params, str, Params], list[float]] = globals()[f"run_{trainer}"]
    used = run(plan, name, params)
    try:
        told = expected(trainer, plan, name, params)
    except ValueError as refusal:
        return 0.0, "" if not used else f"{len(used)} updates, and lrviz says: {refusal}"
    if len(used) != len(told):
        return 0.0, f"{len(used)} updates, not {len(told)}"
    error = float(np.abs(np.subtract(used, told)).max() / max(used))
    limit = 1e-6 if trainer == "keras" else 1e-12
    return error, f"an error of {error:.1e}" if error > limit else ""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append")
    given = parser.parse_args()
    trainers = [name.removeprefix("run_") for name in globals() if name.startswith("run_")]
    failed = 0
    for trainer in given.only or trainers:
        draw, worst = random.Random(f"{trainer} {given.seed}"), 0.0
        for _ in range(given.runs):
            plan = draw_plan(draw)
            name, params = globals()[f"draw_{trainer}"](draw, plan)
            error, wrong = verdict(trainer, plan, name, params)
            worst = max(worst, error)
            if wrong:
                failed += 1
                print(f"{trainer} {plan} {name} {params}: {wrong}")
        print(f"{trainer}: {given.runs} runs, worst error {worst:.1e}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
