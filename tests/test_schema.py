"""``lrviz schema``: every document of every command is as its schema tells, to the last key."""

from __future__ import annotations

import json
import re

import pytest
from commands import ROOT, run
from schemas import faults
from test_cli import JSON, execute

from lrviz.cli.app import COMMANDS
from lrviz.export.document_types import DOCUMENTS

SCRIPT = str(ROOT / "sample_configs" / "trainers" / "finetune.sh")
CONFIGS = sorted(map(str, (ROOT / "sample_configs").rglob("*.toml")))
LINES = [
    ["show", "cosine"],
    ["show", "torch.OneCycleLR:max_lr=1,total_steps=50", "--steps", "90", "--lr", "1"],
    ["show", "torch.ExponentialLR:gamma=2", "--steps", "1100", "--lr", "1"],
    ["show", "cosine_with_restarts:num_cycles=3", "torch.StepLR:step_size=2,gamma=0.9999", "--steps", "1e5"],
    ["show", SCRIPT, "--dataset-len", "52002"],
    ["show", "torch.LambdaLR:lr_lambda=0.5+0.5*cos(epoch/9)", "--steps", "1e9"],
    ["compare", "cosine", "linear:lr=0", "wsd", "cosine:steps=90"],
    ["compare", "torch.OneCycleLR:max_lr=1,total_steps=50", "cosine", "--steps", "90", "--lr", "1"],
    ["values", "cosine", "--at", "0,2000"],
    ["values", "torch.ExponentialLR:gamma=2", "--steps", "1100", "--lr", "1", "--at", "1099"],
    ["plan"],
    ["plan", "cosine", "linear:steps=9", "--warmup", "6%"],
    ["plan", SCRIPT, "--dataset-len", "52002"],
    ["plan", "--epochs", "2.5", "--warmup", "1%", "--trainer", "transformers"],
    [
        "check",
        "cosine:warmup=5",
        "--steps",
        "90",
        "--lr",
        "1",
        "--expect",
        "peak at 5",
        "--expect",
        "lr(95) > 0",
    ],
    ["report", "cosine:warmup=5", "--steps", "90", "--lr", "1", "--expect", "peak at 5", "-o", "out/"],
    ["diff", "cosine:warmup=5", "linear:warmup=5", "--steps", "90", "--lr", "1"],
    ["diff", "torch.OneCycleLR:max_lr=1,total_steps=50", "constant", "--steps", "90", "--lr", "1"],
    ["identify", str(ROOT / "sample_configs" / "logs" / "train.csv")],
    ["identify", str(ROOT / "tests" / "logs" / "fault_resume_more_epochs.json")],
    ["list"],
    ["info", "cosine", "plateau", "torch.OneCycleLR"],
    ["info", "--findings"],
]


def schema(folder, command):
    return json.loads(run(folder, "schema", command).stdout)


def wrong(folder, words):
    done = run(folder, *words, "--format", "json")
    assert done.returncode in {0, 1}, done.stderr
    return faults(json.loads(done.stdout), schema(folder, words[0]))


@pytest.mark.long
@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_a_document_is_as_its_schema_tells(words, tmp_path):
    assert wrong(tmp_path, words) == []


@pytest.mark.long
@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.removeprefix(str(ROOT)))
@pytest.mark.parametrize("command", ["show", "plan", "check"])
def test_so_are_those_of_configs(command, config, tmp_path):
    assert wrong(tmp_path, [command, config]) == []


@pytest.mark.parametrize("case", JSON)
def test_so_are_those_of_the_transcripts(case, tmp_path):
    for name, text in case.given:
        (tmp_path / name).write_text(text, encoding="utf-8")
    document = json.loads(execute(case.command, tmp_path).stdout)
    assert faults(document, schema(tmp_path, case.command.split()[1])) == []


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("cosine:warmup=5", "linear:lr=0.5,warmup=0"), id="two curves"),
        pytest.param(("torch.OneCycleLR:max_lr=1,total_steps=50",), id="one that stops"),
        pytest.param(("torch.ExponentialLR:gamma=1e9",), id="one that overflows"),
    ],
)
def test_so_are_baselines(words, tmp_path):
    run(tmp_path, "values", *words, "--steps", "90", "--lr", "1", "-o", "lr.json")
    document = json.loads((tmp_path / "lr.json").read_text(encoding="utf-8"))
    assert faults(document, schema(tmp_path, "values")) == []


def test_every_command_with_json_has_a_schema(tmp_path):
    choice = re.compile(r"^ +--format \S*\bjson\b", re.MULTILINE)
    speaks = [name for name in COMMANDS if choice.search(run(tmp_path, name, "--help").stdout)]
    assert sorted(speaks) == sorted(DOCUMENTS)
    assert json.loads(run(tmp_path, "schema").stdout).keys() == DOCUMENTS.keys()
    assert {words[0] for words in LINES} == DOCUMENTS.keys()


def test_the_reader_of_schemas_sees_what_is_wrong():
    told = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    assert faults({"a": 1}, told) == []
    assert faults({}, told) == ["$: no a"]
    assert faults({"a": 1, "b": 2}, told) == ["$: b is not told"]
    assert faults({"a": True}, told) == ["$.a: True is no integer"]
    assert faults({"a": float("nan")}, told) == ["$.a: nan is no integer"]


def test_an_unknown_command_is_refused_with_the_list(tmp_path):
    done = run(tmp_path, "schema", "plot")
    assert (done.returncode, "one of show, compare" in done.stderr) == (2, True)
