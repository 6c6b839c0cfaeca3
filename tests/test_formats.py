"""One ``--format`` and one ``--get`` in every command: the same numbers whichever way they are asked for."""

from __future__ import annotations

import csv
import io
import re

import pytest
from commands import run
from terminal import on_terminal

from lrviz.export.grid import FORMATS
from lrviz.notation.fact import FACTS

COSINE = ("cosine:warmup=20,lr=1e-3", "--steps", "200", "--steps-per-epoch", "50")
TWO = ("linear:warmup=5,lr=1", "constant:lr=0.5", "--steps", "100")
COMMANDS = {
    "show": COSINE,
    "plan": COSINE,
    "list": ("wsd",),
    "values": (*COSINE, "--at", "0,50"),
    "check": (*COSINE, "--expect", "peak at 20"),
    "report": (*COSINE, "--expect", "peak at 20"),
    "compare": TWO,
    "info": ("cosine",),
}
ROWS = {"show": 1, "plan": 1, "list": 6, "values": 2, "check": 1, "report": 1, "compare": 2, "info": 3}
"""How many rows stand below the head."""


def asked(folder, *words):
    done = run(folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_every_format(command, form, tmp_path):
    assert asked(tmp_path, command, *COMMANDS[command], "--format", form).strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_csv_has_a_row_for_each(command, tmp_path):
    head, *rows = csv.reader(io.StringIO(asked(tmp_path, command, *COMMANDS[command], "--format", "csv")))
    assert len(rows) == ROWS[command]
    assert {len(row) for row in rows} == {len(head)}
    assert len(set(head)) == len(head)


@pytest.mark.parametrize("form", ["markdown", "github"])
@pytest.mark.parametrize("command", ["show", "plan", "values"])
def test_markdown_is_a_table(command, form, tmp_path):
    lines = asked(tmp_path, command, *COMMANDS[command], "--format", form).splitlines()
    table = [line for line in lines if not line.startswith("::")]
    assert len(table) == 2 + ROWS[command]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1


@pytest.mark.parametrize("form", [*FORMATS[1:], "get"])
@pytest.mark.parametrize(("command", "fact"), [("show", "half"), ("plan", "total")])
def test_notes_go_to_stderr_in_each(command, fact, form, tmp_path):
    asked_as = ("--get", fact) if form == "get" else ("--format", form)
    done = run(tmp_path, command, "cosine", "--warmup", "6%", "--steps", "1001", *asked_as)
    assert "note: cosine: warmup: 6% of 1001 is 60: " in done.stderr


@pytest.mark.parametrize(
    ("label", "written"),
    [
        pytest.param("a|b", r"a\|b", id="a bar"),
        pytest.param("*a*", r"\*a\*", id="stars"),
        pytest.param("_a_", r"\_a\_", id="an underline around"),
        pytest.param("a_b", "a_b", id="an underline inside"),
        pytest.param("<b>", r"\<b>", id="a tag"),
        pytest.param("`a`", r"\`a\`", id="code"),
    ],
)
def test_no_label_is_markup(label, written, tmp_path):
    rows = asked(tmp_path, "show", f"constant:label={label},lr=1", "--steps", "5", "--format", "markdown")
    assert rows.splitlines()[2].startswith(f"| {written} |")


def test_github_annotates_what_is_found(tmp_path):
    done = run(
        tmp_path, "show", "torch.OneCycleLR:max_lr=1,total_steps=50", "--steps", "90", "--format", "github"
    )
    assert "::error title=lrviz%3A stops::" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_format_is_refused_with_the_list(command, tmp_path):
    done = run(tmp_path, command, *COMMANDS[command], "--format", "xml")
    assert (done.returncode, "--format has no 'xml'" in done.stderr) == (2, True)
    assert "json, markdown" in done.stderr


# --- one fact --------------------------------------------------------------------------------------------

ANSWERS = {
    "total": 200,
    "steps_per_epoch": 50,
    "epochs": 4.0,
    "warmup": 20,
    "warmup_end": 20,
    "first": 0.0,
    "peak": 1e-3,
    "peak_at": 20,
    "low": 0.0,
    "low_at": 0,
    "mean": 5e-4,
    "area": 0.1,
    "half": 110,
    "last": 7.615e-8,
    "restarts": 0,
    "drops": 0,
    "steps_at_0": 1,
    "below(10%)": 164,
    "lr(50%)": 5.868e-4,
    "steps at 100%": 1,
}


def test_every_fact_is_asked_for():
    assert {re.split(r"\W", name)[0] for name in ANSWERS} == FACTS.keys()


@pytest.mark.parametrize("fact", ANSWERS)
def test_get_prints_the_bare_value(fact, tmp_path):
    said = asked(tmp_path, "show", *COSINE, "--get", fact)
    assert float(said) == pytest.approx(ANSWERS[fact], rel=5.001e-4)
    assert ("." in said or "e" in said) == isinstance(ANSWERS[fact], float)


@pytest.mark.parametrize("fact", ["total", "peak", "below(10%)"])
def test_values_and_show_get_the_same(fact, tmp_path):
    of_values, of_curve = (asked(tmp_path, command, *COSINE, "--get", fact) for command in ("values", "show"))
    assert of_values == of_curve


@pytest.mark.parametrize("fact", [name for name, kind in FACTS.items() if kind.of_plan])
def test_plan_and_show_get_the_same(fact, tmp_path):
    of_plan, of_curve = (asked(tmp_path, command, *COSINE, "--get", fact) for command in ("plan", "show"))
    assert float(of_plan) == float(of_curve)


@pytest.mark.parametrize("fact", ANSWERS)
def test_a_column_has_what_get_prints(fact, tmp_path):
    rows = csv.reader(io.StringIO(asked(tmp_path, "show", *TWO, "--columns", fact, "--format", "csv")))
    lines = run(tmp_path, "show", *TWO, "--get", fact).stdout.splitlines()
    assert [line.split("\t") for line in lines] == list(rows)[1:]


@pytest.mark.parametrize("fact", ANSWERS)
def test_check_knows_what_get_prints(fact, tmp_path):
    said = asked(tmp_path, "show", *COSINE, "--get", fact).strip()
    text = f"{fact} == {said.removesuffix('.0')}"
    assert asked(tmp_path, "check", *COSINE, "--expect", text).startswith("ok ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["half"], "error: constant: half is none: it stays above half of the peak\n", id="half"),
        pytest.param(
            ["warmup_end"], "error: constant: warmup_end is none: there is no warmup\n", id="warmup"
        ),
        pytest.param(
            ["below(1e-9)"], "error: constant: below(1e-9) is none: it does not fall below that\n", id="below"
        ),
    ],
)
def test_what_a_curve_has_not_is_a_no(words, said, tmp_path):
    done = run(tmp_path, "show", "constant:lr=0.5", "--steps", "9", "--get", *words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
    done = run(tmp_path, "show", *TWO, "--get", *words)
    assert (done.returncode, said in done.stderr, len(done.stdout.splitlines())) == (1, True, 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["show", "--get", "frist"], "did you mean first?", id="misspelt"),
        pytest.param(["show", "--get", "x"], "lrviz show --help has all of them", id="unknown"),
        pytest.param(["show", "--columns", "first,x"], "--columns: 'x'", id="among columns"),
        pytest.param(["show", "--columns", ""], "--columns: ''", id="no columns"),
        pytest.param(["show", "--get", "lr"], "expected (", id="without its step"),
        pytest.param(["show", "--get", "peak", "--format", "json"], "not so --format", id="beside a format"),
        pytest.param(["values", "--get", "peak", "--at", "3"], "not so --at", id="beside steps"),
        pytest.param(["values", "--below", "1", "--plain"], "not so --plain", id="below, plain"),
        pytest.param(["values", "--below", "x"], "--below: 'x' is no LR", id="below a word"),
        pytest.param(["plan", "--get", "peak"], "lrviz show cosine --get peak", id="of a curve"),
    ],
)
def test_what_is_no_fact_is_refused(words, said, tmp_path):
    command, *options = words
    done = run(tmp_path, command, "cosine", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


# --- steps by name ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "steps"),
    [
        pytest.param("last", [199], id="last"),
        pytest.param("-1", [199], id="from the end"),
        pytest.param("peak", [20], id="peak"),
        pytest.param("first,low", [0, 0], id="two"),
        pytest.param("peak,-2,last,50%", [20, 198, 199, 100], id="mixed"),
        pytest.param("-200", [0], id="the first from the end"),
    ],
)
def test_steps_by_name(at, steps, tmp_path):
    said = asked(tmp_path, "values", *COSINE, "--at", at, "--format", "csv")
    assert [int(line.partition(",")[0]) for line in said.splitlines()[1:]] == steps


def test_each_curve_has_its_own_last_step(tmp_path):
    said = asked(tmp_path, "values", "linear:steps=9", "linear:steps=5", "--lr", "1", "--at", "last", "-q")
    assert [line.partition(",")[0] for line in said.splitlines()] == ["step", "4", "8"]


def test_a_stretch_from_the_end(tmp_path):
    said = asked(tmp_path, "values", *COSINE, "--from", "-3", "--to", "-1")
    assert [line.partition(",")[0] for line in said.splitlines()] == ["step", "197", "198"]


def test_before_the_first_step_is_refused(tmp_path):
    done = run(tmp_path, "values", *COSINE, "--at", "-201")
    assert (done.returncode, "\nhint: --at -200 is the first\n" in done.stderr) == (2, True)


@pytest.mark.parametrize("limit", ["1e-5", "1e-4", "50%", "1e-3"])
def test_below_is_the_first_step_from_the_peak_on(limit, tmp_path):
    step = int(asked(tmp_path, "values", *COSINE, "--below", limit))
    value = 5e-4 if limit == "50%" else float(limit)
    around = asked(tmp_path, "values", *COSINE, "--at", f"{step - 1},{step}", "--plain").split()
    assert float(around[0]) >= value > float(around[1])


# --- a table that fits -----------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("count", [1, 2, 30])
@pytest.mark.parametrize("facts", ["first,peak,peak_at,mean,last", ",".join(ANSWERS)], ids=["few", "all"])
def test_columns_go_before_a_row_breaks(facts, count, columns, tmp_path):
    specs = [f"cosine:warmup={i}" for i in range(count)]
    done = on_terminal(
        tmp_path, "show", *specs, "--steps", "200", "--steps-per-epoch", "50", "--lr", "1",
        "--columns", facts, columns=columns, NO_COLOR="1",
    )  # fmt: skip
    lines = [line.rstrip() for line in done.output.decode().splitlines()]
    assert max(map(len, lines)) <= columns
    assert len(lines) - lines.index("") == count + 2


def test_a_pipe_loses_no_column(tmp_path):
    said = asked(tmp_path, "show", *COSINE, "--columns", ",".join(ANSWERS))
    assert len(said.splitlines()[-2].split()) >= len(ANSWERS)
