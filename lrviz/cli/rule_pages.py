"""What there is to find, for people: a list, and a page for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import SpecError
from lrviz.export.grid import GRID_FORMATS, text_rows, texts
from lrviz.findings.noted import explained
from lrviz.notation.finding import LEVELS
from lrviz.notation.nearest import near_hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.cli.output import Terminal
    from lrviz.export.grid import Grid
    from lrviz.findings.noted import Noted
    from lrviz.findings.rule import Rule


def print_rules(ids: Sequence[str], format: str) -> None:
    """What may be found in a curve: a list, or a page for each of these.

    Raises:
        SpecError: there is no such finding.

    """
    from lrviz.cli.output import Terminal

    found, terminal = _rules_called(ids), Terminal.of_stdout()
    if format == "json":
        from lrviz.export.documents import document_text, rules_document

        print(document_text(rules_document(found)))
    elif format in GRID_FORMATS:
        print(*GRID_FORMATS[format](_rules_grid(found), ()), sep="\n")
    elif not ids:
        print(*map(terminal.text, _listed(found, terminal)), sep="\n")
    else:
        pages = ["\n".join(map(terminal.text, _rule_page(rule, terminal))) for rule in found]
        print(*pages, sep="\n\n\n")


def _rules_called(ids: Sequence[str]) -> list[Rule | Noted]:
    """The findings of these ids, each once; all where there is none.

    Raises:
        SpecError: there is no such finding.

    """
    known = {rule.id: rule for rule in explained()}
    for name in ids:
        if name not in known:
            hint = near_hint(name, known, "lrviz info --findings lists them all")
            raise SpecError(f"unknown finding {name!r}", hint=hint)
    return [known[name] for name in dict.fromkeys(ids)] or [*known.values()]


def _rules_grid(found: Sequence[Rule | Noted]) -> Grid:
    """Id, levels and one line of each."""
    return [
        texts("finding", (rule.id for rule in found)),
        texts("level", map(_levels, found)),
        texts("says", (rule.summary for rule in found)),
    ]


def _listed(found: Sequence[Rule | Noted], terminal: Terminal) -> Iterator[str]:
    """Id, levels and one line of each as a table for people, and how to read on."""
    grid = _rules_grid(found)
    yield from terminal.table([one.title for one in grid], list(text_rows(grid)))
    yield ""
    yield from terminal.lines(
        "lrviz info --findings ID explains one; of a trainer's own files there are more"
    )


def _rule_page(rule: Rule | Noted, terminal: Terminal) -> Iterator[str]:
    """Everything about one."""
    from textwrap import wrap

    yield f"{terminal.bold(rule.id)} ({_levels(rule)})"
    yield from wrap(rule.summary, terminal.width)
    if rule.paragraph:
        yield ""
        yield from wrap(rule.paragraph, terminal.width)
    if rule.command:
        yield ""
        yield rule.command


def _levels(rule: Rule | Noted) -> str:
    """All that it may have, the least first."""
    *less, most = sorted(rule.levels, key=LEVELS.index)
    return " or ".join(filter(None, [", ".join(less), most]))
