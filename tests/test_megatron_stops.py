"""What Megatron asserts of its options before it trains."""

from __future__ import annotations

import pytest
from commands import run

MEGATRON = "torchrun --nproc_per_node 8 pretrain_gpt.py --lr 1e-4 --global-batch-size 8 --micro-batch-size 1"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        pytest.param("--micro-batch-size 0", "a micro-batch has no sample", id="no sample"),
        pytest.param("--save x", "save needs a save_interval", id="saved at no interval"),
        pytest.param("--save x --save-interval 0", "save needs a save_interval", id="or at none"),
        pytest.param("--seq-length 4096 --max-position-embeddings 2048", "seq_length=4096 is", id="too long"),
        pytest.param("--seq-length 9 --context-parallel-size 2", "no multiple of 2 * context", id="uneven"),
        pytest.param("--mock-data --data-path x", "mock_data beside data_path", id="two sources"),
        pytest.param("--test-data-path y --data-path x", "data_path beside test_data_path", id="others"),
        pytest.param("--fp16 --bf16", "fp16 is beside bf16", id="two precisions"),
        pytest.param(
            "--overlap-grad-reduce --overlap-param-gather",
            "needs use_distributed_optimizer",
            id="gathered of a whole optimizer",
        ),
        pytest.param(
            "--use-distributed-optimizer --overlap-param-gather",
            "needs overlap_grad_reduce",
            id="gathered alone",
        ),
        pytest.param("--expert-model-parallel-size 2", "needs num_experts", id="no experts"),
        pytest.param(
            "--expert-model-parallel-size 4 --num-experts 6", "num_experts=6 is no multiple", id="odd experts"
        ),
        pytest.param(
            "--num-layers 5 --pipeline-model-parallel-size 2", "num_layers=5 is no multiple", id="odd layers"
        ),
        pytest.param(
            "--hidden-size 100 --num-attention-heads 8", "hidden_size=100 is no multiple", id="odd heads"
        ),
    ],
)
def test_what_megatron_asserts_is_refused(tmp_path, option, message):
    words = ["--", *f"{MEGATRON} --train-iters 100 {option}".split()]
    done = run(tmp_path, "plan", *words)
    assert (message in done.stderr, done.returncode) == (True, 2), done.stderr
    given = done.stderr.partition("hint: ")[2]
    assert run(tmp_path, "plan", *given.split(), *words).returncode == 0


@pytest.mark.parametrize(
    ("option", "message"),
    [
        pytest.param("--batch-size 4", "batch_size is micro_batch_size now: Megatron stops", id="its batch"),
        pytest.param("--warmup 0.1", "warmup is lr_warmup_fraction now: Megatron stops", id="its warmup"),
    ],
)
def test_what_megatron_no_longer_takes_is_refused(tmp_path, option, message):
    done = run(tmp_path, "plan", "--", *f"{MEGATRON} --train-iters 100 {option}".split())
    assert (message in done.stderr, done.returncode) == (True, 2), done.stderr


def test_megatron_is_asked_for_its_micro_batch_whatever_its_batch(tmp_path):
    line = "python pretrain_gpt.py --train-iters 100 --lr 1e-3 --global-batch-size 8"
    done = run(tmp_path, "plan", "--", *line.split())
    assert ("does not say micro_batch_size" in done.stderr, done.returncode) == (True, 2), done.stderr


def test_what_megatron_asserts_of_what_nobody_knows_is_not_asked_for(tmp_path):
    (tmp_path / "a.sh").write_text(
        f"{MEGATRON} --train-iters 9 --seq-length $S --save $D --save-interval $I\n"
    )
    assert run(tmp_path, "plan", "a.sh").returncode == 0


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(
            "--use-distributed-optimizer --overlap-grad-reduce --overlap-param-gather", id="all of it"
        ),
        pytest.param("--overlap-grad-reduce --overlap-param-gather --optimizer dist_muon", id="Muon's own"),
        pytest.param("--expert-model-parallel-size 2 --num-experts 8", id="experts"),
        pytest.param("--expert-model-parallel-size 2 --num-experts $E", id="experts that nobody knows"),
        pytest.param(
            "--num-layers 5 --pipeline-model-parallel-size 2 --decoder-first-pipeline-num-layers 2",
            id="layers that are told",
        ),
        pytest.param("--hidden-size 100 --num-attention-heads 8 --kv-channels 16", id="heads of their own"),
    ],
)
def test_what_megatron_takes_is_drawn(tmp_path, options):
    (tmp_path / "a.sh").write_text(f"{MEGATRON} --train-iters 9 {options}\n")
    done = run(tmp_path, "plan", "a.sh")
    assert (done.returncode, "Megatron stops" in done.stderr) == (0, False), done.stderr


def test_phases_of_megatron_end_a_run(tmp_path):
    words = f"{MEGATRON} --train-iters 100 --phase-transition-iterations 50,20".split()
    done = run(tmp_path, "plan", "--", *words)
    assert "phase_transition_iterations 20 ends the run of 100 updates" in done.stderr
    assert "min(100, 20)" in done.stdout
