"""Which commands of a script are run: by what is known, by what is assumed, or nobody knows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assigned import assigned, grows
from lrviz.inputs.foreign.shell.conditions import (
    Decision,
    causes_of,
    compared_with,
    decide,
    may_train,
    tested_words,
)
from lrviz.inputs.foreign.shell.shell_values import ARGUMENTS
from lrviz.inputs.foreign.shell.simple_commands import SimpleCommands
from lrviz.inputs.foreign.shell.wrappers import BUILTINS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_statement import Block, Statement
    from lrviz.inputs.foreign.word import Word

SUCCESS = Decision(holds=True)
_MOST_WORDS = 9
"""That a script may want."""


@dataclass
class Decisions(SimpleCommands):
    """Knows the status of the last command, and the names that would tell it where nobody knows."""

    bodies: dict[str, list[Statement]] = field(default_factory=dict)
    of_functions: set[str] = field(default_factory=set)  # the variables that functions set
    status: Decision | None = SUCCESS  # of the last command
    last: Statement | None = None  # which that is
    told_by: frozenset[str] | None = frozenset()  # the names that would tell it
    enders: set[str] = field(default_factory=set)  # functions that end the script

    def is_run(self, statements: Sequence[Statement], *, ends: bool) -> bool | None:
        """What the operator before them makes of the status of the last command.

        What is assumed of that is given up where the script ``ends`` by it.
        """
        before = statements[0].before
        if not before:
            return True
        while ends and self.status and self.status.assumed and self.status.holds == (before == "&&"):
            if not (self.last and self.refutes(self.status.assumed)):
                return None
            self.status = decide(self.last, self.variables)
        if self.status is None or before == "?" or not self.decides(self.status, statements):
            return None
        return self.status.holds == (before == "&&")

    def decides(self, decision: Decision, statements: Sequence[Statement]) -> bool:
        """Whether a decision is one: what nobody sets decides only about variables, and is noted then.

        A command that may train is looked at.
        """
        if decision.assumed and any(map(may_train, statements)):
            return False
        least = self.variables.given_words
        self.variables.defaults |= {
            name: str(least or "") if name == ARGUMENTS else "" for name in decision.assumed
        }
        return True

    def refutes(self, assumed: frozenset[str]) -> bool:
        """Whether what is assumed is given up, for the script ends by it."""
        is_new = self.variables.least_words < _MOST_WORDS or bool(assumed - {ARGUMENTS})
        self.variables.require(assumed)
        return is_new

    def leaves(self, body: Sequence[Statement], taken: Decision) -> bool:
        """Whether a branch that is taken ends the script, which does not before it trains."""
        leavers = {"exit"} if self.is_within else {"exit", "return"}
        return taken.holds and any(one.words[0].plain in leavers for one in body)

    def ends(self, body: Sequence[Statement], depth: int) -> bool:
        return ends_script(body, depth, self.enders)

    def is_exact(self, block: Block) -> bool:
        """Whether the word of a ``case`` is surely known: no file may set it, and it is no folder, ``.``."""
        is_by_hand = any(name == "#" or name.isdigit() for name in self.variables.given)
        if self.unread or is_by_hand or block.opener != "case" or block.subject is None:
            return False
        return not self.variables.value(block.subject).text.startswith(".")

    def ending(self, body: Sequence[Statement]) -> int:
        """The line in which a branch ends the script."""
        return next(one.line for one in body if one.words[0].plain in {"exit", *self.enders})

    def ending_branches(self, statements: Sequence[Statement], depth: int) -> set[int]:
        """The branches that end the script, and do nothing else of note."""
        bodies: dict[int, list[Statement]] = {}
        for one in statements:
            if not one.path[depth].in_head:
                bodies.setdefault(one.path[depth].branch, []).append(one)
        return {branch for branch, body in bodies.items() if self.ends(body, depth)}

    def are_ends(self, later: Sequence[Statement], block: Block, depth: int) -> bool:
        """Whether all branches behind one end the script, and one of them is for all other cases."""
        branches = {one.path[depth].branch for one in later}
        last = [one for one in later if one.path[depth].branch == block.branch]
        is_else = block.opener == "if" and bool(last) and not any(one.path[depth].in_head for one in last)
        return is_else and branches == self.ending_branches(later, depth)

    def tellers(self, block: Block, statements: Sequence[Statement], depth: int) -> frozenset[str] | None:
        """The names that would tell which branch is taken; None where no names would."""
        if block.opener not in {"if", "case"}:
            return None
        heads = [one for one in statements if one.path[depth].in_head]
        if block.opener == "case":
            found = self.named_by([(block.subject,)] if block.subject else [])
        else:
            found = self._named_by_heads(heads)
        if found and len(found) == 1:
            self.choices.values.setdefault(min(found), self._choices_by(block, heads))
        return found

    def _named_by_heads(self, heads: Sequence[Statement]) -> frozenset[str] | None:
        decided = [(one, decide(one, self.variables)) for one in heads]
        return self.named_by(tested_words(one.words) for one, found in decided if not found or found.assumed)

    def _choices_by(self, block: Block, heads: Iterable[Statement]) -> tuple[str, ...]:
        """The values that branches are for."""
        patterns = [
            one.plain for patterns in block.patterns for one in patterns if not set("*?[") & set(one.plain)
        ]
        compared = [compared_with(one.words, self.variables) for one in heads]
        return tuple(dict.fromkeys(filter(None, (*patterns, *compared))))

    def named_by(self, tests: Iterable[Sequence[RawWord]]) -> frozenset[str] | None:
        found = [causes_of(one, self.variables) for one in tests]
        return frozenset().union(*found) if found and all(found) else None

    def causes_with(self, causes: frozenset[str] | None) -> frozenset[str]:
        """Those of a block and of what it stands in; none where something else decides too."""
        is_alone = self.is_sure or bool(self.causes)
        return self.causes | causes if causes and is_alone else frozenset()

    def grown(self, statements: Sequence[Statement]) -> Mapping[str, tuple[tuple[Word, ...], str]]:
        """The names to whose values commands only add, with the values, and what stands between."""
        values, found = self.variables.values, defaultdict[str, set[str | None]](set)
        for one in statements if not statements[0].in_function or self.is_called else ():
            for name in self.set_by(one) & values.keys():
                found[name].add(grows(one, name) if one.words[0].plain not in self.bodies else None)
        left = found.keys() - {*self.variables.given, *self.altered, *self.variables.keyed}
        between = {name: one for name in left for one in found[name] if one is not None}
        return {name: (values[name], one) for name, one in between.items() if len(found[name]) == 1}

    def grow(self, grown: Mapping[str, tuple[tuple[Word, ...], str]]) -> None:
        """Have them be what they were, and what nobody knows behind that."""
        for name, (before, between) in grown.items():
            self.variables.grow(name, before, between=between)

    def set_by(self, statement: Statement) -> set[str]:
        """What it sets; a call may set what any function does."""
        is_call = statement.words[0].plain in self.bodies
        return assigned(statement) | (self.of_functions if is_call else set())


def depth_of(name: str, body: Sequence[Statement]) -> int:
    """How many blocks the body of a function stands in."""
    return next(at for at, one in enumerate(body[0].path) if one.block.function == name)


def ends_script(body: Sequence[Statement], depth: int, enders: Collection[str]) -> bool:
    """Whether a branch that does nothing else of note ends the script for sure, or calls what does."""
    words = {"exit", *enders}
    direct = [one for one in body if len(one.path) == depth + 1 and (not one.before or one is body[0])]
    is_end = any(one.words[0].plain in words and not one.is_piped for one in direct)
    return is_end and not any(may_train(one) and one.words[0].plain not in words | BUILTINS for one in body)
