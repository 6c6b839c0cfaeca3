from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from configs import FLAT, TWO, write
from hypothesis import example, given
from hypothesis import strategies as st

import lrviz
from lrviz.catalogue.names import find
from lrviz.errors import ConfigError
from lrviz.inputs.config.document import read_text
from lrviz.inputs.config.job import load, loads
from lrviz.inputs.config.lines import path_text
from lrviz.inputs.words import is_config
from lrviz.notation.spec import Call, parse
from lrviz.resolve.defaults import assumed
from lrviz.resolve.resolve import resolve

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def definite(place, flags=None):
    return [resolve(*entry.under(flags or {})) for entry in load(place).entries]


def curve(one):
    return one.schedule(np.arange(one.plan.total_steps))


# --- what is read ----------------------------------------------------------------------------------------


def test_a_job():
    job = load(write("run.toml", TWO + '[output]\nfile = ["a.png", "b.svg"]\ntitle = "T"\n'))
    assert [(entry.spec, entry.defaults, str(entry.place)) for entry in job.entries] == [
        (parse("cosine"), (("steps", 100), ("lr", 1e-3), ("warmup", "5%")), "run.toml:7"),
        (
            parse("torch.MultiStepLR:label=steps,milestones=30,60%"),
            (("steps", 100), ("lr", 1e-3), ("warmup", "5%")),
            "run.toml:9",
        ),
    ]
    assert (job.output, job.title, job.path) == (("a.png", "b.svg"), "T", Path("run.toml"))
    assert lrviz.load("run.toml").entries == job.entries


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("3e-4", 3e-4, id="number"),
        pytest.param('"3e-4"', 3e-4, id="a text that is a number"),
        pytest.param('"1_000"', 1000, id="underscores"),
        pytest.param('"6%"', "6%", id="a span stays text"),
        pytest.param('["30ep", "4"]', ("30ep", 4), id="list"),
        pytest.param("[1]", (1,), id="list of one"),
        pytest.param(
            '[{name = "StepLR", step_size = "5"}]', (Call("StepLR", (("step_size", 5),)),), id="nested"
        ),
    ],
)
def test_values(written, value):
    homes = {"{": ("torch.ChainedScheduler", "schedulers"), "[": ("multistep", "milestones")}
    name, key = next((home for sign, home in homes.items() if sign in written), ("step", "step_size"))
    job = loads(f'name = "{name}"\n{key} = {written}\n'.encode(), "stdin")
    assert job.entries[0].spec.params == ((key, value),)


def test_a_label_that_looks_like_a_number_stays_text():
    assert loads(b'name = "cosine"\nlabel = "1e-3"\n', "stdin").entries[0].spec.get("label") == "1e-3"


SAME = {
    "plan": {"dataset_len": 1000, "batch_size": 10, "epochs": 2.5},
    "defaults": {"lr": [1e-3, 3e-4], "warmup": "6%"},
    "schedule": [
        {"name": "cosine", "label": "a"},
        {
            "name": "torch.SequentialLR",
            "milestones": [10],
            "warmup": 0,
            "schedulers": [{"name": "LinearLR", "total_iters": 10}, {"name": "StepLR", "step_size": "50%"}],
        },
    ],
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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("a.toml", SAME_TOML, id="TOML"),
        pytest.param("a.toml", "\ufeff" + SAME_TOML.replace("\n", "\r\n"), id="TOML of Windows"),
        pytest.param("a.yaml", yaml.safe_dump(SAME, sort_keys=False), id="YAML"),
        pytest.param(
            "a.yaml", yaml.safe_dump(SAME, sort_keys=False).replace("0.0003", "3e-4"), id="YAML 3e-4"
        ),
        pytest.param("a.txt", json.dumps(SAME), id="JSON behind another suffix"),
    ],
)
def test_all_formats_say_the_same(name, text):
    job = load(write("same.json", json.dumps(SAME)))
    other = load(write(name, text))
    assert [entry.spec for entry in other.entries] == [entry.spec for entry in job.entries]
    assert [entry.defaults for entry in other.entries] == [entry.defaults for entry in job.entries]
    assert (other.output, other.title) == (job.output, job.title)
    for a, b in zip(definite(name), definite("same.json"), strict=True):
        assert np.array_equal(curve(a), curve(b))


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
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
    ],
)
def test_what_a_word_is(word, is_one):
    write("run.toml", FLAT)
    write("odd", FLAT)
    Path("d").mkdir()
    Path("linear").mkdir()
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


@pytest.mark.parametrize(
    ("defaults", "schedule", "flags", "steps", "lr", "warmup"),
    [
        pytest.param("", "", {}, 100, 1.0, "", id="the tables"),
        pytest.param("", "lr = 2\nsteps = 50", {}, 50, 2, "", id="the schedule over the tables"),
        pytest.param(
            "", "lr = 2\nsteps = 50", {"lr": 3, "steps": "70"}, 70, 3, "", id="flags over the schedule"
        ),
        pytest.param("warmup = 5", "warmup_fraction = 0.1", {}, 100, 1.0, "0.1", id="another notation below"),
        pytest.param(
            "", "warmup_fraction = 0.1", {"warmup": "7"}, 100, 1.0, "7", id="another notation above"
        ),
        pytest.param("warmup = 5", "", {"warmup_fraction": 0.2}, 100, 1.0, "0.2", id="above the defaults"),
        pytest.param("", "epochs = 2\nsteps_per_epoch = 4", {}, 8, 1.0, "", id="another length"),
        pytest.param(
            "", "epochs = 2\nsteps_per_epoch = 4", {"steps": "9"}, 9, 1.0, "", id="another length above"
        ),
        pytest.param(
            "",
            "epochs = 2\nsteps_per_epoch = 4",
            {"max_steps": "5"},
            5,
            1.0,
            "",
            id="what was beaten does not come back",
        ),
    ],
)
def test_precedence(defaults, schedule, flags, steps, lr, warmup):
    write("run.toml", LAYERS.format(plan=100, defaults=defaults, schedule=schedule))
    (one,) = definite("run.toml", flags)
    assert (one.plan.total_steps, one.lrs, assumed(one.origins)) == (steps, (lr,), {})
    assert (one.warmup.text if one.warmup else "") == warmup


@pytest.mark.parametrize(
    ("text", "words", "flags"),
    [
        pytest.param(FLAT, "cosine:lr=1e-3,steps=10,warmup=0", {}, id="flat"),
        pytest.param(
            'name = "cosine"\nepochs = 50\nbatch_size = 32\ndataset_len = 1235\nwarmup_fraction = 0.06\n'
            "lr = 1e-3\n",
            "cosine:epochs=50,batch_size=32,dataset_len=1235,warmup_fraction=0.06,lr=1e-3",
            {},
            id="the worked example",
        ),
        pytest.param(
            'name = "cosine"\n', "cosine", {"lr": 2e-3, "steps": "1k", "warmup": "6%"}, id="flags alone"
        ),
        pytest.param(
            'name = "polynomial"\npower = 2\nlr = [1e-3, 1e-4]\nsteps = "10k"\nwarmup = "500st"\n',
            "polynomial:power=2,lr=1e-3,1e-4,steps=10k,warmup=500st",
            {},
            id="groups and spans",
        ),
        pytest.param(
            'name = "torch.SequentialLR"\nlr = 0.1\nsteps = 1000\nmilestones = [100]\nschedulers = ['
            '{name = "LinearLR", start_factor = 0.1, total_iters = 100}, '
            '{name = "CosineAnnealingLR", T_max = "95%"}]\n',
            "torch.SequentialLR:lr=0.1,steps=1000,milestones=100,schedulers=LinearLR(start_factor=0.1,"
            "total_iters=100),CosineAnnealingLR(T_max=95%)",
            {},
            id="nested",
        ),
        pytest.param(
            'name = "lambda"\nlr_lambda = "0.9 ** epoch"\ninterval = "epoch"\n'
            "steps_per_epoch = 2\nepochs = 3\n",
            "lambda:lr_lambda=0.9**epoch,interval=epoch,steps_per_epoch=2,epochs=3",
            {"lr": 2.0},
            id="an expression, per epoch",
        ),
        pytest.param(
            'name = "multistep"\nlr = 0.1\nsteps_per_epoch = 10\nepochs = 9\nmilestones = ["3ep", "66%"]\n'
            'warmup = "1ep"\nwarmup_mode = "over"\nwarmup_shape = "constant"\nwarmup_start = 0.01\n',
            "multistep:lr=0.1,steps_per_epoch=10,epochs=9,milestones=3ep,66%,warmup=1ep,warmup_mode=over,"
            "warmup_shape=constant,warmup_start=0.01",
            {},
            id="lrviz's own warmup",
        ),
    ],
)
def test_a_config_and_the_same_words_are_the_same(text, words, flags):
    write("run.toml", text)
    (one,) = definite("run.toml", flags)
    other = resolve(parse(words), flags)
    assert np.array_equal(curve(one), curve(other))
    assert (one.plan.total_steps, one.lrs, one.warmup, one.findings) == (
        other.plan.total_steps,
        other.lrs,
        other.warmup,
        other.findings,
    )


# --- for all -----------------------------------------------------------------------------------------------

KEYS = st.sampled_from(
    [
        "name",
        "plan",
        "defaults",
        "schedule",
        "output",
        "lr",
        "warmup",
        "steps",
        "label",
        "file",
        "schedulers",
        "milestones",
        "T_max",
        "metrics",
        "calls",
        "num_training_steps",
        "x",
    ]
)
NAMES = st.sampled_from(
    ["cosine", "constant", "torch.SequentialLR", "StepLR", "mmengine.list", "lambda", "none"]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | NAMES | st.just("6%")
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, TREES, min_size=1))
@example({"name": "multistep", "milestones": [[{}]]})
def test_a_config_is_read_or_refused_in_words(data):
    raw = json.dumps(data, indent=1).encode()
    try:
        job = loads(raw, "stdin")
    except ConfigError as refused:
        assert all(fault.startswith("stdin") for fault in refused.faults)  # noqa: PT017 (both ways are right)
    else:
        assert all(find(entry.spec.name) for entry in job.entries)


@pytest.mark.long
@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
        ),
    )
)
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
            assert rows[found.lines[path] - 1].lstrip().startswith(json.dumps(path[-1]) + ":"), path_text(
                path
            )


def test_a_pasted_list_of_mmengine_says_type(tmp_path):
    path = tmp_path / "run.toml"
    members = '[{type = "LinearLR", end = 5}, {type = "CosineAnnealingLR", begin = 5, end = 10}]'
    path.write_text(
        f'name = "mmengine.list"\nlr = 0.1\nepochs = 10\nsteps_per_epoch = 4\nparam_scheduler = {members}\n'
    )
    (entry,) = lrviz.load(path).entries
    words = "mmengine.list:param_scheduler=LinearLR(end=5),CosineAnnealingLR(begin=5,end=10)"
    flags = {"lr": 0.1, "epochs": 10, "steps_per_epoch": 4}
    ours, theirs = resolve(*entry.under({})), resolve(parse(words), flags)
    np.testing.assert_array_equal(ours.schedule(np.arange(40)), theirs.schedule(np.arange(40)))
