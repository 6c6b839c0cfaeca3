"""The dataclasses of a script that HfArgumentParser reads: their defaults count before the trainer's own."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

SCRIPT = """\
from dataclasses import dataclass, field
import transformers

SIZE = 4

@dataclass
class Data:
    rows: int = 9

@dataclass
class TrainingArguments({base}):
    {line}

parser = transformers.HfArgumentParser((Data, TrainingArguments))
"""
LINE = "torchrun --nproc_per_node 1 train.py --output_dir o --per_device_train_batch_size 1 --max_steps 9"


def planned(tmp_path, line, base="transformers.TrainingArguments", options="", folder="."):
    write(tmp_path / "train.py", SCRIPT.format(line=line, base=base))
    (tmp_path / folder).mkdir(exist_ok=True)
    write(tmp_path / folder / "run.sh", f"{LINE} {options}")
    return run(tmp_path, "plan", f"{folder}/run.sh", "--format", "json")


@pytest.mark.parametrize(
    ("line", "options", "lr"),
    [
        pytest.param("learning_rate: float = 2e-4", "", 2e-4, id="a literal"),
        pytest.param(
            'learning_rate: float = field(default=2e-4, metadata={"help": "x"})', "", 2e-4, id="field"
        ),
        pytest.param("learning_rate: float = 2e-4", "--learning_rate 1e-3", 1e-3, id="the command wins"),
        pytest.param("cache_dir: str = None", "", 5e-5, id="nothing of it"),
    ],
)
@pytest.mark.parametrize("folder", [".", "scripts"])
def test_the_defaults_of_its_own_classes_count(tmp_path, line, options, lr, folder):
    """Beside the launch script, or in the folder that it is run from."""
    done = planned(tmp_path, line, options=options, folder=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["reading"]["settings"]["learning_rate"]["value"] == lr


def test_a_default_that_a_lambda_makes_counts(tmp_path):
    line = 'lr_scheduler_kwargs: dict = field(default_factory=lambda: {"min_lr_rate": 0.1})'
    done = planned(tmp_path, line, options="--lr_scheduler_type cosine_with_min_lr --warmup_steps 2")
    assert (done.returncode, "min_lr_rate=0.1" in done.stdout) == (0, True), done.stderr


def test_a_default_that_is_computed_is_asked_for(tmp_path):
    done = planned(tmp_path, "learning_rate: float = SIZE * 1e-4")
    assert (done.returncode, "learning_rate (the default in line 12)" in done.stderr) == (2, True), (
        done.stderr
    )


def test_a_class_that_is_not_parsed_does_not_count(tmp_path):
    done = planned(tmp_path, "rows: int = 2\n\n@dataclass\nclass Other:\n    learning_rate: float = 1.0")
    assert json.loads(done.stdout)["reading"]["settings"]["learning_rate"]["value"] == 5e-5


@pytest.mark.parametrize(
    ("base", "is_said"),
    [
        pytest.param("transformers.TrainingArguments", False, id="the Trainer's"),
        pytest.param("SFTConfig", False, id="TRL's"),
        pytest.param("object", True, id="nobody's"),
    ],
)
def test_classes_that_are_none_of_a_trainer_are_said(tmp_path, base, is_said):
    done = planned(tmp_path, "learning_rate: float = 2e-4", base=base)
    said = "train.py parses Data and TrainingArguments, not the settings of a trainer"
    assert (done.returncode, said in done.stdout) == (0, is_said), done.stderr
