"""``show --chart`` over a part of a run, on an axis of epochs, percents or tokens."""

from __future__ import annotations

import numpy as np
import pytest
from charted import chart, dots_of, rows_of, steps_of, timeline_of
from commands import run

from lrviz.curves.charted import HEADROOM
from lrviz.draw.ticks import value_scale

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

WINDOWS = [
    pytest.param("cosine:warmup=10%", [], (0, 1000), id="the whole run"),
    pytest.param("cosine:warmup=10%", ["--from", "50", "--to", "30%"], (50, 300), id="a part"),
    pytest.param("cosine:warmup=0", ["--to", "7"], (0, 7), id="fewer steps than columns"),
    pytest.param(
        "wsd:warmup=0,num_decay_steps=200",
        ["--x", "percent", "--from", "25%"],
        (250, 1000),
        id="percents",
    ),
    pytest.param(
        "cosine:warmup=3%,steps_per_epoch=100", ["--x", "epoch", "--to", "2ep"], (0, 200), id="epochs"
    ),
    pytest.param(
        "linear:warmup=5%",
        ["--x", "tokens", "--tokens-per-step", "2048", "--from", "10"],
        (10, 1000),
        id="tokens",
    ),
]


@pytest.mark.parametrize(("words", "options", "window"), WINDOWS)
def test_a_column_has_the_steps_of_its_part_of_the_axis(words, options, window, tmp_path):
    dots = dots_of(rows_of(chart(tmp_path, f"{words},steps=1000,lr=0.1", *options)))
    values = timeline_of(f"{words},steps=1000,lr=0.1")(np.arange(1000.0))[slice(*window)]
    scale = value_scale([values], HEADROOM)
    places = np.rint((values - scale.low) / (scale.high - scale.low) * (len(dots) - 1)).astype(int)
    for column, drawn in enumerate(dots.T):
        own = places[steps_of(column, len(values), dots.shape[1])]
        assert drawn[own.min() : own.max() + 1].all()


def test_runs_of_any_length_share_an_axis_of_percents(tmp_path):
    words = ["wsd:warmup=0,steps=400", "wsd:warmup=0,steps=800", "--lr", "0.1"]
    words[:2] = [f"{word},num_decay_steps=20%" for word in words[:2]]
    phases = [line.split()[0] for line in chart(tmp_path, *words)[-2:]]
    of_percents = chart(tmp_path, *words, "--x", "percent")
    assert phases == ["a", "b"]
    assert of_percents[-1].split() == ["ab", "stable", "│", "decay"]
    assert of_percents[-2].split() == ["percent", "0%", "20%", "40%", "60%", "80%", "100%"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--x", "epoch"], ["give --steps-per-epoch 39, or"], id="no epochs"),
        pytest.param(["--x", "tokens"], ["give --tokens-per-step 65536, or"], id="no tokens"),
        pytest.param(["--x", "parsecs"], ["--x step or --x epoch or"], id="no axis"),
        pytest.param(["--from", "90%", "--to", "10%"], ["give --from 0 and a later"], id="nothing between"),
        pytest.param(["--to", "2e9"], ["leave out --to, or give --to 100%"], id="behind the end"),
        pytest.param(["--tokens-per-step", "9"], ["give --x tokens too"], id="tokens of no axis"),
    ],
)
def test_an_axis_that_cannot_be_is_refused_as_that_of_a_picture(options, said, tmp_path):
    words = ["linear:warmup=0", "--steps", "100", "--lr", "1"]
    of_chart = run(tmp_path, "show", *words, "--chart", *options)
    of_picture = run(tmp_path, "plot", *words, "-o", "x.png", *options)
    assert (of_chart.returncode, of_chart.stdout, of_chart.stderr) == (2, "", of_picture.stderr)
    assert all(text in of_chart.stderr for text in said)


def test_what_is_rounded_of_a_part_is_said_once(tmp_path):
    words = "onecycle onecycle:pct_start=0.5 --steps 333 --lr 1 --quantity lr,momentum --chart --to 10%"
    done = run(tmp_path, "show", *words.split())
    assert [line for line in done.stderr.splitlines() if "10%" in line] == [
        "note: to: 10% of 333 is 33: int(333 * 0.1), the exact product is 33.3"
    ]


def test_a_curve_that_is_not_on_the_axis_is_said(tmp_path):
    words = ["constant:lr=0", "linear:warmup=0,lr=1", "--steps", "9", "--chart"]
    said = "note: constant: nowhere above 0, and so not on the logarithmic axis"
    assert said in run(tmp_path, "show", *words, "--log").stderr.splitlines()
    assert said not in run(tmp_path, "show", *words).stderr.splitlines()
