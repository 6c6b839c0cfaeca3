"""``lrviz plot``: picture files."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import RunOptions, takes

if TYPE_CHECKING:
    from lrviz.cli.curves import Row
    from lrviz.curve import Facts
    from lrviz.draw.image import Line, Picture

COLUMNS = 1000
"""Pixel columns the exact extremes are computed for; a little less than the picture has."""


@takes(RunOptions)
def plot(
    specs: Annotated[list[str], typer.Argument(metavar="SPEC...", help="Schedules: NAME or NAME:key=value,…", show_default=False)],
    run: RunOptions,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to; repeatable; DIR/ writes one file per schedule, - is stdout.", show_default=False),
    ] = None,
    format: Annotated[str | None, typer.Option("--format", metavar="png|svg|pdf", help="Instead of the suffix's.", show_default=False)] = None,  # noqa: A002
    title: Annotated[str | None, typer.Option("--title", help="Headline of the picture.", show_default=False)] = None,
    quantity: Annotated[str, typer.Option("--quantity", metavar="NAME", help="lr or momentum.")] = "lr",
    log: Annotated[bool, typer.Option("--log", help="Logarithmic scale.")] = False,  # noqa: FBT002
) -> None:
    """Draw schedules into PNG, SVG or PDF files.

    Examples:

      lrviz plot cosine --warmup 100

      lrviz plot cosine linear wsd --warmup 6% --epochs 3 -o lr.svg

      lrviz plot cosine:warmup=0 cosine:warmup=500,label=warm --steps 10k

      lrviz plot linear --lr 1e-3,1e-4 -o - --format png > lr.png
    """
    from lrviz.cli.curves import resolved, rows  # noqa: PLC0415  (numpy loads only when a command runs)

    chosen = list(rows(resolved(specs, run), quantity))
    targets = _targets(output or [], format, chosen)
    drawn: dict[tuple[Row, ...], tuple[Picture, list[Facts]]] = {}
    for target in targets:
        if target.rows not in drawn:
            drawn[target.rows] = _picture(target.rows, title, quantity, log=log, single=len(targets) == 1)
        _write(target, *drawn[target.rows], quiet=run.quiet)


@dataclass(frozen=True)
class Target:
    """One file to write, ``path`` None being stdout, and the curves it shows."""

    path: Path | None
    format: str
    rows: tuple[Row, ...]


def _targets(outputs: list[str], fmt: str | None, chosen: list[Row]) -> list[Target]:
    """Every file asked for, each checked before the work begins."""
    from lrviz.cli.output import check_target  # noqa: PLC0415

    targets: list[Target] = []
    for text in outputs or [f"{_file_name(list(dict.fromkeys(row.of.label for row in chosen)))}.{_format(None, fmt)}"]:
        if text == "-":
            targets.append(Target(None, _format(None, fmt), tuple(chosen)))
        elif text.endswith("/") or Path(text).is_dir():
            targets += _one_each(Path(text), _format(None, fmt), chosen)
        else:
            targets.append(Target(Path(text), _format(Path(text), fmt), tuple(chosen)))
    for target in targets:
        if target.path is not None:
            check_target(target.path)
    return targets


def _one_each(folder: Path, fmt: str, chosen: list[Row]) -> list[Target]:
    folder.mkdir(parents=True, exist_ok=True)
    by_spec: dict[int, list[Row]] = {}
    for row in chosen:
        by_spec.setdefault(id(row.of), []).append(row)
    targets: dict[Path, Target] = {}
    for own in by_spec.values():
        name = _file_name([own[0].of.label])
        path, number = folder / f"{name}.{fmt}", 2
        while path in targets:
            path, number = folder / f"{name}-{number}.{fmt}", number + 1
        targets[path] = Target(path, fmt, tuple(own))
    return list(targets.values())


def _file_name(labels: list[str]) -> str:
    """The labels as one file name, short enough for any file system."""
    return re.sub(r"[^\w.+=-]+", "_", "-".join(labels)).strip("._-")[:100] or "lr"


def _format(path: Path | None, fmt: str | None) -> str:
    from lrviz.draw.style import METADATA  # noqa: PLC0415  (the formats, without matplotlib)
    from lrviz.errors import OutputError  # noqa: PLC0415

    chosen = (fmt or (path.suffix[1:] if path else "png")).lower()
    if chosen not in METADATA:
        place = f"{str(path)!r}: " if path and not fmt else ""
        raise OutputError(f"{place}no picture format {chosen!r}", hint=f"one of {', '.join(METADATA)}: -o lr.png, or --format png")
    return chosen


def _picture(chosen: tuple[Row, ...], title: str | None, quantity: str, *, log: bool, single: bool) -> tuple[Picture, list[Facts]]:
    from lrviz.cli.curves import budget  # noqa: PLC0415
    from lrviz.draw.image import Picture  # noqa: PLC0415

    total = max(row.steps for row in chosen)
    lines, found = zip(*(_line(row) for row in chosen), strict=True)
    epochs = {row.of.plan.steps_per_epoch for row in chosen}
    budgets = dict.fromkeys(budget(row.of) for row in chosen)
    warmups = {row.of.warmup_text for row in chosen if row.of.warmup_text}
    subtitle = (" · ".join(budgets) if len(budgets) <= 2 else f"{len(budgets)} budgets") + (f" · warmup {warmups.pop()}" if len(warmups) == 1 else "")
    names = list(dict.fromkeys(row.of.label for row in chosen))
    headline = title if title is not None and (single or title) else ", ".join(names) if len(names) <= 4 else f"{len(names)} schedules"
    names_of = {"lr": "learning rate"}
    picture = Picture(
        tuple(lines), headline, subtitle, (0, total), epochs.pop() if len(epochs) == 1 else None, names_of.get(quantity, quantity), log
    )
    return picture, list(found)


def _line(row: Row) -> tuple[Line, Facts]:
    from lrviz.curve import facts, polyline  # noqa: PLC0415
    from lrviz.draw.image import Line  # noqa: PLC0415

    found = facts(row.timeline, row.steps)
    points = polyline(row.timeline, 0, row.steps, COLUMNS)
    ran = found.stop[0] if found.stop else row.steps
    starts = [phase.start for phase in row.timeline.phases]
    stops = [*starts[1:], float(row.steps)]
    phases = tuple((p.name, p.start, min(stop, row.steps)) for p, stop in zip(row.timeline.phases, stops, strict=True) if p.start < row.steps)
    line = Line(row.label, points.x, points.y, found.mean, (found.peak_at, found.peak), (ran - 1, found.last), phases, found.stop)
    return line, found


def _write(target: Target, picture: Picture, found: list[Facts], *, quiet: bool) -> None:
    from lrviz.cli.output import size_text, write, write_stdout  # noqa: PLC0415
    from lrviz.draw.image import render  # noqa: PLC0415
    from lrviz.notation import lr_text  # noqa: PLC0415

    content = render(picture, target.format)
    if target.path is None:
        write_stdout(content, f"a {target.format}")
    done = "wrote" if target.path is None else write(target.path, content)
    if quiet:
        return
    said = [f"{done} {target.path or 'stdout'} ({size_text(content)})"]
    for line, facts in zip(picture.lines, found, strict=True):
        said.append(f"{line.label}: {facts.steps} steps, peak {lr_text(facts.peak)} at step {facts.peak_at}, last {lr_text(facts.last)}")
        if facts.stop:
            said.append(f"warning: {line.label} stops at step {facts.stop[0]}: {facts.stop[1]}")
        if facts.sampled:
            said.append(f"warning: {line.label}: {facts.sampled} columns show samples, not exact extremes")
    print(*said, sep="\n", file=sys.stderr)  # noqa: T201
