"""The way through a shell script: which of its blocks are run, how often, and what is known behind them."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assigned import assigned, declared, is_local
from lrviz.inputs.foreign.shell.called_functions import functions_of
from lrviz.inputs.foreign.shell.conditions import (
    Decision,
    decide,
    is_case_of,
    is_test,
    may_train,
    tested_words,
)
from lrviz.inputs.foreign.shell.decisions import SUCCESS, Decisions, depth_of, ends_script
from lrviz.inputs.foreign.shell.left import Call, Loop
from lrviz.inputs.foreign.shell.loops import turns
from lrviz.inputs.foreign.shell.set_within import counted_within
from lrviz.inputs.foreign.shell.shell_statement import Block
from lrviz.inputs.foreign.shell.shell_values import ARGUMENTS, are_handed_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.inputs.foreign.shell.shell_statement import Statement


_DEEPEST = 50
"""Blocks within blocks, of which those further in are read as one."""
_MOST_CALLS = 1000
"""How often functions are called before their calls are commands like others."""


@dataclass
class ScriptRun(Decisions):
    """Goes through the statements of a script once, and never around."""

    known: list[Statement] = field(default_factory=list)
    calls: int = 0

    def read(self, statements: list[Statement]) -> None:
        """Those of a script, or of one that it reads where it stands."""
        self.known += statements
        self.bodies = functions_of(self.known)
        self.enders = {
            name for name, body in self.bodies.items() if ends_script(body, depth_of(name, body), ())
        }
        for one in statements:
            names = assigned(one)
            self.variables.last_set.update(dict.fromkeys(names, one.number))
            if one.in_function and one.words[0].plain != "local":
                self.of_functions |= names
                self.hidden |= names if not one.functions & self.bodies.keys() else set()
        self._read_all(statements, 0)

    def _read_all(self, statements: Sequence[Statement], depth: int) -> None:
        """Those in so many blocks, each block within them as a whole."""
        for block, group in groupby(statements, lambda one: one.path[depth:] and one.path[depth].block):
            inner = list(group)
            if isinstance(block, Block):
                if not self._is_over():
                    self._read_block(block, inner, depth)
                continue
            for one in inner:
                if not self._is_over():
                    self._read_one(one)

    def _is_over(self) -> bool:
        """Whether the loop or the function that is gone through is left, or the script."""
        return self.loop.is_left or self.stack[-1].is_left or bool(self.ended)

    def _read_block(self, block: Block, statements: list[Statement], depth: int) -> None:
        """The branch that is taken, where that is known; a function where it is called."""
        is_run = self.is_run(statements, ends=block.opener == "{" and self.ends(statements, depth))
        if block.function in self.bodies or is_run is False:
            return
        is_sure = self.is_sure and is_run is True and not block.function and depth < _DEEPEST
        is_apart = block.is_piped or (block.opener == "(" and not block.function)
        with self.apart() if is_apart else nullcontext():
            if left := self._left_of(block, statements, depth) if is_sure else statements:
                causes = self.tellers(block, statements, depth) if is_run else self.told_by
                self._read_unsure(left, depth, causes)
        self.status = None if is_apart else self.status

    def _left_of(self, block: Block, statements: list[Statement], depth: int) -> list[Statement]:
        """Read what is known to be run of a block that is; what nobody knows is left."""
        if block.opener in {"if", "case"}:
            return self._left_open(block, statements, depth)
        if block.opener in {"for", "while", "until"}:
            return self._turns(statements, depth, is_until=block.opener == "until")
        if block.opener not in {"{", "("}:
            return statements
        self._read_all(statements, depth + 1)
        return []

    def _left_open(self, block: Block, statements: list[Statement], depth: int) -> list[Statement]:
        """Read what is known to be run; what nobody knows is left, from the first condition of that kind.

        Patterns that set something are not followed.
        """
        if block.opener == "case" and any(one.path[depth].in_head for one in statements):
            return statements
        assumed: frozenset[str] = frozenset()
        ended = self.ending_branches(statements, depth)
        for branch in range(block.branch + 1):
            inner = [one for one in statements if one.path[depth].branch == branch]
            body = [one for one in inner if not one.path[depth].in_head]
            later = [one for one in statements if one.path[depth].branch > branch]
            taken = self._is_taken(block, branch, [one for one in inner if one not in body], depth)
            assumed |= taken.assumed if taken else frozenset()
            is_end = branch in ended
            if is_end and taken and taken.holds and assumed and self.refutes(assumed):
                return self._left_open(block, statements, depth)
            if is_end and taken and taken.holds and not assumed and self.is_exact(block):
                self.ended = self.ending(body)
                return []
            if taken is None and is_end:
                continue  # the script goes on
            if taken is None and self.are_ends(later, block, depth):
                taken = SUCCESS
            going_on = [one for one in (*body, *later) if one.path[depth].branch not in ended]
            if taken is None or not self.decides(taken, going_on) or self.leaves(body, taken):
                return [*body, *later]
            if taken.holds:
                self._read_all(body, depth + 1)
                break
        return []

    def _turns(self, statements: list[Statement], depth: int, *, is_until: bool) -> list[Statement]:
        """Go through a loop; what is left is one that nobody knows."""
        head, *body = statements
        head = head._replace(is_negated=head.is_negated != is_until)
        outer, self.loop = self.loop, Loop()
        left = statements
        for is_run in turns(head, body, self.variables):
            if is_run:
                self._read_all(body, depth + 1)
            if not is_run or self.stack[-1].is_left or self.loop.is_over or self.ended:
                left = []
                break
            if self.loop.may_be_left:
                break
            self.loop = Loop()
        self.loop = outer
        return left

    def _is_taken(self, block: Block, branch: int, head: list[Statement], depth: int) -> Decision | None:
        """Whether a branch is, after those before it are not."""
        if block.opener == "if":
            self.status = SUCCESS  # an ``else`` has no condition
            self._read_all(head, depth + 1)
            return self.status if all(len(one.path) == depth + 1 for one in head) else None
        if block.subject is None or block.is_odd:
            return None
        self.variables.kept.read.clear()
        found = is_case_of(block.subject, block.patterns[branch], self.variables)
        self.variables.kept.tested |= self.variables.kept.read
        return found

    def _read_unsure(
        self, statements: list[Statement], depth: int, causes: frozenset[str] | None = None
    ) -> None:
        """A block that may not be run, or again: what it sets is known behind that in it, and nowhere else.

        In a function also what is set later is unknown.
        """
        first, outer = statements[0], (self.is_sure, self.is_in_line, self.variables.run_from)
        outer_causes, grown = self.causes, self.grown(statements)
        self.causes = self.causes_with(causes)
        in_function = first.in_function and not self.is_called
        self.variables.run_from = statements[-1].number + 1 if in_function else self.variables.run_from
        names = {name for one in statements for name in self.set_by(one)}
        self.is_sure = False
        before, branches = self.written.files, []
        with self.sourced.staying():
            for _, branch in groupby(statements, lambda one: one.path[depth].branch):
                self.forget(names, first.line)
                self.written.files = dict(before)
                self._read_in_line(branch, depth)
                branches.append(self.written.files)
        self.written.either(before, branches)
        self.forget(names, first.line)
        self.grow(grown)
        self.is_sure, self.is_in_line, self.variables.run_from = outer
        self.causes = outer_causes
        self.status, self.told_by = None, None

    def _read_in_line(self, statements: Iterable[Statement], depth: int) -> None:
        """Those of a branch: each is run where that before it was, but for what stands in further blocks."""
        for inner, group in groupby(
            statements, lambda one: one.path[depth + 1 :] and one.path[depth + 1].block
        ):
            if isinstance(inner, Block) and depth < _DEEPEST:
                within = list(group)
                self._read_unsure(within, depth + 1, self.tellers(inner, within, depth + 1))
                continue
            for one in group:
                self.is_in_line = not (inner or one.path[depth].in_head)
                self._read_one(one)

    def _read_one(self, statement: Statement) -> None:
        """A command, unless the one before says that it is not run."""
        is_run = self.is_run([statement], ends=self.ends([statement], len(statement.path) - 1))
        if is_run is False:
            return
        self.conditions.begin(statement)
        self.variables.kept.read.clear()
        is_doubted = is_run is None or self.stack[-1].may_be_left
        outer, outer_causes = (self.is_sure, self.is_in_line), self.causes
        grown = self.grown([statement]) if is_doubted and self.is_sure else {}
        if is_doubted:
            self.causes = self.causes_with(self.told_by if is_run is None else None)
        self.is_sure, self.is_in_line = self.is_sure and not is_doubted, self.is_in_line and not is_doubted
        with self.apart() if statement.is_piped else nullcontext():
            self._run_or_call(statement)
        self.grow(grown)
        self.is_sure, self.is_in_line = outer
        self.causes = outer_causes
        is_known = is_run is not None and not statement.is_piped
        self.status = decide(statement, self.variables) if is_known else None
        if self.status is None:
            told_by = self.named_by([tested_words(statement.words)])
            self.status = (
                self.conditions.told(statement) if is_known and self.is_sure and not told_by else None
            )
            self.told_by = told_by and (self.told_by or frozenset()) | told_by if is_run is None else told_by
        self.last = statement
        if is_test(statement.words):
            self.variables.kept.tested |= self.variables.kept.read

    def _run_or_call(self, statement: Statement) -> None:
        is_call = statement.words[0].plain in self.bodies
        if is_call and self._may_call(statement.words[0].plain):
            self._call(statement)
        else:
            self.forget(self.of_functions if is_call else (), statement.line)
            self.run(statement)

    def _may_call(self, name: str) -> bool:
        self.calls += 1
        return name not in {one.function for one in self.stack} and self.calls <= _MOST_CALLS

    def _call(self, statement: Statement) -> None:
        """The body of a function, with what it is called with as its arguments."""
        name = statement.words[0].plain
        body = self.bodies[name]
        words = tuple(self.variables.expand(*statement.words[1:]))
        depth = depth_of(name, body)
        own = _own_names(body, body[0].path[depth].block)
        was_sure, self.is_sure = self.is_sure, True
        trains = any(may_train(one) for one in body if one.words[0].plain != "return")
        self.stack.append(Call(name, statement.line, trains))
        is_apart = body[0].path[depth].block.opener == "("
        with (
            self.prefixed(statement),
            self.variables.called(None if are_handed_on(words) else words),
            self.variables.own(own),
            self.sourced.staying() if is_apart else nullcontext(),
        ):
            self._read_all(body, depth + 1)
        self.ended = 0 if is_apart else self.ended
        call = self.stack.pop()
        self.is_sure, self.env = was_sure, None
        doubted = () if self.is_sure and not call.is_doubted else body
        set_ones = {name for one in doubted for name in self.set_by(one)}
        self.forget(counted_within(statement.all_words) | set_ones - {*own, ARGUMENTS}, statement.line)


def _own_names(body: Sequence[Statement], block: Block) -> set[str]:
    """The variables of a function that are not those of its callers; in brackets it has all to itself."""
    if block.opener == "(":
        return {name for one in body for name in assigned(one)}
    return {name for one in body if is_local(one.words) for name in declared(one.words)}
