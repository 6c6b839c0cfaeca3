from __future__ import annotations

import json
import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.errors import PlanError
from lrviz.notation.durations import parse_duration
from lrviz.plan.arithmetic import (
    batch_sampler_shard_len,
    dataloader_len,
    distributed_sampler_len,
    transformers_warmup_steps,
)
from lrviz.plan.plan import Plan

RECORDED = json.loads((Path(__file__).parent / "golden" / "step_arithmetic.json").read_text("utf-8"))
SMALL = st.integers(1, 64)


def recorded(rule):
    rows = [row for row in RECORDED if row["rule"] == rule]
    assert rows, f"nothing recorded for {rule}"
    return [
        pytest.param(row["args"], row["result"], id=" ".join(f"{k}={v}" for k, v in row["args"].items()))
        for row in rows
    ]


@pytest.mark.parametrize(("args", "result"), recorded("torch.DataLoader.__len__"))
def test_recorded_dataloader(args, result):
    assert dataloader_len(**args) == result


@pytest.mark.parametrize(("args", "result"), recorded("torch.DistributedSampler.__len__"))
def test_recorded_distributed_sampler(args, result):
    assert distributed_sampler_len(**args) == result


@pytest.mark.parametrize(("args", "result"), recorded("accelerate.BatchSamplerShard.__len__"))
def test_recorded_batch_sampler_shard(args, result):
    assert batch_sampler_shard_len(**args) == result


@pytest.mark.parametrize(("args", "result"), recorded("transformers.TrainingArguments.get_warmup_steps"))
def test_recorded_transformers_warmup(args, result):
    assert transformers_warmup_steps(**args) == result


FRACTIONS = [
    row
    for row in recorded("transformers.TrainingArguments.get_warmup_steps")
    if row.values[0]["num_training_steps"] and 0 < row.values[0]["warmup_steps"] < 1
]


@pytest.mark.parametrize(("args", "result"), FRACTIONS)
def test_recorded_transformers_warmup_through_plan(args, result):
    plan = Plan(steps=args["num_training_steps"], trainer="transformers")
    assert plan.ticks(parse_duration(args["warmup_steps"], what="warmup"), warmup=True)[0] == result


@pytest.mark.parametrize(("args", "result"), recorded("transformers.Trainer.set_initial_training_values"))
def test_recorded_transformers_training_values(args, result):
    plan = Plan(
        dataset_len=args["n"],
        batch_size=args["per_device_train_batch_size"],
        epochs=args["num_train_epochs"],
        max_steps=args["max_steps"] if args["max_steps"] > 0 else None,
        grad_accum=args["gradient_accumulation_steps"],
        drop_last=args["dataloader_drop_last"],
        trainer="transformers",
    )
    assert plan.total_steps == result["max_steps"]
    assert plan.steps_per_epoch == result["num_update_steps_per_epoch"]
    assert plan.batches_per_epoch == result["steps_in_epoch"]
    assert math.ceil(plan.epochs_run) == result["num_train_epochs"]


@pytest.mark.parametrize(("args", "result"), recorded("lightning.Trainer.estimated_stepping_batches"))
def test_recorded_lightning_steps(args, result):
    assert args["limit_train_batches"] == 1.0
    plan = Plan(
        dataset_len=args["n"],
        batch_size=args["batch_size"],
        epochs=args["max_epochs"],
        max_steps=args["max_steps"] if args["max_steps"] > 0 else None,
        grad_accum=args["accumulate_grad_batches"],
        trainer="lightning",
    )
    assert plan.total_steps == result["estimate"] == result["real_global_step"]


@pytest.mark.parametrize(
    ("process_index", "batches"),
    [pytest.param(0, 4, id="has the rest"), pytest.param(1, 3, id="goes without")],
)
def test_uneven_shards(process_index, batches):
    shard = batch_sampler_shard_len(
        28, 4, 2, drop_last=False, even_batches=False, process_index=process_index
    )
    assert shard == batches


def test_batches_are_counted_in_integers():
    assert dataloader_len(10**17 + 1, 10, drop_last=False) == 10**16 + 1


def test_drop_last_drops_batches_not_samples():
    assert Plan(dataset_len=9, batch_size=5, world_size=2, drop_last=True, epochs=1).total_steps == 1


# `len(range(0, n, k))` counts groups of k among n by another route than the rules do.
@given(n=st.integers(1, 5000), batch=SMALL, world=SMALL, accum=SMALL, epochs=SMALL)
def test_the_base_rule_deals_out_samples(n, batch, world, accum, epochs):
    plan = Plan(dataset_len=n, batch_size=batch, epochs=epochs, world_size=world, grad_accum=accum)
    batches = len(range(0, len(range(0, n, world)), batch))
    assert plan.steps_per_epoch == len(range(0, batches, accum))
    assert plan.total_steps == plan.steps_per_epoch * epochs


@given(n=st.integers(1, 5000), batch=SMALL, world=SMALL, accum=SMALL)
def test_transformers_deals_out_batches(n, batch, world, accum):
    plan = Plan(
        dataset_len=n, batch_size=batch, epochs=1, world_size=world, grad_accum=accum, trainer="transformers"
    )
    batches = len(range(0, len(range(0, n, batch)), world))
    assert plan.total_steps == len(range(0, batches, accum))


@given(
    length=st.integers(1, 10**6),
    epochs=st.decimals("0.001", 1000, places=3, allow_nan=False, allow_infinity=False),
)
def test_part_of_a_step_is_a_step(length, epochs):
    total = Plan(steps_per_epoch=length, epochs=float(epochs)).total_steps
    assert total - 1 < length * Decimal(epochs) <= total


RUN = {"dataset_len": 1003, "batch_size": 32, "epochs": 3, "grad_accum": 4, "world_size": 2}
ALONE = {"dataset_len": 1003, "batch_size": 32, "epochs": 3, "grad_accum": 5}


@pytest.mark.parametrize(
    ("trainer", "keys", "lines", "length"),
    [
        pytest.param(
            "accelerate",
            RUN,
            [
                "batches of all processes: ceil(1003 / 32) = 32",
                "batches per epoch: ceil(32 / 2) = 16",
                "steps per epoch: ceil(16 / 4) = 4",
                "total steps: 4 * 3 = 12",
            ],
            12,
            id="accelerate deals out batches",
        ),
        pytest.param(
            "lightning",
            RUN,
            [
                "samples per process: ceil(1003 / 2) = 502",
                "batches per epoch: ceil(502 / 32) = 16",
                "steps per epoch: ceil(16 / 4) = 4",
                "total steps: 4 * 3 = 12",
            ],
            12,
            id="lightning deals out samples",
        ),
        pytest.param(
            "timm",
            RUN,
            [
                "samples per process: ceil(1003 / 2) = 502",
                "batches per epoch: floor(502 / 32) = 15",
                "steps per epoch: ceil(15 / 4) = 4",
                "total steps: 4 * 3 = 12",
            ],
            12,
            id="timm drops the last batch and steps on the last group",
        ),
        pytest.param(
            "torchtune",
            RUN,
            [
                "samples per process: ceil(1003 / 2) = 502",
                "batches per epoch: floor(502 / 32) = 15",
                "steps per epoch: floor(15 / 4) = 3",
                "total steps: 3 * 3 = 9",
            ],
            9,
            id="torchtune drops both",
        ),
        pytest.param(
            "deepspeed",
            ALONE,
            ["batches per epoch: ceil(1003 / 32) = 32", "total steps: floor(32 * 3 / 5) = 19"],
            Fraction(96, 5),
            id="deepspeed carries groups over epochs and leaves the last",
        ),
        pytest.param(
            "mmengine",
            ALONE,
            ["batches per epoch: ceil(1003 / 32) = 32", "total steps: ceil(32 * 3 / 5) = 20"],
            Fraction(96, 5),
            id="mmengine carries groups over epochs and steps on the last",
        ),
        pytest.param(
            "keras",
            ALONE | {"grad_accum": 4},
            [
                "batches per epoch: ceil(1003 / 32) = 32",
                "steps per epoch: 32 / 4 = 8",
                "total steps: floor(32 * 3 / 4) = 24",
            ],
            24,
            id="keras with groups that end with the epoch",
        ),
        pytest.param(
            "keras",
            {"steps_per_epoch": 8, "epochs": 3, "grad_accum": 4},
            ["steps per epoch: steps_per_epoch = 8", "total steps: 8 * 3 = 24"],
            24,
            id="steps per epoch are steps",
        ),
        pytest.param(
            "deepspeed",
            ALONE | {"max_steps": 10},
            ["batches per epoch: ceil(1003 / 32) = 32", "total steps: min(floor(32 * 3 / 5), 10) = 10"],
            10,
            id="cut short, nothing is left over",
        ),
    ],
)
def test_derivation_of_a_trainer(trainer, keys, lines, length):
    plan = Plan(**keys, trainer=trainer)
    assert [f"{line.label}: {line.text}" for line in plan.explain()] == lines
    assert plan.length == length


@pytest.mark.parametrize(
    ("trainer", "keys", "message", "hint"),
    [
        pytest.param(
            "keras",
            RUN,
            "keras splits one batch over all devices, and batch_size is that of a process",
            "leave out world_size, and give batch_size=64",
            id="the batch of keras",
        ),
        pytest.param(
            "lightning",
            RUN | {"epochs": 2.5},
            "lightning runs whole epochs, got epochs=2.5",
            "epochs=3",
            id="part of an epoch",
        ),
        pytest.param(
            "timm",
            {"dataset_len": 31, "batch_size": 32, "epochs": 1},
            "timm leaves no batch of batch_size=32 in dataset_len=31 with world_size=1",
            "give a smaller batch_size",
            id="no whole batch",
        ),
        pytest.param(
            "torchtune",
            RUN | {"grad_accum": 16},
            "floor(15 / 16) = 0: torchtune makes no step of so few batches",
            "give a smaller grad_accum",
            id="no whole group",
        ),
        pytest.param(
            "deepspeed",
            ALONE | {"steps_per_epoch": 6},
            "steps_per_epoch=6 contradicts the 32/5 of ceil(1003 / 32)",
            "leave out steps_per_epoch",
            id="an epoch is no whole number of steps",
        ),
    ],
)
def test_what_a_trainer_refuses(trainer, keys, message, hint):
    with pytest.raises(PlanError) as refusal:
        Plan(**keys, trainer=trainer)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("keys", "text", "steps", "why"),
    [
        pytest.param(ALONE, "2ep", 12, "floor(32/5 * 2), the exact product is 12.8", id="epochs"),
        pytest.param(ALONE, "5ep", 32, "", id="epochs that come out even"),
        pytest.param(ALONE, "7%", 1, "int(19 * 0.07), the exact product is 1.33", id="a share"),
    ],
)
def test_durations_where_groups_cross_epochs(keys, text, steps, why):
    found, note = Plan(**keys, trainer="deepspeed").ticks(parse_duration(text, what="warmup"), warmup=True)
    assert (found, note.partition(": ")[2]) == (steps, why)


@pytest.mark.parametrize("trainer", ["deepspeed", "mmengine", "keras"])
def test_epochs_run_to_their_last_batch(trainer):
    assert Plan(**ALONE, trainer=trainer).epochs_run == 3.0


def test_the_summary_of_a_fractional_epoch():
    summary = Plan(**ALONE, trainer="keras").summary()
    text = "1003 samples / batch 32, accumulating 5, trainer keras = 32/5 steps/epoch × 3 epochs = 19 steps"
    assert summary == text


# The loops themselves, batch by batch.
@given(n=st.integers(1, 300), batch=SMALL, accum=st.integers(1, 9), epochs=st.integers(1, 5))
def test_every_trainer_counts_as_its_loop(n, batch, accum, epochs):
    keys = {"dataset_len": n, "batch_size": batch, "grad_accum": accum, "epochs": epochs}
    padded, whole = len(range(0, n, batch)), n // batch
    carried = padded * epochs
    loops = {
        "accelerate": sum(i % accum == 0 or i == padded for i in range(1, padded + 1)) * epochs,
        "timm": sum(i % accum == 0 or i == whole for i in range(1, whole + 1)) * epochs,
        "torchtune": sum(i % accum == 0 for i in range(1, whole + 1)) * epochs,
        "deepspeed": sum(i % accum == 0 for i in range(1, carried + 1)),
        "mmengine": sum(i % accum == 0 or i == carried for i in range(1, carried + 1)),
        "keras": sum(i % accum == 0 for i in range(1, carried + 1)),
    }
    for trainer, steps in loops.items():
        if steps:
            assert Plan(**keys, trainer=trainer).total_steps == steps, trainer
        else:
            with pytest.raises(PlanError):
                Plan(**keys, trainer=trainer)
