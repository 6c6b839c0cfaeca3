"""Code of the user's own that goes on from a checkpoint: run again, with what its own states restore."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from commands import run
from own_code import RESUMED

BACK = [0.05, 0.0475, 0.0]
"""At updates 20, 21 and 40 of a line to 0 over 40, whatever the new one says."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr("lrviz.catalogue.own._KNOWN", {})
    (tmp_path / "sched.py").write_text(RESUMED)
    return tmp_path


def first_column(text):
    """The values of the first curve."""
    return [float(row[2]) for row in list(csv.reader(io.StringIO(text)))[1:]]


OWN = [
    pytest.param("of_object", ["total=60"], "what the new scheduler makes", BACK,
                 id="old values"),
    pytest.param("of_function", ["total=60"], "jumps from 0.05 to 0.065 at", [0.05, 0.065, 0.1 / 3],
                 id="new ones"),
    pytest.param("of_object", ["lr=0.05"], "", BACK, id="the stored base LR"),
    pytest.param("made", ["steps=50"], "its own load_state_dict", BACK, id="an object"),
    pytest.param("get_lr", ["total=80"], "has no state", [0.075, 0.07375, 0.05], id="a function of the step"),
    pytest.param("constant", ["steps=50"], "the new curve at once", [0.05] * 3, id="one without parameters"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "changes", "said", "lrs"), OWN)
def test_own_code_is_run(word, changes, said, lrs, folder):
    words = [f"sched.py:{word}", "--resume-at", "20", *(f"--resume={one}" for one in changes)]
    done = run(folder, "values", *words, "--steps=45", "--at", "20,21,40")
    assert done.returncode == 0, done.stderr
    assert said in done.stderr
    np.testing.assert_allclose(first_column(done.stdout), lrs, rtol=0, atol=1e-15)


def test_own_code_is_run_from_the_epoch_where_it_was_stopped(folder):
    run_ = ["--steps=200", "--steps-per-epoch=5", "--interval=epoch", "--at", "99,102,104,105"]
    done = run(folder, "values", "sched.py:of_function", "--resume-at=102", "--resume=total=80", *run_)
    np.testing.assert_allclose(first_column(done.stdout), [0.0525, 0.05, 0.05, 0.07375], rtol=0, atol=1e-15)


OWN_REFUSED = [
    pytest.param(["forgetful"], "without state_dict() and load_state_dict()", "give both", id="no state"),
    pytest.param(["broken"], "sched.py:36: KeyError: 'count'", "--debug", id="it raises"),
    pytest.param(["counting"], "another LR of a step when it is asked again", "function of", id="it counts"),
    pytest.param(["of_object", "--warmup=5"], "is lrviz's, and restored by nobody's", "without", id="warmup"),
]


@pytest.mark.parametrize(("words", "text", "hint"), OWN_REFUSED)
def test_own_code_that_nothing_restores(words, text, hint, folder):
    word, *more = words
    options = ["--resume-at=20", "--resume=total=60", "--steps=45", *more]
    done = run(folder, "show", f"sched.py:{word}", *options)
    error, way = [line for line in done.stderr.splitlines() if line.startswith(("error", "hint"))]
    assert (done.returncode, done.stdout) == (2, "")
    assert text in error
    assert hint in way


def test_own_code_of_another_name(folder):
    options = ["--resume-at=20", "--steps=40", "--get", "last"]
    done = run(folder, "show", "sched.py:get_lr", "sched.py:constant", *options)
    assert done.returncode == 0, done.stderr
    done = run(folder, "show", "sched.py:of_object", "sched.py:of_function", *options)
    assert "sched.py:of_function makes of the state of sched.py:of_object is not known" in done.stderr
