"""What each trainer's own parser makes of its words: their order, how they are spelt, what it stops at."""

from __future__ import annotations

import shlex

import pytest
from commands import run
from configs import write

NANO = {
    "c.py": "lr_decay_iters = 5\nwarmup_iters = 2\n",
    "a.py": "max_iters = 100\nlr_decay_iters = 100\nwarmup_iters = 5\nlearning_rate = 1e-3\n",
    "b.py": "max_iters = 500\nlr_decay_iters = 500\n",
}


@pytest.mark.parametrize(
    ("line", "total"),
    [
        pytest.param("a.py b.py", 501, id="the last config"),
        pytest.param("b.py a.py", 101, id="the last config, the other way round"),
        pytest.param("--max_iters=7 a.py", 101, id="an option before a config that has it"),
        pytest.param("--max_iters=9 c.py", 10, id="an option before a config without it"),
        pytest.param("a.py --max_iters=99 b.py", 501, id="an option between two configs"),
        pytest.param("a.py --max_iters=99 --max_iters=98", 99, id="the last option"),
        pytest.param("--max_iters=9 a.py --max_iters=98", 99, id="an option before and behind"),
    ],
)
def test_nanogpt_takes_configs_and_options_from_left_to_right(tmp_path, line, total):
    for name, text in NANO.items():
        write(tmp_path / name, text)
    done = run(tmp_path, "plan", "--get", "total", "--", *f"python train.py {line}".split())
    assert (done.stdout, done.returncode) == (f"{total}\n", 0), done.stderr


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        pytest.param(
            "a.py --max_iters 50",
            "--max_iters without = is no option",
            "write --max_iters=50",
            id="nanoGPT, no =",
        ),
        pytest.param(
            "a.py --learning_rat=1.0",
            "learning_rat is no setting of nanogpt",
            "write --learning_rate",
            id="nanoGPT, cut short",
        ),
        pytest.param(
            "a.py --lr_decay=9",
            "lr_decay is no setting of nanogpt",
            "write --lr_decay_iters",
            id="nanoGPT, begun",
        ),
    ],
)
def test_what_nanogpts_configurator_stops_at_is_refused(tmp_path, line, message, hint):
    write(tmp_path / "a.py", NANO["a.py"])
    done = run(tmp_path, "plan", "--", *f"python train.py {line}".split())
    assert (message in done.stderr, done.returncode) == (True, 2), done.stderr
    assert f"hint: {hint}" in done.stderr


LIT = "lit.yaml"
FUSED = '{"class_path":"torch.optim.AdamW","init_args":{"lr":3e-4}}'


@pytest.mark.parametrize(
    ("line", "lr"),
    [
        pytest.param(f"--config {LIT}", "2e-4", id="the table of the config"),
        pytest.param(f"--config {LIT} --optimizer AdamW", "1e-3", id="a name replaces the table"),
        pytest.param(
            f"--config {LIT} --optimizer torch.optim.Adagrad", "0.01", id="the default of its class"
        ),
        pytest.param(f"--config {LIT} --optimizer.lr 5e-5", "2e-4", id="an lr beside init_args"),
        pytest.param(f"--config {LIT} --optimizer.init_args.lr 5e-5", "2e-4", id="no lr in init_args"),
        pytest.param(f"--optimizer.lr 5e-5 --config {LIT}", "2e-4", id="the config behind it"),
        pytest.param("ck", "1e-3", id="nothing said"),
        pytest.param("ck --optimizer.lr 5e-5 --optimizer AdamW", "1e-3", id="a name behind it"),
        pytest.param(f"ck --optimizer={FUSED}", "3e-4", id="a table in JSON"),
    ],
)
def test_litgpts_optimizer_is_what_jsonargparse_makes_of_it(tmp_path, line, lr):
    table = "optimizer:\n  class_path: torch.optim.AdamW\n  init_args:\n    lr: 2e-4\n"
    write(
        tmp_path / LIT, f"checkpoint_dir: ck\ntrain:\n  global_batch_size: 8\n  micro_batch_size: 2\n{table}"
    )
    done = run(tmp_path, "plan", "--dataset-len", "9999", "--", "litgpt", "finetune_lora", *line.split())
    assert f"optimizer.init_args.lr   {lr} " in done.stdout, done.stderr
    strays = [word for word in line.split() if word.startswith("--optimizer.")]
    assert [word for word in strays if f"{word} changes nothing" not in done.stderr] == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param(
            "ck --optimizer AdamW --optimizer.lr 6e-4", "{lr} without class_path", id="a name, its lr"
        ),
        pytest.param("ck --optimizer.init_args.lr 6e-4", "{lr} without class_path", id="an lr alone"),
        pytest.param(
            "ck --optimizer.class_path torch.optim.AdamW --optimizer.init_args.lr 6e-4",
            "{class_path, lr} without init_args",
            id="a class and an lr",
        ),
    ],
)
def test_an_optimizer_that_litgpt_stops_at_is_refused_with_one_that_runs(tmp_path, line, message):
    words = ["plan", "--dataset-len", "9999", "--", "litgpt", "finetune_lora"]
    done = run(tmp_path, *words, *line.split())
    assert (message in done.stderr, done.returncode) == (True, 2), done.stderr
    hint = shlex.split(done.stderr.partition("hint: ")[2])
    assert "optimizer.init_args.lr   6e-4 " in run(tmp_path, *words, "ck", *hint).stdout


TITAN = "--training.steps 900 --lr_scheduler.warmup_steps 10"
GROUP_LR = "--optimizer.param-groups.0.optimizer-kwargs.lr"


@pytest.mark.parametrize(
    ("line", "spec"),
    [
        pytest.param(
            "MODULE=deepseek_v3 CONFIG=deepseek_v3_671b ./run_train.sh --training.steps 30000",
            "lr=2.2e-4,steps=30000,warmup_steps=2000,total_steps=30000,decay_ratio=0.8,decay_type=cosine,"
            "min_lr_factor=0.1",
            id="variables of its script",
        ),
        pytest.param(
            "torchrun -m torchtitan.train --module llama3 --config llama3_405b",
            "lr=8e-5,steps=3000,warmup_steps=600,total_steps=3000,decay_type=linear,min_lr_factor=0.0",
            id="options of its module",
        ),
        pytest.param(
            f"MODULE=llama3 CONFIG=llama3_8b ./run_train.sh {TITAN} {GROUP_LR} 0.01",
            "lr=0.01,steps=900,warmup_steps=10,total_steps=900,decay_type=linear,min_lr_factor=0.0",
            id="options over it",
        ),
        pytest.param(
            "./run_train.sh --training.steps 40",
            "lr=8e-4,steps=40,warmup_steps=2,total_steps=40,decay_ratio=0.8,decay_type=linear,min_lr_factor=0.0",
            id="what its script takes by itself",
        ),
    ],
)
def test_a_config_that_torchtitan_registers_says_what_the_options_leave_out(tmp_path, line, spec):
    done = run(tmp_path, "plan", "--", *line.split())
    assert f'"torchtitan.LRSchedulersContainer:{spec}"' in done.stdout, done.stderr


def test_a_config_of_ones_own_is_asked_for_what_the_options_leave_out(tmp_path):
    words = ["--", *f"MODULE=mine CONFIG=big ./run_train.sh {TITAN}".split()]
    done = run(tmp_path, "plan", *words)
    left = ("optimizer.lr", "decay_ratio", "decay_type", "min_lr_factor")
    assert (done.returncode, [name for name in left if name not in done.stderr]) == (2, [])
    values = {"optimizer.lr": "1", "decay_ratio": "null", "decay_type": "sqrt", "min_lr_factor": "0"}
    names = {name: name if "." in name else f"lr_scheduler.{name}" for name in values}
    given = [word for name, value in values.items() for word in ("--given", f"{names[name]}={value}")]
    assert "decay_type=sqrt" in run(tmp_path, "plan", *given, *words).stdout


def test_the_lr_of_torchtitan_is_that_of_a_group_of_its_optimizer(tmp_path):
    words = ["plan", "--", *f"MODULE=llama3 CONFIG=llama3_8b ./run_train.sh {TITAN}".split()]
    done = run(tmp_path, *words, "--optimizer.lr", "4e-4")
    assert "lr=4e-4" in done.stdout
    option = done.stderr.partition("its LR is ")[2].partition(";")[0]
    named = run(tmp_path, *words, f"{option}=4e-4")
    assert ("lr=4e-4" in named.stdout, "optimizer.lr is no setting" in named.stderr) == (True, False)


MEGATRON = "torchrun --nproc_per_node 8 pretrain_gpt.py --lr 1e-4 --global-batch-size 8 --micro-batch-size 1"


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        pytest.param(
            f"{MEGATRON} --train_iters 100", "--train_iters is no option", "--train-iters", id="Megatron"
        ),
        pytest.param(
            f"{MEGATRON} --train-iters 100 --lr_warmup_iters=5",
            *("--lr_warmup_iters is no option", "--lr-warmup-iters"),
            id="Megatron, =",
        ),
        pytest.param(
            "deepspeed --num_gpus 2 --module openrlhf.cli.train_sft --train.batch-size 128",
            *("--train.batch-size is no option", "--train.batch_size"),
            id="OpenRLHF",
        ),
        pytest.param(
            "torchrun --nproc_per_node 2 main_pretrain.py --batch-size 4 --norm_pix_loss --mask_ratio 0.75",
            *("--batch-size is no option", "--batch_size"),
            id="MAE",
        ),
        pytest.param(
            "fairseq-train d --max_update 9", "is no option of fairseq", "--max-update", id="fairseq"
        ),
        pytest.param("python train.py --max-iters=9", "no option of nanogpt", "--max_iters", id="nanoGPT"),
        pytest.param("python train.py --num_rollout 9", "is no option of slime", "--num-rollout", id="slime"),
        pytest.param(
            "python run_glue_no_trainer.py --learning-rate 1e-3",
            *("is no option of run_glue_no_trainer", "--learning_rate"),
            id="a script without a Trainer",
        ),
        pytest.param(
            "litgpt finetune_lora ck --train.global-batch-size 8",
            *("is no option of litgpt", "--train.global_batch_size"),
            id="litgpt",
        ),
    ],
)
def test_an_option_with_dashes_that_the_parser_does_not_have_is_refused(tmp_path, line, message, hint):
    done = run(tmp_path, "plan", "--dataset-len", "10000", "--", *line.split())
    assert (message in done.stderr, done.returncode) == (True, 2), done.stderr
    assert f"hint: write {hint}" in done.stderr


def test_options_of_nanochat_with_underscores_are_of_its_first_version(tmp_path):
    line = "python -m scripts.base_train --depth=4 --num_iterations=1000"
    done = run(tmp_path, "plan", "--", *line.split())
    assert "nanochat 2025-10 is assumed" in done.stderr
    assert "round(0.2 * 1000)" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("option", "message"),
    [
        pytest.param("--iterations-to-skip 5 6 7", "3 of 100 iterations make no update", id="skipped ones"),
    ],
)
def test_iterations_that_megatron_skips_are_refused(tmp_path, option, message):
    words = ["--", *f"{MEGATRON} --train-iters 100 {option}".split()]
    done = run(tmp_path, "plan", *words)
    assert (message in done.stderr, done.returncode) == (True, 2), done.stderr
    given = done.stderr.partition("hint: ")[2].partition(" draws")[0]
    assert run(tmp_path, "plan", *given.split(), *words).returncode == 0


ESPNET = "max_epoch: 10\noptim: adam\noptim_conf: {lr: 0.001}\n"
OCR = (
    "Global: {epoch_num: 10}\nOptimizer:\n  lr: {name: Piecewise, decay_epochs: [0.6], values: [0.1, 0.01]}\n"
    "Train: {loader: {batch_size_per_card: 8}}\n"
)
ASR = "python -m espnet2.bin.asr_train --config e.yaml"
YOLO = "yolo train data=d.yaml model=m.pt optimizer=SGD nbs=8 batch=8 epochs=10 warmup_epochs=0"


@pytest.mark.parametrize(
    ("line", "total"),
    [
        pytest.param(f"{ASR} --max_ep 3", 12, id="espnet"),
        pytest.param(f"{ASR} --accum 2", 20, id="espnet, an option that its file leaves out"),
        pytest.param("python -m espnet2.bin.asr_train --conf e.yaml", 40, id="espnet's config"),
        pytest.param("python tools/train.py --conf o.yml", 40, id="PaddleOCR's config"),
        pytest.param("python tools/train.py -c o.yml --op Global.epoch_num=3", 12, id="PaddleOCR"),
    ],
)
def test_options_that_argparse_takes_cut_short(tmp_path, line, total):
    write(tmp_path / "e.yaml", ESPNET)
    write(tmp_path / "o.yml", OCR)
    done = run(
        tmp_path,
        "plan",
        "--get",
        "total",
        "--batches-per-epoch",
        "4",
        "--",
        *line.split(),
    )
    assert (done.stdout, done.returncode) == (f"{total}\n", 0), done.stderr


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        pytest.param("--grad_cl 2", "may be --grad_clip or --grad_clip_type", "--grad_clip", id="several"),
        pytest.param(
            "--max-epoch 3", "--max-epoch is no option of espnet", "--max_epoch", id="the other dash"
        ),
        pytest.param(
            "--sched_conf a=1", "sched_conf is no setting of", "--scheduler_conf", id="no beginning"
        ),
    ],
)
def test_options_that_espnets_argparse_stops_at_are_refused(tmp_path, line, message, hint):
    write(tmp_path / "e.yaml", ESPNET)
    done = run(tmp_path, "plan", "--batches-per-epoch", "4", "--", *f"{ASR} {line}".split())
    assert (message in done.stderr, done.returncode) == (True, 2), done.stderr
    assert f"hint: write {hint}" in done.stderr


def test_paddles_piecewise_changes_at_the_first_batch_behind_a_part_of_an_epoch(tmp_path):
    write(tmp_path / "o.yml", OCR)
    done = run(tmp_path, "values", "o.yml", "--batches-per-epoch", "4", "--to", "4", "--plain")
    assert done.stdout.split() == ["0.1", "0.1", "0.1", "0.01"]


@pytest.mark.parametrize(
    ("fraction", "total"),
    [
        pytest.param("0.5", 500, id="a share"),
        pytest.param("[0.5,1]", 500, id="of each split"),
        pytest.param("[80]", 100, id="a number"),
        pytest.param("[]", 1000, id="of none"),
    ],
)
def test_yolos_fraction_is_that_of_its_training_images(tmp_path, fraction, total):
    line = f"{YOLO} fraction={fraction}"
    done = run(tmp_path, "plan", "--get", "total", "--dataset-len", "800", "--", *line.split())
    assert (done.stdout, done.returncode) == (f"{total}\n", 0), done.stderr


@pytest.mark.parametrize(
    ("option", "said"),
    [
        pytest.param("--lr-scheduler cosineannealinglr", "which stops at it", id="of train.py"),
        pytest.param("--lr-warmup-epochs 5", "which stops at it", id="a warmup"),
        pytest.param("--post-training-quantize", "trains nothing", id="after the training"),
        pytest.param("--num-obs 5 --lr-st 9 --qbackend fbgemm", "", id="begun"),
    ],
)
def test_torchvisions_quantization_has_options_of_its_own(tmp_path, option, said):
    line = f"python train_quantization.py --model mobilenet_v2 {option}"
    done = run(tmp_path, "plan", "--batches-per-epoch", "9", "--args", line)
    assert (done.returncode, said in done.stderr) == (2 * bool(said), True), done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param("", "num_warmup_steps=5,num_training_steps=400,lr=2e-4", id="its own defaults"),
        pytest.param("--max_st 9 --wa 3 --learn 1.0", "steps=3,num_training_steps=9,lr=1.0", id="cut short"),
        pytest.param("--l 3", "--learning_rate or --load_in_4bit", id="several"),
        pytest.param("--warmup_ratio 0.1", "write --warmup_steps", id="an option of the Trainer alone"),
        pytest.param("--max-steps 9", "write --max_steps", id="dashes"),
    ],
)
def test_unsloths_script_has_an_argparse_of_its_own(tmp_path, options, said):
    done = run(tmp_path, "plan", "--args", f"python unsloth-cli.py {options}")
    assert said in done.stdout + done.stderr, done
