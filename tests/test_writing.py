"""Writing that is cut off, on a real file system: what stood there is whole, what is new is, or not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial

import pytest
from commands import new_process, run

import lrviz
from lrviz.export.writing import made_folder

OLD, NEW = "cosine:warmup=0,lr=1", "linear:warmup=10,lr=1,label=cosine"
RUN = ("--steps", "1000", "-q")
COMMANDS = {
    "plot": ("plot", "-o", "lr.png", "-o", "lr.svg"),
    "plot into a folder": ("plot", "-o", "out/"),
    "values": ("values", "-o", "lr.csv"),
    "a baseline": ("values", "-o", "lr.json"),
    "report": ("report", "-o", "out/"),
    "check --update": ("check", "--baseline", "lr.json", "--update"),
}
KILLED = """
import os, signal, sys
from pathlib import Path
left, own = int(sys.argv.pop(1)), Path.replace
def killing(*words):
    global left
    left -= 1
    if left:
        return own(*words)
    os.kill(os.getpid(), signal.SIGKILL)
Path.replace = killing
from lrviz.cli.main import main
main()
"""
"""lrviz in a process that is killed where it gives the n-th file its name."""


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    """Where matplotlib keeps its list of fonts, which it has made."""
    folder = tmp_path_factory.mktemp("fonts")
    run(folder, "plot", "cosine", "-q", by=new_process, MPLCONFIGDIR=folder)
    return folder


def as_root(*words):
    """Whether a command succeeds that only root may run."""
    who = ["sudo", "-n"] if os.geteuid() else []
    try:
        return subprocess.run([*who, *words], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture
def disk(tmp_path):
    """A small file system in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size=1m,nr_inodes=64,uid={os.getuid()},gid={os.getgid()}"
    if not as_root("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder):
        assert sys.platform != "linux" or "CI" not in os.environ, "what runs the tests in CI must mount"
        pytest.skip("this user may not mount")
    yield folder
    assert as_root("umount", "--lazy", folder)


def fill(folder):
    with (folder / "filler").open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                return


def fill_names(folder):
    try:
        for number in range(99):
            (folder / f"filler-{number}").touch()
    except OSError:
        return


def make_read_only(folder):
    assert as_root("mount", "-o", "remount,ro", folder)


def contents(folder):
    """All files by name, but what fills the disk."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.stem[:6] != "filler"}


def written(folder, name, spec):
    """What a command writes."""
    command, *more = COMMANDS[name]
    done = run(folder, command, spec, *RUN, *more)
    assert done.returncode < 2, done.stderr
    return contents(folder)


@pytest.mark.long
@pytest.mark.parametrize("there", [pytest.param(True, id="replaced"), pytest.param(False, id="new")])
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        pytest.param(fill, "no space left on device", id="full"),
        pytest.param(fill_names, "no space left on device", id="out of names"),
        pytest.param(make_read_only, "read-only file system", id="read-only"),
    ],
)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_disk_that_takes_nothing_keeps_what_it_has(name, spoil, reason, there, disk):
    before = written(disk, name, OLD) if there else {}
    spoil(disk)
    command, *more = COMMANDS[name]
    done = run(disk, command, NEW, *RUN, *more)
    error, hint = done.stderr.splitlines()
    assert (done.returncode, done.output) == (2, b"")
    assert error.startswith("error: cannot ")
    assert error.endswith(reason)
    assert hint.startswith("hint: ")
    assert contents(disk) == before
    assert there or not any(path.is_dir() for path in disk.iterdir())


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "count"),
    [
        *(pytest.param(name, 1, id=name) for name in COMMANDS),
        pytest.param("plot", 2, id="plot, the second file"),
        pytest.param("report", 4, id="report, the fourth file"),
    ],
)
def test_a_killed_process_leaves_each_file_as_it_was_or_whole(name, count, fonts, tmp_path):
    old_folder, new_folder = tmp_path / "old", tmp_path / "new"
    old_folder.mkdir()
    new_folder.mkdir()
    before, after = written(old_folder, name, OLD), written(new_folder, name, NEW)
    command, *more = COMMANDS[name]
    killed = partial(new_process, code=("-c", KILLED, str(count)))
    done = run(old_folder, command, NEW, *RUN, *more, by=killed, MPLCONFIGDIR=fonts)
    assert done.returncode == -signal.SIGKILL
    found = {file: one for file, one in contents(old_folder).items() if ".lrviz-" not in file}
    assert found.keys() == before.keys() == after.keys()
    assert [found[file] in (before[file], after[file]) for file in found] == [True] * len(found)
    assert sum(found[file] == after[file] != before[file] for file in found) == count - 1
    assert written(old_folder, name, NEW).items() >= after.items()  # it goes on from there


def begin(folder, *, written):
    with made_folder(folder):
        if written:
            (folder.parent / "one").touch()
        raise lrviz.OutputError("no space left on device")


@pytest.mark.parametrize("written", [True, False])
def test_a_folder_that_was_made_goes_again_where_nothing_comes_into_it(tmp_path, written):
    with pytest.raises(lrviz.OutputError):
        begin(tmp_path / "a/b/c", written=written)
    assert [path.name for path in sorted(tmp_path.rglob("*"))] == (["a", "b", "one"] if written else [])
