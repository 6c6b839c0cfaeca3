"""Pairs and values at which yacs, whose configs are detectron2's, stops."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

CONFIG = "SOLVER: {MAX_ITER: 900, BASE_LR: 0.01, STEPS: [600]}\n"


@pytest.mark.parametrize(
    ("words", "lr"),
    [
        pytest.param("--num-gpus 4 SOLVER.BASE_LR 0.1 OUTPUT_DIR out", "0.1", id="pairs"),
        pytest.param("--resume SOLVER.STEPS '(60,)' MODEL.WEIGHTS a.pth", "0.01", id="a tuple"),
        pytest.param("SOLVER.STEPS [60,90]", "0.01", id="a list"),
        pytest.param("", "0.01", id="none"),
    ],
)
def test_pairs_are_read(tmp_path, words, lr):
    write(tmp_path / "a.yaml", CONFIG)
    line = f"python train_net.py --config-file a.yaml {words}"
    done = run(
        tmp_path,
        "values",
        "--at",
        "899",
        "--plain",
        "-q",
        "--args",
        f"{line} SOLVER.GAMMA 1.0 SOLVER.WARMUP_ITERS 0",
    )
    assert (done.returncode, float(done.stdout.split()[-1])) == (0, float(lr)), done.stderr


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        pytest.param("SOLVER.BASE_LR=0.1", CONFIG, "SOLVER.BASE_LR=0.1 is no key of yacs", id="="),
        pytest.param(
            "SOLVER.BASE_LR=0.1 SOLVER.GAMMA=0.5", CONFIG, "SOLVER.BASE_LR=0.1 is no key", id="two of ="
        ),
        pytest.param(
            "SOLVER.BASE_LR 0.1 SOLVER.MAX_ITER", CONFIG, "SOLVER.MAX_ITER has no value", id="no value"
        ),
        pytest.param("solver.base_lr 0.1", CONFIG, "yacs has no key solver.base_lr", id="no capitals"),
        pytest.param("SOLVER.STEPS 60", CONFIG, "SOLVER.STEPS=60 is no tuple", id="one step"),
        pytest.param("SOLVER.STEPS '(60)'", CONFIG, "SOLVER.STEPS=(60) is no tuple", id="in brackets"),
        pytest.param("SOLVER.BASE_LR 1", CONFIG, "SOLVER.BASE_LR=1 is no float", id="a whole LR"),
        pytest.param("SOLVER.RESCALE_INTERVAL true", CONFIG, "=true is no bool", id="a word"),
        pytest.param("SOLVER.BASE_LR 0.1 --num-gpus 4", CONFIG, "stands behind the pairs", id="an option"),
        pytest.param("", "SOLVER: {MAX_ITER: 9, STEPS: 5}\n", "SOLVER.STEPS=5 is no tuple", id="in a file"),
        pytest.param("", f"{CONFIG}SOLVER.GAMMA: 0.5\n", "there is no key SOLVER.GAMMA", id="with a dot"),
    ],
)
def test_what_yacs_stops_at_is_refused(tmp_path, words, text, said):
    write(tmp_path / "a.yaml", text)
    done = run(tmp_path, "plan", "--args", f"python train_net.py --config-file a.yaml {words}")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("imports", "code"),
    [pytest.param("detectron2.engine", 2, id="its own"), pytest.param("deeplab", 0, id="the project's")],
)
def test_the_scheduler_of_a_project_is_that_of_its_script(tmp_path, imports, code):
    write(tmp_path / "a.yaml", CONFIG)
    write(tmp_path / "train_net.py", f"import {imports}\n")
    line = "python train_net.py --config-file a.yaml SOLVER.LR_SCHEDULER_NAME WarmupPolyLR"
    done = run(tmp_path, "plan", "--args", line)
    assert (done.returncode, "does not use: it stops" in done.stderr) == (code, code == 2), done.stderr
