"""What ``lrviz check`` writes for machines: annotations, XML and JSON, of odd labels and files."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest
from commands import run
from configs import write

ODD = "100% <odd> & \x1b[31m, a:b"


@pytest.fixture
def odd(tmp_path):
    schedule = 'name = "torch.CosineAnnealingLR"\nsteps = 9\nlr = 1\nT_max = 5\n'
    write(tmp_path / "a,b.toml", f"{schedule}label = {json.dumps(ODD)}\n")
    return ("a,b.toml", "--expect", "last < 1%", "--expect", "total == 9")


def test_annotations_for_github(odd, tmp_path):
    done = run(tmp_path, "check", *odd, "--format", "github")
    assert (done.returncode, done.stderr) == (1, "")
    place, label = "file=a%2Cb.toml,line=1", "100%25 <odd> &  [31m, a:b"
    first, *others, last = done.stdout.splitlines()
    asked = f"::error {place},title=lrviz%3A last < 1%25::{label}: last < 1%25: last is 0.6545 at step 8"
    assert first == f"{asked} (1%25 is 0.01)"
    assert [line.partition(": ")[0] for line in others] == [
        f"::notice {place},title=lrviz%3A length-differs::{label.partition(': ')[0]}",
        f"::warning {place},title=lrviz%3A rises-again::{label.partition(': ')[0]}",
    ]
    assert last == "1 of 2 expectations hold, 1 warning"


@pytest.mark.parametrize("name", ["text", "csv", "markdown"])
def test_a_finding_that_fails_is_said_beside_rows(odd, tmp_path, name):
    done = run(tmp_path, "check", odd[0], "--format", name, "--strict")
    assert done.returncode == 1
    assert "warning: a,b.toml:1: 100% <odd> &  [31m, a:b: " in done.stderr


def test_strict_makes_an_error_of_a_warning_for_github(odd, tmp_path):
    done = run(tmp_path, "check", *odd, "--format", "github", "--strict")
    commands = [line.partition(" ")[0] for line in done.stdout.splitlines()[:3]]
    assert commands == ["::error", "::notice", "::error"]


def test_what_fails_of_a_sweep_alike_is_one_annotation(tmp_path):
    write(
        tmp_path / "run.toml",
        'name = "torch.CosineAnnealingLR"\nsteps = 9\nT_max = 5\n[sweep]\nlr = [1, 2, 3]\n'
        '[[check]]\nexpect = ["last < 1%", "peak < 2"]\n',
    )
    *said, _ = run(tmp_path, "check", "run.toml", "--format", "github").stdout.splitlines()
    heads, texts = zip(
        *((line.split("::")[1], line.split("::")[2].split("%0A")) for line in said), strict=True
    )
    titles = ["last < 1%25", "peak < 2", "length-differs", "rises-again"]
    assert [head.partition("title=lrviz%3A ")[2] for head in heads] == titles
    assert [sum("torch.CosineAnnealingLR:lr=" in text for text in one) for one in texts] == [3, 2, 3, 3]


def test_junit(odd, tmp_path):
    done = run(tmp_path, "check", *odd, "--format", "junit", "--strict")
    (suite,) = ET.fromstring(done.stdout)
    assert (done.returncode, suite.attrib["tests"], suite.attrib["failures"]) == (1, "4", "2")
    assert [(case.attrib["name"], [part.tag for part in case]) for case in suite] == [
        ("last < 1%", ["failure"]),
        ("total == 9", ["system-out"]),
        ("length-differs", ["system-out"]),
        ("rises-again", ["failure"]),
    ]
    assert {(case.attrib["file"], case.attrib["line"]) for case in suite} == {("a,b.toml", "1")}
    assert "last is 0.6545 at step 8" in suite[0][0].attrib["message"]


def test_json(odd, tmp_path):
    document = json.loads(run(tmp_path, "check", *odd, "--format", "json").stdout)
    assert document["passes"] is False
    assert document["expectations"][0] == {
        "label": "100% <odd> &  [31m, a:b",
        "expect": "last < 1%",
        "holds": False,
        "found": "last is 0.6545 at step 8 (1% is 0.01)",
        "step": 8,
        "place": {"file": "a,b.toml", "line": 1, "key": ""},
    }
