"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
from pathlib import Path

import pytest
from commands import run

from lrviz.errors import OutputError
from lrviz.export.writing import check_target, write


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refusal(action, *arguments) -> tuple[str, str]:
    with pytest.raises(OutputError) as caught:
        action(*arguments)
    return caught.value.message, caught.value.hint


# --- what is said, and what is done ----------------------------------------------------------------------


def test_wrote(tmp_path):
    assert write(tmp_path / "lr.png", b"new") == "wrote"
    assert (tmp_path / "lr.png").read_bytes() == b"new"


def test_replaced(tmp_path):
    (tmp_path / "lr.png").write_bytes(b"old")
    assert write(tmp_path / "lr.png", b"new") == "replaced"
    assert (tmp_path / "lr.png").read_bytes() == b"new"


def test_unchanged_is_not_touched(tmp_path):
    path = tmp_path / "lr.png"
    path.write_bytes(b"same")
    os.utime(path, ns=(1, 1))
    before = path.stat()
    assert write(path, b"same") == "unchanged"
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, 1)


def test_an_empty_file_counts_as_there(tmp_path):
    (tmp_path / "lr.png").touch()
    assert write(tmp_path / "lr.png", b"new") == "replaced"


@pytest.mark.parametrize("before", [None, b"old", b"new"], ids=["new", "replaced", "unchanged"])
def test_no_temporary_file_stays(before, tmp_path):
    if before is not None:
        (tmp_path / "lr.png").write_bytes(before)
    write(tmp_path / "lr.png", b"new")
    assert names(tmp_path) == ["lr.png"]


def test_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_target(Path("lr.png"))
    assert write(Path("lr.png"), b"new") == "wrote"
    assert names(tmp_path) == ["lr.png"]


def test_a_reader_never_sees_a_part(tmp_path):
    """A file opened before stays whole: another one takes its name."""
    path = tmp_path / "lr.png"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        write(path, b"new")
        assert reader.read() == b"old"


# --- rights and links ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mask", "expected"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)], ids=oct)
def test_a_new_file_follows_the_umask(mask, expected, tmp_path):
    before = os.umask(mask)
    try:
        write(tmp_path / "lr.png", b"new")
        assert os.umask(mask) == mask  # looking at it has not changed it
    finally:
        os.umask(before)
    assert mode(tmp_path / "lr.png") == expected


def test_a_replaced_file_keeps_its_mode(tmp_path):
    (tmp_path / "lr.png").write_bytes(b"old")
    (tmp_path / "lr.png").chmod(0o604)
    write(tmp_path / "lr.png", b"new")
    assert mode(tmp_path / "lr.png") == 0o604


def test_a_link_keeps_pointing_at_its_file(tmp_path):
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "real.png", tmp_path / "lr.png"
    target.write_bytes(b"old")
    link.symlink_to(target)
    assert write(link, b"new") == "replaced"
    assert link.readlink() == target
    assert target.read_bytes() == b"new"
    assert names(tmp_path / "there") == ["real.png"]


def test_a_link_to_nothing_yet(tmp_path):
    (tmp_path / "lr.png").symlink_to(tmp_path / "later.png")
    assert write(tmp_path / "lr.png", b"new") == "wrote"
    assert (tmp_path / "lr.png").is_symlink()
    assert (tmp_path / "later.png").read_bytes() == b"new"


# --- refusals --------------------------------------------------------------------------------------------


def test_a_good_place_is_left_as_it_was(tmp_path):
    (tmp_path / "lr.png").write_bytes(b"old")
    check_target(tmp_path / "lr.png")
    check_target(tmp_path / "new.png")
    assert names(tmp_path) == ["lr.png"]
    assert (tmp_path / "lr.png").read_bytes() == b"old"


def test_no_folder(tmp_path):
    path = tmp_path / "none" / "lr.png"
    assert refusal(check_target, path) == (
        f"cannot write {str(path)!r}: no folder {str(path.parent)!r}",
        f"mkdir -p {path.parent}",
    )


def test_the_place_is_a_folder(tmp_path):
    assert refusal(check_target, tmp_path) == (
        f"cannot write {str(tmp_path)!r}: it is a folder",
        f"-o {tmp_path}/ writes one file per schedule",
    )


@pytest.mark.parametrize("closed", ["the folder", "the file"])
def test_permission_denied(closed, tmp_path, monkeypatch):
    """``os.access`` answers, for a test that root may run."""
    path = tmp_path / "lr.png"
    path.write_bytes(b"old")
    shut = tmp_path if closed == "the folder" else path
    monkeypatch.setattr(os, "access", lambda place, _: Path(place) != shut)
    assert refusal(check_target, path) == (
        f"cannot write {str(path)!r}: permission denied",
        "name another place",
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_permission_denied_for_good(tmp_path):
    tmp_path.chmod(0o555)
    path = tmp_path / "lr.png"
    expected = f"cannot write {str(path)!r}: permission denied", "name another place"
    try:
        assert refusal(check_target, path) == expected
    finally:
        tmp_path.chmod(0o755)


def test_the_folder_went_away_after_the_check(tmp_path):
    path = tmp_path / "none" / "lr.png"
    assert refusal(write, path, b"new") == (
        f"cannot write {str(path)!r}: no such file or directory",
        "name another place",
    )


@pytest.mark.parametrize("failing", ["chmod", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_other(failing, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "lr.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, failing, full)
    assert refusal(write, path, b"new") == (
        f"cannot write {str(path)!r}: no space left on device",
        "name another place",
    )
    assert names(tmp_path) == ["lr.png"]
    assert path.read_bytes() == b"old"


def test_an_interrupt_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    path = tmp_path / "lr.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(path, b"new")
    assert names(tmp_path) == ["lr.png"]
    assert path.read_bytes() == b"old"


# --- odd places ------------------------------------------------------------------------------------------


def loop(path):
    path.symlink_to(path)


def in_a_file(path):
    path.parent.touch()


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        pytest.param("loop", loop, "too many levels of symbolic links", id="a link to itself"),
        pytest.param("x" * 256, None, "file name too long", id="a name too long"),
        pytest.param("a\0b", None, "no file has such a name", id="no name at all"),
        pytest.param("file/lr.png", in_a_file, "'{parent}' is no folder", id="in a file"),
    ],
)
@pytest.mark.parametrize("action", [check_target, lambda path: write(path, b"new")], ids=["check", "write"])
def test_a_place_that_cannot_be(name, make, reason, action, tmp_path):
    path = tmp_path / name
    if make:
        make(path)
    before = names(tmp_path)
    expected = f"cannot write {str(path)!r}: {reason.format(parent=path.parent)}"
    assert refusal(action, path) == (expected, "name another place")
    assert names(tmp_path) == before


@pytest.mark.parametrize("length", [100, 246, 255])
def test_every_legal_name(length, tmp_path):
    path = tmp_path / ("x" * length)
    check_target(path)
    assert [write(path, b"old"), write(path, b"new"), write(path, b"new")] == [
        "wrote",
        "replaced",
        "unchanged",
    ]
    assert names(tmp_path) == [path.name]


def test_a_large_old_file_is_not_read(tmp_path):
    path = tmp_path / "lr.png"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole: more than any memory
    assert write(path, b"new") == "replaced"
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/fd is a link to what is open on Linux")
def test_what_the_shell_has_opened_keeps_what_it_has(tmp_path):
    """``3>>log lrviz plot cosine -o /dev/fd/3``."""
    path = tmp_path / "log"
    path.write_bytes(b"old\n")
    with path.open("ab") as log:
        assert write(Path(f"/dev/fd/{log.fileno()}"), b"new\n") == "wrote"
    assert path.read_bytes() == b"old\nnew\n"


def test_stdout_by_its_name_is_stdout(tmp_path):
    words = ["plot", "cosine", "-q", "--format", "svg", "-o"]
    named = run(tmp_path, *words, "/dev/stdout")
    assert named == run(tmp_path, *words, "-")
    assert named.stdout.startswith("<?xml")
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda one: one.name)
def test_a_process_told_to_end_leaves_the_old_file_and_no_other(number, tmp_path, monkeypatch):
    (tmp_path / "lr.svg").write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", lambda *_: os.kill(os.getpid(), number))
    if signal.getsignal(number) is signal.SIG_IGN:  # who runs the tests under nohup, or behind &, has it so
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    done = run(tmp_path, "plot", "cosine", "-q", "-o", "lr.svg")
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "")
    assert names(tmp_path) == ["lr.svg"]
    assert (tmp_path / "lr.svg").read_bytes() == b"old"
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_stdout_takes_one_picture(tmp_path):
    done = run(tmp_path, "plot", "cosine", "-q", "--format", "png", "-o", "-", "-o", "-")
    assert (done.returncode, done.output) == (2, b"")
    assert done.stderr == "error: stdout takes one picture\nhint: leave out the second -o -\n"
