"""Every finding: the example that trips it, the samples that do, and the curves that trip none."""

from __future__ import annotations

import ast
import inspect
import json
import re
import shlex
from pathlib import Path

import pytest
from commands import ROOT, run
from every import for_every_schedule, one_test_for
from found import alarms_in, found_in
from sources import SOURCES, nodes_of

import lrviz
from lrviz.curves.series import series_of
from lrviz.describe.example import FLAT, PEAK, STEPS, example
from lrviz.findings.gather import findings_of, of_runs
from lrviz.findings.noted import NOTED, explained
from lrviz.findings.rule import rules
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

SAMPLES = sorted((ROOT / "sample_configs" / "findings").glob("*.toml"))
RULES = [pytest.param(rule, id=rule.id) for rule in rules()]
FOREIGN = "inputs/foreign/"
"""Where what trainers' own files say is found; what only one of them says is not listed."""
TOO_LONG = {"long-walk"}
"""What takes its time to be shown is looked at without a value."""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sample_configs").symlink_to(ROOT / "sample_configs")
    return tmp_path


@one_test_for(RULES)
def test_a_finding_says_what_it_means(rule):
    assert rule.summary.endswith(".")
    assert len(rule.summary) < 90
    assert len(rule.paragraph) > 60


@pytest.mark.parametrize("rule", [one for one in RULES if one.id not in TOO_LONG])
def test_a_finding_is_tripped_by_its_example(rule, folder):
    assert (rule.id, rule.level) in found_in(folder, *shlex.split(rule.example))


def test_a_long_walk_is_announced_before_it_is_made():
    one = resolve(parse("torch.MultiplicativeLR:lr_lambda=0.9999999,steps=3e7,lr=1"))
    assert [(said.id, said.level) for said in of_runs([("", one)])] == [("long-walk", "note")]


@pytest.mark.long
def test_the_samples_trip_every_finding(folder):
    found = {kind for path in SAMPLES for kind, _ in found_in(folder, str(path))}
    assert {rule.id for rule in rules()} - found == {"long-walk", "sampled"}  # no sample is as long


ALARMS = {
    "torch.ChainedScheduler": {"never-reaches-lr"},  # one factor holds it down while another decays
    "speechbrain.CyclicCosineScheduler": {"vanishes"},  # each wave multiplies what the last one left
    "timm.create_scheduler_v2": {"zero-lr"},  # it cools down at 0
}
"""What is true of examples that are drawn over 100 steps."""


@for_every_schedule
def test_an_example_raises_no_false_alarm(entry):
    made = example(entry)
    resolved = resolve(parse(made.spec), {"steps": STEPS, "lr": PEAK}, metrics=FLAT if made.flat else None)
    found = {one.id for one in findings_of(series_of([resolved], "lr")) if one.level != "note"}
    assert found == ALARMS.get(entry.id, set())


LENGTHS = ("1000", "1e6", "1e12")


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        pytest.param("linear:warmup=0,num_training_steps=50%", "zero-lr", id="half of it at 0"),
        pytest.param("cosine:warmup=0,num_training_steps=60%", "rises-again", id="a wave that turns"),
        pytest.param("torch.StepLR:step_size=2e12", "flat-line", id="no drop"),
        pytest.param("constant_with_warmup:warmup=100%", "warmup-fills-run", id="a warmup of all of it"),
    ],
)
def test_a_run_of_any_length_is_looked_at(spec, kind, steps, tmp_path):
    assert kind in alarms_in(tmp_path, spec, "--steps", steps)


@pytest.mark.long
@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param("cosine:warmup=0", 0, id="a note"),
        pytest.param("step:step_size=500", 1, id="a warning"),
        pytest.param("linear:warmup=0,num_training_steps=50", 1, id="an error"),
        pytest.param("linear:warmup=200", 1, id="a warning of the run"),
    ],
)
@pytest.mark.parametrize("command", ["show", "plot", "values"])
def test_strict_is_an_answer(command, line, code, tmp_path):
    asked = (command, line, "--steps", "100")
    assert run(tmp_path, *asked).returncode == 0
    strict = run(tmp_path, *asked, "--strict", "-q")
    assert strict.returncode == code
    assert bool(strict.stderr) == bool(code)
    assert strict.stdout == run(tmp_path, *asked, "-q").stdout


def test_of_another_quantity_only_what_is_true_of_any_is_said(tmp_path):
    words = ("torch.OneCycleLR:max_lr=0.1,total_steps=60", "--steps", "100", "--quantity", "momentum")
    assert found_in(tmp_path, *words) == {("stops", "error")}


def test_info_lists_the_findings(tmp_path):
    listed = run(tmp_path, "info", "--findings").stdout
    assert all(f"\n{one.id} " in listed and one.summary in listed for one in explained())
    said = json.loads(run(tmp_path, "info", "--findings", "--format", "json").stdout)["findings"]
    assert [one["id"] for one in said] == [one.id for one in explained()]


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in explained()])
def test_info_explains_a_finding(one, tmp_path):
    words = " ".join(run(tmp_path, "info", "--findings", one.id).stdout.split())
    assert all(text in words for text in (f"{one.id} (", one.summary, one.paragraph, one.command))


@pytest.mark.parametrize(
    ("kind", "levels"),
    [
        pytest.param("flat-line", "note, warning or error", id="three"),
        pytest.param("idle-key", "note or warning", id="two"),
        pytest.param("stops", "error", id="one"),
    ],
)
def test_info_says_every_level_of_a_finding(kind, levels, tmp_path):
    listed = run(tmp_path, "info", "--findings").stdout.splitlines()
    assert [line.split("  ")[0] for line in listed if f" {levels}  " in line].count(kind) == 1
    assert run(tmp_path, "info", "--findings", kind).stdout.startswith(f"{kind} ({levels})\n")


@one_test_for(RULES)
def test_a_rule_knows_its_levels(rule):
    assert set(re.findall(r'"(note|warning|error)"', inspect.getsource(rule.looks))) == set(rule.levels)


def said_in_the_code():
    """Id, level and file of each finding that is no rule's, by the calls that make it."""
    package = Path(lrviz.__file__).parent
    for path in SOURCES:
        for node in (one for one in nodes_of(path) if isinstance(one, ast.Call) and one.args):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            level = {"note": "note", "warn": "warning"}.get(called)
            if called == "Finding" and isinstance(node.args[1], ast.Constant):
                level = node.args[1].value
            if level and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, level, path.relative_to(package).as_posix()


@pytest.mark.long
def test_every_finding_is_listed_with_its_levels():
    known = {one.id: one.levels for one in explained()}
    said = {(kind, level) for kind, level, path in said_in_the_code() if kind in known or FOREIGN not in path}
    assert {(kind, level) for kind, level in said if level not in known.get(kind, ())} == set()


@pytest.mark.long
@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in NOTED])
def test_what_is_listed_is_said_somewhere(one):
    package = Path(lrviz.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py") if path.stem != "noted")
    key = one.id.removesuffix("-overruled").replace("-", "_")
    assert f'"{one.id}"' in code or f'give(run, "{key}", ' in code


@pytest.mark.parametrize("words", [("info", "--findings"), ("check", "--explain")], ids=" ".join)
def test_a_finding_is_explained_by_its_id_only(words, tmp_path):
    assert run(tmp_path, *words, "flat-line").stdout.startswith("flat-line (note, warning or error)\n")
    done = run(tmp_path, *words, "flatline")
    assert (done.returncode, done.stderr) == (
        2,
        "error: unknown finding 'flatline'\nhint: did you mean flat-line?\n",
    )


@pytest.mark.parametrize(
    ("told", "interval", "says"),
    [
        pytest.param(
            1000, "epoch", "interval=step is for a scheduler stepped after every update", id="steps"
        ),
        pytest.param(20, "step", "interval=epoch is for a scheduler stepped once per epoch", id="epochs"),
        pytest.param(20, "epoch", "", id="epochs, once per epoch"),
        pytest.param(1000, "step", "", id="steps, after every update"),
    ],
)
def test_a_length_in_the_other_unit_is_told(told, interval, says):
    words = f"torch.CosineAnnealingLR:T_max={told},interval={interval},epochs=20,steps_per_epoch=50,lr=1"
    found = [one.text for one in resolve(parse(words)).findings if one.id == "length-differs"]
    assert [says in text for text in found] == [True] * bool(says)
