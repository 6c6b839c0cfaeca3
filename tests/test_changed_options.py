"""Options that a loop of a script's own sets anew between its parser and what reads them."""

from __future__ import annotations

import pytest
from commands import run
from configs import write
from loops import ENGINE, ENGINE_LINE, LINE, LOOP

RENAMED = {
    "learning_rate": "lr",
    "per_device_train_batch_size": "bs",
    "args.gradient_accumulation_steps": "args.accum",
    "--gradient_accumulation_steps": "--accum",
    "num_train_epochs": "epochs",
    "lr_scheduler_type": "sched",
}
AFTER = "args = parser.parse_args()\n"
FOLDED = [
    ("a product", "args.lr = args.lr * 2", "lr=1e-4,"),
    ("in its place", "args.lr *= 2", "lr=1e-4,"),
    ("twice", "args.lr *= 2\nargs.lr *= 2", "lr=2e-4,"),
    ("a number", "args.epochs = 10", "steps=320,"),
    ("a quotient", "args.bs = args.bs // 2", "steps=126,"),
    ("a maximum", "args.accum = max(1, args.accum // 2)", "steps=126,"),
    ("a text", 'args.sched = "cosine"', "transformers.cosine:"),
    ("of another option", "args.lr = args.lr * args.bs / 4", "lr=1e-4,"),
    ("of one that is set", "args.bs = 4\nargs.lr = 1e-3 * args.bs", "lr=4e-3,"),
    ("of one that only it reads", "args.seed = 2\nargs.lr = 1e-3 * args.seed", "lr=2e-3,"),
    ("by its name", 'setattr(args, "lr", 1e-3)', "lr=1e-3,"),
    ("in its dict", 'vars(args)["lr"] = 1e-3', "lr=1e-3,"),
    ("by its dict", "vars(args).update(lr=1e-3)", "lr=1e-3,"),
    ("by a dict of its own", 'args.__dict__.update({"lr": 1e-3})', "lr=1e-3,"),
    ("by a name of its dict", 'cfg = vars(args)\ncfg["lr"] = 1e-3', "lr=1e-3,"),
    ("several at once", "args.lr, args.bs = 1e-3, 4", "lr=1e-3,"),
    ("by its own setter", 'args.__setattr__("lr", 1e-3)', "lr=1e-3,"),
    ("by a table", 'args.__dict__ |= {"lr": 1e-3}', "lr=1e-3,"),
    ("in a copy", "args = dataclasses.replace(args, lr=1e-3)", "lr=1e-3,"),
    ("in a copy of its dict", 'args = argparse.Namespace(**{**vars(args), "lr": 1e-3})', "lr=1e-3,"),
    ("as the text that it is", 'cfg = vars(args)\ncfg["lr"] = cfg["lr"].value', "lr=5e-5,"),
    ("of another object", "model.config.lr = 1e-3", "lr=5e-5,"),
    ("what nothing of the schedule reads", "args.seed = draw()", "lr=5e-5,"),
]
ASKED = [
    ("under a condition", "if wide:\n    args.lr = 1e-3", "what args.lr = 0.001 makes it in line 17"),
    ("in a loop", "for one in sizes:\n    args.lr *= 2", "what args.lr *= 2 makes it in line 17"),
    ("by the processes", "args.lr = args.lr * accelerator.num_processes", "makes it in line 16"),
    ("of a call", "args.epochs = epochs_of(args)", "what args.epochs = epochs_of(args) makes it in line 16"),
    ("first under a condition", "if wide:\n    args.lr = 1e-3\nargs.lr *= 2", "makes it in line 18"),
    ("any of them", "for k, v in table.items():\n    setattr(args, k, v)", "setattr(args, k, v) makes it"),
    ("any by a dict", "vars(args).update(table)", "what vars(args).update(table) makes it in line 16"),
    ("after it is read", "print(args.lr)\nargs.lr *= 2", "what args.lr *= 2 makes it in line 17"),
    ("several at once", "args.lr, args.bs = both", "what args.lr, args.bs = both makes it in line 16"),
    ("any of a table", "args.__dict__ |= table", "what args.__dict__ |= table makes it in line 16"),
    ("any of a copy", "args = argparse.Namespace(**table)", "what argparse.Namespace(**table) makes it"),
    ("by another name", "def grow(o):\n    o.lr *= 2\ngrow(args)", "what o.lr *= 2 makes it in line 17"),
    (
        "in a function that is called twice",
        "def grow(args):\n    args.lr *= 2\ngrow(args)\ngrow(args)",
        "what args.lr *= 2 makes it in line 17",
    ),
]


def renamed(text):
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(("lines", "what"), [row[1:] for row in FOLDED], ids=[row[0] for row in FOLDED])
def test_what_a_loop_sets_an_option_to_is_read(tmp_path, lines, what):
    write(tmp_path / "train.py", renamed(LOOP).replace(AFTER, f"{AFTER}{lines}\n"))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert what in done.stdout


@pytest.mark.parametrize(("lines", "what"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_what_a_loop_may_set_an_option_to_is_asked_for(tmp_path, lines, what):
    write(tmp_path / "train.py", renamed(LOOP).replace(AFTER, f"{AFTER}{lines}\n"))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert done.returncode == 2
    assert what in done.stderr


def test_what_is_asked_for_may_be_given(tmp_path):
    write(tmp_path / "train.py", renamed(LOOP).replace(AFTER, f"{AFTER}if wide:\n    args.lr = 1e-3\n"))
    done = run(tmp_path, "plan", "--dataset-len", "1000", "--given", "learning_rate=1e-3", *LINE)
    assert "lr=1e-3," in done.stdout


def test_the_functions_that_set_an_option_are_followed(tmp_path):
    text = renamed(LOOP)
    first, second = text.index("parser = "), text.index("accelerator = ")
    parts = [text[first:second].replace(AFTER, f"{AFTER}args.lr *= 2\nreturn args\n"), text[second:]]
    lines = [[f"    {line}\n" for line in part.splitlines()] for part in parts]
    start = 'if __name__ == "__main__":\n    args = parse_args()\n    args.epochs = 1\n    main(args)\n'
    made = ["def main(args):\n", *lines[1], "def parse_args():\n", *lines[0], start]
    write(tmp_path / "train.py", text[:first] + "".join(made))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert "lr=1e-4," in done.stdout
    assert "steps=32," in done.stdout


def test_a_loop_of_deepspeed_is_read_so_too(tmp_path):
    write(
        tmp_path / "train.py", ENGINE.replace("learning_rate", "lr").replace(AFTER, f"{AFTER}args.lr *= 2\n")
    )
    assert "lr=1e-4," in run(tmp_path, "plan", "--dataset-len", "1000", *ENGINE_LINE).stdout


@pytest.mark.parametrize("option", ["num_warmup_steps", "lr_scheduler_type", "learning_rate"])
def test_an_option_of_the_examples_that_is_set_by_its_name_is_asked_for(tmp_path, option):
    write(tmp_path / "train.py", LOOP.replace(AFTER, f'{AFTER}setattr(args, "{option}", made())\n'))
    done = run(tmp_path, "plan", "--dataset-len", "1000", *LINE)
    assert done.returncode == 2
    assert f"what setattr(args, '{option}', made()) makes it in line 16" in done.stderr
