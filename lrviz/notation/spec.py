"""Text → ``Spec``: ``torch.MultiStepLR:milestones=30,60,gamma=0.1``, without knowing any schedule.

::

    spec   = name [":" piece {"," piece}]       commas inside brackets or quotes do not cut
    piece  = key "=" value | value              a piece without a key continues the list before it
    value  = none | true | false | number | "quoted" | [list] | Name(key=value,…) | any other text

Other text (``6%``, ``0.9**epoch``, ``min(1,epoch/10)``) stays a string for whoever knows the parameter.
Inside quotes a backslash protects a quote or a backslash and is an ordinary character elsewhere. What stands
behind a key of ``LITERAL_KEYS`` is a string as it is typed, whatever it looks like. A call may have a quoted
name, where it is that of a param group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from lrviz.errors import SpecError
from lrviz.notation.numbers import read_number

if TYPE_CHECKING:
    from collections.abc import Iterator

Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | Call | None"
Params: TypeAlias = "tuple[tuple[str, Value], ...]"
FILE_KEYS: Final = ("metrics", "file")
"""Keys whose text is the name of a file."""
LITERAL_KEYS: Final = ("label", "title", "legend", *FILE_KEYS)
"""Keys whose text is no number, list or word such as none: a legend's or a headline's, a file's name."""


def caller_key(key: str) -> str:
    """What a call as a table says its name by: a param group has a ``label``, a schedule a ``name``."""
    return "label" if key == "groups" else "name"


@dataclass(frozen=True)
class Call:
    """A nested schedule, ``LinearLR(total_iters=5)``."""

    name: str
    params: Params = ()


@dataclass(frozen=True)
class Spec:
    """What the user wrote: a schedule's name and its parameters, in the order written.

    ``unknown`` are keys that pasted code names without a value, with what stands there: ``lr``, ``args.lr``.
    """

    name: str
    params: Params = ()
    unknown: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)

    def get(self, key: str, default: Value = None) -> Value:
        """The value of ``key``, or ``default`` where it was not written."""
        return dict(self.params).get(key, default)

    def keys(self) -> tuple[str, ...]:
        """The keys in the order written."""
        return tuple(key for key, _ in self.params)


def parse(text: str) -> Spec:
    """Read one spec.

    Raises:
        SpecError: empty text, bad name, bracket or quote left open, value without a key, repeated key, empty
            piece or value, text after a closing quote; with the piece and the whole spec.

    """
    try:
        return _spec(text.strip())
    except SpecError as fault:
        # The readers below see pieces only; the whole that the user will recognise is added once, here.
        raise SpecError(f"{fault.message} in {text!r}", hint=fault.template) from None


def parse_value(text: str) -> Value:
    """Read the text behind ``key=`` by the rules of ``parse``: ``30,60`` is a list, ``3e-4`` a number.

    Raises:
        SpecError: it cannot be read; with the piece.

    """
    if not text.strip():
        raise SpecError("empty value", hint="give one, or leave it out")
    return _joined(_pieces(text))


def parse_typed(key: str, text: str) -> Value:
    """Read the text of an option or a config for ``key`` as it would be read behind ``key=``.

    Raises:
        SpecError: it cannot be read; with the piece.

    """
    return text if key in LITERAL_KEYS else parse_value(text)


NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*", re.ASCII)
KEY = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)", re.ASCII)
_CALL = re.compile(rf"""({NAME.pattern}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')(\(.*\))""", re.ASCII | re.DOTALL)
_SYMBOL = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|.""", re.DOTALL)
_ESCAPE = re.compile(r"""\\([\\'"])""")
_REST_OF_NUMBER = re.compile(r"0\d+", re.ASCII)  # nobody begins a number so
_QUOTES = {"'": '"', '"': "'"}  # each with the other
_CLOSER = {"(": ")", "[": "]", "{": "}"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "none": None}
_DEEPEST = 50  # brackets within brackets; more is no schedule and would exhaust Python's stack
_BALANCE = "balance the brackets, or quote the text"
_LAUNCHED = "a launch line stands behind --, as in lrviz show -- torchrun train.py --lr 1e-3"
_EXAMPLE = "write 'name' or 'name:key=value,…', as in 'cosine:warmup=6%,lr=3e-4'"


def _spec(text: str) -> Spec:
    if not text:
        raise SpecError("empty spec", hint=_EXAMPLE)
    name, colon, rest = (part.strip() for part in text.partition(":"))
    if not name:
        raise SpecError("no schedule name before ':'", hint=_EXAMPLE)
    if not NAME.fullmatch(name):
        is_line = " --" in name
        raise SpecError(f"bad schedule name {name!r}", hint=_LAUNCHED if is_line else _EXAMPLE)
    if not colon:
        return Spec(name)
    if not rest:
        raise SpecError("nothing after ':'", hint=f"write '{name}' or '{name}:key=value,…'")
    pieces = _cut(rest)
    if pieces[0] and not KEY.match(pieces[0]):
        raise SpecError(f"{pieces[0].strip()!r} has no key", hint=f"write '{name}:{_keyed(pieces[0])}'")
    return Spec(name, _params(pieces))


def _keyed(piece: str) -> str:
    """How ``warm-up=10``, ``lr:0.1``, ``lr==0.1`` or ``warmup`` are typed."""
    found = re.fullmatch(r"[\s-]*([A-Za-z][\w-]*)\s*(?:[=:]+\s*(.+))?", piece, re.ASCII | re.DOTALL)
    return f"{found[1].replace('-', '_')}={found[2] or 'VALUE'}" if found else "key=value,…"


def _params(pieces: list[str]) -> Params:
    """Gather pieces under their keys; the first piece has one."""
    texts: dict[str, list[str]] = {}
    key = ""
    for piece in pieces:
        found = KEY.match(piece.lstrip())
        text = piece.lstrip()[found.end() :] if found else piece
        if found:
            key = found[1]
            if key in texts:
                raise SpecError(f"repeated key {key!r}", hint=f"keep one, or write a list: {key}=a,b")
            if not text.strip():
                raise SpecError(f"empty value for {key!r}", hint=f"write '{key}=VALUE', or leave it out")
        texts.setdefault(key, []).append(text)
    return tuple((key, _read(key, found)) for key, found in texts.items())


def _read(key: str, pieces: list[str]) -> Value:
    """Read the pieces under one key; as they are typed, only quotes taken off, where the key is literal."""
    if key not in LITERAL_KEYS:
        return _joined([piece.strip() for piece in pieces])
    text = ",".join(pieces).strip()
    quoted = _SYMBOL.match(text)
    return _unquoted(text) if text[0] in _QUOTES and quoted and quoted[0] == text else text


def _joined(pieces: list[str]) -> Value:
    """Read several pieces as a list, a single one as itself; a comma inside a number makes no list."""
    if any(_REST_OF_NUMBER.fullmatch(piece) for piece in pieces[1:]):
        raise SpecError(
            f"{','.join(pieces)!r} has a comma inside a number", hint="write 1000 or 1_000, and 0.01"
        )
    return _value(pieces[0]) if len(pieces) == 1 else tuple(map(_value, pieces))


def _value(text: str) -> Value:
    """Read one piece."""
    if not text:
        raise SpecError("empty piece", hint="remove the extra comma")
    call = _call(text)
    if call is not None:
        return call
    if text[0] in _QUOTES:
        return _unquoted(text)
    if text[0] == "{" and text[-1] == "}":
        raise SpecError(f"{text!r} is no value: braces hold several", hint=_in_braces(text[1:-1]))
    if text[0] == "[" and _is_enclosed(text):
        inner = text[1:-1].strip()
        return tuple(_value(piece) for piece in _pieces(inner)) if inner else ()
    return _scalar(text)


def _in_braces(inside: str) -> str:
    """How to type what braces hold that are no sweep: blanks, one value, a range of what is not whole."""
    if "," in inside:
        return f"leave out the blanks: {{{''.join(inside.split())}}}"
    low, dots, high = inside.partition("..")
    if dots and low and high:
        return f"a range counts whole numbers, as {{1..9..4}} does; list others: {{{low},{high}}}"
    return f"leave the braces out of one value: {inside}" if inside else "give one without braces"


def _call(text: str) -> Call | None:
    """Read ``Name(key=value,…)``; anything else with parentheses (``min(1,epoch/10)``) is an expression."""
    found = _CALL.fullmatch(text)
    if not found or not _is_enclosed(found[2]):
        return None
    name = _unquoted(found[1]) if found[1][0] in _QUOTES else found[1]
    inner = found[2][1:-1].strip()
    if not inner:
        return Call(name)
    pieces = _cut(inner)
    return Call(name, _params(pieces)) if KEY.match(pieces[0]) else None


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
    return [piece.strip() for piece in _cut(text)]


def _cut(text: str) -> list[str]:
    cuts = [place for place, symbol, depth in _symbols(text) if symbol == "," and not depth]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _is_enclosed(text: str) -> bool:
    """Whether the bracket that opens ``text`` closes at its very end (``[1][0]`` is no list)."""
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
