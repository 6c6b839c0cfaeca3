"""Loops turn by turn: over the words that a script is given, ``while getopts``, and those that only set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assignments import written
from lrviz.inputs.foreign.shell.conditions import decide, is_test, may_train, reads_arguments
from lrviz.inputs.foreign.shell.getopts import letters
from lrviz.inputs.foreign.shell.shell_values import ARGUMENTS
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.inputs.foreign.shell.shell_statement import Statement
    from lrviz.inputs.foreign.shell.shell_variables import Variables

_MOST_TURNS = 1000
_STEPPED = re.compile(r"\(\(([^;]*);([^;]*);([^;]*)\)\)")
_SETTING = re.compile(
    r"\s*(?:([A-Za-z_]\w*)\s*(?:([-+*/%]?)=(?!=)(.+)|(\+\+|--))|(\+\+|--)([A-Za-z_]\w*))\s*"
)


def turns(head: Statement, body: Sequence[Statement], variables: Variables) -> Iterator[bool]:
    """Each turn of a loop: True where its body is run, False at an end that is known; else none is left.

    A script of which nobody says how it is called has no words.
    """
    if not body or body[0].before:  # a head of several commands
        return
    if all(map(_only_sets, body)) or _has_one_word(head, variables):
        yield from _each(head, variables) if head.words[0].plain == "for" else _counted(head, variables)
    if not (reads_arguments(head) or (_is_endless(head) and any(map(_shifts, body)))):
        return
    words = variables.values.get(ARGUMENTS, ())
    if variables.is_uncalled and variables.given_words:
        return
    variables.defaults |= {} if ARGUMENTS in variables.values else {ARGUMENTS: ""}
    if head.words[0].plain == "getopts":
        yield from _letters(head, words, variables) if _has_letters(head, words) else ()
    elif words:
        yield from _while(head, variables)
    else:
        variables.values["OPTIND"] = (Word.of("1"),)
        yield False


def _only_sets(statement: Statement) -> bool:
    """Whether a command does nothing but set variables, test them or leave the loop."""
    return statement.words[0].plain in {"break", "continue"} or not may_train(statement)


def _has_one_word(head: Statement, variables: Variables) -> bool:
    """Whether it is ``for NAME in WORD``: one turn, whatever it does; a pattern may be several files."""
    if head.words[0].plain != "for" or [word.plain for word in head.words[2:3]] != ["in"]:
        return False
    words = variables.expand(*head.words[3:])
    return len(words) == 1 and not set("*?[") & set(words[0].text)


def _each(head: Statement, variables: Variables) -> Iterator[bool]:
    """``for NAME in WORD…``, where all words are known."""
    if stepped := _STEPPED.fullmatch(written(head.words[1].segments)):
        yield from _with_steps(stepped, variables)
        return
    name, *rest = [word.plain for word in head.words[1:]]
    words = variables.expand(*head.words[3:])
    is_known = not any(isinstance(one.value, Unknown) for one in words)
    if rest[:1] != ["in"] or not is_known or len(words) > _MOST_TURNS:
        return
    for one in words:
        variables.assign(name, [one], appends=False, is_array=False)
        yield True
    yield False


def _with_steps(stepped: re.Match[str], variables: Variables) -> Iterator[bool]:
    """``for ((N = 0; N < 3; N++))``, as often as the test holds."""
    first, test, step = stepped.groups()
    is_set = _set_by_sum(first, variables)
    for _ in range(_MOST_TURNS if is_set else 0):
        holds = variables.sum_of("", test)
        if isinstance(holds, Unknown):
            return
        yield holds != "0"
        if not _set_by_sum(step, variables):
            return


def _set_by_sum(text: str, variables: Variables) -> bool:
    """Set what ``N = 0``, ``N += 2`` or ``N++`` does; whether that is known."""
    found = _SETTING.fullmatch(text)
    if found is None:
        return False
    name, sign, value, behind, before, other = found.groups()
    counted = f"{name or other} {(behind or before or '')[:1]} 1"
    number = variables.sum_of("", counted if value is None else f"{name} {sign} ({value})" if sign else value)
    if isinstance(number, Unknown):
        return False
    variables.assign(name or other, [Word.of(number)], appends=False, is_array=False)
    return True


def _counted(head: Statement, variables: Variables) -> Iterator[bool]:
    """``while [ $N -lt 3 ]``, as often as the test holds."""
    for _ in range(_MOST_TURNS if is_test(head.words) and not reads_arguments(head) else 0):
        taken = decide(head, variables)
        if taken is None or taken.assumed:
            return
        yield taken.holds


def _while(head: Statement, variables: Variables) -> Iterator[bool]:
    """As often as the test holds, and words are taken from those that the script is given."""
    while (words := variables.values.get(ARGUMENTS)) is not None:
        taken = decide(head, variables)
        if taken is None or taken.assumed:
            return
        yield taken.holds
        if len(variables.values[ARGUMENTS]) >= len(words):
            return


def _has_letters(head: Statement, words: Sequence[Word]) -> bool:
    """Whether it is ``getopts SPEC NAME`` alone, and the script is given words that are known."""
    return len(head.words) == 3 and not any(isinstance(one.value, Unknown) for one in words)


def _letters(head: Statement, words: Sequence[Word], variables: Variables) -> Iterator[bool]:
    """All of its options."""
    values = variables.values
    *found, last = letters(variables.value(head.words[1]).text, words)
    for one in (*found, last):
        variables.assign(head.words[2].plain, [Word.of(one.name)], appends=False, is_array=False)
        values["OPTARG"] = (one.argument or Word(()),)
        values["OPTIND"] = (Word.of(str(one.following)),)
        yield one is not last


def _is_endless(head: Statement) -> bool:
    """``while true`` or ``while :``."""
    return [word.plain for word in head.words] in (["true"], [":"])


def _shifts(statement: Statement) -> bool:
    return statement.words[0].plain == "shift"
