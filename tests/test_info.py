"""``lrviz info``."""

from __future__ import annotations

import json
import re

import pytest
from commands import ENTRIES, run
from terminal import on_terminal

from lrviz.cli.info import info
from lrviz.describe.description import Description
from lrviz.describe.example import example
from lrviz.describe.namesakes import namesakes


def test_info_as_text(lrviz_says):
    shown = lrviz_says("info torch.StepLR", COLUMNS=80)
    assert (
        shown.partition("\nelsewhere ")[0].rstrip("\n")
        == """\
torch.StepLR
Multiply the LR by gamma every step_size ticks.

██████████████████▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▂▂▂▂▂▂
100 steps: first 0.1, peak 0.1 at step 0, last 0.0125
lrviz show "step:step_size=30,gamma=0.5" --steps 100 --lr 0.1
lrviz plot "step:step_size=30,gamma=0.5" --steps 100 --lr 0.1

names     step, StepLR
formula   lr(t) = B gamma^(t // step_size).
edges     drops at t = step_size. A negative step_size acts as its absolute
          value, a fractional one at its whole multiples. step_size 0 is
          accepted and divides by zero at the first step().
source    torch 2.13.0 StepLR.
assumed   step_size=30%, where a short name leaves it out

parameter  what it is  takes     default   option
step_size  ticks       duration  required
gamma      factor      number    0.1
A duration is 100 (ticks), 6% (of the run) or 2ep (epochs)."""
    )


@pytest.mark.long
@pytest.mark.parametrize("entry", ENTRIES)
def test_info_is_whole_and_fits(entry, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    info([entry.id])
    shown = capsys.readouterr().out
    one = Description(entry)
    flat = " ".join(shown.split())
    for text in [entry.id, one.summary, *one.sections.values()]:
        assert " ".join(text.split()) in flat
    for param in one.parameters:
        assert re.search(rf"^{param.name}  ", shown, flags=re.MULTILINE)
        assert param.takes.replace("|", " | ") in flat or param.takes in flat
    for other in namesakes(entry):
        told = f"not compared: {other.entry.id}: {other.refusal}" if other.refusal else f"{other.entry.id} "
        assert told in flat
    assert ("a metric that stays flat" in shown) == example(entry).flat
    pasted = tuple(example(entry).command(command) for command in ("show", "plot"))
    names = {"parameter", *(param.name for param in one.parameters)}  # cells of the table are never cut
    wide = [line for line in shown.splitlines() if len(line) > 80 and line not in pasted]
    assert [line for line in wide if line.split()[0] not in names] == []


@pytest.mark.long
def test_info_without_a_name_lists(lrviz_says):
    assert lrviz_says("info") == lrviz_says("list")
    assert lrviz_says("info --format json") == lrviz_says("list --format json")


@pytest.mark.parametrize(
    ("words", "head", "row"),
    [
        pytest.param(
            "torch.StepLR linear",
            "schedule,parameter,what it is,takes,default,option",
            "torch.StepLR,step_size,ticks,duration,required,",
            id="schedules",
        ),
        pytest.param(
            "optax.constant_schedule",
            "schedule,parameter,what it is,takes,default,option",
            "optax.constant_schedule,value,peak LR,number,required,--lr",
            id="one",
        ),
        pytest.param(
            "adaptive.adagrad", "schedule,parameter,what it is,takes,default,option", "", id="another"
        ),
        pytest.param("--findings", "finding,level,says", "log-torn,note,", id="findings"),
        pytest.param("--findings stops", "finding,level,says", "stops,", id="one finding"),
        pytest.param("", "id,framework,version,names,summary", "torch.StepLR,torch,", id="all"),
    ],
)
def test_info_as_rows(words, head, row, lrviz_says):
    first, *rows = lrviz_says(f"info {words} --format csv").splitlines()
    assert first == head
    assert any(one.startswith(row) for one in rows)
    table = lrviz_says(f"info {words} --format markdown").splitlines()
    if words:
        assert table[0] == f"| {head.replace(',', ' | ')} |"
        assert len(table) == len(rows) + 2


def test_info_as_json(lrviz_says):
    first, second = json.loads(lrviz_says("info linear torch.StepLR linear --format json"))["schedules"]
    assert (first["id"], second["id"]) == ("transformers.linear", "torch.StepLR")
    assert second["names"] == ["step", "StepLR"]
    assert second["momentum"] == ""
    assert second["starter"] == {"step_size": "30%"}
    assert second["example"] == {
        "spec": "step:step_size=30,gamma=0.5",
        "steps": 100,
        "lr": 0.1,
        "flat_metric": False,
    }
    assert [param["name"] for param in second["parameters"]] == ["step_size", "gamma"]
    theirs = next(other for other in first["namesakes"] if other["id"] == "torch.LinearLR")
    assert theirs == {"id": "torch.LinearLR", "step": 0, "values": [0.1, 0.1 / 3], "refusal": None}


@pytest.mark.parametrize(
    ("command", "error", "hint"),
    [
        pytest.param("info cosin", "unknown schedule 'cosin'", "did you mean cosine", id="no such name"),
        pytest.param("info cosine --format xml", "--format has no 'xml'", "one of text, csv", id="format"),
        pytest.param(
            "list --format xml", "--format has no 'xml'", "one of text, csv, json, markdown", id="list format"
        ),
        pytest.param("list --framework pytorch", "--framework has no 'pytorch'", "did you mean torch?",
                     id="framework"),
        pytest.param(
            "list zzz", "no schedule of any framework has 'zzz' in its names or summary",
            "lrviz list shows all", id="no match",
        ),
        pytest.param(
            "list pytorch", "no schedule of any framework has 'pytorch' in its names or summary",
            "lrviz list --framework torch", id="nearly a framework",
        ),
        pytest.param(
            "list lightning", "no schedule of any framework has 'lightning' in its names or summary",
            "lightning is a trainer: lrviz show cosine --trainer lightning", id="a trainer",
        ),
    ],
)  # fmt: skip
def test_refusals(command, error, hint, tmp_path):
    done = run(tmp_path, *command.split())
    said, way = done.stderr.splitlines()
    assert (done.returncode, done.stdout, said) == (2, "", f"error: {error}")
    assert way.startswith(f"hint: {hint}")


@pytest.mark.parametrize(
    ("more", "bold"),
    [
        pytest.param({}, True, id="a terminal"),
        pytest.param({"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param({"TERM": "dumb"}, False, id="TERM=dumb"),
    ],
)
def test_headings_are_bold_where_the_terminal_takes_it(more, bold, tmp_path):
    done = on_terminal(tmp_path, "info", "step", **more)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("\x1b[1mtorch.StepLR\x1b[0m\n" if bold else "torch.StepLR\n")
    assert ("\x1b" in done.stdout) == bold


@pytest.mark.parametrize("name", ["run.toml", "log.csv"])
def test_a_file_is_no_schedule_to_tell_of(name, tmp_path):
    (tmp_path / name).write_text("")
    done = run(tmp_path, "info", name)
    assert (done.returncode, done.stderr) == (
        2,
        f"error: {name}: a file, and no schedule\nhint: lrviz show {name} shows the schedules in it\n",
    )
