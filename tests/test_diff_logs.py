"""``lrviz diff PLAN LOG``: clean logs are never accused, and a planted fault is named with its numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest
from commands import LOGS, run
from planted import (
    FALLING,
    PLANS,
    STEPS,
    WARMED,
    WAYS,
    anew,
    by_and_by,
    curve,
    held,
    late,
    resumed,
    spec,
    stairs,
    stretched,
    times,
    write,
)

import lrviz


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PLANS)
def test_a_clean_log_is_not_accused(name, way, tmp_path):
    write(tmp_path, curve(name), way)
    code, pair = held(tmp_path, spec(name))
    assert (code, pair["ranges"], pair["causes"]) == (0, [], [])
    assert np.ptp(curve(name)(np.arange(STEPS))) == 0 or pair["log"]["offset"] == WAYS[way][2]


FAULTS = [
    *(("speed", name, stretched(name, k), k) for name in (*WARMED, "decay") for k in (2, 4)),
    *(("stairs", name, stairs(name, k), k) for name in FALLING for k in (25, 40)),
    *(
        ("peak", name, times(name, k), None)
        for name in (*FALLING, "wsd", "onecycle", "stairs")
        for k in (0.5, 4)
    ),
    *(("warmup", name, curve(name, warmup=k), k) for name in WARMED for k in (50, 250)),
    *(("total", name, curve(name, steps=k), k) for name in WARMED for k in (700, 1500)),
    *(("late", name, late(name, k, 405), k) for name in FALLING for k in (1, 3)),
    *(("anew", name, anew(name, k), k) for name in FALLING for k in (205, 605)),
    *(("resumed", name, resumed(name, k, 505), k) for name in (*WARMED, "annealing") for k in (800, 2000)),
]


@pytest.mark.long
@pytest.mark.parametrize("way", ["each", "4 digits", "few"])
@pytest.mark.parametrize(
    ("cause", "name", "values", "number"),
    [pytest.param(*fault, id=f"{fault[0]} {fault[3] or ''} {fault[1]}") for fault in FAULTS],
)
def test_a_fault_is_named(cause, name, values, number, way, tmp_path):
    write(tmp_path, values, way)
    code, pair = held(tmp_path, spec(name))
    assert code == 1
    (found,) = pair["causes"]
    assert found["id"] == cause
    if number is not None:
        least, most = (found["least"] or found["there"]), (found["most"] or found["there"])
        assert least <= number <= most


def as_mlflow(rows, lrs):
    return "".join(f"{1690000000000 + row} {lr!r} {row}\n" for row, lr in zip(rows, lrs, strict=True))


def as_wandb_chart(rows, lrs):
    named = ("Step", *(f"run - train/learning_rate{more}" for more in ("", "__MIN", "__MAX")))
    cells = ((row, *[f"{lr:.9g}"] * 3) for row, lr in zip(rows, lrs, strict=True))
    return "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in (named, *cells))


TRACKED = [pytest.param("lr", as_mlflow, id="mlflow"), pytest.param("chart.csv", as_wandb_chart, id="wandb")]
AS_PLANNED = [("", name, curve(name), None) for name in ("linear", "wsd")]


@pytest.mark.long
@pytest.mark.parametrize(("file", "form"), TRACKED)
@pytest.mark.parametrize(
    ("cause", "name", "values", "number"),
    [
        pytest.param(*one, id=f"{one[0] or 'clean'} {one[3] or ''} {one[1]}")
        for one in (*AS_PLANNED, *(fault for fault in FAULTS if fault[1] == "linear"))
    ],
)
def test_what_tracks_the_run_makes_no_difference(cause, name, values, number, file, form, tmp_path):
    rows = range(9, STEPS, 10)
    (tmp_path / file).write_text(form(rows, values(np.array(rows)).tolist()))
    code, pair = held(tmp_path, spec(name), file)
    assert (code, [one["id"] for one in pair["causes"]]) == ((1, [cause]) if cause else (0, []))
    for one in pair["causes"] if number else ():
        assert (one["least"] or one["there"]) <= number <= (one["most"] or one["there"])


SKIPS = [(205, 505, 805), (205, 505, 506, 955), (1, 2, 405, 805), (155, 305)]
"""Updates at which a scheduler stood still."""


@pytest.mark.long
@pytest.mark.parametrize("way", ["each", "float32", "4 digits"])
@pytest.mark.parametrize("skips", SKIPS)
@pytest.mark.parametrize("name", [*WARMED, "annealing"])
def test_each_place_where_it_stood_still_is_named(name, skips, way, tmp_path):
    write(tmp_path, by_and_by(name, *skips), way)
    code, pair = held(tmp_path, spec(name))
    found = [(cause["id"], cause["there"]) for cause in pair["causes"]]
    rows = np.arange(0, STEPS, WAYS[way][0])
    lags = np.searchsorted(skips, rows, side="right")
    stays = np.append(np.diff(rows - lags) != 0, True)  # those of one place are one
    assert (code, found) == (1, [("late", lag) for lag in np.unique(lags[stays]).tolist() if lag])


COSINE = "cosine:num_warmup_steps=10,lr={},steps={}"
LINEAR = "linear:num_warmup_steps=10,lr=5e-4,steps=100"
WARMED_UP = (
    "mmengine.list:lr=0.02,param_scheduler=LinearLR(start_factor=0.1,begin=0,end=10,by_epoch=false),"
    "CosineAnnealingLR(T_max=90,begin=10,end=100,by_epoch=false),steps=100"
)
HALVED = "lambda:lr_lambda=0.5**(epoch//3),lr=0.01,steps=12"
TIMM = "timm.CosineLRScheduler:t_initial=20,lr_min=1e-5,warmup_t=3,warmup_lr_init=1e-4,lr=0.4"
BY_EPOCH = "interval=epoch,epochs=20,steps_per_epoch=25"
YOLO = "lambda:lr_lambda=max(1-epoch/20,0)*0.99+0.01,lr=0.01"
DEEPSPEED = "deepspeed.WarmupDecayLR:warmup_num_steps=10,warmup_max_lr=1e-3,warmup_type=linear,steps=100"
STEPPED = "torch.StepLR:step_size=2,gamma=0.5,lr=1e-3,steps_per_epoch=25,epochs=6,interval=epoch"
BY_LIBRARIES = [
    pytest.param("composer_metrics.csv", COSINE.format("3e-4", 100), 0, id="composer"),
    pytest.param("deepspeed_stdout.txt", DEEPSPEED, 0, id="deepspeed"),
    pytest.param("hf_console_4_49_0.txt", COSINE.format("2e-4", 100), 0, id="console-4.49"),
    pytest.param("hf_console_5_23_0.txt", COSINE.format("2e-4", 100), -1, id="console-5.23"),
    pytest.param("hf_deepspeed_trainer_state.json", COSINE.format("2e-4", 100), 0, id="hf-deepspeed"),
    pytest.param("hf_trainer_state_4_49_0.json", COSINE.format("2e-4", 100), 0, id="state-4.49"),
    pytest.param("hf_trainer_state_5_23_0.json", COSINE.format("2e-4", 100), -1, id="state-5.23"),
    pytest.param(
        "hf_trainer_state_5_23_0.json", "cosine:num_warmup_steps=10,lr=2e-4", -1, id="length of the log"
    ),
    pytest.param("keras_csvlogger.csv", HALVED, 0, id="keras-csv"),
    pytest.param("keras_history.json", HALVED, 0, id="keras-history"),
    pytest.param("lightning_csv.csv", COSINE.format("1e-3", 100), 0, id="lightning"),
    pytest.param("lightning_csv_epoch.csv", STEPPED, 0, id="lightning-epochs"),
    pytest.param("lightning_csv_self_logged.csv", COSINE.format("1e-3", 100), 0, id="lightning-own"),
    pytest.param("megatron_stdout.txt", COSINE.format("3e-4", 100), 0, id="megatron"),
    pytest.param("mlflow_metric_lr", LINEAR, 0, id="mlflow"),
    pytest.param("mmengine_scalars.json", WARMED_UP, -1, id="mmengine"),
    pytest.param("ok_plain.csv", COSINE.format("3e-4", 100), 0, id="table"),
    pytest.param("ok_wandb_export.csv", COSINE.format("3e-4", 100), -1, id="wandb-chart"),
    pytest.param("tensorboard.tfevents", LINEAR, 0, id="tensorboard"),
    pytest.param("timm_summary.csv", f"{TIMM},interval=step,steps=20", 0, id="timm"),
    pytest.param("timm_summary.csv", f"{TIMM},{BY_EPOCH}", 0, id="timm in updates"),
    pytest.param("torchtune_log.txt", COSINE.format("3e-4", 100), 0, id="torchtune"),
    pytest.param("ultralytics_results.csv", f"{YOLO},steps=20", -1, id="ultralytics"),
    pytest.param("ultralytics_results.csv", f"{YOLO},{BY_EPOCH}", -1, id="ultralytics in updates"),
    pytest.param("wandb_offline.wandb", LINEAR, 0, id="wandb-run"),
]


@pytest.mark.parametrize(("log", "plan", "offset"), BY_LIBRARIES)
def test_what_a_library_logs_is_as_planned(log, plan, offset, tmp_path):
    done = run(tmp_path, "diff", plan, str(LOGS / log), "--format", "json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["equal"]) == (0, True)
    assert {pair["log"]["offset"] for pair in found["pairs"]} == {offset}


RESUMED = "fault_resume_more_epochs.json"
BY_FAULTS = [
    pytest.param("fault_stepped_4x.csv", 100, ("speed", 1, 4, None), id="stepped four times"),
    pytest.param("fault_stepped_per_epoch.csv", 100, ("stairs", 1, 25, None), id="stepped once per epoch"),
    pytest.param("fault_wrong_warmup.csv", 100, ("warmup", 10, 3, None), id="warmup"),
    pytest.param("fault_off_by_one.csv", 100, ("shift", 0, 1, None), id="off by one"),
    pytest.param(RESUMED, 100, ("resumed", 100, 200, 51), id="resumed, beside the old plan"),
    pytest.param(RESUMED, 200, ("before", 200, 100, 50), id="resumed, beside the new plan"),
]


@pytest.mark.long
@pytest.mark.parametrize(("log", "steps", "cause"), BY_FAULTS)
def test_what_went_otherwise_is_named(log, steps, cause, tmp_path):
    plan = COSINE.format("3e-4", steps)
    done = run(tmp_path, "diff", plan, str(LOGS / log), "--format", "json")
    ((found,),) = (pair["causes"] for pair in json.loads(done.stdout)["pairs"])
    assert done.returncode == 1
    assert tuple(found[key] for key in ("id", "here", "there", "at")) == cause
    swapped = run(tmp_path, "diff", str(LOGS / log), plan)
    assert f"cause: {found['text']}" in swapped.stdout.splitlines()


@pytest.mark.long
def test_where_nothing_explains_it_the_rows_that_agree_are_said(tmp_path):
    write(tmp_path, curve("linear"))
    done = run(tmp_path, "diff", "cosine:warmup=100,lr=5e-5,steps=1000", "log.csv")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        1,
        "cause: none found; the rows agree up to step 100",
    )


def test_a_part_of_the_run_is_judged_on_its_part(tmp_path):
    write(tmp_path, curve("cosine"), until=300)
    done = run(tmp_path, "diff", spec("cosine"), "log.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert "rows 0 to 299 of 1000 steps: that part is judged" in done.stderr


NAMES_ONE = [
    pytest.param(lambda t: 0 * t + 3e-4, "flat", id="never stepped"),
    pytest.param(lambda t: 0.0 * t, "flat", id="0"),
    pytest.param(
        lambda t: np.where(t < 405, 1, 0.5) * curve("cosine")(t), "peak", id="another LR on the way"
    ),
    pytest.param(lambda t: curve("cosine")(np.where(t < 405, t, t + 50)), "ahead", id="a jump ahead"),
    pytest.param(lambda t: curve("cosine")(np.where(t < 405, t, t - 50)), "behind", id="set back"),
    pytest.param(lambda t: curve("cosine")(np.where(t < 405, t, t - 12)), "behind", id="set back by little"),
    pytest.param(lambda t: curve("cosine")(np.minimum(t, 405)), "flat", id="stopped on the way"),
    pytest.param(curve("floor"), "floor", id="floor"),
    pytest.param(
        lambda t: np.where(t <= 205, curve("cosine")(t), curve("cosine", warmup=400)(t)),
        "warmup",
        id="resumed into another warmup",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize("way", ["each", "some", "4 digits"])
@pytest.mark.parametrize("until", [300, 1001])
def test_a_length_that_nobody_says_is_found(until, way, tmp_path):
    write(tmp_path, curve("cosine"), way, until)
    done = run(tmp_path, "diff", "cosine:warmup=100,lr=3e-4", "log.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert way == "4 digits" or f"steps {STEPS}: nobody says how long the run is" in done.stderr


@pytest.mark.long
@pytest.mark.parametrize(("values", "cause"), NAMES_ONE)
def test_what_else_may_be_is_named(values, cause, tmp_path):
    plan = spec("cosine") if cause != "floor" else spec("floor").replace("1e-5", "1e-4")
    write(tmp_path, values, "6 digits")
    code, pair = held(tmp_path, plan)
    assert (code, [found["id"] for found in pair["causes"]]) == (1, [cause])


def test_two_things_at_once_are_named(tmp_path):
    write(tmp_path, lambda t: 2 * curve("cosine", warmup=200)(t))
    _, pair = held(tmp_path, spec("cosine"))
    assert [found["text"] for found in pair["causes"]] == [
        "another peak: 6e-4, not 3e-4 (times 2)",
        "another warmup: 200 steps, not 100",
    ]


@pytest.mark.parametrize("cell", ["nan", "inf", "-inf"])
def test_a_row_that_is_no_number_is_not_as_planned(cell, tmp_path):
    write(tmp_path, curve("cosine"), "some")
    lines = (tmp_path / "log.csv").read_text().splitlines()
    lines[50] = f"{lines[50].partition(',')[0]},{cell}"
    (tmp_path / "log.csv").write_text("\n".join(lines) + "\n")
    done = run(tmp_path, "diff", spec("cosine"), "log.csv")
    assert done.returncode == 1
    assert f"differs: {cell}, not " in done.stdout
    assert "another schedule" not in done.stderr


@pytest.mark.long
def test_noise_is_not_explained(tmp_path):
    for seed in range(10):
        jitter = np.random.default_rng(seed).uniform(0.9, 1.1, STEPS)
        write(tmp_path, lambda t, jitter=jitter: curve("cosine")(t) * jitter[t])
        code, pair = held(tmp_path, spec("cosine"))
        assert (code, pair["causes"], pair["others"]) == (1, [], [])


def test_the_picture_has_the_log_as_points(tmp_path):
    write(tmp_path, stretched("cosine", 4))
    done = run(tmp_path, "diff", spec("cosine"), "log.csv", "-o", "diff.svg")
    assert done.returncode == 1
    assert "times too fast" in (tmp_path / "diff.svg").read_text(encoding="utf-8")


def test_python_says_the_same(tmp_path):
    write(tmp_path, curve("cosine", warmup=50))
    found = lrviz.diff(spec("cosine"), str(tmp_path / "log.csv"))
    assert (found.equal, found.cause) == (False, "another warmup: 50 steps, not 100")


@pytest.mark.parametrize("digits", [3, 4, 5])
@pytest.mark.parametrize("rows", [4, 10, 50])
def test_zeros_that_a_format_leaves_out_are_no_digits(rows, digits, tmp_path):
    steps = np.linspace(0, STEPS - 1, rows).astype(int)
    lines = [f"{step},{lr:.{digits}g}" for step, lr in zip(steps, curve("cosine")(steps), strict=True)]
    (tmp_path / "log.csv").write_text("\n".join(["step,lr", *lines, ""]))
    assert held(tmp_path, spec("cosine"))[0] == 0
