"""``plan --format toml``: the config that it writes makes the same curves, called the same."""

from __future__ import annotations

import json
import shlex

import pytest
from commands import FOREIGN, ROOT, run

PHASES = "phases:phase=[torch.LinearLR(start_factor=0.01,for=10%),torch.CosineAnnealingLR()],lr=1e-3"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["cosine:lr=1,warmup=6%", "--steps", "100"], id="a short name"),
        pytest.param(["cosine:lr=1,label=mine", "wsd:lr=1", "--steps", "100"], id="two, one with a label"),
        pytest.param([PHASES, "--steps", "100"], id="phases"),
        pytest.param(['linear:lr=1,groups="a b"(scale=1),c(scale=0.1)', "--steps", "9"], id="groups"),
        pytest.param([str(ROOT / "sample_configs" / "cooldowns.toml")], id="branches"),
        pytest.param(["OneCycleLR(optimizer, max_lr=0.1, total_steps=50)"], id="a pasted call"),
    ],
)
def test_it_reads_back(tmp_path, words):
    (tmp_path / "same.toml").write_bytes(run(tmp_path, "plan", *words, "--format", "toml").output)
    first, second = (
        json.loads(run(tmp_path, "show", *some, "--format", "json").stdout)["curves"]
        for some in (words, ["same.toml"])
    )
    kept = ("label", "steps", "first", "peak", "peak_at", "last", "mean")
    assert [[one[key] for key in kept] for one in first] == [[one[key] for key in kept] for one in second]


@pytest.mark.parametrize(
    ("file", "more", "warmup"),
    [
        pytest.param("megatron/wsd_weight_decay.sh", [], "50", id="a ramp that includes its end"),
        pytest.param("open_clip/constant_old.sh", [], "49", id="a ramp that ends a step early"),
        pytest.param("torchvision/small_retinanet.sh", [], "49", id="a function"),
        pytest.param("llm_foundry/ba_constant.yaml", ["--warmup", "7"], "7", id="an option beside it"),
    ],
)
def test_its_warmup_is_counted_as_the_file_counts_it(tmp_path, file, more, warmup):
    path = FOREIGN / file
    case = next(
        one
        for one in json.loads((path.parent / "cases.json").read_text()).values()
        if one["file"] == path.name
    )
    (tmp_path / "same.toml").write_bytes(
        run(tmp_path, "plan", str(path), *case["options"], "--format", "toml").output
    )
    done = run(tmp_path, "plan", "same.toml", *more, "--get", "warmup")
    assert (done.stdout, done.returncode) == (f"{warmup}\n", 0), done.stderr


METRIC = ["--dataset-len", "1000", "--given"]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("metric=noisy", id="a kind"),
        pytest.param("metric=noisy(seed=3,until=0.9)", id="a kind with parameters"),
        pytest.param("metrics=m.csv:loss", id="a recorded one"),
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        pytest.param("train.py data --sched plateau --epochs 30 --lr 0.1 --patience-epochs 2", id="timm"),
        pytest.param(
            "a.py --output_dir o --lr_scheduler_type reduce_lr_on_plateau --num_train_epochs 30"
            " --eval_strategy epoch",
            id="transformers",
        ),
    ],
)
def test_a_metric_that_is_given_stands_in_the_config_and_in_the_same(tmp_path, line, given):
    rows = "".join(f"{i},{1 + i}\n" for i in range(1, 31))
    (tmp_path / "m.csv").write_text(f"epoch,loss\n{rows}")
    (tmp_path / "a.sh").write_text(f"python {line}\n")
    words = ["a.sh", *METRIC, given]
    (tmp_path / "same.toml").write_bytes(run(tmp_path, "plan", *words, "--format", "toml").output)
    same = run(tmp_path, "plan", *words).stdout.rpartition("the same: ")[2]
    shown = [words, ["same.toml"], shlex.split(same)[2:]]
    lasts = {run(tmp_path, "show", *some, "--get", "mean").stdout for some in shown}
    assert len(lasts) == 1, lasts
    assert "" not in lasts
