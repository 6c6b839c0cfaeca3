"""One key of a trainer's file misspelt: the answer names it and what was meant, whatever else is wrong."""

from __future__ import annotations

import re

import pytest
from commands import FOREIGN, run
from configs import write

WORLD = ["--world-size", "1"]
LENGTH = {"a.yaml": ["--dataset-len", "9000", *WORLD], "a.json": ["--given", "micro_batches=90", *WORLD]}
FAIRSEQ = (
    "task: {_name: t}\noptimization: {max_update: 2000, lr: [0.1]}\n"
    "lr_scheduler: {_name: tri_stage, phase_ratio: [0.1, 0.4, 0.5], final_lr_scale: 0.05}\n"
)
LEVANTER = (
    "trainer: {num_train_steps: 2000, train_batch_size: 4}\n"
    "optimizer: {type: adam, learning_rate: 0.1, lr_schedule: {type: linear}, warmup: 100}\n"
)
NEMO_RL = (
    "policy: {train_global_batch_size: 32, optimizer: {name: torch.optim.AdamW, kwargs: {lr: 0.1}}}\n"
    "sft: {max_num_steps: 30, max_num_epochs: 9}\n"
)
DEEPSPEED = (
    '{"train_batch_size": 16, "train_micro_batch_size_per_gpu": 4, "zero_optimization": {},'
    ' "optimizer": {"type": "Adam", "params": {"lr": 0.1}}}'
)
TUNE = "batch_size: 2\nepochs: 1\noptimizer: {_component_: torch.optim.AdamW, lr: 0.1}\n"


@pytest.mark.parametrize(
    ("name", "text", "right", "wrong", "near"),
    [
        pytest.param(
            "a.yaml", FAIRSEQ, "final_lr_scale", "final_l_scale", "", id="in a table read as a whole"
        ),
        pytest.param("a.yaml", FAIRSEQ, "final_lr_scale", "final-lr-scale", "", id="a dash"),
        pytest.param("a.yaml", FAIRSEQ, "lr: [", "Lr: [", "optimization.lr", id="a capital in a short word"),
        pytest.param("a.yaml", LEVANTER, "lr_schedule", "lr_scedule", "optimizer.lr_schedule", id="a table"),
        pytest.param("a.yaml", LEVANTER, "warmup", "Warmup", "optimizer.warmup", id="a capital"),
        pytest.param(
            "a.yaml", NEMO_RL, "max_num_epochs", "max_nu_epochs", "sft.max_num_epochs", id="nemo_rl"
        ),
        pytest.param("a.json", DEEPSPEED, "train_batch_size", "train_bach_size", "", id="deepspeed"),
        pytest.param(
            "a.json", DEEPSPEED, '"lr"', '"LR"', "deepspeed.optimizer.params.lr", id="its optimizer's"
        ),
        pytest.param("a.yaml", TUNE, "lr: ", "LR: ", "optimizer.lr", id="torchtune"),
    ],
)
def test_a_misspelt_key_is_said_with_what_was_meant(tmp_path, name, text, right, wrong, near):
    write(tmp_path / name, text)
    before = run(tmp_path, "plan", name, *LENGTH[name])
    assert (before.returncode, "did you mean" in before.stderr) == (0, False), before.stderr
    write(tmp_path / name, text.replace(right, wrong))
    after = run(tmp_path, "plan", name, *LENGTH[name])
    word = wrong.strip('":[ ')
    assert re.search(rf"{word}\S* is no(ne)? .*: did you mean {near}", after.stderr), after.stderr


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        pytest.param(
            "espnet/exponential.yaml",
            "num_iters_per_epoch",
            "num_itersper_epoch",
            "; num_itersper_epoch is none of its settings: did you mean num_iters_per_epoch?",
            id="a question",
        ),
        pytest.param(
            "transformers/inverse_sqrt.sh",
            "--max_steps",
            "--Max_steps",
            "did you mean max_steps?",
            id="another",
        ),
        pytest.param(
            "kohya/stable_floor.toml",
            "lr_scheduler =",
            "lr_schduler =",
            "lr_schduler is none of its settings: did you mean lr_scheduler?",
            id="a refusal of what depends on it",
        ),
    ],
)
def test_what_is_asked_or_refused_for_a_misspelt_key_says_so(tmp_path, file, right, wrong, said):
    name = file.rpartition("/")[2]
    write(tmp_path / name, (FOREIGN / file).read_text().replace(right, wrong))
    done = run(tmp_path, "plan", name)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TUNE.replace("lr: 0.1", "lr: '${steps}'") + "steps: 3\n", id="what another refers to"),
        pytest.param(TUNE + "lr_scheduler: {_component_: x, num_warmup_steps: 9}\n", id="a table's own"),
    ],
)
def test_a_key_that_counts_is_not_taken_for_a_misspelt_one(tmp_path, text):
    write(tmp_path / "a.yaml", text)
    done = run(tmp_path, "plan", "a.yaml", *LENGTH["a.yaml"])
    assert "did you mean" not in done.stderr, done.stderr
