"""What torchtune's recipes differ in, and the words behind them."""

from __future__ import annotations

import pytest
from commands import run

COSINE = "torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup"
FILE = f"""\
optimizer: {{_component_: torch.optim.AdamW, lr: 3e-4, fused: true}}
lr_scheduler: {{_component_: {COSINE}, num_warmup_steps: 100}}
batch_size: 2
epochs: 1
max_steps_per_epoch: null
gradient_accumulation_steps: 8
"""
PLAN = "tensor_parallel_plan._component_=torchtune.models.llama3.base_llama_tp_plan"
FULL, LORA = "full_finetune_distributed", "lora_finetune_distributed"
ALONE = "lora_finetune_single_device"
DISTILLED = "knowledge_distillation_distributed --config a.yaml gradient_accumulation_steps=1"


def _plan(folder, line, *options):
    (folder / "a.yaml").write_text(FILE)
    words = f"tune run {line}".split()
    return run(folder, "plan", "--dataset-len", "20001", *options, "--", *words)


@pytest.mark.parametrize(
    ("version", "line", "total"),
    [
        pytest.param("0.6.1", f"--nproc_per_node 2 {LORA} --config a.yaml", 625, id="all processes"),
        pytest.param("0.6.1", f"{ALONE} --config a.yaml", 1250, id="one process"),
        pytest.param(
            "0.6.1",
            f"--nproc_per_node 2 {LORA} --config a.yaml tensor_parallel_dim=2",
            625,
            id="not LoRA's yet",
        ),
        pytest.param(
            "0.7",
            f"--nproc_per_node 2 {LORA} --config a.yaml context_parallel_dim=2",
            1250,
            id="LoRA's of 0.7",
        ),
        pytest.param(
            "0.6.1",
            f"--nproc_per_node 8 {FULL} --config a.yaml tensor_parallel_dim=2 optimizer.fused=False {PLAN}",
            312,
            id="tensor parallel",
        ),
        pytest.param(
            "0.7",
            f"--nproc_per_node 8 {FULL} --config a.yaml tensor_parallel_dim=2 {PLAN}",
            312,
            id="fused since 0.7",
        ),
        pytest.param(
            "0.6.1",
            f"--nproc_per_node 8 {FULL} --config a.yaml context_parallel_dim=2",
            156,
            id="no context yet",
        ),
        pytest.param(
            "0.7",
            f"--nproc_per_node 8 {FULL} --config a.yaml context_parallel_dim=2",
            312,
            id="context since 0.7",
        ),
        pytest.param(
            "0.6.1",
            "--nproc_per_node 8 full_dpo_distributed --config a.yaml tensor_parallel_dim=2",
            156,
            id="DPO shares no model",
        ),
        pytest.param(
            "0.6.1",
            f"--nproc_per_node 2 {DISTILLED}",
            5001,
            id="the last batch is kept",
        ),
        pytest.param(
            "0.7",
            f"--nproc_per_node 2 {DISTILLED}",
            5000,
            id="and dropped since 0.7",
        ),
    ],
)
def test_the_updates_of_a_recipe(tmp_path, version, line, total):
    done = _plan(tmp_path, line, "--trainer", f"torchtune@{version}", "--get", "total")
    assert (done.returncode, done.stdout) == (0, f"{total}\n"), done.stderr


@pytest.mark.parametrize(
    ("version", "recipe", "is_cosine"),
    [
        ("0.6.1", "qat_distributed", False),
        ("0.7", "qat_distributed", True),
        ("0.7", "dev/early_exit_finetune_distributed", False),
        ("0.6.1", "qat_lora_finetune_distributed", True),
    ],
)
def test_a_recipe_that_reads_no_schedule_keeps_its_lr(tmp_path, version, recipe, is_cosine):
    line = f"--nproc_per_node 2 {recipe} --config a.yaml"
    done = _plan(tmp_path, line, "--trainer", f"torchtune@{version}")
    shape = f"torchtune.{COSINE.rpartition('.')[2]}" if is_cosine else "transformers.constant"
    assert (done.returncode, f'lrviz show "{shape}:' in done.stdout) == (0, True), done.stdout + done.stderr
    assert is_cosine or version != "0.7" or "reads no lr_scheduler" in done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            f"--nproc_per_node 2 {LORA} --config a.yaml lr_scheduler=torch.optim.lr_scheduler.StepLR",
            "command:1: torch.optim.lr_scheduler.StepLR is not read",
            id="a class in its table's place",
        ),
        pytest.param(
            f"--nproc_per_node 2 {LORA} --config a.yaml --epochs 3", "hint: epochs=3\n", id="an option"
        ),
        pytest.param(
            f"--nproc_per_node 2 {FULL} --config a.yaml ~lr_scheduler",
            "takes no component out",
            id="taken out",
        ),
        pytest.param(
            f"--nproc_per_node 2 {ALONE} --config a.yaml",
            "runs in one process: tune run stops",
            id="processes",
        ),
        pytest.param(
            f"--nproc_per_node 8 {FULL} --config a.yaml tensor_parallel_dim=2",
            "tensor_parallel_dim without a tensor_parallel_plan",
            id="no plan",
        ),
        pytest.param(
            f"--nproc_per_node 8 {FULL} --config a.yaml tensor_parallel_dim=2 {PLAN}",
            "a fused optimizer with tensor parallelism",
            id="fused",
        ),
        pytest.param(
            f"{ALONE} --config a.yaml max_steps_per_epoch=-1", "makes a schedule of no steps", id="no limit"
        ),
    ],
)
def test_what_stops_a_recipe(tmp_path, line, said):
    done = _plan(tmp_path, line)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
