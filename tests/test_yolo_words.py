"""The words behind ``yolo`` mean what its own entrypoint makes of them."""

from __future__ import annotations

import json

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
    ],
)
def test_words_that_stop_yolo_are_refused(tmp_path, odd, said, hint):
    done = run(tmp_path, "plan", "--dataset-len", "3000", "--", *PLAIN.split(), *odd.split())
    assert done.returncode == 2
    assert f"command:1: {said}" in done.stderr
    assert hint in done.stderr
