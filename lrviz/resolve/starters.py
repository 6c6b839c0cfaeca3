"""What a bare name assumes for all the framework insists on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.notation.rendering import render_value
from lrviz.notation.spec import parse_value
from lrviz.resolve.convert import Converter

if TYPE_CHECKING:
    from lrviz.resolve.run import Resolution


def fill_starters(run: Resolution) -> None:
    """What a bare name assumes for all the framework insists on."""
    converter = Converter(run.clock)
    for names, text in run.entry.starter.items():
        *alternatives, name = names.split("|")
        if any(run.params.get(key) is not None for key in (*alternatives, name)):
            continue
        if text.startswith("lr/"):
            divisor = float(text.removeprefix("lr/"))
            value = tuple(lr / divisor for lr in run.lr) if isinstance(run.lr, tuple) else run.lr / divisor
        else:
            value = converter.value(run.entry, name, parse_value(text))
            value = value if value != 0 or not text.endswith("%") else 1  # a part of a short run
        run.fill(name, value, "starter", "" if render_value(value) == text else text)
