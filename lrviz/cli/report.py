"""``lrviz report``: everything about schedules in one folder, for the artifacts of CI."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.judging import Asked, Baseline, Expect, Ignore, Select
from lrviz.cli.options import OF_RUN, Specs, check_choice, one_of, takes
from lrviz.cli.run_options import RunOptions
from lrviz.draw.formats import FORMATS as PICTURES
from lrviz.errors import ANSWERED_NO, OutputError
from lrviz.export.check_formats import CHECK_FORMATS, WITH_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.notation.finding import Finding
    from lrviz.report.contents import Contents

JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
"""What names the file in which GitHub takes the summary of a job."""


@takes(OF_RUN, strict=True, resumes=True)
def report(
    run: RunOptions,
    specs: Specs = [],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="The folder; it is made where it is missing.")
    ] = "report",
    pictures: Annotated[
        str, typer.Option("--pictures", metavar="FORMATS", help=f"Of each picture: {', '.join(PICTURES)}.")
    ] = "svg",
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Its headline.")] = None,
    expect: Expect = None,
    select: Select = None,
    ignore: Ignore = None,
    baseline: Baseline = None,
    format: Annotated[
        str,
        one_of(
            "--format", CHECK_FORMATS, "As check; github adds the summary of a job (GITHUB_STEP_SUMMARY)."
        ),
    ] = "text",
) -> int:
    """Write pictures, numbers, a page and a summary of schedules into a folder, all of one evaluation.

    The exit code is that of check. The page is index.html; summary.md has a table and charts for GitHub.

    Examples:
      lrviz report cosine linear --steps 10k --lr 3e-4 --warmup 6% --pictures png,svg --expect "last <= 1%"

      lrviz report run.toml -o out/

      lrviz report run.toml --strict --format github --pictures png
    """
    from lrviz.cli.asked_series import made_series
    from lrviz.cli.judging import print_report, report_of
    from lrviz.cli.notes import say
    from lrviz.curves.read import read_words
    from lrviz.report.contents import Contents

    check_choice("--format", format, CHECK_FORMATS)
    formats = [one.strip() for one in pictures.split(",")]
    for one in formats:
        check_choice("--pictures", one, PICTURES)
    asked = Asked.of(expect, select, ignore, baseline)
    wanted = read_words(specs)
    rows = made_series(wanted, run, "lr", examples=False)
    found = report_of(wanted, rows, asked, run)
    contents = Contents(title or _title(specs, len(rows)), tuple(rows), found)
    if format not in WITH_FINDINGS:
        say(found.findings, quiet=run.quiet)
    _write(contents, Path(output), formats, quiet=run.quiet)
    if format == "github":
        _tell_github(contents, quiet=run.quiet)
    else:
        print_report(found, format, quiet=run.quiet)
    return 0 if found.passes else ANSWERED_NO


def _title(words: list[str], rows: int) -> str:
    """The one word, or how many curves they are."""
    return words[0] if len(words) == 1 else f"{rows} curves"


def _write(contents: Contents, folder: Path, formats: list[str], *, quiet: bool) -> None:
    from lrviz.cli.output import write_file
    from lrviz.export.writing import check_target, made_folder
    from lrviz.report.folder import PAGE, files_of

    if str(folder) == "-":
        raise OutputError("-o -: a report is a folder", hint="-o report/")
    with made_folder(folder):
        check_target(folder / PAGE)
        for name, content in list(files_of(contents, formats)):  # all are made before one is written
            write_file(folder / name, content, quiet=quiet)


def _tell_github(contents: Contents, *, quiet: bool) -> None:
    """Annotations to stdout; the summary behind what the job has said so far."""
    from lrviz.cli.notes import say
    from lrviz.export.annotations import annotate
    from lrviz.export.writing import append
    from lrviz.report.summary import LARGEST, summary_text

    print(*annotate(contents.report), sep="\n")
    place = os.environ.get(JOB_SUMMARY)
    if not place:
        say(_no_summary(), quiet=quiet)
        return
    there = Path(place).stat().st_size if Path(place).is_file() else 0
    append(Path(place), summary_text(contents, max(0, LARGEST - there)).encode())


def _no_summary() -> Iterator[Finding]:
    from lrviz.notation.finding import Finding

    text = f"{JOB_SUMMARY} is not set, as it is in a job of GitHub: the summary stands in summary.md alone"
    yield Finding("no-job-summary", "note", text)
