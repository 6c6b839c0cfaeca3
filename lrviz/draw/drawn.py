"""The curves of a picture as they are drawn: equal ones once, each with its own look."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lrviz.draw import style
from lrviz.draw.hues import hues_of
from lrviz.draw.theme import LIGHT, LINE_WIDTH
from lrviz.draw.wrapping import shorten_apart
from lrviz.notation.text import LINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.draw.scene import Line, Picture
    from lrviz.draw.theme import Look, Theme

MOST_OF_FAMILY: Final = 14
"""Members of one family that are named: their order says what stands between. More have thinner lines."""
THINNEST: Final = 0.8


@dataclass(frozen=True)
class Curve:
    """A line and every label that draws exactly this line."""

    line: Line
    names: tuple[str, ...]
    look: Look

    def with_cycles(self, name: str) -> str:
        """A name of it, and how many cycles it has where they cannot be counted."""
        return f"{name}  {self.line.cycles}" if self.line.cycles else name


def readable(picture: Picture) -> Picture:
    """The picture with the own name of each schedule whose label has letters that no font here has."""
    lines = tuple(replace(line, label=style.readable(line.label, line.name)) for line in picture.lines)
    shown = {line.label: own.label for line, own in zip(picture.lines, lines, strict=True)}
    labels = re.compile(
        "|".join(map(re.escape, sorted(shown, key=len, reverse=True)))
    )  # one may hold another

    def renamed(text: str) -> str:
        return labels.sub(lambda found: shown[found[0]], text)

    apart = picture.difference
    names = ", ".join(dict.fromkeys(line.name for line in lines if line.name))
    return replace(
        picture,
        title=style.readable(renamed(picture.title), names),
        lines=lines,
        footer=tuple(map(renamed, picture.footer)),
        difference=apart and replace(apart, label=renamed(apart.label)),
    )


def merge(lines: Sequence[Line], theme: Theme = LIGHT) -> list[Curve]:
    """One curve for all lines that are drawn alike."""
    groups: dict[object, list[Line]] = {}
    for line in lines:
        y = line.y + 0.0  # -0.0 is drawn as 0
        drawn = line.points, line.stop and line.stop[0], line.x.tobytes(), y.tobytes(), _bytes(line.others)
        groups.setdefault(drawn, []).append(line)
    labels = [line.label for line in lines]
    names = dict(zip(labels, shorten_apart(labels, lambda part: len(part) <= LINE), strict=True))
    firsts = [group[0] for group in groups.values()]
    return [
        Curve(first, tuple(style.clean(names[line.label]) for line in group), look)
        for first, group, look in zip(firsts, groups.values(), _looks(firsts, theme), strict=True)
    ]


def _bytes(others: Sequence[Line | None]) -> tuple[bytes, ...]:
    return tuple(other.x.tobytes() + other.y.tobytes() if other else b"" for other in others)


def _looks(lines: Sequence[Line], theme: Theme) -> list[Look]:
    """The look of each line; those of a large family are thinner."""
    return [
        theme.look(hue.number, hue.depth)._replace(
            width=max(LINE_WIDTH * min(MOST_OF_FAMILY / hue.members, 1.0), THINNEST), over=line.over
        )
        for line, hue in zip(lines, hues_of(lines), strict=True)
    ]


def is_family(curves: Sequence[Curve]) -> bool:
    """Whether all of them are of one run."""
    return len({curve.line.family or id(curve) for curve in curves}) == 1
