"""What a command of a script does to variables, whatever their values are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assignments import assignment, written
from lrviz.inputs.foreign.shell.evaluated import evaluated, statements_in
from lrviz.inputs.foreign.shell.segments import Opaque, Parameter, RawWord, Text
from lrviz.inputs.foreign.shell.set_within import counted_within, defaulted_within, set_by_sum, set_within
from lrviz.inputs.foreign.shell.shell_values import ANYTHING, ARGUMENTS
from lrviz.inputs.foreign.shell.statements import HEADED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.shell.segments import Segment
    from lrviz.inputs.foreign.shell.shell_statement import Statement

_SURE = {"cd", "mkdir", "set", "source", ".", "pushd", "module", "conda", "echo", "true"}
"""Commands whose success nobody doubts: what stands behind ``&&`` is done."""
_DECLARERS = {"export", "declare", "local", "readonly", "typeset"}
_LOCAL = {"local", "declare", "typeset"}
_SETTERS = {"read", "mapfile", "readarray", "getopts", "printf", "unset"}
_ALTERING = set("ilnu")
"""Options of ``declare`` by which a variable takes other values than those that it is given."""
_ELEMENT = re.compile(r"([A-Za-z_]\w*)(?:\[.*)?", re.DOTALL)


def is_literal(words: tuple[RawWord, ...]) -> bool:
    """Whether a command does nothing but set variables to what stands there."""
    return words[0].plain in {*_DECLARERS, ":"} or all(map(assignment, words))


def is_sure(words: tuple[RawWord, ...]) -> bool:
    """Whether nobody doubts that a command succeeds."""
    return is_literal(words) or words[0].plain in _SURE


def assigned(statement: Statement) -> set[str]:
    """The names that a command sets, to whatever."""
    return _by_words(statement.words) | set_within(statement.all_words)


def defaulted(statement: Statement) -> set[str]:
    """The names that it sets in no way but by ``${X:=1}``, as its words are made."""
    others = _by_words(statement.words) | counted_within(statement.all_words)
    return defaulted_within((*statement.prefix, *statement.words)) - others


def grows(statement: Statement, name: str) -> str | None:
    """What stands between a value and what is added to it, ``A+=" b"`` or ``A="$A b"``; None of all else.

    An array has further words.
    """
    found = [(word, one) for word in statement.words if (one := assignment(word)) and one.name == name]
    if len(found) != 1 or not is_literal(statement.words) or name in set_within(statement.all_words):
        return None
    word, one = found[0]
    if one.subscript is not None:
        return None
    if word.array is not None:
        first = word.array[0].segments if word.array else ()
        return ARGUMENTS if one.appends or (len(first) == 1 and _is_of(first[0], name, "@")) else None
    value = [piece for piece in one.value if piece != Text("", quoted=False)]
    added = value if one.appends else value[1:]
    if not (one.appends or (value and _is_of(value[0], name, ""))):
        return None
    return " " if added and isinstance(added[0], Text) and added[0].text.startswith(" ") else ""


def _is_of(segment: Segment, name: str, subscript: str) -> bool:
    """Whether it is all that a name stands for."""
    match segment:
        case Parameter(name=found, subscript=key, operator=""):
            return (found, key) == (name, subscript)
    return False


def _by_words(words: tuple[RawWord, ...]) -> set[str]:
    """What it sets by what it does, and not within a word of it."""
    first, *others = words
    if is_literal(words):
        return {name for word in words for name in _named_by(word)} if first.plain != ":" else set()
    if first.plain in HEADED - {"case"}:
        return {others[0].plain} if others else set()
    if first.plain == "shift" or _sets_arguments(words):
        return {ARGUMENTS}
    if first.plain == "let":
        return {name for word in others for one in word.segments for name in _set_by_let(one)}
    if first.plain in _SETTERS:
        is_of_function = first.plain == "unset" and "f" in letters_of(words)
        return set() if is_of_function else _set_by_names(words)
    text = evaluated(words)
    return set() if text is None else _set_by_text(text)


def _set_by_text(text: str) -> set[str]:
    """What a text that is run sets: any name where nobody knows."""
    inner = statements_in(text)
    return {ANYTHING} if inner is None else {name for one in inner for name in assigned(one)}


def _named_by(word: RawWord) -> list[str]:
    """The name that a word behind ``export`` sets: any where it stands in a variable."""
    if found := assignment(word, in_quotes=True):
        return [found.name]
    is_open = bool(word.segments) and not isinstance(word.segments[0], Text)
    return [ANYTHING] if is_open and not written(word.segments).startswith(("${", "$((")) else []


def _set_by_names(words: Sequence[RawWord]) -> set[str]:
    """What ``read NAME``, ``unset NAME[1]`` or ``printf -v NAME`` sets, any by a name in a variable."""
    plain = [word.plain for word in words]
    if plain[0] == "printf":
        at = plain.index("-v") + 1 if "-v" in plain[:-1] else len(words)
        words = words[at : at + 1]
    elif plain[0] == "getopts":
        return {*plain[2:3], "OPTARG", "OPTIND"}
    else:
        words = words[1:]
    found = (_ELEMENT.fullmatch(written(word.segments)) for word in words)
    names = {one[1] for one in found if one}
    is_open = bool(words) and any(isinstance(one, Parameter | Opaque) for one in words[-1].segments[:1])
    return names | ({ANYTHING} if is_open else set())


def altered(words: Sequence[RawWord]) -> set[str]:
    """``NAME`` of ``declare -i NAME``, which is set to something else than what it is given."""
    if words[0].plain == "export" or not _ALTERING & letters_of(words):
        return set()
    return declared(words)


def declared(words: Sequence[RawWord]) -> set[str]:
    """The names behind ``local`` and the like, with a value or without."""
    first, *others = words
    if first.plain not in _DECLARERS:
        return set()
    set_ones = {found.name for found in map(assignment, others) if found}
    return set_ones | {word.plain for word in others if word.plain.isidentifier()}


def is_local(words: Sequence[RawWord]) -> bool:
    """Whether a declaration in a function is of that function alone."""
    return words[0].plain in _LOCAL and "g" not in letters_of(words)


def letters_of(words: Sequence[RawWord]) -> set[str]:
    """Those of the options of a builtin."""
    return {letter for word in words[1:] if word.plain.startswith("-") for letter in word.plain[1:]}


def _set_by_let(segment: Segment) -> list[str]:
    return set_by_sum(segment.text) if isinstance(segment, Text) else []


def _sets_arguments(words: tuple[RawWord, ...]) -> bool:
    """``set -- WORD…``, or that as what ``eval`` is given, in several words or in one."""
    behind = words[1:] if words[0].plain == "eval" else words
    match behind[:1]:
        case (RawWord((Text(text, True), *_)),):
            return words[0].plain == "eval" and text.startswith("set -- ")
    return [word.plain for word in behind[:2]] == ["set", "--"]
