"""Files that are none, or too large, or say more than they should; which word is a file; recorded metrics."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from commands import environment, run
from configs import FLAT, write

from lrviz.errors import ConfigError, LrvizError
from lrviz.inputs import files
from lrviz.inputs.config.job import load, loads
from lrviz.inputs.file_bytes import read_stdin_bytes
from lrviz.inputs.metrics import read_metrics

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

YAML = "name: cosine\nlr: 1e-3\nsteps: 10\nwarmup: 0\n"


def refusal(action, *arguments, of=LrvizError):
    with pytest.raises(of) as caught:
        action(*arguments)
    return caught.value.message, caught.value.hint


# --- what is no file -------------------------------------------------------------------------------------


def fifo(path):
    os.mkfifo(path)


def bound(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path)


def large(path):
    with Path(path).open("wb") as file:
        file.truncate(files.LIMIT + 1)


NO_FILES = [
    pytest.param(
        lambda path: Path(path).symlink_to("/dev/zero"), "a device or a pipe, not a file", id="a device"
    ),
    pytest.param(fifo, "a device or a pipe, not a file", id="a pipe that nobody writes"),
    pytest.param(bound, "a device or a pipe, not a file", id="a socket"),
    pytest.param(large, "larger than 16 MB", id="too large"),
    pytest.param(lambda path: Path(path).symlink_to(path), "too many levels of symbolic links", id="a loop"),
]


@pytest.mark.parametrize(("make", "reason"), NO_FILES)
def test_a_config_that_is_no_file_is_refused_unread(make, reason):
    make("x.toml")
    assert refusal(load, "x.toml") == (f"x.toml: {reason}", "name another file")


def test_a_link_to_nothing_is_no_file_of_that_name():
    Path("x.toml").symlink_to("gone.toml")
    assert refusal(load, "x.toml") == ("x.toml: a link to gone.toml, which is no file", "name another file")


@pytest.mark.parametrize(("make", "reason"), NO_FILES)
def test_metrics_that_are_no_file_are_refused_unread(make, reason):
    make("x.csv")
    write("run.toml", 'name = "plateau"\nlr = 1\nsteps = 3\nmetrics = "x.csv:loss"\n')
    for place in ("x.csv:loss", "x.csv"):
        assert refusal(read_metrics, place)[0] == f"cannot read 'x.csv': {reason}"
    assert f"cannot read 'x.csv': {reason}" in run(".", "show", "run.toml").stderr


def test_stdin_is_read_to_the_limit():
    done = run(".", "show", "-", stdin=b"#" * (files.LIMIT + 1))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: stdin is larger than 16 MB\nhint: lrviz show - < run.toml\n"


def test_stdin_that_is_closed(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert refusal(read_stdin_bytes) == ("stdin is closed", "lrviz show - < run.toml")


@pytest.mark.parametrize("name", ["a" * 300 + ".toml", "a\0.toml"], ids=["too long", "none at all"])
def test_a_name_no_file_can_have(name):
    assert refusal(load, name)[1] == "name another file"


def test_what_the_shell_has_opened_is_read():
    """``<(…)`` is a pipe, too, but one that the shell has begun to write."""
    command = f"{sys.executable} -m lrviz values <(printf '{YAML}') --at 0 --plain -q"
    done = subprocess.run(
        ["bash", "-c", command], env=environment("."), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0.001\n", "")


# --- which word is a file --------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["cosine", "step", "torch.LinearLR", "get_linear_schedule_with_warmup"])
@pytest.mark.parametrize("make", [fifo, bound, large, lambda path: write(path, FLAT)])
def test_a_file_does_not_take_the_place_of_a_schedule(word, make):
    expected = run(".", "show", word)
    make(word)
    assert run(".", "show", word) == expected
    assert expected.returncode == 0


@pytest.mark.parametrize("word", ["cosine.toml", "my_run", "./cosine"])
def test_a_file_of_another_name_is_the_config(word):
    write(word, FLAT)
    assert run(".", "show", word).stdout.startswith("10 steps\n")


def test_a_file_made_by_the_redirection_is_no_config():
    with Path("cosine").open("wb"):
        assert run(".", "values", "cosine", "--steps", "1", "--plain").stdout == "0.001\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_that_may_not_be_entered():
    write("shut/x.toml", FLAT)
    Path("shut").chmod(0)
    assert refusal(load, "shut/x.toml") == ("shut/x.toml: permission denied", "name another file")


# --- languages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FLAT, id="TOML"),
        pytest.param('# lr: 3\n\n"name" = "cosine"\nlr = 1e-3\nsteps = 10\nwarmup = 0\n', id="TOML, comment"),
        pytest.param('[defaults]\nlr = 1e-3\n[[schedule]]\nname = "cosine"\nsteps = 10\n', id="TOML, tables"),
        pytest.param('\n {"name": "cosine", "lr": 1e-3, "steps": 10}', id="JSON"),
        pytest.param(YAML, id="YAML"),
        pytest.param("# lr = 3\n---\n" + YAML, id="YAML, comment"),
        pytest.param("defaults:\n  lr: 1e-3\nschedule:\n- name: cosine\n  steps: 10\n", id="YAML, tables"),
        pytest.param('"name": cosine\nlr: 1e-3\nsteps: 10\n', id="YAML, quoted"),
    ],
)
def test_stdin_says_by_its_first_line_what_it_is_written_in(text):
    (entry,) = loads(text.encode(), "stdin").entries
    spec, values, _ = entry.under({})
    assert (spec.name, float({**values, **dict(spec.params)}["lr"])) == ("cosine", 1e-3)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("name = cosine\n", "TOML: ", id="TOML"),
        pytest.param('{"name": cosine}\n', "JSON: ", id="JSON"),
        pytest.param("name: [cosine\n", "YAML: ", id="YAML"),
        pytest.param("cosine\n", "TOML: ", id="none of them"),
    ],
)
def test_an_error_is_in_the_language_meant(text, hint):
    assert refusal(loads, text.encode(), "stdin", of=ConfigError)[1].startswith(hint)


DIGITS = "9" * 4301
LONG = ("a whole number of more than 4300 digits", "write it with an exponent: 1e9")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param(
            "a.toml", f"x = 1\nlr = {DIGITS}\n", (f"a.toml:2: {LONG[0]}", LONG[1]), id="TOML digits"
        ),
        pytest.param(
            "a.json", f'{{"x": 1,\n"lr": {DIGITS}}}', (f"a.json:2: {LONG[0]}", LONG[1]), id="JSON digits"
        ),
        *(
            pytest.param(
                "a.yaml",
                f"x: 1\nlr: {value}\n",
                (f"a.yaml:2: this is no {kind} (column 5)", 'YAML: warmup: "6%", indented with spaces'),
                id=f"YAML {value[:20]}",
            )
            for value, kind in [
                (DIGITS, "int"),
                ("!!int 0o8", "int"),
                ("!!float abc", "float"),
                ("!!bool x", "bool"),
                ("!!timestamp x", "timestamp"),
                ("2001-99-99", "timestamp"),
            ]
        ),
    ],
)
def test_what_a_parser_does_not_say_it_raises(name, text, said):
    assert refusal(load, write(name, text), of=ConfigError) == said


@pytest.mark.parametrize(
    ("first", "nine"),
    [pytest.param("[3]", "[%s]", id="lists"), pytest.param("{x: 3}", "{<<: [%s]}", id="merged tables")],
)
def test_aliases_are_counted_not_followed(first, nine):
    lines = [f"a: &a {first}"]
    for before, name in pairwise("abcdefghij"):
        lines.append(f"{name}: &{name} {nine % ', '.join([f'*{before}'] * 9)}")
    assert refusal(load, write("a.yaml", "\n".join(lines))) == (
        "a.yaml: its aliases stand for over 100000 values",
        "write fewer out",
    )


def test_an_alias_that_is_followed():
    text = YAML.replace("lr: 1e-3", "lr: &x 0.5") + "label: a\nmin_lr: *x\n"
    (entry,) = loads(text.replace("cosine", "cosine_with_min_lr").encode(), "stdin").entries
    assert entry.spec.get("min_lr") == 0.5


# --- recorded metrics ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column"),
    [
        pytest.param("loss\n1\n2.5\n", "", id="the only column"),
        pytest.param("\ufeffloss,step\n1,0\n2.5,1\n", "loss", id="a byte order mark"),
        pytest.param('step,"loss"\r\n0,1\r\n1,2.5\r\n', "loss", id="as Windows and Excel write it"),
        pytest.param('note,loss\n"two\nlines",1\n\n\u2028,2.5\n', "loss", id="texts of several lines"),
        pytest.param("a,a,loss\n8,9,1\n8,9,2.5\n", "loss", id="another column twice"),
    ],
)
def test_a_column_is_read(text, column):
    write("loss.csv", text)
    read_metrics.cache_clear()
    assert read_metrics(f"loss.csv:{column}" if column else "loss.csv") == (1.0, 2.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a,b\n1,2\n", ("'x.csv' has no column 'loss'", "it has a, b"), id="no such column"),
        pytest.param("", ("'x.csv' has no column 'loss'", "it has no columns"), id="empty"),
        pytest.param(
            ",".join(f"c{i}" for i in range(3000)),
            ("'x.csv' has no column 'loss'", "it has c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2990 more"),
            id="many columns",
        ),
        pytest.param(
            "loss,loss\n1,2\n", ("'x.csv' has 2 columns 'loss'", "rename one of them"), id="a column twice"
        ),
        pytest.param(
            "a,loss\n1,2\n\n1,x\n",
            ("x.csv:4: 'x' is not a number", "a metric is a number; nan counts as bad"),
            id="no number",
        ),
        pytest.param(
            "a,loss\n1,2\n1\n",
            ("x.csv:3: this row has no cell in this column", "every row needs one"),
            id="no cell",
        ),
        pytest.param(
            "loss\n" + "1" * 200_000,
            ("x.csv:1: field larger than field limit (131072)", "metrics=FILE.csv:column"),
            id="a cell the csv module does not take",
        ),
    ],
)
def test_a_column_is_refused(text, said):
    write("x.csv", text)
    read_metrics.cache_clear()
    assert refusal(read_metrics, "x.csv:loss") == said
