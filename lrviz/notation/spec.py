"""Text ↔ ``Spec``: ``torch.MultiStepLR:milestones=30,60,gamma=0.1`` and back, without knowing any schedule.

::

    spec   = name [":" piece {"," piece}]       commas inside brackets or quotes do not cut
    piece  = key "=" value | value              a piece without a key continues the list before it
    value  = none | true | false | number | "quoted" | [list] | Name(key=value,…) | any other text

Other text (``6%``, ``0.9**epoch``, ``min(1,epoch/10)``) stays a string for whoever knows the parameter.
Inside quotes a backslash protects a quote or a backslash and is an ordinary character elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lrviz.errors import SpecError
from lrviz.notation.numbers import exact_text, read_number

if TYPE_CHECKING:
    from collections.abc import Iterator

Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | Call | None"
Params: TypeAlias = "tuple[tuple[str, Value], ...]"


@dataclass(frozen=True)
class Call:
    """A nested schedule, ``LinearLR(total_iters=5)``."""

    name: str
    params: Params = ()


@dataclass(frozen=True)
class Spec:
    """What the user wrote: a schedule's name and its parameters, in the order written."""

    name: str
    params: Params = ()

    def get(self, key: str, default: Value = None) -> Value:
        """Return the value of ``key``, or ``default`` where it was not written."""
        return dict(self.params).get(key, default)

    def keys(self) -> tuple[str, ...]:
        """Return the keys in the order written."""
        return tuple(key for key, _ in self.params)


def parse(text: str) -> Spec:
    """Read one spec.

    Raises ``SpecError`` naming the offending piece and the whole spec: empty text, bad name, bracket or quote
    left open, value without a key, repeated key, empty piece or value, text after a closing quote.
    """
    try:
        return _spec(text.strip())
    except SpecError as fault:
        # The readers below see pieces only; the whole that the user will recognise is added once, here.
        raise SpecError(f"{fault.message} in {text!r}", hint=fault.hint) from None


def is_name(text: str) -> bool:
    """Whether the text can be a schedule's name."""
    return _NAME.fullmatch(text) is not None


def parse_value(text: str) -> Value:
    """Read the text behind ``key=`` by the rules of ``parse``: ``30,60`` is a list, ``3e-4`` a number.

    Raises ``SpecError`` naming the offending piece.
    """
    return _joined([_value(piece) for piece in _pieces(text)])


def render(spec: Spec) -> str:
    """Write the spec that ``parse`` reads back as an equal one, quoting strings only where it must."""
    return f"{spec.name}:{_params_text(spec.params)}" if spec.params else spec.name


def render_value(value: Value) -> str:
    """Write a value as it would be typed behind ``key=``: a list of two or more without its brackets."""
    if isinstance(value, tuple) and len(value) > 1:
        return ",".join(map(_value_text, value))
    return _value_text(value)


# --- reading ---------------------------------------------------------------------------------------------

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*", re.ASCII)
_KEY = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)", re.ASCII)
_CALL = re.compile(rf"({_NAME.pattern})(\(.*\))", re.ASCII | re.DOTALL)
_SYMBOL = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|.""", re.DOTALL)
_ESCAPE = re.compile(r"""\\([\\'"])""")
_QUOTES = {"'": '"', '"': "'"}  # each with the other
_CLOSER = {"(": ")", "[": "]", "{": "}"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "none": None}
_DEEPEST = 50  # brackets within brackets; more is no schedule and would exhaust Python's stack
_BALANCE = "balance the brackets, or quote the text"
_EXAMPLE = "write 'name' or 'name:key=value,…', as in 'cosine:warmup=6%,lr=3e-4'"


def _spec(text: str) -> Spec:
    if not text:
        raise SpecError("empty spec", hint=_EXAMPLE)
    name, colon, rest = (part.strip() for part in text.partition(":"))
    if not name:
        raise SpecError("no schedule name before ':'", hint=_EXAMPLE)
    if not _NAME.fullmatch(name):
        raise SpecError(f"bad schedule name {name!r}", hint=_EXAMPLE)
    if not colon:
        return Spec(name)
    if not rest:
        raise SpecError("nothing after ':'", hint=f"write '{name}' or '{name}:key=value,…'")
    pieces = _pieces(rest)
    if pieces[0] and not _KEY.match(pieces[0]):
        raise SpecError(f"{pieces[0]!r} has no key", hint=f"write '{name}:key=value,…'")
    return Spec(name, _params(pieces))


def _params(pieces: list[str]) -> Params:
    """Gather pieces under their keys; the first piece has one."""
    values: dict[str, list[Value]] = {}
    key = ""
    for piece in pieces:
        found = _KEY.match(piece)
        if found:
            key = found[1]
            if key in values:
                raise SpecError(f"repeated key {key!r}", hint=f"keep one, or write a list: {key}=a,b")
            values[key] = []
        text = piece[found.end() :].strip() if found else piece
        if not text and found:
            raise SpecError(f"empty value for {key!r}", hint=f"write '{key}=VALUE', or '{key}=none'")
        values.setdefault(key, []).append(_value(text))  # which refuses an empty first piece
    return tuple((key, _joined(found)) for key, found in values.items())


def _joined(values: list[Value]) -> Value:
    """Read several pieces as a list, a single one as itself."""
    return values[0] if len(values) == 1 else tuple(values)


def _value(text: str) -> Value:
    """Read one piece."""
    if not text:
        raise SpecError("empty piece", hint='remove the extra comma, or write "" for an empty text')
    if text[0] in _QUOTES:
        return _unquoted(text)
    if text[0] == "[" and _is_enclosed(text):
        inner = text[1:-1].strip()
        return tuple(_value(piece) for piece in _pieces(inner)) if inner else ()
    call = _call(text)
    return _scalar(text) if call is None else call


def _call(text: str) -> Call | None:
    """Read ``Name(key=value,…)``; anything else with parentheses (``min(1,epoch/10)``) is an expression."""
    found = _CALL.fullmatch(text)
    if not found or not _is_enclosed(found[2]):
        return None
    inner = found[2][1:-1].strip()
    if not inner:
        return Call(found[1])
    pieces = _pieces(inner)
    return Call(found[1], _params(pieces)) if _KEY.match(pieces[0]) else None


def _scalar(text: str) -> Value:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    number = read_number(text)
    return text if number is None else number


def _unquoted(text: str) -> str:
    _, quoted, _ = next(_symbols(text))
    left = text[len(quoted) :]
    if left:
        raise SpecError(f"text {left!r} after the quoted {quoted!r}", hint="put all of it in the quotes")
    return _ESCAPE.sub(r"\1", quoted[1:-1])


def _pieces(text: str) -> list[str]:
    """Cut at the commas outside brackets and quotes and trim the pieces."""
    cuts = [place for place, symbol, depth in _symbols(text) if symbol == "," and not depth]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _is_enclosed(text: str) -> bool:
    """Tell whether the bracket that opens ``text`` closes at its very end (``[1][0]`` is no list)."""
    return next(place for place, _, depth in _symbols(text) if not depth) == len(text) - 1


def _symbols(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield each character or quoted text: its place, itself, and how many brackets are open after it."""
    opened: list[int] = []
    for place, symbol in ((found.start(), found[0]) for found in _SYMBOL.finditer(text)):
        if symbol in _QUOTES:
            way = f"close it, or quote the value with {_QUOTES[symbol]}"
            raise SpecError(f"open quote at {text[place:]!r}", hint=way)
        if symbol in _CLOSER:
            opened.append(place)
            if len(opened) > _DEEPEST:
                raise SpecError(f"more than {_DEEPEST} open brackets", hint="nest less deeply")
        elif symbol in _CLOSER.values() and (not opened or _CLOSER[text[opened.pop()]] != symbol):
            raise SpecError(f"unexpected {symbol!r} at {text[place:]!r}", hint=_BALANCE)
        yield place, symbol, len(opened)
    if opened:
        raise SpecError(f"open bracket at {text[opened[-1] :]!r}", hint=_BALANCE)


# --- writing ---------------------------------------------------------------------------------------------


def _params_text(params: Params) -> str:
    return ",".join(f"{key}={render_value(value)}" for key, value in params)


def _value_text(value: Value) -> str:
    if isinstance(value, Call):
        return f"{value.name}({_params_text(value.params)})"
    if isinstance(value, tuple):
        return f"[{','.join(map(_value_text, value))}]"
    if isinstance(value, str):
        return value if _is_plain(value) else '"' + re.sub(r'([\\"])', r"\\\1", value) + '"'
    if isinstance(value, float):
        text = exact_text(value)
        return f"{text}.0" if text.lstrip("-").isdigit() else text  # 300.0 must not come back as a count
    return "none" if value is None else str(value).lower()


def _is_plain(text: str) -> bool:
    """Tell whether a string means itself when it stands alone, so that it needs no quotes."""
    if text.startswith("=") or _KEY.match(text):
        return False
    try:
        return _pieces(text) == [text] and _value(text) == text
    except SpecError:
        return False
