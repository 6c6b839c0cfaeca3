"""The keys of a view, one row each: options, ``[output]`` of a config, completion, README follow from it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.errors import SpecError, Style
from lrviz.resolve import readers
from lrviz.resolve.key import Key, option_of
from lrviz.resolve.keys import SPAN
from lrviz.view import view_readers
from lrviz.view.place import AXES
from lrviz.view.size import DPI, LARGEST, MOST_PIXELS, POINTS, SIZES
from lrviz.view.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.spec import Value


def _switch(name: str, text: str, **more: Any) -> Key:
    return Key(name, readers.switch, "true or false", "true", "", text, **more)


def _count(name: str, example: str, text: str, **more: Any) -> Key:
    return Key(name, readers.count, "a whole number above 0", example, "N", text, **more)


def _number(name: str, least: float, most: float, example: str, text: str) -> Key:
    reader = readers.number(lambda x: least <= x <= most)
    return Key(name, reader, f"a number from {least} to {most}", example, "N", text)


LEGENDS = ("labels", "box", "none")
COLORS = ("light", "dark", "print")
"""What a theme is called."""
VIEW: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("title", readers.text, "text", "A title", "TEXT", "Headline; '' is none."),
        Key(
            "x",
            readers.word,
            f"one of {', '.join(AXES)}",
            "percent",
            "|".join(AXES),
            "What the horizontal axis counts.",
            choices=tuple(AXES),
        ),
        _count(
            "tokens_per_step",
            "65536",
            "Tokens that an update sees, where they are counted.",
            rivals=("seq_len",),
        ),
        _count(
            "seq_len",
            "2048",
            "Tokens in a sample, where they are counted.",
            rivals=("tokens_per_step",),
            option=False,
        ),
        Key("from", readers.duration, SPAN, "10%", "SPAN", "Where the view begins: 100 (steps), 6%, 2ep."),
        Key("to", readers.duration, SPAN, "20%", "SPAN", "Where the view ends."),
        Key(
            "size",
            view_readers.size,
            f"{', '.join(SIZES)}, or a width and a height up to {LARGEST:g}in as 3.25x2in, 8x5cm, 80x50mm, "
            "1280x720px",
            "3.25x2.6in",
            f"{'|'.join(SIZES)}|WxHin|WxHpx",
            "The page; its text stays as large.",
            choices=tuple(SIZES),
        ),
        _number("dpi", 10, 2400, "300", f"Pixels of an inch, {DPI} if not said."),
        _number(
            "font_size",
            3,
            100,
            "7",
            f"Points of the text at the axes, {POINTS:g} if not said; all other text goes with it.",
        ),
        Key(
            "theme",
            readers.word,
            f"one of {', '.join(COLORS)}",
            "dark",
            "|".join(COLORS),
            "Its colours; print is grey.",
            choices=COLORS,
        ),
        _switch("transparent", "Nothing is drawn below the axes."),
        _switch("svg_text", "Text of an SVG stays text, for whoever has the font; not outlines."),
        _switch("marks", "The peak and the last value are marked, or not."),
        Key(
            "mark",
            view_readers.spans,
            f"{SPAN}, or a list of them",
            "1000,50%",
            "SPANS",
            "Steps whose values are written at the curves: 1000,50%.",
            repeatable=True,
        ),
        Key(
            "legend",
            readers.word,
            f"one of {', '.join(LEGENDS)}",
            "box",
            "|".join(LEGENDS),
            "Names beside the curves, in a box, or none.",
            choices=LEGENDS,
        ),
        _switch("log", "One panel, with a logarithmic scale or a linear one.", rivals=("panels",)),
        Key(
            "panels",
            view_readers.panels,
            f"{', '.join(view_readers.PANELS)}, each once, difference below another",
            "linear,log",
            "PANELS",
            "Value axes from top to bottom: linear, log, and the difference of two curves.",
            rivals=("log",),
            repeatable=True,
        ),
        Key(
            "quantity",
            view_readers.words,
            "a name of a quantity, or several, each once",
            "lr",
            "NAMES",
            "lr, momentum or more, in panels from top to bottom: lr,momentum.",
            repeatable=True,
        ),
    )
}
"""``from`` and ``to`` are the ``start`` and ``stop`` of a ``View``, ``log`` one of its panels."""

NEGATIVE = {"log": "--linear"}
"""The option that says no, where it is not ``--no-NAME``."""


def switches(key: Key) -> str:
    """The two options of a key that is true or false."""
    return f"{option_of(key.name)}/{NEGATIVE.get(key.name, f'--no-{option_of(key.name)[2:]}')}"


def read_view(values: Mapping[str, Value]) -> View:
    """What the values say, each read by its key; None is nothing said.

    Raises:
        SpecError: a key does not take its value, or two contradict each other.

    """
    said: dict[str, Any] = {
        name: VIEW[name].read(value) for name, value in values.items() if value is not None
    }
    for name in said:
        rival = next((other for other in VIEW[name].rivals if other in said), "")
        if rival:
            text = f"{name} and {rival} say the same in two ways"
            raise SpecError(text, hint=f"leave out <{name}> or <{rival}>")
    if "log" in said:  # one panel of that kind
        said["panels"] = ("log",) if said.pop("log") else ("linear",)
    names = {"quantity": "quantities", "from": "start", "to": "stop", "mark": "marked"}
    view = View(**{names.get(name, name): value for name, value in said.items()})
    _check_pixels(view)
    idle = [name for name in ("tokens_per_step", "seq_len") if name in said and view.x != "tokens"]
    if idle:
        text = f"{idle[0]} counts nothing on an axis of {AXES[view.x or 'step'].unit}s"
        raise SpecError(text, hint="give <x=tokens> too")
    return view


def _check_pixels(view: View) -> None:
    """Refuse a page that no memory should hold.

    Raises:
        SpecError: it is one.

    """
    wide, high = (round(side * view.dpi) for side in view.inches or (0, 0))
    if wide * high > MOST_PIXELS:
        text = f"a page of {wide} x {high} pixels is larger than {MOST_PIXELS // 10**6} million pixels"
        share = math.sqrt(MOST_PIXELS / (wide * high))
        smaller = f"<size={math.floor(wide * share)}x{math.floor(high * share)}px>"
        fewer = f"<dpi={math.floor(view.dpi * share)}> or less"
        raise SpecError(text, hint=smaller if view.size and view.size.in_pixels else fewer)


def _typed_option(name: str, value: str) -> str:
    if VIEW[name].metavar or not value:
        return f"{option_of(name)} {value}".rstrip()
    return switches(VIEW[name]).split("/")[value == "false"]


AS_OPTIONS = Style(_typed_option, " ")
"""How a hint writes the keys of a view on a command line."""
