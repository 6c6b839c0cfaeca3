"""What each simple command of a script does: it sets variables, reads a file, or is one that may train."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.answered_conditions import AnsweredConditions
from lrviz.inputs.foreign.shell.assigned import (
    altered,
    assigned,
    defaulted,
    is_literal,
)
from lrviz.inputs.foreign.shell.assignments import assignment
from lrviz.inputs.foreign.shell.conditions import is_test
from lrviz.inputs.foreign.shell.evaluated import READERS, STDIN, evaluated, is_of_tool
from lrviz.inputs.foreign.shell.fields import joined
from lrviz.inputs.foreign.shell.left import Call, Loop
from lrviz.inputs.foreign.shell.loop_choices import LoopChoices
from lrviz.inputs.foreign.shell.read_builtin import SETTERS
from lrviz.inputs.foreign.shell.set_builtins import (
    assign,
    assign_words,
    referred,
    set_arguments,
    set_options,
    unset_named,
)
from lrviz.inputs.foreign.shell.set_within import counted_within
from lrviz.inputs.foreign.shell.shell_command import Command
from lrviz.inputs.foreign.shell.shell_values import ANYTHING, ARGUMENTS, are_handed_on
from lrviz.inputs.foreign.shell.sourced import Sourced, as_if_at
from lrviz.inputs.foreign.shell.statements import HEADED, read_statements
from lrviz.inputs.foreign.shell.written_files import Redirected, WrittenFiles
from lrviz.inputs.foreign.word import Word
from lrviz.inputs.foreign.written import path_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_statement import Statement
    from lrviz.inputs.foreign.shell.shell_variables import Variables
    from lrviz.inputs.foreign.written import Written

    Within = Callable[[Command], Mapping[str, Written] | None]
    """What a script that a command runs has written at its end; None where it runs none."""

_DEEPEST = 5
"""Texts that are run within each other; a variable may hold itself."""


@dataclass
class SimpleCommands:
    """Goes from one to the next, and notes the ``commands`` that are no builtins of a shell.

    While it is not ``is_sure`` nobody knows whether a command runs: what it sets is unknown, but to those
    that run behind it in the same line of commands, ``is_in_line``. What ``hidden`` functions set is unknown
    at any time, and so is what ``altered`` names are set to. The ``stack`` has the functions that are called,
    and files that are read, the innermost last.
    """

    variables: Variables
    exported: dict[str, bool] = field(default_factory=dict)  # or for one command alone
    sourced: Sourced = field(default_factory=Sourced)
    commands: list[Command] = field(default_factory=list)
    written: WrittenFiles = field(default_factory=lambda: WrittenFiles(""))
    choices: LoopChoices = field(default_factory=LoopChoices)
    conditions: AnsweredConditions = field(default_factory=AnsweredConditions)
    stack: list[Call] = field(default_factory=lambda: [Call()])
    loop: Loop = field(default_factory=Loop)
    hidden: set[str] = field(default_factory=set)
    altered: set[str] = field(default_factory=set)
    unread: str = ""
    evaluating: int = 0  # texts within each other
    is_sure: bool = True
    is_in_line: bool = False
    within: Within | None = None
    causes: frozenset[str] = frozenset()  # names that would tell whether it is run
    ended: int = 0  # the line in which it surely ends before its last command
    env: dict[str, Word] | None = None

    @property
    def is_called(self) -> bool:
        """Whether it is a function that is gone through."""
        return any(one.function for one in self.stack)

    @property
    def is_within(self) -> bool:
        """Whether it is a function, or a file that the script reads."""
        return len(self.stack) > 1

    def read(self, statements: list[Statement]) -> None:
        """Those of a script, or of one that it reads where it stands."""
        for one in statements:
            self.run(one)

    def run(self, statement: Statement) -> None:
        """One command, as far as it is known what it does."""
        words, names = statement.words, assigned(statement)
        is_text = evaluated(words) is not None
        self.variables.are_set |= ARGUMENTS in names and words[0].plain != "shift"
        is_run = self.is_sure or is_text or (self.is_in_line and is_literal(words))
        is_known = is_run and self._sets(statement, names)
        if is_known and is_text and words[0].plain != "trap":
            return
        is_silent = is_literal(words) and not statement.output
        is_noted = not (is_silent or words[0].plain in HEADED or is_test(words) or ARGUMENTS in names)
        set_as_noted = defaulted(statement) if is_noted else set()
        self._forget_unknown(statement, names - set_as_noted, is_known=is_known)
        self._follow(words, names)
        if is_noted:
            self._note(statement)
        self.forget(() if is_run else set_as_noted, statement.line)

    def _forget_unknown(self, statement: Statement, names: set[str], *, is_known: bool) -> None:
        """Of the names that a command sets those whose values nobody knows then."""
        words = statement.words
        is_trap = words[0].plain == "trap"
        behind = set() if is_trap else referred(words, self.variables)
        self.forget(behind, words[0].line)
        self.altered |= altered(words) | behind | (names if is_trap else set())
        hidden = set() if self.is_called else self.hidden
        unknown = self.altered | hidden | counted_within(statement.all_words)
        self.forget(names & unknown if is_known and ANYTHING not in unknown else names, statement.line)
        self.env = None if names else self.env

    def _follow(self, words: tuple[RawWord, ...], names: set[str]) -> None:
        """What a builtin does beside the variables: it leaves a loop, goes to a folder, exports."""
        match words[0].plain:
            case "break" | "continue" as word:
                self.loop.leave(word, is_sure=self.is_sure)
            case "return" if self.stack[-1].function or (self.is_within and self.is_sure):
                self.stack[-1].leave(is_sure=self.is_sure)
            case "for":
                self.choices.note(words, self.variables)
            case "cd" | "pushd" | "popd" as word if self.is_sure or self.is_in_line:
                self.sourced.go(word, self.variables.expand(*words[1:]))
            case "set":
                set_options(words, self.variables)
            case "export":
                self.exported.update(
                    dict.fromkeys([*sorted(names), *(word.plain for word in words[1:])], True)
                )
                self.env = None

    def forget(self, names: Iterable[str], line: int) -> None:
        """Make names those whose values nobody knows."""
        for name in names:
            self.variables.forget(name, line, self.causes)
        self.env = None if names else self.env

    @contextmanager
    def prefixed(self, statement: Statement) -> Iterator[None]:
        """While a command runs: the variables that are set in front of it are its own, and exported."""
        names = [one.name for one in map(assignment, statement.prefix) if one]
        before, values = self.exported, self.variables.values
        with self.variables.own(names):
            for word in statement.prefix:
                assign(word, self.variables, is_declared=False)
            self.exported, self.env = {**before, **dict.fromkeys(names, False)}, None
            yield
            kept = {name: values[name] for name in names if self.exported[name] and name in values}
        values |= kept  # what it exports itself stays
        own = [name for name in names if not self.exported[name]]
        self.exported = {
            name: one for name, one in self.exported.items() if name not in own or name in before
        }
        self.env = None

    @contextmanager
    def apart(self) -> Iterator[None]:
        """While a shell of its own runs, ``( … )`` or a part of a pipe: what it sets is set for it alone."""
        outer = (self.exported, self.altered, self.unread, self.loop, self.stack, self.ended)
        self.exported, self.altered = dict(self.exported), set(self.altered)
        self.loop, self.stack = Loop(), [*self.stack[:-1], replace(self.stack[-1])]
        with self.variables.apart(), self.sourced.staying():
            yield
        self.exported, self.altered, self.unread, self.loop, self.stack, self.ended = outer
        self.env = None

    def _sets(self, statement: Statement, names: set[str]) -> bool:
        """Set what a command sets; whether that is known."""
        words = statement.words
        if ARGUMENTS in names:
            set_arguments(words, self.variables)
        elif words[0].plain == "unset":
            unset_named(words, names, self.variables)
        elif evaluated(words) is not None and words[0].plain != "trap":
            return self._evaluate(statement)
        elif words[0].plain in SETTERS:
            with self.prefixed(statement):
                return SETTERS[words[0].plain](words, statement.stdin, self.variables)
        elif is_literal(words):
            assign_words(words, names, self.variables, in_function=self.is_called)
        else:
            return False
        return True

    def _evaluate(self, statement: Statement) -> bool:
        """Run what ``eval`` is given, or ``source /dev/stdin``; whether that is known."""
        words = statement.words
        found = self.variables.expand(*words[1:])
        if words[0].plain == "eval":
            text = Word(joined(found))
        else:
            is_handed = statement.stdin is not None and found[0].text == STDIN
            text = self.variables.value(statement.stdin) if is_handed and statement.stdin else Word(())
        inner = self._parsed(text.text, statement) if text.head.strip() and self.evaluating < _DEEPEST else []
        if not inner:
            is_open = bool(text.parts) and not (text.head.strip() or is_of_tool(text.text))
            self.forget({ANYTHING} if is_open else (), statement.line)
            return False
        was_in_line, self.is_in_line = self.is_in_line, False
        self.evaluating += 1
        is_file = words[0].plain in READERS
        with self.prefixed(statement), self._in_file(found[1:]) if is_file else nullcontext():
            self.read(inner)
        self.evaluating -= 1
        self.is_in_line = was_in_line
        return True

    def _parsed(self, text: str, at: Statement) -> list[Statement]:
        """The commands of a text, as if they stood where it is run; none where it is no script."""
        try:
            return as_if_at(at, read_statements(text, self.variables.name))
        except ConfigError:
            return []

    def _note(self, statement: Statement) -> None:
        """A command that may train, unless it reads or writes a file."""
        own, words = self.variables.expand(*statement.prefix), self.variables.expand(*statement.words)
        if statement.words[0].plain in READERS and words[1:] and self._source(words[1:], statement):
            return
        texts = [*own, *words]
        piped = self.written.handed if statement.is_piped else None
        stdin = self.variables.value(statement.stdin) if statement.stdin else piped
        written = dict(self.written.files)  # before it writes any itself
        if texts and self._writes(statement, self.choices.each(texts), stdin):
            return
        made = self._started(texts, stdin, written)
        self.commands += [made] if texts else []
        if texts and self.within and (inner := self.within(made)) is not None:
            before, self.written.files = self.written.files, dict(inner)
            if not (self.is_sure or self.is_in_line):
                self.written.either(before, [inner])

    def _started(self, words: Sequence[Word], stdin: Word | None, written: Mapping[str, Written]) -> Command:
        """A command, with all that is known where it is started."""
        kept = self.variables.kept
        return Command(
            tuple(words),
            self._env(),
            stdin,
            written,
            dict(self.variables.defaults),
            self.unread,
            dict(self.choices.values),
            self.sourced.files,
            (*self.sourced.notes, *kept.notes(), *self.written.notes),
            {name: kept.of[name] for name in self.exported if name in kept.of},
            self.sourced.to,
            tuple(one.line for one in reversed(self.stack) if one.function),
            dict(self.conditions.found),
        )

    def _writes(self, statement: Statement, words: Sequence[Word], stdin: Word | None) -> bool:
        """Note what a command writes into files; whether it does nothing else."""
        source = self.variables.value(statement.source) if statement.source else None
        output = statement.output and self.variables.value(statement.output.word)
        appends = bool(statement.output and statement.output.appends)
        env = self._env() if words[0].text == "envsubst" else {}
        command = Redirected(
            words,
            stdin,
            source,
            output,
            appends,
            statement.is_piped,
            env,
            statement.number,
            statement.before,
            self.sourced.code(words),
        )
        is_sure = self.is_sure or self.is_in_line
        return self.written.note(command, self.sourced.to.folder, is_sure=is_sure)

    def _source(self, words: Sequence[Word], statement: Statement) -> bool:
        """Read what ``source FILE`` reads, where that lies beside the script; else note that it is not."""
        file, *given = words[words[0].text == "--" and len(words) > 1 :]
        inner = self.sourced.read(file, statement) if self.is_sure else None
        if inner is None:
            self.unread = file.text
            self.variables.keep(file.text)
            return False
        with self.sourced.within(file), self.prefixed(statement), self._in_file(given):
            self.read(inner)
        return True

    @contextmanager
    def _in_file(self, given: Sequence[Word]) -> Iterator[None]:
        """While a file is read, which ``return`` leaves: with the words given to it, else the script's."""
        words = None if are_handed_on(given) else tuple(given)
        self.stack.append(Call())
        with self.variables.called(words, keeps_set=not self.is_called) if given else nullcontext():
            yield
        self.stack.pop()

    def has_file(self, file: str) -> bool | None:
        """Whether a file of settings is there, which is noted where it lies here."""
        named = path_in(self.sourced.to.folder, file)
        is_there = self.written.has(named)
        if is_there and named not in self.written.files:
            text = f"{file} lies here, so [ -f {file} ] is taken to hold"
            self.written.notes += [text] if text not in self.written.notes else []
        return is_there

    def _env(self) -> Mapping[str, Word]:
        if self.env is None:
            found = {name: self.variables[name] for name in self.exported}
            self.env = {name: words[0] for name, words in found.items() if words}
            self.variables.charge(list(self.env.values()))
        return self.env
