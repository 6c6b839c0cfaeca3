"""What every picture looks like, and the settings that make its bytes repeatable."""

from __future__ import annotations

import io
import unicodedata
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from lrviz.draw.formats import METADATA
from lrviz.draw.theme import LIGHT, LINE_WIDTH
from lrviz.errors import OutputError
from lrviz.notation.text import LINE, cut, one_line
from lrviz.view.size import DPI

try:
    import matplotlib as mpl
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    from lrviz.draw import fonts
except (
    UnicodeDecodeError,
    PermissionError,
) as error:  # a matplotlibrc is read at once, though ours replaces it
    reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
    raise OutputError(
        f"matplotlib does not start with this matplotlibrc: {reason}",
        hint="mend or remove it, be it in this folder, in MATPLOTLIBRC or in ~/.config/matplotlib",
    ) from None

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lrviz.draw.theme import Look, Theme

OWN_AXES: Final = Axes  # what the axes of a user are known by

SHADE: Final = 0.085
NOTHING: Final = 0.16  # opacity of the grey where a schedule runs no more
DENSE: Final = 0.25  # opacity of what cycles too narrow for a line cover
EDGE: Final = 1.0
BAND: Final = 8.0  # height of its sample

TITLE_SIZE: Final = 14.0
SUBTITLE_SIZE: Final = 9.5
LABEL_SIZE: Final = 10.0
TICK_SIZE: Final = 9.0
NOTE_SIZE: Final = 8.5
NAME_SIZE: Final = 9.0
DOT: Final = 4.0
RIM: Final = 0.4  # of the ground around a dot, half of it within
HALO: Final = 3.0  # points, half of it on either side of each letter

# Applied on top of matplotlib's defaults, so that a user's matplotlibrc changes nothing.
# Any: matplotlib types each of its keys as a literal.
_SETTINGS: Final[dict[Any, Any]] = {
    "font.family": [fonts.OWN],
    "text.parse_math": False,  # a label may hold any text, "$" too
    "svg.hashsalt": "lrviz",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,  # TrueType: journals refuse Type 3
    "axes.linewidth": 0.9,
    "xtick.labelsize": TICK_SIZE,
    "ytick.labelsize": TICK_SIZE,
    "lines.linewidth": LINE_WIDTH,
    "lines.solid_joinstyle": "round",
    "lines.dash_capstyle": "butt",
}


def _colors(theme: Theme) -> dict[Any, Any]:
    of_ticks = {"color": theme.spine, "labelcolor": theme.grey}
    ticks = {f"{axis}tick.{key}": color for axis in "xy" for key, color in of_ticks.items()}
    return {"axes.facecolor": "none", "axes.edgecolor": theme.spine, **ticks}


class Page(Figure):
    """A figure that a notebook shows though pyplot knows nothing of it."""

    def _repr_svg_(self) -> str:
        """As it is now, with whatever was added to it."""
        with settings(), io.StringIO() as buffer:
            self.savefig(buffer, format="svg", metadata=METADATA["svg"])
            return buffer.getvalue()


def new_figure(ground: str) -> Figure:
    """An empty page in a colour, or ``none``, not bound to any window."""
    return Page(dpi=DPI, facecolor=ground)


def sample(look: Look, x: tuple[float, float], y: float, *, points: bool) -> Line2D:
    """A piece of line, or ``points``, with the look of a curve, in fractions of the page."""
    if points:
        at = tuple(x[0] + (x[1] - x[0]) * share for share in (0.1, 0.5, 0.9))
        return Line2D(at, (y, y, y), color=look.color, linestyle="", marker="o", markersize=DOT)
    line = Line2D(x, (y, y), color=look.color, linewidth=look.width)
    if look.band:
        line.set(linewidth=BAND, alpha=DENSE, solid_capstyle="butt")
    elif look.dashes:
        line.set_dashes(look.dashes)
    return line


def leader(ends: NDArray[Any], color: str) -> Line2D:
    """A thin line between two places, in fractions of the page."""
    return Line2D(*ends.T, color=color, linewidth=0.8)


@contextmanager
def settings(theme: Theme = LIGHT, **more: Any) -> Iterator[None]:
    """Use our settings on top of matplotlib's defaults, then give the caller's own back."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS | _colors(theme) | more)
        yield


@cache
def size(text: str, points: float, *, bold: bool = False) -> tuple[float, float, float]:
    """Width, height and depth below the baseline of one line of text, in pixels, under ``settings``."""
    own, plain = font(text, points, bold=bold), font("", points, bold=bold)
    width = _pen().get_text_width_height_descent(text, own, ismath=False)[0] if text else 0.0
    _, height, depth = _pen().get_text_width_height_descent("lp", plain, ismath=False)
    return width, height, depth


def font(text: str, points: float, *, bold: bool = False) -> FontProperties:
    """The font that writes a text, with another behind it for what it lacks."""
    return FontProperties(family=fonts.families(text), size=points, weight="bold" if bold else "normal")


def clean(text: str) -> str:
    """The text on one line, with ``?`` for what the font cannot show, without invisible marks.

    Of a very long text the middle is left out.
    """
    return "".join(map(_shown, cut(one_line(text), LINE))).strip()


def lacks(text: str) -> bool:
    """Whether the font cannot show some of the text."""
    return any(char != "?" and _shown(char) == "?" for char in one_line(text))


def halo(figure: Figure, text: str, place: tuple[float, float], points: float, *, bold: bool) -> PathPatch:
    """The outlines of one line of text, to lie below the text itself, which stays text."""
    letters = TextPath((0, 0), text, size=points, prop=font(text, points, bold=bold))
    wide, high = figure.get_size_inches()
    x, y = place
    at = Affine2D().scale(1 / 72 / wide, 1 / 72 / high).translate(x / DPI / wide, y / DPI / high)
    patch = PathPatch(letters, transform=at + figure.transFigure, linewidth=HALO, joinstyle="round")
    patch.set_figure(figure)
    return patch


def other_fonts(text: str) -> list[str]:
    """The installed fonts that a text needs, which other machines may not have."""
    return fonts.families(clean(text))[1:]


def readable(text: str, instead: str) -> str:
    """The text; ``instead`` where no font here has one of its letters, and something can be said instead."""
    return instead if instead and any(char.isalpha() and _shown(char) == "?" for char in text) else text


@cache
def _pen() -> Any:
    return RendererAgg(1, 1, DPI)  # type: ignore[no-untyped-call] # matplotlib's renderers carry no types


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf":  # joiners, which a font may have as glyphs
        return ""
    if ord(char) in fonts.own_glyphs() or fonts.family_of(char):
        return char
    return "" if category == "Mn" else "?"
