"""What ``sed`` makes of a text, as GNU sed 4.9 printed it for the same words."""

from __future__ import annotations

import pytest

from lrviz.inputs.foreign.shell.sed import read_sed

TEXT = "lr: 1e-4\n  steps: 100 # a/b\n\nname: x[1] lr\n"


@pytest.mark.parametrize(
    ("words", "line", "made"),
    [
        pytest.param(["s/1e-4/2e-4/"], 0, "lr: 2e-4", id="plain"),
        pytest.param(["s/lr: .*/lr: &0/"], 0, "lr: lr: 1e-40", id="all that fits"),
        pytest.param([r"s/\(.*\): \([0-9]\)/\2-\1/"], 0, "1-lre-4", id="groups"),
        pytest.param(["-E", r"s/^([a-z]+): [^#]+$/\1=5/"], 0, "lr=5", id="extended"),
        pytest.param(["-r", "s/[[:space:]]+//g"], 1, "steps:100#a/b", id="a class, every one"),
        pytest.param([r"s/\s\+$//; s/00*/7/"], 1, "  steps: 17 # a/b", id="two at once"),
        pytest.param(["-e", "s/0/7/2", "-e", "s/7/8/"], 1, "  steps: 108 # a/b", id="the second"),
        pytest.param(["s|a/b|c\\|d|"], 1, "  steps: 100 # c|d", id="another delimiter"),
        pytest.param([r"s/a\/b/\//"], 1, "  steps: 100 # /", id="a delimiter in it"),
        pytest.param(["s/x[1]/y/"], 3, "name: x[1] lr", id="a set"),
        pytest.param([r"s/x\[1]/y/"], 3, "name: y lr", id="a bracket"),
        pytest.param(["s/LR/y/I"], 3, "name: x[1] y", id="any case"),
        pytest.param(["/name/s/lr/y/"], 3, "name: x[1] y", id="in lines with a word"),
        pytest.param(["1s/lr/y/"], 3, "name: x[1] lr", id="in another line"),
        pytest.param(["s/a+/y/"], 1, "  steps: 100 # a/b", id="a plus that is a letter"),
        pytest.param(["-E", "s/10+/y/"], 1, "  steps: y # a/b", id="a plus that is none"),
        pytest.param(["s/^$/z/"], 2, "z", id="an empty line"),
        pytest.param(["/^$/d"], 2, "name: x[1] lr", id="without it"),
        pytest.param([r"s/: /\n/"], 1, "1e-4", id="a line more"),
    ],
)
def test_what_sed_makes_of_a_line(words, line, made):
    sed = read_sed(words)
    assert sed
    assert (sed.edited(TEXT) or "").split("\n")[line] == made


@pytest.mark.parametrize(
    ("words", "files", "in_place"),
    [
        pytest.param(["-i", "s/a/b/", "x"], ("x",), True, id="-i"),
        pytest.param(["-i.bak", "s/a/b/", "x", "y"], ("x", "y"), True, id="with a suffix"),
        pytest.param(["-ie", "s/a/b/", "x"], ("x",), True, id="a suffix e"),
        pytest.param(["-E", "-i", "-e", "s/a/b/", "x"], ("x",), True, id="-e"),
        pytest.param(["--in-place=b", "--expression=s/a/b/", "x"], ("x",), True, id="long"),
        pytest.param(["s/a/b/", "x"], ("x",), False, id="a file"),
        pytest.param(["-re", "s/a/b/"], (), False, id="letters in one word"),
    ],
)
def test_what_sed_reads(words, files, in_place):
    sed = read_sed(words)
    assert sed
    assert (sed.files, sed.in_place) == (files, in_place)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["-n", "s/a/b/p"], id="-n"),
        pytest.param(["-i", "", "s/a/b/", "x"], id="as on a Mac"),
        pytest.param(["-f", "x.sed"], id="a file of commands"),
        pytest.param(["1,3s/a/b/"], id="lines from one to another"),
        pytest.param(["/a/!s/a/b/"], id="all other lines"),
        pytest.param(["s/a/b/w x"], id="writes"),
        pytest.param([r"s/a\|b/c/"], id="one of two"),
        pytest.param(["-E", "s/(a*)*b/c/"], id="repeated groups"),
        pytest.param([r"s/a/\U&/"], id="upper case"),
        pytest.param([r"s/\(a\)\1/b/"], id="the same again"),
        pytest.param(["s/x*/y/g"], id="empty ones, too"),
        pytest.param(["s/a/b"], id="never closed"),
        pytest.param(["s/\ue000/b/"], id="what nobody knows"),
        pytest.param(["a x"], id="another command"),
        pytest.param([], id="nothing"),
    ],
)
def test_what_is_not_plain_is_not_read(words):
    assert read_sed(words) is None


def test_what_takes_too_long_is_not_known():
    sed = read_sed(["s/a.*b.*c.*d/x/"])
    assert sed
    assert sed.edited("a" * 1000) is None
