"""The words behind ``yolo`` mean what its own entrypoint makes of them."""

from __future__ import annotations

import json
import re

import pytest
from commands import run

PLAIN = "yolo task=segment mode=train data=d.yaml epochs=10 optimizer=SGD cos_lr=True device=[0,1]"


def planned(tmp_path, line):
    done = run(tmp_path, "plan", "--dataset-len", "3000", "--format", "json", "--", *line.split())
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("plain", "odd"),
    [
        pytest.param("epochs=10", "epochs = 10", id="a = by itself"),
        pytest.param("epochs=10", "epochs= 10", id="a = at the end"),
        pytest.param("epochs=10", "epochs =10", id="a = at the beginning"),
        pytest.param("epochs=10", "epochs=10,", id="a comma"),
        pytest.param("epochs=10", "--epochs=10", id="dashes"),
        pytest.param("device=[0,1]", "device=[0, 1]", id="brackets"),
        pytest.param("device=[0,1]", "device = [0, 1],", id="brackets and all the rest"),
        pytest.param("cos_lr=True", "cos_lr", id="a switch alone"),
        pytest.param("cos_lr=True", "cos_lr amp plots", id="and those that move no LR"),
        pytest.param("task=segment mode=train", "segment train", id="a task and a mode"),
        pytest.param("epochs=10", "epochs=1e1", id="a float that is whole"),
        pytest.param("cos_lr=True", "cos_lr=true", id="a switch in small letters"),
    ],
)
def test_words_are_merged_as_yolo_merges_them(tmp_path, plain, odd):
    assert plain in PLAIN
    assert planned(tmp_path, PLAIN.replace(plain, odd)) == planned(tmp_path, PLAIN)


@pytest.mark.parametrize(
    ("odd", "said", "hint"),
    [
        pytest.param("epochs", "epochs stands without a =", "epochs=VALUE", id="a setting without a value"),
        pytest.param("--epochs 5", "epochs stands without a =", "epochs=VALUE", id="an option of argparse"),
        pytest.param("coslr", "coslr is no argument of yolo", "take coslr out", id="a word of nobody"),
        pytest.param("val", "mode=val trains nothing", "mode=train", id="the last mode counts"),
        pytest.param("epochs=1.5", "epochs='1.5' is not what", "--given epochs=100", id="a part of an epoch"),
        pytest.param("cos_lr=yes", "cos_lr='yes' is not what", "--given cos_lr=True", id="no switch"),
        pytest.param("cos_lr=1", "cos_lr='1' is not what", "--given cos_lr=True", id="a number as a switch"),
        pytest.param("nbs=0", "nbs=0 is below 1", "--given nbs=64", id="no nominal batch"),
    ],
)
def test_words_that_stop_yolo_are_refused(tmp_path, odd, said, hint):
    done = run(tmp_path, "plan", "--dataset-len", "3000", "--", *PLAIN.split(), *odd.split())
    assert done.returncode == 2
    assert f"command:1: {said}" in done.stderr
    assert hint in done.stderr


@pytest.mark.parametrize(
    ("version", "word", "taken"),
    [
        pytest.param("8.4.172", "epochs=1e1", True, id="a float that is whole"),
        pytest.param("8.4.171", "epochs=1e1", False, id="before that was taken"),
        pytest.param("8.4.92", "nbs=0", True, id="before nbs had a least"),
        pytest.param("8.4.93", "nbs=0", False, id="nbs of no batch"),
    ],
)
def test_words_that_a_version_stops_at(tmp_path, version, word, taken):
    options = ["--dataset-len", "3000", "--trainer", f"ultralytics@{version}", "--get", "total", "-q"]
    done = run(tmp_path, "plan", *options, "--", *PLAIN.split(), word)
    assert done.returncode == (0 if taken else 2), done.stderr
    told = re.findall(r"hint: (--given \S+)", done.stderr)
    typed = run(tmp_path, "plan", *options, *" ".join(told).split(), "--", *PLAIN.split(), word)
    assert (len(told), typed.returncode) == (0 if taken else 1, 0), typed.stderr
