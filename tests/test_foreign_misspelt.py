"""One key of a trainer's file misspelt: the answer names it and what was meant, whatever else is wrong."""

from __future__ import annotations

import re

import pytest
from commands import FOREIGN, run
from configs import write

WORLD = ["--world-size", "1"]
LENGTH = {"a.yaml": ["--dataset-len", "9000", *WORLD], "a.json": ["--given", "micro_batches=90", *WORLD]}
FAIRSEQ = (
    "task: {_name: t}\noptimization: {max_update: 2000, lr: [0.1]}\n"
    "lr_scheduler: {_name: tri_stage, phase_ratio: [0.1, 0.4, 0.5], final_lr_scale: 0.05}\n"
)
LEVANTER = (
    "trainer: {num_train_steps: 2000, train_batch_size: 4}\n"
    "optimizer: {type: adam, learning_rate: 0.1, lr_schedule: {type: linear}, warmup: 100}\n"
)
NEMO_RL = (
    "policy: {train_global_batch_size: 32, optimizer: {name: torch.optim.AdamW, kwargs: {lr: 0.1}}}\n"
    "sft: {max_num_steps: 30, max_num_epochs: 9}\n"
)
DEEPSPEED = (
    '{"train_batch_size": 16, "train_micro_batch_size_per_gpu": 4, "zero_optimization": {},'
    ' "optimizer": {"type": "Adam", "params": {"lr": 0.1}}}'
)
TUNE = "batch_size: 2\nepochs: 1\noptimizer: {_component_: torch.optim.AdamW, lr: 0.1}\n"


@pytest.mark.parametrize(
    ("name", "text", "right", "wrong", "near"),
    [
        pytest.param(
            "a.yaml", FAIRSEQ, "final_lr_scale", "final_l_scale", "", id="in a table read as a whole"
        ),
        pytest.param("a.yaml", FAIRSEQ, "final_lr_scale", "final-lr-scale", "", id="a dash"),
        pytest.param("a.yaml", FAIRSEQ, "lr: [", "Lr: [", "optimization.lr", id="a capital in a short word"),
        pytest.param("a.yaml", LEVANTER, "lr_schedule", "lr_scedule", "optimizer.lr_schedule", id="a table"),
        pytest.param("a.yaml", LEVANTER, "warmup", "Warmup", "optimizer.warmup", id="a capital"),
        pytest.param(
            "a.yaml", NEMO_RL, "max_num_epochs", "max_nu_epochs", "sft.max_num_epochs", id="nemo_rl"
        ),
        pytest.param("a.json", DEEPSPEED, "train_batch_size", "train_bach_size", "", id="deepspeed"),
        pytest.param(
            "a.json", DEEPSPEED, '"lr"', '"LR"', "deepspeed.optimizer.params.lr", id="its optimizer's"
        ),
        pytest.param("a.yaml", TUNE, "lr: ", "LR: ", "optimizer.lr", id="torchtune"),
    ],
)
def test_a_misspelt_key_is_said_with_what_was_meant(tmp_path, name, text, right, wrong, near):
    write(tmp_path / name, text)
    before = run(tmp_path, "plan", name, *LENGTH[name])
    assert (before.returncode, "did you mean" in before.stderr) == (0, False), before.stderr
    write(tmp_path / name, text.replace(right, wrong))
    after = run(tmp_path, "plan", name, *LENGTH[name])
    word = wrong.strip('":[ ')
    assert re.search(rf"{word}\S* is no(ne)? .*: (did you mean|it is written) {near}", after.stderr), (
        after.stderr
    )


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        pytest.param(
            "nemo/gpt_cosine.yaml",
            "lr: 6e-4",
            "lrr: 6e-4",
            "; model.optim.lrr is none of its settings: did you mean model.optim.lr?",
            id="a question",
        ),
        pytest.param(
            "transformers/inverse_sqrt.sh",
            "--max_steps",
            "--Max_steps",
            ": it is written max_steps",
            id="another",
        ),
        pytest.param(
            "kohya/stable_floor.toml",
            "lr_scheduler =",
            "lr_schduler =",
            "lr_schduler is none of its settings: did you mean lr_scheduler?",
            id="a refusal of what depends on it",
        ),
    ],
)
def test_what_is_asked_or_refused_for_a_misspelt_key_says_so(tmp_path, file, right, wrong, said):
    name = file.rpartition("/")[2]
    write(tmp_path / name, (FOREIGN / file).read_text().replace(right, wrong))
    done = run(tmp_path, "plan", name)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TUNE.replace("lr: 0.1", "lr: '${steps}'") + "steps: 3\n", id="what another refers to"),
        pytest.param(TUNE + "lr_scheduler: {_component_: x, num_warmup_steps: 9}\n", id="a table's own"),
    ],
)
def test_a_key_that_counts_is_not_taken_for_a_misspelt_one(tmp_path, text):
    write(tmp_path / "a.yaml", text)
    done = run(tmp_path, "plan", "a.yaml", *LENGTH["a.yaml"])
    assert "did you mean" not in done.stderr, done.stderr


OLMO = (
    "max_duration: 100\nglobal_train_batch_size: 8\nmodel: {max_sequence_length: 128}\n"
    "optimizer: {name: adamw, learning_rate: 1.0e-3}\nscheduler: {name: cosine_with_warmup, t_warmup: 10}\n"
)
MMENGINE = (
    "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"
    "param_scheduler = [dict(type='MultiStepLR', by_epoch=True, milestones=[8, 11], gamma=0.1)]\n"
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\ntrain_dataloader = dict(batch_size=2)\n"
)
BRAIN = (
    "number_of_epochs: 5\nlr: 0.1\nopt_class: !name:torch.optim.Adam\n    lr: !ref <lr>\n"
    "noam: !new:speechbrain.nnet.schedulers.NoamScheduler\n"
    "    lr_initial: !ref <lr>\n    n_warmup_steps: 100\n"
)
FOUND = ["--given", "batches_per_epoch=100"]


@pytest.mark.parametrize(
    ("name", "text", "line", "near"),
    [
        pytest.param("a.yaml", TUNE, "tune run x --config a.yaml batch_sze=4", "batch_size", id="torchtune"),
        pytest.param(
            "a.py",
            MMENGINE,
            "python tools/train.py a.py --cfg-options auto_scale_lr.base_batch_sze=16",
            "auto_scale_lr.base_batch_size",
            id="mmengine",
        ),
    ],
)
def test_an_override_is_held_against_what_the_file_says(tmp_path, name, text, line, near):
    write(tmp_path / name, text)
    done = run(tmp_path, "plan", *FOUND, *WORLD, "--", *line.split())
    assert (done.returncode, f"did you mean {near}?" in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("option", "said"),
    [
        pytest.param("--number_of_epoch=3", "hint: write --number_of_epochs\n", id="misspelt"),
        pytest.param("--number_of_epochs=3", "", id="in the file"),
        pytest.param("--device=cpu", "", id="of its own parser"),
        pytest.param("--zz=1", "hint: take --zz out\n", id="like nothing"),
    ],
)
def test_an_override_that_replaces_nothing_stops_speechbrain(tmp_path, option, said):
    write(tmp_path / "a.yaml", BRAIN)
    done = run(tmp_path, "plan", *FOUND, "--", "python", "train.py", "a.yaml", option)
    assert (done.returncode, said in done.stderr) == (2 if said else 0, True), done.stderr


@pytest.mark.parametrize(
    ("option", "said"),
    [
        pytest.param(
            "--dataset-len=9", "hint: give --dataset-len to lrviz, before the command\n", id="a plan's"
        ),
        pytest.param("--given=a=1", "hint: give --given to lrviz, before the command\n", id="an answer"),
        pytest.param("--dataset_len=9", "hint: write --dataset_name\n", id="spelt as the trainer's"),
    ],
)
def test_an_option_of_lrviz_stands_before_the_command(tmp_path, option, said):
    line = ["trl", "sft", "--model_name_or_path", "m", "--output_dir", "o", option]
    done = run(tmp_path, "plan", "--", *line)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "made",
    [
        pytest.param("TrainingArguments(output_dir='o', max_steps=9, lr_scheduler_type='linear')", id="made"),
        pytest.param("HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()[0]", id="parsed"),
    ],
)
def test_an_attribute_set_later_is_held_against_the_settings(tmp_path, made):
    code = (
        "from transformers import HfArgumentParser, Trainer, TrainingArguments\n"
        f"args = {made}\nargs.lr_schedler_type = 'cosine'\nTrainer(model=None, args=args)\n"
    )
    write(tmp_path / "a.py", code)
    line = ["--", "python", "a.py", "--output_dir", "o", "--max_steps", "9", "--lr_scheduler_type", "linear"]
    done = run(tmp_path, "plan", *(line if "parse" in made else ["a.py"]))
    assert "did you mean lr_scheduler_type?" in done.stderr, done.stderr


SLIPS = [
    ("levanter/cycles.yaml", "warmup", "warmp", "optimizer.warmp", "stops at it"),
    ("levanter/power.yaml", "learning_rate", "lerning_rate", "optimizer.lerning_rate", "stops at it"),
    ("maxtext/argv_wsd.sh", "learning_rate", "lerning_rate", "lerning_rate", "stops at it"),
    ("maxtext/yml_cosine.yml", "warmup_steps_fraction", "warmup_step_fraction", "", "stops at it"),
    ("olmo/anneal_epochs.yaml", "learning_rate", "lerning_rate", "optimizer.lerning_rate", "stops at it"),
    ("olmo_core/wsd_json.json", '"lr": 0.0004', '"lrr": 0.0004', "train_module.optim.lrr", "stops at it"),
    ("espnet/noam.yaml", "max_epoch", "maxepoch", "", "stops at it"),
    ("open_instruct/cosine.sh", "lr_scheduler_type", "lr_schedler_type", "lr_schedler_type", "stops at it"),
    ("megatron_swift/iters.sh", "lr_decay_style", "lr_deca_style", "lr_deca_style", "stops at it"),
    ("llamafactory_v1/epochs.yaml", "num_train_epochs", "num_trainepochs", "num_trainepochs", "stops at it"),
    (
        "megatron_bridge/command.sh",
        "train_iters=",
        "trainiters=",
        "train.trainiters",
        "stops at it unless a +",
    ),
]


@pytest.mark.parametrize(
    ("file", "right", "wrong", "key", "fate"),
    [pytest.param(*row, id=f"{row[0].partition('/')[0]}, {row[2]}") for row in SLIPS],
)
def test_a_slip_stops_a_trainer_whose_keys_are_not_all_known(tmp_path, file, right, wrong, key, fate):
    name = file.rpartition("/")[2]
    text = (FOREIGN / file).read_text()
    assert right in text
    for one in (FOREIGN / file).parent.glob("*.yaml"):
        write(tmp_path / one.name, one.read_text())
    write(tmp_path / name, text.replace(right, wrong, 1))
    done = run(tmp_path, "plan", "--trainer", file.partition("/")[0], name)
    assert (done.returncode, f"{key or wrong} is no setting of" in done.stderr) == (2, True), done.stderr
    assert f"which {fate}" in done.stderr


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        pytest.param(
            "slime/constant.sh",
            "lr-decay-style",
            "lr-deca-style",
            "did you mean lr_decay_style? It stays at its default, 'linear'\n",
            id="slime",
        ),
        pytest.param(
            "megatron_bridge/warmup_capped.yaml",
            "min_lr",
            "minlr",
            "optimizer.minlr is no setting of megatron-bridge 0.6.2: it is written optimizer.min_lr."
            " It stays at its default, 0.0\n",
            id="bridge",
        ),
        pytest.param(
            "nemo_rl/sft_cosine.yaml",
            "max_num_steps",
            "max_numsteps",
            "it is written sft.max_num",
            id="nemo_rl",
        ),
        pytest.param(
            "nemo_rl/sft_cosine.yaml",
            "scheduler:",
            "scheuler:",
            "did you mean policy.scheduler? Without one the LR stays as it is\n",
            id="nemo_rl's scheduler",
        ),
        pytest.param(
            "onetrainer/linear_global.json",
            "learning_rate_min_factor",
            "learning_rate_min_facto",
            "did you mean learning_rate_min_factor? It stays at its default, 0.0\n",
            id="onetrainer",
        ),
        pytest.param(
            "paddleocr/linear.yml",
            "drop_last",
            "drop_lst",
            "did you mean Train.loader.drop_last?",
            id="paddleocr",
        ),
    ],
)
def test_a_slip_that_its_trainer_passes_over_is_said_with_its_default(tmp_path, file, right, wrong, said):
    name = file.rpartition("/")[2]
    text = (FOREIGN / file).read_text()
    assert right in text
    write(tmp_path / name, text.replace(right, wrong, 1))
    length = ["--batches-per-epoch", "100", "--world-size", "1"]
    done = run(tmp_path, "plan", "--trainer", file.partition("/")[0], name, *length)
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said", "code"),
    [
        pytest.param(
            "deepspeed/cosine.json", '"scheduler"', '"scheuler"', "did you mean scheduler?", 0, id="a section"
        ),
        pytest.param(
            "deepspeed/auto.json", "warmup_min_lr", "warmu_min_lr", "takes no warmu_min", 2, id="auto"
        ),
        pytest.param(
            "espnet/restarts.yaml", "gamma", "gama", "takes no gama: it stops", 2, id="an expression's"
        ),
        pytest.param(
            "espnet/cosine.yaml", "scheduler_conf", "schedulr_conf", "schedulr_conf", 2, id="a table"
        ),
        pytest.param(
            "nemo/gpt_cosine.yaml",
            "sched:",
            "sced:",
            "no sced: NeMo stops\nhint: write sched",
            2,
            id="nemo's",
        ),
        pytest.param(
            "nemo/asr_noam.yaml", "    name", "    wieght_decay: 0\n    name", "write weight_", 2, id="beside"
        ),
        pytest.param(
            "litgpt/full_short.yaml", " lr:", " lrr:", "hint: write lr\n", 2, id="its optimizer's LR"
        ),
        pytest.param(
            "olmo_core/composable.json", "start_lr", "star_lr", "stages has no star_lr: OLMo", 2, id="a stage"
        ),
        pytest.param(
            "olmo_core/one_after_another.json",
            "warmup_min",
            "warmu_min",
            "has no warmu_min_lr",
            2,
            id="within",
        ),
        pytest.param(
            "yolov5/hyp.farm.yaml",
            "lr0:",
            "l0:",
            "the hyp has no lr0, and there is no default",
            2,
            id="a hyp",
        ),
        pytest.param(
            "fastai/one_cycle.py", "3e-3", "3e-3, div_finl=9", "no div_finl: it stops", 2, id="a fit"
        ),
        pytest.param("fastai/sgdr.py", "3, 1", "3, 1, moms=2", "takes no moms: it", 2, id="another fit's"),
        pytest.param(
            "fastai/flat.py", "(2)", "(2, start_epoch=1)", "skips its epochs", 2, id="it begins later"
        ),
        pytest.param("fastai/flat.py", "(2)", "(2, wd=1, cbs=c)", "", 0, id="a fit's others"),
        pytest.param(
            "fastai/flat.py", "(2)", "(2, **kw)", "not say lr, div_final and pct_start", 2, id="hidden ones"
        ),
        *(
            pytest.param(f"speechbrain/{file}", right, wrong, f"{name} takes no {wrong}: it", 2)
            for file, right, wrong, name in [
                ("cyclic.yaml", "    lr", "lrr", "Adam"),
                ("cyclic.yaml", "    base_lr", "bas_lr", "CyclicLRScheduler"),
                ("exponential.yaml", "    decay_factor", "decay_factr", "WarmAndExpDecayLRSchedule"),
                ("noam.yaml", "    model_size", "modelsize", "NoamScheduler"),
            ]
        ),
    ],
)
def test_a_slip_in_what_a_class_is_given_is_said(tmp_path, file, right, wrong, said, code):
    name = file.rpartition("/")[2]
    text = (FOREIGN / file).read_text()
    assert right in text
    blanks = right[: len(right) - len(right.lstrip())]
    write(tmp_path / name, text.replace(right, blanks + wrong.lstrip(), 1))
    given = ["--dataset-len", "9000", "--epochs", "3", *WORLD]
    done = run(tmp_path, "plan", "--trainer", file.partition("/")[0], name, *given)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
