"""``lrviz identify``: the schedule that made a log is found, with the numbers that people chose."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from commands import LOGS, run

import lrviz

RISE, BRIEF = (f"LinearLR(start_factor=0.1,total_iters={ticks})" for ticks in (100, 9))
MADE = [
    "constant:lr=3e-4",
    "constant_with_warmup:warmup=100,lr=3e-4",
    "linear:warmup=100,steps=1000,lr=5e-5",
    "linear:warmup=3,steps=1000,lr=5e-5",
    "linear:warmup=0,steps=1000,lr=5e-5",
    "cosine:warmup=100,steps=1000,lr=3e-4",
    "cosine:warmup=0,steps=1000,lr=0.1",
    "cosine_with_restarts:warmup=100,steps=1000,lr=3e-4,num_cycles=3",
    "polynomial:warmup=100,steps=1000,power=2.0,lr=3e-4",
    "polynomial:warmup=0,steps=1000,power=0.5,lr=3e-4,min_lr=1e-5",
    "inverse_sqrt:warmup=100,lr=3e-4",
    "cosine_with_min_lr:warmup=100,steps=1000,lr=3e-4,min_lr=3e-5",
    "cosine_warmup_with_min_lr:warmup=100,steps=1000,lr=3e-4,min_lr=3e-5",
    "cosine_warmup_with_min_lr:warmup=100,steps=1000,lr=3e-4,min_lr=3e-5,warmup_lr_rate=0.2",
    "wsd:warmup=100,steps=1000,num_decay_steps=200,lr=3e-4,decay_type=cosine",
    "wsd:warmup=100,steps=1000,num_decay_steps=200,lr=3e-4,min_lr_ratio=0.1,decay_type=linear",
    "wsd:warmup=100,steps=1000,num_decay_steps=200,lr=3e-4,decay_type=1-sqrt",
    "wsd:warmup=100,steps=1000,num_decay_steps=200,lr=3e-4,warmup_type=cosine,decay_type=linear",
    "wsd:warmup=100,steps=1000,num_decay_steps=200,lr=3e-4,min_lr_ratio=0.1,warmup_type=1-sqrt,decay_type=linear",
    "step:step_size=300,gamma=0.1,lr=0.1",
    "multistep:milestones=300,800,gamma=0.1,lr=0.1",
    "exponential:gamma=0.995,lr=0.1",
    "cosine_annealing:T_max=1000,lr=0.1,eta_min=1e-3",
    "warm_restarts:T_0=100,T_mult=2,lr=0.1",
    "warm_restarts:T_0=250,T_mult=1,lr=0.1,eta_min=1e-4",
    "torch.PolynomialLR:total_iters=1000,power=0.9,lr=0.1",
    "torch.LinearLR:total_iters=200,lr=0.1,start_factor=0.1",
    "torch.LinearLR:total_iters=1000,lr=0.1,end_factor=0.01,start_factor=1.0",
    "torch.ConstantLR:total_iters=200,lr=0.1,factor=0.5",
    "onecycle:steps=1000,pct_start=0.3,lr=0.1",
    "onecycle:steps=1000,pct_start=0.2,lr=0.1,div_factor=10.0,final_div_factor=100.0",
    "onecycle:steps=1000,pct_start=0.3,lr=0.1,anneal_strategy=linear",
    "cyclic:step_size_up=100,lr=0.01,base_lr=1e-3",
    "cyclic:step_size_up=100,lr=0.01,base_lr=1e-3,mode=triangular2",
    f"torch.SequentialLR:lr=1e-3,schedulers={RISE},CosineAnnealingLR(T_max=900),milestones=[100]",
    f"torch.SequentialLR:lr=1e-3,schedulers={RISE},CosineAnnealingLR(T_max=900,eta_min=1e-5),milestones=[100]",
    f"torch.SequentialLR:lr=1e-3,schedulers={RISE},ExponentialLR(gamma=0.999),milestones=[100]",
    f"torch.SequentialLR:lr=1e-3,schedulers={RISE},StepLR(step_size=300,gamma=0.1),milestones=[100]",
    f"torch.SequentialLR:lr=1e-3,schedulers={RISE},PolynomialLR(total_iters=900,power=2.0),milestones=[100]",
    "nanogpt.get_lr:warmup=100,steps=1000,lr=6e-4,min_lr=3e-5",
    "torch.SequentialLR:lr=1e-3,schedulers=ConstantLR(factor=1.0,total_iters=100),ExponentialLR(gamma=0.995),milestones=[100]",
    "torch.SequentialLR:lr=1e-3,schedulers=ConstantLR(factor=0.1,total_iters=100),ExponentialLR(gamma=0.999),milestones=[100]",
    f"torch.SequentialLR:lr=1e-3,schedulers={RISE},CosineAnnealingWarmRestarts(T_0=300,T_mult=1),milestones=[100]",
    "onecycle:steps=1000,pct_start=0.3,lr=0.1,three_phase=true",
    "fairseq.inverse_sqrt:warmup=100,lr=5e-4,warmup_init_lr=1e-7",
    "cyclic:step_size_up=100,gamma=0.998,lr=0.01,base_lr=1e-3,mode=exp_range",
    "timm.CosineLRScheduler:warmup=100,steps=1000,lr=1e-3,warmup_lr_init=1e-6,min_lr=1e-5,interval=step",
    "deepspeed.WarmupDecayLR:warmup=100,steps=1000,lr=1e-3",
    "deepspeed.WarmupCosineLR:warmup=100,steps=1000,lr=1e-3",
    "deepspeed.WarmupLR:warmup=100,lr=1e-3",
    "keras.ExponentialDecay:decay_rate=0.8,lr=0.01,decay_steps=1000",
    "optax.warmup_exponential_decay_schedule:warmup=100,decay_rate=0.5,lr=1e-3,transition_steps=500,warmup_start=0.0",
    "onecycle:steps=1000,pct_start=0.3,lr=0.1,anneal_strategy=linear,three_phase=true",
    "keras.InverseTimeDecay:decay_rate=2.5e-3,lr=0.1,decay_steps=1",
    "keras.PolynomialDecay:decay_steps=300,power=2.0,lr=0.1,end_learning_rate=1e-4,cycle=true",
    "keras.CosineDecayRestarts:first_decay_steps=100,m_mul=0.8,lr=0.1,t_mul=2.0",
    "keras.CosineDecayRestarts:first_decay_steps=200,m_mul=0.5,lr=0.1,alpha=0.01,t_mul=1.0",
    "fairseq.cosine:warmup=100,lr_period_updates=300,lr_shrink=0.5,lr=0.1,min_lr=0.01,t_mult=2.0",
    "timm.TanhLRScheduler:warmup=100,steps=1000,lr=0.1,min_lr=1e-5,interval=step",
    "timm.TanhLRScheduler:warmup=100,steps=1000,lr=0.1,interval=step,warmup_prefix=true",
    "points:points=0:0.0,100:0.1,600:0.02,1000:0.0",
    "axolotl.cosine_quadratic_warmup:warmup=100,steps=1000,lr=1e-3",
    "axolotl.RexLR:warmup=100,steps=1000,lr=1e-3",
]


def rates(spec, steps=1000):
    length = "" if ",steps=" in spec or ":steps=" in spec else f",steps={steps}"
    return lrviz.evaluate(spec + length).lr


def write(path, values, places, digits):
    rows = [f"{place},{value:.{digits - 1}e}" for place, value in zip(places, values, strict=True)]
    path.write_text("\n".join(["step,lr", *rows, ""]))
    return str(path)


def identify(folder, log, *options):
    done = run(folder, "identify", log, "--format", "json", *options)
    assert done.returncode in {0, 1}, done.stderr
    found = json.loads(done.stdout)
    assert found["identified"] == (done.returncode == 0) == bool(found["candidates"])
    return found


def curves(found):
    """The specs of each candidate, those of the same curve beside it."""
    return [(one["spec"], *one["same_curve"]) for one in found["candidates"]]


@pytest.mark.long
@pytest.mark.parametrize(("every", "digits"), [(10, 17), (7, 5)])
@pytest.mark.parametrize("spec", MADE)
def test_the_schedule_that_made_a_log_is_found(spec, every, digits, tmp_path):
    places = np.arange(0, 1000, every)
    log = write(tmp_path / "log.csv", rates(spec)[places], places, digits)
    assert spec in curves(identify(tmp_path, log))[0]


AHEAD = [
    pytest.param("polynomial:warmup=100,steps=4000,lr=3e-4,min_lr=1e-6", 7, id="a-floor-that-is-not-seen"),
    pytest.param(
        "megatron.OptimizerParamScheduler:warmup=200,steps=6000,lr=3e-4,min_lr=3e-5", 7, id="of-others"
    ),
    pytest.param(
        "deepspeed.WarmupDecayLR:warmup=300,steps=6000,lr=1e-3,warmup_type=linear", 7, id="late-itself"
    ),
    pytest.param("warm_restarts:T_0=4000,T_mult=1,lr=0.05", 4, id="restarts-in-few-digits"),
    pytest.param("exponential:gamma=0.9995,lr=0.01", 5, id="a-factor-in-few-digits"),
    pytest.param("keras.ExponentialDecay:decay_rate=0.9,lr=0.01,decay_steps=2000", 5, id="of-many-steps"),
]


@pytest.mark.long
@pytest.mark.parametrize(("spec", "digits"), AHEAD)
def test_a_schedule_is_found_where_the_logger_is_one_ahead(spec, digits, tmp_path):
    values = rates(spec, 6000)
    places = np.arange(10, values.size, 10)
    log = write(tmp_path / "log.csv", values[places - 1], places, digits)
    first, *_ = identify(tmp_path, log)["candidates"]
    assert spec in (first["spec"], *first["same_curve"])
    assert first["offset"] == -1


@pytest.mark.long
def test_a_fall_that_ends_before_its_log_is_found(tmp_path):
    places = np.arange(0, 1000, 10)
    values = rates("keras.CosineDecay:decay_steps=800,lr=1e-3,alpha=0.05,steps=1000")[places]
    found = identify(tmp_path, write(tmp_path / "log.csv", values, places, 7))
    assert "nanogpt.get_lr:steps=800,warmup=0,lr=1e-3,min_lr=5e-5" in curves(found)[0]


@pytest.mark.long
@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_the_offset_of_a_logger_is_found(offset, tmp_path):
    places = np.arange(20, 980, 20)
    spec = "linear:warmup=100,steps=1000,lr=3e-4"
    log = write(tmp_path / "log.csv", rates(spec)[places + offset], places, 6)
    first = identify(tmp_path, log)["candidates"][0]
    assert (first["spec"], first["offset"]) == (spec, offset)


FEW_DIGITS = [
    pytest.param("cosine:warmup=1000,steps=10000,lr=6e-4", 1, id="each-row-as-large-as-the-one-before"),
    pytest.param("onecycle:steps=12500,pct_start=0.3,lr=6e-4", 5, id="a-share-of-many-steps"),
    pytest.param("inverse_sqrt:warmup=10,lr=1.5e-4", 5, id="a-short-warmup"),
    pytest.param("warm_restarts:T_0=71,T_mult=1,lr=0.1", 10, id="restarts-between-rows"),
]


@pytest.mark.long
@pytest.mark.parametrize(("spec", "every"), FEW_DIGITS)
def test_few_digits_are_enough_where_the_logger_is_one_ahead(spec, every, tmp_path):
    places = np.arange(every, 10000 if "12500" not in spec else 12500, every)
    log = write(tmp_path / "log.csv", rates(spec, 12500)[places - 1], places, 4)
    found = identify(tmp_path, log)
    assert spec in curves(found)[0]
    assert found["candidates"][0]["offset"] == -1


ROUNDER = [
    pytest.param("optax.cosine_onecycle_schedule:transition_steps=1000,pct_start=0.3,lr=0.1", id="a cycle"),
    pytest.param("fairseq.tri_stage:warmup_steps=100,hold_steps=400,decay_steps=500,lr=0.1", id="stages"),
]


@pytest.mark.long
@pytest.mark.parametrize("spec", ROUNDER)
def test_the_rounder_numbers_come_first(spec, tmp_path):
    places = np.arange(0, 1000, 5)
    log = write(tmp_path / "log.csv", rates(spec)[places], places, 10)
    assert identify(tmp_path, log)["candidates"][0]["spec"] == spec


PARTS = [
    pytest.param("linear:warmup=100,steps=1000,lr=3e-4", 300, id="a-slope-tells-the-total"),
    pytest.param("cosine:warmup=100,steps=1000,lr=3e-4", 400, id="a-part-of-a-wave"),
    pytest.param("inverse_sqrt:warmup=100,lr=3e-4", 300, id="a-part-of-a-root"),
]


@pytest.mark.long
@pytest.mark.parametrize(("spec", "end"), PARTS)
def test_a_part_of_a_run_is_enough(spec, end, tmp_path):
    places = np.arange(0, end, 10)
    found = identify(tmp_path, write(tmp_path / "log.csv", rates(spec)[places], places, 6))
    assert spec in curves(found)[0]


def test_a_rise_alone_is_told_to_be_of_several(tmp_path):
    places = np.arange(0, 60, 5)
    values = rates("cosine:warmup=100,steps=1000,lr=3e-4")[places]
    found = identify(tmp_path, write(tmp_path / "log.csv", values, places, 6), "--top", "99")
    names = {spec.partition(":")[0] for each in curves(found) for spec in each}
    assert {"linear", "cosine", "constant_with_warmup", "inverse_sqrt"} <= names
    assert {(one["key"], one["high"]) for each in found["candidates"] for one in each["ranges"]} >= {
        ("steps", None)
    }
    assert found["seen"][-1].startswith("is not seen")
    parting = [one["parts_at"] for one in found["candidates"][1:]]
    assert all(at is None or at > 55 for at in parting)


@pytest.mark.long
def test_a_known_length_is_kept_to(tmp_path):
    places = np.arange(0, 300, 10)
    values = rates("linear:warmup=100,steps=1000,lr=3e-4")[places]
    log = write(tmp_path / "log.csv", values, places, 6)
    for steps in ("1000", "1k"):
        assert identify(tmp_path, log, "--steps", steps)["candidates"][0]["spec"].startswith("linear:")
    found = identify(tmp_path, log, "--steps", "500", "--top", "99")
    assert not any(
        "steps=1000" in spec or spec.startswith("linear:") for each in curves(found) for spec in each
    )


NOISE = np.random.default_rng(1)
NOTHING = [
    pytest.param(np.zeros(100), id="zeros"),
    pytest.param(-np.linspace(0, 1e-3, 100), id="below-0"),
    pytest.param(0.05 * np.cos(0.1 + 0.12 * (np.arange(100) // 9)), id="levels-of-no-round-LR"),
    pytest.param(NOISE.uniform(1e-4, 2e-4, 100), id="noise"),
    pytest.param(np.linspace(1e-3, 0, 100) * (1 + 1e-3 * NOISE.normal(size=100)), id="a-noisy-line"),
    pytest.param(np.concatenate([rates("cosine:warmup=9,steps=100,lr=1", 100)[:50]] * 2), id="begun-anew"),
    pytest.param(
        np.where(np.arange(100) == 50, 2, rates("cosine:warmup=9,steps=100,lr=1", 100)), id="an-outlier"
    ),
]


@pytest.mark.long
@pytest.mark.parametrize("values", NOTHING)
def test_nothing_is_fitted_to_what_no_schedule_makes(values, tmp_path):
    found = identify(tmp_path, write(tmp_path / "log.csv", values, np.arange(100), 8))
    assert found["candidates"] == []
    assert found["seen"]


OF_TRAINERS = [
    ("composer_metrics.csv", "composer.CosineAnnealingWithWarmupScheduler:warmup=10,steps=100,lr=3e-4", 0),
    ("deepspeed_stdout.txt", "deepspeed.WarmupDecayLR:warmup=10,steps=100,lr=1e-3,warmup_type=linear", 0),
    ("fault_off_by_one.csv", "cosine:warmup=10,steps=100,lr=3e-4", 1),
    ("fault_wrong_warmup.csv", "cosine:warmup=3,steps=100,lr=3e-4", 0),
    ("hf_console_4_49_0.txt", "cosine:warmup=10,steps=100,lr=2e-4", 0),
    ("hf_console_5_23_0.txt", "cosine:warmup=10,steps=100,lr=2e-4", -1),
    ("hf_trainer_state_4_49_0.json", "cosine:warmup=10,steps=100,lr=2e-4", 0),
    ("hf_trainer_state_5_23_0.json", "cosine:warmup=10,steps=100,lr=2e-4", -1),
    ("hf_deepspeed_trainer_state.json", "cosine:warmup=10,steps=100,lr=2e-4", 0),
    ("keras_csvlogger.csv", "step:step_size=3,gamma=0.5,lr=0.01", 0),
    ("keras_history.json", "step:step_size=3,gamma=0.5,lr=0.01", 0),
    ("lightning_csv.csv", "cosine:warmup=10,steps=100,lr=1e-3", 0),
    ("lightning_csv_epoch.csv", "step:step_size=50,gamma=0.5,lr=1e-3", 0),
    ("lightning_csv_self_logged.csv", "cosine:warmup=10,steps=100,lr=1e-3", 0),
    (
        "megatron_stdout.txt",
        "megatron.OptimizerParamScheduler:warmup=10,steps=100,lr=3e-4,lr_decay_style=cosine",
        0,
    ),
    ("mlflow_metric_lr", "linear:warmup=10,steps=100,lr=5e-4", 0),
    (
        "mmengine_scalars.json",
        f"torch.SequentialLR:lr=0.02,schedulers={BRIEF},CosineAnnealingLR(T_max=90),milestones=[10]",
        -1,
    ),
    ("ok_plain.csv", "cosine:warmup=10,steps=100,lr=3e-4", 0),
    ("ok_wandb_export.csv", "cosine:warmup=10,steps=100,lr=3e-4", -1),
    ("tensorboard.tfevents", "linear:warmup=10,steps=100,lr=5e-4", 0),
    (
        "timm_summary.csv",
        "timm.CosineLRScheduler:warmup=3,steps=20,lr=0.4,warmup_lr_init=1e-4,min_lr=1e-5,interval=step",
        0,
    ),
    ("torchtune_log.txt", "torchtune.get_cosine_schedule_with_warmup:warmup=10,steps=100,lr=3e-4", 0),
    (
        "ultralytics_results.csv",
        "torch.LinearLR:total_iters=20,lr=0.01,end_factor=0.01,start_factor=1.0",
        -1,
    ),
    ("wandb_offline.wandb", "linear:warmup=10,steps=100,lr=5e-4", 0),
]


@pytest.mark.long
@pytest.mark.parametrize(("name", "spec", "offset"), OF_TRAINERS, ids=[row[0] for row in OF_TRAINERS])
def test_logs_of_trainers_are_identified(name, spec, offset, tmp_path):
    first = identify(tmp_path, str(LOGS / name))["candidates"][0]
    assert (first["spec"], first["offset"]) == (spec, offset)


def test_stairs_may_be_of_a_metric(tmp_path):
    """No log of the LR tells when a metric stopped improving."""
    spec = "plateau:factor=0.1,patience=20,lr=0.1,metric=constant"
    log = write(tmp_path / "log.csv", rates(spec, 100), np.arange(100), 6)
    assert identify(tmp_path, log)["may_follow_a_metric"]
    assert "moves on a metric" in run(tmp_path, "identify", log).stdout


@pytest.mark.long
@pytest.mark.parametrize("spec", MADE[4:7])
def test_what_is_said_can_be_pasted_back(spec, tmp_path):
    places = np.arange(0, 1000, 10)
    found = identify(tmp_path, write(tmp_path / "log.csv", rates(spec)[places], places, 17))
    for one in [spec for each in curves(found) for spec in each]:
        assert run(tmp_path, "show", one, "--steps", "1000").returncode == 0


@pytest.mark.long
@pytest.mark.parametrize("layout", ["text", "json", "csv"])
def test_quiet_leaves_out_the_notes_alone(layout, tmp_path):
    write(tmp_path / "log.csv", rates(MADE[0])[:50], np.arange(50), 17)
    told = [run(tmp_path, "identify", "log.csv", "--format", layout, *more) for more in ((), ("-q",))]
    assert told[0].stdout == told[1].stdout != ""
    assert told[1].stderr == ""


PLACES = [
    pytest.param(np.arange(0, 1000, 10), {}, id="a whole run"),
    pytest.param(np.arange(300), {"steps": 1000}, id="a part of a run whose length is known"),
    pytest.param(np.arange(0, 1000, 10), {"steps": np.int64(1000)}, id="a number of numpy"),
]


@pytest.mark.long
@pytest.mark.parametrize(("places", "known"), PLACES)
@pytest.mark.parametrize("kind", [str, Path])
def test_python_has_what_the_command_prints(kind, places, known, tmp_path):
    log = write(tmp_path / "log.csv", rates(MADE[2])[places], places, 17)
    found = lrviz.identify(kind(log), **known)
    options = [word for key, value in known.items() for word in (f"--{key}", str(value))]
    assert repr(found) == run(tmp_path, "identify", log, *options).stdout.rstrip("\n")
    assert lrviz.evaluate(found.candidates[0].spec).first_difference(lrviz.evaluate(MADE[2])) is None


@pytest.mark.long
def test_python_has_no_candidate_of_what_no_schedule_makes(tmp_path):
    found = lrviz.identify(write(tmp_path / "log.csv", np.sin(np.arange(40.0)) + 2, np.arange(40), 17))
    assert found.candidates == ()
    assert "nothing that is looked for reproduces it" in repr(found)


@pytest.mark.long
def test_of_several_learning_rates_it_says_which(tmp_path):
    (tmp_path / "log.csv").write_text("step,lr_body,lr_head\n" + "".join(f"{i},0.1,1.0\n" for i in range(20)))
    done = run(tmp_path, "identify", "log.csv")
    assert done.returncode == 0
    assert "note: lr_body alone is looked at, not lr_head" in done.stderr
    (way,) = [line for line in done.stderr.splitlines() if line.startswith("hint: ")]
    other = run(tmp_path, *way.removeprefix("hint: lrviz ").split())
    assert (other.returncode, other.stderr) == (0, "")
    assert "constant:lr=1" in other.stdout


HOSTILE = [
    pytest.param(rates("olmo_core.ExponentialScheduler:lr=0.03", 300), id="a fall over many decades"),
    pytest.param(np.repeat([1e-3, 1e-4, 0.0], [40, 30, 30]), id="stairs to 0"),
    pytest.param(
        np.r_[np.linspace(0, 1, 9), np.repeat([1, 0.1, 0.0], [31, 30, 30])], id="a rise before them"
    ),
]


@pytest.mark.long
@pytest.mark.parametrize("values", HOSTILE)
def test_no_curve_ends_the_search(values, tmp_path):
    """An answer is given of every curve, be it none."""
    assert identify(tmp_path, write(tmp_path / "log.csv", values, np.arange(len(values)), 10))["seen"]


OWN_FIRST = [
    pytest.param("mmengine.PolyLR:steps=200,lr=0.1,min_lr=1e-4,power=0.9,interval=step", id="a polynomial"),
    pytest.param("mmengine.CosineAnnealingLR:steps=200,lr=0.1,min_lr=1e-3,interval=step", id="a cosine"),
]


@pytest.mark.parametrize("spec", OWN_FIRST)
def test_the_framework_that_writes_a_log_is_named_first(spec, tmp_path):
    """At the offset that it writes."""
    values = lrviz.evaluate(spec).lr[9::10]
    line = "2026/11/27 17:16:38 - mmengine - INFO - Iter(train) [{:3}/200]  lr: {:.4e}  time: 0.1\n"
    lines = (line.format(10 * row + 10, value) for row, value in enumerate(values))
    (tmp_path / "a.log").write_text("".join(lines))
    first = identify(tmp_path, "a.log")["candidates"][0]
    assert (first["spec"], first["offset"]) == (spec, -1)
