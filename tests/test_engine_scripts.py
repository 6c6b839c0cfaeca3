"""A script of one's own that starts DeepSpeed's engine by the config that its option names."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

SCRIPT = """import argparse
import deepspeed

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--learning_rate", type=float, default=7e-5)
parser = deepspeed.add_config_arguments(parser)
args = parser.parse_args()
model, _, loader, _ = deepspeed.initialize(args=args, model=net, training_data=data)
for epoch in range(args.epochs):
    for batch in loader:
        model.backward(model(batch))
        model.step()
"""
SECTION = {"type": "WarmupDecayLR", "params": {"warmup_num_steps": 10, "total_num_steps": 100}}
CONFIG = {
    "train_batch_size": 32,
    "gradient_accumulation_steps": 1,
    "optimizer": {"type": "AdamW", "params": {"lr": 1e-4}},
    "scheduler": SECTION,
}
COSINE = {**SECTION, "type": "WarmupCosineLR"}
LINE = [*("--", "deepspeed", "--num_gpus", "2", "mine.py"), *("--deepspeed", "--deepspeed_config", "ds.json")]


def of_engine(tmp_path, *words, text=SCRIPT, **changed):
    write(tmp_path / "mine.py", text)
    config = {key: value for key, value in {**CONFIG, **changed}.items() if value is not None}
    write(tmp_path / "ds.json", json.dumps(config))
    return run(tmp_path, "plan", *words, *LINE)


def test_the_config_of_a_script_s_engine_has_its_schedule(tmp_path):
    done = of_engine(tmp_path, "--dataset-len", "320", "--epochs", "3")
    assert "deepspeed.WarmupDecayLR:warmup_max_lr=1e-3,warmup_num_steps=10,total_num_steps=100" in done.stdout
    assert "steps=30" in done.stdout
    done = of_engine(tmp_path, "--steps", "50", scheduler=COSINE)
    assert "deepspeed.WarmupCosineLR:warmup_num_steps=10,total_num_steps=100,lr=1e-4," in done.stdout


OF_ENGINE = [
    ("a length", [], SCRIPT, {}, "how many micro-batches"),
    (
        "an optimizer",
        ["--steps", "50"],
        SCRIPT.replace("model=net", "model=net, optimizer=AdamW(net)"),
        {"scheduler": COSINE},
        "the LR of the optimizer that line 9 of mine.py hands to the engine",
    ),
    (
        "a scheduler",
        ["--steps", "50"],
        SCRIPT.replace("model=net", "model=net, lr_scheduler=made"),
        {"scheduler": None},
        "mine.py hands a scheduler of its own to the engine in line 9",
    ),
    (
        "auto",
        ["--steps", "50"],
        SCRIPT,
        {"train_batch_size": "auto"},
        '"auto" is filled in by the Trainer of transformers alone',
    ),
]


@pytest.mark.parametrize(
    ("words", "text", "changed", "what"), [row[1:] for row in OF_ENGINE], ids=[row[0] for row in OF_ENGINE]
)
def test_what_an_engine_s_config_does_not_say_is_asked_for_or_refused(tmp_path, words, text, changed, what):
    done = of_engine(tmp_path, *words, text=text, **changed)
    assert (done.returncode, what in done.stderr) == (2, True), done.stderr


def test_the_lr_of_an_optimizer_that_is_handed_over_is_told(tmp_path):
    text = SCRIPT.replace("model=net", "model=net, optimizer=AdamW(net)")
    done = of_engine(
        tmp_path,
        "--steps",
        "50",
        "--given",
        "deepspeed.optimizer.params.lr=3e-4",
        text=text,
        scheduler=COSINE,
    )
    assert "total_num_steps=100,lr=3e-4," in done.stdout


def test_the_script_of_an_engine_is_asked_for_where_its_config_is_here(tmp_path):
    write(tmp_path / "ds.json", json.dumps(CONFIG))
    done = run(tmp_path, "plan", "--steps", "50", *LINE)
    assert (done.returncode, "mine.py is not here" in done.stderr) == (2, True), done.stderr
    hint = done.stderr.partition("its config alone: lrviz ")[2].split()
    assert run(tmp_path, *hint, "--steps", "50", "--get", "total").stdout == "50\n"


OF_TRAINERS = ("transformers", "accelerate_no_trainer", "trl")


@pytest.mark.parametrize("trainer", OF_TRAINERS)
@pytest.mark.parametrize(
    ("config", "returncode", "said"),
    [
        pytest.param(CONFIG, 2, "the scheduler of ds.json wins in DeepSpeed's engine", id="a scheduler"),
        pytest.param({"train_batch_size": 32}, 0, "", id="none"),
        pytest.param(None, 0, "ds.json is not here: a scheduler in it wins", id="no file"),
    ],
)
def test_a_scheduler_of_an_engine_s_config_wins_over_a_trainer_s(tmp_path, trainer, config, returncode, said):
    if config:
        write(tmp_path / "ds.json", json.dumps(config))
    given = ["--given", "method=sft"] if trainer == "trl" else []
    steps = "--max_train_steps" if trainer == "accelerate_no_trainer" else "--max_steps"
    rest = ["--trainer", trainer, *given, "--get", "total"]
    done = run(tmp_path, "plan", *rest, *LINE, "--learning_rate", "1", steps, "9")
    assert (done.returncode, said in done.stderr) == (returncode, True), done.stderr
    assert done.stdout == ("" if returncode else "9\n")


@pytest.mark.parametrize("words", [[], ["--trainer", "deepspeed"]], ids=["nobody's", "as is said"])
def test_a_config_in_the_lines_of_a_script_is_no_file(tmp_path, words):
    text = "import deepspeed\nsettings = {}\nmodel, *_ = deepspeed.initialize(model=net, config=settings)\n"
    write(tmp_path / "mine.py", text)
    done = run(tmp_path, "plan", *words, *LINE[:5])
    assert (done.returncode, "hands DeepSpeed's engine its config in line 3" in done.stderr) == (2, True)
    assert done.stderr.endswith("lrviz plan ds.json\n"), done.stderr
