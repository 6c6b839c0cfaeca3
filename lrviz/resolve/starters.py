"""What a bare name assumes for all the framework insists on."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lrviz.notation.rendering import render_value
from lrviz.notation.spec import parse_value
from lrviz.resolve.convert import Converter

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry
    from lrviz.resolve.run import Resolution

_OF_LR = "lr/"


def starter_of(entry: Entry, run: Resolution) -> dict[str, str]:
    """What a bare name assumes in a run, by parameter, as it is typed."""
    return {names.rpartition("|")[2]: _typed(text, run.lr) for names, text in entry.starter.items()}


def fill_starters(run: Resolution) -> None:
    """What a bare name assumes for all the framework insists on."""
    converter = Converter(run.clock)
    for names, text in run.entry.starter.items():
        *alternatives, name = names.split("|")
        if any(run.params.get(key) is not None for key in (*alternatives, name)):
            continue
        value = converter.value(run.entry, name, parse_value(_typed(text, run.lr)))
        value = value if value != 0 or not text.endswith("%") else 1  # a part of a short run
        run.fill(name, value, "starter", "" if render_value(value) == text else text)


def _typed(text: str, lr: Any) -> str:
    """A part of the LR as the number that it is: a tenth of 3e-4 as it is typed is 3e-5."""
    if not text.startswith(_OF_LR):
        return text
    lrs, divisor = lr if isinstance(lr, tuple) else (lr,), int(text.removeprefix(_OF_LR))
    return ",".join(render_value(float(Fraction(repr(one)) / divisor)) for one in lrs)
