"""``plan --format toml``: the config that it writes makes the same curves, called the same."""

from __future__ import annotations

import json

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
