"""A drawn page as the bytes of a file: the same page gives the same bytes everywhere."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lrviz.draw.digest import MARK, digest
from lrviz.draw.fonts import OWN
from lrviz.draw.formats import CARRIER, METADATA
from lrviz.draw.png import png_of
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from lrviz.draw.scene import Line, Picture

MOST_DESCRIBED = 12
"""Curves whose facts stand in the description of a picture."""
FALLBACK = f"'{OWN}', Verdana, sans-serif"
"""What a reader of an SVG without the font writes its text in; the first has letters as wide."""


def file_of(figure: Figure, picture: Picture, fmt: str) -> bytes:
    """The page as a PNG, SVG or PDF file that carries the digest of its picture."""
    mark = f"{MARK}{digest(picture)}"
    if fmt == "png":
        return png_of(figure, mark, picture.view.dpi)
    buffer = io.BytesIO()
    figure.savefig(buffer, format=fmt, metadata={**METADATA[fmt], CARRIER[fmt]: mark})
    content = buffer.getvalue()
    return _described(content.decode(), picture).encode() if fmt == "svg" else content


def _described(svg: str, picture: Picture) -> str:
    """An SVG that says what it shows to who does not see it; its text can be read without its font."""
    title = picture.title or ", ".join(line.label for line in picture.lines[:MOST_DESCRIBED])
    described = " ".join(f"{text}." for text in _sentences(picture))
    words = f"<title>{escape(_printable(title))}</title>\n <desc>{escape(_printable(described))}</desc>"
    svg = re.sub(r"<svg ([^>]*)>", lambda found: f'<svg {found[1]} role="img">\n {words}', svg, count=1)
    return svg.replace(f"'{OWN}'", FALLBACK) if picture.view.svg_text else svg


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _sentences(picture: Picture) -> Iterator[str]:
    yield f"{', '.join([picture.quantity, *picture.others])} by {picture.view.x}"
    yield from filter(None, [picture.subtitle])
    yield from (_facts(line) for line in picture.lines[:MOST_DESCRIBED])
    if len(picture.lines) > MOST_DESCRIBED:
        yield f"and {len(picture.lines) - MOST_DESCRIBED} more"
    yield from picture.foot


def _facts(line: Line) -> str:
    marks = (("peak", line.peak), ("last", line.last))
    facts = [f"{name} {lr_text(mark[1])} at step {mark[0]}" for name, mark in marks if mark]
    return f"{line.label}: {', '.join(facts)}" if facts else line.label
