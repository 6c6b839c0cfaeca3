"""Conditions of a script: what is set under one that is known, which commands are run, and where it ends."""

from __future__ import annotations

import pytest
from commands import run
from configs import write
from shell_words import words_of

from lrviz.inputs.foreign.shell.script import read_commands


@pytest.mark.parametrize(
    ("script", "lr"),
    [
        pytest.param('[ -z "$X" ] && LR=2', "2", id="not set"),
        pytest.param("[ -z $X ] && LR=2", "2", id="not set, without quotes"),
        pytest.param('[ -n "${X:-}" ] && LR=2', "1", id="a default"),
        pytest.param('[ -n "$X" ] || LR=2', "2", id="or"),
        pytest.param('[ -z "$X" ] ||\n LR=2', "1", id="or, in two lines"),
        pytest.param('[ -z "$X" ] && LR=2 || LR=3', "2", id="and, or"),
        pytest.param('[ -n "$X" ] && LR=2 || LR=3', "3", id="and, or the other"),
        pytest.param('! [ -z "$X" ] && LR=2', "1", id="not"),
        pytest.param("test a = b && LR=2", "1", id="test"),
        pytest.param("N=2; [[ $N -gt 1 ]] && LR=$N", "2", id="a number"),
        pytest.param("N=2; [[ $N -gt 1 && $N -lt 3 ]] && LR=$N", "2", id="two that must hold"),
        pytest.param("N=2; [[ $N -gt 2 && -d data ]] || LR=$N", "2", id="one that fails decides"),
        pytest.param("N=2; [[ -d data || $N -gt 1 ]] && LR=$N", "2", id="one that holds decides"),
        pytest.param("N=2; [ $N -gt 2 -o $N = 2 ] && LR=$N", "2", id="or between single brackets"),
        pytest.param("N=2; [ $N -gt 1 -a $N != 2 ] || LR=$N", "2", id="and between single brackets"),
        pytest.param("N=2; [ $N ] && LR=$N", "2", id="a word alone"),
        pytest.param('if [ "$X" = a ]; then LR=2; else LR=3; fi', "3", id="if, else"),
        pytest.param('X=b; if [ "$X" == a ]; then LR=2; elif [ $X = b ]; then LR=3; fi', "3", id="elif"),
        pytest.param('if [ -n "$X" ]; then LR=2; fi', "1", id="nothing of it"),
        pytest.param('if ! [ -n "$X" ]; then LR=2; fi', "2", id="if not"),
        pytest.param('if [ -z "$X" ]; then if [ a = a ]; then LR=2; fi; fi', "2", id="if in if"),
        pytest.param('if [ -n "$X" ]; then [ a = a ] && LR=2; fi', "1", id="and in if"),
        pytest.param("X=1\nif [ $X = 2 ]; then LR=2; exit; fi", "1", id="an end that is not met"),
        pytest.param("X=1\nif [ $X = 2 ]; then LR=2; y; fi", "1", id="a command that is not run"),
        pytest.param("X=ab\n[[ $X = a* ]] && LR=2", "2", id="a pattern"),
        pytest.param("X=ab\n[[ $X =~ ^a.$ ]] && LR=2", "2", id="a regular expression"),
        pytest.param("X=ab\n[[ $X =~ ^b ]] && LR=2", "1", id="one that does not fit"),
        pytest.param("A=(a b)\n(( ${#A[@]} > 1 )) && LR=2", "2", id="how many words"),
        pytest.param("N=3\n(( N > 2 && N % 2 )) && LR=2", "2", id="a sum of two"),
        pytest.param("N=3\nif (( N - 3 )); then LR=2; fi", "1", id="a sum of 0"),
        pytest.param("X=ab\n[[ $X = 'a*' ]] && LR=2", "1", id="a pattern in quotes"),
        pytest.param('[ "$1" = debug ] && LR=2', "1", id="what the script is given"),
        pytest.param('M=$1\n[ -z "$M" ] && LR=2', "2", id="what it is given, by a name"),
        pytest.param("case $1 in\n --lr) LR=$2;;\nesac", "1", id="a case of what it is given"),
        pytest.param("case ${MODE} in\n a) LR=2;;\n *) LR=3;;\nesac", "3", id="a case of what nobody sets"),
        pytest.param("[ $# -lt 2 ] || LR=2", "1", id="how much it is given"),
        pytest.param('[ -n "$X" ] && { echo x; LR=2; }', "1", id="a group"),
        pytest.param('[ -z "$1" ] && exit 1\n[ "$2" = a ] || LR=2', "2", id="the second word"),
    ],
)
def test_what_a_known_condition_sets_is_known(script, lr):
    assert words_of(f"LR=1\n{script}\ntrain $LR") == ["train", lr]


def test_an_array_grows_where_its_condition_is_known():
    script = 'A=(a --b 1)\nif [[ -n "${DEBUG:-}" ]]; then\n  A+=(--c 2)\nfi\ntrain "${A[@]}"'
    assert words_of(script) == ["train", "a", "--b", "1"]
    assert words_of(script, DEBUG="1") == ["train", "a", "--b", "1", "--c", "2"]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        pytest.param("if [ $X = fsdp2 ]; then\n train 1\nelse\n train 2\nfi", ["train 1"], id="if"),
        pytest.param("if [ $X != fsdp2 ]; then\n train 1\nfi", [], id="if not"),
        pytest.param("if ! [[ $X == fs* ]]; then train 1; else train 2; fi", ["train 2"], id="a pattern"),
        pytest.param("if [[ $X == 'fs*' ]]; then train 1; fi", [], id="a pattern in quotes"),
        pytest.param(
            "if [ $N -gt 8 ]; then train 1\nelif (( N == 8 )); then train 2\nelse train 3; fi",
            ["train 2"],
            id="elif",
        ),
        pytest.param("if [ $N = 8 ] && [ -z '' ]; then train 1; fi", ["train 1"], id="two conditions"),
        pytest.param("[ $N = 9 ] && { cd x; train 1; }\ntrain 2", ["train 2"], id="a group"),
        pytest.param("[ $N = 9 ] || train 1", ["train 1"], id="or"),
        pytest.param(
            "case $X in\n ddp) train 1 ;;\n fsdp|fsdp2) train 2 ;;\n *) train 3 ;;\nesac",
            ["train 2"],
            id="case",
        ),
        pytest.param("case $X in (a) train 1;; *) train $N;; esac", ["train 8"], id="case in one line"),
        pytest.param(
            "f() { local a=$1; train $a ${2:-x}; }\nf 1\nf 2 3", ["train 1 x", "train 2 3"], id="calls"
        ),
        pytest.param("f() { N=$1; }\nf 1\ntrain $N", ["train 1"], id="what a call sets"),
        pytest.param("f() { local N=$1; }\nf 1\ntrain $N", ["train 8"], id="what is its own"),
        pytest.param("f() { train $@; }\nf a 'b c'\n", ["train a b c"], id="all arguments"),
        pytest.param('f() { train ${1:-x}; }\nf "$@"\n', ["train x"], id="the script's own arguments"),
        pytest.param("f() { f; train 1; }\nf", ["f", "train 1"], id="a function that calls itself"),
        pytest.param("f() { train 1; }\nif [ $N = 9 ]; then f; fi", [], id="a call that is not made"),
    ],
)
def test_what_is_known_decides_which_commands_are_run(text, commands):
    found = read_commands(f"X=fsdp2 N=8\n{text}", "run.sh")
    assert [" ".join(word.text for word in command.words) for command in found] == commands


@pytest.mark.parametrize(
    ("before", "value"),
    [
        pytest.param('[ -z "$1" ] && exit 1\n[ $1 = a ] && LR=2', ("1",), id="given for sure"),
        pytest.param('[ $# -lt 2 ] && exit\n[ "$2" = a ] && LR=2', ("2",), id="two words"),
        pytest.param("[ $# -eq 1 ] || { echo x; exit 1; }\n[ $1 = a ] && LR=2", ("1",), id="in a group"),
        pytest.param(
            "f() { echo x; exit 1; }\nif [ $# -lt 1 ]; then f; fi\n[ $1 = a ] && LR=2",
            ("1",),
            id="in a function",
        ),
        pytest.param("M=${1:?M}\n[ $1 = a ] && LR=2", ("1",), id="by :?"),
        pytest.param("set -eu\nif [ $1 = a ]; then LR=2; fi", ("1",), id="by set -u"),
        pytest.param('set -o nounset\n[ "$X" = a ] && LR=2', ("X",), id="a variable, by set -o nounset"),
        pytest.param('[ -z "$X" ] && exit 1\n[ $X = a ] && LR=2', ("X",), id="a variable"),
        pytest.param("case $1 in a) LR=2;; b) LR=3;; *) exit 1;; esac", ("1",), id="a case"),
        pytest.param(
            "M=$1\nif [ $M = a ]; then LR=2; elif [ $M = b ]; then LR=3; else exit 1; fi", ("M",), id="else"
        ),
        pytest.param("[ -z $HOME ] && LR=2", ("LR",), id="what is set on every machine"),
        pytest.param("if [ -f x ]; then LR=2; fi", ("LR",), id="a file"),
    ],
)
def test_what_the_script_ends_without_is_asked(before, value):
    """Taken to be not given it would end: what depends on it is told by that."""
    assert words_of(f"LR=1\n{before}\ntrain $LR") == ["train", value]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("set -eu\nset +u", id="+u"),
        pytest.param("set -o nounset\nset +o nounset", id="+o nounset"),
        pytest.param("set -e -- -u", id="an argument"),
    ],
)
def test_what_the_script_goes_on_without_is_nothing(before):
    assert words_of(f'LR=1\n{before}\n[ "$X" = a ] && LR=2\ntrain $LR') == ["train", "1"]


@pytest.mark.parametrize(
    ("before", "word", "words"),
    [
        pytest.param('[ -f x ] && A="$A --b 2"', "$A", ["--a", "1", ("A",)], id="a text"),
        pytest.param("if [ -f x ]; then A+=' --b 2'; fi", "$A", ["--a", "1", ("A",)], id="+="),
        pytest.param("B=(c)\n[ -f x ] && B+=(d)", '"${B[@]}"', ["c", ("B",)], id="an array"),
        pytest.param('B=(c)\n[ -f x ] && B=("${B[@]}" d)', '"${B[@]}"', ["c", ("B",)], id="an array anew"),
        pytest.param('[ -f x ] && A="--c $A"', "$A", [("A",)], id="in front"),
        pytest.param("B=(c d)\n[ -f x ] && B=(${B[1]} d)", "${B[@]}", [("B",), ("B",)], id="one of it"),
        pytest.param("if [ -f x ]; then A+=' 1'; A=2; fi", "$A", [("A",)], id="and set anew"),
    ],
)
def test_what_may_be_added_leaves_the_rest(before, word, words):
    assert words_of(f"A='--a 1'\n{before}\ntrain {word}") == ["train", *words]


def test_a_word_that_is_given_decides():
    script = "LR=1\nf() { M=$1; }\nf b\n[ $1 = a ] && LR=2\n[ $# = 1 ] && N=1\ntrain $LR $M $N"
    assert words_of(script, **{"1": "a"}) == ["train", "2", "b", "1"]


WORDS = """\
while [ $# -gt 0 ]; do
  case "$1" in
    --lr) LR="$2"; shift 2 ;;
    *) echo "what is $1?"; exit 1 ;;
  esac
done
python sft.py --output_dir o --lr_scheduler_type linear --max_steps 9 --learning_rate $LR
"""
SIZES = """\
MODEL=${1:-small}
usage() { echo "which?"; exit 1; }
case $MODEL in
  small) LR=1e-4 ;;
  large) LR=2e-4 ;;
  none) usage ;;
  odd) (exit 1) ;;
  *) echo "unknown $MODEL"; exit 1 ;;
esac
python sft.py --output_dir o --lr_scheduler_type linear --max_steps 9 --learning_rate $LR
"""
HUGE = SIZES.replace("${1:-small}", "huge")


@pytest.mark.parametrize(
    ("text", "arguments", "line"),
    [
        pytest.param(WORDS, ["--what"], 4, id="a word that is no option"),
        pytest.param(WORDS, ["--lr", "1", "x"], 4, id="behind one that is"),
        pytest.param(SIZES, ["huge"], 8, id="none of the cases"),
        pytest.param(SIZES, ["none"], 6, id="by a function"),
        pytest.param(SIZES.replace("(exit 1)", "LR=1; exit"), ["odd"], 7, id="behind what it sets"),
        pytest.param(f"f() {{\n{SIZES}}}\nf $1\n", ["huge"], 9, id="in a function"),
    ],
)
def test_a_script_that_ends_before_it_trains_is_refused(tmp_path, text, arguments, line):
    write(tmp_path / "a.sh", text)
    done = run(tmp_path, "plan", "--", "bash", "a.sh", *arguments)
    said = f"error: a.sh: no command that trains is reached: it ends in line {line}\n"
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("text", "lr"),
    [
        pytest.param(SIZES, "1e-4", id="another case"),
        pytest.param(HUGE.replace("esac", "esac | cat"), "$LR", id="in a shell of its own, piped"),
        pytest.param(f"(\n{HUGE})\n{SIZES}", "1e-4", id="in one in brackets"),
        pytest.param(HUGE.replace("case", "source none.sh\ncase"), "$LR", id="a file that is not read"),
        pytest.param(HUGE.replace("$MODEL in", '"$(pwd)" in'), "$LR", id="a folder"),
    ],
)
def test_an_end_that_is_not_come_to_changes_nothing(tmp_path, text, lr):
    write(tmp_path / "a.sh", text)
    done = run(tmp_path, "plan", "a.sh")
    assert f"learning_rate {lr}" in " ".join(done.stdout.split()) or lr in done.stderr, done.stderr
