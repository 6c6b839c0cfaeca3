"""Sizes that share one model out must divide the processes: where they do not, the trainer stops."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

SFT = (
    "torchrun --nproc_per_node=16 -m verl.trainer.sft_trainer data.train_batch_size=96 trainer.total_epochs=2"
)
OLD = SFT.replace("sft_trainer", "fsdp_sft_trainer")
PPO = "python -m verl.trainer.main_ppo data.train_batch_size=256 trainer.total_epochs=2"
ACTOR = "actor_rollout_ref.actor"


@pytest.mark.parametrize(
    ("line", "model", "world"),
    [
        pytest.param(f"{SFT} engine.ulysses_sequence_parallel_size=3", 3, 16, id="verl's sequences"),
        pytest.param(f"{OLD} ulysses_sequence_parallel_size=3", 3, 16, id="of verl 0.7"),
        pytest.param(
            f"{SFT} engine=megatron engine.tensor_model_parallel_size=2 engine.context_parallel_size=3",
            6,
            16,
            id="verl's Megatron",
        ),
        pytest.param(f"{SFT} engine=veomni engine.ulysses_parallel_size=5", 5, 16, id="verl's VeOmni"),
        pytest.param(f"{PPO} {ACTOR}.ulysses_sequence_parallel_size=3", 3, 8, id="verl's actor"),
        pytest.param(
            f"{PPO} {ACTOR}.fsdp_config.ulysses_sequence_parallel_size=3 trainer.nnodes=2",
            3,
            16,
            id="on two nodes",
        ),
        pytest.param(
            f"{PPO} --config-name=ppo_megatron_trainer {ACTOR}.megatron.tensor_model_parallel_size=3",
            3,
            8,
            id="its actor's Megatron",
        ),
    ],
)
def test_sizes_of_one_model_divide_the_processes(line, model, world, tmp_path):
    write(tmp_path / "a.sh", line)
    done = run(tmp_path, "plan", "a.sh", "--dataset-len", "9000")
    told = f"{world} processes are no multiple of the {model} that share one model"
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert "hint: " in done.stderr


def test_processes_of_one_model_see_the_same_rows(tmp_path):
    write(tmp_path / "a.sh", f"{SFT} engine=megatron engine.tensor_model_parallel_size=4")
    done = run(tmp_path, "plan", "a.sh", "--dataset-len", "9000")
    assert "floor(floor(9000 / 4) / floor(96 / 4))" in done.stdout
