"""The loops around a scheduler's step: read where they are epochs of all batches, and refused elsewhere.

Each count is that of the loop itself, run with accelerate 1.15.0, whose processes were told to be two.
"""

from __future__ import annotations

import pytest
from commands import run
from configs import write
from loops import LINE, LOOP, OF_DIFFUSERS

PREPARED = "model, optimizer, loader, scheduler = accelerator.prepare(model, optimizer, loader, scheduler)"
CALL = LOOP[LOOP.index("scheduler = get_scheduler(\n") : LOOP.index(PREPARED)]
STEP, EPOCHS = "            scheduler.step()\n", "range(args.num_train_epochs)"
LOADER = "DataLoader(data, shuffle=True, batch_size=args.per_device_train_batch_size)"
THRICE = (
    "            for _ in range(3):\n                optimizer.step()\n                scheduler.step()\n"
)
ALONE = "scheduler = accelerator.prepare_scheduler(scheduler)"
SKIPS = "        if args.resume and step < 3:\n            continue\n        with acc"
SYNCED = "            if accelerator.sync_gradients:\n                scheduler.step()\n"
WORDS = "        for word in batch:\n            if word:\n                break\n        done +="
SETS = f'{STEP}            for group in optimizer.param_groups:\n                group["lr"] *= 0.5\n'
TWICE = "            optimizer.step()\n            optimizer.step()\n"
OWN = "class Warm(Base): pass\nscheduler = Warm(optimizer)\n"
UNREAD = "no call in it makes a scheduler that is read"
SET = "scheduler = CosineAnnealingLR(optimizer, 9)\n"
CHOSEN = CALL.replace("\n", "\n    ").rstrip()
CONSTANT = 'scheduler = get_scheduler("constant", optimizer)'
BY_NAME = f'if args.lr_scheduler_type == "constant":\n    {CONSTANT}\nelse:\n    {CHOSEN}\n'
ELSE = f"if args.resume:\n    {SET}else:\n    {CHOSEN}\n"
SHOWN = "done = 0\nprint(get_lr(optimizer))\n"
ONE = ["--gradient_accumulation_steps", "1"]


def planned(tmp_path, text, *words):
    write(tmp_path / "train.py", text)
    return run(tmp_path, "plan", "--dataset-len", "1000", *LINE, *words)


READ = [
    ("batches that none shares out", PREPARED, PREPARED.replace("loader, ", ""), ONE, "250,calls=2"),
    ("a loader of another name", f"{PREPARED}\n", f"{PREPARED}\nready = loader\n", [], "64,calls=2"),
    ("a scheduler prepared alone", PREPARED, f"{PREPARED}\n{ALONE}", [], "64"),
    ("a batch by its place", LOADER, "DataLoader(data, 4, True)", [], "126,calls=2"),
    ("a loader that is not shuffled", LOADER, "DataLoader(data, batch_size=4)", [], "126,calls=2"),
    ("a loader without a batch size", LOADER, "DataLoader(data)", [], "500,calls=2"),
    ("words of a loader in a dict", LOADER, "DataLoader(data, **words)", [], "126,calls=2"),
    ("a bar of the epochs", EPOCHS, f"tqdm({EPOCHS})", [], "64,calls=2"),
    ("epochs from 1 on", EPOCHS, "range(1, args.num_train_epochs + 1)", [], "64,calls=2"),
    ("epochs from one that is 0", EPOCHS, "range(first, args.num_train_epochs)", [], "64,calls=2"),
    ("batches behind those of a checkpoint", "        with acc", SKIPS, [], "64"),
    ("a scheduler stepped where gradients are", STEP, SYNCED, [], "64"),
    ("a scheduler that is set before", CALL, f"scheduler = None\n{SET}{CALL}", [], "64"),
    ("an LR that is shown", "done = 0\n", f"from utils import get_lr\n{SHOWN}", [], "64"),
    ("one of the same name", CALL, BY_NAME, [], "64"),
    ("a loop of what is no batch", "        done +=", WORDS, [], "64"),
]


@pytest.mark.parametrize(
    ("old", "new", "words", "total"), [one[1:] for one in READ], ids=[one[0] for one in READ]
)
def test_a_loop_that_has_all_batches_of_its_epochs_is_read(tmp_path, old, new, words, total):
    text = LOOP.replace(
        "args = p", 'parser.add_argument("--resume")\nwords = {"batch_size": 4}\nfirst = 0\nargs = p'
    )
    assert old in text
    done = planned(tmp_path, text.replace(old, new), *words)
    assert f",steps={total}," in done.stdout, done.stderr


REFUSED = [
    (
        "a loader that nobody shares out",
        PREPARED,
        PREPARED.replace("loader, ", ""),
        "accelerate does not know where loader ends",
    ),
    (
        "a loader that is not the prepared one",
        PREPARED,
        PREPARED.replace("loader, s", "ready, s", 1),
        "whether accelerate shares out loader is not plain",
    ),
    (
        "an optimizer that does not wait",
        PREPARED,
        PREPARED.replace("optimizer, ", ""),
        "accelerate does not have optimizer wait",
    ),
    (
        "a scheduler that is not the prepared one",
        PREPARED,
        PREPARED.replace("scheduler =", "other ="),
        "does not hand its scheduler to accelerate",
    ),
    (
        "batches that are skipped",
        "        with acc",
        "        if step % 2:\n            continue\n        with acc",
        "it may skip batches, if step % 2 in line",
    ),
    (
        "a step of its own count",
        "scheduler.step()",
        "scheduler.step(done)",
        "its scheduler is stepped to done in line",
    ),
    ("an LR that it sets itself", STEP, SETS, "it sets an LR itself, by group['lr'] *= 0.5"),
    (
        "epochs from 1 on, one fewer",
        EPOCHS,
        "range(1, args.num_train_epochs)",
        "its loop is not one of epochs",
    ),
    ("each second epoch", EPOCHS, "range(0, args.num_train_epochs, 2)", "its loop is not one of epochs"),
    ("several updates of a batch", f"            optimizer.step()\n{STEP}", THRICE, "a loop within another"),
    (
        "steps in place of batches",
        "enumerate(loader)",
        "enumerate(range(20))",
        "its epochs go through range(20), and not the batches of a loader",
    ),
    (
        "a part of the batches",
        "enumerate(loader)",
        "enumerate(islice(loader, 10))",
        "its epochs go through islice(loader, 10)",
    ),
    (
        "an update of the same gradients",
        "            optimizer.step()\n",
        TWICE,
        "optimizer.step() is called again",
    ),
    (
        "words of a loader from elsewhere",
        LOADER,
        "DataLoader(data, shuffle=True, **find())",
        "its DataLoader has **=find()",
    ),
    ("no scheduler", CALL, "", UNREAD),
    ("a scheduler set anew", "done = 0\n", f"done = 0\n{SET}", "its scheduler is also CosineAnnealingLR(…)"),
    (
        "a scheduler set anew by a condition",
        "done = 0\n",
        f"done = 0\nif args.num_warmup_steps == 0:\n    {SET}",
        "give --given lr_scheduler_type=VALUE",
    ),
    ("another scheduler by a condition", CALL, ELSE, "give --given lr_scheduler_type=VALUE"),
    (
        "a scheduler stepped first",
        f"            optimizer.step()\n{STEP}",
        f"{STEP}            optimizer.step()\n",
        "its scheduler is stepped before its optimizer in line",
    ),
    (
        "a scheduler beside",
        "done = 0\n",
        "done = 0\nswa = SWALR(optimizer, swa_lr=1e-6)\n",
        "it has another scheduler beside, SWALR(…) in line",
    ),
    (
        "an LR that a group is updated with",
        "done = 0\n",
        "done = 0\noptimizer.param_groups[0].update(lr=1e-6)\n",
        "it sets an LR itself, by optimizer.param_groups[0].update(lr=1e-06)",
    ),
    (
        "an LR that another module sets",
        "done = 0\n",
        "done = 0\nfrom utils import set_lr\nset_lr(optimizer, 1e-6)\n",
        "it sets an LR itself, by set_lr(optimizer, 1e-06)",
    ),
    (
        "a part of its steps",
        "if done >= args.max_train_steps:",
        "if done >= args.max_train_steps // 2:",
        "it ends where done >= args.max_train_steps // 2 in line",
    ),
    (
        "an LR in a dict that a group is updated with",
        "done = 0\n",
        'done = 0\nfor g in optimizer.optimizer.param_groups:\n    g.update({"lr": 0.0})\n',
        "it sets an LR itself, by g.update({'lr': 0.0})",
    ),
    ("a scheduler of its own class", CALL, OWN, UNREAD),
]


@pytest.mark.parametrize(
    ("old", "new", "what"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_a_loop_whose_batches_or_steps_are_others_is_refused(tmp_path, old, new, what):
    assert old in LOOP
    done = planned(tmp_path, LOOP.replace(old, new))
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_loop_with_the_options_of_diffusers_and_no_scheduler_is_refused_too(tmp_path, processes):
    begin = OF_DIFFUSERS.index("scheduler = get_scheduler(\n")
    write(tmp_path / "mine.py", OF_DIFFUSERS[:begin] + OF_DIFFUSERS[OF_DIFFUSERS.index(PREPARED) :])
    line = ["--learning_rate", "1e-4", "--num_train_epochs", "2", "--train_batch_size", "8"]
    words = ["--", "accelerate", "launch", "--num_processes", processes, "mine.py", *line]
    done = run(tmp_path, "plan", "--dataset-len", "1000", *words)
    assert (done.returncode, "no call in it makes a scheduler" in done.stderr) == (2, True)


def test_what_leaves_the_epochs_early_is_said(tmp_path):
    done = planned(tmp_path, f"{LOOP}    if worse():\n        break\n")
    assert done.returncode == 0
    assert "it leaves its loop, if worse() in line 41: it may stop the run" in " ".join(done.stderr.split())


def test_a_loop_in_a_function_has_what_that_is_given(tmp_path):
    head, tail = LOOP.split("for epoch in")
    body = "".join(f"    {line}\n" for line in f"for epoch in{tail}".splitlines()).replace(
        "loader", "batches"
    )
    text = f"{head}def fit(model, optimizer, batches, scheduler):\n    done = 0\n{body}\n"
    done = planned(tmp_path, f"{text}fit(model, optimizer, loader, scheduler)\n")
    assert ",steps=64,calls=2," in done.stdout, done.stderr


RESUMED = "done = 0\nif args.resume:\n    accelerator.load_state(args.resume)\n"
LOADED = [
    ("by an option that is on", RESUMED, ["--resume", "dir"], True),
    ("by one that is off", RESUMED, [], False),
    ("always", "done = 0\naccelerator.load_state('dir')\n", [], True),
]


@pytest.mark.parametrize(
    ("lines", "words", "is_said"), [one[1:] for one in LOADED], ids=[one[0] for one in LOADED]
)
def test_a_checkpoint_that_accelerate_loads_is_said(tmp_path, lines, words, is_said):
    text = LOOP.replace("args = p", 'parser.add_argument("--resume")\nargs = p').replace("done = 0\n", lines)
    done = planned(tmp_path, text, *words)
    assert (done.returncode, "where a checkpoint is loaded" in done.stderr) == (0, is_said), done.stderr


def test_an_epoch_without_its_first_batches_is_refused_but_behind_a_checkpoint(tmp_path):
    skips = "    rest = accelerator.skip_first_batches(loader, 5)\n    for step, batch in enumerate(rest)"
    text = LOOP.replace("    for step, batch in enumerate(loader)", skips)
    assert "it leaves out the first batches of an epoch in line 31" in planned(tmp_path, text).stderr
    held = "    rest = loader\n    if args.resume and epoch == first:\n    " + skips
    option = 'parser.add_argument("--resume")\nargs = p'
    text = LOOP.replace("    for step, batch in enumerate(loader)", held).replace("args = p", option)
    assert ",steps=64," in planned(tmp_path, text).stdout
