"""``${a.b}`` in a trainer's file: what stands there once all that is laid over the file is."""

from __future__ import annotations

import pytest
from commands import run

MPT = """\
variables: {lr: 6.0e-4, length: 1000, floor: 0.2}
max_duration: ${variables.length}ba
train_loader: {name: text, dataset: {split: train}, drop_last: true}
scheduler: {name: cosine_with_warmup, t_warmup: 100ba, alpha_f: "${variables.floor}"}
optimizer: {name: decoupled_adamw, lr: "${variables.lr}"}
model: {name: mpt_causal_lm}
global_train_batch_size: 256
"""
TUNE = """\
base_lr: 1e-4
size: 4
batch_size: ${size}
epochs: 2
gradient_accumulation_steps: 1
optimizer: {_component_: torch.optim.AdamW, lr: "${base_lr}"}
dataset: {_component_: torchtune.datasets.alpaca_dataset, packed: false}
"""
NEMO = """\
rate: 1e-3
length: 50
model: {optim: {name: adamw, lr: "${rate}", sched: {name: CosineAnnealing, warmup_steps: 10, min_lr: 0}}}
trainer: {max_steps: "${length}", devices: 1, num_nodes: 1}
exp_manager: {}
"""
RL = """\
grpo:
  {num_prompts_per_step: 32, num_generations_per_prompt: 16, max_num_epochs: 1, max_num_steps: 500, low: 7}
policy:
  train_global_batch_size: 128
  optimizer: {name: torch.optim.AdamW, kwargs: {lr: 5e-6}}
  scheduler: {name: torch.optim.lr_scheduler.CosineAnnealingLR, kwargs: {T_max: 9, eta_min: "${grpo.low}"}}
"""
COMPOSER, TUNED = "composer train.py c.yaml", "tune run full_finetune_single_device --config c.yaml"
GPT = "python megatron_gpt_pretraining.py --config-path . --config-name c"
ROWS = ("--dataset-len", "1000", "--world-size", "1")


@pytest.mark.parametrize(
    ("text", "options", "command", "expected"),
    [
        pytest.param(MPT, (), COMPOSER, ("lr=6e-4", "steps=1000", "alpha_f=0.2"), id="as the file has it"),
        pytest.param(
            MPT,
            (),
            f"{COMPOSER} variables.lr=1e-3 variables.length=500 variables.floor=0.3",
            ("lr=1e-3", "steps=500", "alpha_f=0.3"),
            id="of llm-foundry, within a text and a table too",
        ),
        pytest.param(TUNE, ROWS, f"{TUNED} base_lr=5e-4 size=8", ("lr=5e-4", "steps=250"), id="torchtune"),
        pytest.param(NEMO, (), f"{GPT} rate=3e-3 length=70", ("lr=3e-3", "steps=70"), id="nemo"),
        pytest.param(
            RL,
            ROWS,
            "uv run examples/run_grpo.py --config c.yaml grpo.low=1e-7",
            ("eta_min=1e-7",),
            id="nemo-rl, in a table of a table",
        ),
    ],
)
def test_what_a_file_refers_to_is_that_a_command_lays_over_it(text, options, command, expected, tmp_path):
    (tmp_path / "c.yaml").write_text(text)
    done = run(tmp_path, "plan", *options, "--", *command.split())
    spec = done.stdout.rpartition("the same: ")[2]
    assert [one for one in expected if one not in spec] == []
    assert "passes over" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("variables", "asked"),
    [
        pytest.param("{lr: '${variables.lr}', length: 9}", "variables.lr", id="itself"),
        pytest.param("{lr: 1, length: 'x${variables.length}'}", "variables.length", id="in a text"),
        pytest.param(
            "{lr: '${variables.b}', b: '${variables.lr}', length: 9}", "variables.lr", id="in a circle"
        ),
    ],
)
def test_what_refers_to_itself_is_asked_for(variables, asked, tmp_path):
    lines = [f"variables: {variables}", *MPT.splitlines()[1:]]
    (tmp_path / "c.yaml").write_text("\n".join(lines).replace('"${variables.floor}"', "0.1"))
    done = run(tmp_path, "plan", "c.yaml")
    assert done.returncode == 2
    assert f"--given {asked}=VALUE" in done.stderr
