"""Logs of runs as curves: which column, where its rows stand, how exactly, and what is said of it."""

from __future__ import annotations

import gzip
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
    pytest.param("step,lr\n0,0.1\nstep,lr\n5,0.05\n", [0, 5], [0.1, 0.05], id="a-heading-again"),
    pytest.param("step  lr\n   0  0.1\n   5  0.05  \n", [0, 5], [0.1, 0.05], id="blanks-between"),
    pytest.param(",step,lr\n0,0,0.1\n1,5,0.05\n", [0, 5], [0.1, 0.05], id="an-index"),
    pytest.param(json.dumps(TRAINER_STATE), [5, 10], [0.0001, 0.0002], id="trainer-state"),
]


@pytest.mark.parametrize(("text", "steps", "values"), SMALL)
def test_a_log_is_a_curve(text, steps, values):
    (column,) = read(text).columns
    assert column.steps.tolist() == steps
    assert column.values.tolist() == values


LINES = [
    pytest.param("step {} | loss 2.31 | lr {} | norm 1.0", 0, id="bars"),
    pytest.param("Iteration {}, lr: {}, loss: 2.31", 0, id="a-line-that-begins-as-a-heading"),
    pytest.param("[{}/1000] loss=2.31 learning_rate={}", 0, id="so-many-of-all"),
    pytest.param("  5%|▌    | {}/1000 [00:10<03:10, 5.0it/s, loss=2.3, lr={}]", 0, id="a-progress-bar"),
    pytest.param("2024/05/01 10:00 {}/1000 lr {}", 0, id="behind-a-date"),
    pytest.param("[12:00] iter: {}  total_loss: 1.2  lr: {}  max_mem: 3M", 0, id="detectron2"),
    pytest.param('train | {{"epoch": 1, "update": 0.1, "num_updates": "{}", "lr": "{}"}}', 0, id="fairseq"),
    pytest.param("Train: 0 [ {}/25 ( 20%)]  Loss: 6.9  LR: {}  Data: 0.1", 0, id="timm"),
    pytest.param("Iter(train) [ {}/100]  lr: {}  eta: 0:00:01", -1, id="mmengine"),
    pytest.param("Epoch(train)  [1][ {}/100]  lr: {}  eta: 0:00:01", -1, id="mmengine-epochs"),
    pytest.param("iteration {}/ 100 | consumed samples: 9 | learning rate: {} | loss: 1 |", 0, id="megatron"),
    pytest.param("Step {} | loss:0.4 lr:{} tokens:9", 0, id="torchtune"),
    pytest.param("step={}, skipped=0, lr=[{}], mom=[(0.9, 0.999)]", 0, id="deepspeed"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("line", "offset"), LINES)
def test_lines_of_a_loop_are_rows(line, offset, end):
    text = end.join(["starting", line.format(5, "1.0e-03"), "saving", line.format(10, "5.0e-04"), ""])
    (column,) = read(text).columns
    assert (column.steps.tolist(), column.values.tolist()) == ([5, 10], [1e-3, 5e-4])
    assert column.offset == offset


MMCV = '{{"mode": "train", "epoch": {e1}, "iter": {b1}, "lr": {lr}, "time": 0.2, "data_time": 0.1}}'
MMCV_VAL = '{{"mode": "val", "epoch": {e1}, "iter": 7, "lr": {lr}, "bbox": 0.1}}'
IN_EPOCHS = [
    pytest.param(MMCV, 50, None, id="mmcv"),
    pytest.param(f"{MMCV}\n{MMCV_VAL}", 50, None, id="mmcv-with-validations"),
    pytest.param(MMCV, 0, 120, id="mmcv-with-the-last-of-each-epoch"),
    pytest.param("mmdet - INFO - Epoch [{e1}][{b1}/120]\tlr: {lr}, eta: 0:01", 50, 120, id="mmcv-lines"),
    pytest.param("Epoch [{e1}/3], Step [{b1}/120], Loss: 2.3, LR: {lr}", 50, 120, id="step-of-steps"),
    pytest.param("epoch {e} | batch {b1} | lr {lr}", 50, None, id="lines-of-a-batch"),
    pytest.param("epoch {e} step {b1} loss 2.3 lr {lr}", 0, 120, id="lines-with-the-last-of-each-epoch"),
    pytest.param("Epoch: [{e}][{b1}/120]\tLoss 2.3\tlr {lr}", 50, 120, id="of-an-epoch"),
]


@pytest.mark.parametrize(("line", "least", "length"), IN_EPOCHS)
def test_batches_that_begin_anew_in_every_epoch_are_put_together(line, least, length):
    """Of three epochs of 120 batches each 50th is written, and maybe the last; the LR counts all."""
    batches = [50, 100, 120][: 3 if not least else 2]
    rows = [(e, b) for e in range(3) for b in batches]
    text = "".join(
        line.format(e=e, e1=e + 1, b1=b, lr=round(0.001 * (e * 120 + b), 5)) + "\n" for e, b in rows
    )
    log = read(text)
    assert (log.steps_per_epoch, log.columns[0].unit) == (length, "update" if length else "epoch")
    column = log.columns[0].in_updates(120)
    assert column.steps.tolist() == [e * 120 + b for e, b in rows]
    np.testing.assert_allclose(column.values, 0.001 * column.x, rtol=1e-6)
    if not length:
        with pytest.raises(ConfigError, match="does not say how long one is"):
            log.steps_of(log.columns[0])


TABLES_IN_EPOCHS = [
    pytest.param("epoch,batch,lr\n0,0,3\n0,2,2\n1,0,1\n1,2,0\n", None, id="each-second-batch"),
    pytest.param("epoch,batch,lr\n0,0,3\n0,1,2\n1,0,1\n1,1,0\n", [0, 1, 2, 3], id="every-batch"),
    pytest.param("epoch,step,lr\n0,0,3\n0,1,2\n1,2,1\n1,1,0\n", [0, 1], id="a-restart-is-none"),
]


@pytest.mark.parametrize(("text", "steps"), TABLES_IN_EPOCHS)
def test_a_table_may_count_the_batches_of_each_epoch(text, steps):
    (column,) = read(text).columns
    assert (column.unit == "epoch") == (steps is None)
    assert column.in_updates(3).steps.tolist() == (steps or [0, 2, 3, 5])


def test_what_mmcv_writes_is_rounded_to_five_decimals():
    text = MMCV.format(e1=1, b1=50, lr=1e-05) + "\n" + MMCV.format(e1=1, b1=100, lr=0.02) + "\n"
    (column,) = read(text).columns
    assert (column.precision, column.least.tolist()) == ("5 decimals", [5e-6, 5e-6])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_log_may_be_in_any_encoding_that_shells_write(encoding):
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    log = read_log(mark + "step,lr\r\n0,0.1\r\n".encode(encoding), "log.txt")
    assert log is not None
    assert log.columns[0].values.tolist() == [0.1]


def console(step, rate, *, bar):
    row = str({"loss": "0.2", "learning_rate": rate, "epoch": f"{step / 40:.4g}"})
    return f"\r{' ' * 60}\r{row}\n\r {step}%|# | {step}/80 [00:01<00:05, 9it/s]" if bar else f"{row}\n"


CONSOLES = [
    pytest.param(True, None, [10, 20], id="bars-count-the-updates"),
    pytest.param(False, 40, [10, 20], id="epochs-of-known-length"),
]


@pytest.mark.parametrize(("bar", "length", "steps"), CONSOLES)
def test_the_console_of_transformers_is_placed(bar, length, steps):
    begin = "\r  0%| | 0/80 [00:00<?, ?it/s]\r 5%|# | 4/80 [00:01<00:05, 9it/s]" if bar else ""
    text = begin + "".join(console(step, "0.0001", bar=bar) for step in (10, 20))
    log = read(text)
    assert log.columns[0].in_updates(length).steps.tolist() == steps
    assert log.total == (80 if bar else None)


GROUPS = [
    pytest.param(
        '{"step": 1, "lr": [0.1, 0.2]}\n{"step": 2, "lr": [0.1, 0.2]}\n', ["lr[0]", "lr[1]"], id="list"
    ),
    pytest.param('{"step": 1, "lr": {"a": 1, "b": 2}}\n{"step": 2}\n', ["lr.a", "lr.b"], id="object"),
    pytest.param("epoch,lr-SGD/pg1,lr-SGD/pg2,step\n,1,2,4\n0,,,4\n", ["lr-SGD/pg1", "lr-SGD/pg2"], id="csv"),
    pytest.param("step=5, skipped=0, lr=[0.1, 0.2], mom=[]\n", ["lr[0]", "lr[1]"], id="deepspeed"),
    pytest.param("  epoch,  lr/pg0,  lr/pg1\n  1,  0.1,  0.2\n", ["lr/pg0", "lr/pg1"], id="ultralytics"),
]


@pytest.mark.parametrize(("text", "names"), GROUPS)
def test_param_groups_are_curves_of_their_own(text, names):
    assert [column.name for column in read(text).columns] == names


NO_LOGS = [
    pytest.param('{"name": "cosine", "lr": 0.1, "steps": 100}', id="a-config-in-one-line"),
    pytest.param('{"lr": 0.1, "epochs": 100}', id="a-trainer's-config"),
    pytest.param("python train.py --steps 100 --lr 3e-4\n", id="a-command"),
    pytest.param("defaults = {steps = 100, lr = 1e-3}\n", id="toml"),
    pytest.param("torchrun sft.py \\\n  --max_steps 100 --lr 1e-4\n", id="a-script"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("text", NO_LOGS)
def test_what_is_no_log_is_left_to_others(text):
    assert read_log(text.encode(), "x", "") is None


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


def rows(*parts):
    return "step,lr\n" + "".join(
        f"{at},{1 / (number + 2)}\n" for number, part in enumerate(parts) for at in part
    )


RESTARTED = [
    pytest.param([range(0, 80, 5), range(42, 90, 5)], [*range(0, 42, 5), *range(42, 90, 5)], True, id="once"),
    pytest.param(
        [range(0, 80, 5), range(42, 90, 5), range(61, 90, 3)],
        [*range(0, 42, 5), *range(42, 61, 5), *range(61, 90, 3)],
        True,
        id="twice",
    ),
    pytest.param(
        [range(0, 80, 5), range(42, 90, 5), range(21, 90, 3)],
        [*range(0, 21, 5), *range(21, 90, 3)],
        True,
        id="again from before the first restart",
    ),
    pytest.param([range(0, 80, 5), range(42, 52, 5)], [*range(0, 42, 5), 42, 47], True, id="not so far yet"),
    pytest.param([range(0, 80, 5), range(40, 90, 5)], range(0, 90, 5), False, id="the same places"),
    pytest.param([range(50, 99, 5), range(0, 50, 5)], range(0, 99, 5), False, id="the later part first"),
    pytest.param([range(95, -1, -5)], range(0, 99, 5), False, id="backwards"),
    pytest.param([[0, 40, 20, 60, 10, 50, 30]], range(0, 61, 10), False, id="in no order"),
]


@pytest.mark.parametrize(("parts", "steps", "undone"), RESTARTED)
def test_rows_that_a_restart_undid_do_not_count(parts, steps, undone):
    log = read(rows(*parts))
    assert [*log.columns[0].x] == [*steps]
    assert ("log-restarted" in {one.id for one in log.findings}) == undone


def test_the_version_of_transformers_tells_which_lr_is_logged():
    assert read(json.dumps(TRAINER_STATE)).columns[0].offset == 0
    newer = {**TRAINER_STATE, "best_global_step": None}
    assert read(json.dumps(newer)).columns[0].offset == -1


REFUSED = [
    pytest.param("step,lr,loss\n0,,1\n", "", "no row has a value of lr", id="blank-throughout"),
    pytest.param("step,lr\n0,0.1\n", "rate", "no column 'rate'", id="no-such-column"),
    pytest.param("step,lr\n0,0.1\n1,much\n", "", "is no number", id="no-number"),
    pytest.param("step,loss\n0,0.1\n1,0.2\n", "nope", "no column 'nope'", id="no-lr-and-no-such-column"),
    pytest.param('{"step": 0, "loss": 1}\n{"step": 1, "loss": 1}\n', "nope", "no column 'nope'", id="JSON"),
    *(
        pytest.param(text, column, "no column has a name", id=f"no-names-{at}")
        for at, (text, column) in enumerate(
            [("0,0.1\n1,0.2\n", ""), ("0 0.1\n1 0.2", "2"), ("0\t.1\n1\t.2", "")]
        )
    ),
]


@pytest.mark.parametrize(("text", "column", "message"), REFUSED)
def test_a_log_that_cannot_be_read_is_refused(text, column, message):
    with pytest.raises(ConfigError, match=message) as caught:
        read(text, column=column)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["lr.csv.gz", "lr.csv"])
def test_a_compressed_log_is_told_how_it_is_read(name, tmp_path):
    (tmp_path / name).write_bytes(gzip.compress(b"step,lr\n0,0.1\n1,0.2\n"))
    done = run(tmp_path, "show", name)
    assert (done.returncode, done.stderr) == (
        2,
        f"error: {name}: compressed, as gzip reads it\nhint: gzip -dc {name} | lrviz show -\n",
    )


PLACES = [
    pytest.param(
        "step", "1e30", "lr stands at update 1e+30", "9007199254740992", id="beyond-what-is-counted"
    ),
    pytest.param("step", "inf", "lr stands at update inf", "that row", id="infinite"),
    pytest.param("epoch", "nan", "lr stands at epoch nan", "that row", id="no-number"),
    pytest.param(
        "step", "2.5", "lr stands at update 2.5, which is no whole number", "whole", id="half-a-step"
    ),
    pytest.param(
        "epoch", "2.5", "lr stands at fractions of epochs", "--steps-per-epoch 50", id="half-an-epoch"
    ),
]


@pytest.mark.parametrize("command", ["show", "identify"])
@pytest.mark.parametrize(("unit", "place", "message", "hint"), PLACES)
def test_a_place_that_is_no_step_is_refused(unit, place, message, hint, command, tmp_path):
    (tmp_path / "log.csv").write_text(f"{unit},lr\n0,0.1\n{place},0.2\n")
    done = run(tmp_path, command, "log.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"error: log.csv: {message}" in done.stderr
    assert hint in done.stderr.splitlines()[-1]


def test_no_rate_is_as_large_as_what_is_not_searched(tmp_path):
    (tmp_path / "log.csv").write_text("step,lr\n" + "".join(f"{i},{i}e300\n" for i in range(9)))
    assert run(tmp_path, "identify", "log.csv").returncode == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("step,loss,lr\n0,2.5,0.1\n1,2.4,0.2\n", id="a plain table"),
        pytest.param("step,loss,lr\n0,2.5,0.1\n1,2.4,\n", id="a table with blanks"),
    ],
)
def test_of_a_column_that_is_not_there_all_others_are_said(text):
    with pytest.raises(ConfigError) as caught:
        read(text, column="nope")
    assert caught.value.hint == "it has loss, lr"


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


@pytest.mark.parametrize(
    ("step", "near"),
    [
        pytest.param(0, 10, id="before the first"),
        pytest.param(14, 10, id="behind a row"),
        pytest.param(26, 30, id="before a row"),
    ],
)
def test_a_mark_where_no_row_is_names_the_nearest(tmp_path, step, near):
    (tmp_path / "train.csv").write_text("step,lr\n10,0.1\n20,0.2\n30,0.1\n")
    refused = run(tmp_path, "plot", "train.csv", "--mark", str(step), "-o", "lr.png")
    message, hint = refused.stderr.splitlines()[-2:]
    assert (refused.returncode, message) == (2, f"error: train.csv has no row of step {step}")
    assert hint == f"hint: the nearest: give --mark {near}"
    assert run(tmp_path, "plot", "train.csv", *hint.split()[-2:], "-o", "lr.png").returncode == 0


def test_two_rows_decide_nothing(tmp_path):
    (tmp_path / "log.csv").write_text("step,lr\n0,1e-3\n10,5e-4\n")
    done = run(tmp_path, "identify", "log.csv")
    assert (done.returncode, done.stdout.splitlines()[1][:22]) == (1, "so few decide nothing:")
