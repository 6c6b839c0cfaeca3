"""Conditions of a script that nobody can tell, ``[ -d out ]``, and what ``--given if_12=yes`` says of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assignments import written
from lrviz.inputs.foreign.shell.conditions import Decision, is_test

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.shell.shell_statement import Statement

CONDITION = "if_"
"""How the name of a condition begins; the number of its line follows."""
ANSWERS = {"no": False, "yes": True}


@dataclass
class AnsweredConditions:
    """The ``found`` ones by name, each as it stands there, and what it does.

    The tests of a condition are told together. A further condition of the same line is told by nobody, nor
    is one that is come to again, where it may be otherwise.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    _first: dict[int, int] = field(default_factory=dict)  # the command that its line's condition begins with
    _seen: set[int] = field(default_factory=set)
    _begins: int = 0

    def begin(self, statement: Statement) -> None:
        """A command that depends on none before it."""
        self._begins = self._begins if statement.before else statement.number

    def told(self, statement: Statement) -> Decision | None:
        """Whether a command of a condition succeeds, where that is given."""
        line, is_again = statement.line, statement.number in self._seen
        if (
            not _is_condition(statement)
            or is_again
            or self._first.setdefault(line, self._begins) != self._begins
        ):
            return None
        self._seen.add(statement.number)
        name = f"{CONDITION}{line}"
        self.found.setdefault(name, _text(statement))
        holds = ANSWERS.get(self.given.get(name, ""))
        return None if holds is None else Decision(holds)


def _text(statement: Statement) -> str:
    words = " ".join(written(word.segments) for word in statement.words)
    return f"{'! ' * statement.is_negated}{words} {'holds' if is_test(statement.words) else 'succeeds'}"


def _is_condition(statement: Statement) -> bool:
    """Whether it is a test, or a command behind ``if``."""
    is_head = bool(statement.path) and statement.path[-1].in_head and statement.path[-1].block.opener == "if"
    return is_head or is_test(statement.words)
