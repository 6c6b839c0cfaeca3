"""A training loop of a script's own without a parser: its numbers stand in its lines, or its environment."""

from __future__ import annotations

import shlex

import pytest
from commands import run
from configs import write

CONSTANTS = """import os
from accelerate import Accelerator
from torch.optim import AdamW
from torch.utils.data import DataLoader
from transformers import get_scheduler

LR, EPOCHS = 1e-4, 3
BATCH = int(os.environ.get("BATCH", "16"))
accelerator = Accelerator()
loader = DataLoader(data, batch_size=BATCH, shuffle=True)
optimizer = AdamW(model.parameters(), lr=LR)
total = EPOCHS * len(loader)
sched = get_scheduler("linear", optimizer=optimizer, num_warmup_steps=0, num_training_steps=total)
model, optimizer, loader, sched = accelerator.prepare(model, optimizer, loader, sched)
for epoch in range(EPOCHS):
    for batch in loader:
        accelerator.backward(model(**batch).loss)
        optimizer.step()
        sched.step()
        optimizer.zero_grad()
"""


@pytest.mark.parametrize(
    ("old", "new", "words", "steps"),
    [
        pytest.param("", "", "python train.py", "189", id="its own numbers"),  # 3 * ceil(1000 / 16)
        pytest.param("", "", "BATCH=8 python train.py", "375", id="of its command's environment"),
        pytest.param("", "", "accelerate launch --num_processes 2 train.py", "96", id="by two processes"),
        pytest.param(
            "LR, EPOCHS = 1e-4, 3", "LR = 1e-4\nEPOCHS = 2", "python train.py", "126", id="one by one"
        ),
    ],
)
def test_a_loop_without_options_has_its_own_numbers(tmp_path, old, new, words, steps):
    write(tmp_path / "train.py", CONSTANTS.replace(old, new))
    write(tmp_path / "run.sh", words + "\n")
    done = run(tmp_path, "plan", "--dataset-len", "1000", "run.sh")
    assert (done.returncode, f"lr=1e-4,steps={steps}," in done.stdout) == (0, True), done.stderr
    assert ("BATCH=16 of its environment (assumed)" in done.stderr) == ("BATCH" not in words)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("progress_bar.update(1)", id="of a progress bar"),
        pytest.param("metrics.update(loss=1)", id="of a table"),
        pytest.param("names.pop()", id="of a list"),
        pytest.param("os.environ.copy().update(BATCH=8)", id="of a copy"),
    ],
)
def test_what_is_no_table_of_variables_sets_none(tmp_path, line):
    write(tmp_path / "train.py", f"{CONSTANTS}        {line}\n")
    done = run(tmp_path, "plan", "--dataset-len", "1000", "--", "python", "train.py")
    assert (done.returncode, "lr=1e-4,steps=189," in done.stdout) == (0, True), done.stderr


def test_a_variable_of_its_loop_is_given(tmp_path):
    write(tmp_path / "train.py", CONSTANTS)
    words = ("--given", "BATCH=100", "--get", "total", "--", "python", "train.py")
    assert run(tmp_path, "plan", "--dataset-len", "1000", *words).stdout.strip() == "30"  # 3 * 1000 / 100


@pytest.mark.parametrize("config", ["LoraConfig", "AutoConfig", "BitsAndBytesConfig", "LlamaConfig"])
def test_the_config_of_a_model_says_nothing_of_its_loop(tmp_path, config):
    write(tmp_path / "train.py", f"{CONSTANTS}config = {config}(r=8)\n")
    done = run(tmp_path, "plan", "--dataset-len", "1000", "--", "python", "train.py")
    assert (done.returncode, "lr=1e-4,steps=189," in done.stdout) == (0, True), done.stderr


def within(function, call):
    """The script with what follows its numbers in a function, and a call of that."""
    head, lines = CONSTANTS.split("BATCH = ")
    body = "".join(f"    {line}\n" for line in ("BATCH = " + lines).splitlines())
    return f"{head}def {function}:\n{body}{call}\n"


@pytest.mark.parametrize(
    ("function", "call"),
    [
        pytest.param("train(LR, EPOCHS)", "train(5e-5, 2)\ntrain(1e-4, 5)", id="parameters"),
        pytest.param("train(LR=1e-5, EPOCHS=5)", "train()", id="defaults"),
        pytest.param("train(*, LR, EPOCHS)", "train(**words)", id="unpacked"),
        pytest.param("train(LR, EPOCHS)", "notebook_launcher(train, (1e-5, 5))", id="called elsewhere"),
        pytest.param("train()", "for LR, EPOCHS in [(1e-5, 5)]:\n    train()", id="turns of a loop"),
        pytest.param("train()", "LR, EPOCHS = read()\ntrain()", id="unpacked names"),
        pytest.param("train()", "with read() as (LR, EPOCHS):\n    train()", id="of a context"),
        pytest.param("train()", "if (LR := 1e-5) and (EPOCHS := 5):\n    train()", id="walrus"),
        pytest.param("train()", "from conf import LR, EPOCHS\ntrain()", id="imports"),
        pytest.param("train()", "import conf.a as LR, b as EPOCHS\ntrain()", id="other names of modules"),
        pytest.param("train()", "match x:\n    case [LR, *EPOCHS]:\n        train()", id="of a match"),
        pytest.param("train()", "def LR(): ...\nclass EPOCHS: ...\ntrain()", id="a function and a class"),
    ],
)
def test_a_number_whose_name_is_bound_anew_is_asked_for(tmp_path, function, call):
    write(tmp_path / "train.py", within(function, call))
    words = ("--dataset-len", "1000", "--", "python", "train.py")
    done = run(tmp_path, "plan", *words)
    assert (done.returncode, "lr=LR of AdamW" in done.stderr) == (2, True), done.stdout
    assert "its EPOCHS epochs" in done.stderr
    told = run(tmp_path, "plan", "--given", "learning_rate=5e-4", "--epochs", "2", *words)
    assert "lr=5e-4,steps=126," in told.stdout, told.stderr  # 2 * ceil(1000 / 16)


def test_a_total_has_the_epochs_that_its_name_is_there(tmp_path):
    head, loop = CONSTANTS.split("for epoch")
    body = "".join(f"    {line}\n" for line in f"for epoch{loop}".splitlines())
    write(tmp_path / "train.py", f"{head}def train(EPOCHS):\n{body}train(5)\n")
    done = run(tmp_path, "plan", "--dataset-len", "1000", "--", "python", "train.py")
    assert "steps=315,num_warmup_steps=0,num_training_steps=189" in done.stdout, done.stderr  # 5 and 3 * 63


@pytest.mark.parametrize(
    ("function", "call"),
    [
        pytest.param("train()", "train()", id="global"),
        pytest.param("train(LR, EPOCHS)", "train(LR, EPOCHS)", id="the same"),
        pytest.param("train(LR, EPOCHS=9)", "train(1e-4, EPOCHS=3)", id="given"),
        pytest.param("train()", "[LR for LR in range(5)]\ntrain()", id="of a list alone"),
        pytest.param("train()", "def evaluate(LR, EPOCHS): ...\ntrain()", id="of another function"),
    ],
)
def test_a_number_that_a_function_is_given_once_is_read(tmp_path, function, call):
    write(tmp_path / "train.py", within(function, call))
    done = run(tmp_path, "plan", "--dataset-len", "1000", "--", "python", "train.py")
    assert (done.returncode, "lr=1e-4,steps=189," in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        pytest.param(
            "LR, EPOCHS = 1e-4,", "from conf import LR\nEPOCHS =", "lr=LR of AdamW", id="of a module"
        ),
        pytest.param(
            "BATCH = ", "if os.cpu_count() > 9:\n    BATCH = 4\nBATCH = ", "batch_size=", id="of two"
        ),
        pytest.param(
            "BATCH = ", 'os.environ["BATCH"] = size\nBATCH = ', "batch_size=BATCH", id="set by itself"
        ),
        pytest.param(
            "BATCH = ", "os.environ.update(BATCH=size)\nBATCH = ", "batch_size=BATCH", id="set with others"
        ),
        pytest.param(
            "BATCH = ",
            "env = os.environ\nenv.setdefault('BATCH', size)\nBATCH = ",
            "batch_size=BATCH",
            id="set by another name",
        ),
        pytest.param("BATCH = ", "os.environ |= sizes\nBATCH = ", "batch_size=BATCH", id="joined"),
        pytest.param("BATCH = ", "load_dotenv()\nBATCH = ", "batch_size=BATCH", id="of a file"),
        pytest.param('"BATCH", "16"', '"WORLD_SIZE", "16"', "batch_size=BATCH", id="of the launcher"),
        pytest.param(
            "AdamW(model.parameters(), lr=LR)",
            "Adafactor(model.parameters(), lr=LR, relative_step=True)",
            "Adafactor has an LR of its own, by relative_step in line 11",
            id="by Adafactor",
        ),
        pytest.param(
            "import os\n", "import os\nfrom trl import SFTConfig\n", "says nothing", id="of a trainer"
        ),
        pytest.param("import os\n", "import os, fire\n", "says nothing", id="perhaps of its command"),
    ],
)
def test_what_a_loop_without_options_has_elsewhere_is_asked_for(tmp_path, old, new, what):
    write(tmp_path / "train.py", CONSTANTS.replace(old, new, 1))
    done = run(tmp_path, "plan", "--dataset-len", "1000", "--", "python", "train.py")
    assert (done.returncode, what in done.stderr) == (2, True), done.stderr


ACCUMULATED = [
    # total, whether its loader is prepared before, processes; steps passed, updates, LRs of accelerate
    pytest.param("len(loader) // ACC * EPOCHS", False, 1, (45, 48, {7: 7e-4, 24: 6e-4, 47: 0}), id="down"),
    pytest.param(
        "(len(loader) * EPOCHS) // ACC", False, 1, (47, 48, {24: 0.0006216216216216216, 47: 0}), id="of all"
    ),
    pytest.param(
        "math.ceil(len(loader) / ACC) * EPOCHS", False, 1, (48, 48, {47: 2.631578947368421e-05}), id="up"
    ),
    pytest.param(
        "EPOCHS * len(loader)",
        False,
        1,
        (189, 48, {7: 7e-4, 24: 0.0009217877094972067, 47: 0.0007932960893854749}),
        id="as many as batches",
    ),
    pytest.param(
        "len(loader) // ACC * EPOCHS", False, 2, (45, 24, {7: 0.0008857142857142857, 12: 6e-4}), id="of both"
    ),
    pytest.param(
        "len(loader) // ACC * EPOCHS", True, 2, (24, 24, {7: 0.0007142857142857143, 12: 0}), id="shared out"
    ),
    pytest.param(
        "len(loader) * EPOCHS // ACC * accelerator.num_processes",
        True,
        2,
        (48, 24, {7: 0.0008947368421052632, 23: 5.263157894736842e-05}),
        id="times both",
    ),
]


def accumulated(total, *, is_before):
    text = CONSTANTS.replace("import os", "import math, os").replace("= 1e-4, 3", "= 1e-3, 3\nACC = 4")
    text = text.replace("Accelerator()", "Accelerator(gradient_accumulation_steps=ACC)")
    text = text.replace("EPOCHS * len(loader)", total).replace("warmup_steps=0", "warmup_steps=10")
    text = text.replace("in loader:\n", "in loader:\n      with accelerator.accumulate(model):\n")
    if is_before:
        text = text.replace("total =", "optimizer, loader = accelerator.prepare(optimizer, loader)\ntotal =")
        text = text.replace("model, optimizer, loader, sched)", "model, sched)")
        text = text.replace("model, optimizer, loader, sched =", "model, sched =")
    return text


@pytest.mark.parametrize(("total", "is_before", "processes", "found"), ACCUMULATED)
def test_a_total_that_a_loop_makes_of_its_batches_is_computed(tmp_path, total, is_before, processes, found):
    write(tmp_path / "train.py", accumulated(total, is_before=is_before))
    line = ["--", "accelerate", "launch", "--num_processes", str(processes), "train.py"]
    steps, updates, lrs = found
    done = run(tmp_path, "plan", "--dataset-len", "1001", *line)
    assert f"steps={updates}," in done.stdout, done.stderr
    assert f"num_training_steps={steps}" in done.stdout
    at = ",".join(map(str, lrs))
    values = run(tmp_path, "values", "--dataset-len", "1001", "--at", at, "--plain", *line).stdout.split()
    assert [float(one) for one in values] == pytest.approx([*lrs.values()], rel=1e-12, abs=1e-18)


@pytest.mark.parametrize(
    "total",
    [
        pytest.param("len(other) // ACC * EPOCHS", id="of another loader"),
        pytest.param("len(loader) // ACC * EPOCHS - 5", id="less a number"),
        pytest.param("EPOCHS * len(loader) / 10", id="no whole number"),
    ],
)
def test_another_total_is_refused(tmp_path, total):
    write(tmp_path / "train.py", accumulated(total, is_before=False))
    done = run(tmp_path, "plan", "--dataset-len", "1001", "--", "python", "train.py")
    assert (done.returncode, "such a loop is not read" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("option", ["epochs", "lr", "warmup_steps", "foo"])
def test_an_option_of_a_script_without_a_parser_is_read_by_nobody(tmp_path, option):
    write(tmp_path / "train.py", CONSTANTS)
    words = ("--dataset-len", "1000", "--", "python", "train.py", f"--{option}", "5")
    done = run(tmp_path, "plan", *words)
    assert f"train.py has no parser: no line of it is known to read {option}; what it has" in done.stderr
    assert ("lr=1e-4,steps=189," in done.stdout, "did you mean" in done.stderr) == (True, False)


@pytest.mark.parametrize("line", ["sched.load_state_dict(torch.load(path))", "accelerator.load_state(path)"])
def test_a_scheduler_that_a_loop_restores_is_said(tmp_path, line):
    write(tmp_path / "train.py", CONSTANTS.replace("for epoch in", f"{line}\nfor epoch in"))
    done = run(tmp_path, "plan", "--dataset-len", "1000", "--", "python", "train.py")
    name = line.partition("(")[0].rpartition(".")[2]
    assert f"train.py:15: {name}(): where a checkpoint is loaded, the stored LR" in done.stderr


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        pytest.param(
            'get_scheduler("linear", optimizer=optimizer, num_warmup_steps=0, num_training_steps=total)',
            "\"get_scheduler('linear', optimizer=optimizer, num_warmup_steps=0, num_training_steps=N)\""
            " --lr 0.0001",
            id="by keywords",
        ),
        pytest.param(
            'get_scheduler("cosine", optimizer, 10, 300)',
            "\"get_scheduler('cosine', AdamW(optimizer, lr=0.0001), 10, 300)\"",
            id="by place",
        ),
    ],
)
def test_a_loop_of_torch_alone_is_shown_by_the_call_of_its_scheduler(tmp_path, call, hint):
    made = f"from transformers import get_scheduler\noptimizer = AdamW(x, lr=1e-4)\nsched = {call}\n"
    write(tmp_path / "train.py", f"from torch.optim import AdamW\n{made}")
    assert f"lrviz show {hint}\n" in run(tmp_path, "plan", "train.py").stderr
    words = shlex.split(hint.replace("=N)", "=300)"))
    assert "300 steps" in run(tmp_path, "show", *words).stdout
