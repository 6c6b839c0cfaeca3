"""``show --chart``: every column of dots against brute force, and what stands around the curves."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from charted import chart, dots_of, edges, rows_of, steps_of, timeline_of
from commands import run
from every import for_every_schedule
from terminal import on_terminal

from lrviz.cli.app import _options_of
from lrviz.curves.charted import HEADROOM
from lrviz.describe.example import STEPS, example
from lrviz.draw.letters import LETTERS
from lrviz.draw.ticks import log_scale, value_scale
from lrviz.engine.extents import extents
from lrviz.engine.timeline import Timeline

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

# --- exact -----------------------------------------------------------------------------------------------

SMOOTH = [
    pytest.param("cosine:warmup=7%", 10_007, id="a warmup and a cosine"),
    pytest.param("linear:warmup=3", 1000, id="a warmup of a few steps"),
    pytest.param("wsd:warmup=10%,num_decay_steps=20%", 5000, id="three phases"),
    pytest.param("cosine_with_restarts:num_cycles=7,warmup=0", 9999, id="restarts"),
    pytest.param("cosine_with_restarts:num_cycles=900,warmup=0", 20_000, id="more cycles than columns"),
    pytest.param("torch.StepLR:step_size=300", 1000, id="stairs"),
    pytest.param("torch.MultiStepLR:milestones=5,6,200,gamma=0.5", 777, id="milestones side by side"),
    pytest.param("cyclic:base_lr=0.01,step_size_up=7", 1000, id="triangles"),
    pytest.param('lambda:lr_lambda="0.1+(epoch==3456)"', 8000, id="a spike of one step"),
    pytest.param('lambda:lr_lambda="1-(epoch==3456)"', 8000, id="a dip of one step"),
    pytest.param('lambda:lr_lambda="sin(epoch/50)"', 2000, id="below zero"),
    pytest.param('torch.MultiplicativeLR:lr_lambda="0.99 if epoch % 3 else 1.01"', 500, id="a walk"),
    pytest.param("cosine:warmup=2", 5, id="fewer steps than columns"),
    pytest.param("cosine:warmup=20", 133, id="as many steps as columns"),
    pytest.param("constant:warmup=0", 1, id="one step"),
]


@pytest.mark.parametrize(("words", "steps"), SMOOTH)
def test_a_column_of_dots_covers_the_values_of_its_steps_and_no_more(words, steps, tmp_path):
    dots = dots_of(rows_of(chart(tmp_path, f"{words},steps={steps},lr=0.1", "--height", "20")))
    values = timeline_of(f"{words},steps={steps},lr=0.1")(np.arange(float(steps)))
    scale = value_scale([values], HEADROOM)
    places = np.rint((values - scale.low) / (scale.high - scale.low) * (len(dots) - 1)).astype(int)
    before = None
    for column, drawn in enumerate(dots.T):
        own = places[steps_of(column, steps, dots.shape[1])]
        low, high = own.min(), own.max()
        joined = (low, high) if before is None else (min(low, before[1] + 1), max(high, before[0] - 1))
        assert np.flatnonzero(drawn).tolist() == list(range(joined[0], joined[1] + 1))
        before = low, high


@pytest.mark.long
@pytest.mark.parametrize(("words", "steps"), SMOOTH)
@pytest.mark.parametrize("count", [7, 140, 333])
@pytest.mark.parametrize("positive", [False, True], ids=["all values", "positive values"])
def test_the_extremes_of_a_column_are_those_of_its_steps(words, steps, count, positive):
    timeline, start = timeline_of(f"{words},steps={steps},lr=0.1"), steps // 5
    low, high = extents(timeline, (start, steps), edges(steps + steps // 4, count), positive=positive)
    for column in range(count):
        own = [step for step in steps_of(column, steps + steps // 4, count) if start <= step < steps]
        values = timeline(np.array(own, dtype=float))
        values = values[values > 0] if positive else values
        if values.size:
            assert (low[column], high[column]) == pytest.approx((values.min(), values.max()), rel=1e-15)
        else:
            assert np.isnan([low[column], high[column]]).all()


@for_every_schedule
def test_the_extremes_of_every_schedule_are_those_of_its_steps(entry):
    timeline = example(entry).schedule.groups[0]["lr"]
    run = min(STEPS, int(min(timeline.end, STEPS)))
    values = timeline(np.arange(float(run)))
    low, high = extents(timeline, (0, run), edges(STEPS, 37))
    of_columns = [[i for i in steps_of(column, STEPS, 37) if i < run] for column in range(37)]
    expected = [(min(values[own]), max(values[own])) if own else (np.nan, np.nan) for own in of_columns]
    np.testing.assert_allclose(np.array([low, high]).T, np.array(expected), rtol=1e-15)


@pytest.mark.parametrize("positive", [False, True], ids=["all values", "positive values"])
@pytest.mark.parametrize(
    "words",
    [
        pytest.param("cosine:warmup=10%", id="cosine"),
        pytest.param("linear:warmup=1", id="a warmup of one step"),
        pytest.param("cosine_with_restarts:num_cycles=9,warmup=0", id="restarts"),
        pytest.param("cyclic:base_lr=0,step_size_up=10", id="dense cycles"),
    ],
)
def test_a_longer_run_is_looked_at_no_more_often(words, positive):
    looked_at = []
    for steps in (10**4, 10**12):
        timeline = timeline_of(f"{words},steps={steps},lr=0.1")
        ticks = []
        counting = Timeline(tuple(counted(phase, ticks) for phase in timeline.phases))
        extents(counting, (0, steps), edges(steps, 140), positive=positive)
        looked_at.append(sum(ticks))
    assert max(looked_at) < 500_000


def test_zero_is_a_gap_on_a_logarithmic_axis(tmp_path):
    words = "linear:warmup=10,steps=40,lr=0.1"
    dots = dots_of(rows_of(chart(tmp_path, words, "--log")))
    values = timeline_of(words)(np.arange(40.0))
    scale = log_scale([values], HEADROOM)
    first = [np.flatnonzero(column).tolist() for column in dots.T]
    of_step = [first[i] for i in range(len(first)) if i * 40 // len(first) == 0]
    assert of_step == [[] for _ in of_step]
    after = next(rows for rows in first if rows)
    height = np.log(values[1] / scale.low) / np.log(scale.high / scale.low)
    assert after == [round(height * (len(dots) - 1))]


def counted(phase, ticks):
    """The phase, which notes how many ticks it is asked for."""

    def rate(asked):
        ticks.append(asked.size)
        return phase.rate(asked)

    return replace(phase, rate=rate)


# --- several curves --------------------------------------------------------------------------------------

FOUR = ["cosine", "linear", "wsd", "step", "--warmup", "6%", "--steps", "1000", "--lr", "1e-3"]
RUNS = [
    pytest.param(FOUR, 4, id="four curves"),
    pytest.param([*FOUR, "--log"], 4, id="on a logarithmic axis"),
    pytest.param(["cosine:warmup=0", "cosine:warmup=0,label=same", *FOUR[4:]], 2, id="one on the other"),
    pytest.param(
        ["cosine:warmup=0", *FOUR[6:], "--layer-decay", "0.75", "--layers", "12"], 14, id="a family"
    ),
]


PLAIN = [
    pytest.param(FOUR, 4, {"NO_COLOR": "1"}, id="NO_COLOR"),
    pytest.param(FOUR, 4, {"TERM": "dumb"}, id="TERM=dumb"),
    pytest.param(FOUR, 4, {"PYTHONIOENCODING": "latin-1"}, id="latin-1"),
    *(pytest.param(*row.values, {"PYTHONIOENCODING": "ascii"}, id=f"ascii, {row.id}") for row in RUNS),
]


@pytest.mark.parametrize(
    ("words", "count", "variables"),
    [*(pytest.param(*row.values, {}, id=f"colours, {row.id}") for row in RUNS), *PLAIN],
)
def test_every_curve_has_a_letter_with_and_without_colour(words, count, variables, tmp_path):
    done = on_terminal(tmp_path, "show", *words, "--chart", "-q", **variables)
    _, lines, table = done.output.decode().split("\n\n")
    escapes = set(re.findall(r"\x1b\[[0-9;]*m", lines))
    letters = LETTERS[:count]
    drawn = re.sub(r"\x1b\[[0-9;]*m", "", lines).splitlines()[1:17]
    assert set(letters) <= set("".join(line[7:] for line in drawn))
    assert [re.sub(r"\x1b\[[0-9;]*m", "", row)[0] for row in table.splitlines()[1:]] == [*letters]
    assert len(escapes) == (0 if variables else min(count, 6) + 1)
    assert lines.isascii() == ("PYTHONIOENCODING" in variables)


def test_colours_change_no_character(tmp_path):
    plain = chart(tmp_path, *FOUR, by=on_terminal, NO_COLOR="1")
    assert chart(tmp_path, *FOUR, by=on_terminal) == plain


def test_letters_in_ascii_take_turns_where_curves_are_one(tmp_path):
    words = ["constant:warmup=0", "constant:warmup=0,label=same", "--steps", "100", "--lr", "1"]
    lines = chart(tmp_path, *words, PYTHONIOENCODING="ascii")
    assert any("abababab" in line for line in lines)


# --- what stands around ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("columns", "rows"), [(40, 4), (40, 40), (60, 16), (132, 6)])
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(FOUR, id="four curves"),
        pytest.param(["cosine", "--steps", "1e12", "--warmup", "1%", "--lr", "1e-19"], id="long numbers"),
        pytest.param(["cosine", "--dataset-len", "5000", "--batch-size", "7", "--epochs", "3"], id="epochs"),
    ],
)
def test_a_chart_fits_its_terminal(words, columns, rows, tmp_path):
    lines = chart(tmp_path, *words, "--height", str(rows), by=on_terminal, columns=columns)
    assert max(map(len, lines)) <= columns
    assert len(rows_of(lines)) == rows


@pytest.mark.parametrize("rows", [5, 8, 16, 60])
def test_ticks_begin_at_zero_and_reach_the_peak(rows, tmp_path):
    lines = chart(tmp_path, "cosine:warmup=0", "--steps", "1000", "--lr", "1e-3", "--height", str(rows))
    ticks = [line.partition("┤")[0].strip() for line in lines if "┤" in line]
    assert (ticks[0], ticks[-1]) == ("1e-3", "0")


@pytest.mark.parametrize(
    ("words", "phases"),
    [
        pytest.param(["wsd:warmup=30%"], ["       warmup │ stable │ decay"], id="one curve"),
        pytest.param(["cosine:warmup=5%"], ["│←warmup cosine decay"], id="a warmup without room"),
        pytest.param(
            ["cosine:warmup=30%", "linear:warmup=30%"],
            ["a warmup │ cosine decay", "b warmup │ decay"],
            id="two curves",
        ),
        pytest.param(
            ["cosine:warmup=30%", "cosine:warmup=30%,lr=1"],
            ["ab warmup │ cosine decay"],
            id="once where alike",
        ),
        pytest.param(["torch.StepLR:step_size=10"], ["step"], id="one phase"),
        pytest.param(
            ["wsd:warmup=0,label=t", "linear:from=t@40,for=5"],
            ["a stable │ decay", "b │"],
            id="a branch too short for its name",
        ),
    ],
)
def test_phases_are_named_below(words, phases, tmp_path):
    lines = chart(tmp_path, *words, "--steps", "100", "--lr", "0.1")
    below = [" ".join(line.split()) for line in lines[-len(phases) :]]
    assert below == [" ".join(line.split()) for line in phases]


def test_a_stop_is_marked_in_its_column(tmp_path):
    words = ["torch.OneCycleLR:max_lr=0.1,total_steps=60", "--steps", "100", "--lr", "0.1"]
    lines = chart(tmp_path, *words)
    rows = rows_of(lines)
    (column,) = {row.index("×") for row in rows if "×" in row}
    assert column == -(-61 * len(rows[0]) // 100)
    assert all(set(row[column + 1 :]) == {" "} for row in rows)


def test_rows_of_a_log_are_points(tmp_path):
    log = "\n".join(["step,lr", *(f"{step},{1e-3 * (1 - step / 100)}" for step in range(0, 100, 20)), ""])
    (tmp_path / "log.csv").write_text(log)
    dots = dots_of(rows_of(chart(tmp_path, "log.csv")))
    assert dots.sum() == 5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["--height", "10"], "--height is an option of a chart", id="no chart"),
        pytest.param(["--log"], "--log is an option of a chart", id="no chart for --log"),
        pytest.param(["--from", "5"], "--from is an option of a chart", id="no chart for --from"),
        pytest.param(["--chart", "--height", "3"], "--height 3 is no number of rows", id="too low"),
        pytest.param(["--chart", "--height", "1e9"], "--height 1e9 is no number of rows", id="too high"),
        pytest.param(["--chart", "--height", "tall"], "--height tall is no number of rows", id="no number"),
        pytest.param(["--chart", "--height", "10.5"], "--height 10.5 is no number of rows", id="a part"),
        pytest.param(["--chart", "--format", "json"], "--format json is not", id="a document"),
        pytest.param(["--chart", "--get", "peak"], "--get peak is not", id="one value"),
        pytest.param(
            ["--chart", "cosine:lr={" + ",".join(map(str, range(1, 60))) + "}"], "60 curves", id="many"
        ),
        pytest.param(["--chart", "cosine:lr=1e-305"], "which no axis can show", id="beyond an axis"),
    ],
)
def test_what_has_no_chart_is_refused_with_a_way_out(words, message, tmp_path):
    done = run(tmp_path, "show", "constant", *words, "--steps", "10", "--lr", "1")
    assert (done.returncode, done.output) == (2, b"")
    error, hint = done.stderr.splitlines()[-2:]
    assert message in error
    assert hint.startswith("hint: ")


@pytest.mark.parametrize(
    ("words", "by"),
    [
        pytest.param(["show", "--chart", "--log"], "give --linear", id="a chart"),
        pytest.param(["plot", "--log", "-o", "x.html"], "give --linear", id="a page"),
        pytest.param(["plot", "--log", "-o", "x.png"], "give --linear", id="a picture"),
    ],
)
@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_logarithmic_axis_of_nothing_is_refused(tmp_path, words, by, value):
    command, *options = words
    done = run(tmp_path, command, f"lambda:lr_lambda={value}", "--steps", "9", "--lr", "1", *options)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-2:] == [
        "error: no value is above 0, as a logarithmic axis needs",
        f"hint: {by}",
    ]
    assert not any(tmp_path.iterdir())


def test_a_chart_takes_the_axes_that_a_picture_takes():
    """``show`` says its options itself, since what makes those of pictures loads as long as half a show."""
    chart, picture = _options_of("show"), _options_of("plot")
    shared = chart.keys() & picture.keys()
    assert {"--x", "--from", "--to", "--log", "--linear", "--tokens-per-step", "--quantity"} <= shared
    assert {name: chart[name] for name in shared} == {name: picture[name] for name in shared} | {
        "--format": chart["--format"]
    }
