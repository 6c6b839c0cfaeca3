"""``lrviz compare``: every number against every step of both curves."""

from __future__ import annotations

import csv
import io
import json
import math
import re

import numpy as np
import pytest
from commands import run
from configs import write
from terminal import on_terminal

import lrviz

SPECS = {
    "cosine": "cosine:warmup=20",
    "linear": "linear:warmup=20",
    "wsd": "wsd:warmup=20,num_decay_steps=40",
    "twice": "cosine:warmup=20,lr=2,label=twice",
    "late": "cosine:warmup=40,label=late",
    "stairs": "torch.StepLR:step_size=50,gamma=0.5,label=stairs",
    "restarts": "cosine_with_restarts:num_cycles=3,warmup=20,label=restarts",
    "short": "cosine:warmup=20,steps=150,label=short",
    "zero": "constant:lr=0,label=zero",
}
FLAGS = ("--steps", "200", "--lr", "1")


def compared(folder, *words, reference=None, flags=FLAGS):
    named = ("--reference", reference) if reference else ()
    done = run(folder, "compare", *words, *flags, *named, "--format", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    return document["reference"], {curve["label"]: curve for curve in document["curves"]}


def values(spec):
    return lrviz.evaluate(spec if "lr=" in spec else f"{spec},lr=1", lrviz.Plan(steps=200)).lr


@pytest.mark.parametrize("reference", ["cosine", "stairs", "short", "late"])
def test_every_number_is_that_of_the_steps(reference, tmp_path):
    label, found = compared(tmp_path, *SPECS.values(), reference=reference)
    assert label == reference
    here = values(SPECS[reference])
    for name, curve in found.items():
        there = values(SPECS[name])
        shared = min(here.size, there.size)
        apart = there[:shared] - here[:shared]
        differs = np.flatnonzero(np.abs(apart) > 1e-12 * max(np.abs(here).max(), np.abs(there).max()))
        first = int(differs[0]) if differs.size else shared if here.size != there.size else None
        assert curve["differs_at"] == first
        assert curve["ratio"] == pytest.approx(there.sum() / here.sum())
        if differs.size:
            assert abs(curve["difference"]) == pytest.approx(np.abs(apart).max())
            assert curve["difference"] == pytest.approx(apart[curve["difference_at"]])
        else:
            assert (curve["difference"], curve["difference_at"]) == (None, None)


def test_the_first_is_the_reference_as_a_rule(tmp_path):
    label, found = compared(tmp_path, "linear:warmup=5", "cosine:warmup=5")
    assert label == "linear"
    assert (found["linear"]["ratio"], found["linear"]["differs_at"]) == (1.0, None)


def test_beside_nothing_there_is_no_ratio(tmp_path):
    _, found = compared(tmp_path, SPECS["zero"], SPECS["cosine"])
    assert [curve["ratio"] for curve in found.values()] == [None, None]


def test_no_run_is_too_long(tmp_path):
    _, found = compared(
        tmp_path, "cosine:warmup=6%", "linear:warmup=6%", flags=("--steps", "1e12", "--lr", "1")
    )
    assert found["linear"]["differs_at"] == 60_000_000_001
    u = math.asin(2 / math.pi) / math.pi  # of the decay, where both fall as fast
    farthest = (1 + math.cos(math.pi * u)) / 2 - (1 - u)
    assert found["linear"]["difference"] == pytest.approx(farthest, rel=1e-9)
    assert found["linear"]["half"] == pytest.approx(530_000_000_000, abs=2)


def test_sides_may_be_files(tmp_path):
    write(tmp_path / "run.toml", 'name = "linear"\nsteps = 200\nlr = 1\nwarmup = 20\n')
    line = "torchrun train.py --output_dir x --max_steps 200 --lr_scheduler_type linear --warmup_steps 20"
    write(tmp_path / "train.sh", f"{line} --learning_rate 1\n")
    _, found = compared(tmp_path, "run.toml", "train.sh", SPECS["linear"] + ",label=word", flags=())
    assert [curve["differs_at"] for curve in found.values()] == [None, None, None]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--reference", "linaer"], "did you mean linear?", id="misspelt"),
        pytest.param(["--reference", "x"], "the curves are cosine, linear", id="unknown"),
        pytest.param(["--columns", "first,x"], "--columns: 'x'", id="a column"),
        pytest.param(["--get", "peak", "--format", "csv"], "not so --format", id="get and format"),
        pytest.param(["--get", "peak", "--columns", "last"], "not so --columns", id="get and columns"),
        pytest.param(["--get", "half,peak"], "'half,peak' is not one fact", id="two facts"),
        pytest.param(["--get", "rato"], "did you mean ratio?", id="a slip in what compares"),
    ],
)
def test_what_cannot_be_is_refused(words, said, tmp_path):
    done = run(tmp_path, "compare", "cosine", "linear", *FLAGS, *words)
    assert (done.returncode, done.stdout, said in done.stderr) == (2, "", True)


def test_the_formats_say_the_same(tmp_path):
    words = ("compare", SPECS["cosine"], SPECS["twice"], *FLAGS, "-q", "--columns", "mean,half")
    (_, first, second) = csv.reader(io.StringIO(run(tmp_path, *words, "--format", "csv").stdout))
    assert (first[0], first[3:], second[3:]) == ("cosine", ["1.0", "", "", ""], ["2.0", "1", "1.0", "20"])
    text = run(tmp_path, *words).stdout.splitlines()[-1].split()
    markdown = run(tmp_path, *words, "--format", "markdown").stdout.splitlines()[-1].split(" | ")
    assert text[2:] == [*markdown[2:-1], markdown[-1].removesuffix(" |")]


@pytest.mark.parametrize(
    ("columns", "head"),
    [
        pytest.param("mean", "mean ratio differs_at difference difference_at", id="none named: all"),
        pytest.param("ratio,mean", "ratio mean", id="one in front"),
        pytest.param("difference,difference_at", "difference difference_at", id="alone"),
    ],
)
def test_what_compares_may_be_named_among_the_columns(columns, head, tmp_path):
    words = ("compare", SPECS["cosine"], SPECS["twice"], *FLAGS)
    said = run(tmp_path, *words, "--columns", columns, "--format", "csv").stdout.splitlines()[0]
    assert said == f"label,{head.replace(' ', ',')}"


@pytest.mark.parametrize("fact", ["ratio", "differs_at", "difference", "difference_at"])
def test_what_compares_may_be_had_alone(fact, tmp_path):
    _, found = compared(tmp_path, SPECS["cosine"], SPECS["twice"])
    said = run(tmp_path, "compare", SPECS["cosine"], SPECS["twice"], *FLAGS, "--get", fact).stdout
    values = {label: curve[fact] for label, curve in found.items()}
    assert said == "".join(f"{label}\t{'' if value is None else value}\n" for label, value in values.items())


@pytest.mark.parametrize("columns", [80, 100])
def test_numbers_go_before_a_label_is_cut(columns, tmp_path):
    words = [f"cosine:warmup={warmup},lr={lr}" for warmup in (100, 200) for lr in ("1e-4", "3e-4")]
    done = run(tmp_path, "compare", *words, "--steps", "1000", "-q", COLUMNS=columns)
    assert [line.split()[0] for line in done.stdout.splitlines()[-4:]] == words


@pytest.mark.parametrize(
    ("count", "columns"), [(1, 30), (2, 30), (2, 40), (2, 60), (2, 120), (30, 80), (30, 160)]
)
def test_columns_go_before_a_row_breaks(count, columns, tmp_path):
    specs = [f"cosine:warmup={i}" for i in range(count)]
    done = on_terminal(tmp_path, "compare", *specs, *FLAGS, columns=columns, NO_COLOR="1")
    lines = [line.rstrip() for line in done.output.decode().splitlines()]
    assert max(map(len, lines)) <= columns
    assert len(lines) == count + 3
    labels = [re.split(r" {2,}", line)[0] for line in lines[-count:]]
    assert len(set(labels)) == count


LOGGED = [
    pytest.param(-1, None, None, id="as planned, behind the offset of its writer"),
    pytest.param(0, 0, 7, id="a step ahead of that"),
    pytest.param(2, 0, 1, id="three ahead"),
]


@pytest.mark.parametrize("log_first", [False, True])
@pytest.mark.parametrize(("offset", "differs_at", "difference_at"), LOGGED)
def test_a_log_is_held_against_a_plan_as_diff_holds_it(
    offset, differs_at, difference_at, log_first, tmp_path
):
    plan, cosine = f"{SPECS['cosine']},steps=200,lr=1", values(SPECS["cosine"])
    rows = [
        {"lr": cosine[step + offset], "iter": step, "step": step, "time": 0.1, "data_time": 0.1}
        for step in range(1, 198)
    ]
    (tmp_path / "scalars.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
    words = ("scalars.json", plan) if log_first else (plan, "scalars.json")
    done = run(tmp_path, "compare", *words, "--format", "json")
    document = json.loads(done.stdout)
    there = document["curves"][1]
    assert (there["differs_at"], there["difference_at"]) == (differs_at, difference_at)
    assert ("row t has the LR of step t - 1, as with MMEngine" in done.stderr) == (offset != 0)
    assert ("log-offset" in {one["id"] for one in document["findings"]}) == (offset != 0)
    if difference_at is not None:
        assert (there["difference"] < 0) == log_first
