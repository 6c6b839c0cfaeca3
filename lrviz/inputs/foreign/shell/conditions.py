"""Tests of a script, ``[ -z "$X" ]``, decided by the variables that are known."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shell.shell_lexer import Parameter, RawWord
from lrviz.inputs.foreign.shell.statements import is_literal, is_sure
from lrviz.inputs.foreign.source import Unknown, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lrviz.inputs.foreign.shell.shell_variables import Variables
    from lrviz.inputs.foreign.shell.statements import Statement

_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
}
_NUMBERS: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq,
    "-ne": operator.ne,
    "-lt": operator.lt,
    "-le": operator.le,
    "-gt": operator.gt,
    "-ge": operator.ge,
}
_CLOSERS = {"[": "]", "[[": "]]"}
_OF_THE_MACHINE = ("HOME", "HOST", "HOSTNAME", "PATH", "PWD", "SHELL", "SLURM_", "USER")
"""Variables that are set on every machine, or in every job."""
_LEAVERS = {"exit", "return"}


class Decision(NamedTuple):
    """Whether a test holds; ``assumed`` are the names that it is for, taken to be set by nobody."""

    holds: bool
    assumed: frozenset[str] = frozenset()


def decide(statement: Statement, variables: Variables) -> Decision | None:
    """Whether a command succeeds, None where only running it could tell.

    Those that do nothing but set variables do.
    """
    if is_literal(statement.words):
        return None if statement.is_negated else Decision(holds=True)
    words = _inside(statement.words)
    found = _test(words, variables, in_doubles=statement.words[0].plain == "[[") if words else None
    return found and found._replace(holds=found.holds != statement.is_negated)


def chosen(statements: Sequence[Statement], variables: Variables) -> list[Statement] | None:
    """The statements of an ``if`` that are run, None where nobody knows.

    What nobody sets decides only about variables: a command that may train is looked at. A script that trains
    does not end before it does.
    """
    parts: dict[int, list[Statement]] = {}
    for one in statements:
        parts.setdefault(one.blocks[0].part, []).append(one)
    assumed: frozenset[str] = frozenset()
    for part in range(1, max(parts) + 1, 2):
        decision = _decided(parts.get(part - 1, []), variables)
        assumed |= decision.assumed if decision else frozenset()
        if decision is None or (assumed and any(map(may_train, statements))):
            return None
        if decision.holds:
            body = parts.get(part, [])
            if any(one.words[0].plain in _LEAVERS for one in body):
                return None
            break
    else:
        body = []
    variables.defaults |= dict.fromkeys(assumed, "")
    return [one._replace(blocks=one.blocks[1:]) for one in body]


def _decided(condition: Sequence[Statement], variables: Variables) -> Decision | None:
    """Nothing stands before what follows ``else``."""
    if not condition:
        return Decision(holds=True)
    return decide(condition[0], variables) if len(condition) == 1 else None


def may_train(statement: Statement) -> bool:
    """Whether it does more than set variables and test them."""
    return not (is_sure(statement.words) or _inside(statement.words))


def _inside(words: Sequence[RawWord]) -> Sequence[RawWord]:
    """The words of a test without its brackets; nothing where it is none."""
    first, last = words[0].plain, words[-1].plain
    if first == "test":
        return words[1:]
    return words[1:-1] if first in _CLOSERS and last == _CLOSERS[first] else ()


def _test(words: Sequence[RawWord], variables: Variables, *, in_doubles: bool) -> Decision | None:
    """``[ "$X" ]``, ``[ -z "$X" ]``, ``[ "$X" = a ]`` or ``[ "$X" -gt 1 ]``; nothing longer."""
    plain = [word.plain for word in words]
    sides = {1: words, 2: words[1:], 3: (*words[:1], *words[2:])}.get(len(words), ())
    texts = [_text(word, variables) for word in sides]
    known = [one for one in texts if one is not None]
    if len(known) < len(texts) or not texts or (len(texts) == 1 and in_doubles and len(words) == 1):
        return None
    is_gone = not in_doubles and any(
        not text for (text, _), word in zip(known, sides, strict=True) if _splits(word)
    )
    assumed = frozenset(name for _, names in known for name in names)
    if len(words) == 2 and plain[0] == "-z":
        return Decision(not known[0][0], assumed)
    if is_gone:
        return None
    holds = _holds(plain, [text for text, _ in known], is_pattern=in_doubles and _is_pattern(words[-1]))
    return None if holds is None else Decision(holds, assumed)


def _holds(plain: Sequence[str], texts: Sequence[str], *, is_pattern: bool) -> bool | None:
    match plain:
        case [_]:
            return bool(texts[0])
        case ["-n", _]:
            return bool(texts[0])
        case [_, sign, _] if sign in _TEXTS and not is_pattern:
            return _TEXTS[sign](*texts)
        case [_, sign, _] if sign in _NUMBERS and all(text.strip().isdecimal() for text in texts):
            return _NUMBERS[sign](*map(int, texts))
    return None


def _text(raw: RawWord, variables: Variables) -> tuple[str, frozenset[str]] | None:
    """What a word comes to, and for which names that nobody sets; None where it is unknown."""
    before = dict(variables.defaults)
    word = variables.value(raw)
    defaulted = {name for name in variables.defaults if name not in before}
    variables.defaults = before
    unset = {name for name in _names(word) if _is_unset(name, variables)}
    if any(isinstance(one, Unknown) and not _is_plain(one, unset) for one in word.parts):
        return None
    text = "".join(one for one in word.parts if isinstance(one, str))
    return text, frozenset(unset | defaulted)


def _names(word: Word) -> Iterable[str]:
    return (name for one in word.parts if isinstance(one, Unknown) for name in one.names)


def _is_plain(unknown: Unknown, unset: set[str]) -> bool:
    return any(unknown.why in {f"${name}", f"${{{name}}}"} for name in unset)


def _is_unset(name: str, variables: Variables) -> bool:
    is_common = name.startswith("SLURM_") or name in _OF_THE_MACHINE
    return name.isidentifier() and variables[name] is None and not is_common


def _splits(word: RawWord) -> bool:
    return any(isinstance(one, Parameter) and not one.quoted for one in word.segments)


def _is_pattern(word: RawWord) -> bool:
    return any(letter in word.plain for letter in "*?[")
