from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.plan import Plan
from lrviz.spans import parse_span
from lrviz.trainers import (
    batch_sampler_shard_len,
    dataloader_len,
    distributed_sampler_len,
    transformers_max_steps,
    transformers_updates_per_epoch,
    transformers_warmup_steps,
)

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
    assert plan.ticks(parse_span(args["warmup_steps"], what="warmup"), warmup=True)[0] == result


@pytest.mark.parametrize(("args", "result"), recorded("transformers.Trainer.set_initial_training_values"))
def test_recorded_transformers_training_values(args, result):
    batches = dataloader_len(
        args["n"], args["per_device_train_batch_size"], drop_last=args["dataloader_drop_last"]
    )
    updates = transformers_updates_per_epoch(batches, args["gradient_accumulation_steps"])
    assert (batches, updates) == (result["steps_in_epoch"], result["num_update_steps_per_epoch"])
    if args["max_steps"] < 0:
        assert transformers_max_steps(updates, args["num_train_epochs"]) == result["max_steps"]


@pytest.mark.parametrize(("args", "result"), recorded("transformers.Trainer.set_initial_training_values"))
def test_recorded_transformers_training_values_through_plan(args, result):
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
    assert math.ceil(plan.epochs_run) == result["num_train_epochs"]


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


def test_an_epoch_of_transformers_has_an_update():
    assert transformers_updates_per_epoch(0, 4) == 1


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
