"""What ``lrviz code`` refuses: with the reason, and with what can say it."""

from __future__ import annotations

import pytest
from commands import run

COSINE = "cosine:warmup=10,lr=1e-3,steps=100"
TWO = """
[plan]
steps = 100
[defaults]
lr = 1
[[schedule]]
name = "constant"
label = "one"
[[schedule]]
name = "torch.StepLR"
step_size = 9
"""


OWN = """
def ramp(step):
    return 1 / (1 + step)

def rise(step):
    return min(1.0, step / 10)
"""


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        pytest.param([COSINE], "--to is missing", "lrviz code cosine", id="no target"),
        pytest.param(
            ["torch.OneCycleLR:max_lr=1,total_steps=9,steps=20", "--to", "torch"],
            "OneCycleLR stops at step 10: tried to step 10 times",
            "steps=9 in place of 20",
            id="a run that stops, of the word's length",
        ),
        pytest.param(
            ["torch.OneCycleLR:max_lr=1,total_steps=9", "--steps", "20", "--to", "numpy"],
            "OneCycleLR stops at step 10: tried to step 10 times",
            "give --steps 9",
            id="a run that stops",
        ),
        pytest.param([COSINE, "--to", "jax"], "--to has no 'jax'", "", id="another target"),
        pytest.param(
            [COSINE, "linear", "--to", "torch"], "one schedule is written, not 2", "lrviz code", id="two"
        ),
        pytest.param(
            ["cosine:warmup=10,lr=[1e-3,1e-4],steps=100", "--to", "keras"],
            "an optimizer of keras has one LR",
            "--to torch",
            id="groups in keras",
        ),
        pytest.param(
            ["adaptive.adam:lr=1,steps=9", "--to", "optax"],
            "needs the one before",
            "lrviz values",
            id="a walk that remembers more than its value",
        ),
        pytest.param(
            ["ReduceLROnPlateau:lr=1,steps=9", "--to", "numpy"],
            "moves on a metric",
            "--to torch calls its own constructor",
            id="a metric, which is not asked for",
        ),
        pytest.param(
            [
                "callbacks.ReduceLROnPlateau",
                "--epochs",
                "20",
                "--steps-per-epoch",
                "5",
                "--lr",
                "0.1",
                "--metric",
                "constant",
                "--to",
                "torch",
            ],
            "moves on a metric",
            "--to keras calls its own constructor",
            id="a callback of keras",
        ),
        pytest.param(
            ["cosine:lr={1,2},warmup=0", "--steps", "9", "--to", "torch"],
            "has 2 schedules, and one is written",
            'hint: "cosine:lr=1,warmup=0" is one of them',
            id="a sweep",
        ),
        pytest.param(
            ["run.toml", "--to", "numpy"],
            "has 2 schedules",
            "hint: run.toml:one is one of them",
            id="a config",
        ),
        pytest.param(["-", "--to", "numpy"], "has 2 schedules", "-:one is one of them", id="stdin"),
        pytest.param(
            ["linear:lr=1", "cosine", "--steps", "9", "--to", "numpy"],
            "one schedule is written, not 2",
            "lrviz code linear:lr=1 --steps 9 --to numpy",
            id="two words",
        ),
        pytest.param(
            ["run.csv", "--to", "numpy"], "a log, and no schedule", "lrviz identify run.csv", id="log"
        ),
        pytest.param(
            ["own.py:ramp", "--steps", "999", "--to", "numpy"],
            "code of your own is known by its values alone",
            "lrviz values",
            id="code of one's own with an LR for each step",
        ),
        pytest.param(
            ["own.py:rise", "--steps", "20", "--to", "torch"],
            "code of your own is known by its values alone",
            "lrviz values",
            id="code of one's own that is asked step by step",
        ),
        pytest.param(
            [COSINE, "--to", "numpy", "--resume-at", "20"],
            "no option --resume-at",
            "--resume-at is an option of plot",
            id="an option of a command whose --to is another",
        ),
        pytest.param([COSINE, "--to", "torch", "-o", "lr.txt"], "the code is Python", "-o", id="no .py"),
        pytest.param(["cosine", "--to", "torch"], "the length of the run", "--steps", id="no run"),
    ],
)
def test_what_it_refuses(words, message, hint, tmp_path):
    (tmp_path / "run.csv").write_text("step,lr\n0,0.1\n10,0.05\n")
    (tmp_path / "own.py").write_text(OWN)
    (tmp_path / "run.toml").write_text(TWO)
    done = run(tmp_path, "code", *words, stdin=TWO.encode())
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert hint in done.stderr.splitlines()[-1]
