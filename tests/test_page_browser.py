"""A page in a browser: what it answers is what ``lrviz values`` says, and nothing goes wrong."""

from __future__ import annotations

import itertools

import pytest
from commands import run
from paged import PHONE, points, said, texts

pytestmark = pytest.mark.long

THREE = ("cosine", "linear", "wsd", "--warmup", "6%", "--steps", "11730", "--lr", "3e-4")
EPOCHS = ("torch.StepLR:step_size=30", "cosine", "--epochs", "90", "--steps-per-epoch", "50", "--lr", "0.1")
WIDE = {"width": 1100}


def place(tab, share, height=0.5):
    """A point of the panel, in pixels."""
    box = tab.run("charts[0].element.getBoundingClientRect().toJSON()")
    return box["left"] + share * box["width"], box["top"] + height * box["height"]


def hover(tab, share):
    tab.mouse("Moved", *place(tab, share))


def cells(tab):
    return tab.run("[...document.querySelectorAll('.now')].map(cell => cell.textContent)")


def step(tab):
    return tab.run("lead().x[nearest(lead().x, state.at)]")


def values(folder, words, at):
    done = run(folder, "values", *words, "--at", str(at), "--format", "csv", "-q")
    return done.stdout.splitlines()[1].split(",")[2:]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(THREE, id="smooth"),
        pytest.param(EPOCHS, id="stairs"),
        pytest.param(("cyclic:step_size_up=10", "--steps", "1e6", "--lr", "0.1"), id="dense"),
        pytest.param(("linear", "--lr", "1e-3,1e-4", "--steps", "100"), id="groups"),
        pytest.param(("constant", "--lr", "1e-5", "--steps", "3"), id="short"),
        pytest.param(("cosine", "--lr", "1e-7", "--steps", "1e12"), id="endless"),
    ],
)
def test_hover_tells_the_digits_of_values(opened, tmp_path, words):
    tab = opened(*words)
    for share in (0.001, 0.31, 0.77, 0.999):
        hover(tab, share)
        assert cells(tab) == values(tmp_path, words, step(tab))


def test_keys_walk_over_the_ticks(opened, tmp_path):
    tab = opened(*EPOCHS)
    tab.run("plot.focus()")
    walked = []
    for key, shift in (
        ("Home", False),
        ("ArrowRight", False),
        ("ArrowRight", True),
        ("ArrowLeft", False),
        ("End", False),
    ):
        tab.key(key, shift=shift)
        walked.append(tab.run("lead().x.indexOf(state.at)"))
        assert cells(tab) == values(tmp_path, EPOCHS, step(tab))
    assert walked == [0, 1, 11, 10, tab.run("lead().x.length - 1")]
    assert step(tab) == 4499


def test_a_click_hides_a_curve_and_the_axis_follows(opened):
    tab = opened("constant:lr=1,label=big", "constant:lr=0.001,label=small", "--steps", "100")
    assert tab.run("[...document.querySelectorAll('.panel .hidden')].length") == 0
    tab.run("document.querySelector('tbody button').click()")
    assert tab.run("[...document.querySelectorAll('.panel .hidden')].length") == 1
    assert texts(tab, "value")[-1] == "1e-3"
    assert "hide=0" in tab.run("location.hash")


def test_the_logarithmic_axis_is_that_of_the_pictures(opened):
    tab = opened("torch.StepLR:step_size=300", "--steps", "1000", "--lr", "0.1")
    tab.run("plot.focus()")
    tab.key("l")
    assert texts(tab, "value") == ["1e-4", "1e-3", "1e-2", "1e-1"]
    tab.key("l")
    assert texts(tab, "value")[0] == "0"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(THREE, id="three"),
        pytest.param(
            ("wsd:num_decay_steps=90%", "--warmup", "2%", "--steps", "1000", "--lr", "1"), id="short phases"
        ),
        pytest.param((*THREE, "--log"), id="log"),
        pytest.param(
            ("cosine", "--steps", "1500", "--warmup", "10%", "--lr", "5e-4"), id="few steps of the axis"
        ),
        pytest.param(
            ("onecycle", "--steps", "3000", "--lr", "12345", "--quantity", "momentum"), id="not from 0"
        ),
        pytest.param(("lambda:lr_lambda=cos(epoch/100)", "--steps", "1000", "--lr", "1e-19"), id="negative"),
        pytest.param(("constant", "--steps", "2", "--lr", "0"), id="zero"),
    ],
)
def test_without_its_script_a_page_has_the_same_axes(opened, words):
    tab = opened(*words, **PHONE)
    alive = said(tab)
    tab = opened(*words, **PHONE, scripts=False)
    assert said(tab) == alive


@pytest.mark.parametrize(
    ("shape", "inside"), [pytest.param(WIDE, True, id="wide"), pytest.param(PHONE, False, id="phone")]
)
def test_without_its_script_a_warmup_is_named_in_its_strip_where_that_is_wide(opened, shape, inside):
    tab = opened("cosine", "--warmup", "11%", "--steps", "11730", "--lr", "1", **shape, scripts=False)
    edges = ".map(one => one.getBoundingClientRect()).map(({left, right}) => [left, right])"
    names = tab.run(
        f"[...document.querySelectorAll('.phase')]{edges}.filter(([left, right]) => left < right)"
    )
    strip = tab.run(f"[...document.querySelectorAll('.warmup')]{edges}")[0]
    assert (strip[0] < names[0][0] and names[0][1] < strip[1]) == inside


def test_an_axis_that_does_not_begin_at_zero_says_so(opened):
    tab = opened("lambda:lr_lambda=1-0.1*epoch/1000", "--steps", "1000", "--lr", "1e-3")
    assert said(tab)[-1] == "learning rate (not from 0) by optimizer step"
    tab.run("plot.focus()")
    tab.key("l")
    assert said(tab)[-1] == "learning rate (log) by optimizer step"


def test_a_zoom_beyond_what_a_page_has_says_so(opened):
    assert "no finer" not in said(opened(*THREE))[-1]
    assert "up to 42 steps apart" in said(opened(*THREE, fragment="#view=1000,1400"))[-1]
    assert "no finer" not in said(opened(*EPOCHS[:1], "--steps", "99", "--lr", "1", fragment="#view=3,6"))[-1]


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("scale", [(), ("--log",)], ids=["linear", "log"])
def test_a_jump_is_upright(opened, scripts, scale):
    tab = opened(
        "torch.StepLR:step_size=3000,gamma=0.5", "--steps", "30000", "--lr", "0.1", *scale, scripts=scripts
    )
    path = [*points(tab.run("document.querySelector('.panel .curve').getAttribute('d')"))]
    moved = [(a, b) for a, b in itertools.pairwise(path) if abs(a[1] - b[1]) > 2]
    assert len(moved) > 2
    assert [(a, b) for a, b in moved if a[0] != b[0]] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_a_zero_on_a_logarithmic_axis_is_a_gap(opened, scripts):
    tab = opened("linear", "--warmup", "10", "--steps", "100", "--lr", "1", "--log", scripts=scripts)
    path = [*points(tab.run("document.querySelector('.panel .curve').getAttribute('d')"))]
    assert path[0][0] == 20


def test_a_drag_zooms_and_a_double_click_shows_the_whole_run(opened):
    tab = opened(*THREE)
    tab.mouse("Pressed", *place(tab, 0.25))
    tab.mouse("Moved", *place(tab, 0.4))
    tab.mouse("Moved", *place(tab, 0.5))
    tab.mouse("Released", *place(tab, 0.5))
    low, high = tab.run("view()")
    assert (low, high) == (pytest.approx(0.25 * 11730, abs=15), pytest.approx(0.5 * 11730, abs=15))
    ring = "[document.activeElement.id, getComputedStyle(plot).outlineStyle]"
    assert tab.run(ring) == ["plot", "none"]
    tab.key("ArrowRight")
    assert tab.run(ring) == ["plot", "solid"]
    hover(tab, 0.5)
    assert low < step(tab) < high
    tab.click(*place(tab, 0.5), times=2)
    assert tab.run("view()") == [0, 11730]


def test_a_link_shows_what_was_seen(opened):
    tab = opened(*EPOCHS, fragment="#x=epoch&scale=log&view=20,60&hide=1&at=1500")
    assert tab.run("[state.x, state.log, view(), curves.map(one => one.hidden), state.at]") == [
        "epoch",
        True,
        [20, 60],
        [False, True],
        1500,
    ]
    assert texts(tab, "step")[0] == "20"
    tab.run("plot.focus()")
    tab.key("Escape")
    assert tab.run("location.hash") == "#x=epoch&scale=log&hide=1&at=1500"


@pytest.mark.parametrize("fragment", ["#", "#x=furlong&view=a,b&hide=99&at=x", "#view=60,20&scale=", "#%"])
def test_a_link_of_nonsense_shows_the_whole(opened, fragment):
    assert opened(*EPOCHS, fragment=fragment).run("view()") == [0, 4500]


def test_runs_of_other_length_meet_at_a_percent(opened, tmp_path):
    words = ("cosine:steps=1000", "cosine:steps=5000", "--warmup", "0", "--lr", "1")
    tab = opened(*words, fragment="#x=percent")
    hover(tab, 0.5)
    for index, cell in enumerate(cells(tab)):
        value, _, at = cell.partition(" @ ")
        assert value == values(tmp_path, words[index : index + 1] + words[2:], at)[0]
    assert abs(int(cells(tab)[0].split()[-1]) - 500) < 5


@pytest.mark.parametrize(
    ("view", "unit", "ends", "texts_of_ends"),
    [
        pytest.param((), "step", [0, 4500], ("0", "4\u202f500"), id="steps"),
        pytest.param(
            ("--x", "epoch", "--from", "10ep", "--to", "20ep"), "epoch", [10, 20], ("10", "20"), id="epochs"
        ),
        pytest.param(("--x", "percent"), "percent", [0, 100], ("0%", "100%"), id="percent"),
        pytest.param(("--from", "100"), "step", [100, 4500], ("100", "4\u202f500"), id="from a step"),
        pytest.param(
            ("--x", "tokens", "--tokens-per-step", "1000"),
            "tokens",
            [0, 4_500_000],
            ("0", "4\u202f500\u202f000"),
            id="tokens",
        ),
    ],
)
def test_a_page_begins_with_the_view_that_was_asked_for(opened, tmp_path, view, unit, ends, texts_of_ends):
    tab = opened(*EPOCHS, *view)
    assert (tab.run("state.x"), tab.run("view()")) == (unit, ends)
    shown = texts(tab, "step")
    assert (shown[0], shown[-1]) == texts_of_ends
    hover(tab, 0.5)
    assert cells(tab) == values(tmp_path, EPOCHS, step(tab))


def test_samples_count_what_the_last_batch_lacks(opened):
    run_of = (
        "cosine",
        "--dataset-len",
        "1235",
        "--batch-size",
        "32",
        "--epochs",
        "3",
        "--lr",
        "1",
        "--warmup",
        "0",
    )
    tab = opened(*run_of, "--x", "samples")
    assert tab.run("view()") == [0, 3 * 1235]
    assert tab.run("[38, 39, 40].map(step => place(curves[0], step))") == [38 * 32, 1235, 1235 + 32]


def test_the_specs_are_copied(opened):
    tab = opened(*THREE)
    tab.run("[...document.querySelectorAll('button')].find(one => one.textContent === 'copy').click()")
    tab.until("[...document.querySelectorAll('button')].some(one => one.textContent === 'copied')")


@pytest.mark.parametrize(
    "shape",
    [WIDE, {**WIDE, "dark": True}, PHONE, {**PHONE, "scripts": False}],
    ids=["wide", "dark", "phone", "no script"],
)
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(THREE, id="three"),
        pytest.param(("cosine", "--steps", "1e12", "--warmup", "1%", "--lr", "1"), id="endless"),
        pytest.param(("cosine:label=" + "long" * 200, "--steps", "50", "--lr", "1"), id="long label"),
    ],
)
def test_nothing_is_wider_than_the_window(opened, tmp_path, words, shape):
    tab = opened(*words, **shape)
    assert tab.run("document.documentElement.scrollWidth") <= shape["width"]
    dark = tab.run("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == shape.get("dark", False)
    tab.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 10_000


def test_paper_is_light_and_has_nothing_to_press(opened):
    tab = opened(*THREE, dark=True)
    tab.ask("Emulation.setEmulatedMedia", media="print")
    assert tab.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    seen = "one => one.getClientRects().length"
    assert (
        tab.run(f"[...document.querySelectorAll('#controls, h2 + button, .now, .live')].filter({seen})") == []
    )
    assert tab.run("document.querySelector('table').offsetWidth") < 640


def test_on_a_phone_the_values_stand_beside_long_names(opened):
    names = [f"cosine:lr={k}e-4,warmup=500,label=cosine:lr={k}e-4 warmup=500" for k in range(1, 9)]
    tab = opened(*names, "--steps", "3777", **PHONE)
    hover(tab, 0.5)
    assert all(len(cell) > 15 for cell in cells(tab))
    edges = tab.run("cells.map(({values}) => values[0].getBoundingClientRect().right)")
    assert max(edges) <= PHONE["width"]


def test_each_quantity_is_seen_and_told(opened, tmp_path):
    words = ("onecycle", "--steps", "600", "--lr", "0.1")
    tab = opened(*words, "--quantity", "lr,momentum")
    hover(tab, 0.31)
    told = [values(tmp_path, (*words, "--quantity", name), step(tab))[0] for name in ("lr", "momentum")]
    assert cells(tab) == told
    assert tab.run("document.querySelectorAll('.cursor .dot').length") == 2
    firsts = tab.run("[...document.querySelectorAll('table')].map(one => one.rows[0].cells[0].textContent)")
    assert firsts == ["learning rate", "momentum"]


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_each_quantity_has_its_axis(opened, scripts):
    tab = opened("onecycle", "linear", "--lr", "0.1", "--steps", "600", "--warmup", "9",
                 "--quantity", "lr,momentum", scripts=scripts)  # fmt: skip
    captions = tab.run("[...document.querySelectorAll('figcaption')].map(one => one.textContent)")
    assert captions == ["learning rate by optimizer step", "momentum (not from 0) by optimizer step"]
    drawn = "one => one.querySelectorAll(`.curve:not([d=''])`).length"
    assert tab.run(f"[...document.querySelectorAll('.chart')].map({drawn})") == [2, 1]


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("lambda:lr_lambda=cos(epoch/100)",), ", values below ", id="below 0"),
        pytest.param(("linear", "--warmup", "9"), ", values below ", id="zero"),
        pytest.param(("constant",), "", id="all of them"),
    ],
)
def test_a_logarithmic_axis_says_that_it_lacks_values(opened, words, said, scripts):
    tab = opened(*words, "--steps", "1000", "--lr", "1e-3", "--log", scripts=scripts)
    caption = tab.run("document.querySelector('figcaption').textContent")
    assert caption.startswith(f"learning rate (log{said or ')'}")
