"""``lrviz plot``: picture files."""

from __future__ import annotations

import logging
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import WORDS, RunOptions, takes
from lrviz.errors import OutputError
from lrviz.notation.spec import Spec

if TYPE_CHECKING:
    from lrviz.curves.read import Wanted
    from lrviz.curves.series import Series
    from lrviz.draw.picture import Picture


@takes(RunOptions)
def plot(
    specs: Annotated[
        list[str],
        typer.Argument(metavar="SPEC...", help=WORDS, show_default=False),
    ],
    run: RunOptions,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to; repeatable; DIR/ writes one file per schedule, - is stdout.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option("--format", metavar="png|svg|pdf", help="Instead of the suffix's.", show_default=False),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="Headline of the picture.", show_default=False)
    ] = None,
    quantity: Annotated[str, typer.Option("--quantity", metavar="NAME", help="lr, momentum or more.")] = "lr",
    log: Annotated[bool, typer.Option("--log", help="Logarithmic scale.")] = False,
) -> None:
    """Draw schedules into PNG, SVG or PDF files.

    Examples:
      lrviz plot cosine --warmup 100

      lrviz plot cosine linear wsd --warmup 6% --epochs 3 -o lr.svg

      lrviz plot cosine:warmup=0 cosine:warmup=500,label=warm --steps 10k

      lrviz plot linear --lr 1e-3,1e-4 -o - --format png > lr.png
    """
    # A read-only home or a broken matplotlibrc changes no picture, so matplotlib need not tell of it.
    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)
    from lrviz.cli.notes import definite, warn
    from lrviz.curves.picture import picture_of
    from lrviz.curves.read import read_words
    from lrviz.curves.series import series_of

    wanted = read_words(specs)
    chosen = list(series_of(definite(wanted, run), quantity))
    output, title = _asked(wanted, output, title, quiet=run.quiet)
    targets = _targets(output, format, chosen)
    _note_glyphs(title, chosen, quiet=run.quiet)
    pictures = {
        rows: picture_of(rows, quantity, title=title, log=log) for rows in {t.rows: None for t in targets}
    }
    for target in targets:
        _write(target, pictures[target.rows], quiet=run.quiet)
    if not run.quiet:
        _report(chosen)
    warn(chosen, quiet=run.quiet)


def _asked(
    wanted: list[Wanted], output: list[str] | None, title: str | None, *, quiet: bool
) -> tuple[list[str], str | None]:
    """Where to and under which title: the options, else what a config says that stands alone."""
    jobs = [item for item in wanted if not isinstance(item, Spec)]
    if len(wanted) == 1 and jobs:
        return output or list(jobs[0].output), title or jobs[0].title
    if not quiet and not output and any(job.output for job in jobs):
        print("note: [output] counts only for a config alone, and was not used", file=sys.stderr)
    return output or [], title


def _note_glyphs(title: str | None, chosen: list[Series], *, quiet: bool) -> None:
    """Say what the pictures' font cannot show."""
    from lrviz.draw.style import clean

    texts = dict.fromkeys([title or "", *(row.label for row in chosen)])
    lacking = [repr(text) for text in texts if clean(text) != text.strip()]
    if lacking and not quiet:
        print(f"note: the font lacks characters of {', '.join(lacking)}, shown as ?", file=sys.stderr)


@dataclass(frozen=True)
class Target:
    """One file to write, ``path`` None being stdout, and the curves it shows."""

    path: Path | None
    format: str
    rows: tuple[Series, ...]


def _targets(outputs: list[str], fmt: str | None, chosen: list[Series]) -> list[Target]:
    """Every file asked for, each checked before the work begins."""
    from lrviz.export.files import check_target

    for text in outputs:
        if not text:
            raise OutputError("-o is empty", hint="-o lr.png")
        _format(None if text == "-" or text.endswith("/") or Path(text).is_dir() else Path(text), fmt)
    targets: list[Target] = []
    for text in outputs or [
        f"{_file_name(list(dict.fromkeys(row.of.label for row in chosen)))}.{_format(None, fmt)}"
    ]:
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


def _one_each(folder: Path, fmt: str, chosen: list[Series]) -> list[Target]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot make the folder {str(folder)!r}: {error.strerror}", hint="-o with another place"
        ) from None
    by_spec: dict[int, list[Series]] = {}
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
    from lrviz.draw.style import METADATA

    chosen = (fmt or (path.suffix[1:] if path else "png")).lower()
    if chosen not in METADATA:
        place = f"{str(path)!r}: " if path and not fmt else ""
        raise OutputError(
            f"{place}no picture format {chosen!r}",
            hint=f"one of {', '.join(METADATA)}: -o lr.png, or --format png",
        )
    return chosen


def _write(target: Target, picture: Picture, *, quiet: bool) -> None:
    from lrviz.cli.output import size_text, write_stdout
    from lrviz.draw.image import render
    from lrviz.export.files import write

    content = render(picture, target.format)
    if target.path is None:
        write_stdout(content, f"a {target.format}")
    done = "wrote" if target.path is None else write(target.path, content)
    if not quiet:
        print(f"{done} {target.path or 'stdout'} ({size_text(content)})", file=sys.stderr)


def _report(chosen: list[Series]) -> None:
    """The numbers of each curve."""
    from lrviz.notation.numbers import counted, lr_text

    for row in chosen:
        facts = row.facts
        print(
            f"{row.label}: {counted(facts.steps, 'step')}, peak {lr_text(facts.peak)} "
            f"at step {facts.peak_at}, last {lr_text(facts.last)}",
            file=sys.stderr,
        )
