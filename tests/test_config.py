from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import lrviz
from lrviz.config import is_config, load, loads
from lrviz.config_keys import KINDS, TABLES
from lrviz.config_text import path_text, read_text
from lrviz.errors import ConfigError
from lrviz.plan import PLAN_KEYS
from lrviz.registry import find
from lrviz.resolve import RUN_KEYS, resolve
from lrviz.spec import Call, parse

ROOT = Path(__file__).parents[1]
NAME = 'name = "cosine" names a schedule'
TOML = 'TOML: warmup = "6%", texts in quotes'
SPAN = "(100, '6%', '2ep')"


def lrviz_command(folder, *arguments, stdin=""):
    """What the command prints, both streams in one."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-m", "lrviz", *arguments], cwd=folder, env=environment,
                          input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                          check=False)
    return done.returncode, done.stdout


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(place, content):
    path = Path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(text, name="run.toml"):
    with pytest.raises(ConfigError) as caught:
        load(write(name, text))
    return [*caught.value.faults, caught.value.hint]


def definite(place, flags=None):
    return [resolve(*entry.under(flags or {})) for entry in load(place).entries]


def curve(one):
    return one.schedule(np.arange(one.plan.total_steps))


FLAT = 'name = "cosine"\nlr = 1e-3\nsteps = 10\nwarmup = 0\n'
TWO = """\
[plan]
steps = 100
[defaults]
lr = 1e-3
warmup = "5%"
[[schedule]]
name = "cosine"
[[schedule]]
name = "torch.MultiStepLR"
label = "steps"
milestones = [30, "60%"]
"""


# --- what is wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "said"), [
    pytest.param("", ["run.toml: empty", NAME], id="empty"),
    pytest.param("# only a comment\n", ["run.toml: empty", NAME], id="only a comment"),
    pytest.param("[plan]\nsteps = 3\n", ["run.toml: no schedule", NAME], id="no schedule"),
    pytest.param("lr = 1e-3\n", ["run.toml: name is missing", NAME], id="name is missing"),
    pytest.param('nam = "cosine"\n', ["run.toml:1: nam: unknown key", NAME], id="name misspelt"),
    pytest.param("name = 3\n", ["run.toml:1: name: expected text, got 3"], id="name is no text"),
    pytest.param('name = "cosin"\n', [
        "run.toml:1: name: unknown schedule 'cosin'",
        "did you mean cosine?"], id="unknown schedule"),
    pytest.param(FLAT + "warmupp = 3\n", ["run.toml:5: warmupp: unknown key", "did you mean warmup?"],
                 id="unknown key"),
    pytest.param(FLAT + "zzz = 3\n", ["run.toml:5: zzz: unknown key"], id="unknown key, like nothing"),
    pytest.param(FLAT + 'title = "x"\n', ["run.toml:5: title: belongs in [output]"], id="key of a table"),
    pytest.param(FLAT + "[outputs]\nfile = 1\n", ["run.toml:5: outputs: unknown table", "did you mean output?"],
                 id="unknown table"),
    pytest.param(FLAT + "[output]\nfil = 'a'\nfile = 3\ntitle = 4\n", [
        "run.toml:6: output.fil: unknown key",
        "run.toml:7: output.file: expected text or a list of texts, got 3",
        "run.toml:8: output.title: expected text, got 4", "did you mean file?"], id="output"),
    pytest.param('[[schedules]]\nname = "cosine"\n', [
        "run.toml:1: schedules: unknown table", "did you mean schedule?"], id="schedules"),
    pytest.param('[schedule]\nname = "cosine"\n', [
        "run.toml:1: schedule: expected a list of tables, got a table",
        "head each schedule with [[schedule]]"], id="one schedule in a table"),
    pytest.param('schedule = ["cosine"]\n', ["run.toml:1: schedule[0]: expected a table, got 'cosine'"],
                 id="schedule is no table"),
    pytest.param('name = "cosine"\nlrr = 1\n[[schedule]]\nname = "linear"\n', [
        "run.toml:1: name: outside a table, and there is [[schedule]]", "run.toml:2: lrr: unknown key",
        "with [[schedule]], every key stands in a table: [plan], [defaults] or the schedule's own"],
                 id="flat and listed"),
    pytest.param("plan = 3\n" + FLAT, ["run.toml:1: plan: expected a table, got 3"], id="plan is no table"),
    pytest.param("[plan]\nlr = 1\n[defaults]\nsteps = 1\nlabel = 'x'\n[[schedule]]\nname = 'cosine'\n", [
        "run.toml:2: plan.lr: belongs in [defaults]", "run.toml:4: defaults.steps: belongs in [plan]",
        "run.toml:5: defaults.label: unknown key"], id="keys in the wrong table"),
    pytest.param('name = "cosine"\nlr = true\nsteps = "many"\nepochs = true\nwarmup = "6"\ncalls = 1.5\n'
                 'label = 3\ndrop_last = 1\nwarmup_fraction = "x"\nbatch_size = 1.5\n', [
        "run.toml:2: lr: expected a number or a list of numbers, got true",
        "run.toml:3: steps: expected a whole number, got 'many'",
        "run.toml:4: epochs: expected a number, got true",
        "run.toml:6: calls: expected a whole number, got 1.5",
        "run.toml:7: label: expected text, got 3",
        "run.toml:8: drop_last: expected true or false, got 1",
        "run.toml:9: warmup_fraction: expected a number, got 'x'",
        "run.toml:10: batch_size: expected a whole number, got 1.5"], id="types of run keys, all at once"),
    pytest.param('name = "cosine"\nlr = []\nmin_lr = {name = "x"}\nsteps = 2020-01-01\nwarmup = [1, 2]\n', [
        "run.toml:2: lr: expected a number or a list of numbers, got []",
        "run.toml:3: min_lr: expected a number, got a table",
        "run.toml:4: steps: expected a whole number, got 2020-01-01",
        f"run.toml:5: warmup: expected a duration {SPAN}, got [1, 2]"], id="what no key takes"),
    pytest.param('name = "torch.MultiStepLR"\nmilestones = ["30e", 1]\ngamma = "x"\n', [
        f"run.toml:2: milestones: expected a list of durations {SPAN}, got ['30e', 1]",
        "run.toml:3: gamma: expected a number, got 'x'"], id="types of parameters"),
    pytest.param('name = "wsd"\ndecay_type = "cubic"\nnum_decay_steps = true\n', [
        "run.toml:2: decay_type: expected one of 'linear', 'cosine', '1-sqrt', got 'cubic'",
        f"run.toml:3: num_decay_steps: expected a duration {SPAN}, got true"], id="choices"),
    pytest.param('name = "torch.SequentialLR"\nmilestones = [1]\nschedulers = [{name = "LinearL"}, 3,\n'
                 '  {name = "StepLR", step_siz = 3, lr = 1}, {step_size = 2}]\n', [
        "run.toml:3: schedulers[0].name: unknown schedule 'torch.LinearL'",
        """run.toml:3: schedulers[1]: expected a schedule, {name = "LinearLR", …}, got 3""",
        "run.toml:3: schedulers[2].step_siz: unknown key",
        "run.toml:3: schedulers[2].lr: belongs in [defaults]",
        "run.toml:3: schedulers[3]: name is missing",
        "did you mean step_size?; did you mean torch.LinearLR or torch.LambdaLR or torch.StepLR?"],
                 id="nested schedules"),
    pytest.param('[[schedule]]\nname = "cosine"\n\n[[schedule]]\nname = "linear"\nwarmupp = 1\n'
                 '[[schedule]]\nlr = 1\n', [
        "run.toml:6: schedule[1].warmupp: unknown key", "run.toml:7: schedule[2]: name is missing",
        f"did you mean warmup?; {NAME}"], id="places in a list"),
    pytest.param('name = "cosine"\nlr 3\n', [
        "run.toml:2: expected '=' after a key in a key/value pair (column 4)", TOML], id="TOML syntax"),
    pytest.param('name = "cosine', ["run.toml:1: unterminated string (column 15)", TOML], id="TOML, the end"),
    pytest.param(b'name = "cosine"\nlabel = "\xff"\n', ["run.toml:2: not UTF-8 text", "save it as UTF-8"],
                 id="not UTF-8"),
])
def test_faults(text, said, folder):
    got = refusal(text)
    assert got == (said if len(said) == len(got) else [*said, ""])  # where nothing is near, there is no hint


@pytest.mark.parametrize(("name", "text", "said"), [
    pytest.param("a.json", '{"name": "cosine",\n "lr": 1,\n "lr": 2}', [
        "a.json:3: lr: given before, in line 2", "keep one of them"], id="JSON key twice"),
    pytest.param("a.json", '{"schedule": [{"name": "x"},\n {"name": "cosine",\n "lr": "a"}]}', [
        "a.json:1: schedule[0].name: unknown schedule 'x'", "a.json:3: schedule[1].lr: expected a number or a"
        " list of numbers, got 'a'", "names are like CosineAnnealingLR"], id="JSON places"),
    pytest.param("a.json", '{"name": "cosine",}', [
        None, 'JSON: "warmup": "6%", no comments, no comma before a closing bracket'], id="JSON syntax"),
    pytest.param("a.json", "[1]", ["a.json: expected keys and tables, got [1]", NAME], id="JSON list"),
    pytest.param("a.json", "[" * 100_000, ["a.json: brackets nested too deeply", "nest less deeply"],
                 id="JSON, too deep"),
    pytest.param("a.yaml", "name: cosine\nlr: 1\nlr: 2\n", [
        "a.yaml:3: lr: given before, in line 2", "keep one of them"], id="YAML key twice"),
    pytest.param("a.yaml", "schedule:\n- name: cosine\n- name: linear\n  warmupp: 3\n", [
        "a.yaml:4: schedule[1].warmupp: unknown key", "did you mean warmup?"], id="YAML places"),
    pytest.param("a.yml", "name: [cosine\n", [
        "a.yml:2: expected ',' or ']', but got '<stream end>' (column 1)",
        'YAML: warmup: "6%", indented with spaces'], id="YAML syntax"),
    pytest.param("a.yaml", "name: &a [*a]\n", ["a.yaml: brackets nested too deeply", "nest less deeply"],
                 id="YAML, a list in itself"),
    pytest.param("a.yaml", "name: cosine\nno: 1\n2: 3\n", [
        "a.yaml:2: no: unknown key", "a.yaml:3: 2: unknown key", ""], id="YAML keys that are no text"),
    pytest.param("a.yaml", "name: no\n", ["a.yaml:1: name: expected text, got false", ""], id="YAML, no"),
])
def test_faults_of_json_and_yaml(name, text, said, folder):
    got = refusal(text, name)
    if said[0] is None:  # Python's own words differ between its versions
        got[0] = None
    assert got == said or (said[-1].startswith("names are like") and got[:-1] == said[:-1])


@pytest.mark.parametrize(("place", "said"), [
    pytest.param("rum.toml", ["rum.toml: no such file", "did you mean run.toml?"], id="missing"),
    pytest.param("zzzzz.json", ["zzzzz.json: no such file", "configs end in .toml, .json, .yaml or .yml"],
                 id="missing, like nothing"),
    pytest.param("none/run.toml", ["none/run.toml: no such file", "configs end in .toml, .json, .yaml or .yml"],
                 id="missing folder"),
    pytest.param("d", ["d: a folder, not a config", "name a file: d/in.toml"], id="a folder"),
])
def test_files_that_are_none(place, said, folder):
    write("run.toml", FLAT)
    write("d/in.toml", FLAT)
    with pytest.raises(ConfigError) as caught:
        load(place)
    assert [*caught.value.faults, caught.value.hint] == said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(folder):
    write("run.toml", FLAT).chmod(0)
    with pytest.raises(ConfigError, match=r"^run\.toml: permission denied$"):
        load("run.toml")


def test_yaml_without_pyyaml(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert refusal("name: cosine\n", "a.yaml") == [
        "a.yaml: reading YAML needs PyYAML, which is not installed", 'pip install "lrviz[yaml]"']


def test_the_command_prints_every_fault_and_one_hint(folder):
    write("run.toml", FLAT + "warmupp = 3\ncalls = true\n")
    assert lrviz_command(folder, "show", "run.toml") == (2, """\
error: run.toml:5: warmupp: unknown key
error: run.toml:6: calls: expected a whole number, got true
hint: did you mean warmup?
""")


@pytest.mark.parametrize(("text", "said"), [
    pytest.param('name = "cosine"\nsteps = 10\n', """\
error: run.toml:1: cosine: the learning rate is missing
hint: give lr=1e-3, or --lr 1e-3
""", id="no LR"),
    pytest.param('[defaults]\nlr = 1\n[[schedule]]\nname = "cosine"\nsteps = 5\nwarmup = 0\n[[schedule]]\n'
                 'label = "b"\nname = "linear"\nepochs = 3\n', """\
error: run.toml:9: b: the length of the run is unknown: dataset_len and batch_size are missing
hint: type --steps 1000, or --dataset-len and --batch-size
""", id="no length: nothing comes from the example"),
    pytest.param('name = "step"\nsteps = 5\nlr = 1\n', """\
error: run.toml:1: step: torch.StepLR needs step_size (ticks)
hint: give it: torch.StepLR:step_size=30
""", id="no starter: a config is strict"),
])
def test_what_only_the_run_tells_names_file_and_schedule(text, said, folder):
    write("run.toml", text)
    assert lrviz_command(folder, "show", "run.toml") == (2, said)


# --- what is read ----------------------------------------------------------------------------------------


def test_a_job(folder):
    job = load(write("run.toml", TWO + '[output]\nfile = ["a.png", "b.svg"]\ntitle = "T"\n'))
    assert [(entry.spec, entry.defaults, entry.place) for entry in job.entries] == [
        (parse("cosine"), (("steps", 100), ("lr", 1e-3), ("warmup", "5%")), "run.toml:7: cosine"),
        (parse("torch.MultiStepLR:label=steps,milestones=30,60%"),
         (("steps", 100), ("lr", 1e-3), ("warmup", "5%")), "run.toml:9: steps")]
    assert (job.output, job.title, job.path) == (("a.png", "b.svg"), "T", Path("run.toml"))
    assert lrviz.load("run.toml") == job


@pytest.mark.parametrize(("written", "value"), [
    pytest.param("3e-4", 3e-4, id="number"),
    pytest.param('"3e-4"', 3e-4, id="a text that is a number"),
    pytest.param('"1_000"', 1000, id="underscores"),
    pytest.param('"6%"', "6%", id="a span stays text"),
    pytest.param('["30ep", "4"]', ("30ep", 4), id="list"),
    pytest.param("[1]", (1,), id="list of one"),
    pytest.param('[{name = "StepLR", step_size = "5"}]', (Call("StepLR", (("step_size", 5),)),), id="nested"),
])
def test_values(written, value):
    nested, several = "{" in written, "[" in written
    key, name = (("schedulers", "torch.ChainedScheduler") if nested else ("milestones", "multistep") if several
                 else ("step_size", "step"))
    job = loads(f'name = "{name}"\n{key} = {written}\n'.encode(), "stdin")
    assert job.entries[0].spec.params == ((key, value),)


def test_a_label_that_looks_like_a_number_stays_text():
    assert loads(b'name = "cosine"\nlabel = "1e-3"\n', "stdin").entries[0].spec.get("label") == "1e-3"


def test_every_key_of_a_run_has_a_kind():
    assert {*PLAN_KEYS, *RUN_KEYS, *TABLES["output"]} == set(KINDS)


SAME = {
    "plan": {"dataset_len": 1000, "batch_size": 10, "epochs": 2.5},
    "defaults": {"lr": [1e-3, 3e-4], "warmup": "6%"},
    "schedule": [
        {"name": "cosine", "label": "a"},
        {"name": "torch.SequentialLR", "milestones": [10], "warmup": 0,
         "schedulers": [{"name": "LinearLR", "total_iters": 10}, {"name": "StepLR", "step_size": "50%"}]}],
    "output": {"file": "x.png", "title": "é"},
}
SAME_TOML = """\
[plan]
dataset_len = 1000
batch_size = 10
epochs = 2.5
[defaults]
lr = [1e-3, "3e-4"]
warmup = "6%"
[[schedule]]
name = "cosine"
label = "a"
[[schedule]]
name = "torch.SequentialLR"
milestones = [10]
warmup = 0
[[schedule.schedulers]]
name = "LinearLR"
total_iters = 10
[[schedule.schedulers]]
name = "StepLR"
step_size = "50%"
[output]
file = "x.png"
title = "é"
"""


@pytest.mark.parametrize(("name", "text"), [
    pytest.param("a.toml", SAME_TOML, id="TOML"),
    pytest.param("a.toml", "\ufeff" + SAME_TOML.replace("\n", "\r\n"), id="TOML of Windows"),
    pytest.param("a.yaml", yaml.safe_dump(SAME, sort_keys=False), id="YAML"),
    pytest.param("a.yaml", yaml.safe_dump(SAME, sort_keys=False).replace("0.0003", "3e-4"), id="YAML 3e-4"),
    pytest.param("a.txt", json.dumps(SAME), id="JSON behind another suffix"),
])
def test_all_formats_say_the_same(name, text, folder):
    job = load(write("same.json", json.dumps(SAME)))
    other = load(write(name, text))
    assert [entry.spec for entry in other.entries] == [entry.spec for entry in job.entries]
    assert [entry.defaults for entry in other.entries] == [entry.defaults for entry in job.entries]
    assert (other.output, other.title) == (job.output, job.title)
    for a, b in zip(definite(name), definite("same.json"), strict=True):
        assert np.array_equal(curve(a), curve(b))


@pytest.mark.parametrize(("word", "is_one"), [
    pytest.param("run.toml", True, id="there"),
    pytest.param("cosine", False, id="a spec"),
    pytest.param("torch.StepLR", False, id="an id"),
    pytest.param("odd", True, id="a file without suffix"),
    pytest.param("none.YAML", True, id="missing"),
    pytest.param("d/", True, id="a folder"),
    pytest.param("linear", False, id="a folder named like a schedule"),
    pytest.param("cosine:label=x.toml", False, id="a spec that ends like one"),
    pytest.param("plateau:metrics=run.toml", False, id="a spec that ends in a file"),
    pytest.param("a" * 5000, False, id="longer than any file name"),
    pytest.param("a\0b", False, id="no file name"),
])
def test_what_a_word_is(word, is_one, folder):
    write("run.toml", FLAT)
    write("odd", FLAT)
    (folder / "d").mkdir()
    (folder / "linear").mkdir()
    assert is_config(word) is is_one


# --- precedence and equality -----------------------------------------------------------------------------

LAYERS = """\
[plan]
steps = {plan}
[defaults]
lr = 1.0
{defaults}
[[schedule]]
name = "torch.ExponentialLR"
gamma = 0.9
{schedule}
"""


@pytest.mark.parametrize(("defaults", "schedule", "flags", "steps", "lr", "warmup"), [
    pytest.param("", "", {}, 100, 1.0, "", id="the tables"),
    pytest.param("", "lr = 2\nsteps = 50", {}, 50, 2, "", id="the schedule over the tables"),
    pytest.param("", "lr = 2\nsteps = 50", {"lr": 3, "steps": "70"}, 70, 3, "", id="flags over the schedule"),
    pytest.param("warmup = 5", "warmup_fraction = 0.1", {}, 100, 1.0, "0.1", id="another notation below"),
    pytest.param("", "warmup_fraction = 0.1", {"warmup": "7"}, 100, 1.0, "7", id="another notation above"),
    pytest.param("warmup = 5", "", {"warmup_fraction": 0.2}, 100, 1.0, "0.2", id="above the defaults"),
    pytest.param("", "epochs = 2\nsteps_per_epoch = 4", {}, 8, 1.0, "", id="another length"),
    pytest.param("", "epochs = 2\nsteps_per_epoch = 4", {"steps": "9"}, 9, 1.0, "", id="another length above"),
    pytest.param("", "epochs = 2\nsteps_per_epoch = 4", {"max_steps": "5"}, 5, 1.0, "",
                 id="what was beaten does not come back"),
])
def test_precedence(defaults, schedule, flags, steps, lr, warmup, folder):
    write("run.toml", LAYERS.format(plan=100, defaults=defaults, schedule=schedule))
    (one,) = definite("run.toml", flags)
    assert (one.plan.total_steps, one.lrs, one.warmup, one.assumptions) == (steps, (lr,), warmup, ())


def test_a_spec_beside_a_config_knows_nothing_of_it(folder):
    write("run.toml", FLAT)
    code, said = lrviz_command(folder, "values", "run.toml", "linear:lr=1,steps=20,warmup=0", "--at", "0", "-q")
    assert (code, said) == (0, "step,epoch,cosine,linear\n0,,0.001,1.0\n")


@pytest.mark.parametrize(("text", "words", "flags"), [
    pytest.param(FLAT, "cosine:lr=1e-3,steps=10,warmup=0", {}, id="flat"),
    pytest.param('name = "cosine"\nepochs = 50\nbatch_size = 32\ndataset_len = 1235\nwarmup_fraction = 0.06\n'
                 "lr = 1e-3\n", "cosine:epochs=50,batch_size=32,dataset_len=1235,warmup_fraction=0.06,lr=1e-3",
                 {}, id="the worked example"),
    pytest.param('name = "cosine"\n', "cosine", {"lr": 2e-3, "steps": "1k", "warmup": "6%"}, id="flags alone"),
    pytest.param('name = "polynomial"\npower = 2\nlr = [1e-3, 1e-4]\nsteps = "10k"\nwarmup = "500st"\n',
                 "polynomial:power=2,lr=1e-3,1e-4,steps=10k,warmup=500st", {}, id="groups and spans"),
    pytest.param('name = "torch.SequentialLR"\nlr = 0.1\nsteps = 1000\nmilestones = [100]\nschedulers = ['
                 '{name = "LinearLR", start_factor = 0.1, total_iters = 100}, '
                 '{name = "CosineAnnealingLR", T_max = "95%"}]\n',
                 "torch.SequentialLR:lr=0.1,steps=1000,milestones=100,schedulers=LinearLR(start_factor=0.1,"
                 "total_iters=100),CosineAnnealingLR(T_max=95%)", {}, id="nested"),
    pytest.param('name = "lambda"\nlr_lambda = "0.9 ** epoch"\nlr = 1\nsteps = 5\ninterval = "epoch"\n'
                 "steps_per_epoch = 2\nepochs = 3\n",
                 "lambda:lr_lambda=0.9**epoch,lr=1,interval=epoch,steps_per_epoch=2,epochs=3", {"steps": "6"},
                 id="an expression, per epoch"),
    pytest.param('name = "multistep"\nlr = 0.1\nsteps_per_epoch = 10\nepochs = 9\nmilestones = ["3ep", "66%"]\n'
                 'warmup = "1ep"\nwarmup_mode = "over"\nwarmup_shape = "constant"\nwarmup_start = 0.01\n',
                 "multistep:lr=0.1,steps_per_epoch=10,epochs=9,milestones=3ep,66%,warmup=1ep,warmup_mode=over,"
                 "warmup_shape=constant,warmup_start=0.01", {}, id="lrviz's own warmup"),
])
def test_a_config_and_the_same_words_are_the_same(text, words, flags, folder):
    write("run.toml", text)
    (one,) = definite("run.toml", flags)
    other = resolve(parse(words), {key: value for key, value in flags.items() if "steps=" not in words or key != "steps"})
    assert np.array_equal(curve(one), curve(other))
    assert (one.plan.total_steps, one.lrs, one.warmup, one.notes, one.warnings) == (
        other.plan.total_steps, other.lrs, other.warmup, other.notes, other.warnings)


def test_labels_tell_what_differs(folder):
    write("run.toml", '[plan]\nsteps = 9\n[defaults]\nlr = 1\n[[schedule]]\nname = "cosine"\nwarmup = 0\n'
                      '[[schedule]]\nname = "cosine"\nwarmup = 5\n')
    _, said = lrviz_command(folder, "values", "run.toml", "--at", "5")
    assert said.splitlines()[0] == "step,epoch,cosine:warmup=0,cosine:warmup=5"
    _, said = lrviz_command(folder, "values", "run.toml", "--at", "5", "--warmup", "5")
    assert said == "step,epoch,cosine,cosine\n5,,1.0,1.0\n"


# --- the commands ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [
    pytest.param(FLAT, id="TOML"),
    pytest.param('\n {"name": "cosine", "lr": 1e-3, "steps": 10, "warmup": 0}', id="JSON"),
])
def test_stdin(text, folder):
    assert lrviz_command(folder, "values", "-", "--at", "0", stdin=text) == (0, "step,epoch,cosine\n0,,0.001\n")


def test_stdin_names_itself(folder):
    assert lrviz_command(folder, "show", "-", stdin="lr = 1\n") == (
        2, f"error: stdin: name is missing\nhint: {NAME}\n")


@pytest.mark.parametrize(("words", "plain"), [
    pytest.param(["logs/run.toml"], "1.0\n1.0\n1.0\n0.1\n", id="a config, beside itself"),
    pytest.param(["plateau:patience=1,metrics=logs/loss.csv:val"], "1.0\n1.0\n1.0\n0.1\n", id="a word"),
    pytest.param(["plateau:patience=1", "--metrics", "logs/loss.csv:val"], "1.0\n1.0\n1.0\n0.1\n", id="the flag"),
    pytest.param(["plateau:patience=1,metrics=logs/loss.csv:val", "--metrics", "logs/loss.csv:train"],
                 "1.0\n1.0\n1.0\n0.1\n", id="the word over the flag"),
    pytest.param(["logs/run.toml", "--metrics", "logs/loss.csv:train"], "1.0\n1.0\n1.0\n1.0\n",
                 id="the flag over the config"),
])
def test_metrics(words, plain, folder):
    write("logs/loss.csv", "train,val\n4,1\n3,2\n2,3\n1,4\n")
    write("logs/run.toml", 'name = "plateau"\npatience = 1\nmetrics = "loss.csv:val"\n')
    assert lrviz_command(folder, "values", *words, "--lr", "1", "--steps", "4", "--plain") == (0, plain)


def test_metrics_that_are_not_there(folder):
    write("run.toml", 'name = "plateau"\npatience = 1\nmetrics = "loss.csv:val"\nlr = 1\nsteps = 3\n')
    assert lrviz_command(folder, "show", "run.toml") == (2, """\
error: run.toml:1: plateau: cannot read 'loss.csv': No such file or directory
hint: --metrics FILE.csv:column
""")


@pytest.mark.parametrize(("words", "files", "note"), [
    pytest.param(["run.toml"], ["a.png", "b.svg"], "", id="its own output"),
    pytest.param(["run.toml", "-o", "c.svg"], ["c.svg"], "", id="the option wins"),
    pytest.param(["run.toml", "linear:lr=1,steps=3", "-o", "c.svg"], ["c.svg"], "", id="with company"),
    pytest.param(["run.toml", "linear:lr=1,steps=3,warmup=0"], ["cosine-linear.png"],
                 "note: [output] counts only for a config alone, and was not used", id="with company, unused"),
])
def test_output(words, files, note, folder):
    write("run.toml", FLAT + '[output]\nfile = ["a.png", "b.svg"]\ntitle = "T"\n')
    code, said = lrviz_command(folder, "plot", *words)
    assert (code, sorted(path.name for path in folder.iterdir() if path.suffix != ".toml")) == (0, files)
    assert [line for line in said.splitlines() if "[output]" in line] == ([note] if note else [])


def test_the_title_is_the_configs_unless_an_option_says_another(folder):
    write("run.toml", FLAT + '[output]\ntitle = "Mine"\n')
    for arguments in (["run.toml", "-o", "a.png"], ["run.toml", "-o", "b.png", "--title", "Mine"],
                      ["run.toml", "-o", "c.png", "--title", "Other"]):
        assert lrviz_command(folder, "plot", *arguments)[0] == 0
    assert (folder / "a.png").read_bytes() == (folder / "b.png").read_bytes() != (folder / "c.png").read_bytes()


PLANS = TWO + '[[schedule]]\nname = "linear"\nlabel = "short"\nsteps = 30\n'


@pytest.mark.parametrize(("arguments", "said"), [
    pytest.param(["two.toml"], "total steps   steps = 100\nwarmup steps  5\n", id="one plan"),
    pytest.param(["two.toml", "--max-steps", "40"], "total steps   max_steps = 40\nwarmup steps  2\n", id="a flag wins"),
    pytest.param(["plans.toml"], """\
cosine, steps:
total steps   steps = 100
warmup steps  5

short:
total steps   steps = 30
warmup steps  1  (5% of 30 is 1: int(30 * 0.05), the exact product is 1.5)
""", id="several plans"),
    pytest.param(["plans.toml", "--get", "total"], "100\n30\n", id="bare numbers"),
    pytest.param(["two.toml", "--get", "warmup"], "5\n", id="a bare number"),
    pytest.param(["cosine:epochs=2"], """\
dataset_len      1235 (example)
batch_size       32 (example)
steps per epoch  ceil(1235 / 32) = 39
total steps      39 * 2 = 78
""", id="a spec's plan"),
])
def test_plan(arguments, said, folder):
    write("two.toml", TWO)
    write("plans.toml", PLANS)
    assert lrviz_command(folder, "plan", *arguments) == (0, said)


def test_plan_as_json(folder):
    write("two.toml", TWO)
    write("plans.toml", PLANS)
    one = json.loads(lrviz_command(folder, "plan", "two.toml", "--format", "json")[1])
    several = json.loads(lrviz_command(folder, "plan", "plans.toml", "--format", "json")[1])
    assert (one["schema"], one["total_steps"], one["assumptions"]) == (1, 100, {})
    assert [(plan["labels"], plan["total_steps"]) for plan in several["plans"]] == [
        (["cosine", "steps"], 100), (["short"], 30)]


def test_plan_assumes_nothing_for_a_config(folder):
    write("run.toml", 'name = "cosine"\nepochs = 3\n')
    assert lrviz_command(folder, "plan", "run.toml") == (2, """\
error: run.toml:1: cosine: the length of the run is unknown: dataset_len and batch_size are missing
hint: type --steps 1000, or --dataset-len and --batch-size
""")


@pytest.mark.parametrize(("word", "note"), [
    pytest.param("cosine_annealing:eta_min=0.1", "note: cosine_annealing is a flat line at 0.1\n", id="floor at the LR"),
    pytest.param("step:step_size=500", "note: step is a flat line at 0.1\n", id="a step behind the end"),
    pytest.param("constant", "", id="meant to be flat"),
    pytest.param("linear:warmup=0,steps=1", "", id="a single step"),
])
def test_a_flat_line_is_noted(word, note, folder):
    for quiet in ([], ["-q"]):
        _, said = lrviz_command(folder, "show", word, "--lr", "0.1", "--steps", "100", *quiet)
        assert "".join(line + "\n" for line in said.splitlines() if "flat" in line) == ("" if quiet else note)


# --- for all -----------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["name", "plan", "defaults", "schedule", "output", "lr", "warmup", "steps", "label", "file",
                        "schedulers", "milestones", "T_max", "metrics", "calls", "num_training_steps", "x"])
NAMES = st.sampled_from(["cosine", "constant", "torch.SequentialLR", "StepLR", "mmengine.list", "lambda", "none"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | NAMES | st.just("6%")
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
                     max_leaves=12)


@given(st.dictionaries(KEYS, TREES, min_size=1))
def test_a_config_is_read_or_refused_in_words(data):
    raw = json.dumps(data, indent=1).encode()
    try:
        job = loads(raw, "stdin")
    except ConfigError as refused:
        assert all(fault.startswith("stdin") for fault in refused.faults)  # noqa: PT017 (both ways are right)
    else:
        assert all(find(entry.spec.name) for entry in job.entries)


@given(st.dictionaries(st.text(), st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)))
def test_the_line_of_every_json_key(data):
    text = json.dumps(data, indent=1)
    rows = text.split("\n")
    found = read_text(text.encode(), "a.json", ".json")

    def keys(value, path=()):
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            yield (*path, key)
            yield from keys(value[key], (*path, key))

    for path in keys(data):
        if isinstance(path[-1], str):
            assert rows[found.lines[path] - 1].lstrip().startswith(json.dumps(path[-1]) + ":"), path_text(path)
