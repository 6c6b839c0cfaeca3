"""Curves that leave another at a step: cooldowns of one trunk, branches of branches."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
from commands import run

from lrviz.curves.picture import picture_of
from lrviz.curves.read import read_words
from lrviz.curves.runs import Flags, runs_of
from lrviz.curves.series import series_of

TRUNK = "torch.LinearLR:label=trunk,start_factor=0.5,total_iters=50"
T = np.arange(100.0)
BEFORE = np.minimum(0.5 + 0.5 * T / 50, 1.0)
RUN = ("--steps", "100", "--lr", "1")


def values(folder, *words, options=RUN):
    """The values of each curve in its own run, by label."""
    done = run(folder, "values", *words, *options, "--format", "csv")
    assert done.returncode == 0, done.stderr
    head, *rows = csv.reader(io.StringIO(done.stdout))
    return {label: np.array([float(row[i]) for row in rows]) for i, label in enumerate(head) if i > 1}


def left(step, stop, first, last=0.0):
    """The trunk up to a step, from there a straight line."""
    return np.where(step > T, BEFORE, np.interp(T, [step, stop], [first, last]))


BRANCHES = [
    pytest.param(["linear:from=trunk@60"], left(60, 100, 1), id="to the end of the run"),
    pytest.param(["linear:from=trunk@60%"], left(60, 100, 1), id="at a share of the trunk"),
    pytest.param(["linear:from=trunk@25"], left(25, 100, 0.75), id="at the LR that it finds"),
    pytest.param(["linear:from=trunk@60,start_lr=0.5"], left(60, 100, 0.5), id="at an LR that is given"),
    pytest.param(
        ["torch.LambdaLR:lr_lambda=1.0,from=trunk@10,warmup=20,lr=2"],
        left(10, 30, 0.6, 2.0),
        id="a warmup from there",
    ),
    pytest.param(
        ["linear:label=b,from=trunk@60,num_training_steps=80", "linear:from=b@80"],
        np.where(T < 60, BEFORE, np.where(T < 80, 1 - (T - 60) / 80, 0.75 * (100 - T) / 20)),
        id="a branch of a branch",
    ),
    pytest.param(
        ["linear:from=b@80", "linear:label=b,from=trunk@60,num_training_steps=80"],
        left(60, 140, 1),
        id="named before its trunk",
    ),
]


@pytest.mark.parametrize(("words", "expected"), BRANCHES)
def test_a_branch_has_the_values_of_its_trunk_and_then_its_own(words, expected, tmp_path):
    found = values(tmp_path, TRUNK, *words)
    np.testing.assert_allclose(list(found.values())[-1], expected, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(found["trunk"], BEFORE)


LENGTHS = [
    pytest.param("for=10", 70, id="a length"),
    pytest.param("for=50% of rest", 80, id="a share of the rest"),
    pytest.param("until=90", 90, id="an end"),
    pytest.param("for=100", 160, id="beyond the trunk"),
    pytest.param("steps=200", 200, id="a run of its own"),
]


@pytest.mark.parametrize(("key", "steps"), LENGTHS)
def test_how_long_a_branch_is(key, steps, tmp_path):
    done = run(tmp_path, "show", TRUNK, f"linear:from=trunk@60,{key}", *RUN, "--format", "json")
    curve = json.loads(done.stdout)["curves"][-1]
    assert curve["steps"] == steps
    assert curve["last"] == pytest.approx(1 / (steps - 60))


def test_the_groups_of_a_trunk_are_those_of_its_branch(tmp_path):
    found = values(tmp_path, TRUNK, "linear:from=trunk@60", "--layer-decay", "0.5", "--layers", "1")
    assert len(found) == 6
    np.testing.assert_allclose(found["linear embedding"], 0.25 * left(60, 100, 1), rtol=0, atol=1e-12)


def test_every_branch_of_a_sweep_and_of_a_config(tmp_path):
    (tmp_path / "run.toml").write_text(
        '[plan]\nsteps = 100\n[[schedule]]\nname = "torch.LinearLR"\nlabel = "trunk"\nlr = 1\n'
        'start_factor = 0.5\ntotal_iters = 50\n[[schedule]]\nname = "linear"\nlabel = "cool"\n'
        'from = "trunk@60"\nfor = 40\n'
    )
    swept = values(tmp_path, TRUNK, "linear:from=trunk@{20,60}")
    config = values(tmp_path, "run.toml")
    assert list(swept) == ["trunk", "linear:from=trunk@20", "linear:from=trunk@60"]
    np.testing.assert_array_equal(config["cool"], swept["linear:from=trunk@60"])


TWO = (
    '[plan]\nsteps = 100\n{sweep}[[schedule]]\nname = "torch.LinearLR"\nlabel = "trunk"\n{lr}'
    'start_factor = 0.5\ntotal_iters = 50\n[[schedule]]\nname = "linear"\nlabel = "cool"\n'
    'from = "trunk@60"\nfor = 40\n'
)
COOLED = left(60, 100, 1)
IN_FILES = [
    pytest.param(["a.toml:cool"], {"cool": 1}, id="a branch alone"),
    pytest.param(["a.toml:cool:label=new"], {"new": 1}, id="a branch under a label"),
    pytest.param(["a.toml:label=new"], {"new trunk": None, "new cool": 1}, id="a file under a label"),
    pytest.param(
        ["a.toml:cool", "b.toml:cool"], {"a.toml cool": 1, "b.toml cool": 2}, id="one of each of two files"
    ),
    pytest.param(
        ["a.toml", "b.toml"],
        {"a.toml trunk": None, "a.toml cool": 1, "b.toml trunk": None, "b.toml cool": 2},
        id="two files with a trunk of one name",
    ),
    pytest.param(
        ["swept.toml"],
        {"trunk:lr=1": None, "trunk:lr=3": None, "cool:lr=1": 1, "cool:lr=3": 3},
        id="a sweep over both",
    ),
    pytest.param(["swept.toml:cool:lr=3"], {"cool": 3}, id="one of a sweep"),
]


@pytest.mark.parametrize(("words", "expected"), IN_FILES)
def test_a_branch_leaves_the_trunk_of_its_own_file_and_combination(words, expected, tmp_path):
    (tmp_path / "a.toml").write_text(TWO.format(sweep="", lr="lr = 1\n"))
    (tmp_path / "b.toml").write_text(TWO.format(sweep="", lr="lr = 2\n"))
    (tmp_path / "swept.toml").write_text(TWO.format(sweep="[sweep]\nlr = [1, 3]\n", lr=""))
    found = values(tmp_path, *words, options=())
    assert list(found) == list(expected)
    for label, lr in expected.items():
        if lr is not None:
            np.testing.assert_allclose(found[label], lr * COOLED, rtol=0, atol=1e-12)


def test_a_trunk_that_is_not_there_has_the_line_of_its_branch(tmp_path):
    (tmp_path / "a.toml").write_text(TWO.format(sweep="", lr="lr = 1\n").replace("trunk@", "trnk@"))
    done = run(tmp_path, "show", "a.toml")
    assert done.stderr == (
        'error: a.toml:10: cool: no curve beside it is called trnk\nhint: from = "trunk@60"\n'
    )


def test_a_branch_of_a_file_is_written_as_code(tmp_path):
    (tmp_path / "a.toml").write_text(TWO.format(sweep="", lr="lr = 1\n"))
    assert run(tmp_path, "code", "a.toml:cool", "--to", "numpy").returncode == 0


def drawn(*words):
    """The first and last step of each line of a picture."""
    runs = runs_of(read_words(words), Flags({"steps": 100, "lr": 1}, {}), examples=True)
    return {line.label: (line.x[0], line.x[-1]) for line in picture_of(series_of(runs, "lr"), "lr").lines}


def test_a_branch_is_drawn_from_where_it_leaves():
    found = drawn(TRUNK, "linear:label=one,from=trunk@40,for=10", "linear:label=two,from=trunk@80")
    assert found == {"trunk": (0, 99), "one": (40, 49), "two": (80, 99)}


def test_the_length_of_a_run_costs_nothing(tmp_path):
    words = [
        "constant:label=trunk",
        "linear:from=trunk@50%",
        "--steps",
        "1e12",
        "--lr",
        "1",
        "--get",
        "lr(75%)",
    ]
    assert run(tmp_path, "show", *words).stdout.split()[-1] == "0.5"


REFUSED = [
    pytest.param(["linear:from=trnk@60"], "no curve beside it is called trnk", "from=trunk@60", id="a slip"),
    pytest.param(["linear:from=trunk@101"], "trunk has 100 steps", "from=trunk@50", id="beyond the trunk"),
    pytest.param(
        ["linear:from=trunk@0"], "leaves after the first", "from=trunk@50", id="nothing of the trunk"
    ),
    pytest.param(
        ["linear:from=trunk@100"], "begins at step 100, and the run has 100", "for=1000", id="no length"
    ),
    pytest.param(["linear:from=trunk"], "a step of it", "from=trunk@40k", id="no step"),
    pytest.param(["linear:from=trunk@soon"], "not a duration", "type steps", id="no number"),
    pytest.param(
        ["cosine:label=a,from=b@9", "linear:label=b,from=a@9"],
        "circle: a (from=b) → b (from=a)",
        "leaves no other curve",
        id="a circle of two",
    ),
    pytest.param(
        ["linear:label=a,from=a@9"], "circle: a (from=a)", "leaves no other curve", id="a circle of one"
    ),
    pytest.param(
        [TRUNK, "linear:from=trunk@9"], "several curves are called trunk", "label=trunk", id="two trunks"
    ),
    pytest.param(
        ["cosine:from=trunk@9,warmup=10"], "cannot go on from", "warmup=0 in it", id="a warmup from 0"
    ),
    pytest.param(
        ["linear:from=trunk@9,lr=9"], "begins at 9, and cannot", "leave out its lr", id="another LR"
    ),
    pytest.param(
        ["linear:from=trunk@9,groups=a(scale=1),b(scale=0.1)"],
        "cannot go on from 0.59",
        "leave out its groups",
        id="groups of its own",
    ),
    pytest.param(
        ["linear:from=trunk@9,lr=9,num_warmup_steps=5"],
        "begins at 0, and cannot",
        "num_warmup_steps=0 in it, and leave out its lr",
        id="a warmup to another LR",
    ),
    pytest.param(
        ["points:from=trunk@9,points=0:3"],
        "begins at 3, and cannot",
        "as linear does",
        id="points that begin elsewhere",
    ),
    pytest.param(["linear:from=trunk@9,for=0"], "begins at step 9 and ends at 9", "for=1", id="no step"),
    pytest.param(
        ["linear:from=cosine@9"],
        "no curve beside it is called cosine",
        "from=trunk@9",
        id="a schedule's name",
    ),
    pytest.param(["cosine:from=trunk@9,for=9,times=2"], "a branch comes once", "leave out times", id="twice"),
]


def test_a_log_is_no_trunk_and_its_points_are(tmp_path):
    (tmp_path / "log.csv").write_text("step,lr\n0,0.1\n5,0.2\n9,0.2\n")
    branch = ["linear:from=log.csv@5,for=2,warmup=0", "--steps", "10"]
    done = run(tmp_path, "show", "log.csv", *branch)
    assert "no curve beside it is called log.csv" in done.stderr
    way = done.stderr.split()[-1]
    assert way == "points:file=log.csv,label=log.csv"
    assert run(tmp_path, "show", way, *branch, "--get", "last").stdout.split()[-1] == "0.1"


@pytest.mark.parametrize(("words", "message", "hint"), REFUSED)
def test_refused(words, message, hint, tmp_path):
    done = run(tmp_path, "show", TRUNK, *words, *RUN)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr
    assert hint in done.stderr


def test_a_trunk_must_be_there(tmp_path):
    done = run(tmp_path, "show", "linear:from=trunk@9", *RUN)
    assert done.returncode == 2
    assert "hint: name the curve too: wsd:label=trunk" in done.stderr
