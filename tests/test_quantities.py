"""Several quantities of a schedule: a panel for each, exact, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from commands import run
from laid_out import LaidOut
from pictured import view_of

from lrviz import Plan, evaluate
from lrviz.curves.picture import picture_of
from lrviz.draw.image import draw

MEGATRON = (
    "megatron.OptimizerParamScheduler:init_lr=0,max_lr=0.1,min_lr=0.01,lr_warmup_steps=80,lr_decay_steps=8000,"
    "lr_decay_style=cosine,start_wd=0.01,wd_incr_steps=8000,wd_incr_style=cosine,batch_size=1"
)

ROOMY = "12x10in"
"""Whatever the fonts, names of panels are whole."""


@pytest.mark.parametrize(
    ("specs", "said", "panels"),
    [
        pytest.param(
            ["onecycle:lr=0.1"], "lr,momentum", ["learning rate", "momentum (not from 0)"], id="one curve"
        ),
        pytest.param(
            ["onecycle:lr=0.1"], "momentum,lr", ["momentum (not from 0)", "learning rate"], id="turned"
        ),
        pytest.param(
            ["onecycle:lr=0.1", "cosine:warmup=0,lr=0.1"],
            "lr,momentum",
            ["learning rate", "momentum (not from 0)"],
            id="one of two has it",
        ),
        pytest.param(
            ["cosine:warmup=0,lr=0.1"], "lr,momentum", ["learning rate"], id="a file of one without it"
        ),
        pytest.param(
            [f"{MEGATRON},end_wd=0.1"], "lr,weight_decay", ["learning rate", "weight decay"], id="decay"
        ),
    ],
)
def test_each_quantity_has_a_panel_with_its_exact_extremes(specs, said, panels):
    first, *others = said.split(",")
    curves = [evaluate(spec, Plan(steps=9000), quantity=first) for spec in specs]
    figure = draw(
        picture_of([row for one in curves for row in one.rows], first, view_of(quantity=said, size=ROOMY))
    )
    assert [axes.get_ylabel() for axes in figure.axes] == panels
    assert len({axes.get_xlim() for axes in figure.axes}) == 1
    for quantity, axes in zip([first, *others], figure.axes, strict=False):
        drawn = [np.asarray(line.get_ydata()) for line in axes.lines if len(line.get_xdata()) > 2]
        exact = evaluate(specs[0], Plan(steps=9000), quantity=quantity).facts
        assert (drawn[0].min(), drawn[0].max()) == (exact.low, exact.peak)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param("onecycle --quantity lr,momentum -o x.png", 0, [], id="commas"),
        pytest.param("onecycle --quantity lr --quantity momentum -o x.png", 0, [], id="twice"),
        pytest.param(
            "onecycle linear:warmup=0 --quantity lr,momentum -o x.png",
            0,
            ["note: momentum is not shown of linear: nothing moves it there"],
            id="one has none",
        ),
        pytest.param(
            "onecycle --quantity lr,momentum -o x.png -o x.html",
            0,
            [],
            id="a page too",
        ),
        pytest.param(
            "onecycle --quantity lr,beta9 -o x.png",
            2,
            ["error: no curve here moves 'beta9', but lr and momentum", "hint: give --quantity lr,momentum"],
            id="unknown",
        ),
        pytest.param(
            "onecycle --quantity lr,lr -o x.png",
            2,
            ["error: quantity must be a name of a quantity, or several, each once, got lr,lr",
             "hint: --quantity lr"],
            id="the same again",
        ),
    ],
)  # fmt: skip
def test_the_quantities_on_a_command_line(words, code, said, tmp_path):
    done = run(tmp_path, "plot", *words.split(), "--steps", "50", "--lr", "0.1")
    assert done.returncode == code
    assert [line for line in done.stderr.splitlines() if line[:4] in ("note", "erro", "hint")] == said
    assert (tmp_path / "x.png").exists() is not bool(code)


@pytest.mark.parametrize(
    ("size", "name"),
    [pytest.param("12x9in", "momentum (not from 0)", id="high"), pytest.param("slide", "momentum", id="low")],
)
def test_a_low_panel_is_named_without_its_remark(size, name):
    rows = evaluate("onecycle:lr=0.1", Plan(steps=99)).rows
    figure = draw(picture_of(rows, "lr", view_of(quantity="lr,momentum", size=size)))
    assert [axes.get_ylabel() for axes in figure.axes] == ["learning rate", name]


@pytest.mark.long
@pytest.mark.parametrize("size", ["12x9in", "8x6in", "slide"])
@pytest.mark.parametrize(
    ("spec", "quantities", "said"),
    [
        pytest.param("onecycle:lr=0.1", "lr,momentum", ["peak 0.95", "last 0.95"], id="momentum"),
        pytest.param(
            f"{MEGATRON},end_wd=0.1", "lr,weight_decay", ["peak 0.1", "last 0.1"], id="weight decay"
        ),
        pytest.param("onecycle:lr=0.1", "momentum,lr", ["peak 0.1", "last 4e-7"], id="the LR below"),
    ],
)
def test_a_lower_panel_names_its_own_peak_and_last_value(spec, quantities, said, size):
    first = quantities.partition(",")[0]
    rows = evaluate(spec, Plan(steps=9000), quantity=first).rows
    picture = picture_of(rows, first, view_of(quantity=quantities, size=size))
    figure = draw(picture)
    texts = {text.get_text(): text.get_position()[1] for text in figure.texts}
    low = figure.axes[1].get_position()
    assert [low.y0 - 0.1 <= texts[one] <= low.y1 for one in said] == [True, True]
    assert LaidOut(figure).faults(picture) == []
    assert "peak" not in str(
        [text.get_text() for text in draw(replace(picture, view=replace(picture.view, marks=False))).texts]
    )


@pytest.mark.parametrize("size", ["8x6in", "slide", "6.5x5in"])
def test_ticks_of_a_low_panel_do_not_touch(size):
    rows = evaluate("onecycle:lr=0.1", Plan(steps=99)).rows
    figure = draw(picture_of(rows, "lr", view_of(quantity="lr,momentum", size=size)))
    figure.draw_without_rendering()
    for axes in figure.axes:
        boxes = [label.get_window_extent() for label in axes.get_yticklabels() if label.get_text()]
        assert len(boxes) > 1
        assert all(above.y0 >= below.y1 for below, above in pairwise(boxes))


SEVERAL = [
    pytest.param("--quantity lr,momentum", id="commas"),
    pytest.param("--quantity lr --quantity momentum", id="twice"),
]


@pytest.mark.parametrize(
    ("command", "what"),
    [
        pytest.param("compare", "a comparison", id="compare"),
        pytest.param("diff", "a difference", id="diff"),
        pytest.param("values -o lr.json", "a baseline", id="a baseline"),
    ],
)
@pytest.mark.parametrize("quantities", SEVERAL)
def test_where_one_is_held_against_another_several_are_refused(command, what, quantities, tmp_path):
    specs = "onecycle onecycle:pct_start=0.5 --steps 50 --lr 0.1"
    done = run(tmp_path, *f"{command} {specs} {quantities}".split())
    said = f"--quantity lr,momentum: {what} has one"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [f"error: {said}", "hint: --quantity lr"]


OF_EACH = [
    pytest.param("show --format csv", id="show"),
    pytest.param("show --chart", id="a chart"),
    pytest.param("values --at 0,20", id="values"),
    pytest.param("show --get peak", id="a fact"),
]
TWO = "onecycle onecycle:pct_start=0.5 --steps 50 --lr 0.1 -q"
LABELS = ["onecycle", "onecycle:pct_start=0.5"]


@pytest.mark.parametrize("quantities", SEVERAL)
@pytest.mark.parametrize("command", ["show --format csv", "show --get peak", "values --format csv --at 0,20"])
def test_each_quantity_has_its_own_numbers_behind_the_other(command, quantities, tmp_path):
    def printed(*options):
        return [
            re.split("[,\t]", line)
            for line in run(tmp_path, *command.split(), *TWO.split(), *options).stdout.splitlines()
        ]

    whole = printed(*quantities.split())
    of_lr, of_momentum = (printed("--quantity", name) for name in ("lr", "momentum"))
    labels = [f"{label} {name}" for name in ("lr", "momentum") for label in LABELS]
    if command.startswith("values"):
        columns = [*zip(*whole, strict=True)]
        assert [column[0] for column in columns[2:]] == labels
        assert [column[1:] for column in columns[2:]] == [
            column[1:] for rows in (of_lr, of_momentum) for column in [*zip(*rows, strict=True)][2:]
        ]
    else:
        rows = whole[-4:]
        assert [row[0] for row in rows] == labels
        assert [row[1:] for row in rows] == [row[1:] for row in (*of_lr[-2:], *of_momentum[-2:])]


@pytest.mark.parametrize("quantities", SEVERAL)
def test_each_quantity_has_a_chart(quantities, tmp_path):
    text = run(tmp_path, *f"show --chart {TWO} {quantities}".split()).stdout
    names = [
        "learning rate\n",
        "a onecycle lr ",
        "momentum (not from 0)\n",
        "b onecycle:pct_start=0.5 momentum ",
    ]
    places = [text.find(name) for name in names]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("command", OF_EACH)
@pytest.mark.parametrize(
    ("quantity", "code", "said"),
    [
        pytest.param(
            "lr,momentum", 0, ["note: momentum is not shown of linear: nothing moves it there"], id="of one"
        ),
        pytest.param(
            "lr,beta9",
            2,
            ["error: no curve here moves 'beta9', but lr and momentum", "hint: give --quantity lr,momentum"],
            id="of none",
        ),
        pytest.param(
            "lr,lr",
            2,
            [
                "error: quantity must be a name of a quantity, or several, each once, got lr,lr",
                "hint: --quantity lr",
            ],
            id="one twice",
        ),
    ],
)
def test_what_a_curve_does_not_move_is_said_everywhere(command, quantity, code, said, tmp_path):
    words = f"{command} onecycle linear:warmup=0 --steps 50 --lr 0.1 --quantity {quantity}".split()
    done = run(tmp_path, *words)
    assert (done.returncode, [line for line in said if line not in done.stderr.splitlines()]) == (code, [])


def test_the_file_says_whether_another_quantity_is_that_of_today(tmp_path):
    words = ["plot", "onecycle", "--steps", "50", "--lr", "0.1", "-o", "x.png"]
    made = [
        run(tmp_path, *words, "--quantity", "lr,momentum", *more).returncode for more in ([], ["--check"])
    ]
    assert (*made, run(tmp_path, *words, "--check").returncode) == (0, 0, 1)
