"""One command line of the fuzz, with the files it finds, and what is wrong with how it ended."""

from __future__ import annotations

import json
import resource
import signal
import sys
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from commands import run

from lrviz.engine import walk

SECONDS = 1.0
SLOW = f"over {SECONDS} s"
TRIES = 3
"""A case is slow if it is slow each time: a machine may be busy."""
MEGABYTES = 200
LINES = 3
FAULTS = 11
"""Lines that a config with many faults may take: the first ten, and how many more there are."""
LONGEST = 2000
WALK = walk.__file__
TOLD = ("note: ", "warning: ")
_NEVER = ("Traceback", "this is a bug", "not enough memory")


@dataclass(frozen=True)
class Case:
    """``lrviz WORDS`` in ``folder``, where ``files`` stand, with ``stdin``."""

    words: tuple[str, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    stdin: bytes = b""
    folder: str = "empty"


class Slow(BaseException):
    """A case takes too long; no ``Exception``, so that nothing makes a refusal of it."""


def faults_of(case, place):
    """What must not be, each in a few words."""
    for _ in range(TRIES):
        if SLOW not in (found := _faults_of(case, place)):
            break
    return found


def _faults_of(case, place):
    try:
        with there(case, place / case.folder), limited(), memory() as grown:
            done = run(place / case.folder, *case.words, stdin=case.stdin)
    except Slow as slow:
        return [] if is_walk(slow) else [SLOW]
    except BaseException as error:  # noqa: BLE001  (whatever leaves the edge is one)
        return [f"{type(error).__name__} left: {error}"]
    found = list(ending(case, done))
    if grown() > MEGABYTES:
        found.append(f"{grown():.0f} MB")
    return found


def is_walk(slow):
    """Whether it was stopped where each value needs the one before: that takes as long as the run is."""
    frames = [frame for frame, _ in traceback.walk_tb(slow.__traceback__)]
    return any(getattr(frame.f_locals.get("phase"), "walks", False) for frame in frames)


def ending(case, done):
    """What is wrong with an exit code and what was printed."""
    said = done.stderr.splitlines()
    if done.returncode not in {0, 1, 2}:
        yield f"exit code {done.returncode}"
    yield from (f"says {word!r}" for word in _NEVER if word in done.stderr)
    if any(len(line) > LONGEST for line in said):
        yield "a line without end"
    if any(not char.isprintable() for line in said for char in line):
        yield f"a control character: {done.stderr!r}"
    if done.returncode == 2:
        yield from refused(done, said)
    elif case.words[-2:] == ("--format", "json") and not is_json(done.stdout):
        yield "no JSON"


def refused(done, said):
    """What is wrong with a refusal; warnings, each with a hint of its own, stand before it."""
    begin = next((at for at, line in enumerate(said) if line.startswith("error: ")), len(said))
    count = [line for line in said[begin:] if not line.startswith(TOLD)]
    errors = [line for line in count if line.startswith("error: ")]
    if done.output:
        yield "output beside a refusal"
    if not errors:
        yield "no error"
    if not any(line.startswith("hint: ") for line in count):
        yield "no hint"
    if len(count) > (FAULTS + 1 if len(errors) > 1 else LINES):
        yield f"{len(count)} lines"


def is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@contextmanager
def there(case, folder):
    """The files of a case in its folder, which is then as it was before."""
    before = {
        name: (folder / name).read_bytes() if (folder / name).is_file() else None for name in case.files
    }
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    try:
        yield
    finally:
        for name, content in before.items():
            (folder / name).unlink(missing_ok=True) if content is None else (folder / name).write_bytes(
                content
            )


@contextmanager
def limited():
    """Stop what takes too long where it stands."""

    def stop(*_):
        raise Slow

    kept = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, kept)


@contextmanager
def memory():
    """How many MB more than before were in use at once; Linux alone tells it of a part of a process."""
    if sys.platform != "linux":
        yield lambda: 0.0
        return
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = in_use("VmRSS")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (in_use("VmSize") * 2**10 + 2**31, hard))
    try:
        yield lambda: (in_use("VmHWM") - before) / 2**10
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def in_use(what):
    """KB that a process has, by the name the kernel gives them."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{what}:")))
