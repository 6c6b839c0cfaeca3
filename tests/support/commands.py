"""The command line as a user starts it: in this process with streams of its own, or as a process.

In this process it finds what a process would find: arguments, folder, environment, the three descriptors and
Python's streams on them. A process of its own is for what only that can show.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryFile
from unittest.mock import patch

import matplotlib.font_manager  # noqa: F401  (its cache of fonts stands in the developer's own home)
import pytest

from lrviz.catalogue.registry import catalogue
from lrviz.cli.main import main
from lrviz.inputs.metrics import read_metrics

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
LOGS = ROOT / "tests" / "logs"
FOREIGN = ROOT / "tests" / "foreign"
ENTRIES = [pytest.param(entry, id=name) for name, entry in catalogue().items()]
MODULE = ("-m", "lrviz")
PROBE = """
import atexit, os, sys
for number, line in enumerate(sys.argv[1:]):
    if os.fork():
        _, status = os.wait()
        assert not status, line
        continue
    atexit.register(lambda: print(*sys.modules, file=open(f"modules-{number}", "w")))
    sys.argv = ["lrviz", *line.split()]
    from lrviz.cli.main import main
    main()
"""


def environment(home, **more):
    """Nothing of the developer's shell."""
    kept = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    return {**kept, **{key: str(value) for key, value in more.items()}}


with patch.dict(os.environ, environment(os.devnull), clear=True):
    import typer.rich_utils  # noqa: F401  (it reads the environment when it loads, as it would in a process)


@dataclass(frozen=True)
class Done:
    """What came back: the exit code, and both streams as bytes and as text."""

    returncode: int
    output: bytes
    complaints: bytes

    @property
    def stdout(self):
        return self.output.decode()

    @property
    def stderr(self):
        return self.complaints.decode()


def in_process(folder, words, files, variables):
    """``lrviz WORDS`` in this process, with three open files as its streams; the exit code."""
    own = patch.dict(os.environ, environment(folder, **variables), clear=True)
    declared = patch.dict("lrviz.catalogue.own._KNOWN", clear=True)
    with chdir(folder), own, declared, descriptors(files), streams(words):
        forget()
        try:
            main()
        except SystemExit as end:
            return end.code


def new_process(folder, words, files, variables, code=MODULE):
    """The same as a process, or other code with these words."""
    with start(folder, *words, code=code, files=files, **variables) as process:
        return process.wait(timeout=60)


def run(folder, *words, stdin=b"", together=False, by=in_process, **variables):
    """``lrviz WORDS`` in a folder; ``together``: stderr goes where stdout goes."""
    with TemporaryFile() as given, TemporaryFile() as output, TemporaryFile() as complaints:
        given.write(stdin)
        given.seek(0)
        files = (given, output, output if together else complaints)
        code = by(folder, words, [file.fileno() for file in files], variables)
        output.seek(0)
        complaints.seek(0)
        return Done(code, output.read(), complaints.read())


def typed(folder, line, **variables):
    """A line as it is typed: its exit code, stdout and stderr."""
    done = run(folder, *shlex.split(line), **variables)
    return done.returncode, done.stdout, done.stderr


def document(folder, *words):
    """The exit code of a command, and the document that it prints."""
    done = run(folder, *words, "--format", "json")
    return done.returncode, json.loads(done.stdout)


def loaded(folder, *lines, **variables):
    """The modules that each command line loads, in forks of one fresh process."""
    done = run(folder, *lines, by=partial(new_process, code=("-c", PROBE)), **variables)
    assert done.returncode == 0, done.stderr
    found = [folder / f"modules-{number}" for number in range(len(lines))]
    return [{*path.read_text(encoding="utf-8").split()} for path in found]


def start(folder, *words, code=MODULE, files=(DEVNULL, PIPE, PIPE), **variables):
    """The process, running."""
    stdin, stdout, stderr = files
    return subprocess.Popen(
        [sys.executable, *code, *words],
        cwd=folder,
        env=environment(folder, **variables),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
    )


@contextmanager
def descriptors(files):
    """Put open files in the place of descriptors 0, 1 and 2."""
    kept = [os.dup(place) for place in range(len(files))]
    try:
        for place, file in enumerate(files):
            os.dup2(file, place)
        yield
    finally:
        for place, file in enumerate(kept):
            os.dup2(file, place)
            os.close(file)


@contextmanager
def streams(words):
    """Give Python streams on the descriptors, in the encoding that the environment asks for."""
    text = {"encoding": os.environ.get("PYTHONIOENCODING", "utf-8"), "closefd": False}
    buffering = 1 if "PYTHONUNBUFFERED" in os.environ else -1
    with (
        open(0, **text) as stdin,
        open(1, "w", buffering, **text) as stdout,
        open(2, "w", 1, errors="backslashreplace", **text) as stderr,
    ):
        own = {"stdin": stdin, "stdout": stdout, "stderr": stderr}
        first = {f"__{name}__": stream for name, stream in own.items()}
        with patch.multiple(sys, argv=["lrviz", *words], **own, **first):
            yield


def forget():
    """Forget what earlier commands read from files."""
    read_metrics.cache_clear()
