from __future__ import annotations

import math

import pytest
from planned import BASE, CLUSTER, HF, told

from lrviz.errors import PlanError
from lrviz.notation.durations import parse_duration
from lrviz.plan.plan import Plan


@pytest.mark.parametrize(
    ("keys", "lines", "summary"),
    [
        pytest.param(
            BASE,
            ["steps per epoch: ceil(1235 / 32) = 39", "total steps: 39 * 50 = 1950"],
            "1235 samples / batch 32 = 39 steps/epoch × 50 epochs = 1950 steps",
            id="one process",
        ),
        pytest.param(
            CLUSTER,
            [
                "samples per process: ceil(50000 / 8) = 6250",
                "batches per epoch: ceil(6250 / 128) = 49",
                "steps per epoch: ceil(49 / 4) = 13",
                "total steps: 13 * 30 = 390",
            ],
            "50000 samples / batch 128 on 8 processes, accumulating 4"
            " = 13 steps/epoch × 30 epochs = 390 steps",
            id="processes and accumulation",
        ),
        pytest.param(
            CLUSTER | {"grad_accum": 1, "drop_last": True},
            [
                "samples per process: ceil(50000 / 8) = 6250",
                "steps per epoch: floor(6250 / 128) = 48",
                "total steps: 48 * 30 = 1440",
            ],
            "50000 samples / batch 128 on 8 processes, drop_last = 48 steps/epoch × 30 epochs = 1440 steps",
            id="the last batch dropped",
        ),
        pytest.param(
            CLUSTER | {"trainer": "transformers", "drop_last": True},
            [
                "batches of all processes: floor(50000 / 128) = 390",
                "batches per epoch: floor(390 / 8) = 48",
                "steps per epoch: ceil(48 / 4) = 12",
                "total steps: 12 * 30 = 360",
            ],
            "50000 samples / batch 128 on 8 processes, accumulating 4, drop_last, trainer transformers"
            " = 12 steps/epoch × 30 epochs = 360 steps",
            id="transformers deals out batches",
        ),
        pytest.param(
            {"steps_per_epoch": 391, "epochs": 30},
            ["steps per epoch: steps_per_epoch = 391", "total steps: 391 * 30 = 11730"],
            "391 steps/epoch × 30 epochs = 11730 steps",
            id="the epoch given",
        ),
        pytest.param(
            {"batches_per_epoch": 49, "epochs": 30, "drop_last": True, "world_size": 8},
            ["steps per epoch: batches_per_epoch = 49", "total steps: 49 * 30 = 1470"],
            "49 batches/epoch = 49 steps/epoch × 30 epochs = 1470 steps",
            id="the batches given, of one step each",
        ),
        pytest.param(
            {"batches_per_epoch": 49, "epochs": 30, "grad_accum": 4, "trainer": "transformers"},
            [
                "batches per epoch: batches_per_epoch = 49",
                "steps per epoch: ceil(49 / 4) = 13",
                "total steps: 13 * 30 = 390",
            ],
            "49 batches/epoch, accumulating 4, trainer transformers = 13 steps/epoch × 30 epochs = 390 steps",
            id="the batches given, accumulated",
        ),
        pytest.param(
            {"batches_per_epoch": 49, "epochs": 30, "grad_accum": 4, "trainer": "torchtune"},
            [
                "batches per epoch: batches_per_epoch = 49",
                "steps per epoch: floor(49 / 4) = 12",
                "total steps: 12 * 30 = 360",
            ],
            "49 batches/epoch, accumulating 4, trainer torchtune = 12 steps/epoch × 30 epochs = 360 steps",
            id="the batches given, those left over dropped",
        ),
        pytest.param(
            {"batches_per_epoch": 49, "epochs": 30, "grad_accum": 4, "trainer": "deepspeed"},
            ["batches per epoch: batches_per_epoch = 49", "total steps: floor(49 * 30 / 4) = 367"],
            "49 batches/epoch, accumulating 4, trainer deepspeed = 49/4 steps/epoch × 30 epochs = 367 steps",
            id="the batches given, carried over",
        ),
        pytest.param(
            CLUSTER | {"batches_per_epoch": 49, "steps_per_epoch": 13},
            [
                "samples per process: ceil(50000 / 8) = 6250",
                "batches per epoch: ceil(6250 / 128) = 49",
                "steps per epoch: ceil(49 / 4) = 13",
                "total steps: 13 * 30 = 390",
            ],
            "50000 samples / batch 128 on 8 processes, accumulating 4"
            " = 13 steps/epoch × 30 epochs = 390 steps",
            id="batches and steps of an epoch that agree with the data",
        ),
        pytest.param(
            {"steps_per_epoch": 7, "epochs": 2.5},
            ["steps per epoch: steps_per_epoch = 7", "total steps: ceil(7 * 2.5) = 18"],
            "7 steps/epoch × 2.5 epochs = 18 steps",
            id="part of an epoch",
        ),
        pytest.param(
            {"steps_per_epoch": 50, "epochs": 1.1},
            ["steps per epoch: steps_per_epoch = 50", "total steps: ceil(50 * 1.1) = 55"],
            "50 steps/epoch × 1.1 epochs = 55 steps",
            id="1.1 is eleven tenths",
        ),
        pytest.param(
            {"steps_per_epoch": 50, "epochs": 1.1, "trainer": "transformers"},
            [
                "steps per epoch: steps_per_epoch = 50",
                "total steps: ceil(50 * 1.1 = 55.00000000000001) = 56",
            ],
            "50 steps/epoch × 1.1 epochs = 56 steps",
            id="transformers multiplies floats",
        ),
        pytest.param(
            {"steps_per_epoch": 39, "epochs": 50, "max_steps": 500},
            ["steps per epoch: steps_per_epoch = 39", "total steps: min(39 * 50, 500) = 500"],
            "39 steps/epoch × 50 epochs, max_steps 500 = 500 steps",
            id="max_steps cuts the run",
        ),
        pytest.param(
            {"steps_per_epoch": 39, "epochs": 50, "max_steps": 5000},
            ["steps per epoch: steps_per_epoch = 39", "total steps: min(39 * 50, 5000) = 1950"],
            "39 steps/epoch × 50 epochs, max_steps 5000 = 1950 steps",
            id="max_steps out of reach",
        ),
        pytest.param(
            {"steps_per_epoch": 39, "epochs": 50, "max_steps": 5000, "trainer": "transformers"},
            ["steps per epoch: steps_per_epoch = 39", "total steps: max_steps = 5000"],
            "39 steps/epoch, max_steps 5000 = 5000 steps",
            id="max_steps of transformers overrides the epochs",
        ),
        pytest.param(
            {"dataset_len": 50_000, "batch_size": 128, "max_steps": 500},
            ["steps per epoch: ceil(50000 / 128) = 391", "total steps: max_steps = 500"],
            "50000 samples / batch 128 = 391 steps/epoch, max_steps 500 = 500 steps",
            id="max_steps alone makes the total",
        ),
        pytest.param({"max_steps": 500}, ["total steps: max_steps = 500"], "500 steps", id="only max_steps"),
        pytest.param({"steps": 1950}, ["total steps: steps = 1950"], "1950 steps", id="steps outright"),
        pytest.param(
            {"steps": 1950, "epochs": 50},
            ["steps per epoch: 1950 / 50 = 39", "total steps: steps = 1950"],
            "1950 steps",
            id="steps divide evenly by epochs",
        ),
        pytest.param(
            {"steps": 1000, "epochs": 3},
            ["total steps: steps = 1000"],
            "1000 steps",
            id="steps do not divide",
        ),
        pytest.param(
            {"steps": 1000, "dataset_len": 50_000, "batch_size": 128},
            ["steps per epoch: ceil(50000 / 128) = 391", "total steps: steps = 1000"],
            "1000 steps",
            id="steps of a known epoch",
        ),
        pytest.param(
            {"steps": 1950, "steps_per_epoch": 39, "dataset_len": 1235, "batch_size": 32, "epochs": 50},
            ["steps per epoch: ceil(1235 / 32) = 39", "total steps: 39 * 50 = 1950"],
            "1235 samples / batch 32 = 39 steps/epoch × 50 epochs = 1950 steps",
            id="everything said twice and agreeing",
        ),
        pytest.param(
            {"dataset_len": 1, "batch_size": 32, "epochs": 1},
            ["steps per epoch: ceil(1 / 32) = 1", "total steps: 1 * 1 = 1"],
            "1 sample / batch 32 = 1 step/epoch × 1 epoch = 1 step",
            id="one of each",
        ),
    ],
)
def test_derivation(keys, lines, summary):
    plan = Plan(**keys)
    assert [f"{line.label}: {line.text}" for line in plan.explain()] == lines
    assert plan.summary() == summary
    assert plan.total_steps == plan.explain()[-1].value


@pytest.mark.parametrize(
    ("keys", "steps_per_epoch", "epochs_run"),
    [
        pytest.param({"dataset_len": 1235, "batch_size": 32, "epochs": 50}, 39, 50.0, id="all epochs"),
        pytest.param({"steps_per_epoch": 39, "epochs": 50, "max_steps": 78}, 39, 2.0, id="cut short"),
        pytest.param({"steps": 5, "epochs": 2.5}, 2, 2.5, id="steps over part of an epoch"),
        pytest.param({"steps": 1000, "epochs": 3}, None, None, id="uneven epochs have no length"),
        pytest.param({"max_steps": 1000, "epochs": 10}, None, None, id="a limit tells no epoch"),
        pytest.param({"steps": 1000}, None, None, id="no epochs at all"),
    ],
)
def test_epochs_run(keys, steps_per_epoch, epochs_run):
    plan = Plan(**keys)
    assert (plan.steps_per_epoch, plan.epochs_run) == (steps_per_epoch, epochs_run)


@pytest.mark.parametrize(
    ("keys", "missing", "flags"),
    [
        pytest.param(
            {}, "dataset_len, batch_size and epochs are", "dataset_len=1235,batch_size=32,epochs=50", id="all"
        ),
        pytest.param(
            {"epochs": 3}, "dataset_len and batch_size are", "dataset_len=1235,batch_size=32", id="epoch"
        ),
        pytest.param({"dataset_len": 5, "epochs": 3}, "batch_size is", "batch_size=32", id="batch size"),
        pytest.param({"dataset_len": 5, "batch_size": 2}, "epochs is", "epochs=50", id="epochs of data"),
        pytest.param({"steps_per_epoch": 39}, "epochs is", "epochs=50", id="epochs"),
    ],
)
def test_missing_keys(keys, missing, flags):
    with pytest.raises(PlanError) as refusal:
        Plan(**keys)
    assert refusal.value.message == f"the length of the run is unknown: {missing} missing"
    assert refusal.value.hint == f"give steps=1000, or {flags}"


@pytest.mark.parametrize(
    ("keys", "message", "hint"),
    [
        pytest.param(
            {"steps_per_epoch": 2**50, "epochs": 9},
            "1125899906842624 * 9 = 10133099161583616 steps are more than 2**53",
            "give fewer epochs",
            id="a product beyond float64",
        ),
        pytest.param(
            {"steps": 1000, "steps_per_epoch": 13, "epochs": 30},
            "steps=1000 contradicts the 390 of 13 * 30",
            "leave out steps, or give steps=390",
            id="two totals",
        ),
        pytest.param(
            {"steps": 1000, "max_steps": 500},
            "steps=1000 contradicts the 500 of max_steps",
            "leave out steps, or give steps=500",
            id="steps beyond max_steps",
        ),
        pytest.param(
            {"dataset_len": 50_000, "batch_size": 128, "steps_per_epoch": 400, "epochs": 1},
            "steps_per_epoch=400 contradicts the 391 of ceil(50000 / 128)",
            "leave out steps_per_epoch, or give steps_per_epoch=391",
            id="two epochs",
        ),
        pytest.param(
            {"dataset_len": 50_000, "batch_size": 128, "batches_per_epoch": 390, "epochs": 1},
            "batches_per_epoch=390 contradicts the 391 of ceil(50000 / 128)",
            "leave out batches_per_epoch, or give batches_per_epoch=391",
            id="other batches than the data has",
        ),
        pytest.param(
            {"batches_per_epoch": 49, "grad_accum": 4, "steps_per_epoch": 12, "epochs": 1},
            "steps_per_epoch=12 contradicts the 13 of ceil(49 / 4)",
            "leave out steps_per_epoch, or give steps_per_epoch=13",
            id="other steps than the batches make",
        ),
        pytest.param(
            {"batches_per_epoch": 3, "grad_accum": 4, "epochs": 1, "trainer": "torchtune"},
            "floor(3 / 4) = 0: torchtune makes no step of so few batches",
            "give a smaller grad_accum",
            id="batches given, too few for a step",
        ),
        pytest.param(
            BASE | {"dataset_len": 10, "drop_last": True},
            "drop_last leaves no batch of batch_size=32 in dataset_len=10 with world_size=1",
            "leave out drop_last, or give a smaller batch_size",
            id="less than a batch",
        ),
        pytest.param(
            BASE | {"dataset_len": 100, "drop_last": True, "world_size": 8, "trainer": "transformers"},
            "drop_last leaves no batch of batch_size=32 in dataset_len=100 with world_size=8",
            "leave out drop_last, or give a smaller batch_size",
            id="less than a batch for each process",
        ),
    ],
)
def test_refused_runs(keys, message, hint):
    with pytest.raises(PlanError) as refusal:
        Plan(**keys)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("key", "value", "fault", "hint"),
    [
        pytest.param("steps", 0, "is not positive", "steps=1, or another number above 0", id="0 steps"),
        pytest.param(
            "batch_size", 0, "is not positive", "batch_size=1, or another number above 0", id="empty batch"
        ),
        pytest.param("epochs", 0, "is not positive", "epochs=1, or another number above 0", id="no epoch"),
        pytest.param(
            "epochs", -0.5, "is not positive", "epochs=1, or another number above 0", id="less than none"
        ),
        pytest.param(
            "max_steps", -1, "is not positive", "max_steps=1, or another number above 0", id="negative"
        ),
        pytest.param("steps", 1.5, "is not a whole number", "give steps a whole number", id="part of one"),
        pytest.param("steps", 5.0, "is not a whole number", "give steps a whole number", id="whole float"),
        pytest.param("steps", "5", "is not a whole number", "give steps a whole number", id="text"),
        pytest.param("steps", True, "is not a whole number", "give steps a whole number", id="boolean"),
        pytest.param(
            "grad_accum", None, "is not a whole number", "give grad_accum a whole number", id="none"
        ),
        pytest.param("epochs", math.inf, "is not a number", "give epochs a number", id="endless"),
        pytest.param("epochs", math.nan, "is not a number", "give epochs a number", id="nan"),
        pytest.param("epochs", "3", "is not a number", "give epochs a number", id="epochs as text"),
        pytest.param("epochs", True, "is not a number", "give epochs a number", id="epochs as boolean"),
        pytest.param(
            "drop_last", 1, "is neither true nor false", "give drop_last=true, or leave it out", id="switch"
        ),
        pytest.param("steps", 2**53 + 1, "is more than 2**53", f"steps={2**53} or less", id="too many"),
        pytest.param("epochs", 1e300, "is more than 2**53", f"epochs={2**53} or less", id="epochs beyond"),
        pytest.param("trainer", "transfomers", "is unknown", "trainer=transformers", id="misspelt"),
        pytest.param(
            "trainer",
            "x",
            "is unknown",
            "trainer=transformers",
            id="no such trainer",
        ),
    ],
)
def test_refused_values(key, value, fault, hint):
    with pytest.raises(PlanError) as refusal:
        Plan(**{"steps_per_epoch": 10, "epochs": 3, key: value})
    assert refusal.value.message == f"{key}={value!r} {fault}"
    assert refusal.value.hint == hint


@pytest.mark.parametrize(
    ("keys", "text", "steps", "why"),
    [
        pytest.param(BASE, "100", 100, "", id="ticks are steps"),
        pytest.param(BASE, "500st", 500, "", id="steps"),
        pytest.param(BASE, "5000", 5000, "", id="longer than the run"),
        pytest.param(BASE, "6%", 117, "", id="a percent that comes out even"),
        pytest.param(BASE, "100%", 1950, "", id="the whole run"),
        pytest.param(BASE, "1%", 19, "int(1950 * 0.01), the exact product is 19.5", id="rounded down"),
        pytest.param({"steps": 100}, "29%", 28, "int(100 * 0.29), the exact product is 29", id="just below"),
        pytest.param(BASE, "2ep", 78, "", id="epochs"),
        pytest.param(BASE, "2.5ep", 97, "floor(39 * 2.5), the exact product is 97.5", id="part of an epoch"),
        pytest.param({"steps_per_epoch": 50, "epochs": 3}, "1.1ep", 55, "", id="epochs are exact"),
        pytest.param(HF, "7%", 7, "", id="transformers truncates what is no warmup"),
    ],
)
def test_ticks(keys, text, steps, why):
    assert told(Plan(**keys).ticks(parse_duration(text, what="milestones"))) == (steps, why)


@pytest.mark.parametrize(
    ("keys", "text", "steps", "why"),
    [
        pytest.param({"steps": 100}, "29%", 28, "int(100 * 0.29), the exact product is 29", id="just below"),
        pytest.param(HF, "7%", 8, "ceil(100 * 0.07), the exact product is 7", id="a float just above"),
        pytest.param(HF | {"steps": 1950}, "1%", 20, "ceil(1950 * 0.01), the exact product is 19.5", id="up"),
        pytest.param(HF, "0.1", 10, "", id="comes out even"),
        pytest.param(HF, "100%", 100, "", id="all of it, which transformers would read as one step"),
        pytest.param(HF, "10", 10, "", id="a count is a count"),
        pytest.param(HF | {"epochs": 10}, "2ep", 20, "", id="epochs"),
    ],
)
def test_warmup_ticks(keys, text, steps, why):
    assert told(Plan(**keys).ticks(parse_duration(text, what="warmup"), warmup=True)) == (steps, why)


def test_a_note_says_what_was_typed():
    note = "29% of 100 is 28: int(100 * 0.29), the exact product is 29"
    assert Plan(steps=100).ticks(parse_duration("29%", what="warmup")) == (28, note)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param(
            "2ep",
            "'2ep' needs steps_per_epoch, which is unknown",
            "give steps_per_epoch=39, or dataset_len=1235,batch_size=32",
            id="epochs of unknown length",
        ),
        pytest.param(
            "1e16", "'1e16' is more than 2**53 steps", "type a shorter duration", id="beyond float64"
        ),
        pytest.param("1e20%", "'1e20%' is more than 2**53 steps", "type a shorter duration", id="percent"),
    ],
)
def test_ticks_refuses(text, message, hint):
    with pytest.raises(PlanError) as refusal:
        Plan(steps=1000).ticks(parse_duration(text, what="warmup"))
    assert (refusal.value.message, refusal.value.hint) == (message, hint)
