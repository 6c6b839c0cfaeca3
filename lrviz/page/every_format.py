"""A picture as a file of any format, and as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from lrviz.draw.digest import digest
from lrviz.draw.formats import FILES, FORMATS, PAGE
from lrviz.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.scene import Picture

FRAME: Final = (
    '<iframe srcdoc="{}" sandbox="allow-scripts" style="width: 100%; height: 46em; border: 0"></iframe>'
)
"""A page in a page: neither changes how the other looks."""


def file_bytes(rows: Sequence[Series], picture: Picture, fmt: str) -> bytes:
    """The bytes of the file; matplotlib is loaded where it is no page.

    Raises:
        OutputError: there is no such format.

    """
    if fmt == PAGE:
        from lrviz.page.page_html import page_html

        return page_html(rows, picture).encode()
    if fmt not in FORMATS:
        raise OutputError(f"unknown picture format {fmt!r}", hint=f"use one of: {', '.join(FILES)}")
    from lrviz.draw.image import render

    return render(picture, fmt)


def file_digest(rows: Sequence[Series], picture: Picture, fmt: str) -> str:
    """What the file carries of its curves: a page has all of them, whatever part is in view."""
    if fmt == PAGE:
        from lrviz.page.page_html import page_digest

        return page_digest(rows, picture)
    return digest(picture)


def framed(page: bytes) -> str:
    """What shows a page inside another."""
    return FRAME.format(escape(page.decode()))
