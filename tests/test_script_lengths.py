"""Lengths that a script asks its rows, its loader and its arguments for, and that are told already."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

HEAD = (
    "import math\nfrom transformers import *\nfrom torch.optim import AdamW\nfrom torch.utils.data import *\n"
)
ARGS = 'args = TrainingArguments("o", learning_rate=1e-4, num_train_epochs=2)\n'
PARSED = "(args,) = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()\n"
OPT = "opt = AdamW(x, lr=1e-4)\nsched = get_linear_schedule_with_warmup(opt, 0, {})\n"
TRAINED = "Trainer(model, args, train_dataset={}, optimizers=(opt, sched)).train()\n"
LOADER = "dl = DataLoader(ds, {})\n"


def planned(folder, length, *options, made=ARGS, before="", rows="rows"):
    write(folder / "train.py", f"{HEAD}{made}{before}{OPT.format(length)}{TRAINED.format(rows)}")
    return run(folder, "plan", *options)


FILE = ("train.py", "--dataset-len", "100", "--world-size", "1")


@pytest.mark.parametrize(
    ("length", "before", "rows", "total"),
    [
        pytest.param("len(rows)", "", "rows", 100, id="what the Trainer is given"),
        pytest.param('len(ds["a"])', "", 'ds["a"]', 100, id="an item that it is given"),
        pytest.param("len(train)", "", "rows", 100, id="train"),
        pytest.param("len(tokenized_train_dataset)", "", "rows", 100, id="the last of several"),
        pytest.param('len(ds["train"])', "", "rows", 100, id="a split"),
        pytest.param("2 * math.ceil(len(dl) / 4)", LOADER.format("batch_size=8"), "rows", 8, id="a loader"),
        pytest.param("len(dl)", LOADER.format("8, drop_last=True"), "rows", 12, id="one that drops"),
        pytest.param("len(dl)", LOADER.format("shuffle=True"), "rows", 100, id="a loader of single rows"),
        pytest.param(
            "len(train_dl)",
            f"train_{LOADER.format('batch_size=args.per_device_train_batch_size')}{LOADER.format(1)}",
            *("rows", 13),
            id="one of two, by its name",
        ),
        pytest.param(
            "len(rows) // args.gradient_accumulation_steps * int(args.num_train_epochs)",
            *("", "rows", 200),
            id="by defaults of the arguments",
        ),
    ],
)
def test_the_rows_and_batches_it_trains_on_are_those_that_are_told(tmp_path, length, before, rows, total):
    done = planned(tmp_path, length, *FILE, before=before, rows=rows)
    assert (done.returncode, f"num_training_steps={total}," in done.stdout) == (0, True), done.stderr
    assert "it is taken to be what it trains on" in done.stderr


@pytest.mark.parametrize(
    ("length", "before"),
    [
        pytest.param("len(ds['test'])", "", id="another split"),
        pytest.param("len(ds)", "", id="rows of any name"),
        pytest.param("len(train[:50])", "", id="a part"),
        pytest.param("len(dl)", LOADER.format("8, sampler=own"), id="a sampler"),
        pytest.param("len(dl)", LOADER.format("batch_size=size"), id="a batch that nobody knows"),
        pytest.param("len(dl)", LOADER.format(8) + LOADER.format(9), id="one of two"),
    ],
)
def test_lengths_of_what_may_be_another_are_asked_for(tmp_path, length, before):
    done = planned(tmp_path, length, *FILE, before=before)
    assert (done.returncode, f'--given "{length}=VALUE"' in done.stderr.replace("\\", "")) == (2, True), (
        done.stderr
    )
    given = planned(tmp_path, length, *FILE, "--given", f"{length}=77", before=before)
    assert "num_training_steps=77," in given.stdout, given.stderr


def test_batches_that_are_told_are_the_loaders(tmp_path):
    options = ("train.py", "--batches-per-epoch", "13", "--world-size", "1")
    done = planned(tmp_path, "2 * len(dl)", *options, before=LOADER.format("batch_size=8"))
    assert (done.returncode, "num_training_steps=26," in done.stdout) == (0, True), done.stderr


def test_what_the_command_says_is_computed_with(tmp_path):
    line = "python train.py --output_dir o --num_train_epochs 4"
    done = planned(
        tmp_path, "13 * args.num_train_epochs", "--dataset-len", "100", "--args", line, made=PARSED
    )
    assert (done.returncode, "num_training_steps=52," in done.stdout) == (0, True), done.stderr
