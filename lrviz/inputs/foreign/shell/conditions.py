"""Tests of a script, ``[ -z "$X" ]``, and patterns of ``case``, decided by the variables that are known."""

from __future__ import annotations

import operator
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shell.alterations import pattern_of
from lrviz.inputs.foreign.shell.assigned import is_sure
from lrviz.inputs.foreign.shell.segments import Alteration, Opaque, Parameter, RawWord, Text
from lrviz.inputs.foreign.shell.shell_values import ARGUMENTS
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lrviz.inputs.foreign.shell.shell_statement import Statement
    from lrviz.inputs.foreign.shell.shell_variables import Variables

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_EQUAL = {"=": True, "==": True, "!=": False}
_NUMBERS: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq,
    "-ne": operator.ne,
    "-lt": operator.lt,
    "-le": operator.le,
    "-gt": operator.gt,
    "-ge": operator.ge,
}
_OF_FILES = re.compile("-[b-hkprstuwxGLNOS]|-[no]t|-ef")
_OF_FILE = {"-a", "-e", "-f", "-r", "-s"}
_REGULAR = re.compile(r"\^?[\w.-]+[*+]?\$?")
"""A regular expression that means the same everywhere."""
_ARGUMENT = re.compile(r"\$\{?([1-9]\d?)\}?")
_PLAIN = re.compile(r"\$(?:\w+|\{\w+\})", re.ASCII)
_CLOSERS = {"[": "]", "[[": "]]"}
_OF_THE_MACHINE = ("HOME", "HOST", "HOSTNAME", "PATH", "PWD", "SHELL", "SLURM_", "USER")
"""Variables that are set on every machine, or in every job."""


class Decision(NamedTuple):
    """Whether a test holds; ``assumed`` are the names that it is for, taken to be set by nobody."""

    holds: bool
    assumed: frozenset[str] = frozenset()


def decide(statement: Statement, variables: Variables) -> Decision | None:
    """Whether a command succeeds, None where only running it could tell."""
    found = _decided(statement.words, variables)
    return found and found._replace(holds=found.holds != statement.is_negated)


def may_train(statement: Statement) -> bool:
    """Whether it does more than set variables and test them."""
    return not (is_sure(statement.words) or is_test(statement.words))


def is_test(words: Sequence[RawWord]) -> bool:
    """Whether a command does nothing but test something."""
    return bool(_inside(words) or _sum_in(words))


def reads_arguments(statement: Statement) -> bool:
    """Whether a loop goes on while the script has words: ``[ $# -gt 0 ]``, ``[ -n "$1" ]``, ``getopts``."""
    words = statement.words
    named = {one.name for word in words for one in word.segments if isinstance(one, Parameter)}
    in_sum = _sum_in(words)
    is_of_words = is_test(words) and ("$#" in in_sum or bool(named & {"#", "1"}))
    return is_of_words or words[0].plain == "getopts"


def is_case_of(subject: RawWord, patterns: Iterable[RawWord], variables: Variables) -> Decision | None:
    """Whether one of the patterns of a branch fits; None where nobody knows."""
    found = _text(subject, variables)
    if found is None:
        return None
    text, assumed = found
    fits = [_fits(text, one, variables) for one in patterns]
    is_known = True in fits or None not in fits
    return Decision(holds=True in fits, assumed=assumed) if is_known else None


def causes_of(words: Sequence[RawWord], variables: Variables) -> frozenset[str]:
    """The names that would tell whether a test holds; none where no names do."""
    read = [variables.value(word) for word in words]
    unknown = [part for word in read for part in word.parts if isinstance(part, Unknown)]
    return frozenset(one.names[0] for one in unknown) if all(map(_is_named, unknown)) else frozenset()


def _is_named(unknown: Unknown) -> bool:
    """Whether it is one variable as it stands, or one word of the script, and not the machine's."""
    match unknown.names:
        case (name,) if name not in _OF_THE_MACHINE and (name.isalnum() or name.isidentifier()):
            return bool(_PLAIN.fullmatch(unknown.why))
    return False


def compared_with(words: tuple[RawWord, ...], variables: Variables) -> str:
    """``a`` of ``[ "$X" = a ]``, where that is no pattern."""
    match _inside(words):
        case [_, sign, other] if sign.plain in _EQUAL:
            value = variables.value(other).value
            return "" if isinstance(value, Unknown) or set("*?[") & set(value) else value
    return ""


def tested_words(words: tuple[RawWord, ...]) -> Sequence[RawWord]:
    """Those of a test of variables; none of one that looks for files."""
    inside = _inside(words)
    return () if any(_OF_FILES.fullmatch(word.plain) for word in inside) else inside


def _decided(words: tuple[RawWord, ...], variables: Variables) -> Decision | None:
    if is_sure(words):
        return Decision(holds=True)
    if words[0].plain == "false":
        return Decision(holds=False)
    if written := _sum_in(words):
        return _summed(written, variables)
    if inside := _inside(words):
        return _joined(inside, variables, in_doubles=words[0].plain == "[[")
    return None


def _joined(words: Sequence[RawWord], variables: Variables, *, in_doubles: bool) -> Decision | None:
    """Tests joined by ``||``, each of them by ``&&``: ``-o`` and ``-a`` between single brackets."""
    either, both = ("||", "&&") if in_doubles else ("-o", "-a")
    test = partial(_test, variables=variables, in_doubles=in_doubles)
    each = [[*map(test, _split(part, both))] for part in _split(words, either)]
    return _all_or_any([_all_or_any(one, decides=False) for one in each], decides=True)


def _split(words: Sequence[RawWord], operator_text: str) -> list[Sequence[RawWord]]:
    parts: list[list[RawWord]] = [[]]
    for word in words:
        if operator_text in {word.plain, *(one.written for one in word.segments if isinstance(one, Opaque))}:
            parts.append([])
        else:
            parts[-1].append(word)
    return list(parts)


def _all_or_any(found: Sequence[Decision | None], *, decides: bool) -> Decision | None:
    """The first that decides by itself, else all of them together."""
    first = next((one for one in found if one and one.holds is decides), None)
    if first or None in found:
        return first
    assumed = (name for one in found if one for name in one.assumed)
    return Decision(not decides, frozenset(assumed))


def _inside(words: Sequence[RawWord]) -> Sequence[RawWord]:
    """The words of a test without its brackets; nothing where it is none."""
    first, last = words[0].plain, words[-1].plain
    if first == "test":
        return words[1:]
    return words[1:-1] if first in _CLOSERS and last == _CLOSERS[first] else ()


def _sum_in(words: Sequence[RawWord]) -> str:
    """``((N > 1))``, which is one word."""
    match words[0].segments:
        case (Opaque(written),) if written.startswith("((") and len(words) == 1:
            return written
    return ""


def _test(words: Sequence[RawWord], variables: Variables, *, in_doubles: bool) -> Decision | None:
    """One of a file or of values, and what ``!`` makes of it."""
    first = words[0].plain if words else ""
    if first == "!" and words[1:]:
        inner = _test(words[1:], variables, in_doubles=in_doubles)
        return inner and inner._replace(holds=not inner.holds)
    if first in _OF_FILE and len(words) == 2:
        return _is_there(words[1], variables)
    return _of_values(words, variables, in_doubles=in_doubles) if words else None


def _of_values(words: Sequence[RawWord], variables: Variables, *, in_doubles: bool) -> Decision | None:
    """``[ "$X" ]``, ``[ -z "$X" ]``, ``[ "$X" = a ]`` or ``[ "$X" -gt 1 ]``; nothing longer."""
    plain = [word.plain for word in words]
    sides = {1: words, 2: words[1:], 3: (*words[:1], *words[2:])}.get(len(words), ())
    found = [_text(word, variables) for word in sides]
    known = [one for one in found if one is not None]
    if len(known) < len(found) or not found:
        return None
    # what is split is no word, or several
    is_split = not in_doubles and any(
        len(text.split()) != 1 for (text, _), word in zip(known, sides, strict=True) if _splits(word)
    )
    assumed = frozenset(name for _, names in known for name in names)
    if len(words) == 2 and plain[0] == "-z" and not known[0][0]:
        return Decision(holds=True, assumed=assumed)
    if is_split:
        return None
    texts = [text for text, _ in known]
    is_pattern = in_doubles and len(words) == 3 and (plain[1] in _EQUAL or plain[1] == "=~")
    holds = _matches(words, texts, variables) if is_pattern else _holds(plain, texts)
    return None if holds is None else Decision(holds, assumed)


def _is_there(word: RawWord, variables: Variables) -> Decision | None:
    """``[ -f FILE ]``, where that is one of settings that lies here, or was written or taken away."""
    file = variables.value(word).value
    is_there = None if isinstance(file, Unknown) else variables.has_file(file)
    return None if is_there is None else Decision(holds=is_there)


def _matches(words: Sequence[RawWord], texts: Sequence[str], variables: Variables) -> bool | None:
    """``[[ "$X" == a* ]]``, and ``=~`` with what means the same everywhere."""
    sign = words[1].plain
    if sign in _EQUAL:
        fits = _fits(texts[0], words[2], variables, texts[1])
        return None if fits is None else fits == _EQUAL[sign]
    is_read = _is_unquoted(words[2]) and _REGULAR.fullmatch(texts[1])
    return re.search(texts[1], texts[0]) is not None if is_read else None


def _holds(plain: Sequence[str], texts: Sequence[str]) -> bool | None:
    match plain:
        case [_]:
            return bool(texts[0])
        case ["-n" | "-z" as sign, _]:
            return bool(texts[0]) == (sign == "-n")
        case [_, sign, _] if sign in _EQUAL:
            return (texts[0] == texts[1]) == _EQUAL[sign]
        case [_, sign, _] if sign in _NUMBERS and all(map(_NUMBER.fullmatch, texts)):
            return _NUMBERS[sign](*map(int, texts))
    return None


def _fits(text: str, pattern: RawWord, variables: Variables, means: str | None = None) -> bool | None:
    """Whether a text is what a pattern ``means``: in quotes, and without ``*``, it means itself."""
    value = variables.value(pattern).value if means is None else means
    if isinstance(value, Unknown):
        return None
    if all(getattr(one, "quoted", False) for one in pattern.segments) or not re.search(r"[*?[\\]", value):
        return text == value
    if not _is_unquoted(pattern):
        return None
    found = pattern_of(value)
    return None if found is None else found.fullmatch(text) is not None


def _is_unquoted(word: RawWord) -> bool:
    return all(isinstance(one, Text) and not one.quoted for one in word.segments)


def _summed(written: str, variables: Variables) -> Decision | None:
    found = variables.sum_of(written, written[2:-2])
    return None if isinstance(found, Unknown) else Decision(found != "0")


def _text(raw: RawWord, variables: Variables) -> tuple[str, frozenset[str]] | None:
    """What a word comes to, and for which names that nobody sets; None where it is unknown."""
    before = dict(variables.defaults)
    word = variables.value(raw)
    assumed = {name for name in variables.defaults if name not in before}
    variables.defaults = before
    text = ""
    for part in word.parts:
        known = (part, "") if isinstance(part, str) else _stand_in(part, variables)
        if known is None:
            return None
        text += known[0]
        assumed |= {known[1]} - {""}
    return text, frozenset(assumed)


def _stand_in(part: Unknown, variables: Variables) -> tuple[str, str] | None:
    """What an unknown part is where nobody sets it, and the name that this is assumed of."""
    if part.names == ("#",) and variables.is_uncalled:
        return str(variables.given_words), ARGUMENTS
    if (argument := _ARGUMENT.fullmatch(part.why)) and variables.is_uncalled:
        is_there = int(argument[1]) <= variables.given_words
        return None if is_there else ("", ARGUMENTS)
    unset = next((name for name in part.names if _is_unset(name, variables)), "")
    return ("", unset) if unset and part.why in {f"${unset}", f"${{{unset}}}"} else None


def _is_unset(name: str, variables: Variables) -> bool:
    is_common = name.startswith("SLURM_") or name in _OF_THE_MACHINE or name in variables.required
    return name.isidentifier() and variables[name] is None and not is_common


def _splits(word: RawWord) -> bool:
    return any(isinstance(one, Parameter | Alteration) and not one.quoted for one in word.segments)
