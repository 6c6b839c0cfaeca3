"""The words of a program as its options, whoever's they are."""

from __future__ import annotations

import pytest

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.argv import read_options
from lrviz.inputs.foreign.shell.command import read_command
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word


@pytest.mark.parametrize(
    ("line", "data", "words"),
    [
        pytest.param("--lr 1e-3", {"lr": "1e-3"}, (), id="--k v"),
        pytest.param("--lr=1e-3", {"lr": "1e-3"}, (), id="--k=v"),
        pytest.param("--a.lr=1e-3", {"a.lr": "1e-3"}, (), id="dots"),
        pytest.param("--num-train-epochs 3", {"num_train_epochs": "3"}, (), id="dashes"),
        pytest.param("-b 64", {"b": "64"}, (), id="-k v"),
        pytest.param("-b64 data/x -r.5", {"b": "64", "r": ".5"}, ("data/x",), id="-k1"),
        pytest.param("-lr0 64 -x2y 3", {"lr0": "64", "x2y": "3"}, (), id="no letter and its number"),
        pytest.param("lr0=0.01 model=a.pt", {"lr0": "0.01", "model": "a.pt"}, (), id="k=v"),
        pytest.param("+optim.lr=1 ++trainer.x=2", {"optim.lr": "1", "trainer.x": "2"}, (), id="+k=v"),
        pytest.param("~optim.warmup", {"~optim.warmup": True}, (), id="~k"),
        pytest.param("--fp16 --lr 1", {"fp16": True, "lr": "1"}, (), id="bare switch"),
        pytest.param("--lr 1 --fp16", {"lr": "1", "fp16": True}, (), id="bare switch at the end"),
        pytest.param("--betas 0.9 0.95", {"betas": ("0.9", "0.95")}, (), id="several values"),
        pytest.param("--min-lr -1e-3 --n -1", {"min_lr": "-1e-3", "n": "-1"}, (), id="negative numbers"),
        pytest.param("--n -.5 -inf", {"n": ("-.5", "-inf")}, (), id="odd negative numbers"),
        pytest.param("--lr 1 --lr 2", {"lr": "2"}, (), id="the last wins"),
        pytest.param("--lr_x 1 --lr-x 2", {"lr_x": "2"}, (), id="the last wins in either spelling"),
        pytest.param("--epochs 3 -- --lr 1", {"epochs": "3"}, ("--lr", "1"), id="-- ends"),
        pytest.param("-- --lr 1", {"lr": "1"}, (), id="-- at the beginning"),
        pytest.param("config.yaml --lr 1", {"lr": "1"}, ("config.yaml",), id="a word before"),
        pytest.param("--lr 1 data/x", {"lr": "1"}, ("data/x",), id="a text behind a number"),
        pytest.param("--config a.yaml lr=1", {"config": "a.yaml", "lr": "1"}, (), id="k=v behind a value"),
        pytest.param("--args a=1 b=2", {"args": ("a=1", "b=2")}, (), id="k=v as values"),
        pytest.param("SOLVER.BASE_LR 0.01", {}, ("SOLVER.BASE_LR", "0.01"), id="no options"),
        pytest.param("--url http://a?b=c", {"url": "http://a?b=c"}, (), id="= in a value"),
        pytest.param("--a '' --b 'x y'", {"a": "", "b": "x y"}, (), id="empty and with blanks"),
        pytest.param("--n $N", {"n": Unknown("$N", ("N",))}, (), id="unknown value"),
        pytest.param("--n=$N/x", {"n": Unknown("$N/x", ("N",))}, (), id="unknown value behind ="),
        pytest.param("x.path=$N", {"x.path": Unknown("$N", ("N",))}, (), id="unknown value of k=v"),
    ],
)
def test_options_and_words(line, data, words):
    source = read_command(f"python train.py {line}", "run.sh")
    assert (source.data, source.words) == (data, ("train.py", *words))


PRINTED = {
    "numbers": ("--n 1 $(seq 2 $N) --lr 1", ()),
    "a number": ("--n 1 `nproc` --lr 1", ()),
    "what is counted of a list": ("--n 1 $(ls data/*.bin | wc -l) --lr 1", ()),
    "what a file holds": ("--n 1 $(cat more) --lr 1", ("$(cat more)",)),
    "what is made of it": ("--n 1 $(seq 3 | sed s/^/--x/) --lr 1", ("$(seq 3 | sed s/^/--x/)",)),
    "what one of two prints": ("--n 1 $(cat more || seq $N) --lr 1", ("$(cat more || seq $N)",)),
    "what is behind no option": ("$(date) --n 1 --lr 1", ("$(date)",)),
}


@pytest.mark.parametrize(("line", "hidden"), PRINTED.values(), ids=PRINTED)
def test_what_prints_no_options_is_a_further_value(line, hidden):
    source = read_command(f"torchrun train.py {line}", "run.sh")
    assert tuple(one.why for one in source.hidden) == hidden
    assert (source.data["lr"], isinstance(source.data["n"], tuple)) == ("1", not hidden)


def test_a_word_nobody_knows_may_be_further_options():
    source = read_command('train --lr 1 $EXTRA --epochs 3 "$@"', "run.sh")
    assert source.data == {"lr": "1", "epochs": "3"}
    assert [one.names for one in source.hidden] == [("EXTRA",), ("@",)]


def test_repeated_options_are_kept_in_order():
    words = tuple(map(Word.of, ["--lr", "1", "--set", "a", "--set", "b"]))
    assert [(one.name, one.value) for one in read_options(words).options] == [
        ("lr", "1"),
        ("set", "a"),
        ("set", "b"),
    ]


def test_a_trainer_that_knows_its_switches_reads_again():
    source = read_command("python train.py --amp data/x --lr 1", "run.sh")
    assert source.data["amp"] == "data/x"
    again = read_options(source.argv, switches={"amp"})
    assert [word.text for word in again.words] == ["data/x"]


def test_an_option_has_the_line_of_its_name():
    source = read_command("train \\\n --lr-x 1 \\\n --b=2", "run.sh")
    assert [str(source.place((key,))) for key in ("lr_x", "b")] == ["run.sh:2: --lr-x", "run.sh:3: --b"]


SETUP = "#!/bin/bash\nset -e\nmkdir -p out\npip install -r requirements.txt\nexport A=1\n"


@pytest.mark.parametrize(
    ("script", "program"),
    [
        pytest.param(f"{SETUP}python train.py --lr 1\necho done", "train.py", id="among others"),
        pytest.param("python prepare.py --out x\npython train.py --lr 1", "train.py", id="prepared before"),
        pytest.param("python train.py --lr 1 | tee log", "train.py", id="piped"),
        pytest.param(f"{SETUP}yolo train lr0=0.1", "yolo", id="its own program"),
        pytest.param(f"{SETUP}torchrun --nproc_per_node 2 train.py cfg.py", "train.py", id="no options"),
        pytest.param("./run.sh --optimizer.lr 1", "./run.sh", id="a script of a script"),
        pytest.param("--lr 1 --epochs 2", "", id="options without a program"),
        pytest.param(
            "axolotl preprocess x.yml\naxolotl train x.yml",
            "axolotl",
            id="settings in a file, prepared before",
        ),
        pytest.param(
            "".join(f"axolotl {one} dpo.yml --lr 1\n" for one in ("preprocess", "train", "evaluate")),
            "axolotl",
            id="others of its subcommands",
        ),
        pytest.param("lrviz show cosine --lr 1\ntorchrun a.py --lr 1", "a.py", id="lrviz beside it"),
    ],
)
def test_the_command_that_trains_is_found(script, program):
    assert read_command(script, "run.sh").launch.program == program


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param("echo hello\nls", "no command that trains", id="none"),
        pytest.param("", "no command that trains", id="empty"),
        pytest.param(
            "lrviz show cosine --lr 1\nlrviz show linear --lr 1",
            "no command that trains: lrviz in line 1",
            id="lrviz itself",
        ),
        pytest.param("a --lr 1\nb --lr 2", "2 commands may train: a in line 1, b in line 2", id="two"),
        pytest.param(
            "accelerate launch -m axolotl.cli.train x.yml\ntorchrun a.py --lr 1",
            "2 commands may train: axolotl.cli.train in line 1, a.py in line 2",
            id="settings in a file and in options",
        ),
    ],
)
def test_which_command_trains_is_asked(script, said):
    with pytest.raises(ConfigError, match=said) as refusal:
        read_command(script, "run.sh")
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        pytest.param("a --lr 1\na --lr 2", (1, 2), id="two lines"),
        pytest.param("f() { a --lr $1; }\nf 1\nf 2", (2, 3), id="two calls"),
        pytest.param("f() { a --lr $1; }\ng() { f 1\n f 2; }\ng", (2, 3), id="two calls in a function"),
        pytest.param("f() { a --lr $1; }\ng() { f $1; }\ng 1\ng 2", (3, 4), id="two calls of what calls it"),
    ],
)
def test_one_of_several_commands_is_chosen_by_its_line(script, lines):
    first, second = lines
    with pytest.raises(ConfigError, match=f"a in line {first}, a in line {second}") as refusal:
        read_command(script, "run.sh")
    assert refusal.value.hint == f"--given line={first} takes the first"
    chosen = [read_command(script, "run.sh", {"line": str(line)}).data["lr"] for line in lines]
    assert chosen == ["1", "2"]


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(" # --epochs 3 \\\n", id="a comment"),
        pytest.param("\n", id="an empty line"),
        pytest.param(" # a\n # b\n", id="two comments"),
    ],
)
def test_the_rest_of_a_command_is_no_command(between):
    line = 3 + between.count("#") // 2
    with pytest.raises(ConfigError, match=rf"run.sh:{line}: --lr is no command") as refusal:
        read_command(f"train --a 1 \\\n{between} --lr 1 \\\n --b 2", "run.sh")
    assert refusal.value.hint
