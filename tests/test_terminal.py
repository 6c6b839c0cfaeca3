"""The command line on a terminal (a pty), in a pipe that closes, interrupted, and out of luck."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest
from commands import in_process, new_process, run, start
from terminal import BLOCKS, SHOW, on_a_terminal, piped, unstyled

from lrviz.cli.app import COMMANDS

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

LONG = ["values", "cosine:num_warmup_steps=0", "--steps", "1e7", "--lr", "1e-3"]


# --- a terminal ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [in_process, new_process])
def test_a_terminal_gets_bold_headers_and_nothing_else(by):
    code, received, complaints = on_a_terminal(SHOW, by=by)
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
    code, received, _ = on_a_terminal(arguments, **variables)
    assert code == 0
    assert b"\x1b" not in received


def test_a_terminal_and_a_pipe_show_the_same_text():
    _, received, _ = on_a_terminal(SHOW)
    _, output, _ = piped(SHOW)
    lines = [line.rstrip() for line in unstyled(received.decode()).splitlines()]
    assert lines == output.decode().splitlines()


def test_a_picture_is_not_for_a_terminal():
    code, received, complaints = on_a_terminal(
        ["plot", "cosine:num_warmup_steps=0", "--steps", "10", "--lr", "1", "-o", "-"]
    )
    assert (code, received) == (2, b"")
    assert complaints == "error: a png is not for a terminal\nhint: redirect it: lrviz plot … -o - > lr.png\n"


# --- encodings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
@pytest.mark.parametrize(
    "run",
    [lambda **env: on_a_terminal(SHOW, **env)[:2], lambda **env: piped(SHOW, **env)[:2]],
    ids=["terminal", "pipe"],
)
def test_ascii_where_the_encoding_has_no_blocks(run, encoding):
    code, output = run(PYTHONIOENCODING=encoding)
    assert code == 0
    assert output.isascii()
    assert b"?" not in output


@pytest.mark.parametrize(
    ("encoding", "by"), [("utf-8", in_process), ("utf-16", in_process), ("utf-16", new_process)]
)
def test_blocks_where_the_encoding_has_them(encoding, by):
    _, output, _ = piped(SHOW, PYTHONIOENCODING=encoding, by=by)
    assert set(BLOCKS) <= set(output.decode(encoding))


def test_what_the_encoding_lacks_is_replaced_not_fatal():
    code, output, complaints = piped(
        ["show", "linear:num_warmup_steps=0,label=学習率", "--steps", "10", "--lr", "1"],
        PYTHONIOENCODING="ascii",
    )
    assert (code, complaints) == (0, b"")
    assert output.splitlines()[-1].startswith(b"???")


# --- pipes and signals -----------------------------------------------------------------------------------


def test_a_reader_that_has_seen_enough():
    """``lrviz values … | head -1``."""
    process = start(Path(), *LONG)
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 141
    process.stderr.close()


def test_a_reader_that_never_read():
    reader, writer = os.pipe()
    os.close(reader)
    process = start(Path(), *SHOW, files=(DEVNULL, writer, PIPE))
    os.close(writer)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (141, b"")


FOREGROUND = """
import signal
from lrviz.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what a script starts in the background
main()
"""


def test_interrupt():
    process = start(Path(), *LONG, code=("-c", FOREGROUND))
    assert process.stdout.readline() == b"step,epoch,cosine\n"
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (130, b"")


EARLY = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "lrviz.cli.main":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from lrviz.__main__ import main
main()
"""


def test_an_interrupt_while_the_first_modules_load(tmp_path):
    done = run(tmp_path, "plan", by=partial(new_process, code=("-c", EARLY)))
    assert (done.returncode, done.output, done.complaints) == (130, b"", b"")


# --- bugs ------------------------------------------------------------------------------------------------

ONE_LINE = b"error: unexpected RuntimeError: two lines\nhint: this is a bug; --debug shows where\n"


@pytest.fixture
def _broken(monkeypatch):
    def dumps(*_, **__):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(json, "dumps", dumps)


@pytest.mark.usefixtures("_broken")
def test_a_bug_is_one_line():
    assert piped(["plan", "--format", "json", "-q"]) == (2, b"", ONE_LINE)


@pytest.mark.usefixtures("_broken")
@pytest.mark.parametrize(
    ("arguments", "variables"),
    [(["--debug"], {}), ([], {"LRVIZ_DEBUG": "1"})],
    ids=["--debug", "LRVIZ_DEBUG"],
)
def test_debug_shows_where(arguments, variables):
    code, output, complaints = piped(["plan", "--format", "json", "-q", *arguments], **variables)
    assert (code, output) == (2, b"")
    assert complaints.startswith(b"Traceback (most recent call last):\n")
    assert b"in dumps" in complaints
    assert complaints.endswith(ONE_LINE)


def test_debug_shows_where_a_request_was_refused():
    code, _, complaints = piped(["plan", "--steps", "0", "--debug"])
    assert code == 2
    assert complaints.startswith(b"Traceback (most recent call last):\n")
    assert complaints.endswith(
        b"error: steps=0 is not positive\nhint: --steps 1, or another number above 0\n"
    )


# --- help ------------------------------------------------------------------------------------------------


ON_GITHUB = partial(piped, by=new_process, GITHUB_ACTIONS="true")  # typer looks at it when it loads


@pytest.mark.parametrize(
    ("arguments", "help_of"),
    [
        pytest.param(["--help"], piped, id="--help"),
        pytest.param([], piped, id="nothing"),
        pytest.param([], ON_GITHUB, id="on GitHub"),
    ],
)
def test_help_names_every_command(arguments, help_of):
    code, output, complaints = help_of(arguments)
    assert (code, complaints) == (0, b"")
    assert {*re.findall(r"\w+", unstyled(output.decode()))} >= {*COMMANDS}


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


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells a process's own peak on Linux")
def test_three_million_rows_need_no_more_memory_than_three():
    words = ["values", "cosine:num_warmup_steps=0", "--steps", "3e6", "--lr", "1e-3"]
    process = start(Path(), *words, code=("-c", MEASURED))
    rows = sum(block.count(b"\n") for block in iter(lambda: process.stdout.read(1 << 20), b""))
    kilobytes = int(process.communicate()[1])
    assert (process.returncode, rows) == (0, 3_000_001)
    assert kilobytes < 120_000
