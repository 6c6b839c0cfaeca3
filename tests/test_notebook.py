"""What a notebook shows of curves and configs, and pictures made in one."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html import unescape

import matplotlib as mpl
import pytest
from commands import ROOT
from configs import TWO, write
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from pictured import words

import lrviz
from lrviz.draw.theme import LINE_WIDTH
from lrviz.errors import ArgumentError, OutputError

STEPS = "steps=40,warmup=0"


def curve(spec):
    return lrviz.evaluate(f"{spec},{STEPS}")


COSINE = curve("cosine:lr=1")


@pytest.fixture
def two(tmp_path):
    return lrviz.load(write(tmp_path / "two.toml", f'{TWO}[output]\ntitle = "Mine"\n'))


@pytest.fixture
def axes():
    return Figure().subplots()


def labels(axes):
    return [line.get_label() for line in axes.lines if not line.get_label().startswith("_")]


def page_in(html):
    """The page that a notebook shows in a frame, which has neither its styles nor its scripts."""
    (page,) = re.findall(r'<iframe srcdoc="([^"]*)" sandbox="allow-scripts" [^<]*></iframe>', html)
    return unescape(page)


# --- shown by itself -------------------------------------------------------------------------------------


def test_a_curve_shows_the_picture_and_the_page_that_it_saves(tmp_path):
    assert COSINE._repr_svg_().encode() == COSINE.save(tmp_path / "lr.svg").read_bytes()
    assert page_in(COSINE._repr_html_()) == COSINE.save(tmp_path / "lr.html").read_text(encoding="utf-8")


def test_a_config_shows_the_picture_that_plot_draws_of_it(two):
    figure = lrviz.plot(two)
    assert words(figure)[0] == "Mine"
    assert two._repr_svg_().count("<path") == figure._repr_svg_().count("<path")
    assert "<h1>Mine</h1>" in page_in(two._repr_html_())


def test_what_is_refused_is_shown_in_words(tmp_path):
    job = lrviz.load(write(tmp_path / "run.toml", 'name = "cosine"\nlr = 1e-3\nlabel = "<b>"\n'))
    with pytest.raises(lrviz.LrvizError) as refusal:
        job.curves()
    (shown,) = re.findall("<pre>([^<>]*)</pre>", job._repr_html_())
    assert unescape(shown) == f"no picture: {refusal.value.message}\nhint: {refusal.value.hint}"
    assert job._repr_svg_() is None


def test_a_figure_shows_what_was_added_to_it():
    figure = lrviz.plot(COSINE)
    before = figure._repr_svg_()
    assert before == figure._repr_svg_()
    figure.axes[0].axhline(0.5)
    assert len(figure._repr_svg_()) > len(before)


@pytest.mark.long
@pytest.mark.parametrize(
    "line",
    [
        pytest.param("lrviz", id="the package"),
        pytest.param("lrviz.plot", id="the function"),
        pytest.param(f"repr(lrviz.evaluate('cosine:lr=1,{STEPS}'))", id="a curve"),
        pytest.param(f"lrviz.evaluate('cosine:lr=1,{STEPS}')._repr_html_()", id="a page"),
    ],
)
def test_matplotlib_waits_for_a_picture(line):
    script = f"import sys, lrviz; {line}; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


# --- a figure --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "named"),
    [
        pytest.param(lambda: COSINE, ["cosine"], id="one"),
        pytest.param(lambda: [COSINE, curve("linear:lr=1")], ["cosine", "linear"], id="two"),
        pytest.param(
            lambda: [COSINE, curve("cosine:lr=0.5")], ["cosine:lr=1", "cosine:lr=0.5"], id="of one schedule"
        ),
        pytest.param(
            lambda: [COSINE, lrviz.record(lambda t: 1 - t / 80, 40)], ["cosine", "<lambda>"], id="recorded"
        ),
        pytest.param(
            lambda: [curve("cosine:lr=[1,0.5]"), COSINE],
            ["cosine:lr=1,0.5 lr=1", "cosine:lr=1,0.5 lr=0.5", "cosine:lr=1"],
            id="param groups beside another",
        ),
        pytest.param(
            lambda: curve("cosine:lr=[1,0.5]").groups,
            ["cosine lr=1", "cosine lr=0.5"],
            id="groups of one run",
        ),
    ],
)
def test_curves_are_named_as_those_of_one_command(make, named, axes):
    lrviz.plot(make(), ax=axes)
    assert labels(axes) == named
    shown = [name for text in words(lrviz.plot(make(), title="Named")) for name in text.split(" = ")]
    assert len(named) == 1 or [name for name in named if name not in shown] == []


@pytest.mark.parametrize(
    ("title", "first"),
    [
        pytest.param(None, "cosine", id="of its own"),
        pytest.param("Mine", "Mine", id="given"),
        pytest.param("", "40 steps · warmup 0", id="none"),
    ],
)
def test_the_title_of_a_figure(title, first):
    assert words(lrviz.plot(COSINE, title=title))[0] == first


def test_a_figure_may_have_a_logarithmic_axis():
    assert [axes.get_yscale() for axes in lrviz.plot(COSINE, log=True).axes] == ["log"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param([], "no curve is to be drawn", id="none"),
        pytest.param(3, "curves are drawn, got int", id="a number"),
        pytest.param("cosine", "curves are drawn, got str", id="a spec"),
        pytest.param(
            [COSINE, replace(COSINE, quantity="momentum")],
            "curves of lr and momentum do not share an axis",
            id="two quantities",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, message):
    with pytest.raises(lrviz.LrvizError, match=message) as refusal:
        lrviz.plot(given)
    assert refusal.value.hint


# --- on axes of the user's own ---------------------------------------------------------------------------


def test_lines_have_the_style_of_the_axes_and_leave_all_else_alone(axes):
    with mpl.rc_context({"axes.prop_cycle": mpl.cycler(color=["#010203", "#040506"])}):
        axes = axes.figure.add_subplot()
        axes.plot([0, 40], [1, 1], label="theirs")
        axes.set_ylabel("mine")
        before = dict(mpl.rcParams)
        assert lrviz.plot([COSINE], ax=axes) is axes.figure
        assert dict(mpl.rcParams) == before
    theirs, ours = axes.lines
    assert (to_hex(theirs.get_color()), to_hex(ours.get_color())) == ("#010203", "#040506")
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title()) == ("optimizer step", "mine", "")
    assert labels(axes) == ["theirs", "cosine"]
    assert axes.get_legend() is None


def test_axes_are_named_by_what_they_count(axes):
    runs = (f"cosine:warmup=0,lr=1,epochs=10,steps_per_epoch={steps}" for steps in (100, 300))
    lrviz.plot([lrviz.evaluate(run) for run in runs], ax=axes)
    assert axes.get_xlabel() == "epoch"
    assert [line.get_xdata()[-1] for line in axes.lines] == pytest.approx([10 - 1 / 100, 10 - 1 / 300])


def test_axes_take_a_title_and_a_scale_that_are_given(axes):
    lrviz.plot(COSINE, ax=axes, title="Mine", log=True)
    assert (axes.get_title(), axes.get_yscale()) == ("Mine", "log")


def test_axes_of_a_part_of_a_figure_give_the_whole():
    figure = Figure()
    part, _ = figure.subfigures(2)
    assert lrviz.plot(COSINE, ax=part.subplots()) is figure


def test_a_stop_is_crossed_on_any_axes(axes):
    lrviz.plot(lrviz.record([1, 0.5, 0.25].__getitem__, 9), ax=axes)
    curve, cross = axes.lines
    assert (cross.get_marker(), cross.get_color()) == ("x", curve.get_color())
    assert cross.get_ydata().tolist() == [0.25]


def test_a_label_is_no_formula(axes):
    lrviz.plot(curve("cosine:lr=1,label=a $x^$ b"), ax=axes)
    axes.legend()
    axes.figure.draw_without_rendering()
    assert labels(axes) == [r"a \$x^\$ b"]


def test_a_hint_is_what_stands_in_a_call():
    with pytest.raises(OutputError) as raised:
        lrviz.plot(curve("constant:lr=0"), log=True)
    assert raised.value.hint == "give log=False"


@pytest.mark.parametrize(
    "ax", [pytest.param(3, id="a number"), pytest.param([Figure().subplots()], id="a list")]
)
def test_what_are_no_axes_is_refused(ax):
    with pytest.raises(ArgumentError, match="ax is an Axes of matplotlib"):
        lrviz.plot(COSINE, ax=ax)


@pytest.mark.parametrize("log", [3, "yes", None])
def test_what_is_neither_true_nor_false_is_refused(log):
    with pytest.raises(ArgumentError, match="log is True or False, got"):
        lrviz.plot(COSINE, log=log)


def test_a_page_keeps_its_look_under_settings_of_the_user():
    with mpl.rc_context({"font.family": "serif", "font.size": 30, "lines.linewidth": 9}):
        figure = lrviz.plot(COSINE)
        assert {name for text in figure.texts for name in text.get_fontfamily()} == {"DejaVu Sans"}
        assert LINE_WIDTH in {line.get_linewidth() for line in figure.axes[0].lines}
        shown = figure._repr_svg_()
    assert shown == lrviz.plot(COSINE)._repr_svg_()
