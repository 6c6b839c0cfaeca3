"""What is wrong with a config: every fault with its place, then one hint."""

from __future__ import annotations

import os

import pytest
from configs import FLAT, NAME, refusal, write

from lrviz.errors import ConfigError
from lrviz.inputs.config.job import load

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

TOML = 'TOML: warmup = "6%", texts in quotes'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", ["run.toml: empty", NAME], id="empty"),
        pytest.param("# only a comment\n", ["run.toml: empty", NAME], id="only a comment"),
        pytest.param("[plan]\nsteps = 3\n", ["run.toml: no schedule", NAME], id="no schedule"),
        pytest.param("lr = 1e-3\n", ["run.toml: name is missing", NAME], id="name is missing"),
        pytest.param('nam = "cosine"\n', ["run.toml:1: nam: unknown key", NAME], id="name misspelt"),
        pytest.param("name = 3\n", ["run.toml:1: name: expected text, got 3", NAME], id="name is no text"),
        pytest.param(
            'schedule = "cosine"\nlr = 1\n',
            ["run.toml:1: schedule: a schedule is named by name", 'name = "cosine"'],
            id="a schedule as a key",
        ),
        pytest.param(
            'name = "StepLR"\nstep = 3\n',
            ["run.toml:2: step: unknown key", "did you mean step_size?"],
            id="half the name of a parameter",
        ),
        pytest.param(
            'name = "onecycle"\nanneal_strategy = "Linear"\n',
            [
                "run.toml:2: anneal_strategy: expected one of 'cos', 'linear', got 'Linear'",
                'anneal_strategy = "linear"',
            ],
            id="a choice in capitals",
        ),
        pytest.param(
            'name = "cosin"\n',
            ["run.toml:1: name: unknown schedule 'cosin'", "did you mean cosine?"],
            id="unknown schedule",
        ),
        pytest.param(
            FLAT + "optimizr = 'sgd'\n",
            ["run.toml:5: optimizr: unknown key", "did you mean optimizer?"],
            id="unknown key",
        ),
        pytest.param(
            FLAT + "warmup_steps = 3\n",
            ["run.toml:5: warmup_steps: unknown key", "warmup says it already: leave warmup_steps out"],
            id="unknown key, of what is said",
        ),
        pytest.param(
            FLAT + "zzz = 3\n",
            ["run.toml:5: zzz: unknown key", "lrviz info transformers.cosine names its parameters"],
            id="unknown key, like nothing",
        ),
        pytest.param(
            FLAT + 'title = "x"\n',
            ["run.toml:5: title: belongs in [output]", "move it into [output]"],
            id="key of a table",
        ),
        pytest.param(
            FLAT + "[outputs]\nfile = 1\n",
            ["run.toml:5: outputs: unknown table", "did you mean output?"],
            id="unknown table",
        ),
        pytest.param(
            FLAT + "[output]\nfil = 'a'\nfile = 3\ntitle = 4\n",
            [
                "run.toml:6: output.fil: unknown key",
                "run.toml:7: output.file: expected text or a list of texts, got 3",
                "run.toml:8: output.title: expected text, got 4",
                (
                    "line 6: file says it already: leave fil out; "
                    'line 7: file = "lr.svg"; line 8: title = "A title"'
                ),
            ],
            id="output",
        ),
        pytest.param(
            '[[schedules]]\nname = "cosine"\n',
            ["run.toml:1: schedules: unknown table", "did you mean schedule?"],
            id="schedules",
        ),
        pytest.param(
            '[schedule]\nname = "cosine"\n',
            [
                "run.toml:1: schedule: expected a list of tables, got a table",
                "head each schedule with [[schedule]]",
            ],
            id="one schedule in a table",
        ),
        pytest.param(
            'schedule = ["cosine"]\n',
            ["run.toml:1: schedule[0]: expected a table, got 'cosine'", NAME],
            id="schedule is no table",
        ),
        pytest.param(
            'name = "cosine"\nlrr = 1\n[[schedule]]\nname = "linear"\n',
            [
                "run.toml:1: name: outside a table, and there is [[schedule]]",
                "run.toml:2: lrr: unknown key",
                (
                    "line 1: with [[schedule]], every key stands in a table: [plan], [defaults] or "
                    "the schedule's own; line 2: it has plan, defaults, output, schedule, check, sweep"
                ),
            ],
            id="flat and listed",
        ),
        pytest.param(
            FLAT + 'trainer = "lightening"\nwarmup_mode = "frond"\n',
            [
                (
                    "run.toml:5: trainer: expected one of none, transformers, accelerate, lightning, "
                    "deepspeed, timm, torchtune, mmengine, keras, got 'lightening'"
                ),
                "run.toml:6: warmup_mode: expected one of front, over, got 'frond'",
                'line 5: trainer = "lightning"; line 6: warmup_mode = "front"',
            ],
            id="words that are one of a few",
        ),
        pytest.param(
            "plan = 3\n" + FLAT,
            ["run.toml:1: plan: expected a table, got 3", "head it with [plan]"],
            id="plan is no table",
        ),
        pytest.param(
            "[plan]\nlr = 1\n[defaults]\nsteps = 1\nlabel = 'x'\n[[schedule]]\nname = 'cosine'\n",
            [
                "run.toml:2: plan.lr: belongs in [defaults]",
                "run.toml:4: defaults.steps: belongs in [plan]",
                "run.toml:5: defaults.label: unknown key",
                (
                    "line 2: move it into [defaults]; line 4: move it into [plan]; line 5: it has "
                    "warmup, warmup_fraction, lr, scale_lr, base_batch_size, groups, layer_decay, "
                    "layers, min_lr, warmup_mode, warmup_shape, warmup_start, interval, calls, pace, lead, "
                    "optimizer, dtype, metrics, metric"
                ),
            ],
            id="keys in the wrong table",
        ),
        pytest.param(
            'name = "cosine"\nlr = true\nsteps = "many"\nepochs = true\nwarmup = "6"\ncalls = 1.5\n'
            'label = 3\ndrop_last = 1\nwarmup_fraction = "x"\nbatch_size = 1.5\n',
            [
                "run.toml:2: lr: expected a number from 0 on, or a list of them, got true",
                "run.toml:3: steps: expected a whole number above 0, got 'many'",
                "run.toml:4: epochs: expected a number above 0, got true",
                "run.toml:6: calls: expected a whole number from 1 to 65536, got 1.5",
                "run.toml:7: label: expected text, got 3",
                "run.toml:8: drop_last: expected true or false, got 1",
                "run.toml:9: warmup_fraction: expected a number from 0 on and below 1, got 'x'",
                "run.toml:10: batch_size: expected a whole number above 0, got 1.5",
                (
                    "line 2: lr = 1e-3; line 3, 6, 10: type it as 1000, 10_000, 350k or 1e6; line 4: "
                    'epochs = 50; line 7: label = "3"; line 8: drop_last = true; line 9: '
                    "warmup_fraction = 0.06"
                ),
            ],
            id="types of run keys, all at once",
        ),
        pytest.param(
            'name = "cosine"\nlr = []\nmin_lr = {name = "x"}\nsteps = 2020-01-01\nwarmup = [1, 2]\n',
            [
                "run.toml:2: lr: expected a number from 0 on, or a list of them, got []",
                "run.toml:3: min_lr: expected a number from 0 on, or a percent of the peak, got a table",
                "run.toml:4: steps: expected a whole number above 0, got 2020-01-01",
                "run.toml:5: warmup: expected a duration (100, '6%', '2ep'), got [1, 2]",
                (
                    "line 2: lr = 1e-3; line 3: min_lr = 1e-5; line 4: steps = 1000; "
                    "line 5: several values stand under [sweep]: warmup = [1, 2]"
                ),
            ],
            id="what no key takes",
        ),
        pytest.param(
            'name = "torch.MultiStepLR"\nmilestones = ["30e", 1]\ngamma = "x"\n',
            [
                "run.toml:2: milestones: expected a list of durations (100, '6%', '2ep'), got ['30e', 1]",
                "run.toml:3: gamma: expected a number, got 'x'",
                "line 2: milestones = [30, 80]; line 3: gamma = 0.1",
            ],
            id="types of parameters",
        ),
        pytest.param(
            'name = "wsd"\ndecay_type = "cubic"\nnum_decay_steps = true\n',
            [
                "run.toml:2: decay_type: expected one of 'linear', 'cosine', '1-sqrt', got 'cubic'",
                "run.toml:3: num_decay_steps: expected a duration (100, '6%', '2ep'), got true",
                'line 2: decay_type = "cosine"; line 3: num_decay_steps = 20',
            ],
            id="choices",
        ),
        pytest.param(
            'name = "torch.SequentialLR"\nmilestones = [1]\nschedulers = [{name = "LinearL"}, 3,\n'
            '  {name = "StepLR", step_siz = 3, lr = 1}, {step_size = 2}]\n',
            [
                "run.toml:3: schedulers[0].name: unknown schedule 'torch.LinearL'",
                "run.toml:3: schedulers[1]: expected a table, got 3",
                "run.toml:3: schedulers[2].step_siz: unknown key",
                "run.toml:3: schedulers[2].lr: belongs in [defaults]",
                "run.toml:3: schedulers[3]: name is missing",
                (
                    'line 3: did you mean torch.LinearLR?; line 3: name = "cosine" names a schedule; '
                    "line 3: did you mean step_size?; line 3: move it into [defaults]"
                ),
            ],
            id="nested schedules",
        ),
        pytest.param(
            'name = "torch.StepLR"\ngroups = [{label = "body", scale = 0.1}, {label = "head", foo = 1e-3}]\n',
            [
                "run.toml:2: groups: group 'head' of torch.StepLR has no key 'foo'",
                "it may have start, scale, lr",
            ],
            id="key of a group",
        ),
        pytest.param(
            '[defaults]\ngroups = [{label = "body", scale = "x"}]\n[[schedule]]\nname = "cosine"\n',
            [
                "run.toml:2: defaults.groups: group 'body': scale must be a number from 0 on, got x",
                'groups = "backbone(scale=0.1),head(lr=1e-3)"',
            ],
            id="value in a group",
        ),
        pytest.param(
            FLAT + "groups = [{scale = 0.1}]\n",
            ["run.toml:5: groups: a group has no label", 'groups = "backbone(scale=0.1),head(lr=1e-3)"'],
            id="group without a label",
        ),
        pytest.param(
            FLAT + 'metric = {name = "noisy", seed = "x"}\n',
            [
                "run.toml:5: metric: metric=noisy: seed must be a whole number from 0 on, got x",
                "seed=0",
            ],
            id="value in a metric",
        ),
        pytest.param(
            'phase = [{name = "LinearL", total_iters = "x", min_lr = "y", for = 10}, {name = "linear"}]\n',
            ["run.toml:1: phase[0].name: unknown schedule 'LinearL'", "did you mean LinearLR?"],
            id="unknown phase, its parameters unjudged",
        ),
        pytest.param(
            'name = "cosin"\nlrr = 3\nmin_lr = "y"\n',
            ["run.toml:1: name: unknown schedule 'cosin'", "did you mean cosine?"],
            id="unknown schedule, its parameters unjudged",
        ),
        pytest.param(
            '[[schedule]]\nname = "cosine"\n\n[[schedule]]\nname = "linear"\nwarmupp = 1\n'
            "[[schedule]]\nlr = 1\n",
            [
                "run.toml:6: schedule[1].warmupp: unknown key",
                "run.toml:7: schedule[2]: name is missing",
                'line 6: did you mean warmup?; line 7: name = "cosine" names a schedule',
            ],
            id="places in a list",
        ),
        pytest.param(
            'name = "cosine"\nlr 3\n',
            ["run.toml:2: expected '=' after a key in a key/value pair (column 4)", TOML],
            id="TOML syntax",
        ),
        pytest.param(
            "steps = 9\n[plan]\n[plan]\n",
            ["run.toml:3: plan: given before", "keep one of them"],
            id="TOML, twice",
        ),
        pytest.param(
            "name = cosine\n", ["run.toml:1: invalid value: cosine (column 8)", TOML], id="TOML, no quotes"
        ),
        pytest.param(
            'name = "cosine', ["run.toml:1: unterminated string (column 15)", TOML], id="TOML, the end"
        ),
        pytest.param(
            b'name = "cosine"\nlabel = "\xff"\n',
            ["run.toml:2: not UTF-8 text", "save it as UTF-8"],
            id="not UTF-8",
        ),
    ],
)
def test_faults(text, said):
    got = refusal(text)
    assert got == said


TABLES = {
    "plan": "[plan]\nstep = 3\n",
    "defaults": "[defaults]\nwarmupp = 3\n",
    "output": "[output]\nfil = 3\n",
    "schedule": '[[schedule]]\nname = "cosin"\n',
    "unknown": "[outputs]\nfile = 3\n",
}


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(("plan", "schedule", "unknown"), id="as it is read"),
        pytest.param(("unknown", "output", "schedule", "defaults", "plan"), id="the other way round"),
        pytest.param(("schedule", "plan", "unknown", "defaults", "output"), id="mixed"),
    ],
)
def test_faults_stand_in_the_order_of_lines(order):
    *faults, _ = refusal("".join(TABLES[name] for name in order))
    lines = [int(fault.split(":")[1]) for fault in faults if fault[9].isdigit()]
    assert len(lines) >= len(order)
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        pytest.param("rum.toml", ["rum.toml: no such file", "did you mean run.toml?"], id="missing"),
        pytest.param(
            "zzzzz.json",
            ["zzzzz.json: no such file", "name it as seen from the folder you are in"],
            id="missing, like nothing",
        ),
        pytest.param(
            "none/run.toml",
            ["none/run.toml: no such file", "name it as seen from the folder you are in"],
            id="missing folder",
        ),
        pytest.param("d", ["d: a folder, not a config", "name a file: d/in.toml"], id="a folder"),
    ],
)
def test_files_that_are_none(place, said):
    write("run.toml", FLAT)
    write("d/in.toml", FLAT)
    with pytest.raises(ConfigError) as caught:
        load(place)
    assert [*caught.value.faults, caught.value.hint] == said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read():
    write("run.toml", FLAT).chmod(0)
    with pytest.raises(ConfigError, match=r"^run\.toml: permission denied$"):
        load("run.toml")


def test_keys_given_again_are_named_ten_times():
    *faults, more, hint = refusal("name: cosine\n" + "lr: 1\n" * 13, "run.yaml")
    assert (len(faults), more, hint) == (10, "run.yaml: and 2 more", "keep one of them")
