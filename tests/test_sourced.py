"""Scripts that read others as if those stood in them, ``source ./env.sh``, or run them: ``bash train.sh``."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

from lrviz.inputs.foreign.shell.invocation import Invocation
from lrviz.inputs.foreign.shell.script import run_script
from lrviz.inputs.foreign.shell.sourced import ScriptText

FIXED = "--output_dir o --per_device_train_batch_size 1 --max_steps 9"
TRAIN = f"torchrun --nproc_per_node 1 run_clm.py {FIXED} --learning_rate $LR"
FILES = {
    "env.sh": "export LR=2e-4\n",
    "lib/env.sh": "LR=3e-4\n",
    "with.env": "LR=4e-4\n",
    "functions.sh": 'use() { LR="${1}e-4"; }\n',
    "outer.sh": "source ./env.sh\n",
    "itself.sh": "source ./itself.sh\n",
}


def planned(folder, text):
    for name, held in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        write(folder / name, held)
    write(folder / "run.sh", f"{text}\n{TRAIN}\n")
    return run(folder, "plan", "run.sh", "--format", "json")


@pytest.mark.parametrize(
    ("text", "lr", "files"),
    [
        pytest.param("source ./env.sh", 2e-4, ["env.sh"], id="beside it"),
        pytest.param('. "$(dirname "$0")/env.sh"', 2e-4, ["env.sh"], id="from its own folder"),
        pytest.param(
            'D="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" &>/dev/null && pwd)"\nsource "$D/lib/env.sh"',
            3e-4,
            ["lib/env.sh"],
            id="in a folder beside it",
        ),
        pytest.param("source with.env", 4e-4, ["with.env"], id="a file of assignments"),
        pytest.param("source functions.sh\nuse 5", 5e-4, ["functions.sh"], id="a function of it"),
        pytest.param("source outer.sh", 2e-4, ["outer.sh", "env.sh"], id="what it reads in turn"),
        pytest.param("LR=1e-4\nsource env.sh", 2e-4, ["env.sh"], id="over what was set before"),
        pytest.param("source env.sh\nLR=1e-4", 1e-4, ["env.sh"], id="below what is set later"),
    ],
)
def test_a_script_reads_another_as_a_shell_does(tmp_path, text, lr, files):
    done = planned(tmp_path, text)
    assert done.returncode == 0, done.stderr
    reading = json.loads(done.stdout)["reading"]
    found = reading["settings"]["learning_rate"]["value"]
    assert (found, reading["files"]) == (pytest.approx(lr), ["run.sh", *files])


GIVEN = {
    "its words": ("source in.sh 2 3", "A=$2-$#", "3-2"),
    "by the dot": (". ./in.sh 2", "A=$1", "2"),
    "behind a variable": ("B=3 source in.sh 2", "A=$1$B", "23"),
    "behind dashes": ("source -- in.sh 2", "A=$1", "2"),
    "of an array": ('X=(5 6)\nsource in.sh "${X[@]}"', "A=$2", "6"),
    "a default": ("set -- 7\nsource in.sh ''", "A=${1:-4}", "4"),
    "the script's": ("set -- 7\nsource in.sh", "A=$1", "7"),
    "handed on": ('set -- 7 8\nsource in.sh "$@"', "A=$2", "8"),
    "given back": ("set -- 7\nsource in.sh 2 3\nA=$1-$#", "", "7-1"),
    "shifted": ("set -- 7 8\nsource in.sh 2 3\nA=$A-$1", "shift; A=$1", "3-7"),
    "the script's, shifted": ("set -- 7 8\nsource in.sh\nA=$1", "shift", "8"),
    "set in it": ("set -- 7\nsource in.sh 2\nA=$1", "set -- 4 5; shift", "5"),
    "the script's, set in it": ("set -- 7\nsource in.sh\nA=$1", "set -- 4", "4"),
    "set in it, in a function": ("f() { source in.sh 2; A=$1; }\nf 5", "set -- 4", "5"),
    "set by its function": ("set -- 7\nsource in.sh 2\nA=$1", "f() { set -- 4; }\nf", "7"),
    "set by a shell of its own": ("set -- 7\nsource in.sh 2\nA=$1", "(set -- 4)", "7"),
    "within each other": ("set -- 7\nsource in.sh 2\nA=$A-$1", "source beside.sh 5 6; A=$B-$1", "5-2-7"),
    "the outer one's": ("source in.sh 2", "source beside.sh; A=$B", "2"),
    "in a loop over them": (
        "source in.sh --x 1 --lr 4",
        "while [ $# -gt 0 ]; do case $1 in --lr) A=$2; shift 2;; *) shift;; esac; done",
        "4",
    ),
    "what they decide": ("source in.sh slurm", 'A=1; if [[ ${1} != "slurm" ]]; then A=2; fi', "1"),
    "from the input": ("source /dev/stdin 4 <<< 'A=$1'", "", "4"),
    "in quotes": ("eval 'source in.sh 4'", "A=$1", "4"),
    "in a function": ("f() { source in.sh 4; A=$A-$1; }\nf 9", "A=$1", "4-9"),
    "in a shell of its own": ("A=1\n(source in.sh 4)", "A=$1", "1"),
    "left": ("source in.sh 2\nA=$A-3", "A=1; return; A=2", "1-3"),
    "left by what is given": ("source in.sh 2", 'A=1; if [ "$1" = 2 ]; then return; fi; A=2', "1"),
    "left in a function": ("f() { source in.sh; A=$A-3; }\nf", "A=1; return; A=2", "1-3"),
}
"""Each by bash 5.2."""


@pytest.mark.parametrize(("text", "inner", "found"), GIVEN.values(), ids=GIVEN)
def test_a_file_that_is_read_has_the_words_behind_it(tmp_path, text, inner, found):
    write(tmp_path / "in.sh", f"{inner}\n")
    write(tmp_path / "beside.sh", "B=$1\n")
    call = Invocation(arguments=(), folder=tmp_path)
    *_, last = run_script(ScriptText(f'{text}\ntrain "$A"', "run.sh"), call=call).commands
    assert last.words[1].value == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("source ./none.sh", "; ./none.sh is not read", id="not there"),
        pytest.param("source ~/env.sh", "; ~/env.sh is not read", id="elsewhere"),
        pytest.param("source $PWD_OF_MINE/env.sh", "; $PWD_OF_MINE/env.sh is not read", id="unknown"),
        pytest.param("source venv/bin/activate", "; venv/bin/activate is not read", id="no script"),
        pytest.param("if [ -e $X ]; then source ./env.sh; fi", "; ./env.sh is not read", id="it may not be"),
        pytest.param("source itself.sh", "leads back to itself", id="itself"),
    ],
)
def test_a_script_that_is_not_read_is_named(tmp_path, text, said):
    done = planned(tmp_path, text)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("LR=2e-4\nsource x.sh", "LR=2e-4", id="what is set before"),
        pytest.param("A=2e-4\nsource x.sh\nLR=$A", "A=2e-4", id="what that is made of"),
        pytest.param("A='2e-4 1'\nsource x.sh\nLR=${A% *}", "A", id="a long one by its name"),
        pytest.param("LR=2e-4\nif [ -f y ]; then source x.sh; fi", "LR=2e-4", id="it may be read"),
        pytest.param("A=1\nsource x.sh\n[ $A = 1 ] && LR=2e-4", "A=1", id="what decides"),
        pytest.param("A=1\nsource x.sh\ncase $A in 1) LR=2e-4;; esac", "A=1", id="what a case is for"),
        pytest.param("A=2e-4\nsource x.sh\nf() { LR=$1; }\nf $A", "A=2e-4", id="given to a function"),
        pytest.param("LR=2e-4\nsource x.sh\nf() { local LR=1; }\nf", "LR=2e-4", id="hidden for a while"),
        pytest.param("LR=2e-4\nsource x.sh\nexport LR\nbash train.sh", "LR=2e-4", id="in what is run"),
        pytest.param("source x.sh\nLR=2e-4", "", id="what is set later"),
        pytest.param("B=3\nsource x.sh\nLR=2e-4", "", id="what nobody reads"),
        pytest.param("LR=1\nsource x.sh\nLR=2e-4", "", id="set anew"),
        pytest.param("LR=2e-4\nsource ~/.bashrc", "", id="a file of the machine"),
        pytest.param("LR=2e-4\nsource ~/conda/etc/profile.d/conda.sh", "", id="conda"),
        pytest.param("LR=2e-4\nsource venv/bin/activate", "", id="an environment"),
        pytest.param("LR=2e-4\nsource $ASCEND/set_env.sh", "", id="a toolkit"),
        pytest.param("LR=2e-4\nsource conf/set_env.sh", "LR=2e-4", id="no toolkit"),
    ],
)
def test_what_stands_before_a_file_that_is_not_read_is_told(tmp_path, text, kept):
    write(tmp_path / "train.sh", f"{TRAIN}\n")
    write(tmp_path / "run.sh", text if "bash t" in text else f"{text}\n{TRAIN}\n")
    done = run(tmp_path, "show", "run.sh", "--get", "peak")
    assert float(done.stdout) == 2e-4, done.stderr
    told = [
        line.partition("is not read: ")[2] for line in done.stderr.splitlines() if "as set before" in line
    ]
    assert told == [f"{kept} as set before it"] * bool(kept), done.stderr


CALLED = {
    "train.sh": f'torchrun --nproc_per_node 1 run_clm.py {FIXED} --learning_rate "${{LR:-1e-5}}" $@\n',
    "nested.sh": "LR=3e-4 bash train.sh --warmup_steps 3\n",
    "itself.sh": "bash itself.sh\n",
    "setup.sh": "pip install lrviz\n",
}


def called(folder, text, *words):
    for name, held in CALLED.items():
        write(folder / name, held)
    write(folder / "run.sh", f"{text}\n")
    return run(folder, "plan", *(words or ("run.sh",)), "--format", "json")


@pytest.mark.parametrize(
    ("text", "found", "files"),
    [
        pytest.param("bash train.sh", {"learning_rate": 1e-5}, ["train.sh", "run.sh"], id="by bash"),
        pytest.param("./train.sh", {"learning_rate": 1e-5}, ["train.sh", "run.sh"], id="by itself"),
        pytest.param(
            "bash train.sh --warmup_steps 4 --max_steps 8",
            {"warmup_steps": 4, "max_steps": 8},
            ["train.sh", "run.sh"],
            id="its arguments",
        ),
        pytest.param(
            "export LR=2e-4\nbash train.sh", {"learning_rate": 2e-4}, ["train.sh", "run.sh"], id="exported"
        ),
        pytest.param(
            "LR=2e-4 bash train.sh", {"learning_rate": 2e-4}, ["train.sh", "run.sh"], id="before it"
        ),
        pytest.param("LR=2e-4\nbash train.sh", {"learning_rate": 1e-5}, ["train.sh", "run.sh"], id="kept"),
        pytest.param(
            'D=$(cd "$(dirname "$0")" && pwd)\nbash $D/train.sh',
            {"learning_rate": 1e-5},
            ["train.sh", "run.sh"],
            id="from its own folder",
        ),
        pytest.param(
            "bash nested.sh",
            {"learning_rate": 3e-4, "warmup_steps": 3},
            ["train.sh", "run.sh", "nested.sh"],
            id="which runs another",
        ),
        pytest.param("bash -c 'bash train.sh'", {"max_steps": 9}, ["train.sh", "run.sh"], id="in quotes"),
        pytest.param(
            "bash setup.sh\nbash train.sh", {"max_steps": 9}, ["train.sh", "run.sh"], id="after one"
        ),
    ],
)
def test_a_script_that_is_run_is_read(tmp_path, text, found, files):
    done = called(tmp_path, text)
    assert done.returncode == 0, done.stderr
    reading = json.loads(done.stdout)["reading"]
    assert {key: reading["settings"][key]["value"] for key in found} == pytest.approx(found)
    assert reading["files"] == files


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        pytest.param("bash none.sh 3", (), "put none.sh where it is called from, or", id="not there"),
        pytest.param(
            "", ("--", "bash", "none.sh"), "put none.sh where it is called from, or", id="of a line"
        ),
        pytest.param("bash itself.sh", (), "put itself.sh where it is called from, or", id="it runs itself"),
        pytest.param(
            "bash train.sh\nbash nested.sh",
            (),
            "run_clm.py in line 1 of train.sh, run_clm.py in line 1 of train.sh",
            id="two that train",
        ),
    ],
)
def test_a_script_that_is_run_and_trains_nothing_is_refused(tmp_path, text, words, said):
    done = called(tmp_path, text, *words)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("text", "read", "said"),
    [
        pytest.param("cd sub\nsource env.sh", "sub/env.sh", "", id="into a folder"),
        pytest.param("cd sub && . ./env.sh", "sub/env.sh", "", id="and then"),
        pytest.param("D=sub\ncd -- $D/deep\ncd ..\nsource env.sh", "sub/env.sh", "", id="and out of one"),
        pytest.param("cd sub\ncd -\nsource env.sh", "env.sh", "", id="and back"),
        pytest.param("pushd sub; cd deep; popd; source env.sh", "env.sh", "", id="pushd and popd"),
        pytest.param("(cd sub)\nsource env.sh", "env.sh", "", id="in a shell of its own"),
        pytest.param("f() { cd sub; }\nf\nsource env.sh", "sub/env.sh", "", id="in a function"),
        pytest.param("f() ( cd sub; )\nf\nsource env.sh", "env.sh", "", id="in a function of its own shell"),
        pytest.param('cd "$(dirname "$0")"\nsource env.sh', "env.sh", "", id="to its own folder"),
        pytest.param(
            'D=$(cd "$(dirname "$0")" && pwd)\ncd sub\nsource $D/sub/deep/env.sh',
            "sub/deep/env.sh",
            "",
            id="of its own folder, from another",
        ),
        pytest.param("cd /a/b\nsource env.sh", "env.sh", "cd /a/b is taken to lead", id="elsewhere"),
        pytest.param(
            "cd $ROOT\nsource env.sh", "env.sh", "cd $ROOT is taken to lead", id="nobody knows where"
        ),
        pytest.param("cd repo && source env.sh", "env.sh", "cd repo is taken to lead", id="not here"),
    ],
)
def test_a_script_reads_from_the_folder_it_goes_to(tmp_path, text, read, said):
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    for place in ("env.sh", "sub/env.sh", "sub/deep/env.sh"):
        write(tmp_path / place, "LR=2e-4\n")
    write(tmp_path / "run.sh", f"{text}\n{TRAIN}\n")
    done = run(tmp_path, "plan", "run.sh", "--format", "json")
    assert json.loads(done.stdout)["reading"]["files"] == ["run.sh", read], done.stderr
    assert (said in done.stderr) if said else ("taken to lead" not in done.stderr)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        pytest.param("cd sub && bash train.sh", ["sub/train.sh", "run.sh"], id="one that is run"),
        pytest.param("(cd sub; bash train.sh)", ["sub/train.sh", "run.sh"], id="in a shell of its own"),
        pytest.param("cd sub\nbash read.sh", ["run.sh", "sub/read.sh", "sub/env.sh"], id="which reads one"),
        pytest.param("cd sub\nllamafactory-cli train a.yml", ["run.sh", "sub/a.yml"], id="a config"),
        pytest.param("cd repo\nllamafactory-cli train b.yml", ["run.sh", "b.yml"], id="a config beside"),
        pytest.param(
            'D=$(cd "$(dirname "$0")" && pwd)\ncd sub\nllamafactory-cli train $D/b.yml',
            ["run.sh", "b.yml"],
            id="a config by the whole path",
        ),
    ],
)
def test_what_is_named_from_a_folder_is_read_there(tmp_path, text, files):
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub" / "train.sh", f"LR=1\n{TRAIN}\n")
    write(tmp_path / "sub" / "env.sh", "LR=1\n")
    write(tmp_path / "sub" / "read.sh", f"source env.sh\n{TRAIN}\n")
    for name in ("sub/a.yml", "b.yml"):
        write(tmp_path / name, "stage: sft\noutput_dir: o\nmax_steps: 9\n")
    write(tmp_path / "run.sh", f"{text}\n")
    done = run(tmp_path, "plan", "run.sh", "--format", "json")
    assert sorted(json.loads(done.stdout)["reading"]["files"]) == sorted(files), done.stderr


OWN = 'D=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" >/dev/null 2>&1 && pwd)'
STARTED = {
    "from its folder": ("bash s/run.sh", 'source "$(dirname "$0")/env.sh"', "s"),
    "going there": ("bash s/run.sh", 'cd "$(dirname "$0")"\nsource ./env.sh', "s"),
    "from another script's": ("bash outer.sh", 'cd "$(dirname "$0")"\nsource ./env.sh', "s"),
    "from where it is run": ("bash s/run.sh", "source ./env.sh", "."),
    "by itself, with words": ("./s/run.sh 1", 'cd "$(dirname "$0")"\nsource ./env.sh', "s"),
    "by its whole path": ("sh {}/s/run.sh", 'cd "$(dirname "$0")"\n. ./env.sh', "s"),
    "by a path that leads up": ("bash ../t/s/run.sh", 'source "$(dirname "$0")/env.sh"', "s"),
    "of a whole path": ("bash s/run.sh", f'{OWN}\ncd s/lib\nsource "$D/env.sh"', "s"),
    "of a whole path, there": ("bash s/run.sh", f'{OWN}\ncd "$D"\nsource "$D/lib/env.sh"', "s/lib"),
    "of the folder above": ("bash s/run.sh", 'cd "$(dirname "$0")/.."\nsource ./env.sh', "."),
    "of the whole path above": (
        "bash s/lib/run.sh",
        'D="$(cd "$(dirname "$0")/.." && pwd)"\ncd s/lib\nsource "$D/env.sh"',
        "s",
    ),
    "read, its name is the shell's": ("source s/run.sh", 'source "$(dirname "$0")/env.sh"', "."),
    "read, from its folder": ("source s/run.sh", f'{OWN}\nsource "$D/env.sh"', "s"),
    "which reads one that does": ("bash run.sh", "source s/in.sh", "s"),
    "one that asks for the first": ("bash s/lib/run.sh", "source s/first.sh", "s/lib"),
    "where it is there": (
        "bash s/run.sh",
        'cd "$(dirname "$0")"\n[ -f ./env.sh ] && source ./env.sh',
        "s",
    ),
}
"""The folder whose ``env.sh`` is read, by bash 5.2."""


@pytest.mark.parametrize(("line", "text", "read"), STARTED.values(), ids=STARTED)
def test_a_script_that_a_line_starts_reads_from_its_own_folder(tmp_path, line, text, read):
    root = tmp_path / "t"
    (root / "s" / "lib").mkdir(parents=True)
    for number, place in enumerate((".", "s", "s/lib"), 1):
        write(root / place / "env.sh", f"LR={number}e-4\n")
        write(root / place / "run.sh", f"{text}\n{TRAIN.replace('$LR', '${LR:-9}')}\n")
    write(root / "outer.sh", "bash s/run.sh\n")
    write(root / "s" / "in.sh", 'source "$(dirname "${BASH_SOURCE[0]}")/env.sh"\n')
    write(root / "s" / "first.sh", 'source "$(dirname "$0")/env.sh"\n')
    done = run(root, "plan", "--format", "json", "--", *line.format(root).split())
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["reading"]["settings"]["learning_rate"]["value"]
    assert found == {".": 1e-4, "s": 2e-4, "s/lib": 3e-4}[read], done.stderr


def test_a_file_that_a_started_script_does_not_find_is_told(tmp_path):
    (tmp_path / "s").mkdir()
    write(tmp_path / "env.sh", "LR=2e-4\n")  # of another folder
    text = f'source "$(dirname "$0")/env.sh"\n{TRAIN.replace("$LR", "${LR:-9}")}\n'
    write(tmp_path / "s" / "run.sh", text)
    done = run(tmp_path, "plan", "--", "bash", "s/run.sh")
    assert "s/env.sh is not read: LR=9 by default" in done.stderr, done.stdout


ROOTS = {
    "from where lrviz is": (".", "scripts/run.sh", False, "run in .: it reads scripts/env.sh"),
    "from the repository's root": ("scripts", "run.sh", True, "run in ..: it reads ../scripts/env.sh"),
    "from further within": ("scripts/a", "../run.sh", True, "run in ../..: it reads ../../scripts/env.sh"),
    "from no repository": ("scripts", "run.sh", False, "scripts/env.sh is not read\nhint: give --given LR="),
}


@pytest.mark.parametrize(("place", "script", "is_repository", "said"), ROOTS.values(), ids=ROOTS)
def test_a_script_reads_another_as_from_the_root(tmp_path, place, script, is_repository, said):
    (tmp_path / "scripts" / "a").mkdir(parents=True)
    if is_repository:
        (tmp_path / ".git").mkdir()
    write(tmp_path / "scripts" / "env.sh", "LR=2e-4\n")
    write(tmp_path / "scripts" / "run.sh", f"source scripts/env.sh\n{TRAIN}\n")
    done = run(tmp_path / place, "plan", script)
    assert ("2e-4" in done.stdout, said in done.stderr) == ("it reads" in said, True), done.stderr


def test_a_script_called_from_the_root_is_read_and_said(tmp_path):
    (tmp_path / "scripts").mkdir()
    for name, held in CALLED.items():
        write(tmp_path / "scripts" / name, held)
    write(tmp_path / "scripts" / "run.sh", "bash scripts/train.sh --warmup_steps 4\n")
    done = run(tmp_path, "plan", "scripts/run.sh", "--get", "total")
    assert (done.stdout, "run in .: it reads scripts/train.sh" in done.stderr) == ("9\n", True), done.stderr


@pytest.mark.parametrize(
    ("text", "way"),
    [
        pytest.param("source ./none.sh 3", "put ./none.sh where it is called from, or ", id="one not here"),
        pytest.param("source in.sh slurm", "", id="one that trains by other words"),
        pytest.param("source ./none.sh\nprepare a\nprepare b", "", id="one not here beside programs"),
    ],
)
def test_a_script_that_only_reads_one_and_trains_nothing_says_so(tmp_path, text, way):
    write(tmp_path / "in.sh", f'read -r -d "" X <<EOF\nx\nEOF\nif [[ $1 != slurm ]]; then\n{TRAIN}\nfi\n')
    write(tmp_path / "run.sh", f"{text}\n")
    done = run(tmp_path, "plan", "run.sh")
    said = f"error: run.sh: no command that trains\nhint: {way}give the one that does, behind --\n"
    assert (done.returncode, done.stderr) == (2, said)


@pytest.mark.parametrize("text", ["rm -rf out", "for x in a b; do\n git clone --depth 1 $x\ndone"])
def test_a_script_of_no_trainer_says_so(tmp_path, text):
    write(tmp_path / "run.sh", f"{text}\n")
    done = run(tmp_path, "plan", "run.sh")
    assert (done.returncode, "run.sh: no command that trains" in done.stderr) == (2, True), done.stderr
