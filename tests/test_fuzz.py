"""Hard to break: whatever is typed or read is answered, or refused with a hint, soon and in little memory.

Run all of it with ``python -m pytest tests/test_fuzz.py -m fuzz -n auto --hypothesis-seed N``.
"""

from __future__ import annotations

import shutil
import sys
from functools import cache
from pathlib import Path

import pytest
import typer.main
from case import Case, ending, faults_of
from commands import Done, run
from grammars import GRAMMARS, case
from repositories import commit

from lrviz.cli import app

BATCH = 500
LONG = 100_000
SHORT = 400
FIRST = ("show cosine", "plot cosine -o -", "check cosine", "info cosine", "show nosuch", "show cosine:x=1")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The folders in which cases run: an empty one, one under git, the trainers'. Commands are made once."""
    folder = tmp_path_factory.mktemp("fuzz")
    make_repository(folder / "repository")
    (folder / "empty").mkdir()
    shutil.copytree(Path(__file__).parent / "foreign", folder / "foreign")
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((app, "_application"), (typer.main, "get_command")):
            patch.setattr(module, name, cache(getattr(module, name)))
        for line in FIRST:
            run(folder / "empty", *line.split())  # what it loads counts for no case
        yield folder


def make_repository(folder):
    folder.mkdir()
    for steps in (9, 10):
        (folder / "run.toml").write_text(f'name = "cosine"\nlr = 1\nwarmup = 0\nsteps = {steps}\n')
        commit(folder)


def batches():
    """Each grammar in batches of so many cases, the numbers of the first and the last."""
    for grammar, (_, share) in GRAMMARS.items():
        count = LONG * share // 100
        for first in range(0, count, BATCH):
            yield pytest.param(grammar, first, min(first + BATCH, count), id=f"{grammar}-{first}")


def seed_of(config):
    """That of the properties: any where none is said."""
    return config.getoption("--hypothesis-seed") or "0"


def failures(grammar, seed, numbers, folders):
    """What is wrong, with the case that shows it."""
    for number in numbers:
        one = case(grammar, seed, number)
        if found := faults_of(one, folders):
            yield f"{grammar} {seed} {number}: {found}\n  {one}"


@pytest.mark.fuzz
@pytest.mark.parametrize(("grammar", "first", "last"), list(batches()))
def test_a_hundred_thousand_cases(grammar, first, last, folders, request, record_property):
    seed = seed_of(request.config)
    found = list(failures(grammar, seed, range(first, last), folders))
    record_property("fuzz", [grammar, seed, last - first, len(found)])
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.property
@pytest.mark.parametrize("grammar", GRAMMARS)
def test_a_few_of_each_grammar(grammar, folders, request):
    count = SHORT * GRAMMARS[grammar][1] // 100
    found = list(failures(grammar, seed_of(request.config), range(count), folders))
    assert not found, "\n".join(found)


def test_the_grammars_are_all_cases():
    assert sum(share for _, share in GRAMMARS.values()) == 100


@pytest.mark.parametrize(
    ("code", "output", "complaints", "fault"),
    [
        pytest.param(3, "{}", "", "exit code 3", id="an exit code"),
        pytest.param(2, "", "error: a\n", "no hint", id="no hint"),
        pytest.param(2, "", "error: a\n" * 2 + "hint: a\n" * 11, "13 lines", id="lines of many faults"),
        pytest.param(2, "1\n", "error: a\nhint: b\n", "output beside a refusal", id="output"),
        pytest.param(2, "", "error: a\nb\nc\nhint: d\n", "4 lines", id="lines"),
        pytest.param(0, "{}", "error: this is a bug\n", "says 'this is a bug'", id="a bug"),
        pytest.param(0, "{}", "x" * 2001, "a line without end", id="a long line"),
        pytest.param(0, "{", "", "no JSON", id="no JSON"),
    ],
)
def test_what_is_wrong_is_seen(code, output, complaints, fault):
    done = Done(code, output.encode(), complaints.encode())
    assert list(ending(Case(("show", "--format", "json")), done)) == [fault]


@pytest.mark.long
@pytest.mark.parametrize(
    ("body", "fault"),
    [
        pytest.param("while True: pass", "over 1.0 s", id="time"),
        pytest.param("x = bytearray(900_000_000)", "MB", id="memory"),
        pytest.param("1 / 0", "this is a bug", id="a bug"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by Linux alone")
def test_what_goes_wrong_inside_is_seen(body, fault, folders, monkeypatch):
    from lrviz.cli import main as edge

    monkeypatch.setattr(edge, "_command", lambda _: exec(body) or 0)
    assert fault in str(faults_of(Case(("show", "cosine")), folders))
