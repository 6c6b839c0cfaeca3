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


TITAN = """[training]
steps = 9
local_batch_size = 4
global_batch_size = 36
[optimizer]
lr = 0.1
[parallelism]
tensor_parallel_degree = 2
"""
RL = """policy:
  {train_global_batch_size: 32, optimizer: {kwargs: {lr: 1}}, dtensor_cfg: {tensor_parallel_size: 2}}
grpo: {num_prompts_per_step: 8, num_generations_per_prompt: 8, max_num_steps: 9}
cluster: {gpus_per_node: 8, num_nodes: 2}
"""
OWN_GPUS = "generation: {colocated: {enabled: false, resources: {num_nodes: 1}}}"


@pytest.mark.parametrize(
    ("old", "new", "words", "said"),
    [
        pytest.param("", "", ["--world-size", "8"], "36 is no multiple of 4 * 4,", id="the batch"),
        pytest.param("", "", ["--world-size", "6"], "", id="a multiple"),
        pytest.param("", "", ["--world-size", "3"], "3 processes are no multiple of the 2", id="degrees"),
        pytest.param("36", "50", [], "50 is no multiple of 4 * 1,", id="for any processes"),
        pytest.param("36", "-1", ["--world-size", "8"], "", id="no accumulation"),
        pytest.param(
            "tensor_p",
            "data_parallel_shard_degree = 2\ntensor_p",
            ["--world-size", "8"],
            "8 processes are not the 4",
            id="not all processes",
        ),
        pytest.param("36", "50\n[fault_tolerance]\nenable = true", [], "", id="torchft"),
    ],
)
def test_torchtitan_s_degrees_and_batches_come_out_even(old, new, words, said, tmp_path):
    write(tmp_path / "a.toml", TITAN.replace(old, new))
    done = run(tmp_path, "plan", "a.toml", *words)
    assert (done.returncode, said in done.stderr) == (2 * bool(said), True), done.stderr


def test_run_train_of_torchtitan_starts_eight_processes(tmp_path):
    write(tmp_path / "a.toml", TITAN)
    stopped = run(tmp_path, "plan", "--args", "CONFIG_FILE=a.toml ./run_train.sh")
    assert "36 is no multiple of 4 * 4," in stopped.stderr
    assert run(tmp_path, "plan", "--args", "CONFIG_FILE=a.toml NGPU=6 ./run_train.sh").returncode == 0


def test_run_train_of_torchtitan_makes_one_step_to_try_a_config(tmp_path):
    write(tmp_path / "a.toml", TITAN)
    line = "COMM_MODE=fake_backend CONFIG_FILE=a.toml NGPU=6 ./run_train.sh --training.steps 8"
    assert "training.steps  = 1\n" in run(tmp_path, "plan", "--args", line).stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("", "", "", id="even"),
        pytest.param("size: 32", "size: 48", "64 samples of a step are no multiple of", id="a step"),
        pytest.param("size: 2}", "size: 3}", "16 GPUs are no multiple of the 3", id="one model"),
        pytest.param(
            "nodes: 2", "nodes: 6", "is no multiple of the 24 data-parallel processes", id="a batch"
        ),
        pytest.param("nodes: 2", "nodes: 3", "is no multiple of the 12 data-parallel", id="all nodes"),
        pytest.param("nodes: 2}", f"nodes: 3}}\n#{OWN_GPUS}", "the 12 data-parallel", id="in a comment"),
        pytest.param("dtensor", f"{OWN_GPUS}, dtensor", "", id="nodes that generate"),
    ],
)
def test_a_step_of_nemo_rl_is_whole_batches_of_its_processes(old, new, said, tmp_path):
    text = RL.replace(old, new)
    write(tmp_path / "a.yaml", text.replace("nodes: 2", "nodes: 3") if new.startswith(OWN_GPUS) else text)
    done = run(tmp_path, "plan", "a.yaml", "--dataset-len", "900")
    assert (done.returncode, said in done.stderr) == (2 * bool(said), True), done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("--num-gpus 5", "IMS_PER_BATCH=16 is no multiple of the 5 processes", id="its default"),
        pytest.param("--num-gpus 8 SOLVER.IMS_PER_BATCH 12", "12 is no multiple of the 8", id="a batch"),
        pytest.param("--num-gpus 4", "", id="even"),
        pytest.param("", "", id="one process"),
    ],
)
def test_a_batch_of_detectron2_is_shared_out_evenly(words, said, tmp_path):
    write(tmp_path / "a.yaml", "SOLVER: {BASE_LR: 0.02, MAX_ITER: 900, STEPS: [600], WARMUP_ITERS: 10}")
    done = run(tmp_path, "plan", "--args", f"python tools/train_net.py --config-file a.yaml {words}")
    assert (done.returncode, said in done.stderr) == (2 * bool(said), True), done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("device=0,1", "found out by trying, on one GPU alone: with 2 it stops", id="of two"),
        pytest.param("device=0", "does not say the batch size", id="of one"),
    ],
)
def test_a_batch_that_ultralytics_finds_out_is_of_one_gpu(words, said, tmp_path):
    done = run(tmp_path, "plan", "--args", f"yolo detect train data=c.yaml batch=-1 {words}")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


FOUNDRY = """optimizer: {name: decoupled_adamw, lr: 1.0}
scheduler: {name: cosine_with_warmup, t_warmup: 2ba}
train_loader: {name: text}
max_duration: 9ba
"""
OLMO = """optimizer: {name: adamw, learning_rate: 1.0e-3}
scheduler: {name: cosine_with_warmup, t_warmup: 10}
tokenizer: {identifier: x}
run_name: a
model: {d_model: 8}
max_duration: 100
"""


@pytest.mark.parametrize("batch", [96, 100])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(FOUNDRY, "composer -n 8 train/train.py a.yaml", id="llm-foundry"),
        pytest.param(OLMO, "torchrun --nproc_per_node 8 scripts/train.py a.yaml", id="olmo"),
    ],
)
def test_a_global_batch_is_shared_out_evenly(text, line, batch, tmp_path):
    write(tmp_path / "a.yaml", f"{text}global_train_batch_size: {batch}\n")
    done = run(tmp_path, "plan", "--args", line)
    stops = f"global_train_batch_size={batch} is no multiple of the 8 processes"
    assert (done.returncode, stops in done.stderr) == (2 * (batch % 8 > 0), batch % 8 > 0), done.stderr
