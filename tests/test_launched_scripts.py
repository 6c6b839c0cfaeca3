"""A launcher's file counts for a script with a trainer's arguments as it does for a command."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

TABLE = {
    "scheduler": {
        "type": "WarmupDecayLR",
        "params": {"total_num_steps": "auto", "warmup_min_lr": 0, "warmup_max_lr": "auto"},
    }
}
FILES = {
    "four.yaml": "distributed_type: MULTI_GPU\nnum_processes: 4\n",
    "engine.yaml": "distributed_type: DEEPSPEED\nnum_processes: 4\n"
    "deepspeed_config: {deepspeed_config_file: ds.json}\n",
    "ds.json": json.dumps(TABLE),
    "hosts": "one slots=4\n",
}
SCRIPT = (
    "from transformers import Trainer, TrainingArguments\n"
    "args = TrainingArguments('o', learning_rate=1e-3, lr_scheduler_type='cosine', num_train_epochs=1)\n"
    "Trainer(model=m, args=args, train_dataset=rows).train()\n"
)
OWN = {"trainer": "transformers.cosine", "engine": "deepspeed.WarmupDecayLR"}


def launched(folder, line, *options, script=SCRIPT):
    for name, text in FILES.items():
        write(folder / name, text)
    write(folder / "train.py", script)
    return run(folder, "plan", "--dataset-len", "1600", *options, "--", *line.split(), "train.py")


@pytest.mark.parametrize(
    ("line", "steps", "curve"),
    [
        pytest.param("accelerate launch --config_file four.yaml", 50, "trainer", id="accelerate's file"),
        pytest.param(
            "accelerate launch --config_file four.yaml --num_processes 2",
            100,
            "trainer",
            id="an option over it",
        ),
        pytest.param("accelerate launch --config_file engine.yaml", 50, "engine", id="a config of DeepSpeed"),
        pytest.param(
            "accelerate launch --use_deepspeed --deepspeed_config_file ds.json --num_processes 2",
            100,
            "engine",
            id="that config by option",
        ),
        pytest.param("deepspeed --hostfile hosts", 50, "trainer", id="hosts"),
    ],
)
def test_the_file_of_its_launcher_counts(tmp_path, line, steps, curve):
    done = launched(tmp_path, line)
    assert f"= {steps}\n" in done.stdout.partition("total steps")[2], done.stderr
    assert f'lrviz show "{OWN[curve]}:' in done.stdout


def test_a_file_of_its_launcher_that_is_not_here_is_asked_for(tmp_path):
    line = "accelerate launch --config_file elsewhere.yaml"
    done = launched(tmp_path, line)
    assert (done.returncode, "elsewhere.yaml is not there" in done.stderr) == (2, True)
    assert "--world-size N" in done.stderr
    assert launched(tmp_path, line, "--world-size", "4").returncode == 0
    done = run(tmp_path, "plan", "--world-size", "4", "--", *line.split(), "run_clm.py", "--max_steps=9")
    assert (done.returncode, "an engine and its accumulation" in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("imports", "arguments"),
    [
        pytest.param("import unsloth\nfrom trl import", "SFTConfig", id="unsloth"),
        pytest.param(
            "from sentence_transformers import",
            "SentenceTransformerTrainingArguments",
            id="sentence-transformers",
        ),
    ],
)
def test_trainers_built_on_the_trainer_have_its_config_of_deepspeed(tmp_path, imports, arguments):
    trainer = arguments.replace("Config", "Trainer").replace("TrainingArguments", "Trainer")
    script = (
        f"{imports} {arguments}, {trainer}\n"
        f"args = {arguments}('o', deepspeed='ds.json', max_steps=50, learning_rate=1e-3)\n"
        f"{trainer}(model=m, args=args, train_dataset=rows).train()\n"
    )
    done = launched(tmp_path, "python", "--world-size", "1", script=script)
    assert f'lrviz show "{OWN["engine"]}:' in done.stdout, done.stderr
