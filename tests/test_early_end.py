"""Settings with which a metric may end a run before its last update are said, with their place."""

from __future__ import annotations

import pytest
from commands import run

LIT = (
    "trainer:\n  max_steps: 9\n  callbacks: [{class_path: lightning.pytorch.callbacks.NAME}]\n"
    "optimizer: {class_path: torch.optim.SGD, init_args: {lr: 0.1}}\nmodel: {}\n"
)
MM = (
    "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\nparam_scheduler = []\n"
    "train_cfg = dict(by_epoch=False, max_iters=9)\ncustom_hooks = [dict(type=NAME)]\n"
)
AXOLOTL = "base_model: x\nmicro_batch_size: 2\nmax_steps: 9\nsequence_len: 8\nlearning_rate: 1e-4\n"
FACTORY = (
    "stage: sft\nfinetuning_type: lora\ndo_train: true\nmax_steps: 9\nlearning_rate: 1e-4\n"
    "lr_scheduler_type: linear\nper_device_train_batch_size: 1\n"
)
ESPNET = "optim: adam\noptim_conf: {lr: 0.1}\nmax_epoch: 9\nnum_iters_per_epoch: 9\n"
YOLO = "task: detect\nmode: train\noptimizer: SGD\nlr0: 0.1\nepochs: 200\nbatch: 16\n"
MEGATRON = "python pretrain_gpt.py --train-iters 9 --lr 1e-3 --global-batch-size 8 --micro-batch-size 8"
BRIDGE = (
    "optimizer: {lr: 1e-3}\nscheduler: {lr_decay_style: cosine}\ntrain:\n"
    "  train_iters: 9\n  global_batch_size: 8\n"
)
NEMO = "model:\n  train_ds: {batch_size: 4}\n  optim: {lr: 1.0, sched: {name: CosineAnnealing}}\n"
V5 = "python train.py --data d.yaml --weights yolov5s.pt --hyp hyp.scratch-low.yaml --batch-size 16"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param(
            "l.yaml",
            LIT.replace("NAME", "EarlyStopping"),
            "l.yaml:3: trainer.callbacks: the callback lightning.pytorch.callbacks.EarlyStopping",
            id="lightning",
        ),
        pytest.param(
            "m.py",
            MM.replace("NAME", "'EarlyStoppingHook'"),
            "m.py:4: custom_hooks: EarlyStop",
            id="mmengine",
        ),
        pytest.param(
            "m.py",
            "from mmengine.hooks import EarlyStoppingHook\n" + MM.replace("NAME", "EarlyStoppingHook"),
            "m.py:5: custom_hooks: EarlyStop",
            id="mmengine, a class",
        ),
        pytest.param(
            "m.py",
            MM.replace("NAME", "'EMAHook'") + "default_hooks = dict(early=dict(type='EarlyStoppingHook'))\n",
            "m.py:5: default_hooks: EarlyStop",
            id="mmengine, by default",
        ),
        pytest.param(
            "a.yml",
            AXOLOTL + "early_stopping_patience: 3\nsave_steps: 100\neval_steps: 100\nval_set_size: 0.1\n",
            "early_stopping_patience=3",
            id="axolotl",
        ),
        pytest.param("f.yaml", FACTORY + "early_stopping_steps: 2\n", "f.yaml:8: early", id="llamafactory"),
        pytest.param(
            "e.yaml", ESPNET + "patience: 4\n", "warning: e.yaml:5: patience: patience=4", id="espnet"
        ),
        pytest.param("y.yaml", YOLO + "patience: 20\n", "warning: y.yaml:7: patience", id="ultralytics"),
        pytest.param("y.yaml", YOLO, "note: y.yaml: patience=100", id="ultralytics by default"),
        pytest.param(
            "m.sh", f"{MEGATRON} --exit-duration-in-mins 30\n", "exit_duration_in_mins=30", id="megatron"
        ),
        pytest.param(
            "b.yaml", f"{BRIDGE}  exit_duration_in_mins: 30\n", "b.yaml:6: train.exit_dur", id="its bridge"
        ),
        pytest.param("v.sh", f"{V5} --epochs 300\n", "note: v.sh: patience=100", id="yolov5"),
    ],
)
def test_what_may_end_a_run_is_said(name, text, said, tmp_path):
    (tmp_path / name).write_text(text)
    done = run(tmp_path, "plan", name, "--world-size", "1", "--dataset-len", "9000")
    assert done.returncode == 0, done.stderr
    (line,) = [one for one in done.stderr.splitlines() if "it may end before the last of these steps" in one]
    assert said in line


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("l.yaml", LIT.replace("NAME", "ModelCheckpoint"), id="another callback"),
        pytest.param("m.py", MM.replace("NAME", "'EMAHook'"), id="another hook"),
        pytest.param("a.yml", AXOLOTL + "early_stopping_patience:\n", id="nothing behind it"),
        pytest.param("e.yaml", ESPNET + "patience: null\n", id="null"),
        pytest.param("y.yaml", YOLO + "patience: 0\n", id="a patience without end"),
        pytest.param("y.yaml", YOLO + "patience: 200\n", id="a patience as long as the run"),
    ],
)
def test_what_ends_no_run(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    done = run(tmp_path, "plan", name, "--world-size", "1", "--dataset-len", "9000")
    assert done.returncode == 0, done.stderr
    assert "it may end before" not in done.stderr


def test_a_time_that_may_end_a_run_of_nemo_is_said(tmp_path):
    (tmp_path / "n.yaml").write_text(f"{NEMO}trainer: {{max_steps: 9, max_time: '00:03:00:00'}}\n")
    done = run(tmp_path, "plan", "n.yaml")
    assert "trainer.max_time: the run may end before, when max_time is over" in done.stderr


def test_a_time_that_alone_ends_a_run_of_lightning_tells_no_length(tmp_path):
    text = (
        "# lightning.pytorch==2.4.0\nseed_everything: 1\ntrainer: {max_time: '00:01:00:00'}\n"
        "model: {class_path: a.B}\noptimizer: {class_path: torch.optim.SGD, init_args: {lr: 0.02}}\n"
        "lr_scheduler: {class_path: torch.optim.lr_scheduler.StepLR, init_args: {step_size: 3}}\n"
    )
    (tmp_path / "l.yaml").write_text(text)
    words = ["plan", "l.yaml", "--world-size", "1", "--batch-size", "4", "--dataset-len", "900"]
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert "max_time alone ends it" in done.stderr
    assert "--steps 1000" in done.stderr
    done = run(tmp_path, *words, "--steps", "1000")
    assert done.returncode == 0, done.stderr
