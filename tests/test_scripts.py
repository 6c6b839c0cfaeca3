"""Scripts and stdin: what stands around a launch line, and what is said of it."""

from __future__ import annotations

import json
import re

import pytest
from commands import run
from configs import write

LINE = "torchrun --nproc_per_node 2 sft.py --output_dir o --learning_rate 2e-5 --max_steps 100"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LINE, id="a launch line"),
        pytest.param(f"# mine\nA=1 B=2 {LINE}", id="a line with variables"),
        pytest.param(f"#!/usr/bin/env bash\nLR=1\n{LINE}", id="a script"),
        pytest.param(f"#SBATCH -n 4\nX=1\n{LINE}", id="a job"),
        pytest.param(f"export A=1\n{LINE}", id="a script without a first line"),
        pytest.param(f'A="--fp16 \\\n --bf16"\n{LINE}', id="a script that begins with a variable"),
        pytest.param(
            "from transformers import TrainingArguments\n"
            "a = TrainingArguments('o', learning_rate=2e-5, max_steps=100)",
            id="Python",
        ),
        pytest.param("output_dir: o\nlearning_rate: 2.0e-5\nmax_steps: 100", id="YAML"),
        pytest.param("output_dir = 'o'\nlearning_rate = 2e-5\nmax_steps = 100", id="TOML"),
    ],
)
def test_stdin_is_told_by_its_first_line(tmp_path, text):
    done = run(tmp_path, "show", "-", "--trainer", "transformers", "--format", "json", stdin=text.encode())
    assert done.returncode == 0, done.stderr
    (curve,) = json.loads(done.stdout)["curves"]
    assert (curve["peak"], curve["steps"]) == (2e-5, 100)


@pytest.mark.parametrize("name", ["launch", "launch.txt", "train.job"])
def test_a_file_of_no_known_kind_is_told_by_its_first_line(tmp_path, name):
    write(tmp_path / name, f"#!/bin/bash\nLR=1\n{LINE}")
    done = run(tmp_path, "plan", f"./{name}", "--trainer", "transformers", "--get", "total")
    assert (done.stdout, done.returncode) == ("100\n", 0), done.stderr


@pytest.mark.parametrize(
    ("before", "lr", "said"),
    [
        pytest.param(
            "source config.sh\nLR=${LR:-2e-5}", "$LR", "config.sh is not read: LR=2e-5", id="source"
        ),
        pytest.param(". ./a.sh && set -e", "${LR:-2e-5}", "./a.sh is not read: LR=2e-5", id="a dot"),
        pytest.param("source a.sh\n: ${LR:=2e-5}", "$LR", "a.sh is not read: LR=2e-5", id=":="),
        pytest.param("LR=${2:-2e-5}", "$LR", "to be given nothing: $2=2e-5 by default", id="an argument"),
        pytest.param("LR=${LR:-2e-5}", "$LR", "", id="no other file"),
        pytest.param(
            'LR=2e-5 X=\nif [ $# -ne 0 ]; then X="$*"; fi', "$LR $X", "is taken to be given nothing", id="$#"
        ),
        pytest.param("source a.sh\nLR=2e-5", "${LR:-1}", "", id="set in the script"),
        pytest.param(
            "LR=${LR:-2e-5}\nT=$LR\nsource a.sh", "$T", "a.sh is not read: T=2e-5 as set", id="read later"
        ),
    ],
)
def test_defaults_that_others_may_set_are_told(tmp_path, before, lr, said):
    line = f"python sft.py --output_dir o --learning_rate {lr} --max_steps 100"
    name = write(tmp_path / "sft.sh", f"{before}\n{line}").name
    done = run(tmp_path, "show", name, "--trainer", "transformers", "--format", "json")
    assert json.loads(done.stdout)["curves"][0]["peak"] == 2e-5, done.stderr
    assert said in done.stderr
    assert ("by default" in done.stderr) == ("by default" in said or said.endswith("LR=2e-5"))


def test_comments_in_the_place_of_a_file_are_told(tmp_path):
    text = (
        "# sft.yaml:\n#   learning_rate: 0.5\n#   max_steps: 100\n#   output_dir: o\npython sft.py sft.yaml"
    )
    name = write(tmp_path / "sft.sh", text).name
    done = run(tmp_path, "show", name, "--trainer", "transformers", "--format", "json")
    assert json.loads(done.stdout)["curves"][0]["peak"] == 0.5
    assert "sft.yaml is not here: it is read in the comments of sft.sh" in done.stderr


@pytest.mark.parametrize("rest", ["--lr 1", "+optim.lr=1", "optim.lr=1"])
def test_what_a_broken_line_leaves_behind_is_no_command(tmp_path, rest):
    write(tmp_path / "run.sh", f"python train.py --epochs 3 \\ \n  {rest}\n")
    done = run(tmp_path, "plan", "run.sh")
    assert (done.returncode, f"run.sh:2: {rest.partition(' ')[0]} is no command" in done.stderr) == (2, True)


HYDRA = """\
trainer: {max_steps: 100}
model:
  optim:
    lr: 0.5
    sched: {name: CosineAnnealing, warmup_steps: 10, min_lr: 0.25}
"""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param("-cp conf -cn run", 0, "lr=0.5,steps=100", id="the file beside"),
        pytest.param("-cp conf -cn run ++model.optim.lr=2", 0, "lr=2,steps", id="a value replaced"),
        pytest.param(
            "-cp conf -cn run ~model.optim.sched.min_lr", 0, "steps=10,max_steps=100,lr", id="deleted"
        ),
        pytest.param(
            "-cp conf -cn run ~model.optim.sched", 0, "one LR from end to end", id="a table deleted"
        ),
        pytest.param("-cp conf -cn run model.optim.sched.min_lr=null", 0, "max_steps=100,lr=0.5", id="null"),
        pytest.param(
            "-cp conf -cn run -m +seed=1,2", 0, "lr=0.5,steps=100", id="runs that differ in nothing here"
        ),
        pytest.param(
            "-cp conf -cn run -m model.optim.lr=1,2", 2, "--given model.optim.lr=1", id="several runs"
        ),
        pytest.param(
            "-cp conf -cn run --multirun model.optim.lr=1,2 --given model.optim.lr=2",
            0,
            "lr=2",
            id="one of them",
        ),
        pytest.param("-cp conf -cn run model.optim.lr=1,2", 2, "is not what nemo", id="no several runs"),
        pytest.param("-cp conf -cn run model/optim=big", 0, "model/optim=big chooses a file", id="a group"),
        pytest.param(
            "-cp conf -cn run o@model.optim=big", 0, "o@model.optim=big chooses", id="a group elsewhere"
        ),
        pytest.param(
            "-cn run model.optim.lr=1 model.optim.sched.name=CosineAnnealing trainer.max_steps=9",
            0,
            "cannot read 'run.yaml'",
            id="no folder",
        ),
    ],
)
def test_the_words_of_hydra_change_its_file(tmp_path, words, code, said):
    (tmp_path / "conf").mkdir()
    write(tmp_path / "conf" / "run.yaml", HYDRA)
    line, given, more = words.partition("--given")
    options = ["--trainer", "nemo", *([given, more.strip()] if given else [])]
    done = run(tmp_path, "plan", *options, "--args", f"python train.py {line}")
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr


TRAINS = "torchrun --nproc_per_node 2 sft.py --output_dir o --num_train_epochs 1 --max_steps"


@pytest.mark.parametrize(
    ("script", "given", "total", "said"),
    [
        pytest.param(f"{TRAINS} 5\n{TRAINS} 7", [], "", "--given line=1 takes the first", id="two"),
        pytest.param(f"{TRAINS} 5\n{TRAINS} 7", ["line=2"], "7", "", id="the one that is meant"),
        pytest.param(
            f"{TRAINS} 5\n{TRAINS} 7", ["line=3"], "", "in line 1, sft.py in line 2", id="none there"
        ),
        pytest.param(
            f"{TRAINS} 5; {TRAINS} 7", [], "", "give one of them alone, behind --", id="in one line"
        ),
        pytest.param(
            "set -x\ncd src\npython -m verl.trainer.main_ppo data.n=1",
            [],
            "",
            "data.n is no setting of verl",
            id="one beside builtins",
        ),
        pytest.param(
            "python convert.py a\npython train.py b", [], "", "no command of a trainer", id="its name"
        ),
        pytest.param(f"if x; then\n{TRAINS} 5\nelse\n{TRAINS} 7\nfi", ["line=4"], "7", "", id="in an if"),
        pytest.param(f"for n in 5 7\ndo {TRAINS} $n\ndone", [], "", "--given n=5", id="a loop"),
        pytest.param(f"for n in 5 7\ndo {TRAINS} $n\ndone", [], "", "($n: one of 5, 7)", id="its values"),
        pytest.param(f"for n in 5 7\ndo {TRAINS} $n\ndone", ["n=7"], "7", "", id="one of the loop"),
        pytest.param(
            f"for n in $NS\ndo {TRAINS} $n\ndone", [], "", "--given n=VALUE", id="a loop over what is unknown"
        ),
    ],
)
def test_which_of_several_runs_is_meant_is_asked(tmp_path, script, given, total, said):
    write(tmp_path / "run.sh", script)
    options = [word for one in given for word in ("--given", one)]
    done = run(tmp_path, "plan", "run.sh", *options, "--get", "total")
    assert (done.stdout.strip(), done.returncode) == (total, 0 if total else 2)
    assert said in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "line", "shell"),
    [
        pytest.param("run.bat", "python t.py --lr 1", 1, "cmd", id="bat"),
        pytest.param("run.ps1", "python t.py --lr 1", 1, "PowerShell", id="ps1"),
        pytest.param("run.sh", "set LR=1\npython t.py --lr %LR%", 1, "cmd", id="set"),
        pytest.param("run.sh", "python t.py ^\n --lr 1", 1, "cmd", id="a line that goes on"),
        pytest.param(
            "run.sh", "python t.py `\n --lr 1", 1, "PowerShell", id="a line that goes on with a backtick"
        ),
        pytest.param("run.sh", "# mine\n$env:A = 1\npython t.py --lr 1", 2, "PowerShell", id="$env"),
        pytest.param("-", "@echo off\npython t.py --lr 1", 1, "cmd", id="stdin"),
    ],
)
def test_scripts_of_windows_are_told_apart(tmp_path, name, text, line, shell):
    write(tmp_path / "run.sh", text)
    if name != "-":
        write(tmp_path / name, text)
    done = run(tmp_path, "show", name, stdin=text.encode())
    shown = "stdin" if name == "-" else name
    assert done.returncode == 2
    assert f"{shown}:{line}: a line of {shell}" in done.stderr


CALLED = """\
#SBATCH -N 2
LR=${1:-1e-3} BATCH=$2
shift 2
export LOCAL_RANK=$SLURM_LOCALID
srun python sft.py --output_dir o --learning_rate $LR --num_train_epochs 1 \\
    --per_device_train_batch_size ${BATCH:-4} "$@"
"""


@pytest.mark.parametrize(
    ("line", "total"),
    [
        pytest.param("bash run.sh", 100, id="nothing"),
        pytest.param("./run.sh 2e-5 8", 50, id="arguments"),
        pytest.param("bash -x run.sh 2e-5 8 --gradient_accumulation_steps 5", 10, id="the rest handed on"),
        pytest.param("sbatch -N 4 run.sh 2e-5 8", 25, id="options over #SBATCH"),
        pytest.param("sbatch --nodes=4 --ntasks-per-node 2 run.sh 2e-5 1", 100, id="tasks on each node"),
        pytest.param("sbatch -N 4 many.sh", 25, id="nodes of so many tasks"),
        pytest.param("sbatch --export=ALL,SLURM_NNODES=5 run.sh 2e-5 1", 160, id="what sbatch exports"),
        pytest.param("SLURM_NNODES=5 bash run.sh 2e-5 1", 160, id="a variable"),
        pytest.param("nohup bash run.sh 2e-5 8 > log 2>&1 &", 50, id="nohup"),
        pytest.param("source run.sh 2e-5 8", 50, id="source"),
    ],
)
def test_a_script_is_read_as_it_is_called(tmp_path, line, total):
    """Its arguments, the variables before it and the options of sbatch are those of the launch line."""
    write(tmp_path / "run.sh", CALLED)
    write(tmp_path / "many.sh", "#SBATCH --ntasks-per-node=2\n" + CALLED.replace("srun", "mpirun"))
    done = run(tmp_path, "plan", "--dataset-len", "800", "--get", "total", "--", *line.split())
    assert (done.stdout, done.returncode) == (f"{total}\n", 0), done.stderr


@pytest.mark.parametrize("runner", ["bash", "sh", "sbatch"])
def test_a_script_that_is_run_is_read(tmp_path, runner):
    name = write(tmp_path / "sft.sh", LINE).name
    options = ["--trainer", "transformers"]
    done = run(tmp_path, "show", *options, "--", runner, name)
    assert done.stdout, done.stderr
    assert done.stdout == run(tmp_path, "show", *options, name).stdout


OPTIONS = """\
LR=1e-4
GPUS=4
while [[ $# -gt 0 ]]; do
  case "$1" in
    --lr) LR="$2"; shift 2 ;;
    --gpus=*) GPUS="${1#*=}"; shift ;;
    *) echo "what is $1?"; exit 1 ;;
  esac
done
torchrun --nproc_per_node $GPUS a.py --output_dir o --num_train_epochs 1 --max_steps 9 --learning_rate $LR
"""
ENDLESS = """\
LR=1e-4
while true; do
  case "$1" in
    --lr) LR=$2; shift 2 ;;
    --gpus=*) GPUS=${1#*=}; shift ;;
    --) shift; break ;;
    *) break ;;
  esac
done
python sft.py --output_dir o --lr_scheduler_type linear --max_steps 9 --learning_rate $LR
"""
SORTED = f"""\
ARGS=$(getopt -o l:g: --long lr:,gpus: -n a.sh -- "$@") || exit 1
eval set -- "$ARGS"
{ENDLESS.replace("--lr)", "-l | --lr)").replace("--gpus=*) GPUS=${1#*=}; shift", "-g | --gpus) shift 2")}"""
LETTERS = """\
LR=1e-4
while getopts "l:" opt; do case $opt in l) LR=$OPTARG ;; esac; done
python sft.py --output_dir o --lr_scheduler_type linear --max_steps 9 --learning_rate $LR
"""


@pytest.mark.parametrize(
    ("text", "arguments", "lr"),
    [
        pytest.param(OPTIONS, [], "1e-4", id="none"),
        pytest.param(OPTIONS, ["--lr", "3e-4", "--gpus=2"], "3e-4", id="two"),
        pytest.param(ENDLESS, [], "1e-4", id="endless, none"),
        pytest.param(ENDLESS, ["--gpus=2", "--lr", "3e-4"], "3e-4", id="endless, two"),
        pytest.param(
            ENDLESS, ["--lr", "3e-4", "--", "--lr", "5e-4"], "3e-4", id="left at the end of options"
        ),
        pytest.param(ENDLESS, ["a", "--lr", "3e-4"], "1e-4", id="left at another word"),
        pytest.param(SORTED, [], "1e-4", id="getopt, none"),
        pytest.param(SORTED, ["--gpus", "2", "--lr=3e-4"], "3e-4", id="getopt, with an equals sign"),
        pytest.param(SORTED, ["a", "-g2", "-l3e-4"], "3e-4", id="getopt, letters behind a word"),
        pytest.param(
            SORTED.replace('set -- "$ARGS"', '"set -- $ARGS"'), ["--lr=3e-4"], "3e-4", id="getopt, one text"
        ),
        pytest.param(LETTERS, [], "1e-4", id="letters, none"),
        pytest.param(LETTERS, ["-l", "3e-4"], "3e-4", id="a letter and its word"),
        pytest.param(LETTERS, ["-l3e-4"], "3e-4", id="a letter with its word"),
        pytest.param(LETTERS, ["-x", "-l", "3e-4"], "3e-4", id="a letter that is none"),
        pytest.param(LETTERS, ["--", "-l", "3e-4"], "1e-4", id="behind the end of options"),
        pytest.param(LETTERS, ["a", "-l", "3e-4"], "1e-4", id="behind a word that is no option"),
        pytest.param(
            LETTERS.replace("case", "[ $opt = l ] || break; case"),
            ["-x", "-l", "3e-4"],
            "1e-4",
            id="letters, left at one",
        ),
        pytest.param(
            ENDLESS.replace("shift 2", "shift 2; continue").replace("esac", "esac; shift; break"),
            ["--lr", "3e-4", "--lr", "5e-4", "a", "--lr", "7e-4"],
            "5e-4",
            id="gone on with",
        ),
    ],
)
@pytest.mark.parametrize("is_called", [True, False])
def test_a_loop_over_the_words_of_a_script_is_gone_through(tmp_path, text, arguments, lr, is_called):
    write(tmp_path / "a.sh", text)
    words = ["--", "bash", "a.sh", *arguments] if is_called or arguments else ["a.sh"]
    done = run(tmp_path, "plan", *words)
    assert re.search(rf"learning_rate +{lr} ", done.stdout), done.stderr
    assert ("taken to be given nothing" in done.stderr) == (words == ["a.sh"])


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        pytest.param(SORTED, ["--lr=1", "--what"], id="a word at which getopt stops"),
        pytest.param(SORTED.replace("lr:,", "lr::,"), ["--lr=1"], id="an argument that may be left out"),
        pytest.param(OPTIONS.replace("shift 2", "shift $N"), ["--lr", "1"], id="steps that nobody knows"),
        pytest.param(OPTIONS.replace("shift 2", ":"), ["--lr", "1"], id="a loop without an end"),
        pytest.param(
            ENDLESS.replace("shift 2", "shift 2; [ -e x ] && break"), ["--lr", "1"], id="a doubtful end"
        ),
    ],
)
def test_a_loop_that_nobody_can_follow_is_asked_for(tmp_path, text, arguments):
    write(tmp_path / "a.sh", text)
    done = run(tmp_path, "plan", "--", "bash", "a.sh", *arguments)
    assert (done.returncode, "LR=VALUE" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("text", "way"),
    [
        pytest.param("python scripts/$TASK.py --learning_rate 1e-4", "--given TASK=VALUE", id="a script"),
        pytest.param("torchrun -m $MODULE --learning_rate 1e-4", "--given MODULE=VALUE", id="a module"),
        pytest.param("$A/$B --learning_rate 1e-4", "--given A=VALUE --given B=VALUE", id="two variables"),
        pytest.param(
            "for T in sft dpo; do python $T.py --learning_rate 1e-4; done", "--given T=sft", id="of a loop"
        ),
        pytest.param("sbatch run_$T.sh", "--given T=VALUE", id="a script of a shell"),
    ],
)
def test_a_program_that_nobody_knows_is_asked_for(tmp_path, text, way):
    write(tmp_path / "run.sh", f"{text}\n")
    done = run(tmp_path, "plan", "run.sh")
    assert (done.returncode, way in done.stderr) == (2, True), done.stderr


def test_what_bash_takes_for_no_value_is_told(tmp_path):
    write(tmp_path / "run.sh", 'N=2\nARGS="--lr 1 --batch ${N*2}"\npython train.py $ARGS\n')
    done = run(tmp_path, "show", "run.sh")
    assert (done.returncode, "run.sh: ${N*2} is a bad substitution" in done.stderr) == (2, True)
