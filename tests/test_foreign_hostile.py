"""Strangers' files with anything where a number should stand: a result, or a refusal with a hint."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest
from commands import FOREIGN, run

from lrviz.curves.runs import Flags, runs_of
from lrviz.errors import LrvizError
from lrviz.inputs.config.document import read_text
from lrviz.inputs.foreign.foreign_run import ForeignRun
from lrviz.inputs.words import SUFFIXES
from lrviz.notation.origin import Origin

HOSTILE = (None, [], {}, [[{}]], "text", -1, 0, 1e308, 2**70, 10**400)
EVERY = 61
"""One of so many leaves is changed: all of them take minutes."""


def leaves(value, path=()):
    """The paths of all that stands in a file: tables, lists and what is in them."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from leaves(inner, (*path, key))


def changed(value, path, hostile):
    """The same with another value at a path."""
    if not path:
        return hostile
    key, *rest = path
    if isinstance(value, list):
        return [changed(one, rest, hostile) if at == key else one for at, one in enumerate(value)]
    return {**value, key: changed(value[key], rest, hostile)}


def options_of(words):
    """The options of a case as ``runs_of`` has them: keys, and what ``--given`` tells."""
    pairs = list(zip(words[::2], words[1::2], strict=True))
    given = dict(value.split("=", 1) for option, value in pairs if option == "--given")
    flags = {option[2:].replace("-", "_"): value for option, value in pairs if option != "--given"}
    return flags, given


def files_of_data():
    """Every file of data that a case reads, and the options of its last case."""
    for cases in sorted(FOREIGN.glob("*/cases.json")):
        read = json.loads(cases.read_text()).values()
        files = {one["file"]: one["options"] for one in read if Path(one["file"]).suffix in SUFFIXES}
        yield from ((cases.parent / file, options) for file, options in files.items())


def mutations():
    """Every leaf of every such file, with each hostile value in its place."""
    for path, options in files_of_data():
        data = read_text(path.read_bytes(), path.name, path.suffix, lenient=True).data
        for leaf in leaves(data):
            for hostile in HOSTILE:
                yield path, options, leaf, hostile, data


def written(value, language):
    """Changed data as a file: JSON, which YAML holds too, or TOML, which has no null."""
    if language != "toml":
        return json.dumps(value)
    return "\n".join(f"{json.dumps(key)} = {in_toml(one)}" for key, one in value.items() if one is not None)


def in_toml(value):
    """A value of TOML in one line."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {in_toml(one)}" for key, one in value.items() if one is not None)
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(in_toml(one) for one in value if one is not None)}]"
    return json.dumps(value)


def refusal(path, options, data):
    """Why a file is refused that holds this in the place of a case's; None where it is not."""
    language = SUFFIXES[path.suffix]
    file = ForeignRun(written(data, language).encode(), path.name, path.suffix, path.parent)
    flags, given = options_of(options)
    origins = {key: Origin("option", key) for key in flags}
    try:
        runs_of([file], Flags(flags, origins, given))
    except LrvizError as error:
        return error
    return None


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "options", "leaf", "hostile", "data"),
    [
        pytest.param(*one, id=f"{one[0].parent.name}-{one[0].name}-{'.'.join(map(str, one[2]))}={one[3]}")
        for one in islice(mutations(), 0, None, EVERY)
    ],
)
def test_anything_in_the_place_of_a_value_is_read_or_refused_with_a_hint(path, options, leaf, hostile, data):
    error = refusal(path, options, changed(data, leaf, hostile))
    assert error is None or error.hint


@pytest.mark.long
def test_most_of_what_is_changed_is_read_where_it_is_not():
    cases = {path: (options, data) for path, options, _, _, data in mutations()}
    refused = [path.name for path, (options, data) in cases.items() if refusal(path, options, data)]
    assert len(refused) < len(cases) / 2


TABLES = {
    "axolotl/one_cycle.yaml": ("lr_scheduler_kwargs", ("--dataset-len", "1600", "--world-size", "1")),
    "deepspeed/decay.json": ("scheduler.params", ("--given", "micro_batches=241")),
    "espnet/steplr.yaml": ("scheduler_conf", ()),
    "keras/cosine.json": ("learning_rate.config", ("--steps", "1200")),
    "lightning_cli/cosine_epochs.yaml": (
        "lr_scheduler.init_args",
        ("--dataset-len", "1000", "--world-size", "1"),
    ),
    "llm_foundry/ba_constant.yaml": ("scheduler", ()),
    "nemo_rl/sft_cosine.yaml": ("policy.scheduler.kwargs", ("--dataset-len", "1000")),
    "speechbrain/warm_cool.yaml": ("lr_scheduler", ()),
}
"""Files in which the arguments of a schedule's class stand as a table, and what else their run needs."""


@pytest.mark.parametrize("key", ["steps", "calls", "grad_accum", "groups", "self"])
@pytest.mark.parametrize(("file", "table", "options"), [pytest.param(k, *v, id=k) for k, v in TABLES.items()])
def test_a_key_of_the_run_among_the_arguments_of_a_schedule_is_one_it_does_not_take(
    file, table, options, key
):
    path = FOREIGN / file
    data = read_text(path.read_bytes(), path.name, path.suffix, lenient=True).data
    place = table.split(".")
    error = refusal(path, options, changed(data, place, {**within(data, place), key: 7}))
    assert error.message.endswith(f"takes no {key}: it stops")


def within(value, path):
    """What stands at a path."""
    return within(value[path[0]], path[1:]) if path else value


DIGITS = "1" * 5000
"""More than Python reads as a number, or anybody counts to."""
TUNE = "train.py --output_dir o --max_steps 9 --per_device_train_batch_size 2 --learning_rate"


@pytest.mark.parametrize("digits", [DIGITS, "²", "٣"])
@pytest.mark.parametrize(
    "line",
    [
        pytest.param("python {0} 1e-3 --lr_scheduler_kwargs num_cycles={1}", id="a word that is no table"),
        pytest.param('python {0} 1e-3 --lr_scheduler_kwargs {{"num_cycles":"{1}"}}', id="a text in a table"),
        pytest.param("set -- a b\npython {0} ${{{1}}}", id="a word of the script"),
        pytest.param("shift {1}\npython {0} 1e-3", id="words left out"),
        pytest.param(
            "accelerate launch --use_deepspeed --gradient_accumulation_steps {1} {0} 1e-3", id="a launcher"
        ),
        pytest.param("distributed_train.sh {1} /data --sched cosine --lr 0.1", id="processes of a script"),
        pytest.param("python tools/train.py mm.py --cfg-options param_scheduler.{1}.end=4", id="an item"),
        pytest.param("swift sft --model q --dataset a#{1} --learning_rate 1e-3", id="rows of a set"),
        pytest.param("python {0} 1e-$(({1}*2))", id="a sum"),
    ],
)
def test_digits_that_are_no_number_are_never_taken_for_a_fault_of_lrviz(line, digits, tmp_path):
    (tmp_path / "mm.py").write_text(
        "train_cfg = dict(max_iters=9)\nparam_scheduler = [dict(type='StepLR')]\n"
    )
    (tmp_path / "a.sh").write_text(line.format(TUNE, digits))
    done = run(tmp_path, "plan", "a.sh", "--batches-per-epoch", "9")
    assert done.returncode in (0, 2)
    assert "a bug" not in done.stderr


def chain(length):
    """Files that each name the next one below it."""
    return {f"c{n}.yml": f"base_config: c{n + 1}.yml\nlearning_rate: 1e-3\n" for n in range(length)}


AXOLOTL = "base_model: x\nnum_epochs: 1\nmicro_batch_size: 1\nlearning_rate: 1e-4\n"
BRAIN = "a: !new:speechbrain.nnet.schedulers.StepScheduler\n initial_value: 0.1\nnumber_of_epochs: "
COOL = (
    "number_of_epochs: 2\nlr_annealing: !new:speechbrain.nnet.schedulers.WarmCoolDecayLRSchedule\n  lr: 0.1\n"
)
HELD = (
    "max_epoch: 1\nnum_iters_per_epoch: 9\noptim_conf: {lr: 0.2}\nscheduler: exponentialdecaywarmup\n"
    "scheduler_conf: {max_lr: 0.1, min_lr: 0.01, total_steps: 9, warmup_steps: 3}"
)
RUN = ("--trainer", "transformers", "--", "python", "a.py", "--learning_rate", "1e-3", "--max_steps", "9")


@pytest.mark.parametrize(
    ("files", "words", "message"),
    [
        pytest.param(chain(16), ("c0.yml", "--trainer", "maxtext"), "more than 10 files", id="deep"),
        pytest.param(
            {"a.yml": "base_config: a.yml"}, ("a.yml", "--trainer", "maxtext"), "itself", id="itself"
        ),
        pytest.param(
            {"a.yml": "base_config: b.yml", "b.yml": "base_config: ./a.yml"},
            ("a.yml", "--trainer", "maxtext"),
            "leads back",
            id="in a circle",
        ),
        pytest.param(
            {"a.yaml": f"{AXOLOTL}lr_groups: [{{name: q, lr: fast}}]"},
            ("a.yaml", "--dataset-len", "9", "--world-size", "1"),
            "a.yaml:5: lr_groups.lr='fast'",
            id="a group's LR that is none",
        ),
        pytest.param(
            {"a.yaml": f"{AXOLOTL}max_steps: {'1' * 400}"},
            ("a.yaml",),
            "max_steps=a number of over 308 digits",
            id="more steps than a float holds",
        ),
        pytest.param({"a.yaml": "x: 1"}, ("a.yaml", "--trainer", "unsloth"), "Python file", id="no call"),
        pytest.param(
            {"a.yaml": "x: 1"}, ("a.yaml", "--trainer", "sentence_transformers"), "Python file", id="no fit"
        ),
        pytest.param({}, (*RUN, "--deepspeed", "{" + "x" * 300), "--deepspeed", id="JSON that is none"),
        pytest.param(
            {"a.yaml": f"{BRAIN}{10**11}"},
            ("a.yaml", "--batches-per-epoch", "1"),
            "a.yaml:3: 100000000000 epochs",
            id="more epochs than anybody lists",
        ),
        pytest.param(
            {"a.yaml": f"{BRAIN}!ref {'-' * 60000}1"},
            ("a.yaml", "--batches-per-epoch", "1"),
            "a.yaml",
            id="a reference nested too deeply",
        ),
        pytest.param(
            {"a.py": "from fastai.vision.all import *\nlearn = f()\nlearn.fit_sgdr(10**11, 1)"},
            ("a.py", "--trainer", "fastai", "--batches-per-epoch", "9"),
            "fit_sgdr with 100000000000 cycles",
            id="cycles without end",
        ),
        pytest.param(
            {"a.sh": "train.py x --sched tanh --lr 0.1 --lr-cycle-mul 2 --lr-cycle-limit 99999999999"},
            ("a.sh", "--trainer", "timm", "--batches-per-epoch", "9"),
            "cannot compute",
            id="cycles beyond float64",
        ),
        pytest.param(
            {"a.sh": "train.py x --sched tanh --lr 0.1 --lr-cycle-mul 1e400 --lr-cycle-limit 2"},
            ("a.sh", "--trainer", "timm", "--batches-per-epoch", "9"),
            "a.sh:1: lr_cycle_mul",
            id="cycles that grow without end",
        ),
        pytest.param(
            {"a.yaml": HELD.replace("min_lr: 0.01", "min_lr: 0")},
            ("a.yaml",),
            "min_lr must be greater than 0",
            id="a decay to 0 that is exponential",
        ),
        pytest.param(
            {"a.yaml": HELD.replace("max_lr: 0.1", "max_lr: -1")},
            ("a.yaml",),
            "lr must be a number from 0 on",
            id="a decay from below 0 that is exponential",
        ),
        pytest.param(
            {"a.yaml": AXOLOTL.replace("num_epochs: 1", "num_epochs: 0")},
            ("a.yaml", "--dataset-len", "9", "--world-size", "1"),
            "num_epochs=0 makes no update",
            id="no epoch",
        ),
        pytest.param(
            {"a.yaml": f"{BRAIN}'nan'"},
            ("a.yaml", "--batches-per-epoch", "9"),
            "number_of_epochs='nan'",
            id="epochs nan",
        ),
        pytest.param(
            {"a.yaml": f"{COOL}  cooldown: 'nan'"},
            ("a.yaml", "--batches-per-epoch", "9"),
            "cooldown",
            id="a duration nan",
        ),
        pytest.param({"a.sh": "a=(" * 3000}, ("a.sh",), "a.sh:1: an array", id="arrays nested too deeply"),
        pytest.param(
            {"a.sh": "python -m verl.trainer.main_ppo data.train_batch_size=0"},
            ("a.sh", "--dataset-len", "9"),
            "a.sh:1: data.train_batch_size='0'",
            id="batches without a row",
        ),
        pytest.param(
            {"a.sh": "python -m verl.trainer.sft_trainer data.train_batch_size=4"},
            ("a.sh", "--dataset-len", "90", "--world-size", "8"),
            "a batch of 4 leaves some of 8 processes without a row",
            id="processes without a row",
        ),
        pytest.param(
            {"a.sh": "python -m scripts.chat_rl --examples-per-step 0"},
            ("a.sh",),
            "a.sh:1: examples_per_step='0'",
            id="steps without an example",
        ),
        pytest.param(
            {"a.sh": "train.py --num-rollout 9 --rollout-batch-size 2 --num-steps-per-rollout 0"},
            ("a.sh", "--trainer", "slime"),
            "a.sh:1: num_steps_per_rollout='0'",
            id="rollouts without a step",
        ),
        pytest.param(
            {"a.yaml": "policy: {train_global_batch_size: 0}\nsft: {max_num_steps: 9}"},
            ("a.yaml", "--dataset-len", "9"),
            "a.yaml:1: policy.train_global_batch_size=0",
            id="steps without a sample",
        ),
        pytest.param(
            {"a.py": "train = dict(max_iter=9)\nlr_multiplier = L(A)(b=L(C)(d=1))\noptimizer.lr = 0.1"},
            ("a.py",),
            "a LazyConfig is not read",
            id="objects of Python",
        ),
        pytest.param(
            {"a.py": "from .a import lr_multiplier_3x as lr_multiplier\nfrom .b import model, train\n"},
            ("a.py",),
            "a LazyConfig is not read",
            id="objects of Python that are imported",
        ),
        pytest.param(
            {"a.sh": "python -m verl.trainer.main_ppo --config-name=mine data.train_batch_size=512"},
            ("a.sh",),
            "cannot read 'mine.yaml'",
            id="a question that a file that is not there would answer",
        ),
        pytest.param({}, ("LambdaLR(o, lambda a, b: a)", "--steps", "9"), "one argument", id="two arguments"),
    ],
)
def test_what_leads_nowhere_is_refused_at_its_place(files, words, message, tmp_path):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = run(tmp_path, "show", *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "hint: " in done.stderr


def test_a_group_of_axolotl_has_an_lr_in_text_too(tmp_path):
    (tmp_path / "a.yaml").write_text(f"{AXOLOTL}lr_groups: [{{name: q, modules: [q_proj], lr: 1e-5}}]")
    words = ["a.yaml", "--dataset-len", "9", "--world-size", "1", "--at", "0", "--plain", "-q"]
    assert run(tmp_path, "values", *words).stdout.split() == ["0.0001", "1e-05"]


def test_a_config_of_deepspeed_may_stand_in_the_command_itself(tmp_path):
    params = {"warmup_num_steps": 3, "warmup_min_lr": 0, "warmup_max_lr": 1e-3, "warmup_type": "linear"}
    table = {"scheduler": {"type": "WarmupLR", "params": params}, "more": "x" * 300}
    words = ["--at", "0,1,3", "--plain", "-q", *RUN, "--warmup_steps", "3", "--deepspeed", json.dumps(table)]
    found = [float(text) for text in run(tmp_path, "values", *words).stdout.split()]
    assert found == pytest.approx([0, 0, 1e-3 * 2 / 3])  # the Trainer's own linear is at 1e-3 / 3 in step 1


@pytest.mark.parametrize("name", ["x" * 300, "/etc/ds.json", "~/ds.json", "https://a.b/ds.json"])
def test_a_config_of_deepspeed_that_is_not_beside_the_command_is_told(name, tmp_path):
    done = run(tmp_path, "plan", *RUN, "--deepspeed", name)
    assert done.returncode == 2
    assert "which is not here" in done.stderr
    assert "--given deepspeed=VALUE" in done.stderr


@pytest.mark.parametrize("name", ["one_after_another.json", "composable.json"])
@pytest.mark.parametrize("hostile", [0, "x", [], {}, [0], ["x"], [[]]], ids=json.dumps)
def test_lists_of_schedulers_and_stages_may_hold_anything(name, hostile):
    """The lists of olmo-core's composed schedulers, each in turn another thing."""
    path, options = next(one for one in files_of_data() if one[0].name == name)
    data = json.loads(path.read_text())
    within = data["train_module"]["scheduler"]
    for key in [key for key, value in within.items() if isinstance(value, list)]:
        changed_one = {
            **data,
            "train_module": {**data["train_module"], "scheduler": {**within, key: hostile}},
        }
        error = refusal(path, options, changed_one)
        assert error is None or error.hint
