"""Lines that a script hands to a shell: what is unknown in them stays so, and the rest is read."""

from __future__ import annotations

import re

import pytest
from commands import run
from configs import write

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
