"""``lrviz plot``: picture files."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import OF_RUN, Specs, one_of, takes
from lrviz.cli.run_options import RunOptions
from lrviz.cli.targets import Target, prepared, targets_of
from lrviz.cli.view_options import VIEW_OPTIONS
from lrviz.draw.formats import FILES, PAGE
from lrviz.errors import ANSWERED_NO, OutputError
from lrviz.notation.finding import Finding
from lrviz.notation.shell import shell_line
from lrviz.notation.spec import Spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.cli.viewing import Pictures
    from lrviz.curves.series import Series
    from lrviz.curves.wanted import Wanted


@takes(OF_RUN, strict=True, resumes=True, view=VIEW_OPTIONS)
def plot(
    run: RunOptions,
    specs: Specs = [],
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
        one_of("--format", FILES, "Instead of the suffix's."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where a file is not today's picture.")
    ] = False,
    jobs: Annotated[
        str, typer.Option("--jobs", metavar="N", help="Processes that draw, where there are many files.")
    ] = "1",
) -> int:
    """Draw schedules into PNG, SVG or PDF files, or into a page that tells exact values.

    Examples:
      lrviz plot cosine --warmup 100

      lrviz plot cosine linear wsd --warmup 6% --epochs 3 -o lr.svg

      lrviz plot cosine:warmup=0 "cosine:warmup=500,label=warm" --steps 10k

      lrviz plot cosine:epochs=3 cosine:epochs=6 --lr 1e-3 --x epoch --from 1ep

      lrviz plot onecycle --lr 0.1 --steps 600 --quantity lr,momentum

      lrviz plot cosine linear wsd --warmup 6% --steps 10k -o page.html

      lrviz plot linear --lr "1e-3,1e-4" -o - --format png > lr.png

      lrviz plot cosine:steps=40 cosine:steps=80 --warmup 5 --lr 1e-3 --resume-at 20

      lrviz plot "cosine:lr={1e-4,3e-4,1e-3}" --warmup 5% -o lrs/ --jobs 2
    """
    # A read-only home or a broken matplotlibrc changes no picture, so matplotlib need not tell of it.
    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)
    from lrviz.cli.asked_series import code_of, series_wanted
    from lrviz.cli.drawing import jobs_of
    from lrviz.cli.viewing import Pictures, hints_of_view, idle_in, view_of, without_seq_len
    from lrviz.curves.quantities import lacking
    from lrviz.curves.read import read_words
    from lrviz.findings.gather import of_curves

    processes = jobs_of(jobs)
    wanted = read_words(specs)
    alone = wanted[0] if len(wanted) == 1 and not isinstance(wanted[0], Spec) else None
    view = view_of(alone, run)
    run = without_seq_len(wanted, run)
    chosen = series_wanted(wanted, run, view.quantities[0])
    targets = targets_of(output or (list(alone.output) if alone else []), format, chosen)
    idle = [*_idle_output(wanted, output, alone), *_idle_jobs(processes, check=check)]
    idle += idle_in(alone, run, view, (target.format for target in targets))
    with hints_of_view():
        idle += lacking(chosen, view.quantities)
    found = of_curves(chosen)
    code = code_of(chosen, found, run)
    answer = _draw(targets, Pictures(view), [*idle, *found], processes, check=check, quiet=run.quiet)
    if not (check or run.quiet):
        _report(chosen)
    return answer or code


def _draw(
    targets: list[Target],
    pictures: Pictures,
    findings: Iterable[Finding],
    processes: int,
    *,
    check: bool,
    quiet: bool,
) -> int:
    """Write the files, or say whether those that are there show what would be drawn."""
    from lrviz.cli.drawing import draw_all
    from lrviz.cli.notes import say

    with prepared([] if check else targets):
        say(findings, quiet=quiet)  # what is wrong with a curve may be why it cannot be drawn
        glyphs = list(_of_glyphs(targets, pictures))
        say([*pictures.rounded, *glyphs], quiet=quiet)
        if check:
            return _check(targets, pictures, quiet=quiet)
        draw_all(targets, pictures, jobs=processes, quiet=quiet)
    return 0


def _check(targets: list[Target], pictures: Pictures, *, quiet: bool) -> int:
    """Say of each file whether it shows what would be drawn now, and how to draw it if one does not."""
    from lrviz.draw.digest import digest_in
    from lrviz.export.writing import content_of
    from lrviz.page.every_format import file_digest

    verdicts = []
    for target in targets:
        if target.path is None:
            raise OutputError("stdout holds no picture to check", hint="--check with -o FILE")
        there = content_of(target.path)
        today = file_digest(target.rows, pictures(target.rows), target.format)
        is_shown = there is not None and digest_in(there, target.format) == today
        verdicts.append("missing" if there is None else "ok" if is_shown else "stale")
        if not quiet or verdicts[-1] != "ok":
            print(f"{verdicts[-1]:<7} {target.path}")
    if {*verdicts} == {"ok"}:
        return 0
    print(f"hint: {_without_check()}", file=sys.stderr)
    return ANSWERED_NO


def _without_check() -> str:
    """The command that writes what this one only looks at."""
    return shell_line("lrviz", *(word for word in sys.argv[1:] if word != "--check"))


def _idle_output(
    wanted: Sequence[Wanted], output: Sequence[str] | None, alone: Wanted | None
) -> Iterator[Finding]:
    """Where a config says where to, beside others."""
    if not output and alone is None and any(not isinstance(item, Spec) and item.output for item in wanted):
        text = "[output] counts only for a config alone, and was not used"
        yield Finding("output-not-used", "note", text)


def _idle_jobs(processes: int, *, check: bool) -> Iterator[Finding]:
    """Processes that would draw, where nothing is drawn."""
    if check and processes > 1:
        yield Finding("idle-option", "note", "--jobs changes nothing: --check draws no file")


def _of_glyphs(targets: Sequence[Target], pictures: Pictures) -> Iterable[Finding]:
    """What the fonts here cannot show; a page has those of its reader.

    All pictures are made for once: one that cannot be is refused before anything is written.
    """
    drawn = {target.rows: None for target in targets if target.format != PAGE}
    for target in targets:
        if target.rows not in drawn:
            pictures(target.rows)
    if not drawn:
        return ()
    from lrviz.cli.glyphs import of_glyphs

    return of_glyphs(map(pictures, drawn))


def _report(chosen: list[Series]) -> None:
    """The numbers of each curve."""
    from lrviz.notation.numbers import counted, lr_text

    for row in chosen:
        facts = row.facts
        stop = f", stops at step {facts.stop[0]}" if facts.stop else ""
        print(
            f"{row.label}: {counted(facts.steps, 'step')}{stop}, peak {lr_text(facts.peak)} "
            f"at step {facts.peak_at}, last {lr_text(facts.last)}",
            file=sys.stderr,
        )
