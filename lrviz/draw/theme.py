"""The colours of a picture: what it is drawn on, its text, its axes, and the look of each curve."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

# In multiples of the line width; hue alone does not survive a grey print. Empty means solid.
DASHES: Final[tuple[tuple[float, ...], ...]] = (
    (),
    (6.0, 2.0),
    (12.0, 2.0),
    (6.0, 1.6, 1.0, 1.6),
    (3.0, 1.4),
    (1.0, 1.1),
)
LINE_WIDTH: Final = 2.0
PALEST: Final = 0.65  # how far the first of a family is on its way to the ground
READABLE: Final = 4.5  # least contrast of text


class Look(NamedTuple):
    """Colour and dashes of a curve, of text about it, whether it lies over the others, and its width.

    A ``band`` is what cycles too narrow for a line cover.
    """

    color: str
    dashes: tuple[float, ...]
    text: str
    over: bool = False
    width: float = LINE_WIDTH
    band: bool = False


class Theme(NamedTuple):
    """The colours of a page; ``text`` is also what its text is readable by on the ``ground``."""

    ground: str
    text: str
    grey: str
    spine: str
    grid: str
    palette: tuple[str, ...]

    def look(self, index: int, depth: float = 1.0) -> Look:
        """The look of curve ``index``: no two of the first 36 share colour and dashes.

        ``depth`` from 0 to 1 is the place in a family of one hue: from pale to full.
        """
        rounds, hue = divmod(index, len(self.palette))
        color = mixed(self.palette[hue], self.ground, (1.0 - depth) * PALEST)
        return Look(color, DASHES[(hue + rounds) % len(DASHES)], _readable(self.palette[hue], self))


# Each palette was chosen by computation: six hues that stay apart under every common colour blindness
# (CIEDE2000 >= 12) and reach a contrast of 3:1 on their ground; of print six greys.
LIGHT: Final = Theme(
    ground="#FFFFFF",
    text="#1B1F24",
    grey="#59636E",
    spine="#8C959F",
    grid="#E3E7EB",
    palette=("#0072B2", "#D55E00", "#332288", "#009E73", "#CC79A7", "#000000"),
)
THEMES: Final[Mapping[str, Theme]] = {
    "light": LIGHT,
    "dark": Theme(
        ground="#0D1117",
        text="#E6EDF3",
        grey="#9198A1",
        spine="#6E7681",
        grid="#21262D",
        palette=("#8EC0E4", "#FFBE7C", "#9D61FC", "#008433", "#E1008A", "#FFFFFF"),
    ),
    "print": Theme(
        ground="#FFFFFF",
        text="#000000",
        grey="#333333",
        spine="#000000",
        grid="#D9D9D9",
        palette=("#000000", "#707070", "#383838", "#8C8C8C", "#1C1C1C", "#545454"),
    ),
}
"""By the words of ``--theme``."""


def mixed(color: str, other: str, share: float) -> str:
    """A colour on its way to another."""
    parts = (round(a + (b - a) * share) for a, b in zip(_parts(color), _parts(other), strict=True))
    return "#" + "".join(f"{part:02X}" for part in parts)


@cache
def _readable(color: str, theme: Theme) -> str:
    """The shade of a colour nearest to it that can be read on the ground."""
    shades = (mixed(color, theme.text, share / 100) for share in range(101))
    return next(shade for shade in shades if contrast(shade, theme.ground) >= READABLE)


def contrast(color: str, ground: str = LIGHT.ground) -> float:
    """The contrast of a colour on its ground, from 1 to 21, as WCAG defines it."""
    dark, light = sorted(map(_luminance, (color, ground)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    shares = (part / 255 for part in _parts(color))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(color: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#RRGGBB``, up to 255."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
