"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from lrviz.errors import OutputError
from lrviz.export.files import check_target, write


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
        "-o with another place",
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_permission_denied_for_good(tmp_path):
    tmp_path.chmod(0o555)
    path = tmp_path / "lr.png"
    expected = f"cannot write {str(path)!r}: permission denied", "-o with another place"
    try:
        assert refusal(check_target, path) == expected
    finally:
        tmp_path.chmod(0o755)


def test_the_folder_went_away_after_the_check(tmp_path):
    path = tmp_path / "none" / "lr.png"
    assert refusal(write, path, b"new") == (
        f"cannot write {str(path)!r}: No such file or directory",
        "-o with another place",
    )


@pytest.mark.parametrize("failing", ["chmod", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_other(failing, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "lr.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, failing, full)
    assert refusal(write, path, b"new") == (
        f"cannot write {str(path)!r}: No space left on device",
        "-o with another place",
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
