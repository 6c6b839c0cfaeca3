"""LLaMA-Factory stops at settings that do not go together, whatever each is alone."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

FULL = "finetuning_type: full"
GALORE, APOLLO = f"{FULL}\nuse_galore: true", f"{FULL}\nuse_apollo: true"
BY_LAYER = f"{GALORE}\ngalore_layerwise: true"
TORCHRUN, TWO = "torchrun --nproc_per_node 2 src/train.py", ["--world-size", "2"]


def planned(tmp_path, text, options=(), line=""):
    write(tmp_path / "ds.json", "{}")
    write(tmp_path / "a.yaml", f"model_name_or_path: m\ntemplate: x\ndo_train: true\n{text}\n")
    words = ["--args", f"{line} a.yaml"] if line else ["a.yaml"]
    length = [] if "max_steps" in text else ["--steps", "9"]
    return run(tmp_path, "plan", "--trainer", "llamafactory", *length, *options, *words)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        pytest.param("use_galore: true", [], "use_galore is for finetuning_type=full", id="GaLore and LoRA"),
        pytest.param(f"{APOLLO}\nuse_badam: true", [], "use_badam is beside use_apollo", id="two methods"),
        pytest.param(
            f"{BY_LAYER}\ngradient_accumulation_steps: 8",
            [],
            "gradient_accumulation_steps=8",
            id="accumulated",
        ),
        pytest.param(BY_LAYER, TWO, "galore_layerwise is for one process alone", id="in two processes"),
        pytest.param(
            f"{APOLLO}\napollo_layerwise: true",
            TWO,
            "apollo_layerwise is for one",
            id="APOLLO in two processes",
        ),
        pytest.param(
            f"{FULL}\nuse_badam: true\nbadam_mode: ratio",
            TWO,
            "badam_mode is ratio",
            id="BAdam in two processes",
        ),
        pytest.param(f"{GALORE}\ndeepspeed: ds.json", TWO, "use_galore is beside deepspeed", id="DeepSpeed"),
        pytest.param(f"{FULL}\nloraplus_lr_ratio: 16", [], "loraplus_lr_ratio is for", id="LoRA+ without it"),
        pytest.param(f"{FULL}\nuse_dora: true", [], "use_dora is for", id="DoRA without LoRA"),
        pytest.param(f"{FULL}\nadapter_name_or_path: a", [], "adapter_name_or_path is for", id="an adapter"),
        pytest.param(f"{FULL}\nquantization_bit: 4", [], "quantization_bit is for", id="quantized"),
        pytest.param("quantization_bit: 4\npissa_init: true", [], "pissa_init is not", id="PiSSA quantized"),
        pytest.param(
            "stage: dpo\npissa_init: true", [], "pissa_init is not for stage=dpo", id="PiSSA in DPO"
        ),
        pytest.param(
            "stage: dpo\nneat_packing: true", [], "neat_packing is for stage=sft", id="packed pairs"
        ),
        pytest.param(
            "stage: rm\nload_best_model_at_end: true", [], "is not for stage=rm", id="the best of RM"
        ),
        pytest.param(
            "stage: dpo\npref_loss: ipo\ndpo_label_smoothing: 0.1", [], "pref_loss=sigmoid", id="smoothed"
        ),
        pytest.param(
            "mask_history: true\ntrain_on_prompt: true", [], "beside train_on_prompt", id="mask and prompt"
        ),
        pytest.param("streaming: true\nmax_samples: 9", [], "max_samples is beside", id="streamed samples"),
        pytest.param("streaming: true\nval_size: 0.1", [], "val_size is a share", id="a share of a stream"),
        pytest.param(
            "streaming: true\nmax_steps: -1",
            ["--dataset-len", "9"],
            "streaming needs max_steps",
            id="a stream",
        ),
        pytest.param(
            "dataset: a,b\nmix_strategy: interleave_over\ninterleave_probs: 0.1,0.2,0.7",
            [],
            "3 numbers for 2 data sets",
            id="probabilities",
        ),
        pytest.param(
            "eval_strategy: steps", [], "eval_strategy needs eval_dataset", id="no rows to evaluate"
        ),
    ],
)
def test_settings_that_do_not_go_together(tmp_path, text, options, said):
    done = planned(tmp_path, text, options)
    assert (done.returncode, said in done.stderr, ": it stops" in done.stderr) == (2, True, True), done.stderr


@pytest.mark.parametrize(
    ("text", "options"),
    [
        pytest.param(BY_LAYER, ["--world-size", "1"], id="one process"),
        pytest.param(f"{GALORE}\ngradient_accumulation_steps: 8", TWO, id="not by layers"),
        pytest.param(
            "galore_layerwise: true\ngradient_accumulation_steps: 8", TWO, id="layers without GaLore"
        ),
        pytest.param(f"{FULL}\nuse_badam: true", [], id="BAdam"),
        pytest.param("quantization_bit: 4", [], id="QLoRA"),
        pytest.param("stage: dpo\npref_loss: simpo\npissa_init: true", [], id="without a reference"),
        pytest.param("streaming: true\nval_size: 10", [], id="rows of a stream"),
        pytest.param("eval_strategy: steps\nval_size: 0.1", [], id="rows to evaluate"),
        pytest.param("eval_strategy: 'no'", [], id="no evaluation"),
    ],
)
def test_settings_that_go_together(tmp_path, text, options):
    done = planned(tmp_path, text, options)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("line", "stops"),
    [
        pytest.param(TORCHRUN, True, id="torchrun"),
        pytest.param("torchrun --nproc_per_node 1 src/train.py", True, id="torchrun of one"),
        pytest.param("CUDA_VISIBLE_DEVICES=0 llamafactory-cli train", False, id="one GPU"),
        pytest.param("CUDA_VISIBLE_DEVICES=0,1 llamafactory-cli train", True, id="two GPUs"),
    ],
)
def test_processes_that_its_launcher_starts(tmp_path, line, stops):
    done = planned(tmp_path, BY_LAYER, line=line)
    assert ("for one process alone" in done.stderr) is stops, done.stderr
    assert done.returncode == (2 if stops else 0)
