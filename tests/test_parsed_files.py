"""A script has its parser of dataclasses read a file, or a dict, in place of its command."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

SCRIPT = """\
import argparse, json, os, sys
from dataclasses import dataclass
from transformers import HfArgumentParser, Trainer, TrainingArguments

@dataclass
class Data:
    rows: int = 9

parser = HfArgumentParser(TrainingArguments)
{lines}
Trainer(model=None, args=args).train()
"""
CONFIG = "output_dir: o\nlearning_rate: 9.0e-5\nmax_steps: 40\n"


OPTION = """\
ap = argparse.ArgumentParser()
ap.add_argument("--config", default="train.yaml")
cli = ap.parse_args()
"""
DICT = '{"learning_rate": 9e-5, "output_dir": "o", "max_steps": 40}'


def planned(tmp_path, lines, *words):
    write(tmp_path / "train.py", SCRIPT.format(lines=lines))
    write(tmp_path / "train.yaml", CONFIG)
    return run(
        tmp_path, "plan", "--dataset-len", "80", "--format", "json", "--", "python", "train.py", *words
    )


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("(args,) = parser.parse_yaml_file(find())", id="a path that is computed"),
        pytest.param("(args,) = parser.parse_json_file(json_file=find())", id="in JSON"),
        pytest.param("args = parser.parse_dict(load())[0]", id="a dict that is computed"),
        pytest.param(
            "args, _ = parser.parse_args_into_dataclasses(return_remaining_strings=True)\n"
            "args = parser.parse_dict(load())[0]",
            id="after the command is parsed",
        ),
        pytest.param(
            'path = "a.yaml"\n\n'
            "def parse(path):\n    return parser.parse_yaml_file(path)[0]\n\nargs = parse(find())",
            id="an argument of the name of a constant",
        ),
        pytest.param(
            f"{OPTION}cli.config = find()\nargs, = parser.parse_yaml_file(cli.config)",
            id="an option that is set",
        ),
        pytest.param('args = parser.parse_args_into_dataclasses(args_filename="a.args")[0]', id="arguments"),
        pytest.param(
            "args = HfArgumentParser((Data, TrainingArguments)).parse_yaml_file(sys.argv[2])[1]",
            id="the value of an option",
        ),
        pytest.param(
            "def parse(path):\n    return parser.parse_yaml_file(path)[0]\n\nargs = parse(find())",
            id="in a function",
        ),
    ],
)
def test_what_is_not_followed_is_refused(tmp_path, lines):
    done = planned(tmp_path, lines)
    assert (done.returncode, "train.py:" in done.stderr, "is not followed" in done.stderr) == (2, True, True)
    named = planned(tmp_path, lines, "train.yaml")
    assert json.loads(named.stdout)["reading"]["settings"]["learning_rate"]["value"] == 9e-5


@pytest.mark.parametrize(
    ("lines", "words", "origin"),
    [
        pytest.param('args, = parser.parse_yaml_file("train.yaml")', [], "train.yaml:2", id="written out"),
        pytest.param(
            'PATH = "train.yaml"\nargs, = parser.parse_yaml_file(yaml_file=os.path.abspath(PATH))',
            [],
            "train.yaml:2",
            id="a constant",
        ),
        pytest.param(
            f"{OPTION}args, = parser.parse_yaml_file(cli.config)", [], "train.yaml:2", id="a default"
        ),
        pytest.param(
            f"{OPTION}args, = parser.parse_yaml_file(cli.config)",
            ["--config", "other.yaml"],
            "other.yaml:1",
            id="an option",
        ),
        pytest.param(
            'def parse():\n    return parser.parse_yaml_file("train.yaml")[0]\n\nargs = parse()',
            [],
            "train.yaml:2",
            id="in a function",
        ),
        pytest.param(
            'args, = parser.parse_yaml_file(os.path.join(os.path.dirname(__file__), "train.yaml"))',
            [],
            "train.yaml:2",
            id="beside the script",
        ),
        pytest.param(
            'def parse(path):\n    return parser.parse_yaml_file(path)[0]\n\nargs = parse("train.yaml")',
            [],
            "train.yaml:2",
            id="given to a function",
        ),
        pytest.param(
            f"{OPTION}cli.config = 'other.yaml'\nargs, = parser.parse_yaml_file(cli.config)",
            [],
            "other.yaml:1",
            id="an option that is set",
        ),
        pytest.param(
            'args = parser.parse_dict(json.load(open("said.json")))[0]',
            [],
            "train.py:10",
            id="a dict of a file",
        ),
        pytest.param(
            f'SAID = {DICT}\nSAID["learning_rate"] = 9e-5\nargs = parser.parse_dict(SAID)[0]',
            [],
            "train.py:11",
            id="a dict that is changed",
        ),
        pytest.param(f"args = parser.parse_dict({DICT})[0]", [], "train.py:10", id="a dict"),
        pytest.param(f"SAID = {DICT}\nargs = parser.parse_dict(SAID)[0]", [], "train.py:10", id="named"),
        pytest.param(
            'args, = parser.parse_yaml_file("train.yaml")\nargs.learning_rate = 9e-5',
            [],
            "train.py:11",
            id="set after that",
        ),
    ],
)
def test_what_it_reads_is_followed(tmp_path, lines, words, origin):
    write(tmp_path / "said.json", DICT)
    write(tmp_path / "other.yaml", "learning_rate: 9.0e-5\nmax_steps: 40\noutput_dir: o\n")
    said = json.loads(planned(tmp_path, lines, *words).stdout)["reading"]["settings"]
    assert (said["learning_rate"]["value"], said["max_steps"]["value"]) == (9e-5, 40)
    place = said["learning_rate"]["place"]
    assert f"{place['file']}:{place['line']}" == origin


def test_a_file_that_lies_elsewhere_is_not_opened(tmp_path):
    done = planned(tmp_path, 'args, = parser.parse_yaml_file("/etc/train.yaml")')
    assert (done.returncode, "not a path beside this file" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            'if sys.argv[1].endswith(".yaml"):\n'
            "    args, = parser.parse_yaml_file(os.path.abspath(sys.argv[1]))\n"
            "else:\n    args, = parser.parse_args_into_dataclasses()",
            id="the word of the command",
        ),
        pytest.param(
            "def parse(path):\n    return parser.parse_yaml_file(path)[0]\n\nargs = parse(sys.argv[-1])",
            id="handed to a function",
        ),
        pytest.param(
            "(data,) = HfArgumentParser(Data).parse_yaml_file(find())\n"
            "(args,) = parser.parse_args_into_dataclasses()",
            id="of a class of its own",
        ),
    ],
)
def test_the_words_of_the_command_are_read(tmp_path, lines):
    done = planned(tmp_path, lines, "--output_dir", "o", "--max_steps", "7")
    assert json.loads(done.stdout)["reading"]["settings"]["max_steps"]["value"] == 7, done.stderr


ARGV = "args, = parser.parse_yaml_file(sys.argv[1], allow_extra_keys=True)"


@pytest.mark.parametrize(
    ("lines", "words", "options", "said"),
    [
        pytest.param(
            f"{ARGV}\nargs.learning_rate = args.learning_rate * args.world_size ** 0.5",
            ["train.yaml"],
            [],
            (9e-5, 40),
            id="by a root of the processes",
        ),
        pytest.param(f"{ARGV}\nargs.max_steps //= 2", ["train.yaml"], [], (9e-5, 20), id="halved"),
        pytest.param(
            f"{ARGV}\nargs.max_steps = args.max_steps + 1", ["train.yaml"], [], (9e-5, 41), id="sum"
        ),
        pytest.param(f"{ARGV}\nargs.learning_rate *= 2", ["train.yaml"], [], (1.8e-4, 40), id="doubled"),
        pytest.param(
            'args, = parser.parse_yaml_file("train.yaml")\nargs.learning_rate *= 2',
            [],
            [],
            (1.8e-4, 40),
            id="of a file that it names",
        ),
        pytest.param(
            f"{OPTION}args, = parser.parse_yaml_file(cli.config)\nargs.max_steps *= 2",
            [],
            [],
            (9e-5, 80),
            id="of an option's default",
        ),
        pytest.param(
            f"args = parser.parse_dict({DICT})[0]\nargs.max_steps *= 2", [], [], (9e-5, 80), id="of a dict"
        ),
        pytest.param(
            f"{ARGV}\nargs.learning_rate *= 2",
            ["train.yaml"],
            ["--given", "learning_rate=2e-4"],
            (2e-4, 40),
            id="the LR is given",
        ),
        pytest.param(
            f"{ARGV}\nargs.max_steps = args.max_steps // 2",
            ["train.yaml"],
            ["--steps", "30"],
            (9e-5, 30),
            id="the steps are an option",
        ),
        pytest.param(
            f"{ARGV}\nargs.max_steps = args.max_steps // 2",
            ["train.yaml"],
            ["--given", "max_steps=30"],
            (9e-5, 30),
            id="the steps are given",
        ),
        pytest.param(
            f"{ARGV}\nargs.learning_rate = args.learning_rate * measure()",
            ["train.yaml"],
            ["--given", "learning_rate=2e-4"],
            (2e-4, 40),
            id="the answer to what is computed",
        ),
    ],
)
def test_what_lines_make_of_a_parsed_value(tmp_path, lines, words, options, said):
    """The file's value is what the expression begins with; what is given is what it is in the end."""
    write(tmp_path / "train.py", SCRIPT.format(lines=lines))
    write(tmp_path / "train.yaml", CONFIG)
    command = ["--format", "json", *options, "--", "python", "train.py", *words]
    done = run(tmp_path, "plan", "--dataset-len", "80", *command)
    found = json.loads(done.stdout)["reading"]["settings"]
    assert (found["learning_rate"]["value"], found["max_steps"]["value"]) == said


def test_what_a_script_makes_of_the_config_of_its_command(tmp_path):
    """TRL's parser has what the command says above the file that its ``--config`` names."""
    lines = (
        "args, = TrlParser(SFTConfig).parse_args_and_config()\nargs.learning_rate *= 2\nargs.max_steps *= 2"
    )
    script = f"from trl import SFTConfig, SFTTrainer, TrlParser\n{lines}\nSFTTrainer(args=args).train()\n"
    write(tmp_path / "train.py", script)
    write(tmp_path / "train.yaml", CONFIG)
    command = ["python", "train.py", "--config", "train.yaml", "--max_steps", "50"]
    done = run(tmp_path, "plan", "--dataset-len", "80", "--format", "json", "--", *command)
    found = json.loads(done.stdout)["reading"]["settings"]
    assert (found["learning_rate"]["value"], found["max_steps"]["value"]) == (1.8e-4, 100)


JSON_ALONE = (
    'if len(sys.argv) == 2 and sys.argv[1].endswith(".yaml"):\n'
    "    args, = parser.parse_yaml_file(sys.argv[1])\n"
    "else:\n    args, = parser.parse_args_into_dataclasses()"
)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(ARGV, id="the file alone"),
        pytest.param(JSON_ALONE, id="the file, or the command"),
        pytest.param("args, = parser.parse_dict(yaml.safe_load(open(sys.argv[1])))", id="its dict"),
    ],
)
def test_options_beside_a_file_that_is_read_alone_are_refused(tmp_path, lines):
    done = planned(tmp_path, lines, "train.yaml", "--learning_rate", "5")
    said = "looks at no option: --learning_rate beside train.yaml change nothing, or stop it"
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert planned(tmp_path, lines, "train.yaml").returncode == 0


SAID = ["--output_dir", "o", "--learning_rate", "6e-5", "--max_steps", "40"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(f"args, = parser.parse_args_into_dataclasses(args={SAID})", id="a list"),
        pytest.param(f"ARGV = {SAID}\nargs, = parser.parse_args_into_dataclasses(ARGV)", id="by a name"),
        pytest.param(
            f"LINE = {' '.join(SAID)!r}\nargs, = parser.parse_args_into_dataclasses(LINE.split())", id="split"
        ),
        pytest.param(
            f"LINE = {' '.join(SAID)!r}\nargs, = parser.parse_args_into_dataclasses(shlex.split(LINE))",
            id="split as a shell does",
        ),
        pytest.param(
            f"sys.argv = {['x.py', *SAID]}\nargs, = parser.parse_args_into_dataclasses()", id="sys.argv"
        ),
    ],
)
@pytest.mark.parametrize("words", [[], ["--learning_rate", "5"]])
def test_the_words_that_a_script_hands_its_parser_are_read(tmp_path, lines, words):
    done = planned(tmp_path, lines, *words)
    said = json.loads(done.stdout)["reading"]["settings"]
    assert (said["learning_rate"]["value"], said["max_steps"]["value"]) == (6e-5, 40)
    assert ("none of the command" in done.stderr) == bool(words)
