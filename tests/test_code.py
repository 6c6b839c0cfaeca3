"""``lrviz code``: a schedule as code, which has the same numbers or is refused with a reason."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys

import numpy as np
import pytest
from commands import README, run

from lrviz.catalogue.registry import catalogue
from lrviz.curves.read import read_words
from lrviz.curves.runs import Flags, runs_of
from lrviz.curves.series import series_of
from lrviz.describe.example import PEAK, STEPS, example
from lrviz.errors import ScheduleError
from lrviz.notation.shell import shell_line
from lrviz.snippets.dialect import NUMPY
from lrviz.snippets.proof import prove
from lrviz.snippets.snippet import Definitions, Snippet
from lrviz.snippets.target import Curves, writer_of
from lrviz.snippets.targets import target_names

ENTRIES = catalogue()
NO_FUNCTION = {
    "needs the one before": {
        "adaptive.adagrad",
        "adaptive.adadelta",
        "adaptive.adam",
        "adaptive.adamw",
        "adaptive.rmsprop",
        "keras.callbacks.LearningRateScheduler",
    },
    "moves on a metric": {
        "keras.callbacks.ReduceLROnPlateau",
        "mmengine.ReduceOnPlateauLR",
        "optax.contrib.reduce_on_plateau",
        "timm.PlateauLRScheduler",
        "torch.ReduceLROnPlateau",
        "transformers.greedy",
        "transformers.reduce_lr_on_plateau",
    },
}
"""Schedules that are no function of the step, by what is said of them."""
ROUNDED = {"keras.CosineDecayRestarts"}
"""Where float32 decides in which cycle a step falls, which float64 does not know."""


def curves_of(name):
    """The curves of a schedule's example."""
    shown = example(ENTRIES[name])
    flags = {"steps": STEPS, "lr": PEAK, **({"metric": "constant"} if shown.flat else {})}
    return Curves(series_of(runs_of(read_words([shown.spec]), Flags(flags, {}), examples=True), "lr"))


def executed(text):
    """What a text defines."""
    names: dict[str, object] = {}
    with np.errstate(all="ignore"):
        exec(text, names)
    return names


FUNCTIONS = [name for name in ENTRIES if not any(name in ids for ids in NO_FUNCTION.values())]


@pytest.mark.long
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_the_step_is_the_same_to_the_last_digit_in_numpy(name):
    curves = curves_of(name)
    names = executed(writer_of("numpy")(curves).text([]))
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(names["lrs"], curves.rows[0].timeline(np.arange(float(curves.steps))))


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in ROUNDED])
def test_the_same_function_one_step_at_a_time_in_python_alone(name):
    curves = curves_of(name)
    made = (
        writer_of("torch")(Curves(curves.rows)) if ENTRIES[name].package != "torch" else of_functions(curves)
    )
    lr = executed(made.without_library().text([]))["lr"]
    wanted = curves.rows[0].timeline(np.arange(float(curves.steps)))
    close = 1e-6 if curves.is_single else 1e-12
    found = [lr(step) for step in range(curves.steps)]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=close * np.abs(wanted).max())
    lr(curves.steps)  # a scheduler is stepped after the last update too


def of_functions(curves):
    from lrviz.snippets.targets import torch

    return torch.of_functions(curves)


@pytest.mark.parametrize(
    ("name", "why"), [(name, why) for why, ids in NO_FUNCTION.items() for name in sorted(ids)], ids=str
)
def test_what_is_no_function_of_the_step_is_refused_with_a_way_out(name, why):
    with pytest.raises(ScheduleError, match=why) as refused:
        writer_of("numpy")(curves_of(name))
    assert refused.value.hint


EPOCHS = ["--epochs", "20", "--steps-per-epoch", "5", "--lr", "0.1"]
SEQUENCE = (
    "SequentialLR:schedulers=[LinearLR(total_iters=10),CosineAnnealingLR(T_max=90)],milestones=[10],lr=0.1,"
    "steps=100"
)
COSINE = "cosine:warmup=10,lr=1e-3,steps=100"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        pytest.param(
            [COSINE, "--to", "torch"],
            ["    if step < 10:  # warmup", "scheduler = LambdaLR(optimizer, lr)"],
            id="a formula by branches",
        ),
        pytest.param(
            ["StepLR:step_size=30", "--lr", "0.1", "--steps", "90", "--to", "torch"],
            ["scheduler = StepLR(optimizer, step_size=30)", "    scheduler.step()  # after every update"],
            id="the constructor of the target",
        ),
        pytest.param(
            ["StepLR:step_size=3,interval=epoch,lr=0.1,steps=95,steps_per_epoch=10", "--to", "torch"],
            ["for epoch in range(10):", "    scheduler.step()  # after every epoch"],
            id="stepped per epoch",
        ),
        pytest.param(
            ["StepLR:step_size=3,interval=epoch,lr=0.1,steps=95,steps_per_epoch=10", "--to", "transformers"],
            ["    return 0.1 * 0.1 ** (step // 10 // 3)", "    scheduler.step()  # after every update"],
            id="its Trainer steps after every update",
        ),
        pytest.param(
            ["StepLR:step_size=30,warmup=5,lr=0.1,steps=90", "--to", "torch"],
            ["scheduler = LambdaLR(optimizer, lr)"],
            id="with a warmup that is not the constructor's",
        ),
        pytest.param(
            [
                SEQUENCE,
                "--to",
                "torch",
            ],
            [
                "from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR",
                "        LinearLR(optimizer, total_iters=10),",
            ],
            id="schedulers within",
        ),
        pytest.param(
            ["LambdaLR:lr_lambda=0.95**epoch,lr=1,steps=9", "--to", "torch"],
            ["scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 0.95**epoch)"],
            id="a function",
        ),
        pytest.param(
            ["cosine:warmup=10,lr=[1e-3,1e-4],steps=100", "--to", "transformers"],
            [
                "from transformers import get_scheduler",
                '    {"params": parts[1].parameters(), "lr": 0.0001},',
            ],
            id="param groups, by name",
        ),
        pytest.param(
            ["cosine:warmup=10,lr=[1e-3,1e-4],steps=100", "--to", "torch"],
            ["scheduler = LambdaLR(optimizer, [lr_0, lr_1])"],
            id="param groups, by functions",
        ),
        pytest.param(
            ["optax.cosine_decay_schedule:lr=0.1", "--steps", "100", "--to", "optax"],
            [
                "lr = optax.cosine_decay_schedule(init_value=0.1, decay_steps=100)",
                "optimizer = optax.adamw(learning_rate=lr)",
            ],
            id="optax's own",
        ),
        pytest.param(
            ["ReduceLROnPlateau:patience=3,lr=1,steps=9", "--metric", "constant", "--to", "torch"],
            [
                "scheduler = ReduceLROnPlateau(optimizer, patience=3)",
                "    scheduler.step(metric)  # after every update",
            ],
            id="a metric",
        ),
        pytest.param(
            [COSINE, "--to", "optax"],
            ["import jax.numpy as jnp", "    return jnp.where(count < 10, warmup, cosine_decay)"],
            id="a function of the count",
        ),
        pytest.param(
            ["keras.ExponentialDecay:decay_steps=10,decay_rate=0.5,lr=0.1,steps=100", "--to", "keras"],
            ["optimizer = keras.optimizers.AdamW(learning_rate=schedule)"],
            id="keras's own",
        ),
        pytest.param(
            ["callbacks.ReduceLROnPlateau:patience=3", *EPOCHS, "--metric", "constant", "--to", "keras"],
            [
                "optimizer = keras.optimizers.AdamW(learning_rate=0.1)",
                "callback = keras.callbacks.ReduceLROnPlateau(patience=3)",
                "# model.fit(x, y, epochs=20, callbacks=[callback]) asks it in each epoch, of 5 updates.",
            ],
            id="a callback that moves on a metric",
        ),
        pytest.param(
            ["callbacks.LearningRateScheduler:schedule=lr * 0.9 if epoch else lr", *EPOCHS, "--to", "keras"],
            ["    schedule=lambda epoch, lr: lr * 0.9 if epoch else lr"],
            id="a callback with a function",
        ),
        pytest.param(
            [COSINE, "--to", "keras"],
            [
                "class Schedule(keras.optimizers.schedules.LearningRateSchedule):",
                "        return ops.where(step < 10, warmup, cosine_decay)",
            ],
            id="a class of keras",
        ),
        pytest.param(
            ["MultiStepLR:milestones=[20,50],warmup=5,lr=0.1,steps=100", "--to", "torch"],
            ["from bisect import bisect_right", "PLACES = [20.0, 50.0]"],
            id="a table",
        ),
        pytest.param(
            ["torch.MultiplicativeLR:lr_lambda=0.95,lr=1,steps=9", "--to", "optax"],
            ["        lr = 0.95 * lr", "RATES = jnp.array(walked())"],
            id="a recurrence",
        ),
        pytest.param(
            ["OneCycleLR:max_lr=0.1", "--steps", "50", "--to", "optax"],
            ["# It moves momentum too, which is not written."],
            id="of several quantities",
        ),
        pytest.param(
            ["torch.OneCycleLR:max_lr=0.1,total_steps=50", "--steps", "51", "--to", "torch"],
            [
                "    if step < 50:  # it raises after the last",
                "        scheduler.step()  # after every update",
            ],
            id="one that raises after the run",
        ),
        pytest.param(
            ["torch.StepLR:step_size=20,gamma=1.0,lr=0.1,steps=100", "--to", "optax"],
            ["    return jnp.full_like(count, 0.1)"],
            id="a power of 1",
        ),
        pytest.param(
            ["linear:warmup=0,groups=body(scale=0.1),head(start=10),lr=3e-4,steps=60", "--to", "optax"],
            [
                "    return 3e-05 * jnp.maximum(0, (60 - count) / 60)",
                "    decay = 0.0003 * jnp.maximum(0, (60 - count) / 60)",
            ],
            id="a number without the rounding of a float64, and a shift that is undone",
        ),
        pytest.param(
            [SEQUENCE, "--to", "numpy"],
            [
                (
                    "# torch.SequentialLR of torch 2.13.0: schedulers=[LinearLR(total_iters=10), "
                    "CosineAnnealingLR(T_max=90)], milestones=[10], lr 0.1; 100 updates."
                )
            ],
            id="schedules in the heading",
        ),
    ],
)
def test_what_it_writes(words, lines, tmp_path):
    done = run(tmp_path, "code", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# lrviz code ")
    assert "largest difference from lrviz is " in done.stdout
    assert [line for line in lines if line not in done.stdout.splitlines()] == []


def test_what_stands_in_stdin_is_read_once_though_its_metric_is_missing(tmp_path):
    config = b'name = "plateau"\nsteps = 30\nlr = 0.1\npatience = 3'
    done = run(tmp_path, "code", "-", "--to", "torch", stdin=config)
    assert done.returncode == 0, done.stderr
    assert "scheduler = ReduceLROnPlateau(optimizer, patience=3)" in done.stdout.splitlines()


def test_the_same_is_written_again(tmp_path):
    words = ("code", SEQUENCE, "--to", "torch")
    first, again = run(tmp_path, *words), run(tmp_path, *words)
    assert (first.returncode, again.stdout) == (0, first.stdout)


def test_the_readme_shows_what_is_written(tmp_path):
    (shown,) = re.findall(r"```text\n(# lrviz code (.*)\n(?:.*\n)*?)```", README.read_text(encoding="utf-8"))
    text, words = shown
    written = run(tmp_path, "code", *shlex.split(words)).stdout.splitlines()
    assert [*written[:2], *written[3:]] == [*text.splitlines()[:2], *text.splitlines()[3:]]


def test_a_file_is_written_that_runs(tmp_path):
    done = run(tmp_path, "code", COSINE, "--to", "numpy", "-o", "lr.py")
    assert (done.returncode, done.stdout) == (0, "")
    assert "largest difference from lrviz is 0" in done.stderr
    subprocess.run([sys.executable, tmp_path / "lr.py"], check=True)


def test_the_heading_loads_the_file_that_declares_it(tmp_path):
    declared = "import lrviz\n@lrviz.schedule\ndef half(step):\n    return 0.5 if step < 9 else 0.25\n"
    (tmp_path / "mine.py").write_text(declared)
    words = ["half", "--steps", "20", "--to", "numpy", "--load", "mine.py"]
    done = run(tmp_path, "code", *words)
    assert done.stdout.splitlines()[0] == f"# {shell_line('lrviz', 'code', *words)}"


def test_one_schedule_of_a_config_and_a_launch_line(tmp_path):
    (tmp_path / "run.toml").write_text(
        "[plan]\nsteps = 50\n[[schedule]]\nname = 'constant'\nlr = 1\n[[schedule]]\nname = 'linear'\nlr = 1\n"
        "warmup = 0\n"
    )
    several = run(tmp_path, "code", "run.toml", "--to", "numpy")
    assert "run.toml has 2 schedules" in several.stderr
    one = run(tmp_path, "code", "run.toml:linear", "--to", "numpy")
    assert "transformers.linear" in one.stdout, one.stderr
    line = "python sft.py --learning_rate 1e-4 --max_steps 100 --lr_scheduler_type cosine --output_dir out"
    trainer = run(tmp_path, "code", "--args", f"{line}", "--to", "transformers")
    assert 'get_scheduler(\n    "cosine"' in trainer.stdout or '"cosine", optimizer' in trainer.stdout, (
        trainer.stderr
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param("return 0.001 + 0 * step", "would not be equal", id="other numbers"),
        pytest.param("return step.missing", "does not run here: AttributeError", id="an error"),
    ],
)
def test_code_that_is_wrong_is_not_handed_out(body, why):
    curves = Curves(series_of(runs_of(read_words([COSINE])), "lr"))
    made = Definitions(NUMPY, blocks=[["def lr(step):", f"    {body}"]])
    printed = "for value in lr(np.array(STEPS)):\n    print(value)"
    with pytest.raises(ScheduleError, match=why):
        prove(Snippet("numpy", NUMPY.imports, [], printed, made), curves)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("ruff") is None, reason="only a checkout that is linted has ruff")
@pytest.mark.parametrize("target", target_names())
def test_it_is_formatted_as_ruff_formats(target, tmp_path):
    ids = [name for name in FUNCTIONS if name not in ROUNDED]
    for name in ids:
        text = writer_of(target)(curves_of(name)).text([name])
        (tmp_path / f"{name.replace('.', '_')}.py").write_text(text)
    for words in (["format", "--check"], ["check"]):
        done = subprocess.run(
            ["ruff", *words, "--isolated", tmp_path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-4000:]
