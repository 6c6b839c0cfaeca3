"""Sums of a script, ``$((N * 8))``, as a shell computes them."""

from __future__ import annotations

import pytest
from shell_words import words_of


@pytest.mark.parametrize(
    ("before", "word", "words"),
    [
        pytest.param("N=4", "$((N * 8 + 1))", ["33"], id="product"),
        pytest.param("N=4; M=$(( ${N} / 3 ))", "$M", ["1"], id="quotient"),
        pytest.param('let "M = 9 / 2" N=M*2', "$M $N", ["4", "8"], id="let"),
        pytest.param("", "$((-7 / 2))", ["-3"], id="quotient below 0"),
        pytest.param("N=4", "$((N > 3 ? N / 2 : 1)) $((N < 3 ? 1 : N))", ["2", "4"], id="a choice"),
        pytest.param("", "$((2 ** 3 ** 2)) $((-2 ** 2)) $((1 << 4 | 3))", ["512", "4", "19"], id="powers"),
        pytest.param("", "$((1 + 2 == 3 && !0)) $((7 % -4)) $((~5 & 6))", ["1", "3", "2"], id="signs"),
        pytest.param("A=(a b)", "$((${#A[@]} * 8))", ["16"], id="so many words times"),
        pytest.param(
            "T=20e9 U=a_4",
            "$(( ${T%e9} * 8 )) $((${U#*_} + 1)) $(( ${U/a_/1} ))",
            ["160", "5", "14"],
            id="a value cut within a sum",
        ),
        pytest.param("", "$(( ${N:-4} * ${M:=2} + M ))", ["10"], id="defaults within a sum"),
        pytest.param("X=1+1 Y=", "$((X * 2)) $(($X * 2)) $((Y + 1))", ["4", "3", "1"], id="a name, a text"),
        pytest.param("A=(1 2)", "$((A[1] * 3 + ${A[0]}))", ["7"], id="words of an array within a sum"),
        pytest.param("N=4", "$(expr 16 / $N)", ["4"], id="expr"),
        pytest.param("", "$(seq 16 8 40)", ["16", "24", "32", "40"], id="seq"),
        pytest.param("N=3", "`seq $((N - 1))` $(seq 3 -2 0)", ["1", "2", "3", "1"], id="seq of variables"),
        pytest.param("", "$(seq -s, 0 3) $(seq 2 1)", ["0,1,2,3"], id="seq with its own separator"),
        pytest.param("X=$(seq 2)", '"$X"', ["1\n2"], id="seq in quotes"),
        pytest.param(
            "A=(); for N in $(seq 2); do A+=(a$N); done", "${A[@]}", ["a1", "a2"], id="a loop over seq"
        ),
        pytest.param("N=4", "$(expr 2 \\* ${N} + 1)", ["9"], id="a product of expr"),
    ],
)
def test_what_is_known_is_computed(before, word, words):
    assert words_of(f"{before}\ntrain {word}") == ["train", *words]


@pytest.mark.parametrize(
    ("before", "word", "names"),
    [
        pytest.param("", "$(seq 0 $NODES)", ("NODES",), id="seq"),
        pytest.param("", "$(seq 1 .5 3)", (), id="seq of parts"),
        pytest.param("", "$(seq 1 8 | tail -1)", (), id="seq in a pipe"),
        pytest.param("", "$(seq 0 $(nproc))", (), id="seq of what only a shell does"),
        pytest.param("", "$((NODES * 8))", ("NODES",), id="product"),
        pytest.param("N=$((NODES * 8))", "$N", ("NODES",), id="product by what it lacks"),
        pytest.param("N=1.5", "$((N * 8))", (), id="no whole number"),
        pytest.param("", "$(( ${T%e9} * 8 ))", ("T",), id="a value cut within a sum"),
        pytest.param("", "$(( ${T%$S} + $(nproc --all) ))", ("T",), id="what only a shell does in a sum"),
        pytest.param("LR=1\nlet N=0 && LR=2", "$LR", ("LR",), id="behind let"),
        pytest.param("LR=1\n(( LR += 1 ))", "$LR", ("LR",), id="counted up"),
        pytest.param("LR=1\nlet LR+=1", "$LR", ("LR",), id="let counts up"),
        pytest.param("LR=1\nA=$((LR++))", "$LR", ("LR",), id="counted up within a sum"),
        pytest.param("LR=1\n[ $((LR=2)) ]", "$LR", ("LR",), id="set within a sum"),
        pytest.param("N=4", "$((N++))", ("N",), id="a sum that counts up"),
        pytest.param("N=4", "$((1 / (N - 4)))", (), id="a quotient by 0"),
    ],
)
def test_what_only_a_run_could_compute_is_unknown(before, word, names):
    assert words_of(f"{before}\ntrain {word}") == ["train", names]
