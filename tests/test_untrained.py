"""Commands and files that train nothing: refused at the place that says so, with a way out that works."""

from __future__ import annotations

import pytest
from commands import run

CONFIGS = {
    "axolotl.yml": "base_model: x\nmicro_batch_size: 2\nnum_epochs: 1\nsequence_len: 8\n",
    "mm.py": "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"
    "train_cfg = dict(by_epoch=False, max_iters=9)\nparam_scheduler = []\n",
    "d2.yaml": "SOLVER: {BASE_LR: 0.01, MAX_ITER: 9, STEPS: [5], WARMUP_ITERS: 2}\n",
    "dino.yaml": "train: {OFFICIAL_EPOCH_LENGTH: 9, batch_size_per_gpu: 4}\noptim: {epochs: 9}\n",
    "lit.yaml": "trainer: {max_steps: 9}\n"
    "optimizer: {class_path: torch.optim.SGD, init_args: {lr: 0.1}}\nmodel: {}\n",
    "factory.yaml": "stage: sft\nfinetuning_type: lora\nmax_steps: 9\nlearning_rate: 1e-4\n"
    "lr_scheduler_type: linear\nper_device_train_batch_size: 1\n",
    "bridge.yaml": "train: {train_iters: 9, global_batch_size: 8}\noptimizer: {lr: 1e-3, min_lr: 0}\n"
    "scheduler: {lr_decay_style: linear, lr_warmup_iters: 4}\nvalidation: {skip_train: true}\n",
    "speech.yaml": "number_of_epochs: 2\nlr: 0.1\n"
    "opt_class: !name:torch.optim.SGD\n  lr: !ref <lr>\n"
    "epoch_counter: !new:speechbrain.utils.epoch_loop.EpochCounter\n  limit: !ref <number_of_epochs>\n",
    "titan.toml": "[job]\nconfig_file = ''\n[training]\nsteps = 9\n[optimizer]\nlr = 1e-3\n",
    "foundry.yaml": "max_duration: 9ba\nscheduler: {name: constant_with_warmup, t_warmup: 1ba}\n"
    "train_loader: {}\noptimizer: {name: decoupled_adamw, lr: 1e-3}\n",
}
CLM = "run_clm.py --output_dir o --max_steps 9 --learning_rate 1e-4 --per_device_train_batch_size 8"
MEGATRON = "pretrain_gpt.py --train-iters 9 --lr 1e-3 --global-batch-size 8 --micro-batch-size 8"
BEIT = "run_class_finetuning.py --model beit_base_patch16_224 --lr 4e-3 --epochs 9 --batch_size 64"
VAL = "verl.trainer.main_ppo data.train_batch_size=256 trainer.total_training_steps=9 trainer.val_only=true"
SWITCHES = [
    pytest.param(BEIT + " --eval", "eval=True", id="beit"),
    pytest.param("main.py --model convnext_tiny --eval true --lr 4e-3", "eval=True", id="convnext"),
    pytest.param("main_finetune.py --eval --resume x --blr 1e-3", "eval=True", id="mae"),
    pytest.param("train_net.py --config-file d2.yaml --eval-only", "eval_only=True", id="detectron2"),
    pytest.param("dinov2/train/train.py --config-file dino.yaml --eval-only", "eval_only=True", id="dinov2"),
    pytest.param(MEGATRON + " --skip-train", "skip_train=True", id="megatron"),
    pytest.param("train.py --data-path d --test-only", "test_only=True", id="torchvision"),
    pytest.param("train.py speech.yaml --test_only", "test_only=True", id="speechbrain"),
    pytest.param(
        "train.py --eval_only=True --max_iters=9 --lr_decay_iters=9", "eval_only=True", id="nanogpt"
    ),
    pytest.param("train.py --num-rollout 9 --debug-rollout-only", "debug_rollout_only=True", id="slime"),
    pytest.param(f"{CLM} --do_eval", "do_eval without do_train", id="an example that evaluates"),
    pytest.param(f"{CLM} --do_predict", "do_predict without do_train", id="an example that predicts"),
    pytest.param(f"{CLM} --do_train False", "do_train=False", id="an example told not to"),
    pytest.param(f"-m {VAL}", "trainer.val_only=true", id="verl"),
]


def refused(tmp_path, *words):
    for name, text in CONFIGS.items():
        (tmp_path / name).write_text(text)
    done = run(tmp_path, "plan", *words)
    assert (done.returncode, done.stdout) == (2, ""), done.stdout
    error, hint = done.stderr.splitlines()[-2:]
    return error, hint.removeprefix("hint: ")


@pytest.mark.parametrize(("line", "why"), SWITCHES)
def test_a_switch_that_turns_training_off(line, why, tmp_path):
    words = ["--", "torchrun", "--nproc_per_node=1", *line.split()]
    error, hint = refused(tmp_path, *words)
    assert error.endswith(f"{why} trains nothing")
    again = run(tmp_path, "plan", *hint.split(), "--dataset-len", "9000", *words)
    assert "trains nothing" not in again.stderr


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        pytest.param("axolotl evaluate axolotl.yml", "train", id="axolotl"),
        pytest.param("litgpt evaluate out/x --batch_size 4", "finetune", id="litgpt"),
        pytest.param("litgpt generate out/x --top_k 4", "finetune", id="litgpt that generates"),
        pytest.param("llamafactory-cli export factory.yaml", "train", id="llamafactory"),
        pytest.param("mim test mmdet mm.py --checkpoint x", "train", id="mim"),
        pytest.param("python main.py test --config lit.yaml", "fit", id="lightning"),
        pytest.param("python main.py validate --config lit.yaml", "fit", id="lightning that validates"),
        pytest.param("tune download meta-llama/x", "run", id="torchtune"),
        pytest.param("trl vllm-serve --model x", "sft", id="trl"),
    ],
)
def test_a_subcommand_that_trains_nothing(line, instead, tmp_path):
    error, hint = refused(tmp_path, "--", *line.split())
    assert error.endswith(" trains nothing")
    assert hint.startswith(f"write {instead} instead of ")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("python -m axolotl.cli.inference axolotl.yml", id="axolotl"),
        pytest.param("python tools/test.py mm.py x.pth", id="mmengine"),
        pytest.param("bash tools/dist_test.sh mm.py x.pth 4", id="mmengine on several"),
        pytest.param("fairseq-generate data --path x.pt --beam 5", id="fairseq"),
        pytest.param("python -m levanter.main.eval_lm --config_path x.yaml", id="levanter"),
        pytest.param("python dinov2/run/eval/knn.py --config-file dino.yaml", id="dinov2"),
        pytest.param("composer eval/eval.py foundry.yaml", id="llm_foundry"),
        pytest.param("python -m MaxText.decode base.yml steps=9", id="maxtext"),
        pytest.param("python -m openrlhf.cli.batch_inference --max_epochs 1", id="openrlhf"),
        pytest.param("python -m espnet2.bin.asr_inference --batch_size 1", id="espnet"),
    ],
)
def test_another_program_of_a_trainer(line, tmp_path):
    error, hint = refused(tmp_path, "--", *line.split())
    assert " is no training of " in error
    assert hint == "give the command that trains, behind --"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(["bridge.yaml"], "bridge.yaml:4: validation.skip_train=True", id="megatron_bridge"),
        pytest.param(["factory.yaml", "--given", "do_train=false"], "do_train=False", id="llamafactory"),
        pytest.param(["factory.yaml", "--given", "do_predict=true"], "do_predict without do_train", id="lf"),
    ],
)
def test_a_file_that_trains_nothing(words, why, tmp_path):
    assert refused(tmp_path, *words)[0].endswith(f"{why} trains nothing")


TUNE = "optimizer:\n  _component_: torch.optim.AdamW\n  lr: 1e-5\nepochs: 1\nbatch_size: 1\n"


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        pytest.param("eleuther_eval", "the recipe eleuther_eval trains nothing", id="it evaluates"),
        pytest.param("recipes/quantize.py", "the recipe quantize trains nothing", id="it quantizes"),
        pytest.param("./mine.py", "./mine.py is no recipe of torchtune's", id="of one's own"),
        pytest.param("full_finetune_distributed", "", id="it trains"),
        pytest.param("./full_finetune_mine.py", "", id="a copy"),
    ],
)
def test_the_recipe_of_torchtune(recipe, said, tmp_path):
    (tmp_path / "tune.yaml").write_text(TUNE)
    line = f"tune run --nproc_per_node 1 {recipe} --config tune.yaml"
    done = run(tmp_path, "plan", "--args", line, "--dataset-len", "99")
    assert said in done.stderr
    assert done.returncode == 2 * ("trains nothing" in said), done.stderr
    assert "recipe" not in done.stderr or said


def test_what_resumes_weights_alone_takes_no_schedule(tmp_path):
    line = "swift sft --model m --dataset d --max_steps 9 --resume_from_checkpoint c --resume_only_model {}"
    texts = [run(tmp_path, "plan", "--args", line.format(one)).stderr for one in ("true", "false")]
    assert ["it begins anew" in one for one in texts] == [True, False]
    assert ["changes nothing" in one for one in texts] == [False, True]


@pytest.mark.parametrize(
    ("own", "lr"),
    [pytest.param(', "muon_lr": 0.02', "0.02", id="its own"), pytest.param("", "0.001", id="the one")],
)
def test_the_lr_of_muon(tmp_path, own, lr):
    (tmp_path / "ds.json").write_text(
        '{"train_batch_size": 4, "optimizer": {"type": "Muon", "params": {"lr": 1e-3' + own + "}}}"
    )
    done = run(tmp_path, "show", "ds.json", "--steps", "9", "--get", "peak")
    assert done.stdout.strip() == lr, done.stderr
    assert ("run at 1e-3" in done.stderr) == bool(own)


OPEN_CLIP = "python -m open_clip_train.main --model RN50 --imagenet-val d"


@pytest.mark.parametrize(
    ("line", "stops"),
    [
        pytest.param(OPEN_CLIP, True, id="none"),
        pytest.param(f"{OPEN_CLIP} --train-data 'x{{0..7}}.tar'", False, id="data"),
        pytest.param(f"{OPEN_CLIP} --dataset-type synthetic", False, id="made up"),
    ],
)
def test_open_clip_trains_where_there_is_data(line, stops, tmp_path):
    done = run(tmp_path, "plan", "--dataset-len", "9000", "--", *line.split())
    assert ("it trains nothing without --train-data" in done.stderr) == stops


def test_batches_that_open_clip_fills_by_tokens_are_asked_for(tmp_path):
    line = f"{OPEN_CLIP} --dataset-type synthetic --train-num-samples 9000 --use-naflex"
    done = run(tmp_path, "plan", "--world-size", "1", "--", *line.split())
    assert (done.returncode, "give --batches-per-epoch" in done.stderr) == (2, True), done.stderr


MINE = "from transformers import HfArgumentParser, Trainer, TrainingArguments\n"
PARSED = "args, = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()\n"
LOOKS = "if args.do_train:\n    Trainer(args=args).train()\n"
DOES_NOT = "Trainer(args=args).train()\n"


@pytest.mark.parametrize(
    ("name", "text", "more", "code", "said"),
    [
        pytest.param(
            "run_clm.py", "", "", 0, "without do_train it trains nothing: taken to be true", id="left out"
        ),
        pytest.param("run_clm.py", "", "--do_train --do_eval", 0, "", id="both"),
        pytest.param(
            "mine.py", "", "--do_eval", 0, "trains nothing where the script", id="a script not here"
        ),
        pytest.param("mine.py", "", "", 0, "", id="a script not here without any"),
        pytest.param("mine.py", MINE + PARSED + LOOKS, "--do_eval", 2, "do_eval without", id="it looks"),
        pytest.param("mine.py", MINE + PARSED + DOES_NOT, "--do_eval", 0, "", id="it does not look"),
    ],
)
def test_scripts_that_may_look_at_do_train(name, text, more, code, said, tmp_path):
    if text:
        (tmp_path / name).write_text(text)
    line = ["torchrun", "--nproc_per_node=1", *CLM.replace("run_clm.py", name).split(), *more.split()]
    done = run(tmp_path, "plan", "--", *line)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert ("trains nothing" in done.stderr) == bool(said)


SCRIPT = """import argparse, os, sys
from transformers import TrainingArguments, Trainer
from mine import rows
p = argparse.ArgumentParser()
p.add_argument("--mode", default="train")
p.add_argument("--eval_only", action="store_true")
a = p.parse_args()
args = TrainingArguments("o", learning_rate=1e-4, max_steps=9)
t = Trainer(model=None, args=args)
"""
BRANCHES = {
    "an else": "if a.eval_only:\n    t.evaluate()\nelse:\n    t.train()\n",
    "the other way": "if not a.eval_only:\n    t.train()\n",
    "an exit": "if a.eval_only:\n    t.evaluate()\n    sys.exit()\nt.train()\n",
    "a return": "def main():\n    if a.eval_only:\n        return\n    t.train()\nmain()\n",
    "a function": "def fit():\n    t.train()\nif not a.eval_only:\n    fit()\n",
    "a text": "if a.mode == 'train' and not a.eval_only:\n    t.train()\n",
}


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        pytest.param("", "no line trains with t of line 9 of t.py", id="a Trainer without a training"),
        pytest.param(
            "def main():\n    t.train()\n", "main in line 10 of t.py trains, and no", id="a function"
        ),
        pytest.param(
            "def fit():\n    t.train()\ndef main():\n    fit()\n", "main in line 12", id="one that calls it"
        ),
        pytest.param(
            "class Run:\n    def go(self):\n        t.train()\nRun()\n", "go in line 11", id="a method"
        ),
        pytest.param("def main():\n    t.train()\nmain()\n", "", id="a function that is called"),
        pytest.param("def main():\n    t.train()\nstart(main)\n", "", id="a function that is handed on"),
        pytest.param("@app.run\ndef main():\n    t.train()\n", "", id="a function that is decorated"),
        pytest.param(
            "class Run(Task):\n    def go(self):\n        t.train()\nRun()\n", "", id="a method of a task"
        ),
        pytest.param(
            "class Run:\n    def go(self):\n        t.train()\nFire(Run)\n", "", id="a class handed on"
        ),
        pytest.param("def made():\n    return t\n", "", id="a Trainer that is returned"),
        pytest.param("t.train_all()\n", "", id="a method of its own"),
    ],
)
def test_a_training_that_no_line_reaches_is_said(tmp_path, rest, said):
    (tmp_path / "t.py").write_text(SCRIPT + rest)
    done = run(tmp_path, "plan", "--args", "python t.py", "--batch-size", "8")
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr
    assert ("taken to be" in done.stderr) == bool(said)


LOOP = "while rows():\n    t.train()\n    t.evaluate()\n"
FIT = "def fit(seed):\n    t.train()\n"


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        pytest.param(LOOP, "line 11 is told: the loop in line 10 may train again", id="a loop"),
        pytest.param(
            f"{FIT}for one in rows():\n    fit(one)\n",
            "one training of line 11 is told: the loop in line 12 may train again",
            id="a function called in a loop",
        ),
        pytest.param(
            f"{FIT}fit(1)\nfit(2)\nfit(3)\n",
            "one training of line 11 is told: the calls of fit in lines 12, 13 and 14 may train again",
            id="a function called again",
        ),
        pytest.param(f"{FIT}fit(1)\ndef mp(i):\n    fit(i)\nfor _ in rows(): pass\n", "", id="once"),
    ],
)
def test_a_training_that_may_be_one_of_several_is_said(tmp_path, rest, said):
    (tmp_path / "t.py").write_text(SCRIPT + rest)
    done = run(tmp_path, "plan", "--args", "python t.py", "--batch-size", "8")
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr
    assert ("may train again" in done.stderr) == bool(said)


@pytest.mark.parametrize(
    ("made", "code", "said"),
    [
        pytest.param("TrainingArguments('o', max_steps=9)", 2, "as a.do_train is here, no line", id="off"),
        pytest.param("TrainingArguments('o', max_steps=9, do_train=True)", 0, "", id="on"),
        pytest.param(
            "HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()[0]",
            0,
            "without do_train it trains nothing: taken to be true",
            id="parsed",
        ),
    ],
)
def test_do_train_in_a_script(tmp_path, made, code, said):
    text = f"from transformers import *\na = {made}\nif a.do_train:\n    Trainer(model, a).train()\n"
    (tmp_path / "t.py").write_text(text)
    options = ("--batch-size", "8", "--dataset-len", "80", "--world-size", "1")
    done = run(tmp_path, "plan", "t.py", *options)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    given = run(tmp_path, "plan", "t.py", *options, "--given", "do_train=true")
    assert (given.returncode, "do_train" in given.stderr) == (0, False), given.stderr


@pytest.mark.parametrize("branch", BRANCHES.values(), ids=BRANCHES)
def test_a_condition_of_a_script_that_leads_past_its_training(tmp_path, branch):
    (tmp_path / "t.py").write_text(SCRIPT + branch)
    line = SCRIPT.count("\n") + branch[: branch.index("if ")].count("\n") + 1
    error, _ = refused(tmp_path, "--args", "python t.py --eval_only")
    assert error.startswith(f"error: t.py:{line}: as ")
    assert error.endswith("is here, no line that trains is run")
    trained = run(tmp_path, "plan", "--args", "python t.py", "--batch-size", "8")
    assert trained.returncode == 0
    assert "trains or not" not in trained.stderr


@pytest.mark.parametrize(
    ("branch", "is_said"),
    [
        pytest.param("if rows():\n    t.train()\n", True, id="one way"),
        pytest.param("if rows():\n    t.train(True)\nelse:\n    t.train()\n", False, id="both ways"),
        pytest.param("t.train()\nif rows():\n    t.train()\n", False, id="before it"),
        pytest.param("if rows():\n    t.evaluate()\nt.train()\n", False, id="behind it"),
    ],
)
def test_a_condition_that_nobody_knows_is_said(tmp_path, branch, is_said):
    (tmp_path / "t.py").write_text(SCRIPT + branch)
    done = run(tmp_path, "plan", "--args", "python t.py", "--batch-size", "8")
    assert done.returncode == 0
    assert ("trains or not by rows() in line" in done.stderr) == is_said
