"""Scripts as commands: what a shell would make of their words, and what nobody can know."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shell_words import words_of

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.script import read_commands


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("train --lr 1e-3", ["train", "--lr", "1e-3"], id="plain"),
        pytest.param("train \\\n  --lr \\\n 1", ["train", "--lr", "1"], id="continued"),
        pytest.param("train --lr 1 \\", ["train", "--lr", "1"], id="continued in no line"),
        pytest.param("train \\\r\n  --lr 1\r\n", ["train", "--lr", "1"], id="continued, Windows"),
        pytest.param("train --lr 1 # --lr 2", ["train", "--lr", "1"], id="comment"),
        pytest.param("train a#b", ["train", "a#b"], id="no comment inside a word"),
        pytest.param("train `# what` \\\n  a", ["train", "a"], id="comment between options"),
        pytest.param("train '{\"min_lr\": 1e-6}'", ["train", '{"min_lr": 1e-6}'], id="JSON in quotes"),
        pytest.param("train \"it's\" a'b c'd ''", ["train", "it's", "ab cd", ""], id="quotes"),
        pytest.param('train "a\\"b\\$c" \\$d', ["train", 'a"b$c', "$d"], id="escapes"),
        pytest.param("train $'a\\tb'", ["train", "a\tb"], id="ANSI quotes"),
        pytest.param("train $[3 * 33]", ["train", "99"], id="a sum in the old way"),
        pytest.param("cd x && train a", ["train", "a"], id="&&"),
        pytest.param("echo hi; train a", ["train", "a"], id=";"),
        pytest.param("train a > log.txt 2>&1", ["train", "a"], id="redirections"),
        pytest.param("train a &> log &", ["train", "a"], id="background"),
        pytest.param("cat > f <<EOF\nnot 'a command\nEOF\ntrain a", ["train", "a"], id="heredoc"),
        pytest.param("cat <<-'E' >f\n\tx \"\n\tE\ntrain a", ["train", "a"], id="heredoc with tabs"),
        pytest.param("if [[ -n $X && ( $Y < 3 ) ]]; then\n train a\nfi", ["train", "a"], id="inside an if"),
        pytest.param("time train a", ["train", "a"], id="time"),
    ],
)
def test_a_command_is_split_as_a_shell_does(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("before", "word", "words"),
    [
        pytest.param("LR=3e-4", "$LR", ["3e-4"], id="$NAME"),
        pytest.param("LR=3e-4", "${LR}_x", ["3e-4_x"], id="${NAME}"),
        pytest.param("export LR=3e-4", "$LR", ["3e-4"], id="export"),
        pytest.param("declare -r LR='3e-4'", "$LR", ["3e-4"], id="declare"),
        pytest.param("LR=3e-4", "'$LR'", ["$LR"], id="single quotes"),
        pytest.param("LR=3e-4", '"at $LR"', ["at 3e-4"], id="double quotes"),
        pytest.param("LR=1; LR=2", "$LR", ["2"], id="the last assignment"),
        pytest.param("A=1 B=$A", "$B", ["1"], id="one of the other"),
        pytest.param("OPTS='--lr 1  --epochs 3'", "$OPTS", ["--lr", "1", "--epochs", "3"], id="splits"),
        pytest.param("OPTS='--lr 1'", '"$OPTS"', ["--lr 1"], id="in quotes it does not"),
        pytest.param("OPTS=a; OPTS+=' b'; OPTS=\"$OPTS c\"", "$OPTS", ["a", "b", "c"], id="grows"),
        pytest.param("OPTS=", "$OPTS", [], id="empty"),
        pytest.param("OPTS=", '"$OPTS"', [""], id="empty in quotes"),
        pytest.param("A=(\n --lr 1 # a comment\n 'b c'\n)", '"${A[@]}"', ["--lr", "1", "b c"], id="array"),
        pytest.param("A=(a 'b c')", "${A[@]}", ["a", "b", "c"], id="array splits"),
        pytest.param("A=(a 'b c')", '"${A[*]}"', ["a b c"], id="array as one word"),
        pytest.param("A=(a 'b c')", "x${A[1]}", ["xb", "c"], id="one of an array"),
        pytest.param("A=()", '"${A[@]}"', [], id="empty array"),
        pytest.param("A=(a); A+=(b); B=(${A[@]} c)", "${B[@]}", ["a", "b", "c"], id="array grows"),
        pytest.param("set -- a 'b c'", '"$@" $#', ["a", "b c", "2"], id="set --"),
        pytest.param("set -- a b c; shift 2", "$1 ${2:-x} ${@:1}", ["c", "x", "c"], id="shift"),
        pytest.param("set -- a b c", '"${@:2}"', ["b", "c"], id="the arguments from one on"),
        pytest.param("LR=1; unset LR", "${LR:-2}", ["2"], id="unset"),
        pytest.param("while getopts a:b O; do :; done", "$O", ["?"], id="getopts of no words"),
        pytest.param("LR=1; unset -f LR", "${LR:-2}", ["1"], id="unset of a function"),
        pytest.param("LR=1; false && LR=2", "$LR", ["1"], id="false"),
        pytest.param(
            "", "--steps {30,60} x{1..3}y", ["--steps", "30", "60", "x1y", "x2y", "x3y"], id="braces"
        ),
        pytest.param("A={1,2}", "$A '{1,2}'", ["{1,2}", "{1,2}"], id="no braces in a value or in quotes"),
        pytest.param("case 1 in\n *) A=(b c) ;;\nesac", "${A[1]:-d}", ["c"], id="array in a case"),
        pytest.param("for B in ${A:=1}; do :; done", "${A:-2}", ["1"], id="set by a loop's head"),
        pytest.param("", "${LR:-3e-4}", ["3e-4"], id="default"),
        pytest.param("LR=1", "${LR:-3e-4}", ["1"], id="default not needed"),
        pytest.param("B=5", "${A:-${B:-6}}", ["5"], id="default of a default"),
        pytest.param(": ${LR:=3e-4}", "$LR", ["3e-4"], id="default assigned"),
        pytest.param("A=(a b)", '${A[@]+"${A[@]}"}', ["a", "b"], id="only if set"),
        pytest.param("", "${A:+--a}", [], id="not set"),
        pytest.param(
            "A=a/b.tar.gz",
            "${A##*/} ${A#*/} ${A%.*} ${A%%.*}",
            ["b.tar.gz", "b.tar.gz", "a/b.tar", "a/b"],
            id="cut",
        ),
        pytest.param(
            "A=aXb-X",
            "${A/X/_} ${A//[Xb]/_} ${A/X}",
            ["a_b-X", "a__-_", "ab-X"],
            id="replaced",
        ),
        pytest.param("A=Abc", "${A,,} ${A^^} ${A:1:1} ${A:1}", ["abc", "ABC", "b", "bc"], id="letters"),
        pytest.param("A=(a b c)", "${#A[@]}", ["3"], id="how many"),
        pytest.param(
            "A=(a b c) I=1", "${A[I]} ${A[$I]} ${A[$((I + 1))]} ${A[-1]}", list("bbcc"), id="places"
        ),
        pytest.param("A=(a) I=1", "x${A[$I]}", ["x"], id="a place that is empty"),
        pytest.param(
            "declare -A A=([b]=1 ['c d']=2); K=b",
            '${A[$K]} ${A[b]} ${A["c d"]} "${A[@]}"',
            ["1", "1", "2", "1", "2"],
            id="an array with keys",
        ),
        pytest.param("A=([b]=1); A=(2)", "${A[0]}", ["2"], id="an array that has no keys any more"),
        pytest.param("cd x && A=1", "$A", ["1"], id="behind cd"),
        pytest.param(
            "LR=1\nread -r -d '' C <<EOF\n-l $LR \\\n  it's\nEOF",
            "$C",
            ["-l", "1", "it's"],
            id="a heredoc read",
        ),
        pytest.param(
            'read -rd "" C <<\'EOF\' || true\n$LR "a\nEOF', "$C", ["$LR", '"a'], id="a quoted heredoc"
        ),
        pytest.param("read -r LR X <<EOF\n1 2 3\n4\nEOF", "$LR/$X", ["1/2", "3"], id="a line read"),
        pytest.param('read A B C <<< "1e-4 8"', '$A "$B$C"', ["1e-4", "8"], id="a text read"),
        pytest.param('X=1,2; IFS=, read -r A B <<< "$X"', "$A $B", ["1", "2"], id="a text read at commas"),
        pytest.param('read -ra A <<< "1 2 3"', "${A[2]}", ["3"], id="an array read"),
        pytest.param('mapfile -t A <<< "1 2"', '"${A[@]}"', ["1 2"], id="lines read"),
        pytest.param(
            "readarray -t A <<X\n--a 1\n--b\nX", '"${A[@]}"', ["--a 1", "--b"], id="a heredoc's lines"
        ),
        pytest.param("N=3\nprintf -v LR '%s_%d' a $N", "$LR", ["a_3"], id="printed into it"),
        pytest.param("C=$(cat <<-EOF\n\ta\n\tb c\n\tEOF\n)", "$C", ["a", "b", "c"], id="a heredoc printed"),
        pytest.param("", "a > >(tee o) 2> >(tee e >&2)", ["a"], id="written into other commands"),
        pytest.param("cat <<A <<B\na\nA\nLR=2\nB\nLR=1", "$LR", ["1"], id="two heredocs"),
        pytest.param(
            'LR=1\nread -r A <<EOF\n\\"$LR\\\\ \\$\nEOF', '"$A"', ['\\"1\\ $'], id="strokes in a heredoc"
        ),
        pytest.param("", '"$(dirname "$0")"/a.py', ["./a.py"], id="the script's folder"),
        pytest.param("D=$(cd `x`; pwd)", "`pwd`/a.py", ["./a.py"], id="the folder that it runs in"),
        pytest.param(
            'D=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)', "$D/a.py", ["./a.py"], id="both, the long way"
        ),
    ],
)
def test_what_stands_in_a_variable_is_put_in(before, word, words):
    assert words_of(f"{before}\ntrain {word}") == ["train", *words]


@pytest.mark.parametrize(
    ("before", "word", "names"),
    [
        pytest.param("", "$NODES", ("NODES",), id="never set"),
        pytest.param("", "--n=$NODES", ("NODES",), id="part of a word"),
        pytest.param("", "$A/$B", ("A", "B"), id="two"),
        pytest.param("", "$1", ("1",), id="argument"),
        pytest.param("", '"$@"', ("@",), id="all arguments"),
        pytest.param("NODES=$1", "$NODES", ("NODES",), id="an argument by its name"),
        pytest.param("N=$(nproc)", "$N", ("N",), id="output"),
        pytest.param("N=`nproc`", "$N", ("N",), id="output in backticks"),
        pytest.param("", "$(nproc --all)", (), id="output in the word"),
        pytest.param("A=x.py", "${A@Q}", ("A",), id="an expansion that only a shell does"),
        pytest.param("A=a.b S=.b", "${A%$S}", ("A",), id="a pattern in a variable"),
        pytest.param("A=ab", "${A/a/&&}", ("A",), id="what bash 5.2 reads otherwise"),
        pytest.param("LR=1\nif x; then LR=2; fi", "$LR", ("LR",), id="if"),
        pytest.param("LR=1\nwhile x; do LR=2; done", "$LR", ("LR",), id="while"),
        pytest.param("LR=1\n[ -f x ] && LR=2", "$LR", ("LR",), id="a condition of files"),
        pytest.param("LR=1\n[ -n $X ] && LR=2", "$LR", ("X",), id="a condition without a word"),
        pytest.param("LR=1\n[[ $X < 2 ]] && LR=2", "$LR", ("LR",), id="a condition of order"),
        pytest.param("LR=1\n[[ $X < 2 || $Y -gt 3 ]] && LR=2", "$LR", ("LR",), id="two conditions in one"),
        pytest.param(
            "LR=1 A=1\n[[ $A -eq 1 && ( -d x || -d y ) ]] && LR=2", "$LR", ("LR",), id="one of two within"
        ),
        pytest.param("LR=1\n[ -z $HOME ] && LR=2", "$LR", ("LR",), id="a condition of the machine"),
        pytest.param('X=$(y)\n[ -z "$X" ] && LR=2', "$LR", ("LR",), id="a condition of what is printed"),
        pytest.param('[ -z "$X" ] && y && LR=2', "$LR", ("LR",), id="a condition and a command"),
        pytest.param('if [ -z "$X" ]; then LR=2; exit; fi', "$LR", ("LR",), id="a condition that ends it"),
        pytest.param('if [ -z "$X" ]; then LR=2; y; fi', "$LR", ("X",), id="a condition of a command"),
        pytest.param('while [ -z "$X" ]; do LR=2; done', "$LR", ("LR",), id="a condition of a loop"),
        pytest.param("LR=1\nx || LR=2", "$LR", ("LR",), id="or"),
        pytest.param("LR=1\nif let N=0; then LR=2; fi", "$LR", ("LR",), id="let as a condition"),
        pytest.param("LR=1\nread -r LR", "$LR", ("LR",), id="read"),
        pytest.param('read LR <<< "$(pick)"', "$LR", ("LR",), id="read of what is printed"),
        pytest.param("LR=1\nprintf -v LR %.1e 3", "$LR", ("LR",), id="printed in another way"),
        pytest.param("LR=1\nprintf -v LR %d 007", "$LR", ("LR",), id="printed of no plain number"),
        pytest.param("LR=1\nmapfile -t LR < <(x)", "$LR", ("LR",), id="lines of what is printed"),
        pytest.param('read -n 3 LR <<< "1e-3"', "$LR", ("LR",), id="read so many letters"),
        pytest.param('IFS=$X read LR <<< "1,2"', "$LR", ("LR",), id="read between unknown letters"),
        pytest.param("LR=1\nif [ -f x ]; then LR=2; fi", "$LR", ("LR",), id="a file that may be there"),
        pytest.param("A=5 LR=1\n[[ $A < 3 ]] && LR=2", "$LR", ("LR",), id="an order of texts"),
        pytest.param("LR=1\nx && [ a = a ] && LR=2", "$LR", ("LR",), id="behind an unknown command"),
        pytest.param("LR=1\nx | y && LR=2", "$LR", ("LR",), id="behind a pipe"),
        pytest.param("A=1 LR=1\ncase $A in\n 1) LR=2 ;&\n 2) LR=3 ;;\nesac", "$LR", ("LR",), id=";&"),
        pytest.param("N=1\ndeclare -i LR=4\nLR+=3", "$LR", ("LR",), id="a variable of whole numbers"),
        pytest.param("declare -i LR\nLR=4", "$LR", ("LR",), id="declared before it is set"),
        pytest.param("A=1\ndeclare -n LR=A", "$LR", ("LR",), id="another name of a variable"),
        pytest.param("", "$'1\\x32'", (), id="a letter by its number"),
        pytest.param("A=(a b)", "${A[$I]}", ("I",), id="an unknown place"),
        pytest.param("declare -A A=([b]=1)", "${A[$K]}", ("K",), id="an unknown key"),
        pytest.param("A=(a b); B=${A[$I]}", "$B", ("I",), id="an unknown place by its name"),
        pytest.param("X=ab LR=1\n[[ $X =~ (a|b)+ ]] && LR=2", "$LR", ("LR",), id="a long regular expression"),
        pytest.param("A=($X b)", "${A[1]}", ("A",), id="an array of unknown length"),
    ],
)
def test_what_only_a_run_could_tell_is_unknown(before, word, names):
    assert words_of(f"{before}\ntrain {word}") == ["train", names]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("for lr in 1 2; do train $lr; done", ["train", ("lr",)], id="loop variable"),
        pytest.param("A=1\nfor x in 1 2; do train $A; A=2; done", ["train", ("A",)], id="set later in it"),
        pytest.param("A=1\nf() { train $A; }\nA=2\nf; g", ["g"], id="the call is a command"),
        pytest.param(
            "f() { train $1; }\nfor N in 1 2; do f $N; done", ["train", ("N",)], id="a call in a loop"
        ),
        pytest.param("A=1\nf() {\n train $A\n}", ["train", "1"], id="set before a function"),
        pytest.param("A=1\nfunction f {\n train $A\n}\nA=2", ["train", ("A",)], id="set behind a function"),
    ],
)
def test_what_is_run_again_may_see_another_value(text, words):
    assert words_of(text) == words


def test_a_function_that_sets_nothing_changes_nothing():
    assert words_of("A=(a)\nf() { echo; }\nA+=(b)\ntrain ${A[@]}") == ["train", "a", "b"]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("", id="never set"),
        pytest.param("NODES=$1", id="an argument"),
        pytest.param("NODES=2", id="set to something else"),
        pytest.param("if x; then NODES=2; fi", id="perhaps set"),
    ],
)
def test_what_is_given_is_known(before):
    assert words_of(f"{before}\ntrain $NODES $((NODES * 2))", NODES="4") == ["train", "4", "8"]


def test_each_word_keeps_its_line():
    text = "LR=1\nA=(\n --a\n $LR\n)\ntrain \\\n ${A[@]} \\\n '\n' --b"
    assert [word.line for word in read_commands(text, "run.sh")[-1].words] == [6, 3, 1, 8, 9]


def test_exported_variables_are_those_of_the_program():
    (command,) = read_commands("export A=1 B\nC=2\nB=3\nexport C\nD=4 train", "run.sh")
    assert {name: word.value for name, word in command.env.items()} == {"A": "1", "B": "3", "C": "2"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("train\ntrain 'a", "run.sh:2: a quote that is never closed", id="quote"),
        pytest.param('train "a', "run.sh:1: a quote that is never closed", id="double quote"),
        pytest.param("train $(a", "run.sh:1: a bracket or quote that is never closed", id="bracket"),
        pytest.param("A=(a", "run.sh:1: a bracket that is never closed", id="array"),
        pytest.param("A=xxxxxxxxx\n" + "A=$A$A\n" * 64, "more than 100000 words", id="doubled text"),
        pytest.param("A=(x)\n" + "A+=(${A[@]})\n" * 64, "more than 100000 words", id="doubled array"),
        pytest.param("x\n" * 200_000, "more than 200000 words and lines", id="too long"),
        pytest.param("A=$X\n" + "A=$A$A\n" * 64, "more than 100000 words", id="doubled unknown"),
    ],
)
def test_a_script_that_cannot_be_read_is_refused(text, said):
    with pytest.raises(ConfigError, match=said) as refusal:
        read_commands(text, "run.sh")
    assert refusal.value.hint


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("train " + "${A:-" * 5000 + "x" + "}" * 5000, id="defaults"),
        pytest.param("train " + "$(" * 5000 + "x" + ")" * 5000, id="substitutions"),
        pytest.param("train $((" + "(" * 5000 + "1" + ")" * 5000 + "))", id="brackets in a product"),
        pytest.param("{ " * 5000 + "train;" + " };" * 5000, id="groups"),
        pytest.param("( " * 5000 + "train" + " )" * 5000, id="subshells"),
        pytest.param("train ${A[" + "9" * 5000 + "]}", id="a number of many digits"),
        pytest.param("}\n)\nfi\ndone\nesac\ntrain", id="closed without being opened"),
    ],
)
def test_nothing_goes_too_deep(text):
    assert any(word.head == "train" for command in read_commands(text, "run.sh") for word in command.words)


PLAIN = st.text(alphabet="ab1.-_=,:/@+'\"\\ \t", max_size=12)


@pytest.mark.property
@given(st.lists(PLAIN, min_size=1))
def test_words_in_quotes_come_back(words):
    text = " ".join(map(shlex.quote, words))
    assert [word.value for word in read_commands(f"train {text}", "run.sh")[0].words] == ["train", *words]


@pytest.mark.property
@given(PLAIN)
def test_plain_words_are_split_as_shlex_does(text):
    try:
        words = shlex.split(f"train {text}")
    except ValueError:
        return
    assert [word.value for word in read_commands(f"train {text}", "run.sh")[0].words] == words
