"""Scripts that make the arguments of a Trainer and train: what is read, asked for, warned of, refused."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

HEAD = "import torch, yaml, argparse\nfrom transformers import Trainer, TrainingArguments\n"
KEYWORDS = 'kw = dict(output_dir="o", lr_scheduler_type="constant", learning_rate=1e-4, num_train_epochs=2)\n'
TRAINED = "Trainer(model, args, train_dataset=rows).train()\n"
OPTIONS = (
    "parser = argparse.ArgumentParser()\n"
    'parser.add_argument("--lr_scheduler_type", default="constant")\n'
    'parser.add_argument("--learning_rate", type=float, default=1e-4)\n'
    'parser.add_argument("--num_train_epochs", type=int, default=2)\n'
)


def planned(folder, text, *options):
    write(folder / "train.py", HEAD + text)
    return run(folder, "plan", "train.py", "--dataset-len", "100", "--world-size", "1", *options)


@pytest.mark.parametrize(
    ("text", "lr", "total"),
    [
        pytest.param(f"{KEYWORDS}args = TrainingArguments(**kw)\n", "1e-4", 26, id="a dict"),
        pytest.param(
            f'{KEYWORDS}kw |= {{"learning_rate": 3e-4}}\nargs = TrainingArguments(**kw)\n',
            *("3e-4", 26),
            id="a dict with another laid over it",
        ),
        pytest.param(
            f"{KEYWORDS}args = TrainingArguments(**(kw | dict(num_train_epochs=3)))\n",
            *("1e-4", 39),
            id="two dicts as one",
        ),
        pytest.param(
            f'{OPTIONS}args = TrainingArguments("o", **vars(parser.parse_args()))\n',
            *("1e-4", 26),
            id="all options by vars",
        ),
        pytest.param(
            f'{OPTIONS}args = TrainingArguments("o", **parser.parse_args().__dict__)\n',
            *("1e-4", 26),
            id="all options by __dict__",
        ),
    ],
)
def test_what_a_script_hands_its_trainer_is_read(tmp_path, text, lr, total):
    done = planned(tmp_path, text + TRAINED)
    assert done.returncode == 0, done.stderr
    assert f"lr={lr},steps={total}" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("made", "asked", "unasked"),
    [
        pytest.param(
            "TrainingArguments(**yaml.load(stream))",
            *("learning_rate num_train_epochs per_device_train_batch_size", ""),
            id="all of it",
        ),
        pytest.param(
            "TrainingArguments(**yaml.load(stream), learning_rate=1e-4)",
            *("num_train_epochs per_device_train_batch_size", "learning_rate"),
            id="what is not said beside it",
        ),
        pytest.param(
            "TrainingArguments(**yaml.load(stream), max_steps=9)",
            *("learning_rate", "num_train_epochs per_device_train_batch_size"),
            id="no epochs beside the steps",
        ),
    ],
)
def test_what_unknown_keywords_may_say_is_asked_for(tmp_path, made, asked, unasked):
    done = planned(tmp_path, f"args = {made}\n{TRAINED}")
    assert done.returncode == 2, done.stdout
    assert all(f"--given {name}=VALUE" in done.stderr for name in asked.split()), done.stderr
    assert not any(f"--given {name}=" in done.stderr for name in unasked.split()), done.stderr
    again = planned(tmp_path, f"args = {made}\n{TRAINED}", *(f"--given={name}=1" for name in asked.split()))
    assert (again.returncode, "what ** hands on" in again.stderr) == (0, True), again.stderr
