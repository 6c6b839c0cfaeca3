"""A warmup that a loop of a script's own makes of its total: computed, or asked for."""

from __future__ import annotations

import re
import shlex

import pytest
from commands import run
from configs import write
from loops import ENGINE, ENGINE_LINE, LINE, LOOP, OF_DIFFUSERS

COMPUTED = [
    ("a share", "int(0.1 * args.max_train_steps)", "12"),
    ("a share that is rounded up", "math.ceil(args.share * args.max_train_steps)", "13"),
    ("a part", "args.max_train_steps // 10", "12"),
    ("a name of one", "part", "12"),
    ("a fraction", "0.1 * args.max_train_steps", "12.600000000000001"),
    ("an epoch of all batches", "1 * len(loader)", "125"),
    ("epochs of updates", "args.epochs * per_epoch", "126"),
    ("half an epoch", "0.5 * len(loader)", "62.5"),
    ("several", "min(100, max(1, round(args.max_train_steps / 4)))", "32"),
]


@pytest.mark.parametrize(("value", "passed"), [row[1:] for row in COMPUTED], ids=[row[0] for row in COMPUTED])
def test_a_warmup_that_a_loop_makes_of_its_total_is_computed(tmp_path, value, passed):
    option = 'parser.add_argument("--share", type=float, default=0.1)\n'
    option += 'parser.add_argument("--epochs", type=int, default=2)\nargs = p'
    text = LOOP.replace("=args.num_warmup_steps", f"={value}").replace("args = p", option)
    text = text.replace("scheduler = get", "part = int(args.share * args.max_train_steps)\nscheduler = get")
    write(tmp_path / "train.py", text)
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert f"num_warmup_steps={passed},num_training_steps=126" in done.stdout
    assert "\nnum_warmup_steps " not in done.stdout
    done = run(tmp_path, "plan", "--dataset-len", "1000", "--warmup", "7", *LINE)
    assert "num_warmup_steps=7," in done.stdout


def test_a_warmup_is_computed_of_the_total_that_is_passed(tmp_path):
    text = LOOP.replace(
        "=args.num_warmup_steps", "=int(0.1 * args.max_train_steps) * accelerator.num_processes"
    )
    text = text.replace("=args.max_train_steps,", "=args.max_train_steps * accelerator.num_processes,")
    write(tmp_path / "train.py", text)
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert "num_warmup_steps=24,num_training_steps=252" in done.stdout
    assert "where 12 and 128 would be right" in done.stderr


@pytest.mark.parametrize("words", [[], ["--share", "0.1"]], ids=["its default", "the line's"])
def test_a_share_that_is_passed_as_steps_is_what_its_scheduler_makes_of_it(tmp_path, words):
    option = 'parser.add_argument("--share", type=float, default=0.1)\nargs = p'
    text = LOOP.replace("=args.num_warmup_steps", "=args.share").replace("args = p", option)
    write(tmp_path / "train.py", text)
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE, *words)
    assert "num_warmup_steps=0.1,num_training_steps=126" in done.stdout, done.stderr


UPDATES = [
    ("an option of its own", "math.ceil(len(loader) / args.accum)", "args.accum", "63"),
    ("a name", "len(loader) // ACCUM", "ACCUM", "62"),
    ("a number", "math.ceil(math.ceil(len(loader) / 2) * 0.5)", "2", "32"),
]


@pytest.mark.parametrize(
    ("value", "accum", "passed"), [row[1:] for row in UPDATES], ids=[row[0] for row in UPDATES]
)
def test_a_warmup_of_an_epochs_updates_is_as_it_is_meant(tmp_path, value, accum, passed):
    text = LOOP.replace("=args.num_warmup_steps", f"={value}").replace("--gradient_acc", "--acc")
    text = text.replace("--accumulation_steps", "--accum").replace("args = p", "ACCUM = 2\nargs = p")
    write(tmp_path / "train.py", text.replace("args.gradient_accumulation_steps", accum))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert f"num_warmup_steps={passed},num_training_steps=126" in done.stdout, done.stderr
    assert "the warmup takes" not in done.stderr


def test_an_engine_has_the_warmup_that_its_loop_computes(tmp_path):
    write(tmp_path / "train.py", ENGINE.replace("=args.num_warmup_steps", "=int(0.1 * args.max_train_steps)"))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *ENGINE_LINE)
    assert "num_warmup_steps=6,num_training_steps=64" in done.stdout


SHARED_OUT = "loader = accelerator.prepare(loader)\n"


def test_a_loader_that_is_shared_out_has_the_batches_of_one_process(tmp_path):
    text = LOOP.replace("=args.num_warmup_steps", "=len(loader)")
    write(tmp_path / "train.py", text.replace("per_epoch = ", f"{SHARED_OUT}per_epoch = "))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert "num_warmup_steps=63,num_training_steps=64" in done.stdout


def test_a_loop_with_the_options_of_diffusers_has_its_computed_warmup(tmp_path):
    text = OF_DIFFUSERS.replace("=args.lr_warmup_steps", "=int(0.1 * args.max_train_steps)")
    write(tmp_path / "mine.py", text)
    line = [*LINE[:-1], "mine.py", "--learning_rate", "1e-4", "--lr_scheduler", "cosine"]
    words = [*line, "--train_batch_size", "8", "--num_train_epochs", "2"]
    done = run(tmp_path, "plan", "--dataset-len", "1000", *words)
    assert "diffusers.cosine:" in done.stdout
    assert "num_warmup_steps=12,num_training_steps=126" in done.stdout


OPEN = [
    ("the length of other data", "len(eval_loader)", "eval_loader = DataLoader(other)\n"),
    ("the length of what is no loader", "len(rows)", "rows = list(data)\n"),
    ("a total that grows", "int(0.1 * part)", "part = args.max_train_steps\npart += 5\n"),
    ("what is assigned twice", "part", "part = 3\nif args.share:\n    part = args.max_train_steps // 2\n"),
    ("an option that is set", "int(args.share * args.max_train_steps)", "args.share = find()\n"),
    ("an option of nobody", "int(args.none * args.max_train_steps)", ""),
]


@pytest.mark.parametrize(("value", "before"), [row[1:] for row in OPEN], ids=[row[0] for row in OPEN])
def test_a_warmup_that_no_formula_tells_is_asked_for(tmp_path, value, before):
    option = 'parser.add_argument("--share", type=float, default=0.1)\nargs = p'
    text = LOOP.replace("=args.num_warmup_steps", f"={value}").replace("args = p", option)
    write(tmp_path / "train.py", text.replace("scheduler = get", f"{before}scheduler = get"))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert (done.returncode, "--given num_warmup_steps=VALUE" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        pytest.param("get_linear_schedule_with_warmup(", "transformers.linear", id="a function"),
        pytest.param('get_scheduler("cosine", ', "transformers.cosine", id="a name by place"),
        pytest.param('get_scheduler(name="polynomial", ', "transformers.polynomial", id="a name by keyword"),
    ],
)
def test_a_loop_that_is_not_read_has_its_own_schedule_in_the_hint(tmp_path, call, shown):
    text = LOOP.replace("get_scheduler(\n    name=args.lr_scheduler_type,", call)
    text = text.replace("=args.max_train_steps,", "=(len(loader) * 2) // args.max_train_steps,")
    write(tmp_path / "train.py", text.replace("=args.num_warmup_steps", "=9"))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert (done.returncode, "such a loop is not read" in done.stderr) == (2, True), done.stderr
    hint = shlex.split(done.stderr.partition("its schedule alone: lrviz ")[2])
    typed = [re.sub(r"\bN\b", "90", {"LR": "1e-3"}.get(word, word)) for word in hint]
    assert shown in run(tmp_path, *typed).stdout
