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
from terminal import on_terminal

from lrviz.catalogue.names import find
from lrviz.cli.app import COMMANDS
from lrviz.describe.description import Description
from lrviz.describe.listing import search
from lrviz.draw.table import text_width

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

SHOW = ["show", "cosine:num_warmup_steps=0", "linear:num_warmup_steps=100", "--steps", "1000", "--lr", "1e-3"]
LONG = ["values", "cosine:num_warmup_steps=0", "--steps", "1e7", "--lr", "1e-3"]
BLOCKS = "▁▂▃▄▅▆▇█"


def on_a_terminal(arguments, columns=80, by=in_process, **variables):
    done = on_terminal(Path(), *arguments, columns=columns, by=by, **variables)
    return done.returncode, done.output, done.stderr


def piped(arguments, by=in_process, **variables):
    done = run(Path(), *arguments, by=by, **variables)
    return done.returncode, done.output, done.complaints


def unstyled(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


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


@pytest.mark.parametrize("columns", [30, 40, 41, 50, 60, 80, 132, 200])
@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}], ids=["rich", "plain"])
def test_lines_fit_the_terminal(columns, variables):
    _, received, _ = on_a_terminal(
        [*SHOW, "cosine:num_warmup_steps=0,label=" + 60 * "x"], columns, **variables
    )
    assert max(len(unstyled(line).rstrip()) for line in received.decode().splitlines()) <= columns


PLAN = ["--dataset-len", "50000", "--batch-size", "128", "--epochs", "30", "--grad-accum", "4"]
PROSE = [
    pytest.param(["show", "cosine", "linear", "wsd", "step"], id="show"),
    pytest.param(["show", "cosine", "wsd", "--chart", "--warmup", "6%", *PLAN], id="show --chart"),
    pytest.param(["values", "cosine", "linear", "wsd", "step", "--warmup", "100"], id="values"),
    pytest.param(["plan", *PLAN, "--world-size", "8", "--warmup", "6%"], id="plan"),
    pytest.param(["list"], id="list"),
    pytest.param(["info", "wsd", "torch.OneCycleLR", "plateau"], id="info"),
    pytest.param(["info", "--findings"], id="info --findings"),
    pytest.param(["show", "cosine:num_warmup_stepz=100,lr=1e-3"], id="a refusal"),
]


@pytest.mark.parametrize("columns", [40, 60, 80, 132])
@pytest.mark.parametrize("words", PROSE)
def test_no_line_is_left_for_the_terminal_to_break(words, columns):
    """But commands, which are copied whole, and names, which have no place to break."""
    done = on_terminal(Path(), *words, columns=columns, together=True)
    lines = [line.rstrip() for line in unstyled(done.output.decode()).splitlines()]
    long = [line for line in lines if text_width(line) > columns]
    assert [line for line in long if "lrviz " not in line and " " in line.strip()] == []


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_notes_break_between_words(columns):
    words = ["show", "cosine", "linear", "wsd", "step"]
    whole = [line for line in piped(words)[2].decode().splitlines() if "columns have" not in line]
    done = on_terminal(Path(), *words, columns=columns, together=True)
    notes = unstyled(done.output.decode()).partition("1235 samples")[0].replace("\n  ", " ")
    assert set(whole) <= set(notes.splitlines())


def test_a_piped_list_has_every_schedule_whole_on_a_line_of_its_own():
    _, output, _ = piped(["list"])
    lines = output.decode().splitlines()
    for group in search([], None).values():
        for one in group:
            assert any(line.split()[:1] == [one.name] and line.endswith(one.summary) for line in lines)


def test_a_piped_page_has_every_parameter_on_a_line_of_its_own():
    _, output, _ = piped(["info", "torch.OneCycleLR"])
    lines = output.decode().splitlines()
    for one in Description(find("torch.OneCycleLR")).parameters:
        assert any(line.split()[:1] == [one.name] and one.takes[:22] in line for line in lines)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_columns_beats_the_size_of_the_terminal(columns):
    _, told, _ = on_a_terminal(SHOW, 100, COLUMNS=str(columns))
    _, sized, _ = on_a_terminal(SHOW, columns)
    assert told == sized


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        pytest.param(20, "the curve, first, peak, @ step, low and mean", id="20"),
        pytest.param(30, "the curve, first, @ step, low and mean", id="30"),
        pytest.param(40, "first, @ step, low and mean", id="40"),
        pytest.param(50, "first, @ step and mean", id="50"),
        pytest.param(55, "first and mean", id="55"),
        pytest.param(60, "mean", id="60"),
    ],
)
def test_a_narrow_terminal_leaves_columns_out_and_never_cuts_a_number(columns, missing):
    _, narrow, notes = on_a_terminal(SHOW, columns)
    _, wide, _ = on_a_terminal(SHOW, 200)
    rows = [unstyled(shown.decode()).splitlines()[-2:] for shown in (narrow, wide)]
    for few, all_of_them in zip(*rows, strict=True):
        label, *cells = few.split()
        numbers = [cell for cell in cells if cell[0].isdigit()]
        assert label == all_of_them.split()[0]
        assert numbers
        assert set(numbers) <= set(all_of_them.split())
    assert f"note: {columns} columns have no room for {missing}" in notes


@pytest.mark.parametrize(
    ("words", "notes", "lines"),
    [
        pytest.param(["cosine", "linear"], [], ["█", "█"], id="alike"),
        pytest.param(["cosine:lr=1", "cosine:lr=0.999"], [], ["█", "█"], id="hardly apart"),
        pytest.param(["cosine:lr=1", "cosine:lr=0.1"], ["of its own"], ["█", "█"], id="ten times"),
        pytest.param(["cosine:lr=1", "cosine:lr=0.1", "--common-scale"], [], ["█", "▁"], id="on one scale"),
        pytest.param(["onecycle", "--quantity", "momentum"], ["at its low"], ["█"], id="a block from 0"),
        pytest.param(["constant"], [], ["█"], id="a constant"),
    ],
)
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_it_is_said_where_heights_do_not_compare(words, notes, lines, kind):
    words = ["show", *words, "--steps", "100", "--lr", "1", "--optimizer", "sgd_momentum", "--format", kind]
    _, output, complaints = piped(words)
    said = [line for line in complaints.decode().splitlines() if "sparkline" in line]
    rows = output.decode().splitlines()[-len(lines) :]
    assert [note in line for note, line in zip(notes, said, strict=True)] == [True for _ in notes]
    assert [next(char for char in row if char in BLOCKS) for row in rows] == lines


def test_the_table_says_what_the_curves_show():
    words = ["show", "onecycle", "--steps", "100", "--lr", "1", "--quantity", "momentum"]
    _, output, _ = piped(words)
    assert output.decode().splitlines()[-2].split()[:2] == ["schedule", "momentum"]
    _, output, _ = piped([*words, "--format", "json"])
    assert [curve["quantity"] for curve in json.loads(output)["curves"]] == ["momentum"]


def test_values_on_a_terminal_are_a_short_table():
    _, received, _ = on_a_terminal(LONG)
    steps = [line.split()[0] for line in received.decode().splitlines()]
    assert (steps[0], steps[1], steps[-1], len(steps)) == ("step", "0", "9999999", 21)


TWO = [
    "values",
    "cosine:warmup=100",
    "constant:label=12.5,lr=12.5,warmup=0",
    "--steps",
    "1000",
    "--lr",
    "1e-3",
]


@pytest.mark.parametrize(
    ("words", "columns", "lines"),
    [
        pytest.param(
            [*TWO, "--at", "0,100,999"],
            80,
            [
                "    step  cosine                  12.5",
                "       0  0.0                     12.5",
                "     100  0.001                   12.5",
                "     999  3.046171104803541e-09   12.5",
            ],
            id="no epochs, no column of them",
        ),
        pytest.param(
            ["values", "lambda:lr_lambda=epoch**3", "--steps", "20", "--lr", "0.1", "--at", "1,9,19", "-q"],
            80,
            ["    step  lambda", "       1    0.1", "       9   72.9", "      19  685.9000000000001"],
            id="points below each other",
        ),
        pytest.param(
            [
                "values",
                "linear:warmup=0",
                "--epochs",
                "2",
                "--steps-per-epoch",
                "3",
                "--lr",
                "1",
                "--at",
                "2,6",
            ],
            80,
            [
                "    step     epoch  linear",
                "       2      0.67  0.6666666666666666",
                "       6         2  0.0                     after the end",
            ],
            id="epochs, and one behind the end",
        ),
        pytest.param(
            [*TWO, "--at", "0,1000"],
            40,
            [
                "step 0",
                "  cosine  0.0",
                "  12.5    12.5",
                "step 1000, after the end",
                "  cosine  0.0",
                "  12.5    12.5",
            ],
            id="a line for each value where columns have no room",
        ),
    ],
)
def test_values_on_a_terminal_are_aligned(words, columns, lines):
    _, received, _ = on_a_terminal(words, columns)
    assert [line.rstrip() for line in received.decode().splitlines()] == lines


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
    assert piped(["plan", "--format", "json"]) == (2, b"", ONE_LINE)


@pytest.mark.usefixtures("_broken")
@pytest.mark.parametrize(
    ("arguments", "variables"),
    [(["--debug"], {}), ([], {"LRVIZ_DEBUG": "1"})],
    ids=["--debug", "LRVIZ_DEBUG"],
)
def test_debug_shows_where(arguments, variables):
    code, output, complaints = piped(["plan", "--format", "json", *arguments], **variables)
    assert (code, output) == (2, b"")
    assert complaints.startswith(b"Traceback (most recent call last):\n")
    assert b"in dumps" in complaints
    assert complaints.endswith(ONE_LINE)


def test_debug_shows_where_a_request_was_refused():
    code, _, complaints = piped(["plan", "--steps", "0", "--debug"])
    assert code == 2
    assert complaints.startswith(b"Traceback (most recent call last):\n")
    assert complaints.endswith(b"error: steps=0 is not positive\nhint: give --steps a number above 0\n")


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


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells a process's own peak on Linux")
def test_three_million_rows_need_no_more_memory_than_three():
    words = ["values", "cosine:num_warmup_steps=0", "--steps", "3e6", "--lr", "1e-3"]
    process = start(Path(), *words, code=("-c", MEASURED))
    rows = sum(block.count(b"\n") for block in iter(lambda: process.stdout.read(1 << 20), b""))
    kilobytes = int(process.communicate()[1])
    assert (process.returncode, rows) == (0, 3_000_001)
    assert kilobytes < 120_000
