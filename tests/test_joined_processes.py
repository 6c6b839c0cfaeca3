"""What a launcher starts of a trainer: one run, or several, by the variables that the trainer looks for."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

CONFIG = "train_dataloader = dict(batch_size=2)\nparam_scheduler = []\ntrain_cfg = dict(max_epochs=1)\n"
FILES = {
    "detector.py": f"optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n{CONFIG}",
    "fit.yaml": "trainer: {max_epochs: 1}\ndata: {init_args: {batch_size: 5}}\n",
    "ocr.yml": "Global: {epoch_num: 1}\nOptimizer: {name: Adam, lr: {name: Cosine, learning_rate: 0.1}}\n"
    "Train: {loader: {batch_size_per_card: 5, drop_last: true}}\n",
    "tune.yaml": "tokenizer: {max_seq_len: 9}\ndataset: {_component_: torchtune.datasets.alpaca_dataset}\n"
    "batch_size: 5\nepochs: 1\ngradient_accumulation_steps: 1\n"
    "optimizer: {_component_: torch.optim.AdamW, lr: 0.1}\n"
    "lr_scheduler: {_component_: torchtune.training.get_cosine_schedule_with_warmup, num_warmup_steps: 1}\n",
}
MAE = "main_pretrain.py --batch_size 5 --epochs 1 --warmup_epochs 0 --lr 0.1"
BEIT = "run_class_finetuning.py --batch_size 5 --epochs 1 --warmup_epochs 0 --lr 0.1 --finetune b"
DINO = "main_dino.py --arch vit_small --batch_size_per_gpu 5 --epochs 1 --warmup_epochs 0"
TIMM = "train.py data --model m -b 5 --epochs 1 --sched cosine --lr 0.1 --warmup-epochs 0"
CLIP = "-m open_clip_train.main --train-data d.csv --batch-size 5 --epochs 1 --lr 0.1 --warmup 1"
VISION = "train.py --data-path d --model m --batch-size 5 --epochs 1 --lr-scheduler cosineannealinglr"
HF = "run_clm.py --output_dir o --do_train --per_device_train_batch_size 5 --num_train_epochs 1"
OCR, FIT = "tools/train.py -c ocr.yml", "main.py fit --config fit.yaml --optimizer=Adam --optimizer.lr=0.1"
MM, TUNE = "tools/train.py detector.py", "recipes/lora_finetune_distributed.py --config tune.yaml"
IMAGE = "srun -n 4 --container-image=nvcr.io#nvidia/pytorch python"
APART, STOPS, TAKEN = "runs of one process each", "it stops", "is taken to set"
ROWS = [
    (f"torchrun --nproc_per_node 4 {MAE}", 10, ""),
    (f"srun -n 4 python {MAE}", 10, STOPS),
    (f"srun -n 4 python {MAE} --world_size 4", 10, ""),
    (f"srun -n 4 python {MAE} --world_size 2", 10, STOPS),
    (f"mpirun -n 4 python {MAE}", 40, APART),
    (f"mpirun -n 4 python {MAE} --dist_on_itp", 10, ""),
    (f"mpirun -n 4 -x RANK=0 python {MAE}", 10, ""),
    (f"{IMAGE} {MAE}", 10, TAKEN),
    (f"srun -n 4 python {BEIT}", 10, STOPS),
    (f"mpirun -n 4 python {BEIT}", 40, APART),
    (f"srun -n 4 python {DINO}", 10, STOPS),
    (f"horovodrun -np 4 python {DINO}", 40, APART),
    (f"srun -n 4 python {VISION}", 10, STOPS),
    (f"srun -n 4 python {VISION} --world-size 4", 10, ""),
    (f"mpirun -n 4 python {VISION}", 40, APART),
    (f"srun -n 4 python {TIMM}", 10, ""),
    (f"mpirun -n 4 python {TIMM}", 40, APART),
    (f"srun -n 4 python {CLIP}", 10, ""),
    (f"jsrun -n 4 python {CLIP}", 40, APART),
    (f"torchrun --nproc_per_node 4 {OCR}", 40, APART),
    (f"python -m paddle.distributed.launch --gpus 0,1,2,3 {OCR}", 10, ""),
    (f"srun -n 4 python {TUNE}", 10, STOPS),
    (f"{IMAGE} {TUNE}", 10, TAKEN),
    (f"srun -n 4 python {HF}", 40, APART),
    (f"srun -n 4 --export=ALL,LOCAL_RANK=0 python {HF}", 10, ""),
    (f"mpiexec -n 4 -genv LOCAL_RANK 0 python {HF}", 10, ""),
    (f"{IMAGE} {HF}", 10, TAKEN),
    (f"srun -n 4 python {FIT} --trainer.devices 4", 10, STOPS),
    (f"srun -N 2 --ntasks-per-node 2 python {FIT} --trainer.devices 2 --trainer.num_nodes 2", 10, ""),
    (f"srun -N 1 -n 4 --ntasks-per-node=4 python {FIT}", 10, ""),
    (f"torchrun --nproc_per_node 4 {FIT}", 10, ""),
    (f"torchrun --nproc_per_node 4 {FIT} --trainer.devices 1", 40, APART),
    (f"mpirun -n 8 python {FIT} --trainer.devices 4", 10, ""),
    (f"srun -n 4 python {MM} --launcher slurm", 25, ""),
    (f"srun -n 4 python {MM} --launcher pytorch", 25, STOPS),
    (f"mpirun -n 4 python {MM} --launcher mpi", 25, ""),
    (f"srun -n 4 python {MM}", 100, ""),
]


@pytest.mark.parametrize(("line", "total", "said"), [pytest.param(*row, id=row[0]) for row in ROWS])
def test_what_is_one_run(tmp_path, line, total, said):
    for name, text in FILES.items():
        write(tmp_path / name, text)
    done = run(tmp_path, "plan", "--dataset-len", "200", "--args", line, "--get", "total")
    assert (done.stdout, done.returncode) == (f"{total}\n", 0), done.stderr
    assert [text for text in (APART, STOPS, TAKEN) if text in done.stderr] == [said] * bool(said), done.stderr


@pytest.mark.parametrize(("tasks", "number"), [("-n 4", "4"), ("-n $N", "N")])
def test_how_many_are_told_is_as_the_launcher_says(tmp_path, tasks, number):
    write(tmp_path / "run.sh", f"srun {tasks} python {HF}\n")
    done = run(tmp_path, "plan", "--dataset-len", "200", "run.sh")
    assert f"or tell lrviz --world-size {number} if it sets LOCAL_RANK itself\n" in done.stderr, done.stderr
