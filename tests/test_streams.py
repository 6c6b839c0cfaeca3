"""Streams that are closed or cannot be written: data stays on stdout, the exit code is that of the work."""

import errno
import io
import os
import subprocess
import sys

import pytest
from commands import environment, forget

from lrviz.cli import main as edge
from lrviz.cli.main import main

COMMANDS = {
    "values": (["values", "cosine", "--steps", "3", "--plain"], 0),
    "values csv": (["values", "cosine", "--steps", "3"], 0),
    "values table": (["values", "cosine", "--steps", "3", "--format", "text"], 0),
    "values json": (["values", "cosine", "--steps", "3", "--format", "json"], 0),
    "show": (["show", "cosine"], 0),
    "plan": (["plan"], 0),
    "list": (["list", "--framework", "torch"], 0),
    "info": (["info", "cosine"], 0),
    "help": (["show", "--help"], 0),
    "version": (["--version"], 0),
    "picture": (["plot", "cosine", "-o", "-"], 0),
    "no schedule": (["show", "nosuch"], 2),
    "no command": (["nosuch"], 2),
    "no option": (["show", "cosine", "--nosuch"], 2),
}
BROKEN = {"full": errno.ENOSPC, "closed pipe": errno.EPIPE, "broken disk": errno.EIO}


class Unwritable(io.RawIOBase):
    def __init__(self, number):
        super().__init__()
        self.number = number

    def writable(self):
        return True

    def write(self, _):
        raise OSError(self.number, os.strerror(self.number))


def stream(raw):
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", line_buffering=True)


def unwritable(kind):
    return None if kind == "closed" else stream(Unwritable(BROKEN[kind]))


@pytest.fixture
def run(monkeypatch, tmp_path):
    """The command line in this process: exit code, stdout, stderr; a stream may stand in for either."""
    monkeypatch.chdir(tmp_path)

    def run_with(words, **given):
        output, complaints = stream(io.BytesIO()), stream(io.BytesIO())
        monkeypatch.setattr(sys, "stdout", given.get("stdout", output))
        monkeypatch.setattr(sys, "stderr", given.get("stderr", complaints))
        monkeypatch.setattr(sys, "argv", ["lrviz", *words])
        forget()
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, output.buffer.raw.getvalue(), complaints.buffer.raw.getvalue().decode()

    return run_with


@pytest.mark.long
@pytest.mark.parametrize("kind", ["closed", *BROKEN])
@pytest.mark.parametrize("name", COMMANDS)
def test_stderr_that_cannot_be_written_changes_nothing(name, kind, run):
    words, code = COMMANDS[name]
    expected = run(words)
    assert run(words, stderr=unwritable(kind)) == (code, expected[1], "")
    assert expected[0] == code


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "code", "reason"),
    [
        pytest.param("closed", 2, "it is closed", id="closed"),
        pytest.param("full", 2, "no space left on device", id="full"),
        pytest.param("broken disk", 2, "input/output error", id="broken disk"),
        pytest.param("closed pipe", 141, "", id="closed pipe"),
    ],
)
@pytest.mark.parametrize("name", [name for name, (_, code) in COMMANDS.items() if code == 0])
def test_stdout_that_cannot_be_written_is_said_once(name, kind, code, reason, run):
    refused, _, complaints = run(COMMANDS[name][0], stdout=unwritable(kind))
    said = [line for line in complaints.splitlines() if not line.startswith("note: ")]
    assert refused == code
    if code == 2:
        hint = "hint: redirect it to a file, or to /dev/null"
        assert said == [f"error: cannot write to stdout: {reason}", hint]
    else:
        assert said == []


@pytest.mark.parametrize("kind", ["closed", *BROKEN])
def test_who_writes_nothing_needs_no_stdout(kind, run, tmp_path):
    code, _, complaints = run(["plot", "cosine", "-q", "-o", "lr.svg"], stdout=unwritable(kind))
    assert (code, complaints, [path.name for path in tmp_path.iterdir()]) == (0, "", ["lr.svg"])


@pytest.mark.long
@pytest.mark.parametrize(
    ("redirected", "code", "output", "complaints"),
    [
        pytest.param("values cosine --steps 1 --plain 2>/dev/full", 0, b"0.001\n", b"", id="stderr full"),
        pytest.param("--version >/dev/full", 2, b"", b"no space left on device", id="stdout full"),
        pytest.param("plan >&- 2>&-", 2, b"", b"", id="both closed"),
        pytest.param(
            "plot cosine -q -o /dev/stdout | true; exit ${PIPESTATUS[0]}", 141, b"", b"", id="a picture too"
        ),
        pytest.param("--help | true; exit ${PIPESTATUS[0]}", 141, b"", b"", id="help into a closed pipe"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="a full device is Linux's")
def test_a_shell_that_closes_or_fills_a_stream(redirected, code, output, complaints, tmp_path):
    """In a process, where Python itself flushes its streams once more at its end."""
    done = subprocess.run(
        ["bash", "-c", f'"$0" -m lrviz {redirected}', sys.executable],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, output)
    assert complaints in done.stderr
    assert len(done.stderr.splitlines()) == (2 if complaints else 0)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(MemoryError(), "not enough memory", id="memory"),
        pytest.param(MemoryError("Unable to allocate 9 GiB"), "not enough memory: Unable to", id="an array"),
        pytest.param(RecursionError("maximum recursion depth exceeded"), "nested too deeply", id="recursion"),
        pytest.param(
            UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), "text that is not UTF-8", id="charset"
        ),
        pytest.param(
            FileNotFoundError(errno.ENOENT, "No such file", "f"), "f: no such file", id="the system"
        ),
        pytest.param(OSError("two\nlines"), "two lines", id="the system, without a number"),
    ],
)
def test_the_limits_of_a_machine_are_no_bug(error, said, run, monkeypatch):
    def fail(_):
        raise error

    monkeypatch.setattr(edge, "_command", fail)
    code, output, complaints = run(["plan"])
    first, second = complaints.splitlines()
    assert (code, output) == (2, b"")
    assert first.startswith(f"error: {said}")
    assert second.startswith("hint: ")
