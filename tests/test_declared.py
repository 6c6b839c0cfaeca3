"""Schedules that a user's own file declares: found by ``--load``, and in a notebook as they stand."""

from __future__ import annotations

import json
from typing import Annotated

import numpy as np
import pytest
from commands import run
from configs import write

import lrviz

MINE = '''\
from typing import Annotated
import numpy as np
import lrviz

print("loading")

@lrviz.schedule
def trapezoid(
    step,
    peak: Annotated[float, "lr"],
    warmup: Annotated[int, "warmup"] = 10,
    total: Annotated[int, "total_steps"] = 100,
    cool: Annotated[int, "duration"] = 20,
):
    """Up, flat, down.

    Formula: lr(t) = peak min(1, t / warmup, (total - t) / cool).
    Source: mine.
    """
    return peak * np.minimum(np.minimum(1.0, step / warmup), (total - step) / cool)

@lrviz.schedule(name="level", example={"height": 0.3})
def _level(step, height):
    return height + 0 * step

@lrviz.schedule
def cosine(step):
    return 2.0
'''


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr("lrviz.catalogue.own._KNOWN", {})
    monkeypatch.chdir(tmp_path)
    write("mine.py", MINE)
    return tmp_path


def trapezoid(steps, peak, warmup, cool):
    step = np.arange(steps)
    return peak * np.minimum(np.minimum(1, step / warmup), (steps - step) / cool)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("own.trapezoid --lr 2", trapezoid(100, 2, 10, 20), id="its id"),
        pytest.param("trapezoid --lr 2", trapezoid(100, 2, 10, 20), id="its name"),
        pytest.param("trapezoid:cool=50% --lr 2 --warmup 4", trapezoid(100, 2, 4, 50), id="the run fills it"),
        pytest.param("level:height=3", np.full(100, 3.0), id="another name"),
        pytest.param("own.cosine", np.full(100, 2.0), id="a framework's name"),
        pytest.param("mine.py:_level:height=3", np.full(100, 3.0), id="by its file"),
    ],
)
def test_its_values(words, expected, folder):
    done = run(folder, "values", *words.split(), "--steps", "100", "--load", "mine.py", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("loading\n")
    found = [row[2] for row in json.loads(done.stdout)["rows"]]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("info trapezoid", "peak min(1, t / warmup, (total - t) / cool)", id="formula"),
        pytest.param("info trapezoid", "--warmup", id="option"),
        pytest.param(
            "info level", "lrviz show level:height=0.3 --steps 100 --lr 0.1 --load mine.py", id="line"
        ),
        pytest.param("list --framework own", "Up, flat, down.", id="framework"),
        pytest.param("list trapez", "trapezoid", id="search"),
        pytest.param("show trapezoid own.cosine --lr 1 --steps 100", "trapezoid", id="show"),
        pytest.param("plot trapezoid --lr 1 --steps 100 -o -", "", id="plot"),
    ],
)
def test_every_command_knows_it(words, said, folder):
    (before, *rest), option = words.split(), ["--load", "mine.py"]
    for line in ([before, *rest, *option], [before, *option, *rest]):
        done = run(folder, *line, COLUMNS=100, **({} if said else {"PYTHONIOENCODING": "latin-1"}))
        assert done.returncode == 0, done.stderr
        assert said.encode() in done.output


def test_a_name_that_is_a_frameworks_too_stands_for_neither(folder):
    line = "show {} --warmup 0 --lr 1 --steps 100 --load mine.py --get first"
    done = run(folder, *line.format("cosine").split())
    assert done.returncode == 2
    assert "cosine is transformers.cosine, and own.cosine is declared too" in done.stderr
    assert "hint: name it own.cosine or transformers.cosine" in done.stderr
    assert run(folder, *line.format("transformers.cosine").split()).stdout == "1.0\n"


@pytest.mark.parametrize(
    ("files", "message", "hint"),
    [
        pytest.param("none.py", "none.py declares no schedule", "@lrviz.schedule", id="none declared"),
        pytest.param("gone.py", "gone.py: no such file", "did you mean none.py?", id="no file"),
        pytest.param(".", "--load .: a folder", "--load ", id="a folder"),
        pytest.param("raises.py", "raises.py:2: KeyError: 'x': {}['x']", "--debug", id="it raises"),
        pytest.param(
            "mine.py twice.py", "own.trapezoid is declared in mine.py and in twice.py", "", id="twice"
        ),
        pytest.param("same.py", "own.level is declared twice in same.py", "rename one", id="twice in one"),
        pytest.param(
            "counts.py", "own.counts says another LR of a step", "counts.py", id="it counts its calls"
        ),
    ],
)
def test_what_cannot_be_loaded(files, message, hint, folder):
    write("none.py", "def f(step):\n    return 1\n")
    write("raises.py", "\n{}['x']\n")
    write("twice.py", MINE)
    write("same.py", MINE.replace("def cosine", "def level"))
    write(
        "counts.py",
        "import lrviz\nseen = []\n@lrviz.schedule\ndef counts(step):\n    seen.append(0)\n"
        "    return 0.5 ** len(seen) if step < 99 else 1\n",
    )
    loads = [word for file in files.split() for word in ("--load", file)]
    done = run(folder, "show", "counts", "--steps", "9", *loads)
    assert message in done.stderr
    assert hint in done.stderr
    assert (done.returncode, done.stdout) == (2, "")


SLIPS = [
    pytest.param('f(step, a: Annotated[int, "duratoin"] = 5)', "", "a is annotated 'duratoin', which",
                 "did you mean duration?", id="annotation"),
    pytest.param('f(step, a: Annotated[int, "?"] = 5)', "", "a is annotated '?'", "it may be lr, ",
                 id="annotation like none"),
    pytest.param("f(step)", '(nmae="x")', "says nothing by nmae", "name and example", id="key"),
    pytest.param("f(step)", '(name="a b")', "'a b' is no name", 'name="ramp"', id="name"),
    pytest.param("f(step)", "(name=5)", "name is a text, got int", 'name="ramp"', id="no text"),
    pytest.param("f(step)", "(example=[1])", "example is a mapping, got list", "peak", id="no mapping"),
    pytest.param("f(step, a)", '(example={"b": 1})', "its example has b", "it has a", id="example"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "above", "message", "hint"), SLIPS)
def test_a_slip_in_a_declaration_is_refused_with_its_line(head, above, message, hint, folder):
    code = f"from typing import Annotated\nimport lrviz\n@lrviz.schedule{above}\ndef {head}:\n    return 1\n"
    write("slip.py", code)
    done = run(folder, "list", "--load", "slip.py")
    error, way = done.stderr.splitlines()
    assert error.startswith("error: slip.py:3: ")
    assert message in error
    assert hint in way
    assert done.returncode == 2


def test_a_list_and_a_page_have_what_cannot_be_drawn_too(folder):
    write("two.py", "import lrviz\n@lrviz.schedule\ndef needs(step, a):\n    return a\n"
          "@lrviz.schedule\ndef raises(step):\n    return 1 / step\n")  # fmt: skip
    listed = run(folder, "list", "--framework", "own", "--load", "two.py").stdout.splitlines()
    assert [line.split()[0] for line in listed[1:3]] == ["needs", "raises"]
    assert "two.py:7: ZeroDivisionError" in run(folder, "info", "raises", "--load", "two.py").stdout


def test_a_tab_offers_what_the_line_loads(folder):
    line = "lrviz show --load mine.py own.t"
    done = run(folder, _LRVIZ_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=4)
    assert (done.stdout.split(), done.stderr) == (["own.trapezoid"], "")


def test_a_notebook_declares_it_too():
    @lrviz.schedule
    def ramp(step, peak: Annotated[float, "lr"]):
        return peak * step

    assert ramp(2, 3) == 6
    assert lrviz.evaluate("own.ramp:lr=2", lrviz.Plan(steps=4)).lr.tolist() == [0, 2, 4, 6]
    assert lrviz.schedule("own.ramp", peak=2.0)([0, 3]).tolist() == [0, 6]


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        pytest.param(lambda: lrviz.schedule(5), "called by its name", id="a number"),
        pytest.param(lambda: lrviz.schedule(name="x")(5), "a function is declared, got int", id="decorated"),
        pytest.param(lambda: lrviz.schedule("own.nothing"), "unknown schedule", id="no such name"),
    ],
)
def test_what_is_no_function(declared, message):
    with pytest.raises(lrviz.LrvizError, match=message):
        declared()
