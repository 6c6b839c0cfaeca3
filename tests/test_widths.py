"""What stands on a terminal of any width, and in a pipe: no line broken by the terminal, no number cut."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import new_process
from terminal import BLOCKS, SHOW, on_a_terminal, on_terminal, piped, unstyled

from lrviz.catalogue.names import find
from lrviz.describe.description import Description
from lrviz.draw.table import text_width

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


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
    pytest.param(["show", "onecycle", "--quantity", "lr,momentum", "--chart", *PLAN], id="two charts"),
    pytest.param(["compare", "cosine", "linear", "wsd", "--warmup", "6%", *PLAN], id="compare"),
    pytest.param(["diff", "cosine:warmup=100", "cosine:warmup=500", "--steps", "9999"], id="diff"),
    pytest.param(["plan", *PLAN, "--world-size", "8", "--warmup", "6%"], id="plan"),
    pytest.param(["plan", "cosine", *PLAN, "--explain"], id="plan --explain"),
    pytest.param(["show", "cosine", *PLAN, "--explain"], id="show --explain"),
    pytest.param(["list"], id="list"),
    pytest.param(["info", "wsd", "torch.OneCycleLR", "plateau"], id="info"),
    pytest.param(["info", "--findings"], id="info --findings"),
    pytest.param(["show", "cosine:num_warmup_stepz=100,lr=1e-3"], id="a refusal"),
]


@pytest.mark.long
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


@pytest.mark.long
def test_a_piped_list_has_every_schedule_whole_on_a_line_of_its_own():
    as_text, as_json = (piped(words, by=new_process)[1] for words in (["list"], ["list", "--format", "json"]))
    lines = as_text.decode().splitlines()
    for one in json.loads(as_json)["schedules"]:
        heads = [line.split()[0] for line in lines if line and line.endswith(one["summary"])]
        assert {one["id"], *one["names"]} & {*heads}


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
    assert f"note: the terminal has no room for {missing}\n" in notes


@pytest.mark.parametrize(
    ("words", "notes", "lines"),
    [
        pytest.param(["cosine", "linear"], [], ["█", "█"], id="alike"),
        pytest.param(["cosine:lr=1", "cosine:lr=0.999"], [], ["█", "█"], id="hardly apart"),
        pytest.param(["cosine:lr=1", "cosine:lr=0.1"], ["of its own"], ["█", "█"], id="ten times"),
        pytest.param(["cosine:lr=1", "cosine:lr=0.1", "--common-scale"], [], ["█", "▁"], id="on one scale"),
        pytest.param(["onecycle", "--quantity", "momentum"], ["at its low"], ["█"], id="a block from 0"),
        pytest.param(
            ["onecycle", "--quantity", "lr,momentum"], ["at its low"], ["▁", "█"], id="two quantities"
        ),
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


def test_nothing_is_said_of_sparklines_where_there_are_none():
    words = ["show", "cosine:lr=1,warmup=0", "cosine:lr=0.1,warmup=0", "--steps", "100"]
    assert [piped([*words, "--format", kind])[2] for kind in ("csv", "json")] == [b"", b""]


@pytest.mark.parametrize(
    ("words", "idle"),
    [
        pytest.param("show --common-scale --format text", [], id="sparklines"),
        pytest.param("show --common-scale --format markdown", [], id="sparklines of Markdown"),
        pytest.param("show --common-scale --format csv", ["--common-scale"], id="rows"),
        pytest.param("show --common-scale --chart", ["--common-scale"], id="a chart"),
        pytest.param("show --common-scale --get last", ["--common-scale"], id="a value"),
        pytest.param("compare --common-scale --format json", ["--common-scale"], id="a comparison"),
        pytest.param("show --explain --chart", [], id="below a chart"),
        pytest.param("show --explain --format json", ["--explain"], id="a document"),
        pytest.param("show --explain --common-scale --get last", ["--common-scale", "--explain"], id="both"),
    ],
)
def test_a_switch_of_what_is_not_printed_is_said(words, idle):
    command, *switches = words.split()
    specs = ("cosine:warmup=0", "linear:warmup=0")
    _, _, complaints = piped([command, *specs, "--steps", "100", "--lr", "1", *switches])
    said = [line.split()[1] for line in complaints.decode().splitlines() if "changes nothing" in line]
    assert said == idle


def test_the_table_says_what_the_curves_show():
    words = ["show", "onecycle", "--steps", "100", "--lr", "1", "--quantity", "momentum"]
    _, output, _ = piped(words)
    assert output.decode().splitlines()[-2].split()[:2] == ["schedule", "momentum"]
    _, output, _ = piped([*words, "--format", "json"])
    assert [curve["quantity"] for curve in json.loads(output)["curves"]] == ["momentum"]


def test_values_on_a_terminal_are_a_short_table():
    _, received, _ = on_a_terminal(["values", "cosine:num_warmup_steps=0", "--steps", "1e7", "--lr", "1e-3"])
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
