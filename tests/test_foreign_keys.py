"""Keys that a trainer does not have: what it does with them is said, or stops the plan too."""

from __future__ import annotations

import re

import pytest
from commands import run
from configs import write

SFT = "output_dir: o\nmodel_name_or_path: m\nmax_length: 9\nlogging_steps: 1\nmax_steps: 9\n"


@pytest.mark.parametrize("line", ["learn_rate: 1.0", "frobnicate: 1", "per-device-train-batch-size: 4"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("sft.yaml", SFT, id="trl"),
        pytest.param("lf.yaml", "stage: sft\nfinetuning_type: lora\nmax_steps: 9\n", id="llamafactory"),
    ],
)
def test_a_key_that_stops_the_trainer_stops_its_plan(tmp_path, name, text, line):
    write(tmp_path / name, text + line)
    words = ["--args", "trl sft --config sft.yaml --num_processes 1"] if name == "sft.yaml" else [name]
    stopped = run(tmp_path, "plan", *words)
    assert (stopped.returncode, "which stops at it" in stopped.stderr) == (2, True), stopped.stderr
    assert f"{name}:{len((text + line).splitlines())}: {line.partition(':')[0]}" in stopped.stderr
    (given,) = re.findall(r"--given \S+", stopped.stderr)
    assert run(tmp_path, "plan", *words, *given.split()).returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "from trl import SFTConfig\nSFTConfig(output_dir='o', learn_rate=1e-4, max_steps=9)",
            "a.py:2: learn_rate is no setting of trl",
            id="a keyword",
        ),
        pytest.param(
            "from transformers import TrainingArguments\n"
            "args = TrainingArguments(output_dir='o', max_steps=9)\nargs.frobnicate = 1",
            "",
            id="an attribute",
        ),
        pytest.param(
            "from mine import TrainingArguments\nTrainingArguments(output_dir='o', frob=1, max_steps=9)",
            "",
            id="a class of one's own",
        ),
    ],
)
def test_a_keyword_that_a_config_does_not_take(tmp_path, text, said):
    write(tmp_path / "a.py", text)
    done = run(tmp_path, "plan", "a.py", "--world-size", "1")
    assert (done.returncode, said in done.stderr) == (2 * bool(said), True), done.stderr


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param(
            "a.yaml",
            "base_model: m\nnum_epochs: 1\nlearning_rate: 1.0\nmax_steps: 9\nwarmup_steps: 2\n"
            "frob: 1\neta_min: 0.1",
            "which passes over them: frob, eta_min",
            id="axolotl",
        ),
        pytest.param(
            "b.yaml",
            SFT + "learning_rate: 2e-5\nfrob: 1",
            "own program stops at them",
            id="a script's, or trl's",
        ),
        pytest.param(
            "a.sh",
            "python pretrain_gpt.py --train-iters 9 --lr 1.0 --micro-batch-size 1 --frob 3",
            "own program stops at them",
            id="megatron or a fork of it",
        ),
        pytest.param(
            "a.sh",
            "./run_train.sh --training.steps 9 --lr_scheduler.warmup_steps 2 --frob.x 3",
            "own program stops at them; a script of yours may have them: frob.x",
            id="torchtitan",
        ),
        pytest.param(
            "a.sh",
            "python train.py --data-path d --epochs 1 --frob 3 --model-ema",
            "own program stops at them; a script of yours may have them: frob",
            id="torchvision",
        ),
        pytest.param(
            "a.sh",
            "python main_dino.py --epochs 11 --out_dim 9 --frob 3",
            "own program stops at them; a script of yours may have them: frob",
            id="dino",
        ),
        pytest.param(
            "a.sh",
            "python main.py --update_freq 1 --epochs 30 --drop_path 0.1 --frob 3",
            "own program stops at them; a script of yours may have them: frob",
            id="convnext",
        ),
        pytest.param(
            "a.sh",
            "run_with_submitit.py --use_volta32 --arch vit_base --batch_size_per_gpu 9 --timeout 9 --frob 3",
            "own program stops at them; a script of yours may have them: frob\n",
            id="dino's job",
        ),
        pytest.param(
            "a.sh",
            "run_with_submitit.py --update_freq 1 --job_dir a --use_volta32 true --comment a --frob 3",
            "own program stops at them; a script of yours may have them: frob\n",
            id="convnext's job",
        ),
        pytest.param(
            "a.sh",
            "textual_inversion.py --learnable_property object --placeholder_token a --num_vectors 2 --frob 3",
            "own program stops at them; a script of yours may have them: frob\n",
            id="textual inversion",
        ),
        pytest.param(
            "a.sh",
            "python train.py --hyp h.yaml --loss_ota 1 --weights yolov7.pt --img-size 9 --frob 3",
            "own program stops at them; a script of yours may have them: loss_ota, frob",
            id="yolov7",
        ),
        pytest.param(
            "a.sh",
            "python train.py --num-rollout 9 --rollout-batch-size 2 --global-batch-size 2 --frob 3",
            "no setting of slime 2026-08, which passes over them: frob",
            id="slime",
        ),
        pytest.param(
            "a.sh",
            "train.py --num-rollout 9 --rollout-batch-size 2 --global-batch-size 2 --frob 3 --sglang-x 4",
            "which passes over them: frob\n",
            id="its server's options, which begin alike",
        ),
    ],
)
def test_keys_that_the_run_may_survive_are_said(tmp_path, name, text, said):
    write(tmp_path / name, text)
    write(tmp_path / "h.yaml", "lr0: 0.1\nlrf: 0.1\nwarmup_epochs: 3\nwarmup_bias_lr: 0.1\nloss_ota: 1\n")
    rest = ["--world-size", "1", "--dataset-len", "90"]
    done = run(tmp_path, "plan", name, *rest, *["--trainer", "trl"] * (name == "b.yaml"))
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("option", "is_said"),
    [
        pytest.param("--mm_projector_lr 2e-5", True, id="an LR of its own"),
        pytest.param("--lr_eta_min 5e-8", True, id="a floor"),
        pytest.param("--text_encoder_warmup 4", True, id="a warmup"),
        pytest.param("--vision_tower clip", False, id="nothing of the LR"),
        pytest.param("--lr_scheduler_kwargs {}", False, id="a setting"),
        pytest.param("--clear_cache yes", False, id="letters within a word"),
    ],
)
def test_options_of_a_script_that_may_move_its_lr_are_said(tmp_path, option, is_said):
    line = f"python t.py --output_dir o --num_train_epochs 1 --max_steps 9 --learning_rate 1.0 {option}"
    done = run(tmp_path, "plan", "--args", line)
    name = option.partition(" ")[0][2:]
    assert (done.returncode, f"{name}: no setting of transformers" in done.stderr) == (0, is_said)


@pytest.mark.parametrize(("option", "is_said"), [("learning_rate_text", True), ("colour", False)])
def test_an_option_of_the_script_that_is_here_may_move_its_lr(tmp_path, option, is_said):
    text = f"p = argparse.ArgumentParser()\np.add_argument('--{option}', type=float)\np.parse_args()\n"
    write(tmp_path / "train_dreambooth_own.py", f"import argparse\n{text}")
    line = f"python train_dreambooth_own.py --instance_data_dir d --max_train_steps 9 --{option} 3"
    done = run(tmp_path, "plan", "--args", line, "--trainer", "diffusers", "--world-size", "1")
    assert (done.returncode, f"{option}: no setting of diffusers" in done.stderr) == (0, is_said), done.stderr


@pytest.mark.parametrize(("option", "is_said"), [("warmup_share", True), ("colour", False)])
def test_a_setting_that_a_fork_is_said_to_have_may_move_its_lr(tmp_path, option, is_said):
    line = f"fairseq-train d --arch x --lr 0.1 --max-update 9 --batch-size 1 --{option.replace('_', '-')} 2"
    done = run(tmp_path, "plan", "--given", f"{option}=yes", "--args", line)
    assert (done.returncode, f"{option}: no setting of fairseq" in done.stderr) == (0, is_said), done.stderr


@pytest.mark.parametrize(
    ("trainer", "text"),
    [
        pytest.param(
            "torchtune", "epochs: 1\nmax_steps_per_epoch: 9\nbatch_size: 1\n{0}: 2\n{0}: 3\n", id="OmegaConf"
        ),
        pytest.param("verl", "trainer:\n  {0}: 2\n  {0}: 3\n", id="hydra, within a table"),
        pytest.param("speechbrain", "number_of_epochs: 1\n{0}: 2\n{0}: 3\n", id="ruamel"),
    ],
)
def test_a_key_that_stands_twice_stops_where_its_loader_does(tmp_path, trainer, text):
    """Whether the key counts or not."""
    write(tmp_path / "a.yaml", text.format("seed"))
    done = run(tmp_path, "plan", "a.yaml", "--trainer", trainer)
    assert (done.returncode, "seed: given before, in line" in done.stderr) == (2, True), done.stderr


TITAN = "[job]\ndump_folder = 'o'\n[training]\nsteps = 9\n[lr_scheduler]\nfrob = 1\n"


@pytest.mark.parametrize(
    ("version", "said"),
    [("0.1.0", "which passes over them"), ("0.2.2", "whose own program stops at them")],
)
def test_the_fate_of_a_key_is_that_of_the_version(tmp_path, version, said):
    write(tmp_path / "a.toml", TITAN)
    done = run(tmp_path, "plan", "a.toml", "--trainer", f"torchtitan@{version}")
    assert f"no setting of torchtitan {version}, {said}" in done.stderr


TRANSFORMERS = "transformers 4.36 to 5.24"


@pytest.mark.parametrize(
    ("options", "known", "followed"),
    [
        pytest.param(["--trainer", "transformers@9.9"], TRANSFORMERS, "transformers 5.24", id="newer"),
        pytest.param(["--trainer", "transformers@4.0"], TRANSFORMERS, "transformers 4.36", id="older"),
        pytest.param(
            ["--trainer", "transformers@4"], TRANSFORMERS, "transformers 4.36", id="its first number"
        ),
        pytest.param(["--trainer", "transformers@5"], "", "transformers 5.23.0", id="that of the known one"),
        pytest.param(["--trainer", "transformers@4.49.1"], "", "transformers 4.49.1", id="within"),
        pytest.param(
            ["--trainer", "transformers@5.24.3"], "", "transformers 5.24.3", id="a patch of the newest"
        ),
        pytest.param(["--trainer", "trl@0.7"], "trl 1.16.0", "trl 1.16.0", id="of a trainer of one version"),
        pytest.param(["--trainer", "trl@1.16"], "", "trl 1.16.0", id="that one"),
        pytest.param(
            ["--trainer", "trl", "--given", "transformers=9"],
            TRANSFORMERS,
            "trl 1.16.0",
            id="of what lies below",
        ),
    ],
)
def test_a_version_outside_those_known_is_said(tmp_path, options, known, followed):
    write(tmp_path / "a.yaml", "output_dir: o\nmax_steps: 9\nlearning_rate: 1.0\n")
    done = run(tmp_path, "plan", "a.yaml", "--world-size", "1", *options)
    assert (done.returncode, "may differ" in done.stderr) == (0, bool(known)), done.stderr
    assert f"the rules known are those of {known}" in done.stderr or not known
    assert f"default of {followed}" in done.stdout


@pytest.mark.parametrize("version", ["", "main", "-1", "4.57.0@3", "4 .57"])
def test_what_is_no_version_is_refused(tmp_path, version):
    write(tmp_path / "a.yaml", "output_dir: o\nmax_steps: 9\nlearning_rate: 1.0\n")
    done = run(tmp_path, "plan", "a.yaml", "--trainer", f"transformers@{version}")
    assert (done.returncode, "is no version of transformers" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param(
            "a.yaml", "max_steps: 9\n{0}: 2\n{0}: 3\n", "a.yaml:3: {0}: given before, in line 2", id="yaml"
        ),
        pytest.param(
            "a.json", '{{"max_steps": 9,\n"{0}": 2,\n"{0}": 3}}', "a.json:3: {0}: given before", id="json"
        ),
    ],
)
@pytest.mark.parametrize(("key", "is_said"), [("learning_rate", True), ("report_to", False)])
def test_a_key_that_stands_twice_is_said_where_it_counts(tmp_path, name, text, said, key, is_said):
    write(tmp_path / name, text.format(key))
    done = run(tmp_path, "plan", name, "--trainer", "transformers")
    assert (done.returncode, said.format(key) in done.stderr) == (0, is_said), done.stderr


@pytest.mark.parametrize(
    ("trainer", "batch"),
    [
        ("transformers", "per_device_train_batch_size"),
        ("llamafactory", "per_device_train_batch_size"),
        ("axolotl", "micro_batch_size"),
    ],
)
def test_a_key_that_stands_twice_in_a_file_of_deepspeed_is_said(tmp_path, trainer, batch):
    text = '{"scheduler": {"type": "WarmupLR",\n"params": {"warmup_min_lr": 1,\n"warmup_min_lr": 0}}}'
    write(tmp_path / "ds.json", text)
    write(tmp_path / "a.yaml", f"max_steps: 9\nlearning_rate: 1.0\n{batch}: 1\ndeepspeed: ds.json\n")
    length = ["--dataset-len", "9", "--world-size", "1"]
    done = run(tmp_path, "plan", "a.yaml", "--trainer", trainer, *length)
    assert (done.returncode, "given before, in line 2: the last one is taken" in done.stderr) == (0, True)


def test_all_keys_at_which_it_stops_are_said_at_once(tmp_path):
    line = "python -m verl.trainer.main_ppo data.n_samples=4 algorithm.frob=1 trainer.total_training_steps=9"
    stopped = run(tmp_path, "plan", "--args", line)
    assert "data.n_samples is no setting" in stopped.stderr
    assert "; nor is algorithm.frob" in stopped.stderr
    given = [word for one in re.findall(r"--given \S+", stopped.stderr) for word in one.split()]
    assert run(tmp_path, "plan", *given, "--args", line).returncode == 0


def test_a_key_beside_the_lr_is_said_apart(tmp_path):
    write(tmp_path / "a.yaml", "SOLVER:\n  MAX_ITER: 9\n  BACKBONE_MULTIPLIER: 0.1\nMODEL:\n  FROB: 1\n")
    done = run(tmp_path, "plan", "a.yaml")
    said = "SOLVER.BACKBONE_MULTIPLIER: no setting of detectron2 0.6; a script of yours may move the LR by it"
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr


def test_a_key_that_moves_the_momentum_is_no_key_of_the_lr(tmp_path):
    hyp = "lr0: 0.01\nlrf: 0.1\nwarmup_epochs: 3.0\nwarmup_bias_lr: 0.1\nwarmup_momentum: 0.8\n"
    write(tmp_path / "hyp.yaml", hyp)
    length = ["--epochs", "9", "--batches-per-epoch", "50", "--world-size", "1", "--batch-size", "4"]
    done = run(tmp_path, "plan", "hyp.yaml", *length)
    assert (done.returncode, "may move the LR" in done.stderr) == (0, False), done.stderr


def test_an_optimizer_of_keras_is_looked_at(tmp_path):
    write(tmp_path / "a.json", '{"name": "adam", "learning_rate": 0.5, "use_ema": false}')
    done = run(tmp_path, "plan", "a.json", "--steps", "9")
    assert (done.returncode, "looks at nothing in it" in done.stderr) == (0, False), done.stderr


def test_a_file_whose_base_says_all_is_no_file_of_which_nothing_counts(tmp_path):
    write(tmp_path / "base.yaml", "SOLVER:\n  MAX_ITER: 9\n")
    write(tmp_path / "a.yaml", "_BASE_: base.yaml\nMODEL:\n  FROB: 1\n")
    done = run(tmp_path, "plan", "a.yaml")
    assert (done.returncode, "looks at nothing in it" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        pytest.param("training_arguments:\n  learning_rate: 3.0e-4\n", True, id="a table of its own"),
        pytest.param("frob: 3\n", True, id="nobody's keys"),
        pytest.param("training_arguments:\n  x: 3\nmax_steps: 9\n", False, id="one that counts"),
    ],
)
def test_a_file_of_which_nothing_counts_is_said(tmp_path, text, is_said):
    write(tmp_path / "a.yaml", text)
    rest = ["--trainer", "transformers", "--world-size", "1", "--dataset-len", "90"]
    done = run(tmp_path, "plan", "a.yaml", *rest)
    assert (done.returncode, "looks at nothing in it" in done.stderr) == (0, is_said), done.stderr


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        pytest.param("--learning_rate=-1", "--given learning_rate=1", id="a negative LR"),
        pytest.param("--max_steps 1e3", "--given max_steps=1000", id="a float for a whole number"),
        pytest.param("--max_steps 12.0", "--given max_steps=12", id="another"),
        pytest.param(
            "--lr_scheduler_type cosin", "--given lr_scheduler_type=cosine", id="a word like another"
        ),
    ],
)
def test_what_a_trainer_stops_at_has_its_place_and_a_way_out(tmp_path, said, hint):
    write(
        tmp_path / "a.sh", f"python train.py --output_dir o --do_train --warmup_steps 2 --max_steps 9 {said}"
    )
    stopped = run(tmp_path, "plan", "a.sh")
    assert stopped.returncode == 2
    assert stopped.stderr.startswith("error: a.sh:1: ")
    assert stopped.stderr.splitlines()[1] == f"hint: {hint}"
    assert run(tmp_path, "plan", "a.sh", *hint.split()).returncode == 0


@pytest.mark.parametrize("images", [100, 10**6])
def test_what_a_question_asks_for_is_never_said_to_change_nothing(tmp_path, images):
    write(
        tmp_path / "args.yaml",
        "task: detect\nmode: train\nlr0: 0.01\noptimizer: auto\nbatch: 16\nepochs: 9\n",
    )
    asked = run(tmp_path, "plan", "args.yaml").stderr.splitlines()[1]
    assert asked == "hint: give --dataset-len N --given classes=VALUE"
    done = run(tmp_path, "plan", "args.yaml", "--dataset-len", str(images), "--given", "classes=80")
    assert (done.returncode, "changes nothing" in done.stderr) == (0, False), done.stderr


def test_a_setting_of_the_other_backend_is_not_taken_for_a_misspelt_one(tmp_path):
    megatron = "megatron_cfg: {enabled: false, scheduler: {lr_decay_style: constant}}"
    policy = f"policy: {{train_global_batch_size: 8, {megatron}, optimizer: {{kwargs: {{lr: 1e-6}}}}}}\n"
    (tmp_path / "sft.yaml").write_text(f"{policy}sft: {{max_num_steps: 9}}\n")
    done = run(tmp_path, "plan", "sft.yaml", "--dataset-len", "80")
    assert (done.returncode, "did you mean" in done.stderr) == (0, False)


def test_an_argument_within_a_table_of_a_config_is_no_misspelt_key(tmp_path):
    write(
        tmp_path / "a.yaml",
        "trainer: {max_epochs: 9}\noptimizer: {class_path: SGD, init_args: {lr: 0.1}}\n"
        "lr_scheduler: {class_path: StepLR, init_args: {step_size: 3}}\n",
    )
    line = ["--", "python", "main.py", "fit", "-c", "a.yaml", "--lr_scheduler.init_args.gamma", "0.5"]
    done = run(tmp_path, "plan", "--batches-per-epoch", "4", *line)
    assert "gamma=0.5" in done.stdout
    assert "is no setting" not in done.stderr
