"""Where code of the user's own may be named, and where it is not: configs, commands, Python, files alone."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from commands import new_process, run
from configs import write
from own_code import HALVED, STEPS, raised, values

import lrviz

CONFIG = """\
[plan]
steps = 30
[[schedule]]
name = "../sched.py:later"
peak = 3
[[schedule]]
label = "two"
[[schedule.phase]]
name = "../sched.py:later"
peak = 3
until = 10
[[schedule.phase]]
name = "torch.ConstantLR"
lr = 1
"""


def test_a_config_names_it_from_its_own_folder(own_folder):
    write(own_folder / "runs/lr.toml", CONFIG)
    first, second = values(own_folder, "runs/lr.toml")
    np.testing.assert_allclose(first, 3 / (1 + STEPS), rtol=1e-13)
    np.testing.assert_allclose(second[:10], 3 / (1 + STEPS[:10]), rtol=1e-13)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param(
            "../sched.py:undefined", raised("return nowhere + step", "NameError")[:19], id="it raises"
        ),
        pytest.param(
            "../sched.py:get_rl", "runs/lr.toml:1: name: runs/../sched.py has no get_rl", id="no name"
        ),
        pytest.param("sched.py:get_lr", "runs/lr.toml:1: name: runs/sched.py: no such file", id="no file"),
        pytest.param("pkg.mod:get_lr", "unknown schedule 'pkg.mod:get_lr'", id="a module"),
    ],
)
def test_a_config_says_where_it_names_what_is_wrong(name, message, own_folder):
    write(own_folder / "runs/lr.toml", f'name = "{name}"\nsteps = 30\n')
    done = run(own_folder, "show", "runs/lr.toml")
    assert message in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param("diff sched.py:later:peak=3 sched:later:peak=3 --steps 30", 0, "", id="diff"),
        pytest.param(
            "diff sched.py:later:peak=3 sched.py:get_lr --steps 30", 1, "30 steps", id="diff differs"
        ),
        pytest.param("check sched.py:get_lr --steps 90 --expect peak<=6.1e-4", 0, "ok", id="check"),
        pytest.param("check sched.py:get_lr --steps 90 --baseline kept.json", 0, "ok", id="a baseline"),
        pytest.param("compare sched.py:get_lr sched.py:made --steps 20", 0, "ratio", id="compare"),
        pytest.param("plot sched.py:made --steps 20 -o lr.svg", 0, "", id="plot"),
        pytest.param("plan sched.py:get_lr --steps 20", 0, "20", id="plan"),
        pytest.param("info sched.py:get_lr", 0, "nanoGPT's.", id="info"),
        pytest.param("info sched.py:of_run", 0, "run length", id="info of what the run fills"),
        pytest.param("info sched.py:later", 0, "needs peak", id="info without an example"),
    ],
)
def test_every_command_takes_it(words, code, said, own_folder):
    run(own_folder, "values", "sched.py:get_lr", "--steps", "90", "-o", "kept.json")
    done = run(own_folder, *words.split())
    assert done.returncode == code, done.stderr
    assert said in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("show train.py", id="the file alone"),
        pytest.param("show train.py:label=mine", id="with a label"),
        pytest.param("plan -- python train.py --max_iters 5", id="a launch line"),
        pytest.param("list", id="list"),
    ],
)
def test_a_file_alone_is_never_run(words, tmp_path):
    write(tmp_path / "train.py", "max_iters = 10\nlr_decay_iters = 10\nopen('run', 'w')\n")
    run(tmp_path, *words.split())
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "word", ["run.toml:base", "math.toml:base", "lr.csv:lr", "pkg.toml:base", "pkg.csv:lr"]
)
def test_a_label_behind_a_file_is_no_module(word, own_folder):
    write(own_folder / "run.py", "raise SystemExit")
    for name in ("run", "math", "pkg"):
        write(own_folder / f"{name}.toml", 'name = "points"\nlabel = "base"\npoints = "0:0.5"\nsteps = 5\n')
    for name in ("lr", "pkg"):
        write(own_folder / f"{name}.csv", "step,epoch,lr\n0,,0.5\n1,,0.5\n2,,0.5\n3,,0.5\n4,,0.5\n")
    done = run(own_folder, "diff", word, "points:points=0:0.5", "--steps", "5")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "own code" not in done.stderr


def test_a_file_that_is_of_no_trainer_says_how_a_function_of_it_is_named(own_folder):
    done = run(own_folder, "show", "sched.py")
    assert "hint: sched.py:NAME runs it for its function NAME; or say whose: --trainer" in done.stderr
    assert (done.returncode, done.stdout) == (2, "")


def test_python_takes_the_word(own_folder, monkeypatch):
    monkeypatch.chdir(own_folder)
    curve = lrviz.evaluate("sched.py:make:groups=2", lrviz.Plan(steps=15))
    np.testing.assert_allclose(curve.lr, [HALVED[:15], 2 * HALVED[:15]])


def test_a_file_that_was_changed_is_read_anew(own_folder, monkeypatch):
    monkeypatch.chdir(own_folder)
    for rate in (1, 2):
        path = write(own_folder / "mine.py", f"def f(step):\n    return {rate}\n")
        path.touch()
        assert lrviz.evaluate("mine.py:f", lrviz.Plan(steps=3)).lr.tolist() == [rate] * 3


def test_an_interrupt_ends_it_cleanly(own_folder):
    write(own_folder / "slow.py", "def f(step):\n    raise KeyboardInterrupt\n")
    done = run(own_folder, "show", "slow.py:f", "--steps", "30", by=partial(new_process))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
