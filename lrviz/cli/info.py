"""``lrviz info``: everything about one schedule."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.list import print_list
from lrviz.cli.options import GRIDS, check_choice, one_of
from lrviz.errors import SpecError
from lrviz.export.grid import FORMATS, GRID_FORMATS, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.cli.output import Terminal
    from lrviz.describe.description import Description, Parameter
    from lrviz.describe.namesakes import Namesake
    from lrviz.export.grid import Grid

WIDEST_LINE, NARROWEST_TEXT, WIDEST_TEXT = 60, 40, 100
INDENT = 10
LONGEST_TAKES = 22
HEADERS = ("parameter", "what it is", "takes", "default", "option")
ELSEWHERE = ("elsewhere", "first differs", "here", "there")


def info(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Ids, short names or aliases; none lists all."),
    ] = None,
    findings: Annotated[
        bool, typer.Option("--findings", help="What may be found in a curve: all, or the ids that are named.")
    ] = False,
    format: Annotated[str, one_of("--format", FORMATS, GRIDS)] = "text",
) -> None:
    """Tell everything about a schedule: parameters, formula, edges, source, and its namesakes.

    Examples:
      lrviz info cosine

      lrviz info --findings flat-line

      lrviz info torch.OneCycleLR wsd --format json
    """
    from lrviz.cli.output import Terminal
    from lrviz.describe.description import Description
    from lrviz.describe.listing import frameworks

    check_choice("--format", format, FORMATS)
    if findings:
        from lrviz.cli.rule_pages import print_rules

        print_rules(names or [], format)
        return
    found = [Description(_named(name)) for name in dict.fromkeys(names or [])]
    if not found:
        print_list(frameworks(), format)
    elif format == "json":
        from lrviz.export.documents import document_text, schedules_document

        print(document_text(schedules_document(found)))
    elif format in GRID_FORMATS:
        print(*GRID_FORMATS[format](_grid(found), ()), sep="\n")
    else:
        terminal = Terminal.of_stdout()
        pages = ["\n".join(map(terminal.text, _page(one, terminal))) for one in found]
        print(*pages, sep="\n\n\n")


def _named(name: str) -> Entry:
    """The schedule of a name, or what a word names in the user's own code, which is run."""
    from lrviz.catalogue.names import find, lookup
    from lrviz.findings.noted import explained
    from lrviz.inputs.own.own_word import own_word
    from lrviz.inputs.words import is_config, is_there
    from lrviz.notation.shell import shell_line

    own = own_word(name)
    if own is not None:
        from lrviz.inputs.own.own_entry import register_word

        register_word(own)
    elif is_there(name) and is_config(name):
        hint = f"{shell_line('lrviz', 'show', name)} shows the schedules in it"
        raise SpecError(f"{name}: a file, and no schedule", hint=hint)
    if lookup(name) is None and name in {one.id for one in explained()}:
        hint = f"{shell_line('lrviz', 'info', '--findings', name)} explains it"
        raise SpecError(f"{name}: a finding, and no schedule", hint=hint)
    return find(name)


def _page(one: Description, terminal: Terminal) -> Iterator[str]:
    yield terminal.bold(one.entry.id)
    yield from _wrapped(one.summary, terminal)
    yield ""
    yield from _curve(one, terminal)
    yield ""
    yield from _texts(one, terminal)
    if one.parameters:
        yield ""
        yield from _parameters(one, terminal)
    if any("duration" in param.takes for param in one.parameters):
        yield from _wrapped("A duration is 100 (ticks), 6% (of the run) or 2ep (epochs).", terminal)
    yield from _namesakes(one, terminal)


def _wrapped(text: str, terminal: Terminal, indent: int = 0) -> list[str]:
    """Lines no longer than reads well; a formula's minus is no place to break."""
    return wrap(text, min(WIDEST_TEXT, max(NARROWEST_TEXT, terminal.width)) - indent, break_on_hyphens=False)


def _curve(one: Description, terminal: Terminal) -> Iterator[str]:
    """The example: its sparkline, its numbers, the lines to type for it."""
    from lrviz.describe.example import STEPS, example
    from lrviz.errors import ScheduleError
    from lrviz.notation.numbers import lr_text

    try:
        made = example(one.entry)
        facts = made.schedule.facts(STEPS)
    except ScheduleError as error:  # of the user's own alone: it needs an example, or raises
        yield from _wrapped(error.message, terminal)
        return
    yield made.sparkline(min(WIDEST_LINE, terminal.width), ascii_only=not terminal.unicode)
    yield from _wrapped(
        f"{STEPS} steps{', a metric that stays flat' if made.flat else ''}: first {lr_text(facts.first)}, "
        f"peak {lr_text(facts.peak)} at step {facts.peak_at}, last {lr_text(facts.last)}",
        terminal,
    )
    yield from (made.command(command) for command in ("show", "plot"))


def _texts(one: Description, terminal: Terminal) -> Iterator[str]:
    """The docstring's parts, each beside its heading."""
    texts = {"names": ", ".join(one.names), **one.sections}
    if one.starter:
        assumed = ", ".join(f"{name}={value}" for name, value in one.starter.items())
        texts["assumed"] = f"{assumed}, where a short name leaves it out"
    for head, text in texts.items():
        if not text:
            continue
        first, *rest = _wrapped(text, terminal, INDENT)
        yield terminal.bold(f"{head:<{INDENT}}") + first
        yield from (" " * INDENT + line for line in rest)


def _grid(found: Sequence[Description]) -> Grid:
    """A row for each parameter."""
    params = [(one.entry.id, param) for one in found for param in one.parameters]
    cells = (
        (name, param.name, _meaning(param), param.takes, _default(param), param.option)
        for name, param in params
    )
    columns = zip(*cells, strict=True) if params else [()] * (len(HEADERS) + 1)
    return [texts(head, column) for head, column in zip(("schedule", *HEADERS), columns, strict=True)]


def _parameters(one: Description, terminal: Terminal) -> Iterator[str]:
    """A table of them; what takes many words stands below it."""
    long = {param.name: param.takes for param in one.parameters if len(param.takes) > LONGEST_TAKES}
    rows = [
        (
            param.name,
            _meaning(param),
            "(below)" if param.name in long else param.takes,
            _default(param),
            param.option,
        )
        for param in one.parameters
    ]
    yield from terminal.table(HEADERS, rows)
    for name, takes in long.items():
        yield from _wrapped(f"{name} takes {takes.replace('|', ' | ')}.", terminal)


def _meaning(param: Parameter) -> str:
    role = param.role.removesuffix(" of the run")
    return role if not param.unit or param.unit in param.role else f"{role} ({param.unit})"


def _default(param: Parameter) -> str:
    if param.ignored:
        return "ignored"
    return "required" if param.default is None else param.default


def _namesakes(one: Description, terminal: Terminal) -> Iterator[str]:
    from lrviz.describe.example import PEAK, STEPS
    from lrviz.describe.namesakes import BEYOND, WARMUP, namesakes

    found = namesakes(one.entry)
    if not found:
        return
    rows = [(other.entry.id, *_difference(other)) for other in found if not other.refusal]
    yield ""
    if rows:
        yield from terminal.table(ELSEWHERE, rows)
        yield from _wrapped(
            f"On one plan: peak {PEAK}, {STEPS} steps and {BEYOND} more, "
            f"a warmup of {WARMUP} where both have one.",
            terminal,
        )
    for other in found:
        if other.refusal:
            yield from _wrapped(f"not compared: {other.entry.id}: {other.refusal}", terminal)


def _difference(other: Namesake) -> tuple[str, str, str]:
    from lrviz.notation.numbers import distinct_texts, lr_text

    if other.values is None:
        return "never", "", ""
    here, there = other.values
    if here is not None and there is not None:
        return f"step {other.step}", *distinct_texts(here, there)
    first, second = ("raises" if value is None else lr_text(value) for value in other.values)
    return f"step {other.step}", first, second
