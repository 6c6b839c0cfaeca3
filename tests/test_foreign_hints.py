"""The hints to a trainer's file, typed back: each leads to the numbers, or to what is asked for next."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise

import pytest
from commands import FOREIGN, run
from configs import write

FILES = sorted(path for path in FOREIGN.glob("*/*") if path.name != "cases.json" and path.is_file())
SIZES = {"--world-size": "2", "--batch-size": "4", "--epochs": "2", "--seq-len": "512"}


def options_of(hint, rows):
    """The options that a hint begins with, or gives, each with a value for what it leaves open."""
    words = shlex.split(hint.partition(" or ")[0]) if "--given" not in hint else shlex.split(hint)
    named = {}
    for option, value in pairwise([*words, ""]):
        if re.fullmatch(r"--[a-z-]+", option) and not value.startswith("--"):
            key, _, said = value.partition("=")
            key, said = (f"--given {key}", said) if option == "--given" else (option, value)
            filled = {"N": SIZES.get(option, rows), "VALUE": "4"}.get(said, said)
            named[key] = filled.rstrip(",")
    return named


def words_of(named):
    return [
        word
        for key, value in named.items()
        for word in (["--given", f"{key[8:]}={value}"] if key.startswith("--given ") else [key, value])
    ]


@pytest.mark.long
@pytest.mark.parametrize("rows", ["3000", "7"])  # many, and too few for an update
@pytest.mark.parametrize("file", FILES, ids=[f"{path.parent.name}-{path.name}" for path in FILES])
def test_a_hint_of_options_leads_on(tmp_path, file, rows):
    named, errors = {}, []
    for _ in range(8):
        done = run(tmp_path, "plan", str(file), *words_of(named))
        if done.returncode == 0:
            return
        (error,) = re.findall(r"^error: (?:\S+: )?(.*)", done.stderr, re.MULTILINE)
        hint = done.stderr.rpartition("hint: ")[2].strip()
        if not hint.startswith(("--", "give --")) or "metrics=" in hint:
            return  # what is wrong is mended in the file
        assert error not in errors, (hint, named)
        errors.append(error)
        named |= options_of(hint, rows)
    pytest.fail(f"asks for ever: {errors}")


@pytest.mark.parametrize("command", ["plan", "show"])
def test_the_metric_that_a_plateau_asks_for_is_taken(tmp_path, command):
    write(
        tmp_path / "a.yaml",
        "trainer: {max_epochs: 9, devices: 1}\nmodel: {class_path: x.M}\ndata: {init_args: {batch_size: 1}}\n"
        "optimizer: {class_path: torch.optim.SGD, init_args: {lr: 0.1}}\n"
        "lr_scheduler: {class_path: lightning.pytorch.cli.ReduceLROnPlateau, init_args: {monitor: loss}}\n",
    )
    asked = run(tmp_path, command, "a.yaml", "--dataset-len", "9")
    assert "or --given metric=noisy to see it move" in asked.stderr
    done = run(tmp_path, command, "a.yaml", "--dataset-len", "9", "--given", "metric=noisy")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        pytest.param(["--warmup", "10%"], "20", id="a share of the run"),
        pytest.param(["--given", "warmup_steps=10%"], "20", id="a share, by its name"),
        pytest.param(["--warmup", "25"], "25", id="updates"),
        pytest.param([], "10", id="the code's"),
    ],
)
def test_a_share_of_the_run_may_be_the_warmup_of_a_fit(tmp_path, options, steps):
    write(
        tmp_path / "fit.py",
        "from sentence_transformers import SentenceTransformer\nfrom torch.utils.data import DataLoader\n"
        "loader = DataLoader(rows, batch_size=4)\nmodel = SentenceTransformer('m')\n"
        "model.fit(train_objectives=[(loader, loss)], epochs=2, warmup_steps=10)\n",
    )
    words = ["fit.py", "--dataset-len", "400", "--world-size", "1", *options]
    assert run(tmp_path, "plan", *words, "--get", "warmup").stdout == f"{steps}\n"
    assert run(tmp_path, "show", *words, "--get", "peak_at").stdout == f"{steps}\n"


def test_the_warmup_that_llm_foundry_asks_for_is_taken(tmp_path):
    write(
        tmp_path / "a.yaml",
        "max_duration: 100ba\nscheduler: {name: cosine_with_warmup}\n"
        "optimizer: {lr: 1}\ntrain_loader: {name: text}\n",
    )
    asked = run(tmp_path, "plan", "a.yaml")
    assert (asked.returncode, "scheduler.t_warmup" in asked.stderr) == (2, True)
    for said, steps in (("10", 10), ("6%", 6), ("0.2dur", 20)):
        done = run(tmp_path, "plan", "a.yaml", "--given", f"t_warmup={said}", "--get", "warmup")
        assert done.stdout == f"{steps}\n", done.stderr
    assert run(tmp_path, "values", "a.yaml", "--warmup", "10", "--at", "5", "--plain").stdout == "0.5\n"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        pytest.param("llama3/8B_full", "hint: tune cp llama3/8B_full ", id="its own"),
        pytest.param("qwen2_5/0.5B_full", "/0.5B_full.yaml --make-parents", id="a dot in its name"),
        pytest.param("/data/8B_full", "copy it here", id="elsewhere"),
    ],
)
def test_a_config_of_torchtune_s_own_is_read_where_its_copy_is(tmp_path, named, said):
    line = f"tune run full_finetune_single_device --config {named} epochs=2"
    done = run(tmp_path, "plan", "--args", line, "--dataset-len", "101")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    if done.stderr.partition("hint: ")[2].startswith("tune cp"):
        copy = tmp_path / shlex.split(done.stderr.partition("hint: ")[2])[3]
        copy.parent.mkdir()
        write(copy, "batch_size: 4\nepochs: 1\noptimizer: {_component_: torch.optim.AdamW}\n")
        done = run(tmp_path, "plan", "--args", line, "--dataset-len", "101", "--get", "total")
        assert (done.returncode, done.stdout) == (0, "50\n"), done.stderr


@pytest.mark.parametrize(
    ("first", "train"),
    [
        pytest.param("python -m scripts.base_eval --x 1", "python -m scripts.base_train", id="alone"),
        pytest.param(
            "torchrun --nproc_per_node=1 -m scripts.base_eval",
            "torchrun --nproc_per_node=1 -m scripts.base_train",
            id="with a launcher",
        ),
    ],
)
def test_a_module_that_is_called_a_training_is_the_command_of_its_script(tmp_path, first, train):
    options = "--depth=6 --num-iterations=5000 --total-batch-size=65536"
    write(tmp_path / "run.sh", f"uv sync\n{first}\n{train} {options}\n")
    done = run(tmp_path, "plan", "run.sh", "--get", "total")
    assert (done.returncode, done.stdout) == (0, "5000\n"), done.stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param(
            ["torchrun", "--nproc_per_node", "8", "a.py"],
            "hint: a launch line stands behind --: lrviz show -- torchrun --nproc_per_node 8 a.py\n",
            id="a launcher",
        ),
        pytest.param(
            ["-q", "python", "a.py", "--learning_rate", "1"],
            "hint: a launch line stands behind --: lrviz show -q -- python a.py --learning_rate 1\n",
            id="behind an option",
        ),
        pytest.param(
            ["python a.py --learning_rate 1"],
            "hint: a launch line stands behind --, as in ",
            id="in one word",
        ),
        pytest.param(["cosine", "--python", "3"], "hint: lrviz show --help lists", id="no launch line"),
    ],
)
def test_a_launch_line_without_its_dashes_is_told_where_it_stands(tmp_path, words, hint):
    done = run(tmp_path, "show", *words)
    assert (done.returncode, hint in done.stderr) == (2, True), done.stderr


AXOLOTL = "base_model: m\ndatasets: []\nmicro_batch_size: 4\nnum_epochs: 2\nlearning_rate: 1e-4\n{}"
PACKED = ["--dataset-len", "10000", "--world-size", "1"]
MEGATRON = "pretrain_gpt.py --micro-batch-size 1 --global-batch-size 64 --train-iters 100 --lr 1e-3\n"


@pytest.mark.parametrize(
    ("text", "options", "fact", "number"),
    [
        pytest.param(
            AXOLOTL.format("batch_size: 64"), PACKED, "total", 313, id="the file's batch of an update"
        ),
        pytest.param(
            AXOLOTL.format("batch_size: 64"),
            ["--batches-per-epoch", "2500", "--world-size", "1"],
            "total",
            313,
            id="micro batches that it is made of",
        ),
        pytest.param(
            AXOLOTL.format("gradient_accumulation_steps: 8"),
            [*PACKED, "--batch-size", "2"],
            "total",
            1250,
            id="the option is that of a process",
        ),
        pytest.param(
            AXOLOTL.format(""),
            [*PACKED, "--given", "batch_size=64"],
            "total",
            313,
            id="the name is axolotl's own",
        ),
        pytest.param(
            AXOLOTL.format("gradient_accumulation_steps: 8"),
            [*PACKED, "--given", "batch_size=64", "--given", "gradient_accumulation_steps=null"],
            "total",
            313,
            id="in the place of the other",
        ),
        pytest.param(
            MEGATRON, ["--warmup", "10"], "warmup", 10, id="Megatron's old --warmup is none of lrviz's"
        ),
        pytest.param(
            MEGATRON, ["--batch-size", "2", "--world-size", "8"], "total", 100, id="nor its --batch-size"
        ),
    ],
)
def test_an_option_says_the_setting_of_its_key(tmp_path, text, options, fact, number):
    name = "a.yaml" if text.startswith("base_model") else "a.sh"
    write(tmp_path / name, text)
    done = run(tmp_path, "plan", name, *options, "--get", fact)
    assert (done.returncode, done.stdout) == (0, f"{number}\n"), done.stderr


@pytest.mark.parametrize(
    ("more", "option", "hint"),
    [
        pytest.param(
            "batch_size: 64",
            ["--grad-accum", "2"],
            "--given batch_size=null",
            id="a file's batch of an update",
        ),
        pytest.param(
            "gradient_accumulation_steps: 8",
            ["--given", "batch_size=64"],
            "--given gradient_accumulation_steps=null",
            id="a file's accumulation",
        ),
    ],
)
def test_of_two_that_exclude_each_other_the_file_s_is_taken_back(tmp_path, more, option, hint):
    write(tmp_path / "a.yaml", AXOLOTL.format(more))
    asked = run(tmp_path, "plan", "a.yaml", *PACKED, *option)
    assert asked.stderr.splitlines()[-1] == f"hint: {hint}"
    assert run(tmp_path, "plan", "a.yaml", *PACKED, *option, *hint.split()).returncode == 0


@pytest.mark.parametrize(
    ("name", "text", "options", "given", "at"),
    [
        pytest.param(
            "a.yaml",
            AXOLOTL.format("lr_scheduler: one_cycle\nlr_scheduler_kwargs: {div_factor: abc}\n"),
            PACKED,
            "div_factor=25.0",
            ("0", "4e-6"),
            id="of a table",
        ),
        pytest.param(
            "a.yaml",
            "num_iters_per_epoch: 10\nmax_epoch: 10\noptim: sgd\noptim_conf: {lr: 1.0}\nscheduler: StepLR\n",
            [],
            "step_size=30%",
            ("30", "0.1"),
            id="that is missing",
        ),
    ],
)
def test_a_parameter_of_the_schedule_is_given_by_its_name(tmp_path, name, text, options, given, at):
    write(tmp_path / name, text)
    asked = run(tmp_path, "show", name, *options)
    assert asked.stderr.splitlines()[-1] == f"hint: --given {given}"
    step, lr = at
    done = run(tmp_path, "values", name, *options, "--given", given, "--at", step, "--plain")
    assert (done.returncode, float(done.stdout)) == (0, pytest.approx(float(lr), rel=1e-12)), done.stderr
    assert "changes nothing" not in done.stderr


SAMPLES = "pretrain_gpt.py --micro-batch-size 1 --global-batch-size 8 --lr 1e-3 --train-samples 800"
RESTARTS = (
    "num_iters_per_epoch: 10\nmax_epoch: 10\noptim: sgd\noptim_conf: {lr: 1.0}\n"
    "scheduler: CosineAnnealingWarmupRestarts\nscheduler_conf: {warmup_steps: 5}\n"
)
LIGHTNING = (
    "trainer: {max_epochs: 0, devices: 1}\nmodel: {class_path: x.M}\ndata: {init_args: {batch_size: 1}}\n"
    "optimizer: {class_path: torch.optim.SGD, init_args: {lr: 0.1}}\n"
)
TOKENS = (
    "max_seq_len: 0\ntrain_loader: {name: text}\noptimizer: {name: decoupled_adamw, lr: 6.0e-4}\n"
    "scheduler: {name: cosine_with_warmup, t_warmup: 0.05dur}\nmax_duration: 1_310_720_000tok\n"
    "global_train_batch_size: 256\n"
)


@pytest.mark.parametrize(
    ("name", "text", "options", "hint"),
    [
        pytest.param(
            "a.sh",
            f"{SAMPLES} --lr-warmup-samples 900\n",
            ["--world-size", "1"],
            "--given lr_warmup_samples=0",
            id="a warmup in samples",
        ),
        pytest.param(
            "a.sh",
            f"{SAMPLES} --lr-warmup-fraction 1.5\n",
            ["--world-size", "1"],
            "--given lr_warmup_fraction=0",
            id="a warmup in a share",
        ),
        pytest.param(
            "a.sh",
            f"{SAMPLES} --lr-decay-style WSD\n",
            ["--world-size", "1"],
            "--given lr_wsd_decay_samples=100",
            id="a decay in samples",
        ),
        pytest.param(
            "a.yaml",
            RESTARTS,
            [],
            "--given scheduler_conf.first_cycle_steps=1005",
            id="an argument in a table",
        ),
        pytest.param("a.yaml", LIGHTNING, ["--dataset-len", "9"], "--epochs 1", id="no epoch"),
        pytest.param("a.yaml", TOKENS, [], "--given max_seq_len=2048", id="no token"),
    ],
)
def test_the_hint_to_what_a_trainer_stops_at_mends_it(tmp_path, name, text, options, hint):
    write(tmp_path / name, text)
    refused = run(tmp_path, "show", name, *options)
    assert refused.stderr.splitlines()[-1] == f"hint: {hint}"
    done = run(tmp_path, "show", name, *options, *hint.split())
    assert done.returncode == 0, done.stderr


RL = """policy:
  train_global_batch_size: 8
  optimizer: {name: torch.optim.AdamW, kwargs: {lr: 2.0e-5}}
  megatron_cfg: {enabled: ON, optimizer: {lr: 5.0e-6, min_lr: 4.0e-6}, scheduler: {lr_decay_iters: 9}}
sft: {max_num_epochs: 1, max_num_steps: 60}
"""


@pytest.mark.parametrize(
    ("enabled", "said", "unsaid"), [("false", "2e-5", "5e-6"), ("true", "5e-6", "2e-5")], ids=["torch", "own"]
)
def test_a_question_repeats_no_lr_that_the_run_does_not_look_at(tmp_path, enabled, said, unsaid):
    write(tmp_path / "a.yaml", RL.replace("ON", enabled))
    done = run(tmp_path, "plan", "a.yaml")
    assert (done.returncode, f"lr={said}" in done.stderr, unsaid in done.stderr) == (2, True, False)


COMPOSER = (
    "max_duration: 2ep\nglobal_train_batch_size: 8\ntrain_loader: {name: finetuning, drop_last: false}\n"
    "optimizer: {name: decoupled_adamw, lr: 1.0e-5}\n"
    "scheduler: {name: linear_decay_with_warmup, t_warmup: 10ba}\n"
)
BRIDGE = "train: {train_iters: 100, global_batch_size: 8}\noptimizer: {lr: 1e-3}\nmodel: {seq_length: 8}\n"
TUNE = (
    "optimizer: {_component_: torch.optim.AdamW, lr: 1e-3}\nepochs: 1\nbatch_size: 2\n"
    "gradient_accumulation_steps: -1\nmax_steps_per_epoch: null\ndataset: {packed: false}\n"
)


ROWS = ["--dataset-len", "1000", "--world-size", "4"]
TUNED = ["--trainer", "torchtune", "--batches-per-epoch", "100"]
BRIDGED = ["--trainer", "megatron_bridge"]
OF_EPOCHS = "--given num_epochs=null in place of --epochs"
OF_WARMUP = "--given t_warmup=10ba in place of --warmup"
NAMED = "--given scheduler.t_warmup="


@pytest.mark.parametrize(
    ("text", "options", "said", "hint"),
    [
        pytest.param(COMPOSER, ROWS, "--batch-size 7", "--batch-size 4", id="an option of the key"),
        pytest.param(COMPOSER, ROWS, "--warmup abc", OF_WARMUP, id="an option that does not take it"),
        pytest.param(COMPOSER, ROWS, f"{NAMED}abc", f"{NAMED}10ba", id="another of its names"),
        pytest.param(BRIDGE, BRIDGED, "--epochs 3", OF_EPOCHS, id="an option that is taken back"),
        pytest.param(TUNE, TUNED, "--grad-accum -1", "--grad-accum 1", id="what divides an epoch"),
        pytest.param(TUNE, TUNED, "", "--given gradient_accumulation_steps=1", id="that of the file"),
    ],
)
def test_the_hint_names_what_said_the_setting(tmp_path, text, options, said, hint):
    write(tmp_path / "a.yaml", text)
    refused = run(tmp_path, "show", "a.yaml", *options, *said.split())
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (2, f"hint: {hint}")
    done = run(tmp_path, "show", "a.yaml", *options, *hint.partition(" in place of ")[0].split())
    assert done.returncode == 0, done.stderr
