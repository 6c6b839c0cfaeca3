"""Trainers that a script makes without arguments, and those that feed several GPUs from one process."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

HEAD = "from transformers import Trainer, TrainingArguments\n"


@pytest.mark.parametrize(
    ("text", "lr", "total"),
    [
        pytest.param("from trl import SFTTrainer\nSFTTrainer(model='m', {})", "2e-5", 39, id="trl"),
        pytest.param("from trl import DPOTrainer\nDPOTrainer(m, {})", "1e-6", 39, id="trl's DPO"),
        pytest.param("from transformers import Trainer\nTrainer(m, {})", "5e-5", 39, id="transformers"),
        pytest.param(
            "import unsloth\nfrom trl import SFTTrainer\nSFTTrainer(m, {})", "5e-5", 39, id="unsloth"
        ),
        pytest.param(
            "import sentence_transformers as s\ns.CrossEncoderTrainer(m, {})",
            *("5e-5", 39),
            id="sentence_transformers",
        ),
    ],
)
def test_a_trainer_without_arguments_has_its_defaults(tmp_path, text, lr, total):
    write(tmp_path / "train.py", f"{text.format('train_dataset=rows')}.train()\n")
    rows = ("--dataset-len", "100", "--world-size", "1")
    assert run(tmp_path, "plan", "train.py", *rows, "--get", "total").stdout.split() == [str(total)]
    assert f"lr={lr}," in run(tmp_path, "plan", "train.py", *rows).stdout


@pytest.mark.parametrize(
    "call",
    [
        pytest.param("Trainer(m, args)", id="by place"),
        pytest.param("Trainer(m, args=args, train_dataset=rows)", id="by name"),
        pytest.param("Trainer(m, **kw, train_dataset=rows)", id="hidden"),
        pytest.param("Trainer(m, eval_dataset=rows)", id="nothing to train on"),
    ],
)
def test_a_trainer_whose_arguments_stand_elsewhere_has_no_defaults(tmp_path, call):
    write(tmp_path / "train.py", f"from transformers import Trainer\n{call}.train()\n")
    assert run(tmp_path, "plan", "train.py", "--dataset-len", "100", "--world-size", "1").returncode == 2


@pytest.mark.parametrize(
    ("text", "total"),
    [
        pytest.param('TrainingArguments("o", num_train_epochs=1)', 7, id="transformers"),
        pytest.param(
            'CrossEncoderTrainingArguments("o", num_train_epochs=1)',
            *(7,),
            id="sentence_transformers",
        ),
    ],
)
def test_one_process_feeds_all_the_gpus_that_its_script_sees(tmp_path, text, total):
    write(tmp_path / "train.py", f"{HEAD}args = {text}\nTrainer(model, args, train_dataset=rows).train()\n")
    line = ("env", "CUDA_VISIBLE_DEVICES=0,1", "python", "train.py")
    done = run(tmp_path, "plan", "--dataset-len", "100", "--get", "total", "--", *line)
    assert (done.stdout.split(), "batches of 16 to all" in done.stderr) == ([str(total)], True)
