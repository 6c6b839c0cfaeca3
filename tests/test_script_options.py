"""The options of a script's own argparse: their defaults, or what the command that starts it says."""

from __future__ import annotations

import re

import pytest
from commands import run
from configs import write

ADDED = """
parser.add_argument("--lr", type=float, default=1e-4)
parser.add_argument("-e", "--num-epochs", dest="epochs", type=int, default=2)
parser.add_argument("--batch_size", type=int, default=4)
parser.add_argument("--drop", action="store_true")
"""
ARGUMENTS = (
    'TrainingArguments("o", learning_rate=args.lr, num_train_epochs=args.epochs,'
    ' lr_scheduler_type="constant", per_device_train_batch_size=args.batch_size,'
    " dataloader_drop_last=args.drop)"
)
HEAD = "import argparse\nfrom transformers import TrainingArguments\n"


def indented(text):
    return re.sub(r"^(?=.)", "    ", text, flags=re.MULTILINE)


FLAT = f"{HEAD}parser = argparse.ArgumentParser()\n{ADDED}\nargs = parser.parse_args()\n#\n{ARGUMENTS}\n"
RETURNED = (
    f"{HEAD}def read():\n    parser = argparse.ArgumentParser()\n{indented(ADDED)}\n"
    f"    args = parser.parse_args()\n    print(args)\n    return args\n"
    f"def main():\n    args = read()\n    seed(args)\n    return {ARGUMENTS}\nmain()\n"
)
HANDED = (
    f"{HEAD}def main(args):\n    return {ARGUMENTS}\n"
    f"if __name__ == '__main__':\n    parser = argparse.ArgumentParser()\n{indented(ADDED)}\n"
    f"    main(parser.parse_args())\n"
)
SCRIPTS = [
    pytest.param(FLAT, id="flat"),
    pytest.param(RETURNED, id="returned"),
    pytest.param(HANDED, id="handed"),
]


def told(tmp_path, *words):
    lr = run(tmp_path, "values", *words, "--dataset-len", "101", "--at", "0", "--plain", "-q")
    total = run(tmp_path, "plan", *words, "--dataset-len", "101", "--get", "total")
    assert lr.returncode == total.returncode == 0, lr.stderr + total.stderr
    return float(lr.stdout), int(total.stdout)


@pytest.mark.parametrize("text", SCRIPTS)
def test_the_defaults_are_read_and_said(tmp_path, text):
    write(tmp_path / "train.py", text)
    assert told(tmp_path, "train.py", "--world-size", "1") == (1e-4, 52)
    done = run(tmp_path, "show", "train.py", "--world-size", "1", "--dataset-len", "101")
    assert "its options are taken at their defaults" in done.stderr


@pytest.mark.parametrize("text", SCRIPTS)
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param("", (1e-4, 52), id="none"),
        pytest.param("--lr 2e-4 --num-epochs 3", (2e-4, 78), id="two"),
        pytest.param("-e 3 --batch_size=10 --drop", (1e-4, 30), id="short, joined and a switch"),
        pytest.param("--num 1", (1e-4, 26), id="cut short"),
    ],
)
def test_a_command_says_others(tmp_path, text, options, expected):
    write(tmp_path / "train.py", text)
    assert told(tmp_path, "--args", f"python train.py {options}") == expected


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param("--lrs 1e-4", "train.py has no option --lrs", id="unknown"),
        pytest.param("--b 1", "may be --batch_size or --beta", id="cut short, of several"),
        pytest.param("--lr $LR", "--given LR=VALUE", id="a variable nobody sets"),
    ],
)
def test_what_stops_or_is_open_is_said(tmp_path, options, said):
    write(tmp_path / "train.py", FLAT.replace("args =", 'parser.add_argument("--beta")\nargs ='))
    done = run(tmp_path, "plan", "--args", f"python train.py {options}", "--dataset-len", "9")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("if cuda():\n    args.lr = args.lr * 2", id="perhaps"),
        pytest.param("for one in range(3):\n    args.lr *= 2", id="in a loop"),
        pytest.param("args.lr = float(os.environ['LR'])", id="by what nobody knows"),
    ],
)
def test_an_option_that_a_line_may_change_is_asked_for(tmp_path, line):
    write(tmp_path / "train.py", FLAT.replace("#", line))
    done = run(tmp_path, "plan", "train.py", "--dataset-len", "9", "--world-size", "1")
    assert (done.returncode, "learning_rate" in done.stderr) == (2, True), done.stderr


def test_a_line_that_surely_changes_an_option_counts(tmp_path):
    write(tmp_path / "train.py", FLAT.replace("#", "args.lr *= 2"))
    assert told(tmp_path, "train.py", "--world-size", "1") == (2e-4, 52)


@pytest.mark.parametrize(
    ("parsed", "expected"),
    [
        pytest.param('["--lr", "2e-4", "--num-epochs=3"]', (2e-4, 78), id="a list"),
        pytest.param('args="-e 3 --drop".split()', (1e-4, 75), id="a text that is split"),
        pytest.param("ARGV", (2e-4, 52), id="a list by its name"),
        pytest.param("[]", (1e-4, 52), id="nothing"),
        pytest.param("None, argparse.Namespace(lr=3e-4)", (3e-4, 52), id="a namespace by its place"),
        pytest.param("namespace=argparse.Namespace(lr=3e-4)", (3e-4, 52), id="a namespace"),
    ],
)
def test_what_a_script_hands_its_own_parser_counts(tmp_path, parsed, expected):
    text = FLAT.replace("parse_args()", f"parse_args({parsed})").replace("#", "")
    write(tmp_path / "train.py", f'{text}ARGV = ["--lr", "2e-4"]\n')
    assert told(tmp_path, "train.py", "--world-size", "1") == expected
    done = run(tmp_path, "show", "train.py", "--world-size", "1", "--dataset-len", "101")
    assert ("taken at their defaults" in done.stderr) == ("amespace" in parsed)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param("", (1e-4, 52), id="their defaults"),
        pytest.param("--fast", (3e-4, 52), id="one of two for a value"),
        pytest.param("--slow", (5e-4, 52), id="the other"),
        pytest.param("--batch_size", (1e-4, 26), id="an option without its value"),
        pytest.param("--batch_size 2", (1e-4, 102), id="with it"),
    ],
)
def test_an_option_may_stand_for_a_constant(tmp_path, options, expected):
    added = (
        'parser.add_argument("--fast", dest="lr", action="store_const", const=3e-4, default=1e-4)\n'
        'parser.add_argument("--slow", dest="lr", action="store_const", const=5e-4)\n'
        'parser.add_argument("--batch_size", type=int, nargs="?", default=4, const=8)\n'
        'parser.add_argument("--epochs", type=int, default=2)\nparser.add_argument("--drop", default=False)\n'
    )
    write(tmp_path / "train.py", FLAT.replace(ADDED, added))
    assert told(tmp_path, "--args", f"python train.py {options}") == expected


OF_A_TRAINER = """from accelerate import Accelerator
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--learning_rate", type=float, default=3e-4)
parser.add_argument("--lr_scheduler_type", default="constant")
parser.add_argument("--num_train_epochs", type=int, default=2)
parser.add_argument("--max_train_steps", type=int, default=None)
parser.add_argument("--per_device_train_batch_size", type=int, default={size})
parser.add_argument("--num_epochs", default="another")
parser.parse_args()
"""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param("", (3e-4, 52), id="its defaults"),
        pytest.param("--learning_rate 1e-4 --num_train_epochs 1", (1e-4, 26), id="what the command says"),
        pytest.param("--num_epochs 7", (3e-4, 52), id="an option of its own, like a setting"),
    ],
)
def test_the_script_that_a_trainer_s_command_starts_has_its_own_defaults(tmp_path, options, expected):
    write(tmp_path / "run_x_no_trainer.py", OF_A_TRAINER.format(size=4))
    assert told(tmp_path, "--args", f"python run_x_no_trainer.py --model m {options}") == expected
    done = run(tmp_path, "plan", "--args", "python run_x_no_trainer.py", "--dataset-len", "9")
    assert "run_x_no_trainer.py:5" in done.stdout


def test_a_default_that_only_a_run_could_tell_is_asked_for(tmp_path):
    write(tmp_path / "run_x_no_trainer.py", OF_A_TRAINER.format(size="int(os.environ['B'])"))
    done = run(tmp_path, "plan", "--args", "python run_x_no_trainer.py", "--dataset-len", "9")
    assert (done.returncode, "per_device_train_batch_size=VALUE" in done.stderr) == (2, True), done.stderr


OF_ITS_OWN = """
import argparse
{imports}
parser = argparse.ArgumentParser()
parser.add_argument("--output_dir")
parser.add_argument("--learning_rate", type=float, default=3e-4)
parser.add_argument("--num_train_epochs", type=int, default=2)
parser.add_argument("--per_device_train_batch_size", type=int, default=4)
parser.add_argument("--gradient_accumulation_steps", type=int, default=1)
{options}
args = parser.parse_args()
{body}
"""
SAID = "--output_dir o --num_train_epochs 3"
CALLING = (
    'TrainingArguments("o", learning_rate=args.learning_rate, num_train_epochs=args.num_train_epochs,'
    ' per_device_train_batch_size=10, lr_scheduler_type="constant")'
)
WARMUP = 'parser.add_argument("--num_warmup_steps", type=int, default=0)'


def of_its_own(tmp_path, imports, options="", body=""):
    write(tmp_path / "train.py", OF_ITS_OWN.format(imports=imports, options=options, body=body))


def test_a_script_that_calls_a_class_with_its_options_is_read_though_they_are_called_alike(tmp_path):
    of_its_own(tmp_path, "from transformers import TrainingArguments", body=CALLING)
    assert told(tmp_path, "--args", f"python train.py {SAID}") == (3e-4, 33)


def test_the_name_and_an_option_of_nanogpt_do_not_make_a_script_its_own(tmp_path):
    option = 'parser.add_argument("--gradient_accumulation_steps", type=int, default=2)'
    of_its_own(tmp_path, "from accelerate import Accelerator", option)
    done = run(tmp_path, "plan", "--args", "accelerate launch --num_processes 2 train.py")
    assert (done.returncode, "nanogpt" in done.stdout) == (2, False), done.stdout


@pytest.mark.parametrize(
    ("imports", "options", "said"),
    [
        pytest.param("import torch", "", "transformers", id="a loop over torch"),
        pytest.param("from pytorch_bert import BertAdam", "", "transformers", id="an optimizer of others"),
        pytest.param("import torch", WARMUP, "accelerate_no_trainer", id="a scheduler of its own"),
    ],
)
def test_a_script_that_uses_no_trainer_is_not_read_as_one(tmp_path, imports, options, said):
    of_its_own(tmp_path, imports, options)
    line = f"python train.py {SAID}" + " --num_warmup_steps 5 --per_device_train_batch_size 4" * bool(options)
    done = run(tmp_path, "plan", "--args", line, "--dataset-len", "9")
    assert (done.returncode, f"none of what {said} trains with" in done.stderr) == (2, True), done.stderr
    assert run(tmp_path, "plan", "--args", line, "--dataset-len", "9", "--trainer", said).returncode == 0


@pytest.mark.parametrize(
    "imports",
    [
        pytest.param("from transformers import Trainer", id="the Trainer"),
        pytest.param("from trl import SFTTrainer", id="one built on it"),
        pytest.param("from transformers import HfArgumentParser", id="its parser beside"),
    ],
)
def test_a_script_that_may_use_a_trainer_is_read_as_one(tmp_path, imports):
    of_its_own(tmp_path, imports)
    assert told(tmp_path, "--args", f"python train.py {SAID}") == (3e-4, 78)


ENGINE = (
    'parser = deepspeed.add_config_arguments(parser)\nparser.add_argument("--num_warmup_steps", type=int)'
)


@pytest.mark.parametrize("is_here", [True, False])
@pytest.mark.parametrize(
    ("options", "total", "scheduled"),
    [
        pytest.param("--num_warmup_steps 5", 21, 21, id="an update for each batch"),
        pytest.param("--num_warmup_steps 5 --gradient_accumulation_steps 2", 10, 12, id="across epochs"),
        pytest.param("--num_warmup_steps 5 --max_train_steps 9", 9, 9, id="so many"),
    ],
)
def test_a_scheduler_that_deepspeed_s_engine_steps_counts_updates(
    tmp_path, is_here, options, total, scheduled
):
    if is_here:
        of_its_own(tmp_path, "import deepspeed", f'{ENGINE}\nparser.add_argument("--max_train_steps")')
    size = "--per_device_train_batch_size 4 --learning_rate 3e-4"
    line = f"deepspeed --num_gpus 4 train.py {SAID} {size} {options} --deepspeed"
    done = run(tmp_path, "plan", "--args", line, "--dataset-len", "101")
    assert done.returncode == 0, done.stderr
    assert f'steps={total},num_warmup_steps=5,num_training_steps={scheduled}"' in done.stdout


def test_options_that_another_module_adds_to_the_parser_are_known_to_it(tmp_path):
    write(tmp_path / "train.py", FLAT.replace("args =", "deepspeed.add_config_arguments(parser)\nargs ="))
    assert told(tmp_path, "--args", "python train.py --lr 2e-4 --deepspeed_config ds.json") == (2e-4, 52)


@pytest.mark.parametrize("start", ["pkg/train.py", "-m pkg.train"])
def test_a_module_that_is_here_is_read_as_its_file_is(tmp_path, start):
    write(tmp_path / "pkg/train.py", FLAT)
    assert told(tmp_path, "--args", f"python {start} --num-epochs 3") == (1e-4, 78)


YOLOV5 = """import argparse
from ultralytics.utils.patches import torch_load
from utils.general import {helper}
def train(hyp, opt):
    epochs = opt.epochs
    model.train()
parser = argparse.ArgumentParser()
parser.add_argument("--weights", default="yolov5s.pt")
parser.add_argument("--epochs", type=int, default=37)
parser.add_argument("--batch-size", type=int, default=16)
opt = parser.parse_args()
train({helper}, opt)
"""


@pytest.mark.parametrize(
    ("script", "helper"), [("train.py", "one_cycle"), ("classify/train.py", "smartCrossEntropyLoss")]
)
def test_yolov5s_script_is_its_own_though_it_has_helpers_of_ultralytics(tmp_path, script, helper):
    write(tmp_path / script, YOLOV5.format(helper=helper))
    line = f"python {script} --weights yolov5s.pt"
    done = run(tmp_path, "plan", "--args", line, "--dataset-len", "100")
    assert (done.returncode, "yolov5 7.0" in done.stdout, "37" in done.stdout) == (0, True, True), done.stderr


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("--num_processes 2 train.py", id="no program"),
        pytest.param("../.. launch train.py", id="a folder"),
        pytest.param("gunzip . '' /; python train.py", id="an archive without a name"),
    ],
)
def test_a_command_that_names_no_program_is_no_bug(tmp_path, line):
    write(tmp_path / "train.py", FLAT)
    done = run(tmp_path, "plan", "--args", line, "--dataset-len", "9")
    assert "this is a bug" not in done.stderr
