"""Charts as a terminal shows them, read back as dots."""

from __future__ import annotations

import itertools
import re

import numpy as np
from commands import run

from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

BRAILLE = range(0x2800, 0x2900)
BITS = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
"""The dots of a character, from the highest row down."""


def timeline_of(words):
    return resolve(parse(words)).schedule.groups[0]["lr"]


def chart(folder, *words, by=run, **variables):
    """The lines of a chart, without the facts below it."""
    done = by(folder, "show", *words, "--chart", "-q", **variables)
    assert done.returncode == 0
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.output.decode())
    return text.split("\n\n")[1].splitlines()


def rows_of(lines):
    """What stands behind the value axis, the highest row first."""
    found = [re.split(r"[│┤]", line, maxsplit=1) for line in lines[1:]]
    body = list(itertools.takewhile(lambda parts: len(parts) == 2, found))
    width = max(len(row) for _, row in body)
    across = len(next(line for line in lines if "└" in line).partition("└")[2])
    assert width <= across
    return [row.ljust(across) for _, row in body]


def dots_of(rows):
    """The dots as a matrix, the lowest row first."""
    codes = np.array(
        [[ord(char) - BRAILLE[0] if ord(char) in BRAILLE else 0 for char in row] for row in rows]
    )
    dots = (codes[:, None, :, None] & np.array(BITS)[None, :, None, :]) > 0
    return dots.reshape(4 * len(rows), -1)[::-1]


def edges(steps, columns):
    """The first step of each column, and the end of the last one."""
    return np.array([column * steps // columns for column in range(columns + 1)])


def steps_of(column, steps, columns):
    """The steps that a column of dots stands for."""
    first = column * steps // columns
    return range(first, max((column + 1) * steps // columns, first + 1))
