"""Every finding: the example that trips it, the samples that do, and the curves that trip none."""

from __future__ import annotations

import json
import shlex

import pytest
from commands import ENTRIES, ROOT, run
from found import alarms_in, found_in

from lrviz.describe.example import example
from lrviz.findings.gather import of_runs
from lrviz.findings.rule import rules
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

SAMPLES = sorted((ROOT / "sample_configs" / "findings").glob("*.toml"))
RULES = [pytest.param(rule, id=rule.id) for rule in rules()]
TOO_LONG = {"long-walk"}
"""What takes its time to be shown is looked at without a value."""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sample_configs").symlink_to(ROOT / "sample_configs")
    return tmp_path


@pytest.mark.parametrize("rule", RULES)
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


def test_the_samples_trip_every_finding(folder):
    found = {kind for path in SAMPLES for kind, _ in found_in(folder, str(path))}
    assert {rule.id for rule in rules()} - found == {"long-walk", "sampled"}  # no sample is as long


ALARMS = {
    "fvcore.LinearParamScheduler": {"never-reaches-lr"},  # its max_iter is 120, and it rises to the end
    "fvcore.MultiStepParamScheduler": {"drop-behind-end", "flat-line"},  # so is its first drop
    "torch.ChainedScheduler": {"never-reaches-lr"},  # one factor holds it down while another decays
    "speechbrain.CyclicCosineScheduler": {"vanishes"},  # each wave multiplies what the last one left
    "timm.create_scheduler_v2": {"zero-lr"},  # it cools down at 0
}
"""What is true of examples that are drawn over 100 steps."""


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_example_raises_no_false_alarm(entry, folder):
    words = shlex.split(example(entry).command("show"))[2:]
    assert alarms_in(folder, *words) == ALARMS.get(entry.id, set())


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
    assert all(f"\n{rule.id} " in listed and rule.summary in listed for rule in rules())
    said = json.loads(run(tmp_path, "info", "--findings", "--format", "json").stdout)["findings"]
    assert [one["id"] for one in said] == [rule.id for rule in rules()]


@pytest.mark.parametrize("rule", RULES)
def test_info_explains_a_finding(rule, tmp_path):
    words = " ".join(run(tmp_path, "info", "--findings", rule.id).stdout.split())
    assert all(text in words for text in (f"{rule.id} ({rule.level})", rule.paragraph, rule.command))


def test_info_knows_a_finding_by_its_id_only(tmp_path):
    done = run(tmp_path, "info", "--findings", "flatline")
    assert (done.returncode, done.stderr) == (
        2,
        "error: unknown finding 'flatline'\nhint: did you mean flat-line\n",
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
