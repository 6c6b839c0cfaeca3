"""Colours, dashes and characters of every picture."""

from __future__ import annotations

import pytest
from commands import new_process, run

from lrviz.draw import style, theme


@pytest.mark.parametrize(
    ("color", "contrast"),
    [
        pytest.param("#FFFFFF", 1, id="white"),
        pytest.param("#000000", 21, id="black"),
        pytest.param("#767676", 4.54, id="the lightest readable grey"),
    ],
)
def test_contrast(color, contrast):
    assert theme.contrast(color) == pytest.approx(contrast, abs=0.01)


@pytest.mark.usefixtures("no_font")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a $x$ b", "a $x$ b", id="no mathtext"),
        pytest.param("学 🚀", "? ?", id="missing glyphs"),
        pytest.param("a\tb\nc", "a b c", id="one line"),
        pytest.param("\ud800", "?", id="lone surrogate"),
        pytest.param("a\U000e0100b", "ab", id="invisible mark"),
        pytest.param("\ufeffa\u202eb\u2066c", "a b c", id="directions"),
        pytest.param("a\u200db\xadc", "abc", id="joiners"),
        pytest.param("a\u2028b\u2029c", "a b c", id="separators"),
    ],
)
def test_clean(text, shown):
    assert style.clean(text) == shown


@pytest.mark.usefixtures("no_font")
@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        pytest.param("学", True, id="no glyph"),
        pytest.param("\ud800", True, id="lone surrogate"),
        pytest.param("é ∑ ?", False, id="glyphs"),
        pytest.param("\ufeffa\nb\u200d", False, id="nothing to see"),
        pytest.param("a" * 10_000, False, id="long"),
    ],
)
def test_what_the_font_lacks(text, lacking):
    assert style.lacks(text) is lacking


def test_a_very_long_text_loses_its_middle():
    shown = style.clean("a" * 10_000 + "b" * 10_000)
    assert shown.strip("ab") == "…"
    assert len(shown) <= 1000


def test_settings_of_matplotlib_that_are_no_text_are_refused_in_words(tmp_path):
    (tmp_path / "matplotlibrc").write_bytes(b"font.size: \xff\n")
    done = run(tmp_path, "plot", "cosine", by=new_process)
    assert done.returncode == 2
    assert "matplotlib does not start with this matplotlibrc: it is not UTF-8 text\nhint: " in done.stderr
