"""What each row of an output is called, by the commands that show it."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

FLAGS = ("--steps", "100", "--lr", "0.1", "--format", "json")


def shown(folder, *words, flags=FLAGS):
    done = run(folder, "show", *words, *flags)
    assert done.returncode == 0, done.stderr
    return [curve["label"] for curve in json.loads(done.stdout)["curves"]]


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        pytest.param(["constant:lr=0.3"], ["constant"], id="alone"),
        pytest.param(["constant", "linear:warmup=5"], ["constant", "linear"], id="two names"),
        pytest.param(
            ["cosine:warmup=5,lr=1", "cosine:warmup=9,lr=1"],
            ["cosine:warmup=5", "cosine:warmup=9"],
            id="what differs",
        ),
        pytest.param(["cosine:warmup=5", "cosine"], ["cosine:warmup=5", "cosine"], id="one says more"),
        pytest.param(["cosine:warmup=5", "cosine:warmup=5"], ["cosine", "cosine"], id="the same twice"),
        pytest.param(
            ["cosine:warmup=5,label=mine", "cosine:warmup=5"], ["mine", "cosine"], id="one has its own"
        ),
        pytest.param(
            ["step:step_size=30", "step:step_size=30,lr=1,2"],
            ["step", "step:lr=1,2 lr=1", "step:lr=1,2 lr=2"],
            id="param groups",
        ),
    ],
)
def test_words(tmp_path, words, labels):
    assert shown(tmp_path, *words) == labels


RUN = 'name = "{}"\nlr = 1e-3\nwarmup = 0\nepochs = {}\nsteps_per_epoch = 10\n'
BOTH = '[plan]\nsteps = 100\n[[schedule]]\nname = "linear"\nlr = 1\n[[schedule]]\nname = "linear"\nlr = {}\n'


@pytest.mark.parametrize(
    ("files", "labels"),
    [
        pytest.param(
            {"old.toml": RUN.format("cosine", 3), "new.toml": RUN.format("cosine", 6)},
            ["old.toml", "new.toml"],
            id="one schedule, two files",
        ),
        pytest.param(
            {"a/lr.toml": RUN.format("cosine", 3), "b/lr.toml": RUN.format("cosine", 6)},
            ["a/lr.toml", "b/lr.toml"],
            id="one name, two folders",
        ),
        pytest.param(
            {"old.toml": RUN.format("cosine", 3), "new.toml": RUN.format("linear", 6)},
            ["cosine", "linear"],
            id="two schedules, two files",
        ),
        pytest.param(
            {"two.toml": BOTH.format(2)}, ["linear:lr=1", "linear:lr=2"], id="one schedule twice in a file"
        ),
        pytest.param(
            {"two.toml": BOTH.format(2), "three.toml": BOTH.format(3)},
            [
                f"{file}.toml linear:lr={lr}"
                for file, lr in (("two", 1), ("two", 2), ("three", 1), ("three", 3))
            ],
            id="both",
        ),
        pytest.param(
            {
                "old.toml": RUN.format("cosine", 3) + 'label = "mine"\n',
                "new.toml": RUN.format("cosine", 6),
            },
            ["mine", "cosine"],
            id="a label is never replaced",
        ),
    ],
)
def test_files(tmp_path, files, labels):
    for name, text in files.items():
        write(tmp_path / name, text)
    starters = () if "warmup = 0" in str(files) else ("--warmup", "0")
    assert shown(tmp_path, *files, flags=(*starters, "--format", "json")) == labels


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        pytest.param("ab", ["a", "b"], id="apart"),
        pytest.param("aaa", ["a", "a [2]", "a [3]"], id="the same thrice"),
        pytest.param(["a", "a [2]", "a"], ["a", "a [2]", "a [3]"], id="a number is taken"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "json"])
def test_no_two_columns_are_called_alike(labels, columns, form, tmp_path):
    words = [f"constant:label={label}" for label in labels]
    done = run(tmp_path, "values", *words, "--steps", "1", "--lr", "1", "--format", form)
    head = done.stdout.splitlines()[0] if form == "csv" else ",".join(json.loads(done.stdout)["columns"])
    assert head == ",".join(["step", "epoch", *columns])
