"""Functions of a script: what they set, where they are left, and what is theirs alone."""

from __future__ import annotations

import pytest
from shell_words import words_of

from lrviz.inputs.foreign.shell.script import read_commands


@pytest.mark.parametrize(
    ("before", "word", "words"),
    [
        pytest.param("LR=1; f() (LR=2); f", "$LR", ["1"], id="a function in a shell of its own"),
        pytest.param("LR=1; f() { local LR; LR=2; }; f", "$LR", ["1"], id="local, set later"),
        pytest.param("LR=1; f() { local LR; B=${LR:-3}; }; f", "$B", ["3"], id="local, not set"),
        pytest.param("LR=1; f() { declare -g LR=2; }; f", "$LR", ["2"], id="declare -g"),
        pytest.param("LR=1; f() { A=$LR; LR=3; }; LR=2 f", "$A $LR", ["2", "1"], id="its own variable"),
        pytest.param("LR=1; f() { A=$1; }; LR=2 f $LR", "$A", ["1"], id="its words are put in before"),
        pytest.param("f() { A=$B; }; LR=2 B=$LR f", "$A", ["2"], id="one variable of another"),
        pytest.param("LR=1; f() { export LR=3; }; LR=2 f", "$LR", ["3"], id="what it exports stays"),
        pytest.param("f() { g() { LR=2; }; g; }; LR=1; f", "$LR", ["2"], id="a function in a function"),
        pytest.param("LR=1; f() { return; LR=2; }; f", "$LR", ["1"], id="return"),
        pytest.param(
            "LR=1; f() { if [ $1 = a ]; then return; fi; LR=2; }; f a; A=$LR; f b",
            "$A $LR",
            ["1", "2"],
            id="return under a condition",
        ),
        pytest.param('f() { A=$2; }; f "$X" 2', "$A", ["2"], id="behind one in quotes"),
        pytest.param('f() { shift; A=$1; }; f x$X"$Y" 2', "$A", [("A",)], id="behind one without"),
        pytest.param('f() { shift; A=$1; }; f "$X$Y" 2', "$A", ["2"], id="behind one that is shifted"),
    ],
)
def test_what_a_function_sets_is_known(before, word, words):
    assert words_of(f"{before}\ntrain {word}") == ["train", *words]


@pytest.mark.parametrize(
    ("before", "word", "names"),
    [
        pytest.param(
            "LR=1\nf() { [ -f y ] && return; LR=2; }\nf", "$LR", ("LR",), id="behind a doubtful return"
        ),
        pytest.param(
            "LR=1\nf() { [ -f y ] && return; LR=2; x; }\nf", "$LR", ("LR",), id="behind one of what may train"
        ),
        pytest.param("N=1\nf() { :; }\nf $((N++))", "$N", ("N",), id="counted up in a call"),
        pytest.param("LR=1\nf() { LR=2; f; }\nf", "$LR", ("LR",), id="a function that calls itself"),
        pytest.param("f() { LR=2; }\nLR=1\ntrap f EXIT\nf", "$LR", ("LR",), id="a function of a trap"),
        pytest.param("f() { LR=2; }\nLR=1\nfor x in 1 2; do f; done", "$LR", ("LR",), id="called in a loop"),
        pytest.param('f() { [ -z "$X" ] && LR=2; }', "$LR", ("LR",), id="a condition of a function"),
    ],
)
def test_what_a_function_may_set_is_unknown(before, word, names):
    assert words_of(f"{before}\ntrain {word}") == ["train", names]


def test_behind_the_variable_of_a_loop_stands_what_is_given():
    script = "f() { train $1 $2; }\nfor N in 1 2; do f $N 3; done"
    assert words_of(script) == ["train", ("N",), "3"]
    assert words_of(script.replace("1 2", "'1 2' 2")) == ["train", ("N",), ("N",)]


def test_what_stands_before_a_call_is_exported_to_its_commands():
    inner, later = read_commands("f() { train; }\nLR=2 f\ntrain", "run.sh")
    assert {name: word.value for name, word in inner.env.items()} == {"LR": "2"}
    assert not later.env
