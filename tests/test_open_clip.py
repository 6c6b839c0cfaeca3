"""What of OpenCLIP's commands its release does not have, and who else its processes are."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

LINE = "open_clip_train.main --train-data d.csv --batch-size 5 --epochs 1 --lr 0.1 --warmup 1 --workers 1"
NEW = "open_clip 4.2.0.dev0 is assumed: 3.3.0 has no "


def planned(tmp_path, line, *options):
    return run(tmp_path, "plan", *options, "--dataset-len", "200", "--args", line)


@pytest.mark.parametrize(
    ("options", "version", "code", "said"),
    [
        pytest.param("", "", 0, "", id="none of its own"),
        pytest.param("--fsdp", "", 0, f"{NEW}--fsdp", id="a newer one"),
        pytest.param("--text-layer-decay 0.5", "", 0, f"{NEW}--text-layer-decay", id="a newer one of the LR"),
        pytest.param(
            "--fsdp", "@3.3.0", 2, "fsdp is no setting of open_clip 3.3.0", id="of the release said"
        ),
        pytest.param("--accum-freq 2 --distill-model a", "", 0, "", id="no distillation"),
        pytest.param(
            "--accum-freq 2 --distill-model a --distill-pretrained b", "", 2, "it stops", id="distillation"
        ),
    ],
)
def test_options_that_its_release_has_not(tmp_path, options, version, code, said):
    named = ["--trainer", f"open_clip{version}"] if version else []
    done = planned(tmp_path, f"torchrun --nproc_per_node 4 -m {LINE} {options}", *named)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert bool(said) == bool(done.stderr)
    assert ("naflex" in done.stdout) == said.startswith(NEW)


def test_horovod_joins_what_it_starts(tmp_path):
    done = planned(tmp_path, f"horovodrun -np 4 python -m {LINE} --horovod")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "steps=10" in done.stdout
    assert "put --horovod" in planned(tmp_path, f"horovodrun -np 4 python -m {LINE}").stderr


@pytest.mark.parametrize(
    ("start", "waits"),
    [
        pytest.param("python", True, id="alone"),
        pytest.param("srun python", False, id="srun"),
        pytest.param("WORLD_SIZE=1 python", False, id="one of one"),
    ],
)
def test_one_process_of_a_job_of_several_tasks_waits(tmp_path, start, waits):
    write(tmp_path / "job.sh", f"#!/bin/bash\n#SBATCH --ntasks=4\n{start} -m {LINE}\n")
    done = run(tmp_path, "plan", "job.sh", "--dataset-len", "200")
    assert (done.returncode, "waits for the others" in done.stderr) == (0, waits), done.stderr


def test_a_launcher_of_tpus_starts_its_cores(tmp_path):
    line = "python xla_spawn.py --num_cores 8 run_glue.py --do_train --output_dir o --num_train_epochs 1"
    done = planned(tmp_path, line)
    assert (done.returncode, "xla_spawn.py --num_cores 8" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("data", "more", "processes", "hint"),
    [
        pytest.param("d/{00000..00031}.tar", "", 8, "", id="one each"),
        pytest.param("d/{00000..00030}.tar", "", 8, "--given workers=3", id="too few"),
        pytest.param("d/{00000..00030}.tar", "--workers 3", 8, "", id="as it is told"),
        pytest.param("d/{0..7}.tar::e/{a,b}{0..3}.tar", "", 4, "", id="two sets"),
        pytest.param("d.tar", "", 1, "--given workers=1", id="one file"),
        pytest.param("d.tar", "", 2, "--given dataset_resampled=true", id="one file of two processes"),
        pytest.param("d.tar", "--dataset-resampled", 2, "", id="drawn"),
        pytest.param("d.tar", "--workers 0", 2, "", id="no workers"),
        pytest.param("d{0,{1..3}}.tar", "", 8, "", id="braces within others"),
    ],
)
def test_each_worker_has_a_shard(tmp_path, data, more, processes, hint):
    program = "open_clip_train.main --train-num-samples 64000"
    line = f"torchrun --nproc_per_node {processes} -m {program} --train-data '{data}' {more}"
    done = run(tmp_path, "plan", "--args", line)
    assert (done.returncode, hint in done.stderr) == (0, True), done.stderr
    assert ("shards" in done.stderr) == bool(hint)
    if hint:
        assert "shards" not in run(tmp_path, "plan", *hint.split(), "--args", line).stderr
