"""What a script makes of the arguments of its Trainer, and of its schedule, once they are there."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

IMPORTS = "import transformers\nfrom transformers import Trainer, TrainingArguments\n"
MADE = (
    f"{IMPORTS}"
    'args = TrainingArguments("o", learning_rate=1e-4, max_steps=100, \n'
    '    lr_scheduler_kwargs={"num_cycles": 1}, lr_scheduler_type="cosine_with_restarts")\n'
)
PARSED = (
    "import transformers\nfrom transformers import Trainer, TrainingArguments, HfArgumentParser\n\n"
    "(args,) = HfArgumentParser((TrainingArguments,)).parse_args_into_dataclasses()\n"
)
LINE = ["--", "torchrun", "train.py", "--output_dir", "o", "--learning_rate", "1e-4", "--max_steps", "100"]
TRAINER = "trainer = Trainer(model=model, args=args)\n"
OPTIONS = {
    "made": ["train.py"],
    "parsed": [
        *LINE,
        "--lr_scheduler_type",
        "cosine_with_restarts",
        "--lr_scheduler_kwargs",
        '{"num_cycles": 1}',
    ],
}


def shown(folder, way, before="", after="", *options):
    text = f"{MADE if way == 'made' else PARSED}{before}{TRAINER}{after}trainer.train()\n"
    write(folder / "train.py", text)
    return run(folder, "show", *options, *OPTIONS[way])


TWEAK = "def tweak(cfg, lr=1):\n    cfg.learning_rate = lr\n    return cfg\n"
INNER = "def outer(a):\n    tweak(a, 3e-4)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("args.learning_rate = 3e-4\n", "", id="an attribute"),
        pytest.param("", "trainer.args.learning_rate = 3e-4\n", id="of the Trainer"),
        pytest.param('setattr(args, "learning_rate", 3e-4)\n', "", id="setattr"),
        pytest.param("", 'setattr(trainer.args, "learning_rate", 3e-4)\n', id="setattr of the Trainer's"),
        pytest.param('args.__dict__["learning_rate"] = 3e-4\n', "", id="an item of __dict__"),
        pytest.param('args.__dict__.update({"learning_rate": 3e-4})\n', "", id="__dict__.update"),
        pytest.param("vars(args).update(learning_rate=3e-4)\n", "", id="vars().update"),
        pytest.param('vars(args)["learning_rate"] = 3e-4\n', "", id="an item of vars()"),
        pytest.param(f"{TWEAK}tweak(args, 3e-4)\n", "", id="in a function"),
        pytest.param(f"{TWEAK}tweak(lr=3e-4, cfg=args)\n", "", id="in a function by name"),
        pytest.param(f"{TWEAK}args = tweak(args, 3e-4)\n", "", id="given back by a function"),
        pytest.param(f"{TWEAK}{INNER}outer(args)\n", "", id="in a function within another"),
        pytest.param(f"{TWEAK}tweak(args, 2)\nargs.learning_rate = 3e-4\n", "", id="the last line counts"),
    ],
)
@pytest.mark.parametrize("way", ["made", "parsed"])
def test_arguments_that_are_set_later_count(tmp_path, way, before, after):
    done = shown(tmp_path, way, before, after, "--get", "peak")
    assert (done.returncode, float(done.stdout or 0)) == (0, 3e-4), done.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "if x():\n    trainer.args.learning_rate = 3e-4\n", id="of the Trainer"),
        pytest.param('if x():\n    setattr(args, "learning_rate", 3e-4)\n', "", id="setattr"),
        pytest.param(f"{TWEAK}if x():\n    tweak(args)\n", "", id="a call"),
        pytest.param(
            "def f(a):\n    if x():\n        a.learning_rate = 1\nf(args)\n", "", id="in a function"
        ),
        pytest.param("args.__dict__.update(learning_rate=x())\n", "", id="what a call gives"),
    ],
)
@pytest.mark.parametrize("way", ["made", "parsed"])
def test_arguments_that_may_be_set_are_asked_for(tmp_path, way, before, after):
    done = shown(tmp_path, way, before, after, "--get", "peak")
    assert done.returncode == 2
    assert "does not say learning_rate" in done.stderr


def test_a_batch_that_is_set_once_the_trainer_has_its_own_is_asked_for(tmp_path):
    line = "args.per_device_train_batch_size = 4\n"
    options = ("--dataset-len", "800", "--world-size", "1", "--get", "total")
    made = f'{IMPORTS}args = TrainingArguments("o", num_train_epochs=1)\n'
    write(tmp_path / "train.py", f"{made}{line}{TRAINER}")
    assert run(tmp_path, "plan", "train.py", *options).stdout == "200\n"
    write(tmp_path / "train.py", f"{made}{TRAINER}{line}")
    assert "once the Trainer has it" in run(tmp_path, "plan", "train.py", *options).stderr


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('args.lr_scheduler_kwargs["num_cycles"] = 2\n', id="an item"),
        pytest.param("args.lr_scheduler_kwargs.update(num_cycles=2)\n", id="an update"),
    ],
)
def test_an_item_of_an_argument_counts(tmp_path, line):
    shown(tmp_path, "made", line)
    assert "num_cycles=2" in run(tmp_path, "plan", "train.py").stdout
    assert "does not say lr_scheduler_kwargs" in shown(tmp_path, "parsed", line).stderr


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("for k in x:\n    setattr(args, k, x[k])\n", id="setattr"),
        pytest.param("args.__dict__.update(read())\n", id="an update"),
        pytest.param(
            "class C:\n    def f(self, a):\n        setattr(a, g(), 1)\nC().f(args)\n", id="a class"
        ),
    ],
)
@pytest.mark.parametrize("way", ["made", "parsed"])
def test_arguments_whose_names_nobody_knows_are_asked_for(tmp_path, way, line):
    done = shown(tmp_path, way, line)
    asked = ("max_steps", "learning_rate", "lr_scheduler_type")
    assert (done.returncode, all(f"{one}=VALUE" in done.stderr for one in asked)) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param("", "trainer.lr_scheduler = mine\n", "has its own lr_scheduler", id="its own"),
        pytest.param("", "trainer.create_scheduler = f\n", "own create_scheduler", id="a method"),
        pytest.param("Trainer.create_scheduler = f\n", "", "own create_scheduler", id="of the class"),
        pytest.param("transformers.trainer.get_scheduler = f\n", "", "own get_scheduler", id="patched"),
        pytest.param(
            'transformers.optimization.TYPE_TO_SCHEDULER_FUNCTION["cosine"] = f\n',
            *("", "own TYPE_TO_SCHEDULER_FUNCTION"),
            id="in the table",
        ),
        pytest.param(
            "", "trainer = Trainer(m, args, None, (o, s))\n", "is given its own scheduler", id="by position"
        ),
        pytest.param(
            "",
            "trainer = Trainer(m, args, optimizers=both())\n",
            "is given its own scheduler",
            id="what a call gives",
        ),
    ],
)
@pytest.mark.parametrize("way", ["made", "parsed"])
def test_a_schedule_that_is_put_in_is_refused_until_it_is_said(tmp_path, way, before, after, said):
    done = shown(tmp_path, way, before, after, "--get", "peak")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert "lr_scheduler_type and its warmup change nothing" in done.stderr
    more = ("--given", "lr_scheduler_type=cosine", "--given", "learning_rate=1e-4")
    given = shown(tmp_path, way, before, after, "--get", "peak", *more)
    assert (given.returncode, "taken to be cosine, as given" in given.stderr) == (0, True), given.stderr


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param("", "trainer.create_scheduler(1000)\n", "", id="made anew once it trains"),
        pytest.param("", "trainer.lr_scheduler = None\n", "", id="none"),
    ],
)
@pytest.mark.parametrize("way", ["made", "parsed"])
def test_what_may_have_a_hand_in_the_schedule_is_told(tmp_path, way, before, after, said):
    done = shown(tmp_path, way, before, after, "--get", "peak")
    assert done.returncode == 0, done.stderr
    assert said in done.stderr if said else "warning" not in done.stderr


ROWS = ("--dataset-len", "1600")
SPLIT = (
    f"{IMPORTS}import fire\n\n\ndef train(batch_size=128, micro=4):\n"
    '    args = TrainingArguments("o", per_device_train_batch_size=micro,\n'
    "        gradient_accumulation_steps=batch_size // micro)\n"
    "    Trainer(model=model, args=args).train()\n\n\nfire.Fire(train)\n"
)


def _read(folder, text, given, *words):
    write(folder / "train.py", text)
    options = [word for one in given for word in ("--given", one)]
    return run(folder, "plan", *ROWS, *options, "--", "torchrun", "--nproc_per_node", "2", "train.py", *words)


LR_LINE = (
    "args.learning_rate = args.learning_rate * args.per_device_train_batch_size * args.world_size / 256\n"
)
SAID = ("--learning_rate", "1e-4", "--per_device_train_batch_size", "4")


@pytest.mark.parametrize(
    ("line", "given", "words", "row"),
    [
        pytest.param(LR_LINE, ["world_size=2"], SAID, ("learning_rate", "3.125e-6"), id="the processes"),
        pytest.param(
            "args.warmup_steps = int(0.1 * args.max_steps)\n",
            ["max_steps=900"],
            (),
            ("warmup_steps", "90"),
            id="the steps",
        ),
        pytest.param(
            "args.warmup_steps = min(500, 16000 // (10 * args.per_device_train_batch_size))\n",
            ["per_device_train_batch_size=8"],
            (),
            ("warmup_steps", "200"),
            id="the batch",
        ),
        pytest.param(
            "args.warmup_steps = int(0.1 * 16000 // args.train_batch_size)\n",
            ["train_batch_size=4"],
            (),
            ("warmup_steps", "400"),
            id="no setting",
        ),
        pytest.param(
            "args.learning_rate = args.learning_rate * 2\n",
            ["learning_rate=1e-4"],
            (),
            ("learning_rate", "1e-4"),
            id="the setting's own name, of which a line computes it: what it is in the end",
        ),
        pytest.param(
            "args.learning_rate *= 2\n",
            ["learning_rate=1e-4"],
            (),
            ("learning_rate", "1e-4"),
            id="the setting's own name, that a line multiplies",
        ),
        pytest.param(
            "print(args.max_steps)\n",
            ["max_steps=900"],
            ("--max_steps", "100"),
            ("max_steps", "900"),
            id="a setting that a line reads alone",
        ),
    ],
)
def test_what_is_given_answers_for_the_attribute_that_was_asked(tmp_path, line, given, words, row):
    """An expression is computed with it; what it makes of the setting itself is not the run's."""
    found = _read(tmp_path, f"{PARSED}{line}{TRAINER}trainer.train()\n", given, *words)
    assert row in [tuple(one.split()[:2]) for one in found.stdout.splitlines()], (found.stdout, found.stderr)


def test_one_of_two_names_given_is_not_the_value_of_both(tmp_path):
    line = "args.warmup_steps = args.train_batch_size * args.n_gpu\n"
    found = _read(tmp_path, f"{PARSED}{line}{TRAINER}trainer.train()\n", ["train_batch_size=4"])
    assert (found.returncode, "--given n_gpu=VALUE" in found.stderr) == (2, True), found.stderr
    assert "--given train_batch_size" not in found.stderr


def test_a_variable_that_has_the_name_of_an_option_is_no_setting(tmp_path):
    """``batch_size`` is lrviz's name of the batch of a device, and here the script's of all of them."""
    found = _read(tmp_path, SPLIT, ["batch_size=64", "micro=4"])
    rows = [tuple(one.split()[:2]) for one in found.stdout.splitlines()]
    assert {("per_device_train_batch_size", "4"), ("gradient_accumulation_steps", "16")} <= {*rows}, rows
