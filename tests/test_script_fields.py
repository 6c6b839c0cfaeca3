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


OWN = """from dataclasses import dataclass, field
from transformers import HfArgumentParser, Trainer, TrainingArguments
@dataclass
class Own:
    ramp: int = field(default=7, metadata={"help": "x"})
    peak: float = 3e-4
    more: list = field(default_factory=lambda: [1])
"""
PARSED = "own, a = HfArgumentParser((Own, TrainingArguments)).parse_args_into_dataclasses()\n"
FROM_FILE = "own, a = HfArgumentParser((Own, TrainingArguments)).parse_json_file('c.json')\n"
ALL = "a = TrainingArguments('o', max_steps=100, learning_rate=c.peak, warmup_steps=c.ramp)\n"


@pytest.mark.parametrize(
    ("lines", "options", "said"),
    [
        pytest.param(f"{PARSED}a.warmup_steps = own.ramp\n", "", "warmup_steps=7,", id="its own field"),
        pytest.param(f"{PARSED}a.warmup_steps = own.ramp\n", "--ramp 9", "warmup_steps=9,", id="said"),
        pytest.param(
            f"{PARSED}a.warmup_steps = 5 if a.max_steps < 0 else 6\n",
            "",
            "warmup_steps=5,",
            id="the Trainer's",
        ),
        pytest.param(f"{PARSED}a.warmup_steps = own.ramp\n", "--ram 9", "warmup_steps=9,", id="cut short"),
        pytest.param(
            f"{PARSED}a.warmup_steps = own.ramp\n", "--ra 9", "--ramp or --ray", id="as others begin"
        ),
        pytest.param(
            OWN.replace("ramp", "war") + f"{PARSED}a.warmup_steps = own.war\n",
            "--war 9",
            "warmup_steps=9,",
            id="that is the beginning of another",
        ),
        pytest.param(f"{PARSED}a.warmup_steps = own.ramp\n", "$X", "--given ramp=VALUE", id="hidden"),
        pytest.param(f"{PARSED}a.warmup_steps = own.more\n", "", "--given more=VALUE", id="a list"),
        pytest.param(f"{FROM_FILE}a.warmup_steps = own.ramp\n", "", "num_warmup_steps=8,", id="of a file"),
        pytest.param(f"c = Own()\n{ALL}", "", "num_warmup_steps=7,num_training_steps=100,lr=3e-4", id="made"),
        pytest.param(
            f"c = Own(peak=1e-3)\nc.ramp = 4\n{ALL}", "", "steps=4,num_training_steps=100,lr=1e-3", id="set"
        ),
        pytest.param(
            f"class More(Own):\n    ramp: int = 3\n    def f(self): pass\nc = More()\n{ALL}",
            "",
            "num_warmup_steps=3,num_training_steps=100,lr=3e-4",
            id="made of one that is built on it",
        ),
        pytest.param(
            f"class More(Own):\n    def __post_init__(self): self.ramp *= 2\nc = More()\n{ALL}",
            "",
            "--given warmup_steps=VALUE",
            id="that sets another",
        ),
        pytest.param(
            f"class More(Own):\n    def grow(self): self.ramp *= 2\nc = More()\nc.grow()\n{ALL}",
            "",
            "--given warmup_steps=VALUE",
            id="that a method changes",
        ),
    ],
)
def test_what_a_script_computes_of_fields_that_nobody_says(tmp_path, lines, options, said):
    write(tmp_path / "c.json", '{"output_dir": "o", "ramp": 8}')
    write(tmp_path / "train.py", f"{OWN}{lines}Trainer(args=a).train()\n")
    line = (
        f"python train.py {options}"
        if "c = " in lines or "c.json" in lines
        else f"python train.py --output_dir o {options}"
    )
    done = run(tmp_path, "plan", "--dataset-len", "800", "--args", line)
    assert said in done.stdout + done.stderr, done.stdout + done.stderr


ADDED = "@dataclass\nclass Mine(TrainingArguments):\n    {}: {} = field(default={})\n"
IMPORTS = """\
from dataclasses import dataclass, field
from transformers import HfArgumentParser, Trainer, TrainingArguments
"""


@pytest.mark.parametrize(
    ("field", "made", "is_assumed"),
    [
        pytest.param(("group_by_length", "bool", "False"), "", False, id="a field that it adds"),
        pytest.param(("logging_dir", "str", "'x'"), "", False, id="another"),
        pytest.param(
            ("other", "int", "1"), "group_by_length=True", True, id="an argument of another version"
        ),
        pytest.param(
            ("warmup_ratio", "float", "0.1"), "", True, id="one that may be the Trainer's, and counts"
        ),
    ],
)
@pytest.mark.parametrize("parses", [True, False])
def test_a_field_that_a_script_adds_tells_no_version(tmp_path, field, made, is_assumed, parses):
    options = made.replace("=", " ").split()
    args = (
        "HfArgumentParser(Mine).parse_args_into_dataclasses()[0]"
        if parses
        else f"Mine('o', max_steps=9, {made})"
    )
    lines = f"{IMPORTS}{ADDED.format(*field)}args = {args}\nTrainer(model=None, args=args).train()\n"
    write(tmp_path / "train.py", lines)
    words = ["--output_dir", "o", "--max_steps", "9", *(f"--{one}" for one in options[:1]), *options[1:]]
    done = run(tmp_path, "plan", *(["--", "python", "train.py", *words] if parses else ["train.py"]))
    assert (done.returncode, "is assumed" in done.stderr) == (0, is_assumed), done.stderr
