"""What each of kohya's scripts trains, how much of the run, and which release has it."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

LORA = "accelerate launch train_network.py --network_module networks.lora"
SDXL = "accelerate launch sdxl_train.py --train_text_encoder"
LENGTH = ["--batches-per-epoch", "50", "--world-size", "1"]


@pytest.mark.parametrize(
    ("more", "made"),
    [
        pytest.param("--initial_epoch 1", 500, id="the first epoch"),
        pytest.param("--initial_epoch 4", 350, id="an epoch"),
        pytest.param("--initial_step 149", 400, id="a step counts whole epochs"),
        pytest.param("--initial_step 149 --skip_until_initial_step", 351, id="batches are skipped"),
        pytest.param("--initial_step 149 --initial_epoch 4", 400, id="the step wins"),
        pytest.param("--initial_step 149 --resume state", 500, id="the rest of a run"),
        pytest.param(
            "--gradient_accumulation_steps 2 --initial_step 60", 200, id="updates of accumulated batches"
        ),
        pytest.param(
            "--gradient_accumulation_steps 2 --initial_step 60 --skip_until_initial_step",
            150,
            id="batches held against updates",
        ),
    ],
)
def test_a_run_that_begins_later_makes_fewer_updates(tmp_path, more, made):
    line = f"{LORA} --max_train_epochs 10 --lr_scheduler cosine --learning_rate 1 {more}"
    done = run(tmp_path, "plan", *LENGTH, "--args", line)
    assert f"lr=1,steps={made}" in done.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            f"{LORA} --max_train_steps 90 --initial_step 90", "begins at 90 of 90", id="nothing left"
        ),
        pytest.param(
            f"{LORA} --max_train_epochs 2 --gradient_accumulation_steps 5"
            " --initial_step 19 --skip_until_initial_step",
            "behind its last epoch",
            id="behind the last epoch",
        ),
        pytest.param(f"{SDXL} --learning_rate 0", "nothing is trained", id="nothing trained"),
        pytest.param(
            f"{SDXL} --initial_step 9",
            "initial_step is no setting of sd-scripts 0.9.1, which",
            id="a network's",
        ),
        pytest.param(f"{SDXL} --block_lr 1e-6,1e-6", "which are 23 LRs", id="too few blocks"),
        pytest.param(
            f"{LORA} --learning_rate 1 --unet_lr 0 --text_encoder_lr 0", "nothing is", id="a network"
        ),
    ],
)
def test_what_leaves_nothing_to_train_is_refused(tmp_path, line, said):
    done = run(tmp_path, "plan", *LENGTH, "--args", line)
    assert (done.returncode, said in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        pytest.param(
            f"{SDXL} --learning_rate 3 --learning_rate_te2 2", "unet text_encoder_1 text_encoder_2", id="SDXL"
        ),
        pytest.param(f"{SDXL} --learning_rate 3 --learning_rate_te1 0", "", id="an encoder of 0"),
        pytest.param(
            "sd3_train.py --train_text_encoder --learning_rate 3 --learning_rate_te3 2 --learning_rate_te1 1",
            "mmdit text_encoder_1 text_encoder_2",
            id="T5 without its switch",
        ),
        pytest.param("fine_tune.py --learning_rate 3 --learning_rate_te 2", "", id="an encoder that stays"),
        pytest.param(
            "train_db.py --stop_text_encoder_training -1 --learning_rate 3 --learning_rate_te 2", "", id="-1"
        ),
        pytest.param(
            "anima_train.py --learning_rate 3 --mlp_lr 0 --mod_lr 2",
            "base self_attn cross_attn mod llm_adapter",
            id="layers of Anima",
        ),
        pytest.param(f"{LORA} --unet_lr 1 --text_encoder_lr 0", "", id="a LoRA's encoder of 0"),
    ],
)
def test_what_is_trained_is_shown(tmp_path, line, groups):
    done = run(tmp_path, "values", "--at", "0", "--args", f"{line} --max_train_steps 9", "--format", "csv")
    header = done.stdout.splitlines()[0].split(",")[1:]
    assert " ".join(name.split()[-1] for name in header if " " in name) == groups


@pytest.mark.parametrize(
    ("line", "version"),
    [
        pytest.param(LORA, "0.9.1", id="in each"),
        pytest.param(
            "flux_train_network.py --network_module networks.lora_flux", "0.10.1", id="a new script"
        ),
        pytest.param(f"{LORA}_sd3", "0.10.1", id="a new network"),
    ],
)
def test_a_release_that_has_the_script_is_assumed(tmp_path, line, version):
    done = run(tmp_path, "plan", "--args", f"{line} --max_train_steps 9")
    assert done.stdout.startswith(f"sd-scripts {version}\n")


def test_a_release_that_lacks_the_script_is_refused(tmp_path):
    line = "flux_train.py --optimizer_type adamw --max_train_steps 9"
    done = run(tmp_path, "plan", "--trainer", "kohya@0.9.1", "--args", line)
    assert "sd-scripts 0.9.1 has no flux_train.py\nhint: --trainer kohya@0.10.1" in done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(f"{LORA} --batch_size=4", "did you mean train_batch_size?", id="of a script that draws"),
        pytest.param(f"{LORA} --max_training_steps 5", "did you mean max_train_steps?", id="a slip"),
        pytest.param(f"{LORA} --config_file a --max_training_steps 5", "max_train_steps?", id="over a TOML"),
        pytest.param(f"{LORA} --learning_rate_te 1e-5", "learning_rate_te is no setting", id="of a model"),
        pytest.param(f"{SDXL} --unet_lr 1e-5", "unet_lr is no setting", id="of a network"),
        pytest.param(f"{SDXL} --learning_rate_te3 1e-5", "learning_rate_te3 is no setting", id="of SD3"),
        pytest.param(f"{LORA} --frob 1", "take --frob out", id="of nobody"),
        pytest.param(f"{LORA} --learning_rate 1e-4 2e-4", "is not what sd-scripts", id="two values"),
        pytest.param(f"{LORA} --lr_scheduler_t linear", "--lr_scheduler_timescale or", id="two begin so"),
    ],
)
def test_an_option_that_its_script_does_not_have_is_refused(tmp_path, line, said):
    (tmp_path / "a.toml").write_text('network_module = "networks.lora"\nmax_train_steps = 9\n')
    done = run(tmp_path, "plan", *LENGTH, "--args", line)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("line", "version"),
    [
        pytest.param(f"{LORA} --unet 1 --text_enc 1", "0.9.1", id="cut short, of this script alone"),
        pytest.param(f"{LORA} --text_encoder_lr 1e-5", "0.9.1", id="one encoder"),
        pytest.param(f"{LORA} --text_encoder_lr 1e-5 2e-5", "0.10.1", id="two encoders"),
        pytest.param(f"{LORA} --fp8_base_unet", "0.10.1", id="a new option"),
    ],
)
def test_a_release_that_has_the_options_is_assumed(tmp_path, line, version):
    done = run(tmp_path, "plan", "--args", f"{line} --max_train_steps 9")
    assert (done.returncode, done.stdout.startswith(f"sd-scripts {version}\n")) == (0, True), done.stderr
    old = run(tmp_path, "plan", "--trainer", "kohya@0.9.1", "--args", f"{line} --max_train_steps 9")
    assert old.returncode == (0 if version == "0.9.1" else 2), old.stderr


def test_an_option_of_a_fork_is_given(tmp_path):
    line = f"{LORA} --max_train_steps 9 --frob 1"
    assert run(tmp_path, "plan", "--given", "frob=yes", "--args", line).returncode == 0
    own = line.replace("train_network.py", "my_training.py")
    assert "own program stops" in run(tmp_path, "plan", "--trainer", "kohya", "--args", own).stderr


PAGE = {"epoch": 1, "lr_warmup": 10, "lr_scheduler": "cosine", "max_train_steps": 50, "num_processes": 1}
LORA_PAGE = {**PAGE, "LoRA_type": "Standard", "text_encoder_lr": 5e-5, "unet_lr": 3e-4}


@pytest.mark.parametrize(
    ("fields", "said", "spec"),
    [
        pytest.param(PAGE, "", "lr=1e-5,steps=50", id="an LR that is not there"),
        pytest.param(
            {**LORA_PAGE, "text_encoder_lr": None}, "", "unet(scale=1.0),text_encoder(lr=1e-4)", id="null"
        ),
        pytest.param(
            {**LORA_PAGE, "text_encoder_lr": 0, "learning_rat": 1.0},
            "did you mean learning_rate? It stays at its default, 1e-4",
            "lr=3e-4,steps=50",
            id="a slip",
        ),
        pytest.param({**LORA_PAGE, "frob": 1}, "which passes over them: frob", "", id="nobody's"),
        pytest.param(
            {**LORA_PAGE, "lr_decay_steps": 9}, "passes over it: lr_decay_steps", "", id="the script's"
        ),
        pytest.param(
            {**LORA_PAGE, "additional_parameters": "--max_train_steps=20"}, "", "steps=20", id="its options"
        ),
        pytest.param(
            {**LORA_PAGE, "LoRA_type": "Flux1", "t5xxl_lr": 2e-5},
            "",
            "text_encoder_1(lr=5e-5),text_encoder_2(lr=2e-5)",
            id="T5",
        ),
    ],
)
def test_a_field_of_a_page_that_is_not_there_stays_as_it_is_shown(tmp_path, fields, said, spec):
    write(tmp_path / "a.json", json.dumps(fields))
    done = run(tmp_path, "plan", "a.json")
    assert (done.returncode, said in done.stderr, spec in done.stdout) == (0, True, True), done


LAUNCHER = """import subprocess
BASE, LR = "sdxl.safetensors", 4e-7
learning_rate = LR
cmd = ["accelerate", "launch", "sdxl_train.py", "--learning_rate", str(LR), "--max_train_steps", "6000"]
subprocess.run(cmd, check=True)
"""


@pytest.mark.parametrize("trainer", ["kohya", "timm", "axolotl", "simpletuner", "diffusers"])
def test_a_script_that_starts_its_trainer_is_none_of_its_files(tmp_path, trainer):
    (tmp_path / "start.py").write_text(LAUNCHER)
    done = run(tmp_path, "plan", "start.py", "--trainer", trainer)
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no setting in this script" in done.stderr


UNET = f"{LORA} --max_train_steps 90 --learning_rate 1"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            f"{UNET} --optimizer_type Prodigy --text_encoder_lr 0.5",
            "unet 1 and text_encoder 0.5",
            id="Prodigy",
        ),
        pytest.param(
            f"{UNET} --optimizer_type prodigyopt.Prodigy --text_encoder_lr 0.5",
            "it stops",
            id="by its module",
        ),
        pytest.param(
            f"{UNET} --optimizer_type DAdaptAdam --text_encoder_lr 0.5", "it stops", id="DAdaptAdam"
        ),
        pytest.param(f"{UNET} --optimizer_type DAdaptation --unet_lr 0.5", "it stops", id="DAdaptation"),
        pytest.param(f"{UNET} --optimizer_type DAdaptAdan --text_encoder_lr 0.5", "", id="Adan of it"),
        pytest.param(f"{UNET} --optimizer_type DAdaptAdaGrad --text_encoder_lr 0.5", "", id="Adagrad of it"),
        pytest.param(f"{UNET} --optimizer_type Prodigy --text_encoder_lr 1", "", id="the same LR"),
        pytest.param(
            f"{UNET} --optimizer_type Prodigy --text_encoder_lr 0".replace(".lora", ".dylora"),
            "",
            id="an LR of 0",
        ),
        pytest.param(
            f"{UNET} --optimizer_type Prodigy --text_encoder_lr 0.5 --network_train_unet_only",
            "",
            id="unet alone",
        ),
        pytest.param(
            f"{UNET} --optimizer_type Prodigy --network_args loraplus_lr_ratio=4", "unet_plus 4", id="LoRA+"
        ),
    ],
)
def test_optimizers_that_take_one_lr_stop_at_two(tmp_path, line, said):
    done = run(tmp_path, "plan", *LENGTH, "--args", line)
    assert (done.returncode, said in done.stderr) == (2 if said else 0, True), done.stderr
    assert ("takes one LR for all parts" in done.stderr) is bool(said)


@pytest.mark.parametrize(
    ("network", "lrs", "said"),
    [
        pytest.param(
            "lora", "5e-5 2e-5", "gives each text encoder the first LR, 5e-5: 2e-5 changes", id="two"
        ),
        pytest.param("lora", "5e-5 5e-5", "", id="the same"),
        pytest.param("lora", "5e-5", "", id="one"),
        pytest.param("lora_flux", "5e-5 2e-5", "", id="a network with one for each"),
    ],
)
def test_a_second_lr_of_text_encoders_that_changes_nothing_is_said(tmp_path, network, lrs, said):
    line = UNET.replace("networks.lora", f"networks.{network}")
    done = run(tmp_path, "plan", *LENGTH, "--args", f"{line} --text_encoder_lr {lrs}")
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr
    assert ("text encoder the first LR" in done.stderr) is bool(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("--lr_schedulr_num_cycles=3", "did you mean lr_scheduler_num_cycles?", id="a slip"),
        pytest.param("--weird 5", "has --weird, at which the parser", id="nobody's"),
        pytest.param("--max_train_steps=20 stray", "has stray, no option", id="a word"),
        pytest.param("max_train_steps=20", "has max_train_steps, no option", id="without dashes"),
        pytest.param("--optimizer_args a=1 b=2", "", id="values of one"),
        pytest.param('--max_train_steps=20 --caption_ext ".txt"', "", id="quotes, and cut short"),
    ],
)
def test_the_script_stops_at_slips_of_further_options(tmp_path, text, said):
    write(tmp_path / "page.json", json.dumps({**LORA_PAGE, "additional_parameters": text}))
    done = run(tmp_path, "plan", "page.json", "--world-size", "1")
    assert (said in done.stderr, done.returncode) == (True, 2 if said else 0), done.stderr
