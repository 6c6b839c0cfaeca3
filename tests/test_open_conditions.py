"""Conditions of a script that only its machine knows, ``[ -d out ]``: followed both ways, or asked for."""

from __future__ import annotations

import re
import shlex

import pytest
from commands import run
from configs import write
from shell_words import words_of

FIT = "--output_dir out --do_train --learning_rate 2e-5 --per_device_train_batch_size 8 --max_steps 1000"
TRAIN = f"python run_clm.py {FIT}"
MEGATRON = (
    "torchrun --nproc_per_node 8 pretrain_gpt.py --micro-batch-size 4 --global-batch-size 32"
    " --lr 2e-5 --train-iters 1000 --lr-decay-style cosine"
)
MORE = "--resume_from_checkpoint out"


@pytest.mark.parametrize(
    ("script", "line"),
    [
        pytest.param(
            f'ARGS=({FIT})\nif [ -d "$CKPT" ]; then\n  ARGS+=({MORE})\nfi\npython run_clm.py "${{ARGS[@]}}"',
            2,
            id="an array",
        ),
        pytest.param(
            f'ARGS="{FIT}"\nif [ -d out ]; then ARGS="$ARGS {MORE}"; fi\n'
            "accelerate launch --num_processes 4 run_clm.py $ARGS",
            2,
            id="a text",
        ),
        pytest.param(f'CMD="{TRAIN}"\n[ -d out ] && CMD="$CMD {MORE}"\n$CMD', 2, id="a command"),
        pytest.param(f'CMD="{TRAIN}"\ntest -f x && CMD+=" {MORE}"\neval $CMD', 2, id="eval"),
        pytest.param(
            f'if [ -f x ]; then CMD="{TRAIN} {MORE}"; else CMD="{TRAIN}"; fi\n$CMD',
            1,
            id="one of two commands",
        ),
        pytest.param(f'R=""\nif [ -d a ] && [ -f b ]; then R="{MORE}"; fi\n{TRAIN} $R', 2, id="two tests"),
        pytest.param(
            f"R=''\nif ls out/* >/dev/null 2>&1; then R='{MORE}'; fi\n{TRAIN} $R", 2, id="a command tells"
        ),
        pytest.param(
            f'LAST=$(ls -d out/* | tail -1)\nR=()\n[ -n "$LAST" ] && R+=({MORE}/$LAST)\n{TRAIN} "${{R[@]}}"',
            3,
            id="what a command prints",
        ),
        pytest.param(f'[ -d out ] && set -- "$@" {MORE}\n{TRAIN} "$@"', 1, id="its own words"),
        pytest.param(
            f'set -- {FIT}\nif [ -d out ]; then set -- "$@" {MORE}; fi\npython run_clm.py "$@"',
            2,
            id="set --",
        ),
        pytest.param(
            f'main() {{\n local A="{FIT}"\n [ -d out ] && A="$A {MORE}"\n python run_clm.py $A\n}}\nmain',
            3,
            id="in a function",
        ),
        pytest.param(
            f"if [ -f out/x ]; then\n C='--load out'\nelse\n C='--load b --no-load-optim'\nfi\n{MEGATRON} $C",
            1,
            id="megatron",
        ),
    ],
)
def test_what_has_no_bearing_on_the_schedule_is_said(tmp_path, script, line):
    write(tmp_path / "run.sh", script)
    done = run(tmp_path, "plan", "run.sh", "--get", "total")
    assert (done.returncode, done.stdout) == (0, "1000\n"), done.stderr
    assert re.findall(
        r"run.sh:(\d+): whether .* is not known: .* the schedule is the same either way", done.stderr
    ) == [str(line)]
    for answer in ("yes", "no"):
        told = run(tmp_path, "plan", "run.sh", "--get", "total", "--given", f"if_{line}={answer}")
        assert (told.returncode, told.stdout, "either way" in told.stderr) == (0, "1000\n", False), (
            told.stderr
        )


LRS = f'if [ ! -d out ]; then A=""; else A="--learning_rate 1e-5"; fi\n{TRAIN} $A'


@pytest.mark.parametrize(
    ("script", "answers", "peak"),
    [
        pytest.param(LRS, ["if_1=no"], "1e-05", id="no"),
        pytest.param(LRS, ["if_1=yes"], "2e-05", id="yes"),
        pytest.param(
            f'A="{FIT}"\n[ -d out ] && A+=" {MORE}"\n[ -f w ] && A+=" --lr_scheduler_type constant"\n'
            '[ -f v ] && A+=" --learning_rate 3e-5"\npython run_clm.py $A',
            ["if_4=yes", "if_3=no"],
            "3e-05",
            id="two of three",
        ),
    ],
)
def test_what_the_schedule_depends_on_is_asked_for(tmp_path, script, answers, peak):
    """As long as it asks, one of the answers is given to what its hint names."""
    write(tmp_path / "run.sh", script)
    told = []
    while (done := run(tmp_path, "show", "run.sh", *told, "--get", "peak")).returncode and len(told) < 9:
        hint = shlex.split(done.stderr.splitlines()[-1].removeprefix("hint: give "))
        names = [one.partition("=")[0] for one in hint[1::2]]
        assert set(hint[::2]) == {"--given"}, done.stderr
        told += [word for one in answers if one.partition("=")[0] in names for word in ("--given", one)]
    assert (done.returncode, done.stdout) == (0, f"{peak}\n"), done.stderr
    assert sorted(told[1::2]) == sorted(answers)


def test_all_is_asked_for_at_once(tmp_path):
    fit = FIT.replace("--max_steps 1000", "--num_train_epochs 3")
    write(tmp_path / "run.sh", f'A="{fit}"\n[ -f w ] && A="$A --warmup_steps 9"\npython run_glue.py $A')
    done = run(tmp_path, "plan", "run.sh")
    assert done.stderr.splitlines()[-1] == "hint: give --dataset-len N --given if_2=no"


@pytest.mark.parametrize(
    ("text", "told", "words"),
    [
        pytest.param("[ -d a ] && A=1 || A=2", {"if_1": "yes"}, ["1"], id="yes"),
        pytest.param("[ -d a ] && A=1 || A=2", {"if_1": "no"}, ["2"], id="no"),
        pytest.param("! [ -d a ] && A=1 || A=2", {"if_1": "yes"}, ["1"], id="negated"),
        pytest.param(
            "if [ -d a ]; then A=1\nelif [ -d b ]; then A=2; fi",
            {"if_1": "no", "if_2": "yes"},
            ["2"],
            id="elif",
        ),
        pytest.param("[ -d a ] && A=1; [ -d b ] || A=2", {"if_1": "yes"}, [("A",)], id="another of the line"),
        pytest.param(
            "f() { [ -d $1 ] && A=$1; }; f a; f b", {"if_1": "yes"}, [("A",)], id="a function called again"
        ),
        pytest.param("[ -d a ] && A=1", {"if_1": "true"}, [("A",)], id="no answer"),
        pytest.param("bash -c '[ -d a ] && echo'; A=3", {"if_1": "yes"}, ["3"], id="of another script"),
    ],
)
def test_a_condition_is_told_by_its_line(text, told, words):
    assert words_of(f"{text}\ntrain $A", **told) == ["train", *words]


def test_more_of_them_than_are_followed_are_asked_for(tmp_path):
    tests = "".join(f"[ -f {one} ] && A+=' --run_name {one}'\n" for one in "abcde")
    write(tmp_path / "run.sh", f'A="{FIT}"\n{tests}python run_clm.py $A')
    assert "--given if_6=no" in run(tmp_path, "plan", "run.sh").stderr
    told = run(tmp_path, "plan", "run.sh", "--given", "if_6=no", "--get", "total")
    assert (told.returncode, told.stdout) == (0, "1000\n"), told.stderr
