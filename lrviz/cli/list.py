"""``lrviz list``: what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import GRIDS, check_choice, one_of
from lrviz.export.grid import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lrviz.cli.output import Terminal
    from lrviz.describe.description import Description

NARROWEST, WIDEST = 8, 24


def list_(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT]...", help="Words in a name or summary; all must stand there."),
    ] = None,
    framework: Annotated[
        str | None, typer.Option("--framework", metavar="NAME", help="Only this one's.", show_default=False)
    ] = None,
    format: Annotated[str, one_of("--format", FORMATS, GRIDS)] = "text",
) -> None:
    """List the schedules of every framework, or those that match.

    Examples:
      lrviz list

      lrviz list restarts

      lrviz list cosine --framework torch
    """
    from lrviz.describe.listing import frameworks, search

    check_choice("--format", format, FORMATS)
    if framework is not None:
        check_choice("--framework", framework, tuple(head.partition(" ")[0] for head in frameworks()))
    print_list(search(words or [], framework), format)


def print_list(found: Mapping[str, Sequence[Description]], format: str) -> None:
    """The schedules, by framework."""
    from lrviz.cli.output import Terminal
    from lrviz.describe.listing import markdown

    if format == "json":
        from lrviz.export.documents import document_text, listing_document

        print(document_text(listing_document(one for group in found.values() for one in group)))
    elif format == "csv":
        _print_csv(one for group in found.values() for one in group)
    elif format in ("markdown", "github"):
        print(markdown(found))
    else:
        print(*_lines(found, Terminal.of_stdout()), sep="\n")


def _print_csv(found: Iterable[Description]) -> None:
    from lrviz.export.csv_text import csv_line

    print("id,framework,version,names,summary")
    for one in found:
        framework = one.entry.framework
        names = " ".join(one.names)
        print(csv_line((one.entry.id, framework.name, framework.version, names, one.summary)))


def _lines(found: Mapping[str, Sequence[Description]], terminal: Terminal) -> Iterator[str]:
    for head, group in found.items():
        names = max(len(one.name) for one in group)
        yield terminal.bold(head)
        for one in group:
            yield from _row(one, names, terminal)
        yield ""
    yield from terminal.lines("lrviz info NAME tells everything about one, lrviz show NAME draws it")


def _row(one: Description, names: int, terminal: Terminal) -> Iterator[str]:
    """Name, sparkline and summary: on one line where there is room for it, else below each other."""
    width = min(WIDEST, max(NARROWEST, terminal.width // 8))
    line = _sparkline(one, width, terminal)
    head, summary = f"  {one.name:<{names}}  {line}", terminal.text(one.summary)
    if not terminal.is_known or names + width + 6 + len(summary) <= terminal.width:
        yield f"{head}  {summary}"
        return
    from textwrap import wrap

    indent = " " * 4
    yield from [head] if len(head) <= terminal.width else [f"  {one.name}", f"{indent}{line}"]
    yield from wrap(
        summary, terminal.width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _sparkline(one: Description, width: int, terminal: Terminal) -> str:
    """The example's; blank where a schedule of the user's own has none, or raises."""
    from lrviz.describe.example import example
    from lrviz.errors import ScheduleError

    try:
        return example(one.entry).sparkline(width, ascii_only=not terminal.unicode)
    except ScheduleError:
        return " " * width
