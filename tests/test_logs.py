"""Logs of runs as curves: which column, where its rows stand, how exactly, and what is said of it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from commands import run

from lrviz.errors import ConfigError
from lrviz.inputs.logs.reading_logs import read_log

TRAINER_STATE = {
    "epoch": 0.2,
    "global_step": 10,
    "max_steps": 100,
    "num_train_epochs": 2,
    "log_history": [
        {"epoch": 0.1, "learning_rate": 0.0001, "loss": 0.002, "step": 5},
        {"epoch": 0.1, "eval_loss": 0.5, "step": 5},
        {"epoch": 0.2, "learning_rate": 0.0002, "loss": 0.002, "step": 10},
    ],
}


def read(text, name="log.txt", column=""):
    log = read_log(text.encode(), name, column)
    assert log is not None
    return log


SMALL = [
    pytest.param("step,lr\n0,0.1\n5,0.05\n", [0, 5], [0.1, 0.05], id="csv"),
    pytest.param("\ufeffstep;lr\r\n0;0,1\r\n5;0,05\r\n", [0, 5], [0.1, 0.05], id="semicolons-and-commas"),
    pytest.param("run 7\niteration\tLR\n0\t0.1\n5\t0.05\n", [0, 5], [0.1, 0.05], id="tabs-below-a-title"),
    pytest.param('"step","lr"\n"0","0.1"\n"5","0.05"\n', [0, 5], [0.1, 0.05], id="quoted"),
    pytest.param("loss,lr,step\n1,,3\n2,0.1,4\n,0.05,5\n", [4, 5], [0.1, 0.05], id="blank-cells"),
    pytest.param("step,lr\n5,0.05\n0,0.1\n", [0, 5], [0.1, 0.05], id="out-of-order"),
    pytest.param("step,lr\n0,0.1\n5,0.2\n5,0.05\n", [0, 5], [0.1, 0.05], id="the-last-of-a-place-counts"),
    pytest.param("step,lr\n0,0.1\n5,0.05\n7,0.0", [0, 5], [0.1, 0.05], id="a-line-that-is-being-written"),
    pytest.param(
        '{"step": 0, "lr": 0.1}\n{"step": 5, "lr": 0.05}\n{"st', [0, 5], [0.1, 0.05], id="json-lines"
    ),
    pytest.param('[{"step": 0, "lr": 0.1}, {"step": 5, "lr": 0.05}]', [0, 5], [0.1, 0.05], id="json-list"),
    pytest.param(json.dumps(TRAINER_STATE), [5, 10], [0.0001, 0.0002], id="trainer-state"),
]


@pytest.mark.parametrize(("text", "steps", "values"), SMALL)
def test_a_log_is_a_curve(text, steps, values):
    (column,) = read(text).columns
    assert column.steps.tolist() == steps
    assert column.values.tolist() == values


DIGITS = [
    pytest.param(["0.1", "0.30000000000000004"], "float64", id="float64"),
    pytest.param(["0.10000000149011612", "0.05000000074505806"], "float32", id="float32"),
    pytest.param(["1.000e-03", "3.142e-04"], "4 digits", id="exponents"),
    pytest.param(["0.000300", "0.000314"], "6 decimals", id="decimals"),
    pytest.param(["0.0003142", "0.001"], "4 digits", id="trimmed"),
    pytest.param(["0.001", "0.001"], "4 digits", id="a-round-number-is-no-format"),
]


@pytest.mark.parametrize(("cells", "precision"), DIGITS)
def test_precision_is_told_from_the_digits(cells, precision):
    (column,) = read("step,lr\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate(cells))).columns
    assert column.precision == precision
    assert (column.least > 0).all()
    assert (column.least < np.abs(column.values)).all()


SAID = [
    pytest.param("step,lr\n0,0.1\n5,0.2\n5,0.2\n", "log-repeats", id="twice-and-equal"),
    pytest.param("step,lr\n0,0.1\n5,0.2\n5,0.1\n", "log-repeats-differ", id="twice-and-unequal"),
    pytest.param("step,lr\n0,0.1\n5,nan\n", "log-not-finite", id="nan"),
    pytest.param("step,lr\n0,0.1\n5", "log-torn", id="torn"),
    pytest.param("step,lr\n0,0.1\nSaving model\n5,0.1\n", "log-lines", id="other-lines"),
]


@pytest.mark.parametrize(("text", "finding"), SAID)
def test_what_is_odd_is_said(text, finding):
    assert [one.id for one in read(text).findings] == [finding]


def test_the_version_of_transformers_tells_which_lr_is_logged():
    assert read(json.dumps(TRAINER_STATE)).columns[0].offset == 0
    newer = {**TRAINER_STATE, "best_global_step": None}
    assert read(json.dumps(newer)).columns[0].offset == -1


REFUSED = [
    pytest.param("step,lr,loss\n0,,1\n", "", "no row has a value of lr", id="blank-throughout"),
    pytest.param("step,lr\n0,0.1\n", "rate", "no column 'rate'", id="no-such-column"),
    pytest.param("step,lr\n0,0.1\n1,much\n", "", "is no number", id="no-number"),
]


@pytest.mark.parametrize(("text", "column", "message"), REFUSED)
def test_a_log_that_cannot_be_read_is_refused(text, column, message):
    with pytest.raises(ConfigError, match=message) as caught:
        read(text, column=column)
    assert caught.value.hint


def test_any_column_can_be_asked_for():
    assert read("step,lr,rate\n0,1,3\n", column="rate").columns[0].values.tolist() == [3]


def test_a_log_stands_where_a_spec_may(tmp_path):
    (tmp_path / "train.csv").write_text("step,lr\n0,0.0\n2,0.2\n4,0.1\n")
    done = run(tmp_path, "values", "constant", "train.csv", "--lr", "0.5")
    assert done.stdout == "step,epoch,constant,train.csv\n0,,0.5,0.0\n2,,0.5,0.2\n4,,0.5,0.1\n"
    shown = json.loads(run(tmp_path, "show", "train.csv", "--format", "json").stdout)
    (curve,) = shown["curves"]
    assert (curve["first"], curve["peak"], curve["peak_at"], curve["last"]) == (0.0, 0.2, 2, 0.1)
    assert [one["id"] for one in shown["findings"]] == ["log-read"]
    picture = run(tmp_path, "plot", "constant", "train.csv", "--lr", "0.5", "-o", "lr.svg")
    assert picture.returncode == 0, picture.stderr
    (nothing,) = run(tmp_path, "values", "train.csv", "--at", "1", "--plain").stdout.split()
    assert nothing == "nan"
    refused = run(tmp_path, "check", "train.csv", "--expect", "lr(1) == 0.1")
    assert (refused.returncode, "no row at step 1" in refused.stderr) == (2, True)
