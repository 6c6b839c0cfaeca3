"""Texts in letters that the font of pictures lacks: another font, or the schedule's own name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest
from commands import run
from pictured import SIX, boxes, falling, line, picture, words

from lrviz.draw import fonts, style
from lrviz.draw.image import FORMATS, draw, render

OTHER, LETTER = "DejaVu Serif", "ᴕ"  # a letter that this font has, and the font of pictures lacks


@pytest.fixture
def other_font(monkeypatch):
    """A machine that knows of one more font, of those that matplotlib brings."""
    file = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
    monkeypatch.setattr(fonts, "installed", lambda: ((OTHER, str(file)),))
    fonts.family_of.cache_clear()
    yield
    fonts.family_of.cache_clear()


@pytest.mark.usefixtures("other_font")
def test_a_text_is_drawn_in_a_font_that_has_its_letters():
    label = f"a {LETTER}"
    figure = draw(picture(SIX[0], line(label, falling())))
    (text,) = [one for one in figure.texts if one.get_text() == label]
    assert text.get_fontfamily() == [fonts.OWN, OTHER]
    assert not style.lacks(label)


@pytest.mark.long
@pytest.mark.usefixtures("other_font")
@pytest.mark.parametrize("fmt", [pytest.param(fmt, id=fmt) for fmt in FORMATS])
def test_a_font_that_is_not_needed_changes_no_byte(fmt, monkeypatch):
    with_it = render(picture(*SIX), fmt)
    monkeypatch.setattr(fonts, "installed", tuple)
    assert render(picture(*SIX), fmt) == with_it


@pytest.mark.usefixtures("no_font")
@pytest.mark.parametrize(
    ("label", "shown"),
    [
        pytest.param("余弦", "cosine", id="letters"),
        pytest.param("run 余", "cosine", id="a letter of several"),
        pytest.param("run 🚀", "run ?", id="a sign"),
        pytest.param("run", "run", id="plain"),
    ],
)
def test_letters_that_no_font_has_make_way_for_the_name_of_the_schedule(label, shown):
    case = picture(line(label, falling(), name="cosine"), SIX[1], title=f"{label}, linear", footer=(label,))
    figure = draw(case)
    assert {f"{shown}, linear", shown} <= {*words(figure)}
    assert [text for text, _ in boxes(figure)].count(shown) == 2


@pytest.mark.usefixtures("no_font")
def test_a_label_that_holds_another_makes_way_for_its_own_name():
    lines = [line("余", falling(), name="cosine"), replace(SIX[1], label="x 余", name="linear")]
    assert "cosine, linear" in words(draw(picture(*lines, title="余, x 余")))


@pytest.mark.usefixtures("no_font")
def test_names_that_stand_for_labels_are_told_apart(tmp_path):
    done = run(
        tmp_path, "plot", "cosine:label=余弦", "cosine:label=弦余,warmup=9", "--steps", "99", "--lr", "1"
    )
    notes = [text for text in done.stderr.splitlines() if "no font" in text]
    assert notes == [
        "note: no font here has the letters of '余弦', shown as cosine",
        "note: no font here has the letters of '弦余', shown as cosine [2]",
    ]


@pytest.mark.usefixtures("no_font")
def test_a_difference_is_of_names_that_can_be_read(tmp_path):
    specs = "cosine:label=余弦,warmup=1", "linear:warmup=1"
    words = "--steps", "99", "--lr", "1", "--panels", "linear,difference", "--svg-text", "-o", "x.svg"
    assert run(tmp_path, "plot", *specs, *words).returncode == 0
    assert "difference: linear less cosine" in (tmp_path / "x.svg").read_text(encoding="utf-8")


@pytest.mark.usefixtures("other_font")
def test_a_font_that_others_may_lack_is_named(tmp_path):
    done = run(tmp_path, "plot", f"cosine:warmup=0,label={LETTER}", "--steps", "99", "--lr", "1")
    assert f"note: '{LETTER}': in {OTHER}, which other machines may lack" in done.stderr.splitlines()
