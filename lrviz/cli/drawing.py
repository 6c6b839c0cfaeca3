"""Pictures into their files: one after the other or by several processes, without keeping any."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from contextlib import closing, contextmanager, suppress
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final, TypeAlias

from lrviz.errors import SpecError
from lrviz.notation.numbers import digits

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from lrviz.cli.targets import Target
    from lrviz.curves.series import Series
    from lrviz.draw.scene import Picture

    PictureOf: TypeAlias = Callable[[tuple[Series, ...]], Picture]

MOST: Final = 256
"""Processes."""
SOME: Final = 10
"""Fewer files are drawn before anybody looks for a bar."""
IN_MEMORY: Final = 2**22
"""Bytes of pictures that are drawn and not yet written; more of them lie in a temporary file."""
KEPT: Final = 8
"""Figures before the garbage of all is collected: they are circles, with megabytes of pixels each."""


def jobs_of(text: str) -> int:
    """How many processes are to draw.

    Raises:
        SpecError: that is no number of processes, or they cannot be made here.

    """
    jobs = digits(text)
    if jobs is None or not 1 <= jobs <= MOST:
        hint = f"--jobs {os.cpu_count() or 2}"
        raise SpecError(f"--jobs is a number of processes from 1 to {MOST}, got {text!r}", hint=hint)
    if jobs > 1 and not hasattr(os, "fork"):
        raise SpecError("--jobs needs processes that fork; this system has none", hint="leave --jobs out")
    return jobs


def draw_all(targets: Sequence[Target], picture_of: PictureOf, *, jobs: int, quiet: bool) -> None:
    """Draw all, then write them: what cannot be drawn leaves no file of others behind.

    Raises:
        OutputError: a picture cannot be drawn, or a file cannot be written.

    """
    from lrviz.cli.output import write_file, write_stdout

    jobs = min(jobs, len(targets))
    drawn = _contents(targets, picture_of) if jobs == 1 else _by_processes(targets, picture_of, jobs)
    with SpooledTemporaryFile(IN_MEMORY) as kept:
        sizes = []
        with closing(drawn), _progress(len(targets), quiet=quiet) as advance:
            for content in drawn:
                sizes.append(kept.write(content))
                advance()
        kept.seek(0)
        for target, size in zip(targets, sizes, strict=True):
            if target.path is None:
                write_stdout(kept.read(size), f"a {target.format}", quiet=quiet)
            else:
                write_file(target.path, kept.read(size), quiet=quiet)


def _contents(targets: Sequence[Target], picture_of: PictureOf) -> Generator[bytes, None, None]:
    """What goes into each file."""
    for count, target in enumerate(targets, 1):
        yield _content(target, picture_of(target.rows))
        if count % KEPT == 0:
            gc.collect()


def _content(target: Target, picture: Picture) -> bytes:
    from lrviz.cli.viewing import hints_of_view
    from lrviz.page.every_format import file_bytes

    with hints_of_view():
        return file_bytes(target.rows, picture, target.format)


def _by_processes(
    targets: Sequence[Target], picture_of: PictureOf, jobs: int
) -> Generator[bytes, None, None]:
    """The bytes of each file in their order, each process drawing every ``jobs``-th."""
    from multiprocessing import get_context

    fork = get_context("fork")
    shares = [targets[first::jobs] for first in range(jobs)]
    readers: list[Connection] = []
    workers: list[BaseProcess] = []
    try:
        for share in shares:
            reader, writer = fork.Pipe(duplex=False)
            readers.append(reader)
            workers.append(fork.Process(target=_send, args=(readers, writer, share, picture_of), daemon=True))
            workers[-1].start()
            writer.close()
        streams = [_received(*one, picture_of) for one in zip(readers, shares, strict=True)]
        for place in range(len(targets)):
            yield next(streams[place % jobs])
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _send(
    readers: Sequence[Connection], writer: Connection, share: Sequence[Target], picture_of: PictureOf
) -> None:
    """Draw in a process of its own, which ends with the one it draws for: it holds no end of that one's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for reader in readers:
        reader.close()
    with writer, suppress(Exception):  # the one it draws for draws the rest, and tells what is wrong
        for content in _contents(share, picture_of):
            writer.send_bytes(content)


def _received(reader: Connection, share: Sequence[Target], picture_of: PictureOf) -> Iterator[bytes]:
    """What a process sends; where it has ended, the rest is drawn here, where an error is told in words."""
    for count in range(len(share)):
        try:
            content = reader.recv_bytes()
        except EOFError:
            yield from _contents(share[count:], picture_of)
            return
        yield content


@contextmanager
def _progress(count: int, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """A bar on a terminal's stderr while there is much to do; what is said meanwhile stands above it."""
    if count < SOME or quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    stderr = io.TextIOWrapper(sys.stderr.buffer, "utf-8", write_through=True)  # notes have no escapes
    shown = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(
        *shown, console=Console(file=stderr), transient=True, redirect_stdout=False, auto_refresh=False
    )
    try:
        with bar:
            task = bar.add_task("", total=count)
            yield lambda: bar.update(task, advance=1, refresh=True)
    finally:
        stderr.detach()
