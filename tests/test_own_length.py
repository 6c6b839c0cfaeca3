"""A schedule that says how long it is, in a run of which nothing else is said, or something else."""

from __future__ import annotations

import json

import pytest
from commands import run

KERAS = "CosineDecay(0.0, 1000, warmup_target=0.1, warmup_steps=100)"
FACTORS = "OneCycleLR(optimizer, max_lr=0.1, epochs=10, steps_per_epoch=10)"


def curve(tmp_path, *words):
    done = run(tmp_path, "show", *words, "--format", "json")
    return json.loads(done.stdout)["curves"][0], done.stderr


@pytest.mark.parametrize(
    ("spec", "steps", "said"),
    [
        pytest.param("OneCycleLR(o, max_lr=0.1, total_steps=100)", 100, "total_steps is 100", id="pasted"),
        pytest.param("get_cosine_schedule_with_warmup(o, 100, 1000)", 1000, "num_training_steps", id="HF"),
        pytest.param("get_scheduler('constant', o, 0, 70)", 70, "num_training_steps is 70", id="one ignored"),
        pytest.param("optax.cosine_decay_schedule(1e-3, 300)", 300, "decay_steps is 300", id="no optimizer"),
        pytest.param("linear:num_training_steps=10k,warmup=0", 10000, "is 10k", id="a spec"),
        pytest.param("linear:num_training_steps=10ep,warmup=0", 390, "is 10ep", id="in epochs"),
        pytest.param("torch.CosineAnnealingLR:T_max=30,interval=epoch", 1170, "T_max is 30", id="by epoch"),
        pytest.param("mmengine.CosineAnnealingLR:end=12", 468, "end is 12", id="epochs of its own"),
        pytest.param(KERAS, 1100, "it is 1100 steps long", id="a warmup before what it is told"),
        pytest.param(FACTORS, 100, "", id="factors"),
        pytest.param("linear:num_training_steps=50%,warmup=0", 1950, "the run has 1950", id="a share"),
        pytest.param("linear:num_training_steps=9,warmup=0,steps=5", 5, "the run has 5", id="the run too"),
        pytest.param("cosine", 1950, "", id="nothing said"),
    ],
)
def test_it_makes_the_run_where_nothing_else_does(tmp_path, spec, steps, said):
    found, notes = curve(tmp_path, spec)
    total = run(tmp_path, "plan", spec, "--get", "total").stdout
    assert (found["steps"], total) == (steps, f"{steps}\n")
    assert said in notes
    assert ("the run is made as long" in notes) == bool(said and "the run has" not in said)


@pytest.mark.parametrize(
    ("options", "steps", "said"),
    [
        pytest.param("--steps 200", 200, "is 100, the run has 200 steps", id="steps"),
        pytest.param("--max-steps 200", 200, "is 100, the run has 200 steps", id="the most steps"),
        pytest.param("--epochs 20", 100, "--epochs changes nothing", id="epochs"),
        pytest.param("--steps-per-epoch 5", 100, "--steps-per-epoch changes nothing", id="their length"),
        pytest.param("--epochs 5 --steps-per-epoch 5", 25, "is 100, the run has 25 steps", id="both"),
    ],
)
def test_an_option_beside_factors_is_told(tmp_path, options, steps, said):
    found, notes = curve(tmp_path, FACTORS, *options.split())
    assert found["steps"] == steps
    assert said in notes


@pytest.mark.parametrize("options", ["--steps 200", "--epochs 20 --steps-per-epoch 10", "--dataset-len 800"])
def test_a_run_of_its_own_stands(tmp_path, options):
    words = ["OneCycleLR(optimizer, max_lr=0.1, total_steps=200)", *options.split()]
    found, notes = curve(tmp_path, *words)
    assert (found["steps"], "is made as long" in notes) == (200, "dataset" in options)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("linear:warmup=0,groups=a(scale=1)", "1 param group\n", id="a group"),
        pytest.param("linear:warmup=0,groups=a(scale=1),b(scale=2)", "2 param groups\n", id="two groups"),
        pytest.param("noam:model_size=9,warmup=4 --lr 1", "changes nothing", id="an option"),
        pytest.param("constant --batch-size 4 --steps 9", "batch_size changes nothing", id="a key"),
        pytest.param(
            "constant --batch-size 4 --grad-accum 2 --steps 9",
            "batch_size, grad_accum change nothing",
            id="two keys",
        ),
    ],
)
def test_one_and_several_are_told_apart(tmp_path, words, said):
    assert said in curve(tmp_path, *words.split())[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("--steps 100 --format toml", "a config needs a schedule", id="no schedule"),
        pytest.param("cosine --steps 100 --format json --get total", "--get prints a value alone", id="JSON"),
        pytest.param("cosine --steps 100 --format toml --get total", "--get prints a value alone", id="TOML"),
    ],
)
def test_a_plan_that_cannot_be_printed_so(tmp_path, words, said):
    done = run(tmp_path, "plan", *words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("words", "epochs"),
    [
        pytest.param("--epochs 2.5 --steps-per-epoch 391", "2.5", id="as asked"),
        pytest.param("--epochs 0.1 --steps-per-epoch 30", "0.1", id="a whole number of steps"),
        pytest.param("--epochs 3 --steps-per-epoch 10 --max-steps 25", "2.5", id="stopped before"),
        pytest.param("--steps 25 --steps-per-epoch 10", "2.5", id="steps"),
    ],
)
def test_the_epochs_of_a_plan(tmp_path, words, epochs):
    assert run(tmp_path, "plan", *words.split(), "--get", "epochs").stdout == f"{epochs}\n"
