"""What a command prints by its words alone: ``echo``, ``printf``, ``envsubst``, ``seq``."""

from __future__ import annotations

import re
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"'}
_SWITCH = re.compile(r"-[neE]+")
_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)
_WHOLE = re.compile(r"0|-?[1-9]\d{0,17}")
_SEPARATED = re.compile(r"(?:-s|--separator=)(.+)", re.DOTALL)
_MOST_NUMBERS = 1000
_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})", re.ASCII)


def echoed(words: Sequence[str]) -> str | None:
    """What ``echo`` prints, as bash does; None where an escape is none that is known."""
    at = next((n for n, word in enumerate(words) if not _SWITCH.fullmatch(word)), len(words))
    switches, text = "".join(words[:at]), " ".join(words[at:])
    made = _unescaped(text) if "e" in switches else text
    return None if made is None else made + ("" if "n" in switches else "\n")


def formatted(words: Sequence[str]) -> str | None:
    """What ``printf FORMAT WORD…`` prints, for all its words; None where it may be otherwise."""
    form, *values = words if words[:1] != ["--"] else words[1:] or [""]
    found = _unescaped(form)
    directives = _DIRECTIVE.findall(form)
    if found is None or not {*directives} <= {"s", "d", "%"} or form.startswith("-"):
        return None
    taken = len([one for one in directives if one != "%"])
    taking = cycle([one for one in directives if one != "%"])
    if not all(sign != "d" or _WHOLE.fullmatch(value) for value, sign in zip(values, taking, strict=False)):
        return None  # 007 is printed otherwise
    left = list(values)
    texts: list[str] = []
    while not texts or (taken and left):
        texts.append(
            _DIRECTIVE.sub(lambda one: "%" if one[1] == "%" else (left.pop(0) if left else ""), found)
        )
    return "".join(texts)


def sequence(words: Sequence[str]) -> str | None:
    """The whole numbers that ``seq -s, FIRST STEP LAST`` prints; None where they may be others."""
    match words:
        case ["-s", between, *numbers] if numbers:
            pass
        case [option, *numbers] if found := _SEPARATED.fullmatch(option):
            between = found[1]
        case [*numbers]:
            between = "\n"
    if not all(map(_WHOLE.fullmatch, numbers)):
        return None
    match [int(one) for one in numbers]:
        case [last]:
            made = range(1, last + 1)
        case [first, last]:
            made = range(first, last + 1)
        case [first, step, last] if step:
            made = range(first, last + (1 if step > 0 else -1), step)
        case _:
            return None
    return between.join(map(str, made)) if len(made) <= _MOST_NUMBERS else None


def _unescaped(text: str) -> str | None:
    if not _ESCAPES.keys() >= {*_ESCAPE.findall(text)}:
        return None
    return _ESCAPE.sub(lambda one: _ESCAPES[one[1]], text)


def substituted(text: str, values: Callable[[str], str | None], names: Sequence[str]) -> str | None:
    """What ``envsubst`` makes of a text: all variables in it, or those that the ``names`` are."""
    wanted = {_name(one) for name in names for one in _VARIABLE.finditer(name)}
    found = {_name(one) for one in _VARIABLE.finditer(text)}
    known = {name: values(name) for name in found if name in wanted or not names}
    if None in known.values():
        return None
    return _VARIABLE.sub(lambda one: known.get(_name(one), one[0]) or "", text)


def _name(found: re.Match[str]) -> str:
    return found[1] or found[2]
