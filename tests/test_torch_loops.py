"""A loop of a script's own, with accelerate, over a scheduler of torch's: read where its arguments are known.

The numbers are those of the loop itself, run with accelerate 1.15.0, torch 2.13.0 and 1,000 samples, in two
processes by what it was told.
"""

from __future__ import annotations

import pytest
from commands import run
from configs import write
from loops import LINE, LOOP

PREPARED = "model, optimizer, loader, scheduler = accelerator.prepare(model, optimizer, loader, scheduler)"
CALL = LOOP[LOOP.index("scheduler = get_scheduler(\n") : LOOP.index(PREPARED)]
STEP = "            scheduler.step()\n"
BASE = LOOP.replace("from transformers import get_scheduler", "from torch.optim.lr_scheduler import *")
ALONE = (
    BASE.replace("math.ceil(len(loader) / args.gradient_accumulation_steps)", "len(loader)")
    .replace("gradient_accumulation_steps=args.gradient_accumulation_steps", "", 1)
    .replace("        with accelerator.accumulate(model):", "        if True:")
)
UNPREPARED = "model, optimizer, loader = accelerator.prepare(model, optimizer, loader)"
ONE, FOUR = ["--gradient_accumulation_steps", "1"], ["--num_train_epochs", "4"]
CYCLE = "OneCycleLR(optimizer, max_lr=1e-3, total_steps=accelerator.num_processes * args.max_train_steps)"
BY_EPOCHS = "OneCycleLR(optimizer, 1e-3, epochs=args.num_train_epochs, steps_per_epoch=len(loader))"
CHAINED = """warm = LinearLR(optimizer, start_factor=0.1, total_iters=10)
fall = CosineAnnealingLR(optimizer, T_max=args.max_train_steps - 10)
scheduler = SequentialLR(optimizer, [warm, fall], milestones=[10])"""
LINEAR = "LinearLR(optimizer, start_factor=1.0, end_factor=0.1, total_iters=int(0.5 * args.max_train_steps))"


def over(call, text=BASE):
    made = call if "scheduler = " in call else f"scheduler = {call}"
    return text.replace(CALL, f"{made}\n")


def by_epoch(call, text=ALONE):
    return over(call, text).replace(STEP, "") + "    scheduler.step()\n"


ANNEALED = by_epoch("CosineAnnealingLR(optimizer, args.num_train_epochs)")
READ = [
    ("a cycle over the total", over(CYCLE), [], 64, 4.1701518099897185e-05, 8.047346051480143e-4),
    ("a cycle over epochs", over(BY_EPOCHS, ALONE), ONE, 126, 4.17292054995873e-05, 8.456571320676623e-08),
    (
        "an annealing",
        over("CosineAnnealingLR(optimizer, T_max=args.max_train_steps, eta_min=1e-6)"),
        [],
        64,
        4.99695445698636e-05,
        1e-06,
    ),
    ("an annealing by epochs", ANNEALED, [*ONE, *FOUR], 252, 5e-05, 2.5e-05),
    ("a step by epochs", by_epoch("StepLR(optimizer, 1, gamma=0.5)", BASE), FOUR, 128, 5e-05, 7.8125e-07),
    ("one behind another", over(CHAINED), [], 64, 1.4e-05, 0.0),
    ("a part of the total", over(LINEAR), [], 64, 4.8571428571428576e-05, 5e-06),
    (
        "one that accelerate has not",
        over("CosineAnnealingLR(optimizer, T_max=args.max_train_steps)", ALONE).replace(PREPARED, UNPREPARED),
        ONE,
        126,
        4.9998026105095405e-05,
        2.5e-05,
    ),
]


@pytest.mark.parametrize(
    ("text", "words", "total", "second", "last"), [one[1:] for one in READ], ids=[one[0] for one in READ]
)
def test_a_scheduler_of_torch_is_read_as_the_loop_steps_it(tmp_path, text, words, total, second, last):
    write(tmp_path / "train.py", text)
    chosen = ["--at", "1,-1", "--plain", "-q", "--dataset-len", "1000"]
    done = run(tmp_path, "values", *chosen, *LINE, *words)
    found = [float(line.split()[-1]) for line in done.stdout.splitlines()]
    assert found == pytest.approx([second, last], rel=1e-12, abs=1e-20), done.stderr
    assert (
        run(tmp_path, "plan", "--dataset-len", "1000", "--get", "total", *LINE, *words).stdout == f"{total}\n"
    )


SET = "setattr(args, 'num_train_epochs', 3)\nscheduler = StepLR(optimizer, args.num_train_epochs)"
BEFORE = "    scheduler.step()\n    for step"
UNPACKED = "model, optimizer, loader, scheduler = accelerator.prepare(*parts)"
COSINE = "CosineAnnealingLR(optimizer, T_max=args.max_train_steps)"
OPEN = [
    (
        "what another function tells",
        over("CosineAnnealingLR(optimizer, T_max=find())"),
        "find() in line 22 is not known",
    ),
    ("an option that is set", over(SET), "args.num_train_epochs in line 23 is not known"),
    ("a step at each batch", over(COSINE).replace(PREPARED, UNPREPARED), "steps its scheduler at each batch"),
    (
        "what is unpacked",
        over(COSINE).replace(PREPARED, UNPACKED),
        "whether accelerate prepares its scheduler is not plain",
    ),
    (
        "a cycle that is too short",
        over("OneCycleLR(optimizer, max_lr=1e-3, total_steps=100)"),
        "accelerate holds the LR after",
    ),
    (
        "a step before the batches",
        over("StepLR(optimizer, 1)").replace(STEP, "").replace("    for step", BEFORE),
        "not stepped beside its optimizer",
    ),
    ("what the run measures", over("ReduceLROnPlateau(optimizer)"), "its scheduler is ReduceLROnPlateau(…)"),
    (
        "one that is another's",
        over(f"{COSINE}\nother = StepLR(optimizer, 9)"),
        "its scheduler is CosineAnnealingLR(…)",
    ),
]


@pytest.mark.parametrize(("text", "what"), [one[1:] for one in OPEN], ids=[one[0] for one in OPEN])
def test_a_scheduler_of_torch_that_is_not_plain_is_refused(tmp_path, text, what):
    write(tmp_path / "train.py", text)
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr


OPTIMIZERS = [
    ("its default", "AdamW(model.parameters())", "1e-3"),
    ("its place", "AdamW(body, 3e-4)", "3e-4"),
]


@pytest.mark.parametrize(("made", "lr"), [one[1:] for one in OPTIMIZERS], ids=[one[0] for one in OPTIMIZERS])
def test_an_optimizer_that_is_given_no_lr_by_name_has_its_own(tmp_path, made, lr):
    write(tmp_path / "train.py", LOOP.replace("AdamW(model.parameters(), lr=args.learning_rate)", made))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE, "--learning_rate", "7e-5")
    assert f"lr={lr}," in done.stdout, done.stderr
