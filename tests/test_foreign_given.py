"""What a trainer's file leaves open, and who tells it: hints that work when typed, and keys misspelt."""

from __future__ import annotations

import json
import re
import shlex

import pytest
from commands import run
from configs import write
from trained import FIXED, FOUNDRY, MMENGINE, SCRIPT, script

import lrviz

PYTHON = """\
import os
from transformers import TrainingArguments
n = 8 * int(os.environ["X"])
{before}
def main(args):
    TrainingArguments(output_dir="o", per_device_train_batch_size={batch}, learning_rate={lr}, {more})
"""


PAIRS = "python -m espnet2.bin.asr_train --optim_conf lr=$LR --num_iters_per_epoch 100 --max_epoch 1\n"
FIT = "python run_clm.py --output_dir o --do_train --per_device_train_batch_size 8"
ARRAY = f'ARGS=(--max_steps 100 --learning_rate $(pick_lr))\n{FIT} "${{ARGS[@]}}"\n'
WORDS = f'ARGS="--max_steps 100 --learning_rate `pick_lr`"\n{FIT} $ARGS\n'


def python(batch="8", lr="1e-3", more="max_steps=100", before=""):
    return PYTHON.format(batch=batch, lr=lr, more=more, before=before)


@pytest.mark.parametrize(
    ("name", "text", "values", "peak", "total"),
    [
        pytest.param("a.py", python(lr="LR"), ["1e-3"], 1e-3, 100, id="a name nobody assigns"),
        pytest.param("a.py", python(lr="LR * 2"), ["5e-4"], 1e-3, 100, id="arithmetic with it"),
        pytest.param("a.py", python(lr="args.lr"), ["1e-3"], 1e-3, 100, id="a part of an argument"),
        pytest.param("a.py", python(lr="args['lr']"), ["1e-3"], 1e-3, 100, id="an item of one"),
        pytest.param("a.py", python(lr="float(input())"), ["1e-3"], 1e-3, 100, id="a call"),
        pytest.param("a.py", python(lr="max(lr, 2e-4)"), ["1e-3"], 1e-3, 100, id="a function of it"),
        pytest.param(
            "a.py",
            python(more="max_steps=math.ceil(len(loader) * 3 * 0.1)", before="import math"),
            ["100"],
            1e-3,
            30,
            id="a length",
        ),
        pytest.param(
            "a.py",
            python("n // 4", more="num_train_epochs=1"),
            ["16"],
            1e-3,
            200,
            id="arithmetic with a call's",
        ),
        pytest.param(
            "a.py",
            python(lr="lr", before="lr = 1\nif n:\n    lr = 2"),
            ["1e-3"],
            1e-3,
            100,
            id="a name set in an if",
        ),
        pytest.param(
            "m.py", MMENGINE.format(epochs="max_epochs"), ["2"], 0.1, 200, id="tables of a file in Python"
        ),
        pytest.param("a.yaml", FOUNDRY.format("${oc.env:LR}"), ["1e-3"], 1e-3, 100, id="the environment"),
        pytest.param(
            "a.yaml", FOUNDRY.format("${opt.lr}"), ["1e-3"], 1e-3, 100, id="a key that is not there"
        ),
        pytest.param("a.yaml", FOUNDRY.format("${x}e-3"), ["1"], 1e-3, 100, id="a part of a text"),
        pytest.param("a.yaml", FOUNDRY.format("${mul:${x},2}"), ["1e-3"], 1e-3, 100, id="a resolver"),
        pytest.param("a.yaml", FOUNDRY.format("${.x}e-3"), ["1"], 1e-3, 100, id="a key beside it"),
        pytest.param("a.yaml", FOUNDRY.format("???"), ["1e-3"], 1e-3, 100, id="still to be said"),
        pytest.param(
            "a.sh", SCRIPT.format(gpus=1, more=FIXED).replace("LR=2e-5", ""), ["1e-3"], 1e-3, 100, id="$NAME"
        ),
        pytest.param(
            "a.sh",
            SCRIPT.format(gpus=1, more=FIXED).replace("$LR", "$(pick_lr)"),
            ["1e-3"],
            1e-3,
            100,
            id="$(command)",
        ),
        pytest.param("a.sh", ARRAY, ["1e-3"], 1e-3, 100, id="a word of an array"),
        pytest.param("a.sh", WORDS, ["1e-3"], 1e-3, 100, id="a word of a variable"),
        pytest.param("a.sh", PAIRS, ["2e-3"], 2e-3, 100, id="a pair behind an option"),
    ],
)
def test_the_hint_gives_what_it_leaves_open(tmp_path, name, text, values, peak, total):
    """As long as it asks, its hint is typed with the next values."""
    write(tmp_path / name, text)
    options = ["--batches-per-epoch", "100"] if name == "m.py" else []
    options += ["--dataset-len", "800", "--world-size", "1"] if "num_train_epochs" in text else []
    left = list(values)
    while (done := run(tmp_path, "show", name, *options, "--format", "json")).returncode and left:
        hint = done.stderr.splitlines()[-1].removeprefix("hint: give ")
        asked = " ".join(shlex.split(hint)).split("--given ")[1:]
        assert asked, done.stderr
        options += [word for one in asked for word in ("--given", one.strip().replace("VALUE", left.pop(0)))]
    (curve,) = json.loads(done.stdout)["curves"]
    assert (curve["peak"], curve["steps"], left) == (peak, total, [])
    assert "changes nothing" not in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("python train.py --output_dir o --max_steps 100 $(cat args)", id="behind the others"),
        pytest.param("ARGS=(--output_dir o $(cat args))\npython train.py ${ARGS[@]}", id="of an array"),
    ],
)
def test_words_that_no_name_stands_for_are_to_be_written_there(tmp_path, line):
    write(tmp_path / "a.sh", line)
    done = run(tmp_path, "plan", "a.sh", "--trainer", "transformers")
    assert (done.returncode, "the words of $(cat args) in its place" in done.stderr) == (2, True), done.stderr


def test_a_name_that_is_given_beats_the_file(tmp_path):
    write(tmp_path / "a.py", MMENGINE.format(epochs="max_epochs"))
    options = ["--batches-per-epoch", "100", "--given", "max_epochs=2", "--get", "total"]
    assert run(tmp_path, "plan", "a.py", *options).stdout == "200\n"


@pytest.mark.parametrize(
    ("more", "is_idle"),
    [
        pytest.param(FIXED, True, id="a word of the script"),
        pytest.param(f"{FIXED} --dataset $output_dir", False, id="a variable of it"),
    ],
)
def test_what_is_given_and_never_looked_for_is_said(tmp_path, more, is_idle):
    done = run(tmp_path, "show", script(tmp_path, more), "--given", "output_dir=there")
    assert ("output_dir changes nothing" in done.stderr) is is_idle


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["show", "cosine", "--given", "x=1"], id="beside a spec"),
        pytest.param(["plan", "--given", "x=1", "--steps", "10"], id="a plan of no file"),
        pytest.param(["plan", "--seq-len", "8", "--steps", "10"], id="tokens"),
        pytest.param(["show", "sft.sh", "--given", "LR=1", "--given", "LR=2"], id="twice"),
        pytest.param(
            ["show", "sft.sh", "--seq-len", "1", "--given", "seq_len=2"], id="twice, once as an option"
        ),
    ],
)
def test_what_is_given_to_nobody_or_twice_is_refused(tmp_path, words):
    script(tmp_path)
    done = run(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "given" in done.stderr.splitlines()[0]
    assert "hint: " in done.stderr


@pytest.mark.parametrize(
    ("spec", "given", "error"),
    [
        pytest.param("cosine:lr=1,steps=10", {"x": 1}, lrviz.PlanError, id="no file"),
        pytest.param("cosine:lr=1,steps=10", "x", lrviz.ArgumentError, id="no dict"),
    ],
)
def test_python_refuses_the_same(spec, given, error):
    with pytest.raises(error, match="given"):
        lrviz.evaluate(spec, given=given)


def test_steps_that_are_unknown_are_all_that_is_asked_of_the_length(tmp_path):
    name = script(tmp_path, "--max_steps $STEPS")
    done = run(tmp_path, "show", name)
    assert done.stderr.splitlines()[1] == "hint: give --given STEPS=VALUE"
    assert run(tmp_path, "plan", name, "--given", "STEPS=9", "--get", "total").stdout == "9\n"


@pytest.mark.parametrize(
    ("name", "text", "names"),
    [
        pytest.param(
            "a.sh",
            "python pretrain_gpt.py --lr $1 --train-iters $2 --micro-batch-size 1 --global-batch-size $3",
            ["1", "2", "3"],
            id="a batch that counts behind the LR",
        ),
        pytest.param(
            "a.sh",
            "torchrun --nproc_per_node 8 pretrain_gpt.py --lr 0.1 --train-samples 900 --micro-batch-size $MB"
            " --tensor-model-parallel-size $TP --pipeline-model-parallel-size $PP",
            ["MB", "TP", "PP"],
            id="what the batch is made of",
        ),
        pytest.param(
            "a.yml",
            "base_model: m\nnum_epochs: 1\nlearning_rate: ${LR}\nwarmup_steps: ${W}\nmax_steps: ${T}\n",
            ["W", "LR", "T"],
            id="axolotl",
        ),
    ],
)
def test_all_that_nobody_can_know_is_asked_for_at_once(tmp_path, name, text, names):
    write(tmp_path / name, text)
    done = run(tmp_path, "plan", name)
    assert (done.returncode, re.findall(r"--given (\w+)=", done.stderr)) == (2, names), done.stderr
    told = [word for one in names for word in ("--given", f"{one}=1")]
    assert run(tmp_path, "plan", name, *told).returncode == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(["--steps", "90"], ["--max-steps", "80"], id="two options"),
        pytest.param(["--steps", "90"], ["--given", "max_steps=80"], id="an option, and its name"),
        pytest.param(["--given", "lr=1"], ["--given", "learning_rate=2"], id="two names"),
    ],
)
def test_two_that_say_one_setting_are_refused(tmp_path, first, second):
    name = script(tmp_path)
    assert run(tmp_path, "plan", name, *first).returncode == 0
    assert run(tmp_path, "plan", name, *second).returncode == 0
    done = run(tmp_path, "plan", name, *first, *second)
    both = f"{first[0]} {first[1]} and {second[0]} {second[1]}"
    assert (done.returncode, both in done.stderr) == (2, True), done.stderr
    equal = [first[0], first[1], *second[:-1], second[-1].replace("80", "90").replace("=2", "=1")]
    assert run(tmp_path, "plan", name, *equal).returncode == 0


@pytest.mark.parametrize(
    ("option", "text", "instead"),
    [
        pytest.param(["--warmup", "1ep"], "counts updates", ["--warmup", "6%"], id="a warmup in epochs"),
    ],
)
def test_an_option_that_does_not_fit_names_one_that_does(tmp_path, option, text, instead):
    name = script(tmp_path)
    done = run(tmp_path, "show", name, *option)
    error, hint = done.stderr.splitlines()
    assert text in error
    assert " ".join(instead) in hint
    assert run(tmp_path, "show", name, *instead).returncode == 0


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        pytest.param(
            "python sft.py --lr_scheduler_type cosine --lerning_rate 1e-4", "learning_rate", id="a letter"
        ),
        pytest.param(
            "python sft.py --lr_scheduler_type cosine --num_epoch 5", "num_train_epochs", id="another's"
        ),
        pytest.param("yolo detect train epochs=3 optimizer=SGD lr=0.005", "lr0", id="a word that means it"),
        pytest.param(
            "python sft.py --lr_scheduler_type cosine --num_train_epochs 1 --num_epoch 2",
            "",
            id="one that is said",
        ),
        pytest.param("yolo detect train epochs=3 optimizer=SGD model=yolo11n.pt", "", id="a key of its own"),
        pytest.param(
            "python sft.py --lr_scheduler_type cosine --dataset alpaca", "", id="a key of the script"
        ),
    ],
)
def test_a_misspelt_key_is_said(tmp_path, line, meant):
    more = ["--output_dir", "o"] if "sft.py" in line else []
    done = run(tmp_path, "plan", "--args", " ".join([line, *more]), "--batches-per-epoch", "100")
    assert done.returncode == 2 * bool(meant), done.stderr
    assert f"did you mean {meant}" in done.stderr if meant else "did you mean" not in done.stderr


def test_a_key_that_is_like_a_setting_may_be_the_script_s_own(tmp_path):
    line = "python sft.py --output_dir o --lr_scheduler_type cosine --lerning_rate 1 --max_steps 9"
    stopped = run(tmp_path, "show", "--args", line)
    (given,) = re.findall(r"--given \S+", stopped.stderr)
    done = run(tmp_path, "show", *given.split(), "--args", line)
    assert (stopped.returncode, done.returncode) == (2, 0), done.stderr


def test_a_misspelt_key_of_a_file_is_a_warning(tmp_path):
    write(tmp_path / "a.yaml", "output_dir: o\nlr_scheduler_type: cosine\nlerning_rate: 1.0\nmax_steps: 9")
    done = run(tmp_path, "show", "a.yaml", "--trainer", "transformers")
    assert (done.returncode, "did you mean learning_rate" in done.stderr) == (0, True)


@pytest.mark.parametrize(
    ("name", "base", "text", "meant"),
    [
        pytest.param(
            "a.yaml",
            "SOLVER: {MAX_ITER: 90, BASE_LR: 0.1}\n",
            "_BASE_: base.yaml\nSOLVER: {MAX_ITERS: 9, IMS_PER_BATCH: 2}\n",
            "SOLVER.MAX_ITER",
            id="detectron2",
        ),
        pytest.param(
            "a.py",
            "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90)\n"
            "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1))\n"
            "auto_scale_lr = dict(enable=False, base_batch_size=16)\n",
            "_base_ = ['base.py']\nauto_scale_lr = dict(base_batch_sze=64)\n",
            "auto_scale_lr.base_batch_size",
            id="mmengine",
        ),
    ],
)
def test_a_misspelt_key_over_a_base_that_has_it_is_a_warning(tmp_path, name, base, text, meant):
    write(tmp_path / f"base{name[1:]}", base)
    write(tmp_path / name, text)
    done = run(tmp_path, "show", name)
    assert (done.returncode, f"did you mean {meant}?" in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        pytest.param("learning_rat: 1.0", "learning_rate", id="a letter"),
        pytest.param("max_lr: 1.0", "learning_rate", id="another's"),
        pytest.param("frob: 1.0", "", id="none"),
    ],
)
def test_a_key_like_the_one_that_is_missing_is_named(tmp_path, line, meant):
    write(tmp_path / "a.yaml", f"base_model: m\nnum_epochs: 1\nmax_steps: 9\nwarmup_steps: 2\n{line}\n")
    done = run(tmp_path, "plan", "a.yaml", "--world-size", "1")
    assert (done.returncode, "needs a learning_rate" in done.stderr) == (2, True)
    assert f"did you mean {meant}?" in done.stderr if meant else "did you mean" not in done.stderr


@pytest.mark.parametrize(
    ("more", "header"),
    [
        pytest.param("", "axolotl 0.19.0 · ceil(1000 * 3 / 4) = 750 steps", id="counted"),
        pytest.param("max_steps: 500", "axolotl 0.19.0 · max_steps = 500 steps", id="fewer than counted"),
        pytest.param("max_steps: 900", "axolotl 0.19.0 · max_steps = 900 steps", id="more than counted"),
    ],
)
def test_the_header_says_what_the_steps_come_of(tmp_path, more, header):
    text = (
        f"base_model: m\nmicro_batch_size: 4\nnum_epochs: 3\nlearning_rate: 1e-4\nwarmup_ratio: 0.1\n{more}\n"
    )
    write(tmp_path / "a.yml", text)
    done = run(tmp_path, "show", "a.yml", "--world-size", "1", "--dataset-len", "1000")
    assert done.stdout.splitlines()[0] == header, done.stderr


@pytest.mark.parametrize(
    ("line", "options", "steps"),
    [
        pytest.param(
            "accelerate launch --num_processes 2 train_network.py --network_module n --max_train_epochs 3",
            ["--dataset-len", "101"],
            51,
            id="kohya",
        ),
        pytest.param(
            "python main_pretrain.py --epochs 3 --blr 1e-3 --batch_size 8 --accum_iter 2 --data_path d",
            ["--batches-per-epoch", "11"],
            5,
            id="mae",
        ),
        pytest.param(
            "python t.py --output_dir o --num_train_epochs 2 --per_device_train_batch_size 8",
            ["--dataset-len", "100"],
            13,
            id="transformers",
        ),
        pytest.param(
            "python -m verl.trainer.main_ppo data.train_batch_size=64 trainer.total_epochs=2"
            " actor_rollout_ref.actor.ppo_mini_batch_size=32 actor_rollout_ref.actor.optim.lr=1e-6",
            ["--dataset-len", "650"],
            20,
            id="several updates a batch",
        ),
        pytest.param(
            "python pretrain_gpt.py --train-iters 100 --lr 1e-3 --micro-batch-size 1 --global-batch-size 8",
            ["--steps-per-epoch", "40"],
            40,
            id="told, where nothing is counted",
        ),
    ],
)
def test_the_steps_of_an_epoch_are_those_of_the_derivation(tmp_path, line, options, steps):
    done = run(tmp_path, "plan", "--args", line, *options, "--get", "steps_per_epoch")
    assert done.stdout == f"{steps}\n", done.stderr


def test_an_epoch_of_no_whole_number_of_updates_is_said(tmp_path):
    line = "yolo train model=yolo11n.pt data=d.yaml epochs=40 batch=8 optimizer=SGD"
    options = ["--dataset-len", "900", "--given", "classes=8"]
    done = run(tmp_path, "plan", "--args", line, *options, "--get", "steps_per_epoch", "-q")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no epoch of 113 batches is a whole number of updates" in done.stderr
    refused = run(tmp_path, "plan", "--args", line, *options, "--steps-per-epoch", "30")
    assert "steps_per_epoch=30 beside a file whose trainer tells the steps otherwise" in refused.stderr
