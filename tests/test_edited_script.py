"""A trainer's own script beside the command, edited: what it makes of its options as none of theirs does."""

from __future__ import annotations

import pytest
from commands import run
from configs import write
from loops import OF_DIFFUSERS

AFTER = "args = parser.parse_args()\n"
EXAMPLE = (
    OF_DIFFUSERS.replace("args.lr_warmup_steps,", "args.lr_warmup_steps * accelerator.num_processes,")
    .replace("=args.max_train_steps", "=args.max_train_steps * accelerator.num_processes")
    .replace("per_epoch", "num_update_steps_per_epoch")
)
EXAMPLE_LINE = [
    *(
        "--",
        "accelerate",
        "launch",
        "--num_processes",
        "2",
        "train_dreambooth.py",
        "--lr_scheduler",
        "linear",
    ),
    *("--lr_warmup_steps", "10", "--max_train_steps", "100", "--train_batch_size", "4"),
]
OPTIMIZER = "optimizer = AdamW(model.parameters(), lr=args.learning_rate)"
READ = [
    ("as it was", "", "", "lr=5e-5,steps=100,calls=2,num_warmup_steps=20,num_training_steps=200"),
    ("a warmup that is not multiplied", " * accelerator.num_processes,", ",", "num_warmup_steps=10,"),
    ("another schedule", "name=args.lr_scheduler,", 'name="cosine",', "diffusers.cosine:"),
    ("an LR", "lr=args.learning_rate)", "lr=1e-3)", "lr=1e-3,"),
    ("an option by its name", AFTER, f'{AFTER}setattr(args, "learning_rate", 1e-3)\n', "lr=1e-3,"),
]
ASKED = [
    (
        "an option",
        AFTER,
        f"{AFTER}args.learning_rate *= 2\n",
        "what args.learning_rate *= 2 makes it in line 16",
    ),
    (
        "a shorter schedule",
        "=args.max_train_steps * ",
        "=args.max_train_steps // 2 * ",
        "in line 26: such a loop",
    ),
    ("steps", AFTER, f"{AFTER}args.max_train_steps //= 2\n", "in line 27: such a loop"),
    ("an LR", "lr=args.learning_rate)", "lr=args.learning_rate * 2)", "lr=args.learning_rate * 2 of AdamW"),
    (
        "a name of it",
        OPTIMIZER,
        "lr = args.learning_rate\nlr *= 2\noptimizer = AdamW(model.parameters(), lr=lr)",
        "lr=lr of AdamW in line 20",
    ),
    (
        "an argument of its schedule",
        "    optimizer=optimizer,\n",
        "    optimizer=optimizer,\n    num_cycles=3,\n",
        "its scheduler has num_cycles=3 in line 25",
    ),
]


@pytest.mark.parametrize(("old", "new", "what"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_an_example_of_diffusers_is_read_as_it_is(tmp_path, old, new, what):
    write(tmp_path / "train_dreambooth.py", EXAMPLE.replace(old, new, 1) if old else EXAMPLE)
    done = run(tmp_path, "plan", *EXAMPLE_LINE)
    assert what in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(("old", "new", "what"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_what_an_example_of_diffusers_hands_on_is_asked_for_or_refused(tmp_path, old, new, what):
    write(tmp_path / "train_dreambooth.py", EXAMPLE.replace(old, new, 1))
    done = run(tmp_path, "plan", *EXAMPLE_LINE)
    assert done.returncode == 2
    assert what in done.stderr


def test_an_example_of_diffusers_that_is_here_may_have_the_options_of_others(tmp_path):
    option = ["--num_epochs", "3"]
    assert "no option of train_dreambooth.py" in run(tmp_path, "plan", *EXAMPLE_LINE, *option).stderr
    write(tmp_path / "train_dreambooth.py", EXAMPLE)
    assert "no option of" not in run(tmp_path, "plan", *EXAMPLE_LINE, *option).stderr


YOLO = """import argparse, math
import yaml
from utils.torch_utils import one_cycle, smart_optimizer


def train(hyp, opt):
    save_dir, epochs, batch_size = opt.save_dir, opt.epochs, opt.batch_size
    optimizer = smart_optimizer(model, opt.optimizer, hyp["lr0"], hyp["momentum"])
    lf = one_cycle(1, hyp["lrf"], epochs)
    scheduler = lr_scheduler.LambdaLR(optimizer, lr_lambda=lf)
    loader = create_dataloader(path, batch_size // WORLD_SIZE)
    for epoch in range(start_epoch, epochs):
        pass


parser = argparse.ArgumentParser()
parser.add_argument("--hyp", default="hyp.yaml")
parser.add_argument("--weights", default="yolov5s.pt")
parser.add_argument("--epochs", type=int, default=100)
parser.add_argument("--batch-size", type=int, default=16)
parser.add_argument("--optimizer", default="SGD")
opt = parser.parse_args()
train(yaml.safe_load(open(opt.hyp)), opt)
"""
YOLO_LINE = [
    "--dataset-len",
    "1600",
    "--",
    "python",
    "train.py",
    "--hyp",
    "hyp.yaml",
    "--weights",
    "yolov5s.pt",
]
HYP = "lr0: 0.01\nlrf: 0.01\nwarmup_epochs: 3.0\nwarmup_bias_lr: 0.1\n"
HANDED = [
    (
        "a key of a table",
        "    save_dir,",
        '    hyp["lr0"] *= 2\n    save_dir,',
        "what hyp['lr0'] *= 2 makes it",
    ),
    (
        "a name",
        "    optimizer =",
        "    epochs = epochs * 2\n    optimizer =",
        "epochs=epochs * 2 in line 8",
    ),
    ("an argument", 'hyp["lr0"],', 'hyp["lr0"] * 2,', "hyp['lr0'] * 2 in line 8"),
    ("a number in its place", "opt.epochs, opt", "300, opt", "epochs=300 in line 7"),
    ("a count of turns", "epochs):", "opt.epochs * 2):", "opt.epochs * 2 in line 12"),
]


def test_the_script_of_a_trainer_is_read_as_it_is(tmp_path):
    write(tmp_path / "train.py", YOLO)
    write(tmp_path / "hyp.yaml", HYP)
    done = run(tmp_path, "plan", *YOLO_LINE)
    assert "epochs" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(("old", "new", "what"), [row[1:] for row in HANDED], ids=[row[0] for row in HANDED])
def test_what_the_script_of_a_trainer_hands_on_is_asked_for(tmp_path, old, new, what):
    write(tmp_path / "train.py", YOLO.replace(old, new, 1))
    write(tmp_path / "hyp.yaml", HYP)
    done = run(tmp_path, "plan", *YOLO_LINE)
    assert done.returncode == 2
    assert what in done.stderr


PARAMS = """import argparse


def get_default_params(model_name):
    return {"lr": 5.0e-4, "beta1": 0.9}


def parse_args(args):
    parser = argparse.ArgumentParser()
    parser.add_argument("--train-data", default=None)
    parser.add_argument("--dataset-type", default="auto")
    parser.add_argument("--lr", type=float, default=None)
    parser.add_argument("--epochs", type=int, default=32)
    parser.add_argument("--warmup", type=int, default=10000)
    parser.add_argument("--batch-size", type=int, default=64)
    args = parser.parse_args(args)
    for name, val in get_default_params(args.model).items():
        if getattr(args, name) is None:
            setattr(args, name, val)
    return args
"""
CLIP_LINE = [
    *("--dataset-len", "64000", "--", "python", "-m", "open_clip_train.main"),
    *("--train-data", "x{0..7}.tar", "--dataset-type", "webdataset"),
]


def of_clip(folder, params):
    (folder / "open_clip_train").mkdir()
    write(folder / "open_clip_train" / "params.py", params)
    text = "from open_clip_train.params import parse_args\nargs = parse_args(None)\n"
    write(folder / "open_clip_train" / "main.py", text)
    return run(folder, "plan", *CLIP_LINE)


def test_the_defaults_of_a_module_beside_the_script_are_read(tmp_path):
    assert "steps=50000" in of_clip(tmp_path, PARAMS.replace("default=32", "default=50")).stdout


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("5.0e-4", "1.0e-3", "lr=0.001 in line 5"),
        ("    return args", "    args.lr *= 2\n    return args", "what args.lr *= 2 makes it in line 20"),
    ],
)
def test_what_a_module_beside_the_script_makes_of_an_option_is_asked_for(tmp_path, old, new, what):
    done = of_clip(tmp_path, PARAMS.replace(old, new))
    assert done.returncode == 2
    assert what in done.stderr


OF_TIMM = """
import argparse
from timm.scheduler import create_scheduler_v2, scheduler_kwargs
parser = argparse.ArgumentParser()
for name in ("--epochs", "--batch-size", "--grad-accum-steps"):
    parser.add_argument(name, type=int, default=1)
parser.add_argument("--lr", type=float)
parser.add_argument("--sched", default="cosine")
parser.add_argument("--sched-on-updates", action="store_true")
args = parser.parse_args()
updates_per_epoch = (len(loader_train) + args.grad_accum_steps - 1) // args.grad_accum_steps
lr_scheduler, num_epochs = create_scheduler_v2(
    optimizer,
    **scheduler_kwargs(args),
    updates_per_epoch=updates_per_epoch,
)
"""
TIMM_LINE = [
    "--",
    "python",
    "train.py",
    "--lr",
    "0.1",
    "--epochs",
    "10",
    "--batch-size",
    "10",
    "--sched",
    "cosine",
]


@pytest.mark.parametrize(
    ("before", "after", "words", "given", "said"),
    [
        pytest.param("", "", ["--sched-on-updates"], [], 'updates_per_epoch=10"', id="as it was"),
        pytest.param(
            "=updates_per_epoch,", "=updates_per_epoch * 2,", [], [], "interval=epoch", id="unused by epochs"
        ),
        pytest.param(
            "=updates_per_epoch,",
            "=updates_per_epoch * 2,",
            ["--sched-on-updates"],
            [],
            "updates_per_epoch * 2 in line 15",
            id="twice as many",
        ),
        pytest.param(
            "updates_per_epoch = ",
            "updates_per_epoch = 2 * ",
            ["--sched-on-updates"],
            [],
            "--given updates_per_epoch=VALUE",
            id="counted otherwise",
        ),
        pytest.param(
            "=updates_per_epoch,",
            "=updates_per_epoch * 2,",
            ["--sched-on-updates"],
            ["--given", "updates_per_epoch=20"],
            'updates_per_epoch=20"',
            id="told",
        ),
    ],
)
def test_updates_that_timms_script_counts_otherwise_are_asked_for(
    tmp_path, before, after, words, given, said
):
    write(tmp_path / "train.py", OF_TIMM.replace(before, after))
    done = run(tmp_path, "plan", "--dataset-len", "100", "--world-size", "1", *given, *TIMM_LINE, *words)
    assert said in done.stdout + done.stderr, done.stderr
