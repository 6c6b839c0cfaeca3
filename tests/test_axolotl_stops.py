"""axolotl: what it is told beside its file, and what its schema stops at."""

from __future__ import annotations

import re

import pytest
from commands import run


@pytest.mark.parametrize(
    ("line", "said", "code"),
    [
        pytest.param(
            "axolotl train {} --sweep s.yaml", "makes a run of each of its permutations", 2, id="sweep"
        ),
        pytest.param("axolotl train {} --num-epoch 2", "num_epoch is no setting of axolotl", 2, id="a slip"),
        pytest.param(
            "accelerate launch -m axolotl.cli.train {} --num-epoch 2",
            "did you mean num_epochs",
            0,
            id="module",
        ),
        pytest.param("axolotl train {} --no-debug --mixed_precision bf16", "", 0, id="of accelerate"),
        pytest.param("axolotl train {} --learning_rate 1", "write --learning-rate", 2, id="underscores"),
        pytest.param("axolotl train {} --output_dir=o", "write --output-dir", 2, id="one that moves no LR"),
        pytest.param(
            "axolotl train {} --gradient_accumulation_steps 2",
            "hands it to its launcher",
            2,
            id="accelerate's too",
        ),
        pytest.param(
            "accelerate launch -m axolotl.cli.train {} --learning_rate 1", "", 0, id="of its module"
        ),
        pytest.param(
            "axolotl train {} --rl simpo --warmup-ratio 0.1",
            "warmup_ratio does not go with rl: simpo",
            2,
            id="a share of SimPO",
        ),
        pytest.param("axolotl train {} --rl simpo --warmup-steps 2", "", 0, id="steps of SimPO"),
        pytest.param(
            "axolotl train {} --batch-size 4 --gradient-accumulation-steps 2",
            "only one of gradient_accumulation_steps and batch_size",
            2,
            id="two batches",
        ),
        pytest.param("axolotl train {} --batch-size 4", "", 0, id="one batch"),
        pytest.param(
            "axolotl train {} --streaming --val-set-size 0.1",
            "val_set_size beside streaming",
            2,
            id="rows held out of a stream",
        ),
        pytest.param(
            "axolotl train {} --optimizer muon --deepspeed deepspeed_configs/zero2.json",
            "muon does not go with deepspeed",
            2,
            id="muon",
        ),
        pytest.param(
            "axolotl train {} --optimizer adamw_torch --deepspeed deepspeed_configs/zero2.json",
            "",
            0,
            id="another optimizer",
        ),
        pytest.param(
            "axolotl train {} --optimizer flash_adamw --deepspeed deepspeed_configs/zero2.json",
            "flash_adamw does not go with",
            2,
            id="flash",
        ),
        pytest.param(
            "axolotl train {} --optimizer q_galore_adamw8bit --adapter lora",
            "does not go with adapter",
            2,
            id="q_galore",
        ),
        pytest.param(
            "axolotl train {} --optimizer polora --adapter lora --embedding-lr 1e-5",
            "does not go with embedding_lr",
            2,
            id="polora",
        ),
        pytest.param("axolotl train {} --optimizer polora", "polora needs an adapter", 2, id="polora alone"),
    ],
)
def test_what_axolotl_is_told_beside_its_file(tmp_path, line, said, code):
    (tmp_path / "a.yaml").write_text(
        "base_model: m\nlearning_rate: 1e-4\nmicro_batch_size: 1\nmax_steps: 9\n"
    )
    options = ("--dataset-len", "99", "--world-size", "1")
    done = run(tmp_path, "plan", "--args", line.format("a.yaml"), *options)
    assert (said in done.stderr, done.returncode) == (True, code), done.stderr
    assert said or "no setting" not in done.stderr


GROUPS = (
    "base_model: m\nlearning_rate: 1e-4\nmicro_batch_size: 1\nmax_steps: 9\nlr_groups:\n"
    "- {{name: q, modules: [q_proj], lr: 2e-5}}\n- {{name: g{}, lr: 3e-5}}\n{}\n"
)


@pytest.mark.parametrize(
    ("modules", "more", "said", "names"),
    [
        pytest.param(", modules: [k_proj]", "", "", "weights q g", id="weights"),
        pytest.param(
            ", modules: [embed_tokens, lm_head]",
            "",
            "nothing is left for the group g",
            "weights q",
            id="none",
        ),
        pytest.param(
            ", modules: [lm_head]",
            "embedding_lr: 1e-6",
            "lm_head has embedding_lr, as all embeddings",
            "weights embeddings q",
            id="beside an LR of embeddings",
        ),
        pytest.param(
            ", modules: [input_layernorm]", "", "nothing is left for the group g", "weights q", id="norm"
        ),
        pytest.param(", modules: [k_proj, lm_head]", "", "lm_head", "weights q g", id="a part"),
        pytest.param("", "", "modules", "", id="of no modules"),
        pytest.param(", modules: [k_proj]", "optimizer: sinkgd", "sinkgd gives every", "", id="all lost"),
    ],
)
def test_a_group_of_axolotl_holds_what_no_other_takes(tmp_path, modules, more, said, names):
    (tmp_path / "a.yaml").write_text(GROUPS.format(modules, more))
    done = run(tmp_path, "plan", "a.yaml", "--world-size", "1", "--dataset-len", "99")
    assert said in done.stderr, done.stderr
    assert bool(done.stdout) == (done.returncode == 0) == (modules != "")
    groups = re.findall(r"(\w+)\(", done.stdout.partition(",groups=")[2])
    assert " ".join(groups) == names, done.stdout


TWO_FSDP = "fsdp_config: {state_dict_type: FULL_STATE_DICT}\nfsdp_version: 2\n"
GRPO = "rl: grpo\ngradient_accumulation_steps: 4\ntrl: {num_generations: 4"
RELORA = "relora: true\njagged_restart_steps: 5\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("rl: dpo\nsample_packing: true", "sample_packing does not go with rl", id="packed DPO"),
        pytest.param("save_steps: 5\nsave_strategy: steps\neval_strategy: no", "", id="saved by steps"),
        pytest.param("save_steps: 5\nsave_strategy: epoch", "save_steps is beside save_strategy", id="saves"),
        pytest.param("saves_per_epoch: 2\nsave_steps: 5", "saves_per_epoch is beside", id="two saves"),
        pytest.param("evals_per_epoch: 2\neval_steps: 5", "evals_per_epoch is beside", id="two evaluations"),
        pytest.param(
            "eval_steps: 5\nevaluation_strategy: epoch",
            "eval_steps is beside eval_strategy",
            id="its old name",
        ),
        pytest.param(
            "evals_per_epoch: 2\neval_strategy: epoch",
            "evals_per_epoch is beside",
            id="evaluations of epochs",
        ),
        pytest.param("val_set_size: 0\neval_steps: 5", "eval_steps is beside val_set_size=0", id="no rows"),
        pytest.param("val_set_size: 0.0\nevals_per_epoch: 1", "", id="no rows, an epoch's"),
        pytest.param("eval_steps: 5\neval_strategy: 'no'", "eval_strategy=no", id="no evaluation"),
        pytest.param("val_set_size: 0\neval_strategy: 'no'", "", id="no evaluation of no rows"),
        pytest.param("eval_steps: 5", "", id="rows unsaid"),
        pytest.param(
            "val_set_size: 0\neval_steps: 5\ntest_datasets: [{path: d}]", "", id="rows of a test set"
        ),
        pytest.param("early_stopping_patience: 3", "needs save_steps and eval_steps", id="patience alone"),
        pytest.param(
            "early_stopping_patience: 3\nsave_steps: 5\neval_steps: 2",
            "a multiple of eval_steps=2",
            id="between",
        ),
        pytest.param("early_stopping_patience: 3\nsave_steps: 4\neval_steps: 2", "", id="patience"),
        pytest.param("optimizer: muon\nfsdp: [full_shard]", "version 2 of FSDP alone", id="muon, FSDP"),
        pytest.param(f"optimizer: muon\n{TWO_FSDP}", "", id="muon, FSDP 2"),
        pytest.param(
            "optimizer: q_galore_adamw8bit\nfsdp_config: {fsdp_version: 1}", "version 2 of FSDP", id="within"
        ),
        pytest.param(f"optimizer: adamw_bnb_8bit\n{TWO_FSDP}", "adamw_torch_8bit", id="8 bits"),
        pytest.param("optimizer: adamw_bnb_8bit\nfsdp_config: {reshard: true}", "", id="8 bits, FSDP 1"),
        pytest.param(
            "optimizer: adamw_8bit\ntensor_parallel_size: 2", "tensor_parallel_size does not", id="tensors"
        ),
        pytest.param(RELORA, "ReLoRA needs an adapter", id="ReLoRA alone"),
        pytest.param(f"{RELORA}adapter: lora", "", id="ReLoRA"),
        pytest.param(
            f"{RELORA}adapter: lora\n{TWO_FSDP}", "ReLoRA does not go with fsdp_config", id="shared"
        ),
        pytest.param("relora_steps: 5", "relora_steps is of an older axolotl", id="older ReLoRA"),
        pytest.param(f"{GRPO}}}", "", id="GRPO"),
        pytest.param(
            f"{GRPO[:-1]}3}}", "--given gradient_accumulation_steps=3", id="GRPO of groups that are not whole"
        ),
    ],
)
def test_what_axolotl_stops_at(tmp_path, text, said):
    base = "base_model: m\ndatasets: [{path: d}]\nlearning_rate: 1e-4\nmicro_batch_size: 2\nmax_steps: 9\n"
    (tmp_path / "a.yaml").write_text(base + text + "\n")
    done = run(tmp_path, "plan", "a.yaml", "--dataset-len", "99", "--world-size", "1")
    stops = bool(said) and "older" not in said
    assert (said in done.stderr, done.returncode) == (True, 2 if stops else 0), done.stderr
    assert said or "stops" not in done.stderr


@pytest.mark.parametrize(
    ("given", "world", "is_right"),
    [
        pytest.param("", 2, True, id="a group for each process"),
        pytest.param("", 4, False, id="none for some"),
        pytest.param("gradient_accumulation_steps=8", 4, True, id="as it is told"),
        pytest.param("trl.generation_batch_size=16", 4, True, id="a batch of its own"),
        pytest.param("trl.generation_batch_size=8", 4, False, id="too small a batch of its own"),
    ],
)
def test_axolotl_wants_a_group_of_completions_for_each_process(tmp_path, given, world, is_right):
    (tmp_path / "a.yaml").write_text(
        f"base_model: m\ndatasets: [{{path: d}}]\nlearning_rate: 1e-4\nmicro_batch_size: 2\n{GRPO}}}\n"
    )
    options = ["--given", given] if given else []
    done = run(tmp_path, "plan", "a.yaml", "--dataset-len", "99", "--world-size", str(world), *options)
    assert (done.returncode, "whole groups of 4" in done.stderr) == ((0, False) if is_right else (2, True))
