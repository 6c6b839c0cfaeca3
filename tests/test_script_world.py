"""``args.world_size`` in a script is what its launcher starts, or is asked for."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

PARSED = (
    "from transformers import HfArgumentParser, Trainer, TrainingArguments\n"
    "(args,) = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()\n"
    "args.learning_rate = args.learning_rate * args.world_size\nTrainer(None, args).train()\n"
)
MADE = (
    "from transformers import Trainer, TrainingArguments\nargs = TrainingArguments('o', learning_rate=1e-4)\n"
    "args.learning_rate = args.learning_rate * args.world_size\nTrainer(None, args).train()\n"
)
SIZE = ["--dataset-len", "640"]


@pytest.mark.parametrize(
    ("text", "options"),
    [pytest.param(PARSED, "--learning_rate 1e-4", id="parsed"), pytest.param(MADE, "", id="made")],
)
@pytest.mark.parametrize(
    ("launcher", "given", "lr"),
    [
        pytest.param("torchrun --nproc_per_node 2", [], "2e-4", id="a launcher"),
        pytest.param("python", [], "1e-4", id="none"),
        pytest.param("torchrun --nproc_per_node 2", ["--given", "world_size=4"], "4e-4", id="given"),
        pytest.param("torchrun --nproc_per_node $N", [], "", id="of a number that nobody knows"),
    ],
)
def test_the_processes_that_a_script_computes_with(tmp_path, text, options, launcher, given, lr):
    write(tmp_path / "t.py", text)
    done = run(tmp_path, "plan", *SIZE, *given, "--args", f"{launcher} t.py {options}")
    if lr:
        assert f"lr={lr}," in done.stdout, done.stdout + done.stderr
    else:
        assert "--given world_size=VALUE" in done.stderr
