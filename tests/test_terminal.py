"""The real command on a terminal (a pty), in a pipe that closes, interrupted, and out of luck."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHOW = ["show", "cosine:num_warmup_steps=0", "linear:num_warmup_steps=100", "--steps", "1000", "--lr", "1e-3"]
LONG = ["values", "cosine:num_warmup_steps=0", "--steps", "1e7", "--lr", "1e-3"]
COMMANDS = ["plot", "show", "values", "plan"]
BLOCKS = "▁▂▃▄▅▆▇█"


def environment(**more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.devnull,
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
        **more,
    }


def start(arguments: list[str], **more) -> subprocess.Popen[bytes]:
    """Start it as a shell does in the foreground: what runs in the background ignores an interrupt."""
    return subprocess.Popen(
        [sys.executable, "-m", "lrviz", *arguments],
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509  (no threads here)
        **more,
    )


def piped(arguments: list[str], **variables: str) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "lrviz", *arguments],
        env=environment(**variables),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def on_terminal(arguments: list[str], columns: int = 80, **variables: str) -> tuple[int, bytes, str]:
    """Exit code, what the terminal received, and stderr, which is no terminal."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = start(arguments, stdin=inner, stdout=inner, env=environment(**variables))
    os.close(inner)
    received = b"".join(iter(lambda: read_some(outer), b""))
    os.close(outer)
    _, complaints = process.communicate(timeout=60)
    return process.returncode, received.replace(b"\r\n", b"\n"), complaints.decode()


def read_some(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux reports the end of a pty as an error
        return b""


def unstyled(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


# --- a terminal ------------------------------------------------------------------------------------------


def test_a_terminal_gets_bold_headers_and_nothing_else():
    code, received, complaints = on_terminal(SHOW)
    escapes = set(re.findall(r"\x1b[^m]*m", received.decode()))
    assert (code, complaints, escapes) == (0, "", {"\x1b[1m", "\x1b[0m"})


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"NO_COLOR": "1"}, id="NO_COLOR"),
        pytest.param({"NO_COLOR": "1", "FORCE_COLOR": "1"}, id="NO_COLOR beats FORCE_COLOR"),
        pytest.param({"TERM": "dumb"}, id="TERM=dumb"),
    ],
)
@pytest.mark.parametrize(
    "arguments", [SHOW, ["plan"], ["values", "cosine", "-q"]], ids=lambda words: words[0]
)
def test_no_escapes_where_none_are_wanted(arguments, variables):
    code, received, _ = on_terminal(arguments, **variables)
    assert code == 0
    assert b"\x1b" not in received


def test_a_terminal_and_a_pipe_show_the_same_text():
    _, received, _ = on_terminal(SHOW)
    _, output, _ = piped(SHOW)
    lines = [line.rstrip() for line in unstyled(received.decode()).splitlines()]
    assert lines == output.decode().splitlines()


@pytest.mark.parametrize("columns", [60, 80, 132, 200])
@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}], ids=["rich", "plain"])
def test_lines_fit_the_terminal(columns, variables):
    _, received, _ = on_terminal([*SHOW, "cosine:num_warmup_steps=0,label=" + 60 * "x"], columns, **variables)
    assert max(len(unstyled(line).rstrip()) for line in received.decode().splitlines()) <= columns


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_columns_beats_the_size_of_the_terminal(columns):
    _, told, _ = on_terminal(SHOW, 100, COLUMNS=str(columns))
    _, sized, _ = on_terminal(SHOW, columns)
    assert told == sized


@pytest.mark.parametrize("columns", [20, 40])
def test_a_narrow_terminal_never_cuts_a_number(columns):
    _, narrow, _ = on_terminal(SHOW, columns)
    _, wide, _ = on_terminal(SHOW, 200)
    last = [line.split()[-5:] for line in unstyled(wide.decode()).splitlines()[-2:]]
    assert [line.split()[-5:] for line in unstyled(narrow.decode()).splitlines()[-2:]] == last


def test_values_on_a_terminal_are_a_short_table():
    _, received, _ = on_terminal(LONG)
    steps = [line.split()[0] for line in received.decode().splitlines()]
    assert (steps[0], steps[1], steps[-1], len(steps)) == ("step", "0", "9999999", 21)


def test_a_picture_is_not_for_a_terminal():
    code, received, complaints = on_terminal(
        ["plot", "cosine:num_warmup_steps=0", "--steps", "10", "--lr", "1", "-o", "-"]
    )
    assert (code, received) == (2, b"")
    assert complaints == "error: a png is not for a terminal\nhint: redirect it: lrviz plot … -o - > lr.png\n"


# --- encodings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
@pytest.mark.parametrize(
    "run",
    [lambda **env: on_terminal(SHOW, **env)[:2], lambda **env: piped(SHOW, **env)[:2]],
    ids=["terminal", "pipe"],
)
def test_ascii_where_the_encoding_has_no_blocks(run, encoding):
    code, output = run(PYTHONIOENCODING=encoding)
    assert code == 0
    assert output.isascii()
    assert b"?" not in output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_blocks_where_the_encoding_has_them(encoding):
    _, output, _ = piped(SHOW, PYTHONIOENCODING=encoding)
    assert set(BLOCKS) <= set(output.decode(encoding))


def test_what_the_encoding_lacks_is_replaced_not_fatal():
    code, output, complaints = piped(
        ["show", "linear:num_warmup_steps=0,label=学習率", "--steps", "10", "--lr", "1"],
        PYTHONIOENCODING="ascii",
    )
    assert (code, complaints) == (0, b"")
    assert output.splitlines()[-1].startswith(b"???")


# --- pipes and signals -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "json", "plain", "table"])
def test_a_reader_that_has_seen_enough(form):
    """``lrviz values … | head -1``."""
    process = start([*LONG, "--every", "1", "--format", form], stdout=subprocess.PIPE, env=environment())
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 141
    process.stderr.close()


def test_a_reader_that_never_read():
    reader, writer = os.pipe()
    os.close(reader)
    process = start(SHOW, stdout=writer, env=environment())
    os.close(writer)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (141, b"")


def test_interrupt():
    process = start(LONG, stdout=subprocess.PIPE, env=environment())
    assert process.stdout.readline() == b"step,epoch,cosine\n"
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (130, b"")


# --- bugs ------------------------------------------------------------------------------------------------

BROKEN = """
import json
import sys
def dumps(*_, **__):
    raise RuntimeError("two\\nlines")
json.dumps = dumps
sys.argv = ["lrviz", "plan", "--format", "json", *sys.argv[1:]]
from lrviz.cli.main import main
main()
"""
ONE_LINE = "error: unexpected RuntimeError: two lines\nhint: this is a bug; --debug shows where\n"


def broken(*arguments: str, **variables: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN, *arguments],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_bug_is_one_line():
    assert broken() == (2, "", ONE_LINE)


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [(["--debug"], {}), ([], {"LRVIZ_DEBUG": "1"})],
    ids=["--debug", "LRVIZ_DEBUG"],
)
def test_debug_shows_where(arguments, variables):
    code, output, complaints = broken(*arguments, **variables)
    assert (code, output) == (2, "")
    assert complaints.startswith("Traceback (most recent call last):\n")
    assert "in dumps" in complaints
    assert complaints.endswith(ONE_LINE)


def test_debug_shows_where_a_request_was_refused():
    code, _, complaints = piped(["plan", "--steps", "0", "--debug"])
    assert code == 2
    assert complaints.startswith(b"Traceback (most recent call last):\n")
    assert complaints.endswith(b"error: steps=0 is not positive\nhint: type --steps and a number above 0\n")


# --- help ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variables", [{}, {"GITHUB_ACTIONS": "true"}], ids=["here", "on GitHub"])
@pytest.mark.parametrize("arguments", [["--help"], []], ids=["--help", "nothing"])
def test_help_names_every_command(arguments, variables):
    code, output, complaints = piped(arguments, **variables)
    assert (code, complaints) == (0, b"")
    assert [name for name in COMMANDS if re.search(rf"\b{name}\b", unstyled(output.decode()))] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_examples_and_every_option_a_text(command):
    code, output, complaints = piped([command, "--help"], COLUMNS="200")
    lines = output.decode().splitlines()
    bare = [
        line
        for line in lines
        if re.search(r"--[a-z]", line)
        and not re.search(r"\.(?: |$)", line)
        and not line.strip().startswith("lrviz ")
    ]
    assert (code, complaints, bare) == (0, b"", [])
    assert any(line.strip().startswith(f"lrviz {command} ") for line in lines)


# --- memory ----------------------------------------------------------------------------------------------


MEASURED = """
import sys
from lrviz.cli.main import main
try:
    main()
finally:
    with open("/proc/self/status") as status:
        print(*(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells a process's own peak on Linux")
def test_three_million_rows_need_no_more_memory_than_three():
    words = ["values", "cosine:num_warmup_steps=0", "--steps", "3e6", "--lr", "1e-3"]
    process = subprocess.Popen(
        [sys.executable, "-c", MEASURED, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    rows = sum(block.count(b"\n") for block in iter(lambda: process.stdout.read(1 << 20), b""))
    kilobytes = int(process.communicate()[1])
    assert (process.returncode, rows) == (0, 3_000_001)
    assert kilobytes < 120_000
