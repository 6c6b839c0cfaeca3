"""A setting of a trainer: its name there, how its parser reads it, its default, and lrviz's key for it."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from lrviz.inputs.foreign.python.python_syntax import literal_value
from lrviz.notation.numbers import is_number, is_too_long
from lrviz.notation.rendering import shown
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.notation.origin import Given


class Raw(NamedTuple):
    """A value as it stands; ``is_text`` where texts become numbers, as they do in a command."""

    value: Any
    is_text: bool = True


Kind: TypeAlias = "Callable[[Raw], Any]"
"""What a value means, or Unfit."""

SWITCH = {
    **dict.fromkeys(("true", "yes", "on", "1", "t", "y"), True),
    **dict.fromkeys(("false", "no", "off", "0", "f", "n"), False),
}
"""How transformers and argparse's usual helper write a switch, in whatever letters."""


class Setting(NamedTuple):
    """One row of a trainer's table.

    ``name`` as its files have it, ``optimizer.lr``; ``aliases`` as its commands or other versions do. ``key``
    is lrviz's own key of the same meaning: its option overrides the setting, and the setting's name typed as
    an option of lrviz leads to it. ``asks`` says what it is where its name alone does not.
    """

    name: str
    kind: Kind
    default: Any = None
    key: str = ""
    aliases: tuple[str, ...] = ()
    asks: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All its names."""
        return (self.name, *self.aliases)

    def read(self, raw: Raw) -> Any:
        """What a value means.

        Raises:
            Unfit: its kind is another, or it is an LR below 0, which no optimizer takes.

        """
        value = self.kind(raw)
        first, *others = value if isinstance(value, tuple) and value else (value,)
        if self.key == "lr" and is_number(first) and first < 0:
            raise Unfit("which is 0 or more", _written((-first, *others)))
        return value


def number_or_same(value: Any) -> Any:
    """A number, also where it stands as text, as ``1e-3`` of YAML 1.1 does; anything else as it is."""
    with suppress(Unfit):
        return number(Raw(value))
    return value


def number(raw: Raw) -> int | float:
    """A number: whole where it is written so.

    Raises:
        Unfit: it is none, or text where the trainer's parser makes no number of that.

    """
    value = raw.value
    if isinstance(value, str) and raw.is_text:
        value = _from_text(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unfit
    if is_too_long(value) or not math.isfinite(value):
        raise Unfit
    return value


def _from_text(text: str) -> int | float:
    with suppress(ValueError):
        return int(text)
    try:
        return float(text)
    except ValueError:
        raise Unfit from None


def whole(raw: Raw) -> int:
    """A whole number; ``100.0`` is none on a command line, and is one in a file.

    Raises:
        Unfit: it is something else.

    """
    found = number(raw)
    if isinstance(found, float) and (isinstance(raw.value, str) or not found.is_integer()):
        raise Unfit
    return int(found)


def count(raw: Raw) -> int:
    """A whole number from 1 on.

    Raises:
        Unfit: it is something else.

    """
    if (found := whole(raw)) < 1:
        raise Unfit
    return found


def steps_or_share(raw: Raw) -> int | float:
    """A number of updates, or below 1 a share of the run, which lrviz also writes ``6%``.

    Raises:
        Unfit: it is neither.

    """
    try:
        if isinstance(raw.value, str) and raw.value.endswith("%"):
            return number(Raw(raw.value[:-1])) / 100
        return number(raw)
    except Unfit:
        raise Unfit("which counts updates, or a share of the run", "100", "6%") from None


def epochs(raw: Raw) -> int | float:
    """A number of epochs, which lrviz also writes ``5ep``.

    Raises:
        Unfit: it is none.

    """
    value = raw.value
    return number(Raw(value.removesuffix("ep") if isinstance(value, str) else value, raw.is_text))


def whole_epochs(raw: Raw) -> int | float:
    """A number of epochs in an option that is an ``int`` to its parser; a file may say a part of one.

    Raises:
        Unfit: it is none.

    """
    found = epochs(raw)
    if isinstance(raw.value, str) and not isinstance(found, int):
        near = max(round(found), 1) if math.isfinite(found) else 1
        raise Unfit("which counts whole epochs", str(near))
    return found


def switch(raw: Raw) -> bool:
    """True or false; a bare switch is true.

    Raises:
        Unfit: it is something else.

    """
    value = raw.value
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.lower() in SWITCH:
        return SWITCH[value.lower()]
    raise Unfit


def off(*names: str) -> dict[Setting, Any]:
    """Switches, ``--eval-only``, that must be off for anything to be trained."""
    return {Setting(name, is_on, default=False): False for name in names}


def is_on(raw: Raw) -> bool:
    """A switch, which is on where the word behind it is no value of its."""
    try:
        return switch(raw)
    except Unfit:
        return True


def text(raw: Raw) -> str:
    """Text.

    Raises:
        Unfit: it is something else.

    """
    if isinstance(raw.value, bool) or not isinstance(raw.value, (str, int, float)):
        raise Unfit
    return str(raw.value)


def numbers(raw: Raw) -> tuple[int | float, ...]:
    """Several numbers: a list, several words, ``1,2`` or ``[1, 2]``; one is a list too.

    Raises:
        Unfit: one of them is no number.

    """
    return tuple(number(Raw(one, raw.is_text)) for one in _several(raw.value))


def texts(raw: Raw) -> tuple[str, ...]:
    """Several words.

    Raises:
        Unfit: one of them is no text.

    """
    return tuple(text(Raw(one)) for one in _several(raw.value))


def literal(raw: Raw) -> Any:
    """A value of any kind; text that is JSON, or a literal of Python, means what it says."""
    value = raw.value
    if not isinstance(value, str) or not raw.is_text:
        return value
    with suppress(ValueError, RecursionError):
        return json.loads(value)
    with suppress(ValueError):
        return literal_value(value)
    return value


def _several(value: object) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.strip("[]()").split(",") if part.strip()]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def stops_at(whose: str, name: str, value: object, takes: str = "") -> str:
    """What is said of a value that a trainer does not take."""
    return f"{name}={shown(value)} is not what {whose} takes{f', {takes}' if takes else ': it stops'}"


def instead(setting: Setting, unfit: Unfit, given: Given) -> str:
    """What it takes, as whoever said the other value says it."""
    examples = unfit.examples or (_example(setting, given.value),)
    is_key = setting.key and given.origin.place is None
    return " or ".join(
        f"<{setting.key}={one}>" if is_key else f"--given {setting.name}={one}" for one in examples
    )


def _example(setting: Setting, value: object) -> Any:
    """The number that a text is hardly meant not to be, else the default."""
    for one in (value, _as_whole(value)):
        with suppress(Unfit):
            return _written(setting.kind(Raw(one)))
    return "VALUE" if setting.default is None else _written(setting.default)


def _written(value: object) -> str:
    """A value, or several, as an option has it, in which no shell sees anything of its own."""
    return ",".join(map(shown, value)) if isinstance(value, tuple) else shown(value)


def _as_whole(value: object) -> Any:
    """``1e3`` and ``1000.0`` as ``int`` reads them; any other value as it is."""
    with suppress(Unfit, OverflowError, ValueError):
        found = number(Raw(value))
        return int(found) if found == int(found) else value
    return value
