"""A training loop of a script's own, with accelerate or DeepSpeed: read where it is as the examples'."""

from __future__ import annotations

import pytest
from commands import run
from configs import write
from loops import ENGINE, ENGINE_LINE, LINE, LOOP, OF_DIFFUSERS

OTHERWISE = [
    ("an LR by the processes", "lr=args.learning_rate", "lr=args.learning_rate * 2", "learning_rate=VALUE"),
    (
        "an LR set anew",
        "optimizer = A",
        "args.learning_rate *= 4\noptimizer = A",
        "what args.learning_rate *= 4 makes it",
    ),
    (
        "groups",
        "AdamW(model.parameters(),",
        'AdamW([{"params": head, "lr": 1e-3}, {"params": body}],',
        "lr=0.001 of a param group in line 18",
    ),
    ("another LR", "done = 0", "print(args.head_learning_rate)", "the LR beside args.head_learning_rate"),
    (
        "a warmup of its own",
        "num_warmup_steps=args.num_warmup_steps",
        "num_warmup_steps=len(data)",
        "num_warmup_steps=VALUE",
    ),
    ("a total of its own", "=args.max_train_steps,", "=1000,", "num_training_steps=1000 in line 26"),
    (
        "batches as its total",
        "math.ceil(len(loader) / args.gradient_accumulation_steps)",
        "len(loader)",
        "its scheduler has num_training_steps=args.max_train_steps",
    ),
    (
        "a batch by the processes",
        "batch_size=args.per_device_train_batch_size",
        "batch_size=args.per_device_train_batch_size // 2",
        "give --batch-size N",
    ),
    (
        "a last batch that is dropped",
        "shuffle=True",
        "shuffle=True, drop_last=True",
        "drop_last=True in line 17",
    ),
    ("a sampler", "shuffle=True", "sampler=Weighted(data)", "sampler=Weighted(data) in line 17"),
    (
        "batches that are split",
        "Accelerator(",
        "Accelerator(split_batches=True, ",
        "Accelerator(split_batches=True)",
    ),
    (
        "a scheduler that is stepped alone",
        "Accelerator(",
        "Accelerator(step_scheduler_with_optimizer=False, ",
        "step_scheduler_with_optimizer=False",
    ),
    (
        "no accumulation",
        "Accelerator(gradient_accumulation_steps=args.gradient_accumulation_steps)",
        "Accelerator()",
        "it accumulates no gradients",
    ),
    ("a scheduler that nobody steps", "            scheduler.step()\n", "", "no lines step its scheduler"),
    (
        "a scheduler that is stepped by epochs",
        "            scheduler.step()\n",
        "        if step == 0:\n            scheduler.step()\n",
        "its scheduler is not stepped beside its optimizer",
    ),
    (
        "a loop without epochs",
        "for epoch in range(args.num_train_epochs):",
        "while True:",
        "its loop is not one of epochs",
    ),
]
OF_ENGINE = [
    ("an LR by the processes", "lr=args.learning_rate", "lr=args.learning_rate * 2", "learning_rate=VALUE"),
    (
        "no accumulation",
        '"gradient_accumulation_steps"',
        '"steps_per_print"',
        "has no gradient_accumulation_steps",
    ),
    ("a scheduler of nobody", ", lr_scheduler=scheduler", "", "nobody steps it"),
    (
        "a scheduler that both step",
        "        model.step()\n",
        "        model.step()\n        scheduler.step()\n",
        "stepped beside DeepSpeed's engine",
    ),
]


def number(tmp_path, get, *words):
    return run(tmp_path, "plan", "--dataset-len", "1000", "--get", get, *words).stdout.strip()


@pytest.mark.parametrize(
    ("old", "new", "what"), [row[1:] for row in OTHERWISE], ids=[row[0] for row in OTHERWISE]
)
def test_what_a_loop_of_accelerate_does_otherwise_is_asked_for_or_refused(tmp_path, old, new, what):
    assert LOOP.count(old) >= 1
    write(tmp_path / "train.py", LOOP.replace(old, new, 1))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert done.returncode == 2
    assert what in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "what"), [row[1:] for row in OF_ENGINE], ids=[row[0] for row in OF_ENGINE]
)
def test_what_a_loop_of_deepspeed_does_otherwise_is_asked_for_or_refused(tmp_path, old, new, what):
    assert ENGINE.count(old) == 1
    write(tmp_path / "train.py", ENGINE.replace(old, new))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *ENGINE_LINE)
    assert done.returncode == 2
    assert what in done.stderr


WARMUPS = [
    ("a number", "100", "100", 1),
    ("a name of one", "WARMUP", "100", 1),
    ("an option of its own", "args.warmup", "100", 1),
    ("none", "0", "0", 1),
    ("a product", "100 * accelerator.num_processes", "200", 2),
]


@pytest.mark.parametrize(
    ("value", "passed", "processes"), [row[1:] for row in WARMUPS], ids=[row[0] for row in WARMUPS]
)
def test_a_warmup_that_stands_in_a_loop_is_read(tmp_path, value, passed, processes):
    text = LOOP.replace("=args.num_warmup_steps", f"={value}").replace("args = p", "WARMUP = 100\nargs = p")
    text = text.replace("args = p", 'parser.add_argument("--warmup", type=int, default=100)\nargs = p')
    write(tmp_path / "train.py", text)
    line = ["--num_warmup_steps", "7"]  # which nothing of it looks at
    words = ["train.py", "--world-size", str(processes)] if processes == 1 else [*LINE, *line]
    done = run(tmp_path, "plan", "--dataset-len", "1000", *words)
    assert f"num_warmup_steps={passed}," in done.stdout


def test_an_lr_that_stands_in_a_loop_is_read(tmp_path):
    write(tmp_path / "train.py", LOOP.replace("lr=args.learning_rate", "lr=3e-4"))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE, "--learning_rate", "1e-3")
    assert "lr=3e-4," in done.stdout
    assert "train.py:18" in done.stdout


def test_a_loop_that_accumulates_nothing_counts_its_batches(tmp_path):
    text = LOOP.replace("math.ceil(len(loader) / args.gradient_accumulation_steps)", "len(loader)")
    text = text.replace(
        "Accelerator(gradient_accumulation_steps=args.gradient_accumulation_steps)", "Accelerator()"
    )
    text = text.replace("        with accelerator.accumulate(model):", "        if True:")
    write(tmp_path / "train.py", text)
    words = [*LINE, "--gradient_accumulation_steps", "1"]
    assert number(tmp_path, "total", *words) == "126"
    assert "num_training_steps=250" in run(tmp_path, "plan", "--dataset-len", "1000", *words).stdout


def test_an_lr_that_a_progress_bar_shows_is_none_of_an_optimizer(tmp_path):
    write(tmp_path / "train.py", LOOP + "    bar.set_postfix(lr=scheduler.get_last_lr()[0])\n")
    assert number(tmp_path, "total", *LINE) == "64"


def test_what_two_lines_say_otherwise_is_asked_for(tmp_path):
    text = LOOP.replace("lr=args.learning_rate)", "lr=3e-4)\nother = AdamW(head.parameters(), lr=1e-3)")
    write(tmp_path / "train.py", text)
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert done.returncode == 2
    assert "--given learning_rate=VALUE" in done.stderr
    words = ["--dataset-len", "1000", "--given", "learning_rate=0.5", "--at", "0", "--plain"]
    told = run(tmp_path, "values", *words, *LINE)
    assert told.stdout == "0.5\n", told.stderr


def test_a_loop_as_the_examples_is_read(tmp_path):
    write(tmp_path / "train.py", LOOP)
    assert number(tmp_path, "total", *LINE) == "64"  # 2 * ceil(ceil(125 / 2) / 2)
    write(tmp_path / "train.py", ENGINE)
    assert number(tmp_path, "total", *ENGINE_LINE) == "63"  # what is left of an epoch goes on in the next


def test_a_loop_has_its_own_options(tmp_path):
    renamed = {
        "learning_rate": "lr",
        "per_device_train_batch_size": "bs",
        "args.gradient_accumulation_steps": "args.accum",
        "--gradient_accumulation_steps": "--accum",
        "num_train_epochs": "epochs",
        "name=args.lr_scheduler_type": 'name="cosine"',
    }
    text = LOOP
    for old, new in renamed.items():
        text = text.replace(old, new)
    write(tmp_path / "train.py", text)
    words = [*LINE, "--lr", "1e-3", "--bs", "4", "--epochs", "1"]
    assert number(tmp_path, "total", *words) == "63"  # ceil(ceil(250 / 2) / 2)
    done = run(tmp_path, "values", "--dataset-len", "1000", "--at", "0", "--plain", "-q", *words)
    assert done.stdout.split()[-1] == "0.001"
    assert "transformers.cosine" in run(tmp_path, "plan", "--dataset-len", "1000", *words).stdout


def test_the_steps_that_a_loop_sets_anew_matter_where_they_are_said(tmp_path):
    anew = "args.max_train_steps = args.num_train_epochs * per_epoch\ndone = 0\n"
    write(tmp_path / "train.py", LOOP.replace("done = 0\n", anew))
    assert number(tmp_path, "total", *LINE) == "64"
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE, "--max_train_steps", "20")
    assert done.returncode == 2
    assert "args.max_train_steps = args.num_train_epochs * per_epoch in line 29" in done.stderr


def test_updates_at_the_end_of_an_epoch_are_needed_where_it_accumulates(tmp_path):
    turned = LOOP.replace(
        "Accelerator(gradient_accumulation_steps=args.gradient_accumulation_steps)", "Accelerator()"
    )
    turned = turned.replace(
        "        with accelerator.accumulate(model):",
        "        if (step + 1) % args.gradient_accumulation_steps == 0:",
    )
    write(tmp_path / "train.py", turned)
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert done.returncode == 2
    assert "it makes none at the end of an epoch" in done.stderr
    assert number(tmp_path, "total", *LINE, "--gradient_accumulation_steps", "1") == "126"


def test_a_loop_is_read_by_its_file_too(tmp_path):
    write(tmp_path / "train.py", LOOP)
    assert number(tmp_path, "total", "train.py", "--world-size", "2") == "64"


CALL = LOOP[LOOP.index("get_scheduler(\n") : LOOP.index("model, optimizer, loader, scheduler =")]
PLACED = [
    ("a name and both lengths", 'get_scheduler("cosine", optimizer, 30, args.max_train_steps)'),
    ("a function's", "get_cosine_schedule_with_warmup(optimizer, 30, args.max_train_steps)"),
    (
        "a warmup alone",
        "get_cosine_schedule_with_warmup(optimizer, 30, num_training_steps=args.max_train_steps)",
    ),
]


@pytest.mark.parametrize("call", [row[1] for row in PLACED], ids=[row[0] for row in PLACED])
def test_a_scheduler_that_is_given_its_lengths_by_place_is_read(tmp_path, call):
    write(tmp_path / "train.py", LOOP.replace(CALL, f"{call}\n"))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert "transformers.cosine:" in done.stdout
    assert "num_warmup_steps=30,num_training_steps=126" in done.stdout


UNREAD = [
    ("torch's", "OneCycleLR(optimizer, args.learning_rate, total_steps=9)", "its scheduler is OneCycleLR(…)"),
    ("a function of the step", "LambdaLR(optimizer, lambda s: 1 / (s + 1))", "its scheduler is LambdaLR(…)"),
    (
        "one without a total",
        "get_constant_schedule_with_warmup(optimizer, 30)",
        "its scheduler is get_constant_schedule_with_warmup(…)",
    ),
    ("one of nobody", "make_scheduler(optimizer)", "its scheduler is make_scheduler(…)"),
    ("what is unpacked", "get_scheduler(*words)", "its scheduler is get_scheduler(…)"),
    (
        "one of two",
        "get_linear_schedule_with_warmup(o, 0, 9) or get_cosine_schedule_with_warmup(o, 0, 9)",
        " make schedulers",
    ),
    (
        "the step rules of diffusers'",
        'get_scheduler("cosine", optimizer, 30, args.max_train_steps)',
        "its scheduler is get_scheduler(…)",
    ),
]


@pytest.mark.parametrize(("call", "what"), [row[1:] for row in UNREAD], ids=[row[0] for row in UNREAD])
@pytest.mark.parametrize(
    ("text", "line"), [(LOOP, LINE), (ENGINE, ENGINE_LINE)], ids=["accelerate", "engine"]
)
def test_a_scheduler_that_is_not_read_is_none_of_the_options(tmp_path, text, line, call, what):
    library = "diffusers.optimization" if "cosine" in call else "transformers"
    write(tmp_path / "train.py", text.replace(CALL, f"{call}\n").replace("transformers", library))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *line)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr


PLAIN = LOOP.replace("from accelerate import Accelerator\n", "").replace("--learning_rate", "--peak")
UNUSED = [
    (
        "a trainer that it does not use",
        ["--trainer", "transformers"],
        "learning_rate is none of them: it is no script of",
    ),
    (
        "its accelerate",
        ["--trainer", "accelerate_no_trainer"],
        "learning_rate is none of them: it is no script of",
    ),
    ("nobody's", [], "no command of a trainer that is known"),
]


@pytest.mark.parametrize(("whose", "what"), [row[1:] for row in UNUSED], ids=[row[0] for row in UNUSED])
def test_a_loop_of_nobody_is_no_trainers(tmp_path, whose, what):
    write(tmp_path / "train.py", PLAIN.replace("Accelerator(", "Own("))
    done = run(
        tmp_path, "plan", *whose, "--dataset-len", "1000", "--", "python", "train.py", "--peak", "1e-3"
    )
    assert done.returncode == 2
    assert what in done.stderr
    assert "--trainer transformers" not in done.stderr


OTHERS = [
    ("a number", "=args.lr_warmup_steps", "=30", "num_warmup_steps=30,"),
    ("a schedule", "=args.lr_scheduler,", '="constant_with_warmup",', "diffusers.constant_with_warmup"),
    ("an LR by two", "lr=args.learning_rate", "lr=args.learning_rate * 2", "--given learning_rate=VALUE"),
    (
        "a total",
        "num_training_steps=args.max_train_steps",
        "num_training_steps=5000",
        "num_training_steps=5000",
    ),
    ("no step", "            scheduler.step()\n", "", "no lines step its scheduler"),
    ("a batch", "batch_size=args.train_batch_size", "batch_size=2", "steps=250,"),
]


@pytest.mark.parametrize(("old", "new", "what"), [row[1:] for row in OTHERS], ids=[row[0] for row in OTHERS])
def test_a_loop_with_the_options_of_diffusers_is_read_so_too(tmp_path, old, new, what):
    assert OF_DIFFUSERS.count(old) == 1
    write(tmp_path / "mine.py", OF_DIFFUSERS.replace(old, new))
    line = ["--learning_rate", "1e-4", "--num_train_epochs", "2", "--train_batch_size", "8"]
    words = ["--", "accelerate", "launch", "--num_processes", "2", "mine.py", *line]
    done = run(tmp_path, "plan", "--dataset-len", "1000", *words)
    assert what in done.stdout + done.stderr


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--sched", "cosine", "--warmup-epochs", "5"], id="timm's"),
        pytest.param(["--data-path", "d", "--lr-warmup-epochs", "5"], id="torchvision's"),
        pytest.param(["--hyp", "a.yaml", "--weights", "a.pt"], id="YOLOv5's"),
    ],
)
def test_a_script_is_not_taken_for_a_trainers_by_its_file_name(tmp_path, options):
    added = "".join(f'parser.add_argument("{one}")\n' for one in options[::2])
    write(tmp_path / "train.py", f"import argparse\nparser = argparse.ArgumentParser()\n{added}")
    done = run(tmp_path, "plan", "--dataset-len", "1000", "--", "python", "train.py", *options)
    assert done.returncode == 2
    assert "train.py parses its own options and uses none of what" in done.stderr
