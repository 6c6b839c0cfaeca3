"""Programs that start their own processes: as many as their devices and nodes say, whatever starts them."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

FILES = {
    "nemo.yaml": "model:\n  optim: {lr: 0.001, sched: {name: CosineAnnealing, warmup_ratio: 0.1}}\n"
    "  train_ds: {batch_size: 5}\ntrainer: {devices: -1, max_epochs: 3}\n",
    "fit.yaml": "trainer: {max_epochs: 3}\ndata: {init_args: {batch_size: 5}}\n",
    "lit.yaml": "train: {global_batch_size: 40, micro_batch_size: 5, max_tokens: 4800, max_seq_length: 8,\n"
    "  lr_warmup_steps: 1}\nmodel_name: m\n",
}
NEMO = "python train.py --config-path=. --config-name=nemo"
FIT = "python main.py fit --config fit.yaml --optimizer=Adam --optimizer.lr=1e-3"
LIT = "litgpt pretrain --config lit.yaml"


@pytest.mark.parametrize(
    ("line", "total"),
    [
        pytest.param(f"{NEMO} trainer.devices=4", 15, id="NeMo: devices of the line"),
        pytest.param(f"{NEMO} trainer.devices=[0,1] +trainer.num_nodes=2", 15, id="NeMo: a list, and nodes"),
        pytest.param(f"srun --ntasks 4 {NEMO}", 15, id="NeMo: srun's"),
        pytest.param(f"{NEMO} +trainer.accelerator=cpu", 60, id="NeMo: the CPU is one"),
        pytest.param(NEMO, "--world-size", id="NeMo: all there are"),
        pytest.param(f"{FIT} --trainer.devices=4", 15, id="Lightning: devices of the line"),
        pytest.param(f"{FIT} --trainer.devices='\"4\"'", 15, id="Lightning: a number as text"),
        pytest.param(f"{FIT} --trainer.devices=4,", 60, id="Lightning: a list of one"),
        pytest.param(FIT, "--world-size", id="Lightning: all there are"),
        pytest.param(f"{LIT} --devices 4 --num_nodes 2", 15, id="LitGPT: devices of the line"),
        pytest.param(f"{LIT} --devices auto", "--world-size", id="LitGPT: auto"),
        pytest.param(LIT, "--world-size", id="LitGPT: all there are"),
    ],
)
def test_a_program_starts_as_many_as_its_devices(tmp_path, line, total):
    for name, text in FILES.items():
        write(tmp_path / name, text)
    length = [] if line.startswith("litgpt") else ["--dataset-len", "100"]
    done = run(tmp_path, "plan", *length, "--args", line, "--get", "total")
    if isinstance(total, int):
        assert (done.stdout, done.returncode) == (f"{total}\n", 0), done.stderr
    else:
        assert (done.returncode, done.stderr.count(total)) == (2, 1), done.stdout + done.stderr
