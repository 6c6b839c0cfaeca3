"""Pages of any size, with text of any size, in three themes; and what their files carry."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from commands import run
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from pictured import COSINE, SIX, boxes, picture, view_of

from lrviz.draw.enlarge import enlarge
from lrviz.draw.image import draw, render
from lrviz.draw.theme import THEMES, contrast
from lrviz.errors import OutputError
from lrviz.resolve.key import option_of
from lrviz.view.view_keys import VIEW, switches

COMPARED = picture(*SIX[:3])
SVG = "{http://www.w3.org/2000/svg}"


def seen(one, **said):
    return replace(one, view=view_of(x="step", **said))


@pytest.mark.long
@pytest.mark.parametrize("one", [pytest.param(COSINE, id="one"), pytest.param(COMPARED, id="three")])
@pytest.mark.parametrize(
    ("said", "pixels", "points"),
    [
        pytest.param({"size": "column"}, (520, 416), 7, id="column"),
        pytest.param({"size": "column", "dpi": "600"}, (1950, 1560), 7, id="column for print"),
        pytest.param({"size": "slide"}, (2133, 1200), 16, id="slide"),
        pytest.param({"size": "slide", "dpi": "96", "font_size": "14"}, (1280, 720), 14, id="small slide"),
        pytest.param({"size": "1280x720px"}, (1280, 720), 9, id="pixels"),
        pytest.param({"size": "1281x717px", "dpi": "97"}, (1281, 717), 9, id="odd pixels"),
        pytest.param({"size": "16 x 9 cm", "font_size": "6"}, (1007, 566), 6, id="centimetres"),
        pytest.param({"size": "180x120mm"}, (1133, 755), 9, id="millimetres"),
    ],
)  # fmt: skip
def test_a_page_is_as_large_as_said(one, said, pixels, points):
    one = seen(one, **said)
    assert struct.unpack(">II", render(one, "png")[16:24]) == pixels
    figure = draw(one)
    tick = figure.axes[-1].get_xticklabels()[0]
    assert tick.get_fontsize() == pytest.approx(points)
    width, height = figure.get_size_inches() * figure.dpi
    outside = [text for text, box in boxes(figure) if min(box.p0) < 0 or box.x1 > width or box.y1 > height]
    assert outside == []


@pytest.mark.parametrize("one", [pytest.param(COSINE, id="one"), pytest.param(COMPARED, id="three")])
def test_a_page_twice_as_large_with_text_twice_as_large_is_the_same(one):
    """Every length in points doubles, and every share of the page stays."""
    plain, doubled = draw(seen(one, size="8x5in")), draw(seen(one, size="16x10in", font_size="18"))
    assert [artist_of(part, 2) for part in plain.findobj()] == [
        artist_of(part, 1) for part in doubled.findobj()
    ]
    enlarge(plain, 2)
    for (text, one_box), (other, box) in zip(boxes(plain), boxes(doubled), strict=True):
        assert (text, [*one_box.extents]) == (other, pytest.approx([*box.extents], abs=1))


def artist_of(part, factor):
    """What it is, and all that is drawn of it that is given in points."""
    if isinstance(part, Line2D):
        drawn = {"linewidth": part.get_linestyle(), "markersize": part.get_marker()}
        names = [name for name, how in drawn.items() if how not in ("", "None")]
    else:
        names = [name for name in ("fontsize", "linewidth") if hasattr(part, f"get_{name}")]
    sizes = (getattr(part, f"get_{name}")() for name in names)
    return type(part).__name__, *(round(size * factor, 6) for size in sizes if isinstance(size, (float, int)))


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        pytest.param({"size": "3.25x1in"}, r"size=\d", id="too low"),
        pytest.param({"size": "1x5in"}, r"size=\d", id="too narrow"),
        pytest.param({"font_size": "30"}, r"size=\d|font_size=", id="too large a text"),
    ],
)
def test_a_page_without_room_is_refused_with_one_that_has(said, hint):
    with pytest.raises(OutputError, match="no room for the curves") as refused:
        draw(seen(COMPARED, **said))
    assert re.search(hint, refused.value.hint)
    ((size,),) = [re.findall(r"size=([\d.x]+in)", refused.value.hint)]
    draw(seen(COMPARED, **{**said, "size": size}))
    for points in re.findall(r"font_size=(\d+)", refused.value.hint):
        draw(seen(COMPARED, **{**said, "font_size": points}))


LONG = (
    "composer.PolynomialWithWarmupScheduler",
    "transformers.get_linear_schedule_with_warmup",
    "a, b and c",
)
DERIVED = ("torch 2.13.0", *(f"{name}: num_warmup_steps=0 (assumed)" for name in LONG))


def named(*names, **said):
    lines = [replace(line, label=name) for line, name in zip(SIX, names, strict=False)]
    return replace(picture(*lines, title=", ".join(names)), **said)


@pytest.mark.parametrize(
    ("size", "beside"), [pytest.param("16x9in", True, id="wide"), pytest.param("6.5x9in", False, id="narrow")]
)
def test_long_names_stand_beside_the_curves_of_a_wide_page(size, beside):
    figure = draw(seen(named(*LONG), size=size, legend="box"))
    lefts = [box.x0 for text, box in boxes(figure) if text in LONG]
    right = figure.axes[0].get_window_extent().x1
    assert [left > right for left in lefts] == [beside] * len(LONG)


@pytest.mark.long
@pytest.mark.parametrize(
    ("one", "said", "stand", "gone"),
    [
        pytest.param(named(*LONG), {}, {"3 curves", *LONG}, set(), id="a headline that counts"),
        pytest.param(
            named(*LONG, title="Three"), {"title": "Three"}, {"Three", *LONG}, set(), id="one that is said"
        ),
        pytest.param(named("a", "b", "c"), {}, {"a, b, c"}, {"3 curves"}, id="names with room stay"),
        pytest.param(
            named("a", "b", "c", subtitle="11 730 steps", footer=DERIVED, steps_per_epoch=100.0),
            {"size": "3.25x1.9in", "font_size": "7"},
            {"a, b, c"},
            {"epoch"},
            id="no epochs where there is no room",
        ),
        pytest.param(
            named("a", "b", "c", steps_per_epoch=100.0), {}, {"a, b, c", "epoch"}, set(), id="room for epochs"
        ),
    ],
)  # fmt: skip
def test_texts_of_a_small_page_are_as_short_as_they_must_be(one, said, stand, gone):
    figure = draw(seen(one, **{"size": "column", "legend": "box", **said}))
    words = {text.removeprefix("= ") for text, _ in boxes(figure)}
    assert (stand - words, gone & words) == (set(), set())
    width, height = figure.get_size_inches() * figure.dpi
    assert [text for text, box in boxes(figure) if box.x1 > width or min(box.p0) < 0 or box.y1 > height] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("--size 3.25x2", "has no unit", id="no unit"),
        pytest.param("--size 0x2in", "size must be", id="no width"),
        pytest.param("--size 1000x2in", "size must be", id="beyond any paper"),
        pytest.param("--size poster", "size must be", id="no such word"),
        pytest.param("--size 1.5x2px", "size must be", id="half a pixel"),
        pytest.param("--size 90000x90000px", "larger than 50 million pixels", id="too many pixels"),
        pytest.param("--size 100x100in --dpi 300", "larger than 50 million pixels", id="too many dots"),
        pytest.param("--dpi 0", "dpi must be a number from 10", id="no dots"),
        pytest.param("--font-size -3", "font_size must be a number", id="no points"),
        pytest.param("--theme blue", "theme must be one of", id="no such theme"),
        pytest.param("--size 2x1in", "no room for the curves", id="no room"),
    ],
)
def test_what_is_no_page_is_refused(words, said, tmp_path):
    done = run(tmp_path, "plot", "cosine", "--steps", "9", "--lr", "1", *words.split(), "-o", "x.png")
    error, hint = done.stderr.splitlines()[-2:]
    assert (done.returncode, said in error, "--" in hint) == (2, True, True), done.stderr


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            "--dpi 300 -o x.svg", "--dpi changes nothing: no file here is a png", id="dots of an SVG"
        ),
        pytest.param(
            "--svg-text -o x.png", "--svg-text changes nothing: no file here is a svg", id="of a PNG"
        ),
        pytest.param(
            "--size slide --dpi 96 --mark 3 --no-marks -o x.html",
            "--size, --dpi, --no-marks, --mark change nothing: no file here is a picture",
            id="of a page",
        ),
        pytest.param(
            "--panels linear,log --theme print -o x.html",
            "--panels changes nothing: no file here is a picture",
            id="what a page has otherwise",
        ),
        pytest.param("--panels log --theme dark --title a --to 5 -o x.html", "", id="what a page follows"),
        pytest.param("--size slide --mark 3 -o x.html -o x.png", "", id="a page beside a picture"),
        pytest.param("--dpi 300 -o x.svg -o x.png", "", id="dots of one of two"),
        pytest.param("--dpi 96 --size 900x600px -o x.svg", "", id="dots that say how large a pixel is"),
        pytest.param(
            "--svg-text --size 900x600px -o x.png",
            "--svg-text changes nothing: no file here is a svg",
            id="text of a PNG of pixels",
        ),
        pytest.param(
            "--dpi 96 --svg-text -o x.html -o x.pdf",
            "--dpi changes nothing: no file here is a png; --svg-text changes nothing: no file here is a svg",
            id="of two that are neither",
        ),
    ],
)
def test_an_option_that_no_file_can_follow_is_said(words, said, tmp_path):
    done = run(tmp_path, "plot", "constant", "--steps", "9", "--lr", "1", *words.split())
    notes = [line for line in done.stderr.splitlines() if " nothing:" in line]
    assert notes == [f"note: {one}" for one in said.split("; ") if one]


@pytest.mark.parametrize(
    ("lines", "words", "said"),
    [
        pytest.param(
            ["size = 'slide'", "dpi = 96", "theme = 'dark'"],
            "-o x.html",
            "[output] size, [output] dpi change nothing: no file here is a picture",
            id="of a page",
        ),
        pytest.param(
            ["size = 'slide'", "dpi = 96"],
            "--size column -o x.html",
            "--size, [output] dpi change nothing: no file here is a picture",
            id="below an option",
        ),
        pytest.param(
            ["svg_text = true"],
            "-o x.png",
            "[output] svg_text changes nothing: no file here is a svg",
            id="of a PNG",
        ),
        pytest.param(
            ["x = 'tokens'", "seq_len = 9"], "--batch-size 4 -o x.html", "", id="what a page follows"
        ),
    ],
)
def test_what_a_config_says_and_no_file_can_follow_is_said(lines, words, said, tmp_path):
    text = "\n".join(
        ["[[schedule]]", "name = 'constant'", "lr = 1", "[plan]", "steps = 9", "[output]", *lines]
    )
    (tmp_path / "run.toml").write_text(text)
    done = run(tmp_path, "plot", "run.toml", *words.split())
    notes = [line for line in done.stderr.splitlines() if "no file here" in line]
    assert (done.returncode, notes) == (0, [f"note: {said}"] if said else []), done.stderr


@pytest.mark.parametrize("name", [name for name in VIEW if name != "quantity"])  # its example is the default
def test_a_page_follows_an_option_or_says_that_it_does_not(name, tmp_path):
    """Its bytes are others, but for the digest, or a note says why not."""
    key = VIEW[name]
    run_of = ("--steps", "1950", "--steps-per-epoch", "39", "--batch-size", "4", "--lr", "1")
    switch = switches(key).split("/")[key.name == "marks"]
    asked = [option_of(key.name), key.example] if key.metavar else [switch]
    beside = ["--x", "tokens"] if key.name in {"tokens_per_step", "seq_len"} else []
    pages = []
    for more in ([], [*asked, *beside]):
        said = run(tmp_path, "plot", "constant", *run_of, *more, "-o", "x.html").stderr
        pages.append(re.sub("lrviz curves [0-9a-f]*", "", (tmp_path / "x.html").read_text(encoding="utf-8")))
    assert (pages[0] == pages[1]) is ("no file here is a picture" in said), said


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_can_be_read(name):
    theme = THEMES[name]
    looks = [theme.look(index) for index in range(36)]
    assert len({(look.color, look.dashes) for look in looks}) == 36
    assert min(contrast(color, theme.ground) for color in theme.palette) >= 3
    for index in range(6):
        for depth in (0.0, 0.5, 1.0):
            assert contrast(theme.look(index, depth).text, theme.ground) >= 4.5
    figure = draw(seen(COMPARED, theme=name))
    colors = {to_hex(text.get_color()) for axes in figure.axes for text in axes.get_yticklabels()}
    colors |= {to_hex(text.get_color()) for text in figure.texts}
    assert min(contrast(color, theme.ground) for color in colors) >= 4.5
    assert to_hex(figure.get_facecolor()).upper() == theme.ground


@pytest.mark.parametrize(
    ("said", "kind"),
    [pytest.param({}, 2, id="opaque"), pytest.param({"transparent": True}, 6, id="transparent")],
)
def test_only_a_transparent_png_has_opacities(said, kind):
    assert render(seen(COSINE, **said), "png")[25] == kind


def test_an_svg_says_what_it_shows():
    root = ET.fromstring(render(seen(COSINE, title="a"), "svg"))
    (title, told) = (root.find(f"{SVG}{name}").text for name in ("title", "desc"))
    assert (root.get("role"), title) == ("img", "cosine")
    assert all(
        text in told for text in ("learning rate", "cosine: peak 3e-4 at step 1174, last", "391 steps")
    )
    assert [*root.iter(f"{SVG}text")] == []


def test_the_text_of_an_svg_may_stay_text():
    root = ET.fromstring(render(seen(COSINE, svg_text=True), "svg"))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"cosine", "optimizer step", "learning rate"} <= {*texts}
    assert all("Verdana, sans-serif" in text.get("style") for text in root.iter(f"{SVG}text"))
