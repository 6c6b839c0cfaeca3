"""Keys at which a script's parser of dataclasses stops, and those that an example of transformers has not."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

SCRIPT = """import sys
from dataclasses import dataclass, field
from transformers import HfArgumentParser, TrainingArguments
@dataclass
class Data:
    train_file: str = None
    packing: bool = True
    alias: int = field(default=3, metadata={"aliases": ["--other-name"]})
    hidden: int = field(default=3, init=False)
parser = HfArgumentParser((Data, TrainingArguments))
parser.add_argument("--more", type=int, default=1)
if len(sys.argv) == 2:
    made = parser.parse_yaml_file(sys.argv[1])
else:
    made = parser.parse_args_into_dataclasses()
"""
PARSING = "parse_args_into_dataclasses()"
OTHERS = [
    pytest.param((PARSING, "parse_args_into_dataclasses(return_remaining_strings=True)"), id="is asked for"),
    pytest.param((PARSING, "parse_args_into_dataclasses(sys.argv[3:])"), id="of other words"),
    pytest.param(("import sys", "import sys; sys.argv.remove('--foo')"), id="taken out"),
    pytest.param(("(Data,", "(Data, *more(),"), id="more classes"),
    pytest.param(("from transformers import", "from mine import"), id="of another module"),
    pytest.param(("if len", "more(parser)\nif len"), id="handed on"),
    pytest.param(("class Data:", "class Data(Base):"), id="another base"),
]


def planned(tmp_path, line, *, script=SCRIPT):
    write(tmp_path / "t.py", script)
    write(tmp_path / "a.yaml", "output_dir: o\nfoo: 3\nmax_steps: 9\n")
    words = ["--max-steps", "9", "--batch-size", "8", "--trainer", "transformers"]
    return run(tmp_path, "plan", *words, "--args", f"python t.py {line}")


@pytest.mark.parametrize("line", ["--foo 3", "--foo", "--hidden 3", "--block_size 3", "--lr_sheduler_type x"])
def test_an_option_that_no_class_makes_stops_it(tmp_path, line):
    done = planned(tmp_path, line)
    key = line.split()[0].lstrip("-")
    assert done.returncode == 2
    assert f"{key} is no option of t.py, whose parser stops at it" in done.stderr


def test_a_key_of_its_file_that_no_class_has_stops_it(tmp_path):
    done = planned(tmp_path, "a.yaml")
    assert "error: a.yaml:2: foo is no option of t.py, whose parser stops at it\n" in done.stderr
    lenient = SCRIPT.replace("sys.argv[1])", "sys.argv[1], allow_extra_keys=True)")
    assert planned(tmp_path, "a.yaml", script=lenient).returncode == 0


@pytest.mark.parametrize(
    "line", ["--train_file x", "--train_f x", "--no_packing", "--no-packing", "--other-name 3", "--more 2"]
)
def test_its_own_options_do_not(tmp_path, line):
    assert planned(tmp_path, line).returncode == 0


@pytest.mark.parametrize("change", OTHERS)
def test_nor_does_what_may_be_read_by_others(tmp_path, change):
    assert planned(tmp_path, "--foo 3", script=SCRIPT.replace(*change)).returncode == 0


@pytest.mark.parametrize(
    ("script", "option", "said"),
    [
        pytest.param("run_clm.py", "--foo_bar 3", "may have them: foo_bar", id="of none"),
        pytest.param("run_clm.py", "--base_learning_rate 1", "may have them: base_lear", id="of another"),
        pytest.param("run_clm.py", "--block_size 3 --no_use_fast_tokenizer", "", id="of the example"),
        pytest.param("mine.py", "--foo_bar 3", "", id="of a script of one's own"),
    ],
)
def test_an_option_that_no_example_of_transformers_has_is_said(tmp_path, script, option, said):
    line = f"python {script} --do_train --output_dir o --max_steps 9 --per_device_train_batch_size 8 {option}"
    done = run(tmp_path, "plan", "--args", line)
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr
    assert ("warning" in done.stderr) == bool(said)


def test_an_old_name_s_slip_is_told_the_name_of_today(tmp_path):
    line = "run_clm.py --do_train --output_dir o --max_steps 9 --per_gpu_batch_size 8"
    done = run(tmp_path, "plan", "--args", f"torchrun --nproc_per_node 4 {line}")
    assert (done.returncode, "write --per_device_train_batch_size," in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("options", "told", "lr"),
    [
        pytest.param("", "", "1e-3 * 32 / 256 = 1.25e-4", id="its default"),
        pytest.param("--base_learning_rate 1.5e-4 --learning_rate 1", "", "1.5e-4 * 32 / 256", id="said"),
        pytest.param("--gradient_accumulation_steps 4", "", "1e-3 * 128 / 256", id="of accumulated batches"),
        pytest.param("--learning_rate 1", "--given learning_rate=0.1", "", id="another LR, told"),
    ],
)
def test_run_mae_goes_by_the_batch_of_all_processes(tmp_path, options, told, lr):
    line = f"run_mae.py --do_train --output_dir o --max_steps 9 --per_device_train_batch_size 8 {options}"
    done = run(tmp_path, "plan", *told.split(), "--args", f"torchrun --nproc_per_node 4 {line}")
    assert (done.returncode, lr in done.stderr) == (0, True), done.stderr
    assert ("lr=0.1" in done.stdout) == bool(told)
