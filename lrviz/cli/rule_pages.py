"""What there is to find, for people: a list, and a page for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import SpecError
from lrviz.findings.rule import rules
from lrviz.notation.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.cli.output import Terminal
    from lrviz.findings.rule import Rule


def rules_called(ids: Sequence[str]) -> list[Rule]:
    """The findings of these ids, each once; all where there is none.

    Raises:
        SpecError: there is no such finding.

    """
    known = {rule.id: rule for rule in rules()}
    for name in ids:
        if name not in known:
            close = nearest(name, known)
            hint = f"did you mean {close}" if close else "lrviz info --findings lists them all"
            raise SpecError(f"unknown finding {name!r}", hint=hint)
    return [known[name] for name in dict.fromkeys(ids)] or [*known.values()]


def listed_rules(found: Sequence[Rule], terminal: Terminal) -> Iterator[str]:
    """Id, level and one line of each."""
    from lrviz.draw.table import plain_table

    rows = [(rule.id, rule.level, rule.summary) for rule in found]
    head, *lines = plain_table(("finding", "level", "says"), rows, ["left"] * 3, width=None)
    yield terminal.bold(head)
    yield from lines
    yield ""
    yield "lrviz info --findings ID explains one"


def rule_page(rule: Rule, terminal: Terminal) -> Iterator[str]:
    """Everything about one."""
    from textwrap import wrap

    yield f"{terminal.bold(rule.id)} ({rule.level})"
    yield from wrap(rule.summary, terminal.width)
    yield ""
    yield from wrap(rule.paragraph, terminal.width)
    yield ""
    yield rule.command
