"""The commands of a shell script, with the variables they can be told without running anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shell.conditions import Decision, chosen, decide, may_train
from lrviz.inputs.foreign.shell.sbatch import allocated
from lrviz.inputs.foreign.shell.shell_lexer import (
    RawWord,
    Text,
    tokens,
)
from lrviz.inputs.foreign.shell.shell_variables import ARGUMENTS, Variables
from lrviz.inputs.foreign.shell.statements import HEADED, Parser, Statement, assigned, assignment, is_literal
from lrviz.inputs.foreign.source import Launch, Unknown, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Command(NamedTuple):
    """The words of a command, variables set before it among them, and ``env``, what was exported before.

    ``defaults`` are those taken up to here for what nothing sets, and ``unread`` a file that may set it;
    ``choices`` are the values that loops give to their variables.
    """

    words: tuple[Word, ...]
    env: Mapping[str, Word] = {}
    defaults: Mapping[str, str] = {}
    unread: str = ""
    choices: Mapping[str, tuple[str, ...]] = {}


class Invocation(NamedTuple):
    """How a script is started: by which launcher, and with which words; None where nobody says."""

    launch: Launch = Launch()
    arguments: tuple[Word, ...] | None = None


UNSAID = Invocation()


def read_commands(
    text: str,
    name: str,
    given: Mapping[str, str] | None = None,
    call: Invocation = UNSAID,
    first_line: int = 1,
) -> tuple[Command, ...]:
    """All commands of a script in order, also those inside loops and functions.

    A variable that is set inside one, or by a command, is Unknown, unless it is ``given``.

    Raises:
        ConfigError: a quote or bracket is never closed, or the variables stand for too much.

    """
    found = enumerate(Parser().statements(tokens(text, name, first_line)))
    statements = [one._replace(at=at) for at, one in found]
    env = allocated(text) | {key: Word((one.value,)) for key, one in call.launch.env.items()}
    variables = Variables(name, given or {}, {key: (word,) for key, word in env.items()})
    if call.arguments is not None:
        variables.values[ARGUMENTS] = call.arguments
    run = _Run(variables, exported=dict.fromkeys(env))
    run.read(statements)
    return tuple(run.commands)


@dataclass
class _Run:
    """Goes through the statements once, and never around."""

    variables: Variables
    hidden: set[str] = field(default_factory=set)  # set in a function, which may be called at any time
    commands: list[Command] = field(default_factory=list)
    exported: dict[str, None] = field(default_factory=dict)
    env: dict[str, Word] | None = None
    unread: str = ""
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, statements: list[Statement]) -> None:
        for one in statements:
            names = assigned(one.words)
            self.variables.last_set.update(dict.fromkeys(names, one.at))
            if one.in_function and one.words[0].plain != "local":
                self.hidden |= names
        self._read_all(statements)

    def _read_all(self, statements: Iterable[Statement]) -> None:
        for number, group in groupby(statements, lambda one: one.block):
            block = list(group)
            if not number:
                self._read_line(block)
            elif block[0].blocks[0].closer == "fi" and (body := chosen(block, self.variables)) is not None:
                self._read_all(body)
            else:
                self._read_block(block)

    def _read_line(self, statements: Iterable[Statement]) -> None:
        """Commands outside of blocks, of which ``&&`` and ``||`` may skip some."""
        last: Decision | None = None
        for one in statements:
            is_decided = last is not None and bool(one.joined) and not (last.assumed and may_train(one))
            if last and is_decided and last.holds != (one.joined == "&&"):
                continue
            if last and is_decided:
                self.variables.defaults |= dict.fromkeys(last.assumed, "")
            last = decide(one, self.variables) if is_decided or not one.joined else None
            self._read_one(one._replace(may_be_skipped=one.may_be_skipped and not is_decided))

    def _read_block(self, statements: list[Statement]) -> None:
        """A block may be run again: what it sets is unknown in it, in a function also what is set later."""
        first = statements[0]
        self.variables.run_from = statements[-1].at + 1 if first.in_function else None
        self._forget({name for one in statements for name in assigned(one.words)}, first)
        for one in statements:
            self._read_one(one)
        self.variables.run_from = None

    def _forget(self, names: Iterable[str], statement: Statement) -> None:
        for name in names:
            self.variables.forget(name, statement.words[0].line)
        self.env = None if names else self.env

    def _read_one(self, statement: Statement) -> None:
        words, names = statement.words, assigned(statement.words)
        is_sure = not statement.block and not statement.may_be_skipped
        known = is_sure and (is_literal(words) or ARGUMENTS in names)
        if known and ARGUMENTS in names:
            self._set_arguments(words)
        for word in words if known and ARGUMENTS not in names else ():
            self._set(word)
        is_unset = is_sure and words[0].plain == "unset"
        for name in names if is_unset else ():
            self.variables.values.pop(name, None)
        self._forget(names & self.hidden if known or is_unset else names, statement)
        if words[0].plain == "for" and words[3:] and words[2].plain == "in":
            values = [word for raw in words[3:] for word in self.variables.expand(raw)]
            is_known = not any(isinstance(word.value, Unknown) for word in values)
            self.choices[words[1].plain] = tuple(word.text for word in values if is_known)
        if words[0].plain == "export":
            self.exported.update(dict.fromkeys([*sorted(names), *(word.plain for word in words[1:])]))
            self.env = None
        elif not is_literal(words) and words[0].plain not in HEADED:
            texts = [word for raw in words for word in self.variables.expand(raw)]
            if words[0].plain in {"source", "."} and texts[1:]:
                self.unread = texts[1].text
                self.variables.keep_arguments()
            defaults = dict(self.variables.defaults)
            made = Command(tuple(texts), self._env(), defaults, self.unread, dict(self.choices))
            self.commands += [made] if texts else []

    def _set(self, raw: RawWord) -> None:
        found = assignment(raw)
        if not found:
            self.variables.expand(raw)  # ${X:=default}
            return
        name, subscript, appends = found.groups()
        value = Text(found.string[found.end() :], quoted=False)
        if subscript:
            self.variables.forget(name, raw.line)
        elif raw.array is None:
            word = self.variables.value(raw._replace(segments=(value, *raw.segments[1:])))
            self.variables.assign(name, [word], appends=bool(appends), is_array=False)
        else:
            words = [word for one in raw.array for word in self.variables.expand(one)]
            self.variables.assign(name, words, appends=bool(appends), is_array=True)

    def _set_arguments(self, words: tuple[RawWord, ...]) -> None:
        """``set -- WORD…``, or ``shift``."""
        if words[0].plain == "set":
            new = [word for raw in words[2:] for word in self.variables.expand(raw)]
            self.variables.assign(ARGUMENTS, new, appends=False, is_array=True)
        else:
            self.variables.shift(words[1].plain if words[1:] else "1", words[0].line)

    def _env(self) -> Mapping[str, Word]:
        if self.env is None:
            found = {name: self.variables[name] for name in self.exported}
            self.env = {name: words[0] for name, words in found.items() if words}
            self.variables.charge(list(self.env.values()))
        return self.env
