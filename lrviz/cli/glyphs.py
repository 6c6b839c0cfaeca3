"""What is said of texts that the font of pictures cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.draw import style
from lrviz.draw.drawn import readable
from lrviz.notation.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.draw.scene import Picture


def of_glyphs(pictures: Iterable[Picture]) -> Iterator[Finding]:
    """Which installed font writes them instead, or what stands there."""
    texts: dict[str, str] = {}
    for picture in pictures:
        shown = readable(picture)
        texts |= {line.label: own.label for line, own in zip(picture.lines, shown.lines, strict=True)}
        if picture.view.title is not None or not any(line.label in picture.title for line in picture.lines):
            texts |= {picture.title: shown.title}
    drawn: dict[str, list[str]] = {}
    for text, instead in texts.items():
        if instead != text:
            lost = f"no font here has the letters of {text!r}, shown as {instead}"
            yield Finding("missing-glyphs", "note", lost)
        elif style.lacks(text):
            yield Finding(
                "missing-glyphs", "note", f"no font here has all characters of {text!r}, shown as ?"
            )
        for family in style.other_fonts(instead):
            drawn.setdefault(family, []).append(repr(text))
    for family, found in drawn.items():
        yield Finding("other-font", "note", f"{', '.join(found)}: in {family}, which other machines may lack")
