"""The plan of a run in lines: its derivation, or the table of a trainer's own file."""

from __future__ import annotations

import shutil
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.resolve.budget import Budget

NARROWEST = 12


def plan_lines(found: Mapping[Budget, list[str]], *, verbose: bool, explain: bool) -> list[str]:
    """One plan as it is; several below their labels."""
    from lrviz.cli.output import Terminal
    from lrviz.draw.origin_table import origins_table
    from lrviz.draw.reading_text import reading_lines

    blocks, width = [], Terminal.of_stdout().limit
    for budget, labels in found.items():
        head = [f"{', '.join(labels)}:"] if len(found) > 1 else []
        values = ["", *origins_table(budget.origins, width)] if explain else []
        lines = reading_lines(budget.reading, verbose=verbose) if budget.reading else _lines(budget)
        blocks.append([*head, *lines, *values, ""])
    return [line for block in blocks for line in block][:-1]


def _lines(budget: Budget) -> list[str]:
    made, warmup = budget.plan, budget.warmup_steps
    cells = [(key, f"{given.value} (example)") for key, given in budget.assumed.items()]
    cells += [(line.label, line.text) for line in made.explain()]
    if ticks := budget.origins.get("total_ticks"):
        cells.append(("total ticks", f"{ticks.origin.text} = {ticks.value}"))
    if warmup:
        cells.append(("warmup steps", str(warmup[0]) + (f"  ({warmup[1]})" if warmup[1] else "")))
    if made.idle:
        cells.append(("changes nothing", ", ".join(made.idle)))
    cells += _of_trainers(budget)
    indent = max(len(label) for label, _ in cells) + 2
    room = max(NARROWEST, shutil.get_terminal_size().columns - indent)
    return list(_rows(cells, indent, room))


def _rows(cells: list[tuple[str, str]], indent: int, room: int) -> Iterator[str]:
    """Each label beside its text, which goes on below itself."""
    for label, text in cells:
        parts = [wrap(line, room, break_on_hyphens=False) for line in text.splitlines()]
        first, *rest = [line for lines in parts for line in lines]
        yield f"{label:<{indent}}{first}"
        yield from (" " * indent + line for line in rest)


def _of_trainers(budget: Budget) -> list[tuple[str, str]]:
    """What the trainer does to a scheduler, and what the others would make of the plan."""
    from lrviz.plan.other_trainers import length_of, other_lengths
    from lrviz.resolve.calls import call_rate

    often = "" if "total_ticks" in budget.origins else call_rate(budget.plan)
    here = length_of(budget.plan, budget.warmup)
    found = other_lengths(budget.plan, budget.warmup)
    texts = [f"{', '.join(names)}: {there.beside(here)}" for there, names in found.items()]
    rows = [("scheduler", f"called {often}")] if often else []
    return rows + ([("other trainers", "\n".join(texts))] if texts else [])
