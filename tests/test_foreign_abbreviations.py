"""Options of launch lines that are cut short, as argparse takes them, and whose they are."""

from __future__ import annotations

import pytest
from commands import run
from configs import write


@pytest.mark.parametrize(
    ("trainer", "line"),
    [
        ("nanochat", "python -m scripts.base_train --depth 4 --num-iter 9 --total-b 65536"),
    ],
)
def test_options_may_be_cut_short_as_argparse_takes_them(tmp_path, trainer, line):
    done = run(tmp_path, "plan", "--args", line, "--trainer", trainer, "--get", "total")
    assert done.stdout == "9\n", done.stderr


@pytest.mark.parametrize(
    ("option", "others"),
    [
        pytest.param("--use", "--use-cache or --use-cpu", id="a setting and options that move no LR"),
        pytest.param("--optim_t m", "", id="one option"),
        pytest.param("--out o", "", id="none that begins as a setting does"),
    ],
)
def test_an_option_cut_short_may_be_any_that_begins_so(tmp_path, option, others):
    line = f"python t.py --do_train --max_steps 9 --learning_rate 1.0 --lr_scheduler_type linear {option}"
    done = run(tmp_path, "plan", "--args", line, "--get", "total")
    assert (done.returncode, done.stdout) == ((2, "") if others else (0, "9\n")), done.stderr
    assert others in done.stderr


WITH_CONFIG = {
    "d2.yaml": "SOLVER: {MAX_ITER: 9, STEPS: [6], REFERENCE_WORLD_SIZE: 2}\n",
    "sb.yaml": "lr: 1.0\nnumber_of_epochs: 2\nlr_annealing: !new:speechbrain.nnet.schedulers.NoamScheduler\n"
    "    lr_initial: 1.0\n    n_warmup_steps: 3\n",
    "mm.py": "train_cfg = dict(by_epoch=False, max_iters=9)\n"
    "optim_wrapper = dict(optimizer=dict(type='SGD', lr=1.0))\nparam_scheduler = []\n",
}
D2 = "python tools/train_net.py"
MM = "bash tools/dist_train.sh mm.py 8"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(f"{D2} --config d2.yaml --num-gpus 2", "9", id="detectron2, a file"),
        pytest.param(f"{D2} --conf=d2.yaml --num-gpus 2", "9", id="detectron2, a file behind ="),
        pytest.param(f"{D2} --num-gpu 1 --config-file d2.yaml", "18", id="detectron2, a number"),
        pytest.param(f"{D2} --re --config d2.yaml --num-gpus 2", "9", id="detectron2, a switch"),
        pytest.param(f"{D2} --config d2.yaml --eval", "eval_only=True", id="detectron2, what trains nothing"),
        pytest.param(f"{D2} --config d2.yaml --num 1", "--num-gpus or --num-machines", id="detectron2, two"),
        pytest.param(f"{MM} --cfg-option train_cfg.max_iters=5", "5", id="mmengine, pairs"),
        pytest.param(f"{MM} --auto", "base_batch_size is lacking", id="mmengine, a switch"),
        pytest.param(f"{MM} --a", "--amp or --auto-scale-lr", id="mmengine, two"),
        pytest.param(f"{MM} --ampp", "did you mean --amp?", id="mmengine, none"),
        pytest.param(f"{MM} --options a=1", "--given options=yes", id="mmengine, one of MMCV 1"),
        pytest.param(
            "fairseq-train d --arch x --max-update 9 --lr-sched fixed", "lr_scheduler?", id="fairseq, none"
        ),
        pytest.param("python train.py sb.yaml --optimizer_step 9", "9", id="speechbrain"),
        pytest.param("python run_glue_no_trainer.py --max_train_st 9", "9", id="no_trainer"),
        pytest.param("python run_glue_no_trainer.py --max_train 9", "9", id="no_trainer, of this script"),
        pytest.param(
            "python run_summarization_no_trainer.py --dataset_config 3 --max_train_steps 9",
            *("9",),
            id="no_trainer, another's goes on",
        ),
        pytest.param(
            "python run_qa_no_trainer.py --max_train 9", "or --max_train_steps", id="no_trainer, two"
        ),
        pytest.param(
            "python run_glue_no_trainer.py --max_train_samples 9",
            *("is no option of run_glue_no_trainer.py",),
            id="no_trainer, another's",
        ),
    ],
)
def test_what_is_cut_short_beside_a_config_is_read_in_full_or_refused(tmp_path, line, said):
    for name, text in WITH_CONFIG.items():
        write(tmp_path / name, text)
    done = run(tmp_path, "plan", "--get", "total", "--", *line.split())
    assert (said in done.stdout + done.stderr, done.returncode) == (True, 0 if said.isdigit() else 2), done


@pytest.mark.parametrize(
    ("script", "option", "said"),
    [
        pytest.param("run_glue_no_trainer.py", "--max_length", "accelerate_no_trainer 5", id="no_trainer"),
        pytest.param("run_clm.py", "--max_length", "transformers 5", id="an example of the Trainer"),
        pytest.param("open_instruct/finetune.py", "--packing", "open-instruct 2", id="open-instruct"),
        pytest.param("trl/scripts/sft.py", "--num_warmup_steps", "no setting of trl 1", id="TRL's own"),
        pytest.param("tune.py", "--max_length", "which method of trl 1", id="a name of nobody"),
    ],
)
def test_the_name_of_a_script_says_whose_its_options_are(tmp_path, script, option, said):
    line = f"python {script} --num_train_epochs 1 --per_device_train_batch_size 8 {option} 9"
    done = run(tmp_path, "plan", "--dataset-len", "90", "--world-size", "1", "--", *line.split())
    assert said in (done.stderr if done.returncode else done.stdout.splitlines()[0]), done.stderr
