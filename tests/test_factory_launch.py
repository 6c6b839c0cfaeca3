"""LLaMA-Factory stops at several GPUs, and at DeepSpeed, of a process that torchrun did not start."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

TEXT = "stage: sft\nfinetuning_type: lora\ndo_train: true\nmax_steps: 9\n"


@pytest.mark.parametrize(
    ("line", "more", "said"),
    [
        pytest.param("CUDA_VISIBLE_DEVICES=0,1 python src/train.py", "", "2 visible GPUs", id="GPUs"),
        pytest.param("CUDA_VISIBLE_DEVICES=0 python src/train.py", "", "", id="a GPU"),
        pytest.param("CUDA_VISIBLE_DEVICES=0,1 python src/train.py", "use_cpu: true", "", id="no GPU"),
        pytest.param("CUDA_VISIBLE_DEVICES=0,1 llamafactory-cli train", "", "", id="its own launcher"),
        pytest.param("python src/train.py", "deepspeed: ds.json", "DeepSpeed", id="DeepSpeed"),
        pytest.param("torchrun src/train.py", "deepspeed: ds.json", "", id="DeepSpeed by torchrun"),
        pytest.param(
            "CUDA_VISIBLE_DEVICES=0 lmf train", "deepspeed: ds.json", "DeepSpeed", id="DeepSpeed of a GPU"
        ),
        pytest.param(
            "FORCE_TORCHRUN=1 CUDA_VISIBLE_DEVICES=0 lmf train", "deepspeed: ds.json", "", id="by force"
        ),
    ],
)
def test_a_process_without_torchrun(tmp_path, line, more, said):
    write(tmp_path / "ds.json", "{}")
    write(tmp_path / "a.yaml", TEXT + more)
    done = run(tmp_path, "plan", "--args", f"{line} a.yaml")
    assert done.returncode == (2 if said else 0), done.stderr
    assert (f"{said} without torchrun: it stops" in done.stderr) == bool(said)
    assert run(tmp_path, "plan", "--args", f"{line} a.yaml", "--world-size", "2").returncode == 0
