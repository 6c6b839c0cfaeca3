"""Functions that the command of a script calls, by fire or click: their defaults, and what it says."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

BODY = """    Trainer(None, TrainingArguments("o", learning_rate=lr, num_train_epochs=epochs,
        per_device_train_batch_size=micro, gradient_accumulation_steps=batch_size // micro)).train()
"""
IMPORTS = "from transformers import Trainer, TrainingArguments\n"
FIRED = (
    f"import fire\n{IMPORTS}def train(lr=1e-4, epochs: int = 2, batch_size=32, micro=4):\n{BODY}"
    "if __name__ == '__main__':\n    fire.Fire(train)\n"
)
CLICKED = (
    f"import click\n{IMPORTS}@click.command()\n@click.option('--lr', '-l', default=1e-4)\n"
    "@click.option('--epochs', default=2, type=int)\n@click.option('--batch-size', default=32)\n"
    f"@click.option('--micro', default=4)\ndef main(lr, epochs, batch_size, micro):\n{BODY}main()\n"
)
SIZE = ["--dataset-len", "640"]
NAMES = ("learning_rate", "num_train_epochs", "per_device_train_batch_size", "gradient_accumulation_steps")


def told(tmp_path, text, line):
    write(tmp_path / "t.py", text)
    done = run(tmp_path, "plan", *SIZE, "--args", f"python t.py {line}")
    rows = {one[0]: one[1] for one in map(str.split, done.stdout.splitlines()) if len(one) > 2}
    return [rows.get(name) for name in NAMES], done.stderr


@pytest.mark.parametrize("text", [pytest.param(FIRED, id="fire"), pytest.param(CLICKED, id="click")])
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("", ["1e-4", "2", "4", "8"], id="defaults"),
        pytest.param("--lr 3e-4 --epochs=1", ["3e-4", "1", "4", "8"], id="said"),
        pytest.param("--batch-size 64 -l 3e-4", ["3e-4", "2", "4", "16"], id="dashes, and a letter"),
    ],
)
def test_what_the_command_gives_is_read(tmp_path, text, line, expected):
    assert told(tmp_path, text, line)[0] == expected


@pytest.mark.parametrize("text", [pytest.param(FIRED, id="fire"), pytest.param(CLICKED, id="click")])
def test_an_option_of_no_argument_stops_it(tmp_path, text):
    assert "error: t.py has no option --foo, and stops at it\n" in told(tmp_path, text, "--foo 3")[1]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(FIRED, "3e-4", id="words by their places"),
        pytest.param(FIRED.replace("fire.Fire(", "fire.Fire(wrap("), "", id="another function"),
        pytest.param(CLICKED.replace("default=1e-4", "default=1e-4, callback=f"), "", id="a callback"),
        pytest.param(CLICKED.replace("@click.command()", "@click.command()\n@own"), "", id="a decorator"),
    ],
)
def test_what_may_be_another_value_is_asked_for(tmp_path, text, line):
    text = text.replace("wrap(train)", "wrap(train))")
    assert "--given lr=VALUE" in told(tmp_path, text, line)[1]
