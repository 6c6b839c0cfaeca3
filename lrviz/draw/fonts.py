"""Which font has a character: the one that matplotlib brings or, for what that lacks, one installed here."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.font_manager import fontManager, get_font

OWN: Final = "DejaVu Sans"
FAKES: Final = "Last Resort"  # a font of boxes


def families(text: str) -> list[str]:
    """The fonts that write a text: with only what is everywhere, the same on every machine."""
    others = (family_of(char) for char in text if ord(char) not in own_glyphs())
    return list(dict.fromkeys([OWN, *filter(None, others)]))


@cache
def own_glyphs() -> frozenset[int]:
    """The characters of the font that every machine has, be it bold or not."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return frozenset.intersection(*(glyphs(str(folder / f"DejaVuSans{face}.ttf")) for face in ("", "-Bold")))


@cache
def family_of(char: str) -> str:
    """The first installed font that has a character; nothing if there is none."""
    return next((name for name, path in installed() if ord(char) in glyphs(path)), "")


@cache
def installed() -> tuple[tuple[str, str], ...]:
    """The families that matplotlib knows of here, with a file of each, those without serifs first."""
    files = {font.name: font.fname for font in fontManager.ttflist if font.style == "normal"}
    named = sorted((name for name in files if FAKES not in name), key=lambda name: ("Sans" not in name, name))
    return tuple((name, files[name]) for name in named if not files[name].startswith(mpl.get_data_path()))


@cache
def glyphs(path: str) -> frozenset[int]:
    """The characters of a font file; none of one that has bitmaps only, or is gone."""
    try:
        font = get_font(path)
    except (OSError, RuntimeError):
        return frozenset()
    return frozenset(font.get_charmap()) if font.scalable else frozenset()
