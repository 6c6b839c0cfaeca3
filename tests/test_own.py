"""Schedulers of the user's own: a word that names a file and what in it runs that code."""

from __future__ import annotations

import math

import numpy as np
import pytest
from commands import run
from configs import write
from own_code import HALVED, STEPS, raised, values

import lrviz


def nano(it):
    if it < 10:
        return 6e-4 * (it + 1) / 11
    return 6e-5 + 0.5 * (1 + math.cos(math.pi * (it - 10) / 90)) * (6e-4 - 6e-5)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("get_lr", [[nano(it) for it in range(30)]], id="step by step"),
        pytest.param("power", [0.5 ** (STEPS / 10)], id="an array"),
        pytest.param("power:peak=3,base=0.9", [3 * 0.9 ** (STEPS / 10)], id="its parameters"),
        pytest.param("later:peak=3", [3 / (1 + STEPS)], id="the step stands second"),
        pytest.param("of_run:lr=2", [2 * (1 - STEPS / 30)], id="parameters of the run by name"),
        pytest.param("of_run:lr=2,total_steps=60", [2 * (1 - STEPS / 60)], id="a length of its own"),
        pytest.param("pair", [0.1 * STEPS, 0.2 * STEPS], id="a list"),
        pytest.param("counting", [0.5 ** (STEPS + 1)], id="it counts its calls"),
        pytest.param("closure:peak=4", [4 / (1 + STEPS)], id="a function that makes one"),
        pytest.param("part", [3 * 0.5 ** (STEPS / 10)], id="a partial"),
        pytest.param("made", [HALVED, 2 * HALVED], id="an object"),
        pytest.param("make", [HALVED], id="a function that makes an object"),
        pytest.param("make:lr=0.2,groups=3", [2 * HALVED, 4 * HALVED, 6 * HALVED], id="its parameters too"),
        pytest.param("pair_of_both", [HALVED], id="an object beside its optimizer"),
        pytest.param("Listed", [0.1 * 0.5**STEPS] * 2, id="a class with get_last_lr, told the epoch"),
        pytest.param("Listed:gamma=0.9,label=mine", [0.1 * 0.9**STEPS] * 2, id="a label"),
    ],
)
def test_the_values_are_those_of_the_code(word, expected, own_folder):
    found = values(own_folder, f"sched.py:{word}", steps=min(len(one) for one in expected))
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=0)


@pytest.mark.parametrize(
    ("word", "rate"),
    [
        pytest.param("pkg.mod:get_lr", 0.25, id="a module"),
        pytest.param("sched:later:peak=3", 3, id="one that is a file here"),
        pytest.param("{}/sched.py:later:peak=3", 3, id="a path"),
    ],
)
def test_a_file_or_a_module(word, rate, own_folder):
    (found,) = values(own_folder, word.format(own_folder))
    np.testing.assert_allclose(found, rate / (1 + STEPS), rtol=1e-13)


def test_an_array_is_held_against_single_steps_wherever_it_is_asked(own_folder):
    (found,) = values(own_folder, "sched.py:wraps", "--at", "100,100000", steps=200_000)
    np.testing.assert_allclose(found, [100**9 / 1e60, 100_000**9 / 1e60], rtol=1e-12)


def test_the_momentum_of_a_scheduler(own_folder):
    found = values(own_folder, "sched.py:made", "--quantity", "momentum", steps=5)
    np.testing.assert_allclose(found, [0.9 - 0.01 * np.arange(5)] * 2)


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        pytest.param("shed.py:get_lr", "shed.py: no such file", "did you mean sched.py?", id="no file"),
        pytest.param("sched.py:get_rl", "sched.py has no get_rl", "did you mean sched.py:get_lr", id="none"),
        pytest.param("sched.py:math.cosine", "sched.py has no math.cosine", "it has", id="no name inside"),
        pytest.param("sched.py:lr", "sched.py:lr is no function, but a value of type float", "", id="rate"),
        pytest.param("sched.py:number", "sched.py:number returns float", "given no step", id="no step"),
        pytest.param("sched.py:text", "returns str at step 0, and no number", "the LR of", id="a text"),
        pytest.param("sched.py:nothing", "returns NoneType at step 0", "the LR of", id="nothing"),
        pytest.param("sched.py:undefined", raised("return nowhere + step", "NameError: name 'nowhere' is "
                     "not defined"), "--debug", id="it raises"),
        pytest.param("sched.py:leaves", raised("raise SystemExit(3)", "SystemExit: it ends the process "
                     "(3)"), "", id="it exits"),
        pytest.param("sched.py:on_metric", "sched.py:on_metric: its step() needs metrics", "lrviz.record",
                     id="a metric"),
        pytest.param("sched.py:needs", "needs optimizer, which", "returns the scheduler", id="an optimizer"),
        pytest.param("sched.py:Listed.step", "needs self, which", "returns its method", id="a method"),
        pytest.param("inner.py:f", "inner.py:1: ImportError: attempted relative import", "by its module",
                     id="a relative import"),
        pytest.param("sched.py:power:peek=1", "has no parameter 'peek'", "did you mean peak", id="key"),
        pytest.param("sched.py:power:peak=high", "peak must be a number", "", id="annotated"),
        pytest.param("sched.py:get_lr_of:warmup_iters=5%", "must be a number, as 10 is, got '5%'",
                     "warmup_iters=1", id="a share where a default is a number"),
        pytest.param("sched.py:get_lr_of:warmup_iters=soon", "must be a number, as 10 is, got 'soon'",
                     "warmup_iters=10", id="a text where a default is a number"),
        pytest.param("sched.py:made:lr=1", "has no peak LR to set", "", id="an object takes nothing"),
        pytest.param("bad.py:get_lr", "bad.py:1: SyntaxError", "", id="no Python"),
        pytest.param("gone.py:get_lr", "gone.py:2: ModuleNotFoundError: No module named 'not_there': import "
                     "not_there", "install not_there there", id="a framework that is not there"),
        pytest.param("nowhere:get_lr", "unknown schedule 'nowhere', and no module of that name is found", "",
                     id="no module"),
        pytest.param("pkg.sched:get_lr", "'pkg.sched', and no module of that name", "", id="no package"),
        pytest.param("sched.py:get_lr:steps=1e9", "it is asked step by step, for 20000000 steps at most",
                     "an array", id="too long"),
        pytest.param("cosine:warmup", "'warmup' has no key", "cosine:warmup=VALUE", id="a schedule"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_line(word, message, hint, own_folder):
    write(own_folder / "bad.py", "def get_lr(:\n")
    write(own_folder / "gone.py", "\nimport not_there\n")
    write(own_folder / "inner.py", "from .sched import get_lr\n")
    done = run(own_folder, "show", word, "--steps", "30")
    error, way = [line for line in done.stderr.splitlines() if line.startswith(("error", "hint"))]
    assert message in error
    assert hint in way
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (2, "")


ODD = """
class Schedule:
    pass

def huge(step): return 10**400
def complex_number(step): return 1j
def switch(step): return True
def generator(step): yield 0.1
def endless(step): return endless(step)
def made(): return Schedule()
"""


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("huge", "odd.py:huge returns a number beyond float64 at step 0", id="beyond float64"),
        pytest.param("complex_number", "returns complex at step 0, and no number", id="a complex number"),
        pytest.param("switch", "returns bool at step 0, and no number", id="a switch"),
        pytest.param("generator", "returns generator at step 0, and no number", id="a generator"),
        pytest.param("endless", "odd.py:9: RecursionError: ", id="a function that calls itself for ever"),
        pytest.param("made", "odd.py:made returns Schedule", id="an object without step"),
        pytest.param("Schedule", "odd.py:Schedule returns Schedule", id="its class"),
    ],
)
def test_what_is_no_lr_is_refused(name, message, own_folder):
    write(own_folder / "odd.py", ODD)
    done = run(own_folder, "show", f"odd.py:{name}", "--steps", "30")
    assert message in done.stderr
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("word", "stop", "why"),
    [
        pytest.param("breaks", 5, raised("return 1 / (5 - step)", "ZeroDivisionError: division by zero"),
                     id="a function"),
        pytest.param("make", 21, "ValueError: stepped too often", id="a scheduler"),
    ],
)  # fmt: skip
def test_where_it_raises_inside_the_run_the_curve_stops(word, stop, why, own_folder):
    done = run(own_folder, "show", f"sched.py:{word}", "--steps", "30", "--strict")
    assert done.returncode == 1
    assert f"stops at step {stop}" in done.stderr
    assert why in done.stderr


@pytest.mark.parametrize(
    "printing",
    [
        pytest.param("print('said')", id="print"),
        pytest.param("import os; os.write(1, b'said\\n')", id="a descriptor"),
        pytest.param("import subprocess; subprocess.run(['echo', 'said'])", id="a program"),
    ],
)
def test_what_it_prints_is_no_data(printing, own_folder):
    write(
        own_folder / "loud.py",
        f"{printing}\ndef f(step):\n    {printing}\n    return 0.5 if step < 9 else 1\n",
    )
    done = run(own_folder, "values", "loud.py:f", "--steps", "3")
    assert done.stdout == "step,epoch,loud.py:f\n0,,0.5\n1,,0.5\n2,,0.5\n"
    assert done.stderr.count("said\n") > 3


@pytest.mark.parametrize(
    ("word", "said"),
    [
        pytest.param("power", "a function of the step", id="an array"),
        pytest.param("get_lr", "a function, step by step", id="step by step"),
        pytest.param("made", "a scheduler, stepped, 2 param groups", id="an object"),
        pytest.param("power:warmup=3", "a function of the step", id="behind a warmup"),
    ],
)
def test_what_it_is_is_said(word, said, own_folder):
    done = run(own_folder, "show", f"sched.py:{word}", "--steps", "15")
    assert f"own code, run here: {said}" in done.stderr


def test_what_a_file_imports_is_nothing_that_it_has(own_folder):
    (own_folder / "few.py").write_text(
        "from typing import Any\nfrom math import cos\ndef rate(step):\n    return 1\n"
    )
    assert run(own_folder, "show", "few.py:zzz", "--steps", "9").stderr.endswith("hint: it has rate\n")


def test_as_many_values_at_every_step(own_folder):
    (own_folder / "odd.py").write_text("def odd(step):\n    return [1.0] * (1 + step % 2)\n")
    done = run(own_folder, "show", "odd.py:odd", "--steps", "9")
    assert "it has 2 values at step 1, 1 before" in done.stderr


WRONG_AT_ONCE = [
    pytest.param(
        "(it % 500) ** 8 / 500**8",
        [(it % 500) ** 8 / 500**8 for it in range(1001)],
        id="whole numbers run over in an array alone",
    ),
    pytest.param(
        "1.0 - 0.5 * (np.size(it) > 99) * (np.asarray(it) % 10 == 3)",
        [1.0] * 1001,
        id="it looks at their number",
    ),
]


@pytest.mark.parametrize(("formula", "singly"), WRONG_AT_ONCE)
def test_what_is_wrong_in_an_array_is_asked_step_by_step(formula, singly, tmp_path):
    (tmp_path / "odd.py").write_text(f"import numpy as np\ndef f(it):\n    return {formula}\n")
    found = lrviz.evaluate(f"{tmp_path}/odd.py:f:steps=1001").lr
    np.testing.assert_allclose(found, singly, rtol=1e-12)


def test_an_lr_that_has_a_default_is_said_by_the_spec_alone(own_folder):
    write(own_folder / "rate.py", "def get_lr(it, lr=1e-3):\n    return lr / (it + 1)\n")
    done = run(own_folder, "values", "rate.py:get_lr", "--lr", "2e-3", "--steps", "9")
    assert "takes lr only as rate.py:get_lr:lr=2e-3: lr beside it changes nothing" in done.stderr
    (found,) = values(own_folder, "rate.py:get_lr:lr=2e-3", steps=9)
    assert found[0] == 2e-3
