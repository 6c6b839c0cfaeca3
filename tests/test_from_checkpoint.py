"""Commands that go on from a checkpoint: whose options and whose schedule count then is said."""

from __future__ import annotations

import pytest
from commands import run

MM = (
    "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\ntrain_dataloader = dict(batch_size=2)\n"
    "train_cfg = dict(by_epoch=False, max_iters=9)\nresume = False\n"
    "param_scheduler = [dict(type='StepLR', by_epoch=False, step_size=3)]\n"
)
V5 = "python train.py --data d.yaml --weights yolov5s.pt --hyp hyp.scratch-low.yaml --batch-size 16"
V7 = "python train.py --data d.yaml --weights yolov7.pt --hyp hyp.scratch.p5.yaml --batch-size 16"
YOLO = "yolo train data=d.yaml model=last.pt optimizer=SGD epochs=50"
MEGATRON = "torchrun pretrain_gpt.py --train-iters 9 --lr 1e-3 --global-batch-size 8 --micro-batch-size 8"
VERL = (
    "python -m verl.trainer.main_ppo data.train_batch_size=256 actor_rollout_ref.actor.ppo_mini_batch_size=64"
    " trainer.total_epochs=2 trainer.resume_mode=resume_path trainer.resume_from_path=o/global_step_3"
)
VERL_MEGATRON = f"{VERL} actor_rollout_ref.actor.strategy=megatron"
SWITCH = "actor_rollout_ref.actor.optim.use_checkpoint_opt_param_scheduler"
TITAN = "./run_train.sh --training.steps 9"
RLHF = "deepspeed --module openrlhf.cli.train_dpo"
TIMM = "python train.py --data-dir d --model resnet50 --lr 0.1 --epochs 9 --resume x.pth"
LITGPT = "litgpt {} --train.max_seq_length 64 --train.max_tokens 9000000 --devices 1 --resume true"
FOUNDRY = "composer train.py foundry.yaml load_path=o/latest.pt"
CLM = "torchrun run_clm.py --do_train --output_dir o --max_steps 9 --per_device_train_batch_size 8"
FOUNDRY_YAML = (
    "max_duration: 9ba\nglobal_train_batch_size: 8\ntrain_loader: {}\noptimizer: {name: lionw, lr: 1e-3}\n"
    "scheduler: {name: cosine_with_warmup, t_warmup: 2ba}\n"
)
STATE = "warning: command:1: --resume: train.py: where a checkpoint is loaded, all values of the scheduler"


def planned(tmp_path, line, *words):
    (tmp_path / "mm.py").write_text(MM)
    (tmp_path / "foundry.yaml").write_text(FOUNDRY_YAML)
    (tmp_path / "d2.yaml").write_text("SOLVER: {BASE_LR: 0.01, MAX_ITER: 9, STEPS: [5], WARMUP_ITERS: 2}\n")
    return run(tmp_path, "plan", "--dataset-len", "9000", *words, "--", *line.split())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(f"{YOLO} resume=True lr0=0.05", "resume=True trains by the args.yaml", id="ultralytics"),
        pytest.param("yolo train resume model=last.pt", "resume=True trains by", id="the word alone"),
        pytest.param(f"{V5} --resume", "resume=True trains by the opt.yaml", id="yolov5"),
        pytest.param(f"{V7} --resume x.pt", "resume=x.pt trains by the opt.yaml", id="yolov7"),
    ],
)
def test_options_that_the_checkpoints_replace(line, said, tmp_path):
    done = planned(tmp_path, line)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "--given resume=false for a run that begins anew" in done.stderr
    anew = planned(tmp_path, line, "--given", "resume=false")
    assert "trains by" not in anew.stderr


@pytest.mark.parametrize(
    ("line", "file"),
    [
        pytest.param(f"{V5} --resume r/weights/last.pt", "r/opt.yaml", id="yolov5"),
        pytest.param("yolo train resume model=r/weights/last.pt", "r/args.yaml", id="ultralytics, its model"),
        pytest.param("yolo train resume=r/weights/last.pt", "r/args.yaml", id="ultralytics"),
        pytest.param(f"{V5} --resume other/last.pt", "that file", id="weights elsewhere"),
        pytest.param(f"{V5} --resume", "that file", id="no weights"),
    ],
)
def test_the_file_of_the_checkpoints_run_is_named_and_is_read(line, file, tmp_path):
    assert f"hint: give {file}, or" in planned(tmp_path, line).stderr
    hyp = "lr0: 0.01, lrf: 0.1, warmup_epochs: 3.0, warmup_bias_lr: 0.1"
    (tmp_path / "r").mkdir()
    (tmp_path / "r/opt.yaml").write_text(f"hyp: {{{hyp}}}\nepochs: 9\nbatch_size: 16\nresume: true\n")
    args = f"{hyp}, task: detect, mode: train, model: m.pt, nbs: 64, optimizer: SGD, epochs: 9, batch: 16"
    (tmp_path / "r/args.yaml").write_text(f"{{{args}}}\n")
    if file.startswith("r/"):
        done = run(tmp_path, "plan", file, "--dataset-len", "9000", "--get", "total")
        assert (done.stdout.strip().isdigit(), done.returncode) == (True, 0), done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("python tools/train.py mm.py --resume --amp", f"{STATE}", id="mmengine"),
        pytest.param(
            "python tools/train_net.py --config-file d2.yaml --resume", "another LR", id="detectron2"
        ),
        pytest.param(f"{CLM} --resume_from_checkpoint o/c", "another LR here", id="transformers"),
        pytest.param("python train.py --data-path d --resume x.pth", STATE, id="torchvision"),
        pytest.param(
            f"{MEGATRON} --load x --use-checkpoint-opt_param-scheduler",
            "its LR, minimum, warmup, decay and style are taken",
            id="megatron",
        ),
        pytest.param(VERL, "then the new curve on the old base LR", id="verl"),
        pytest.param(VERL_MEGATRON, f"begins anew: {SWITCH} is off", id="verl's Megatron"),
        pytest.param(f"{VERL_MEGATRON} {SWITCH}=true", "with the values of the checkpoint", id="its switch"),
        pytest.param(f"{RLHF} --ckpt.load_enable", "another LR here", id="openrlhf"),
        pytest.param(f"{RLHF} --load_checkpoint --train_batch_size 8", "another LR here", id="openrlhf 0.9"),
        pytest.param(
            LITGPT.format("finetune_full m").replace("--train.max_tokens 9000000", ""),
            "all values",
            id="litgpt",
        ),
        pytest.param(TIMM, "the new curve at once, on the old base LR", id="timm"),
        pytest.param(FOUNDRY, "another LR here", id="llm_foundry"),
        pytest.param(
            f"{FOUNDRY} load_weights_only=true", "load_weights_only reads no schedule", id="its weights"
        ),
        pytest.param(
            f"{TITAN} --checkpoint.exclude_from_loading lr_scheduler",
            "its steps go on and the schedule begins anew",
            id="torchtitan",
        ),
        pytest.param(f"{MEGATRON} --load x --no-load-optim", "the schedule begins anew", id="no optimizer"),
        pytest.param(f"{V5} --evolve", "with a hyp that it mutates", id="yolov5 that evolves"),
        pytest.param(f"{V7} --evolve", "with a hyp that it mutates", id="yolov7 that evolves"),
    ],
)
def test_what_comes_back_from_the_checkpoint(line, said, tmp_path):
    done = planned(tmp_path, line)
    assert done.returncode == 0, done.stderr
    assert said in done.stderr


ARGS = (
    "from transformers import Trainer, TrainingArguments\n"
    "args = TrainingArguments('o', max_steps=9, per_device_train_batch_size=8)\nt = Trainer(model, args)\n"
)


@pytest.mark.parametrize(
    ("call", "is_resumed"),
    [
        pytest.param("t.train(resume_from_checkpoint=True)", True, id="the last"),
        pytest.param("t.train('o/checkpoint-5')", True, id="by its path"),
        pytest.param("t.train(resume_from_checkpoint=last())", True, id="what a call gives"),
        pytest.param("self.t = t; self.t.train(resume_from_checkpoint=True)", True, id="of an object"),
        pytest.param("self.t.train(resume_from_checkpoint=self.args.x)", True, id="what an object has"),
        pytest.param("model.train(True)", False, id="no Trainer's"),
        pytest.param("t.train(resume_from_checkpoint=False)", False, id="no"),
        pytest.param("t.train(resume_from_checkpoint=None)", False, id="none"),
        pytest.param(
            "t.train(resume_from_checkpoint=args.resume_from_checkpoint)", False, id="as it is said"
        ),
        pytest.param(
            "last = args.resume_from_checkpoint if args.resume_from_checkpoint else None;"
            " t.train(resume_from_checkpoint=last)",
            False,
            id="as it is said, by another name",
        ),
    ],
)
def test_a_script_that_goes_on_from_a_checkpoint(call, is_resumed, tmp_path):
    (tmp_path / "t.py").write_text(f"{ARGS}{call}\n")
    done = run(tmp_path, "plan", "t.py")
    said = "note: t.py:4: train(): where a checkpoint is loaded, "
    assert (done.returncode, said in done.stderr) == (0, is_resumed), done.stderr


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{YOLO} resume=False", id="ultralytics"),
        pytest.param(f"{TIMM} --no-resume-opt", id="timm without the optimizer's state"),
        pytest.param("python tools/train.py mm.py --amp", id="a config that does not"),
        pytest.param(f"{CLM} --resume_from_checkpoint False", id="transformers"),
        pytest.param(
            "python -m scripts.base_train --depth 12 --num-iterations 9 --resume-from-step -1", id="nanochat"
        ),
        pytest.param(f"{MEGATRON} --load x", id="megatron, where they must agree"),
        pytest.param(f"{MEGATRON} --load x --override-opt_param-scheduler", id="megatron by its own"),
        pytest.param(
            f"{MEGATRON} --load x --finetune --use-checkpoint-opt_param-scheduler", id="megatron from step 0"
        ),
        pytest.param(f"{MEGATRON} --load x --finetune --no-load-optim", id="weights alone"),
        pytest.param(VERL.replace("resume_path", "auto").replace("o/global_step_3", "null"), id="verl"),
        pytest.param(VERL.replace("resume_path", "disable"), id="verl that resumes nothing"),
        pytest.param(RLHF, id="openrlhf"),
        pytest.param(LITGPT.format("pretrain m"), id="litgpt by the step"),
        pytest.param(f"{TITAN} --checkpoint.load_step 5", id="torchtitan by the step"),
        pytest.param(
            "python -m open_clip_train.main --model RN50 --train-data x{0..7}.tar --resume latest",
            id="by the step",
        ),
    ],
)
def test_nothing_comes_back_but_the_step(line, tmp_path):
    done = planned(tmp_path, line)
    assert done.returncode == 0, done.stderr
    assert "checkpoint is loaded" not in done.stderr
