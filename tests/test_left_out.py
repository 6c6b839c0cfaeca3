"""What a run goes on with where its trainer is told to leave parts of the checkpoint out."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

TIMM = "python train.py d --lr 0.1 --model r --sched cosine --epochs 10 -b 10 --warmup-epochs 0"
FOUNDRY = (
    "max_duration: 100ba\noptimizer: {name: decoupled_adamw, lr: 1.0e-4}\nglobal_train_batch_size: 10\n"
    "scheduler: {name: constant_with_warmup, t_warmup: 10ba}\ntrain_loader: {}\nload_path: x.pt\n"
)
OPTIONS = ("--resume-at", "20", "--world-size", "1", "--dataset-len", "100", "--get", "last")


@pytest.mark.parametrize(
    ("option", "base"),
    [
        pytest.param("", "old", id="all is loaded"),
        pytest.param("--no-resume-opt", "new", id="no optimizer"),
    ],
)
def test_timm_without_the_optimizer_has_the_new_lr(tmp_path, option, base):
    words = f"{TIMM} --resume x.pth {option}".split()
    done = run(tmp_path, "show", *OPTIONS, "--resume", "lr=0.3", "--", *words)
    assert f"the new curve at once, on the {base} base LR" in done.stderr


@pytest.mark.parametrize(
    ("ignored", "said"),
    [
        pytest.param("[]", "on the old base LR", id="nothing"),
        pytest.param("[state/train_metrics/*]", "on the old base LR", id="others"),
        pytest.param("[state/schedulers/*]", "on the new base LR (load_ignore_keys", id="the schedulers"),
        pytest.param("['state/sched*']", "on the new base LR (load_ignore_keys", id="by their beginning"),
        pytest.param("[state/optimizers/*]", "leaves the optimizer out", id="the optimizer"),
        pytest.param("['state/*']", "leaves the optimizer out", id="all"),
        pytest.param("[state/timestamp]", "leaves the time out", id="the time"),
    ],
)
def test_composer_without_parts_of_a_checkpoint(tmp_path, ignored, said):
    write(tmp_path / "f.yaml", f"{FOUNDRY}load_ignore_keys: {ignored}\n")
    done = run(tmp_path, "show", "f.yaml", *OPTIONS, "--resume", "optimizer.lr=3e-4")
    assert said in done.stderr


def test_the_hint_for_units_that_differ_works_when_typed(tmp_path):
    text = FOUNDRY.replace("constant_with_warmup", "cosine_with_warmup").replace("10ba}", "1280tok}")
    write(tmp_path / "f.yaml", f"{text}max_seq_len: 128\n")
    done = run(tmp_path, "plan", "f.yaml", "--world-size", "1")
    assert "hint: --given t_warmup=1ba\n" in done.stderr, done.stderr
    assert run(tmp_path, "plan", "f.yaml", "--world-size", "1", "--given", "t_warmup=1ba").returncode == 0
