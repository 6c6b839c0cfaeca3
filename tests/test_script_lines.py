"""Lines in loops and branches, and those handed to a shell: what is unknown stays so, the rest is read."""

from __future__ import annotations

import re

import pytest
from commands import run
from configs import write
from shell_words import words_of

SAID = "--output_dir o --per_device_train_batch_size 1 --max_steps 9"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f'eval torchrun sft.py {SAID} --learning_rate "$LR"', id="eval of words"),
        pytest.param(f'RUN="torchrun sft.py {SAID} --learning_rate $LR"\neval $RUN', id="eval of a variable"),
        pytest.param(f'bash -c "torchrun sft.py {SAID} --learning_rate $LR"', id="bash -c"),
    ],
)
def test_an_argument_that_nobody_gave_is_asked_for(line, tmp_path):
    write(tmp_path / "a.sh", f"LR=$5\n{line}\n")
    asked = run(tmp_path, "plan", "a.sh")
    assert (asked.returncode, "hint: give --given 5=VALUE\n" in asked.stderr) == (2, True), asked.stderr
    told = run(tmp_path, "plan", "a.sh", "--given", "5=3e-4")
    assert re.search(r"learning_rate +3e-4 ", told.stdout), told.stderr


OPEN = {
    "set by no line": ("", "$EXTRA", "--given EXTRA="),
    "an array set by no line": ("", '"${EXTRA[@]}"', "--given EXTRA="),
    "beside a file of the machine": ("source ~/.bashrc", "$EXTRA", "--given EXTRA="),
    "handed on": ("MORE=$EXTRA", "$MORE", "--given EXTRA="),
    "set to what nobody knows": ("[ -e x ] && EXTRA=1", "$EXTRA", "--given EXTRA=VALUE"),
    "perhaps set by a file": ("source ./none.sh", "$EXTRA", "--given EXTRA=VALUE"),
}


@pytest.mark.parametrize(("before", "word", "hint"), OPEN.values(), ids=OPEN)
def test_words_that_no_line_sets_may_be_given_as_nothing(tmp_path, before, word, hint):
    write(tmp_path / "a.sh", f"{before}\ntorchrun sft.py {SAID} {word}\n")
    asked = run(tmp_path, "plan", "a.sh")
    assert asked.stderr.splitlines()[1] == f"hint: give {hint}"
    typed = hint.replace("VALUE", "").split()
    done = run(tmp_path, "plan", "a.sh", *typed)
    assert (done.returncode, "argparse stops" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("called", ["bash -c", "srun bash -c"])
def test_what_an_element_of_an_array_depends_on_is_asked_for_through_a_shell(called, tmp_path):
    array = "LRS=(1e-5 2e-5)\nLR=${LRS[$SLURM_ARRAY_TASK_ID]}"
    write(tmp_path / "a.sh", f'{array}\n{called} "torchrun sft.py {SAID} --learning_rate $LR"\n')
    asked = run(tmp_path, "plan", "a.sh")
    hint = "hint: give --given SLURM_ARRAY_TASK_ID=VALUE\n"
    assert (asked.returncode, hint in asked.stderr) == (2, True), asked.stderr
    told = run(tmp_path, "plan", "a.sh", "--given", "SLURM_ARRAY_TASK_ID=1")
    assert re.search(r"learning_rate +2e-5 ", told.stdout), told.stderr


@pytest.mark.parametrize(
    ("array", "lr"),
    [
        pytest.param("1", "2e-5", id="one"),
        pytest.param("0-0%4", "1e-5", id="a range of one"),
        pytest.param("0-1", "", id="two"),
        pytest.param("0,1", "", id="two of a list"),
    ],
)
def test_the_only_task_of_an_array_is_known(array, lr, tmp_path):
    text = f"#SBATCH --array={array}\nLRS=(1e-5 2e-5)\n"
    write(tmp_path / "a.sh", f"{text}torchrun sft.py {SAID} --learning_rate ${{LRS[$SLURM_ARRAY_TASK_ID]}}\n")
    done = run(tmp_path, "plan", "a.sh")
    assert re.findall(r"learning_rate +(\S+) ", done.stdout) == ([lr] if lr else []), done.stderr
    assert ("--given SLURM_ARRAY_TASK_ID=VALUE" in done.stderr) is not bool(lr)


@pytest.mark.parametrize("called", ["bash -c", "srun --jobid $SLURM_JOBID bash -c"])
def test_the_launcher_in_an_exported_variable_is_read_beside_what_is_unknown(called, tmp_path):
    script = f"""\
HOST=$(scontrol show hostnames $SLURM_JOB_NODELIST | head -n 1)
export LAUNCHER="python -u -m torch.distributed.run --nproc_per_node 8 --nnodes 4 --rdzv_endpoint $HOST:6000"
export RUN="`pwd`/sft.py {SAID.replace("--max_steps 9", "--num_train_epochs 1")}"
{called} '$LAUNCHER --node_rank $SLURM_PROCID $RUN' 2>&1 | tee log.txt
"""
    write(tmp_path / "a.sh", script)
    done = run(tmp_path, "plan", "a.sh", "--dataset-len", "6400", "--get", "total", "-q")
    assert (done.stdout, done.stderr) == ("200\n", "")


@pytest.mark.parametrize(
    ("before", "word", "words"),
    [
        pytest.param('A="--lr $N"', "$A", ["--lr", ("N",)], id="behind what sets it"),
        pytest.param("A=2; A=${A}0", "$A", ["20"], id="set twice"),
        pytest.param("for M in 3 4; do\nB=$M; A=1", "$A $B", ["1", ("M",)], id="in two loops"),
        pytest.param("A=1; [ -f x ] && A=2", "$A", [("A",)], id="behind a doubt"),
        pytest.param("A=1; { A=2; }", "$A", [("A",)], id="behind a further block"),
        pytest.param("A=1; for M in 3 4; do A=$M; done", "$A", [("A",)], id="behind a further loop"),
        pytest.param("A=1; x | A=2", "$A", ["1"], id="in a pipe, a shell of its own"),
        pytest.param(": $A; B=$A; A=1", "$B", [("A",)], id="before what sets it"),
        pytest.param("f $N", "$C", [("C",)], id="by a function"),
    ],
)
@pytest.mark.parametrize("head", ["for N in 1 2; do", "if [ -d x ]; then N=$(y);", "while x; do read N;"])
def test_what_a_block_sets_is_known_behind_that_in_it(before, word, words, head):
    assert words_of(f"A=0 C=0\nf() {{ C=$1; }}\n{head}\n{before}\ntrain {word}") == ["train", *words]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("for N in $(x); do A=1; done; train $A", id="a loop"),
        pytest.param("if [ -d x ]; then A=1; fi; train $A", id="a branch"),
        pytest.param("if [ -d x ]; then A=1; else train $A; fi", id="in another branch"),
        pytest.param("case $(x) in a) A=1;; b) train $A;; esac", id="in another case"),
    ],
)
def test_what_a_block_sets_is_unknown_behind_it(script):
    assert words_of(f"A=0; {script}") == ["train", ("A",)]
