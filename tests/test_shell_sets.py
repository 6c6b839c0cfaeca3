"""What else sets variables of a script: eval, source, places of arrays, IFS; known, or surely unknown."""

from __future__ import annotations

import pytest
from shell_words import words_of

from lrviz.inputs.foreign.shell.script import read_commands


@pytest.mark.parametrize(
    ("before", "word", "words"),
    [
        pytest.param('eval "LR=2"', "$LR", ["2"], id="eval"),
        pytest.param("N=4; eval 'LR=$N'", "$LR", ["4"], id="eval of a variable"),
        pytest.param("X='LR=2; N=3'; eval $X", "$LR $N", ["2", "3"], id="eval of what a variable holds"),
        pytest.param('LR=1; eval "$(conda shell.bash hook)"', "$LR", ["1"], id="eval of conda"),
        pytest.param("source /dev/stdin <<< 'LR=2'", "$LR", ["2"], id="source of a text"),
        pytest.param("LR=1 N=LR; unset $N", "${LR-no}", ["no"], id="unset by a name in a variable"),
        pytest.param("LR=1; unset ${LR:=2} 2>/dev/null", "$LR", ["1"], id="unset of what is no name"),
        pytest.param('LR=1; unset "${!SLURM_@}"', "$LR", ["1"], id="unset of names with a beginning"),
        pytest.param('N="1+1"', "$((N * 2)) $(($N * 2))", ["4", "3"], id="a sum in a sum"),
        pytest.param(". /dev/stdin <<EOF\nLR=2\nEOF", "$LR", ["2"], id="source of a heredoc"),
        pytest.param("N=1", "${N[1]-2} ${N[0]-2}", ["2", "1"], id="a default of no place"),
        pytest.param("", '"${LR:=3e-4}"', ["3e-4"], id="a default that the command itself assigns"),
        pytest.param("x ${LR:=3e-4}", "$LR", ["3e-4"], id="a default that another command assigns"),
        pytest.param("x && y ${LR:=3}", "$LR", [("LR",)], id="a default that one assigns which may not run"),
        pytest.param('export "LR=2"', "$LR", ["2"], id="export in quotes"),
        pytest.param('K=LR; export "$K=2"', "$LR", ["2"], id="export of a name in a variable"),
        pytest.param("LR=1; A=1 export LR=2", "$LR", ["2"], id="export behind another variable"),
        pytest.param("LR=1; LR=2 eval 'A=$LR'", "$A $LR", ["2", "1"], id="eval with its own variable"),
        pytest.param("LR=1; LR=2 read A <<< 3", "$A $LR", ["3", "1"], id="read with its own variable"),
        pytest.param(
            "A=(); for x in a b; do A+=($x); done", "${A[@]} $x", ["a", "b", "b"], id="a loop that only sets"
        ),
        pytest.param("for x in a b; do LR=$x; break; done", "$LR", ["a"], id="a loop that is left"),
        pytest.param(
            "N=0; while [ $N -lt 3 ]; do N=$((N + 1)); done", "$N", ["3"], id="a loop as long as a test holds"
        ),
        pytest.param("LR=1; for x in; do LR=2; done", "$LR", ["1"], id="a loop over nothing"),
        pytest.param("LR=1; (LR=2; export LR=3; cd x)", "$LR", ["1"], id="a shell of its own"),
        pytest.param(
            "LR=1; { LR=2; A=$LR; } | tee log", "$LR ${A-no}", ["1", "no"], id="a group that is piped"
        ),
        pytest.param("LR=1; if x; then LR=2; fi | cat", "$LR", ["1"], id="an if that is piped"),
        pytest.param("LR=1; { x | y; LR=2; }", "$LR", ["2"], id="a pipe in a group"),
        pytest.param("LR=1; x | while read LR; do :; done", "$LR", ["1"], id="a loop behind a pipe"),
        pytest.param("LR=1; x | source /dev/stdin", "$LR", ["1"], id="source of what is piped"),
        pytest.param("LR=1; f() { LR=2; }; f | cat", "$LR", ["1"], id="a function that is piped"),
        pytest.param("LR=1; f() { coproc { LR=2; }; A=$LR; }; f", "$LR $A", ["1", "1"], id="a coproc"),
        pytest.param("LR=1; LR=2 &", "$LR", ["1"], id="in the background"),
        pytest.param(
            "LR=1; declare -A A=([x]=1); (A=2)", "${A[x]}", ["1"], id="keys behind a shell of its own"
        ),
        pytest.param("builtin export LR=2", "$LR", ["2"], id="builtin"),
        pytest.param("N=1; A=(a b); A[$N]=c; A[2]=d", "${A[@]}", ["a", "c", "d"], id="a place is set"),
        pytest.param("declare -A A; A[x]=1; K=y; A[$K]=2", "${A[y]}${A[x]}", ["21"], id="a key is set"),
        pytest.param("A=([0]=a [1]=b)", "$A ${A[1]}", ["a", "b"], id="places in their order"),
        pytest.param("X=1,2; IFS=,", "$X a,b", ["1", "2", "a,b"], id="IFS"),
        pytest.param("A=(a b); IFS=,", '"${A[*]}"', ["a,b"], id="IFS between the words of an array"),
        pytest.param("X='a b'; IFS=", "$X", ["a b"], id="an empty IFS"),
        pytest.param("X='a b'; IFS=,; unset IFS", "$X", ["a", "b"], id="IFS no more"),
        pytest.param(
            "A=(); for ((i=0; i<3; i++)); do A+=(x$i); done",
            '"${A[@]}" $i',
            ["x0", "x1", "x2", "3"],
            id="steps",
        ),
        pytest.param("M= N=8; for ((i = N; i > 1; i /= 2)); do M+=$i; done", "$M", ["842"], id="steps down"),
        pytest.param("N=1; until [ $N -ge 8 ]; do N=$((N * 2)); done", "$N", ["8"], id="until"),
        pytest.param('IFS= read -ra A <<< "1 2"', '"${A[0]}"', ["1 2"], id="an array that is not split"),
        pytest.param('IFS=, read -ra A <<< "1,,2,"', "${#A[@]}", ["3"], id="nothing read between commas"),
        pytest.param('IFS=", " read A B <<< "1 , 2"', "$B", ["2"], id="a text read at commas and blanks"),
        pytest.param('IFS=, read A B <<< "1,2,3"', "$B", ["2,3"], id="the rest of a text read"),
        pytest.param("IFS= read -rd '' C <<EOF\n a\nEOF", '"$C"', [" a\n"], id="a heredoc with its blanks"),
        pytest.param("read -r -d '' C <<EOF\n a \nEOF", '"$C"', ["a"], id="a heredoc without its blanks"),
    ],
)
def test_what_is_set_in_other_ways_is_put_in(before, word, words):
    assert words_of(f"{before}\ntrain {word}") == ["train", *words]


@pytest.mark.parametrize(
    ("before", "word", "names"),
    [
        pytest.param('LR=1\neval "$(pick)"', "$LR", ("LR",), id="eval of what is printed"),
        pytest.param('eval "$(pick)"', "${LR:-2}", ("LR",), id="a default behind such an eval"),
        pytest.param('LR=1\neval "$X=2"', "$LR", ("LR",), id="eval of an unknown name"),
        pytest.param('LR=1\nif x; then eval "LR=2"; fi', "$LR", ("LR",), id="a doubtful eval"),
        pytest.param(
            'LR=1 X=LR=2\nif x; then eval "$X"; fi', "$LR", ("LR",), id="a doubtful eval of a variable"
        ),
        pytest.param('f() { eval "$(pick)"; }\nLR=1\nf', "$LR", ("LR",), id="eval in a function"),
        pytest.param("LR=1\nsource <(pick)", "$LR", ("LR",), id="source of a command"),
        pytest.param("LR=1\nA[LR=2]=3", "$LR", ("LR",), id="set between brackets"),
        pytest.param("N=1\nA=(x $((N++)))", "$N", ("N",), id="counted up in an array"),
        pytest.param("A=(a b)\nA[$X]=c", "$A", ("A",), id="an unknown place is set"),
        pytest.param("A=([2]=x y)", "$A", ("A",), id="places out of their order"),
        pytest.param("A=([small]=1 [base]=2)", "$A", ("A",), id="keys of no array that has some"),
        pytest.param(
            "A=(a b)\nf() { local A=$1; }\nA=c", "${A[1]}", ("A",), id="an array that a function hides"
        ),
        pytest.param("N=1\necho > log_$((N++))", "$N", ("N",), id="counted up in a redirection"),
        pytest.param(
            "N=1\nfor i in a; do :; done > log_$((N++))", "$N", ("N",), id="counted up behind a loop"
        ),
        pytest.param("N=1\n> log_$((N++))", "$N", ("N",), id="counted up for a file alone"),
        pytest.param("N=1\ncase $((N++)) in 1) ;; esac", "$N", ("N",), id="counted up for a case"),
        pytest.param("N=1\ncase 1 in $((N++))) ;; esac", "$N", ("N",), id="counted up in a pattern"),
        pytest.param("N=1\nA=${B:-$((N++))}", "$N", ("N",), id="counted up in a default"),
        pytest.param("N=1\nA=${B[N++]}", "$N", ("N",), id="counted up between brackets"),
        pytest.param("N=1\nA=${B/x/$((N++))}", "$N", ("N",), id="counted up in what replaces"),
        pytest.param("OPTARG=1\ngetopts a: o -a 2", "$OPTARG", ("OPTARG",), id="getopts outside a loop"),
        pytest.param(
            'A=(1 2)\neval "$(pick)"\nA=3', "${A[1]}", ("A",), id="an array before an eval of what is printed"
        ),
        pytest.param("LR=1\nunset LR[0]", "$LR", ("LR",), id="a place unset"),
        pytest.param("LR=1\ntrap 'LR=2' ERR", "$LR", ("LR",), id="a trap"),
        pytest.param("LR=1\ndeclare -n R=LR; R=2", "$LR", ("LR",), id="by another name"),
        pytest.param("LR=1\nexport $(cat .env)", "$LR", ("LR",), id="export of what is printed"),
        pytest.param("LR=1 K=LR\nread $K <<< 2", "$LR", ("LR",), id="read into a name in a variable"),
        pytest.param("LR=1\nprintf -v $K 2", "$LR", ("LR",), id="printf into a name in a variable"),
        pytest.param("X=1,2 IFS=$Y", "$X", (), id="an unknown IFS"),
        pytest.param("X=1,,2 IFS=,", "$X", (), id="nothing between two letters of IFS"),
        pytest.param("LR=1\nwhile [ 1 = 1 ] && x; do LR=2; done", "$LR", ("LR",), id="two tests of a loop"),
        pytest.param("LR=1\nfor x in $Y; do LR=2; done", "$LR", ("LR",), id="a loop over what nobody knows"),
        pytest.param("LR=1\nif x; then LR=2; elif y; then exit; fi", "$LR", ("LR",), id="two go on"),
        pytest.param("LR=1 R=LR; LR='2 3'", "${!R}", ("R",), id="several words of a name in a variable"),
        pytest.param("LR=1\nfor ((;;)); do LR=2; done", "$LR", ("LR",), id="steps without an end"),
        pytest.param("LR=1\nfor ((i=0; i<N; i++)); do LR=2; done", "$LR", ("LR",), id="unknown steps"),
        pytest.param("LR=1\nuntil x; do LR=2; done", "$LR", ("LR",), id="until what nobody knows"),
        pytest.param("LR=1\nwhile [ 1 = 1 ]; do LR=2; done", "$LR", ("LR",), id="a loop without an end"),
        pytest.param("A=2", "{$A,3}", (), id="braces around a variable"),
    ],
)
def test_what_may_be_set_in_other_ways_is_unknown(before, word, names):
    assert words_of(f"{before}\ntrain {word}") == ["train", names]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("LR=1\n{ LR=2; train $LR; } | tee log", id="a group that is piped"),
        pytest.param("LR=1\n(LR=2; train $LR) &", id="a shell of its own"),
        pytest.param("LR=1\nf() { LR=2; train $LR; }\nf 2>&1 | tee log", id="a function that is piped"),
        pytest.param("LR=2\nif [ $LR = 2 ]; then train $LR; fi | tee log", id="an if that is piped"),
    ],
)
def test_what_a_shell_of_its_own_trains_with_is_known(text):
    commands = [[word.text for word in one.words] for one in read_commands(text, "run.sh")]
    assert [words for words in commands if words[0] == "train"] == [["train", "2"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("for lr in 1e-5; do train $lr; done", ["1e-5"], id="of one value"),
        pytest.param("for lr in *.yaml; do train $lr; done", [("lr",)], id="of a pattern"),
        pytest.param("for lr in 1 2; do train $lr; done", [("lr",)], id="of two values"),
    ],
)
def test_a_loop_within_another_knows_its_only_value(text, words):
    assert words_of(f"for seed in 1 2; do {text}; done") == ["train", *words]


@pytest.mark.parametrize("block", ["{ read LR; train $LR; }", "while read LR; do train $LR; done"])
def test_what_a_block_reads_out_of_a_pipe_is_unknown_in_it(block):
    assert words_of(f"LR=1\nx | {block}") == ["train", ("LR",)]
    assert words_of(f"LR=1\nx | {block}\ntrain $LR") == ["train", "1"]
