"""What is wrong with a config in JSON or YAML, in words and hints of its language."""

from __future__ import annotations

import sys

import pytest
from commands import run
from configs import refusal, write

from lrviz.inputs.config.job import load

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

SPAN = "(100, '6%', '2ep')"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param(
            "a.json",
            '{"name": "cosine",\n "lr": 1,\n "lr": 2}',
            ["a.json:3: lr: given before, in line 2", "keep one of them"],
            id="JSON key twice",
        ),
        pytest.param(
            "a.json",
            '{"schedule": [\n{"lr": 1},\n {"name": "cosine",\n "lr": "a"}]}',
            [
                "a.json:2: schedule[0]: name is missing",
                "a.json:4: schedule[1].lr: expected a number from 0 on, or a list of them, got 'a'",
                'line 2: "name": "cosine" names a schedule; line 4: "lr": 1e-3',
            ],
            id="JSON places",
        ),
        pytest.param(
            "a.json",
            '{"name": "cosine", "plan": 3,\n "lr": "x",\n "warmup": "x",\n "title": "x"}',
            [
                "a.json:1: plan: expected a table, got 3",
                "a.json:2: lr: expected a number from 0 on, or a list of them, got 'x'",
                f"a.json:3: warmup: expected a duration {SPAN}, got 'x'",
                "a.json:4: title: belongs in [output]",
                (
                    'line 1: head it with "plan": {…}; line 2: "lr": 1e-3; line 3: '
                    "type steps (100, 350k), a percent (6%) or epochs (2ep); line 4: "
                    'move it into "output": {…}'
                ),
            ],
            id="JSON hints",
        ),
        pytest.param(
            "a.json",
            '{"schedule": {"name": "cosine"}}',
            [
                "a.json:1: schedule: expected a list of tables, got a table",
                'head each schedule with "schedule": [{…}]',
            ],
            id="JSON list of schedules",
        ),
        pytest.param(
            "a.yaml",
            "name: transformers.cosine_with_min_lr\nmin_lr: 10x\ntitle: x\n",
            [
                "a.yaml:2: min_lr: expected a number, got '10x'",
                "a.yaml:3: title: belongs in [output]",
                "line 2: min_lr: 1e-5; line 3: move it into output:",
            ],
            id="YAML hints",
        ),
        pytest.param(
            "a.json",
            '{"name": "cosine",}',
            [None, 'JSON: "warmup": "6%", no comments, no comma before a closing bracket'],
            id="JSON syntax",
        ),
        pytest.param(
            "a.json",
            "[1]",
            ["a.json: expected keys and tables, got [1]", '"name": "cosine" names a schedule'],
            id="JSON list",
        ),
        pytest.param(
            "a.json",
            "[" * 100_000,
            ["a.json: brackets nested too deeply", "nest less deeply"],
            id="JSON, too deep",
        ),
        pytest.param(
            "a.yaml",
            "name: cosine\nlr: 1\nlr: 2\n",
            ["a.yaml:3: lr: given before, in line 2", "keep one of them"],
            id="YAML key twice",
        ),
        pytest.param(
            "a.yaml",
            "schedule:\n- name: cosine\n- name: linear\n  warmupp: 3\n",
            ["a.yaml:4: schedule[1].warmupp: unknown key", "did you mean warmup?"],
            id="YAML places",
        ),
        pytest.param(
            "a.yml",
            "name: [cosine\n",
            [
                "a.yml:2: expected ',' or ']', but got '<stream end>' (column 1)",
                'YAML: warmup: "6%", indented with spaces',
            ],
            id="YAML syntax",
        ),
        pytest.param(
            "a.yaml",
            "name: &a [*a]\n",
            ["a.yaml: an alias within what it stands for", "write it out"],
            id="YAML, a list in itself",
        ),
        pytest.param(
            "a.yaml",
            "name: cosine\nno: 1\n2: 3\n",
            [
                "a.yaml:2: no: unknown key",
                "a.yaml:3: 2: unknown key",
                "lrviz info transformers.cosine names its parameters",
            ],
            id="YAML keys that are no text",
        ),
        pytest.param(
            "a.yaml",
            "name: no\n",
            ["a.yaml:1: name: expected text, got false", 'name: "cosine" names a schedule'],
            id="YAML, no",
        ),
    ],
)
def test_faults_of_json_and_yaml(name, text, said):
    got = refusal(text, name)
    if said[0] is None:  # Python's own words differ between its versions
        got[0] = None
    assert got == said


@pytest.mark.parametrize(
    ("typed", "read", "instead"),
    [
        pytest.param("0100", "0100 is 64: YAML reads it in octal", "100, or 64", id="octal"),
        pytest.param("-010", "-010 is -8: YAML reads it in octal", "-10, or -8", id="octal, negative"),
        pytest.param(
            "1:30", "1:30 is 90: YAML reads it in base 60", '90, or "1:30" for a text', id="base 60"
        ),
        pytest.param(
            "0:1:30.5",
            "0:1:30.5 is 90.5: YAML reads it in base 60",
            '90.5, or "0:1:30.5" for a text',
            id="base 60 with a fraction",
        ),
    ],
)
@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("name: cosine\nlr: 1\nwarmup: {}\n", "warmup", id="a key of the run"),
        pytest.param("name: cosine\nlr: 1\nlabel: {}\n", "label", id="a text"),
        pytest.param(
            "name: MultiStepLR\nlr: 1\nmilestones: [1, {}]\n", "milestones[1]", id="within a parameter"
        ),
    ],
)
def test_numbers_that_yaml_reads_oddly(text, key, typed, read, instead):
    said = [f"config.yaml:3: {key}: {read}", f"write {instead}"]
    assert refusal(text.format(typed), "config.yaml") == said


@pytest.mark.parametrize("typed", ["07", "0", "0x10", "10", "1_0", '"0100"', "00.5"])
def test_numbers_that_yaml_reads_as_anybody_does(typed):
    write("config.yaml", f"name: cosine\nlr: 1\nsteps: 100\nwarmup: {typed}\n")
    assert load("config.yaml").entries


AXOLOTL = """\
base_model: x
micro_batch_size: 2
datasets:
  - path: x
learning_rate: 1e-3
warmup_steps: 5
max_steps: 0100
logging_steps: 010
"""


def test_a_trainer_that_reads_yaml_does_so_and_that_is_said(tmp_path):
    """Where the number counts: nobody looks at the other one."""
    write(tmp_path / "axolotl.yml", AXOLOTL)
    done = run(tmp_path, "show", "axolotl.yml")
    said = [line for line in done.stderr.splitlines() if "octal" in line]
    told = "max_steps: 0100 is 64: YAML reads it in octal, and so does axolotl"
    assert said == [f"warning: axolotl.yml:7: {told}"]
    assert " = 64 steps" in done.stdout


def test_yaml_without_pyyaml(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert refusal("name: cosine\n", "a.yaml") == [
        "a.yaml: reading YAML needs PyYAML, which is not installed",
        'pip install "lrviz[yaml]"',
    ]
