"""A run that goes on from a checkpoint as another: what the libraries really did, and how it is told.

``resumed_runs.json`` has runs made with the real libraries: optimizer and scheduler built anew, the
optimizer's state loaded, then the scheduler's. ``lrs`` are those of the first updates after it, ``last`` that
of the last one, ``left`` how many there were.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from commands import run

import lrviz
from lrviz.catalogue.registry import catalogue
from lrviz.inputs.foreign.known_trainers import all_trainers
from lrviz.resumption.restored import NOT_RESUMED, OF_TRAINERS, RULES

RUNS = json.loads(Path(__file__).with_name("resumed_runs.json").read_text(encoding="utf-8"))
OLD = "cosine:warmup=5,lr=1e-3,steps=40"
NEW = "cosine:warmup=5,lr=1e-3,steps=80"
MEMBER = "torch.SequentialLR:schedulers=[LinearLR(),{}LR(lr_lambda={})],milestones=5,lr=1,steps=40"
EPOCHS = "linear:warmup=0,lr=1,epochs=4,steps_per_epoch={},interval=step"
STORED = "20 updates done, 60 left: the stored LR, then the new curve on the old base LR"
JUMP = "the LR jumps from 6.113e-4 to 8.918e-4 at step 21, where the old run has 5.671e-4"


@pytest.mark.parametrize("case", [pytest.param(one, id=one["id"]) for one in RUNS])
def test_as_the_library_did(case):
    if not case["left"]:
        with pytest.raises(lrviz.PlanError, match="nothing is left to run"):
            lrviz.resume(case["old"], case["new"], case["at"])
        return
    curve = lrviz.resume(case["old"], case["new"], case["at"])
    line, at, lrs = curve.rows[0].timeline, case["at"], case["lrs"]
    peak = curve.facts.peak
    np.testing.assert_allclose(
        line(np.arange(at, at + len(lrs), dtype=float)), lrs, rtol=0, atol=1e-12 * peak
    )
    assert len(curve) - at == case["left"]
    assert curve.rows[0].ran == case.get("stops", len(curve))
    if "last" in case:
        assert float(line(np.array([len(curve) - 1.0]))[0]) == pytest.approx(case["last"], abs=1e-12 * peak)


def resumed(tmp_path, *words):
    """The first three values at the resume, one column for each curve, by its label."""
    done = run(tmp_path, "values", *words, "--from", "19", "--to", "22", "--format", "csv")
    assert done.returncode == 0, done.stderr
    head, *rows = csv.reader(io.StringIO(done.stdout))
    return {label: [float(row[i]) for row in rows] for i, label in enumerate(head) if i > 1}


CONFIG = '[plan]\nsteps = 40\n[[schedule]]\nname = "cosine"\nwarmup = 5\nlr = 1e-3\n'
SCRIPT = (
    "torchrun --nproc_per_node 1 train.py --output_dir o --lr_scheduler_type cosine --learning_rate 1e-3"
    " --warmup_steps 5 --max_steps {} --per_device_train_batch_size 1\n"
)
WAYS = [
    pytest.param([OLD, NEW], id="two specs"),
    pytest.param([OLD, "--resume", "steps=80"], id="a key in the spec"),
    pytest.param(
        ["cosine", "--warmup", "5", "--lr", "1e-3", "--steps", "40", "--resume", "steps=80"], id="option"
    ),
    pytest.param(["run.toml", "--resume", "steps=80"], id="config"),
    pytest.param(["run.toml", NEW], id="config and spec"),
    pytest.param(["old.sh", "new.sh"], id="launch lines"),
    pytest.param(["old.sh", "--resume", "steps=80"], id="launch line and key"),
    pytest.param(["old.sh", "--resume", "max_steps=80"], id="launch line and its own option"),
    pytest.param(["old.sh", "--resume", "max-steps=80"], id="its own option with dashes"),
]


@pytest.mark.parametrize("words", WAYS)
def test_every_way_to_say_it_is_the_same_run(words, tmp_path):
    (tmp_path / "run.toml").write_text(CONFIG)
    for name, steps in (("old.sh", 40), ("new.sh", 80)):
        (tmp_path / name).write_text(SCRIPT.format(steps))
    found = resumed(tmp_path, *words, "--resume-at", "20")
    assert len(found) == 3
    result, old, new = found.values()
    assert result == [*old[:2], new[2]]
    np.testing.assert_allclose(result, [6.545084971874737e-4, 6.112604669781572e-4, 8.918467286629199e-4])


TWO = "".join(
    [
        "plan.steps = 40\n",
        *(f'[[schedule]]\nname = "{name}"\nwarmup = 5\nlr = 1\n' for name in ("cosine", "linear")),
    ]
)
LABELS = [
    pytest.param(
        [OLD, "--resume", "steps=80"], ["resumed at 20", "cosine:steps=40", "cosine:steps=80"], id="spec"
    ),
    pytest.param(
        ["run.toml", "--resume", "epochs=60"], ["resumed at 20", "cosine", "cosine:epochs=60"], id="config"
    ),
    pytest.param(
        ["run.sh", "--resume", "max_steps=80"],
        ["run.sh resumed at 20", "run.sh", "run.sh:max_steps=80"],
        id="launch line",
    ),
    pytest.param(
        ["two.toml", "--resume", "steps=60"],
        [
            "cosine resumed at 20",
            "linear resumed at 20",
            "cosine",
            "linear",
            "cosine:steps=60",
            "linear:steps=60",
        ],
        id="several of a config",
    ),
    pytest.param(
        [
            "cosine:warmup=5,steps=40,lr=1e-3",
            "linear:warmup=5,steps=40,lr=1e-3",
            "wsd:warmup=5,steps=40,lr=1e-3",
        ],
        ["linear resumed at 20", "wsd resumed at 20", "cosine", "linear", "wsd"],
        id="other schedules",
    ),
]


@pytest.mark.parametrize(("words", "labels"), LABELS)
def test_the_new_run_is_called_by_what_is_new(words, labels, tmp_path):
    (tmp_path / "run.toml").write_text(CONFIG.replace("steps = 40", "epochs = 40\nsteps_per_epoch = 1"))
    (tmp_path / "run.sh").write_text(SCRIPT.format(40))
    (tmp_path / "two.toml").write_text(TWO)
    assert list(resumed(tmp_path, *words, "--resume-at", "20")) == labels


@pytest.mark.parametrize(("command", "count"), [("compare", 3), ("check", 1), ("report", 1)])
def test_who_resumes_too(command, count, tmp_path):
    options = ["--format", "json"] if command != "report" else ["-o", "."]
    expected = [] if command == "compare" else ["--expect", "peak == 1e-3"]
    done = run(tmp_path, command, OLD, NEW, "--resume-at", "20", *options, *expected)
    assert done.returncode == 0, done.stderr
    name = {"compare": None, "check": None, "report": "check.json"}[command]
    found = json.loads((tmp_path / name).read_text(encoding="utf-8") if name else done.stdout)
    curves = found["curves" if command == "compare" else "expectations"]
    assert len(curves) == count
    assert curves[0].get("spec") is None  # none makes it alone


def test_each_of_a_sweep_is_resumed(tmp_path):
    found = resumed(tmp_path, OLD, "cosine:warmup=5,lr=1e-3,steps={60,80}", "--resume-at", "20")
    assert [label for label in found if "resumed" in label] == [
        "resumed at 20:steps=60",
        "resumed at 20:steps=80",
    ]


JOINED = (
    "torch.SequentialLR:schedulers=LinearLR(start_factor=0.1,total_iters=10),LambdaLR(lr_lambda={}),"
    "milestones=10,lr=0.1,steps=60"
)
SAID = [
    pytest.param([OLD, NEW], {"resumed": STORED, "resume-jump": JUMP}, id="stored, then new"),
    pytest.param(
        [OLD, "--resume", "lr=5e-4"],
        {"resumed": "20 updates done, 20 left", "resume-ignores": "lr=5e-4 changes nothing"},
        id="the base LR stays",
    ),
    pytest.param(
        ["torch.CosineAnnealingLR:T_max=40,lr=1e-3,steps=60", "--resume", "T_max=60", "--resume", "lr=5e-4"],
        {
            "resumed": "20 updates done, 40 left: all values",
            "resume-ignores": "lr=5e-4, T_max=60 change nothing",
        },
        id="old values come back",
    ),
    pytest.param(
        [OLD, "--resume", "warmup=5"], {"resumed": "20 updates done, 20 left"}, id="nothing changes"
    ),
    pytest.param(
        ["StepLR:step_size=21,gamma=0.5,lr=1e-3,steps=60", "--resume", "gamma=0.1"],
        {"resumed": "20 updates done", "resume-ignores": "gamma=0.1 changes nothing"},
        id="it comes down there anyway",
    ),
    pytest.param(
        [JOINED.format("0.9**epoch"), JOINED.format("0.99**epoch")],
        {"resumed": "20 updates done", "resume-jump": "the LR jumps from 0.03487 to 0.08953 at step 21"},
        id="a function inside another scheduler is the new one",
    ),
]


@pytest.mark.parametrize(("words", "texts"), SAID)
def test_what_is_said(words, texts, tmp_path):
    done = run(tmp_path, "show", *words, "--resume-at", "20", "--format", "json")
    found = {
        one["id"]: one["text"]
        for one in json.loads(done.stdout)["findings"]
        if one["id"].startswith("resume")
    }
    assert found.keys() == texts.keys()
    assert all(text in found[name] for name, text in texts.items()), found


def test_only_the_resumed_run_is_judged(tmp_path):
    words = [OLD, NEW, "--resume-at", "20", "--format", "json", "--expect", "no jump > 10%"]
    document = json.loads(run(tmp_path, "check", *words).stdout)
    assert [one["label"] for one in document["expectations"]] == ["resumed at 20"]
    assert not document["passes"]


REFUSED = [
    pytest.param([OLD, NEW, "--resume-at", "0"], "after 1 to 40 updates", id="no update done"),
    pytest.param([OLD, NEW, "--resume-at", "41"], "after 1 to 40 updates", id="beyond the old run"),
    pytest.param(
        [OLD, "cosine:lr=1e-3,steps=20", "--resume-at", "20"], "nothing is left to run", id="nothing left"
    ),
    pytest.param([OLD, NEW, "--resume-at", "soon"], "not a duration", id="no step"),
    pytest.param([OLD, "--resume-at", "20"], "nothing says what the resumed run is", id="no new run"),
    pytest.param([OLD, "--resume", "steps=60"], "no checkpoint to go on from", id="no checkpoint"),
    pytest.param(
        [OLD, "--resume", "steps", "--resume-at", "9"], "--resume steps has no value", id="no value"
    ),
    pytest.param(
        [OLD, NEW, "--resume", "steps=9", "--resume-at", "9"], "leave one of them out", id="said twice"
    ),
    pytest.param([OLD, "--resume", "stesp=9", "--resume-at", "9"], "did you mean steps=9?", id="no key"),
    pytest.param(
        [OLD, "--resume", "lr=1", "--resume", "warmupp=9", "--resume-at", "9"],
        "did you mean warmup=9?",
        id="no key, and what it may mean is said by the old run",
    ),
    pytest.param(
        [
            "torch.StepLR:step_size=9,lr=1,steps=40",
            "torch.ExponentialLR:gamma=0.9,lr=1,steps=40",
            "--resume-at",
            "9",
        ],
        "the state of torch.StepLR",
        id="another class",
    ),
    pytest.param(
        [MEMBER.format("Multiplicative", "0.9"), MEMBER.format("Multiplicative", "0.8"), "--resume-at", "9"],
        "keep the functions",
        id="a function inside",
    ),
    pytest.param(
        [OLD, "cosine:lr=[1e-3,1e-4],steps=60", "--resume-at", "9"], "1 and 2 param groups", id="other groups"
    ),
    pytest.param([OLD, "cosine:lr=0,steps=60", "--resume-at", "9"], "tells no factor", id="base LR of 0"),
]


FRAMEWORKS = sorted({one.framework.name for one in catalogue().values()})


@pytest.mark.parametrize("name", [*FRAMEWORKS, "own"])
def test_every_framework_has_a_rule_or_a_reason(name):
    assert (name in {*RULES, *OF_TRAINERS}) != (name in NOT_RESUMED)


def test_every_rule_and_reason_is_of_something():
    ids = {one.id for one in catalogue().values()}
    trainers = {one.name.lower() for one in all_trainers()}
    assert {*RULES, *OF_TRAINERS, *NOT_RESUMED} <= {*FRAMEWORKS, "own", *ids, *trainers}


@pytest.mark.parametrize(("words", "text"), REFUSED)
def test_refused(words, text, tmp_path):
    done = run(tmp_path, "show", *words)
    assert done.returncode == 2, done.stdout
    assert text in done.stderr
    assert "hint: " in done.stderr


def test_keras_trains_the_epochs_that_are_left():
    old, new = (f"keras.CosineDecay:decay_steps=90,lr=1.0,epochs=4,steps_per_epoch={n}" for n in (10, 20))
    curve = lrviz.resume(old, new, "2ep")
    assert len(curve) == 2 * 10 + 2 * 20
    assert curve.lr.tolist() == lrviz.evaluate("keras.CosineDecay:decay_steps=90,lr=1.0,steps=60").lr.tolist()


def test_timm_counts_the_epochs_that_are_done_in_new_steps():
    name = "timm.CosineLRScheduler:t_initial=40,t_in_epochs=false,trainer=timm"
    old, new = f"{name},lr=0.1,epochs=4,steps_per_epoch=10", f"{name},lr=0.2,epochs=8,steps_per_epoch=5"
    curve = lrviz.resume(old, new, "2ep")
    assert len(curve) == 20 + 6 * 5
    expected = 0.05 * (1 + np.cos(np.pi * (10 + np.arange(30)) / 40))  # on the base LR in the loaded groups
    np.testing.assert_allclose(curve.lr[20:], expected, rtol=0, atol=1e-12)


NEW_AT_ONCE = [
    pytest.param("torchtune.get_cosine_schedule_with_warmup:num_warmup_steps=0", "", 1.0, id="torchtune"),
    pytest.param("cosine:warmup=0", ",trainer=torchtune", 1.0, id="a recipe of torchtune"),
    pytest.param("onetrainer.COSINE_WITH_HARD_RESTARTS:warmup=0", "", 2.0, id="OneTrainer"),
    pytest.param("optax.cosine_decay_schedule:alpha=0", "", 2.0, id="a function of the step"),
    pytest.param("keras.CosineDecay:alpha=0", "", 2.0, id="a function of the iterations"),
    pytest.param("olmo_core.CosWithWarmup:warmup=0,alpha_f=0", "", 2.0, id="set at each step"),
]


@pytest.mark.parametrize(("spec", "more", "base"), NEW_AT_ONCE)
def test_the_new_curve_at_once(spec, more, base):
    curve = lrviz.resume(f"{spec},lr=1.0,steps=40{more}", f"{spec},lr=2.0,steps=80{more}", 20)
    expected = base * 0.5 * (1 + np.cos(np.pi * np.arange(20, 30) / 80))
    np.testing.assert_allclose(curve.lr[20:30], expected, rtol=1e-6)


def test_a_scheduler_that_is_called_before_its_update_uses_no_stored_lr():
    curve = lrviz.resume(f"{OLD},lead=1", f"{NEW},lead=1", 20)
    assert curve.lr[[19, 20]].tolist() == [lrviz.evaluate(OLD).lr[20], lrviz.evaluate(NEW).lr[21]]


HELD = [
    pytest.param([OLD, "--resume", "steps=80"], 1.0, 0, "", id="as the resume is planned"),
    pytest.param([OLD, NEW], 1.0, 0, "", id="as a second word plans it"),
    pytest.param([OLD, NEW], 0.5, 1, "another peak from step 50 on: 5e-4, not 1e-3", id="otherwise later"),
    pytest.param(
        [OLD, "--resume", "steps=60"],
        1.0,
        1,
        "cause: none found; the rows agree up to step 20",
        id="as another length",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(("words", "factor", "code", "text"), HELD)
def test_a_log_is_held_against_the_resumed_run(words, factor, code, text, tmp_path):
    lrs = lrviz.resume(OLD, NEW, 20).lr * np.where(np.arange(80) < 50, 1.0, factor)
    rows = [f"{step},{lr:.8g}" for step, lr in enumerate(lrs)]
    (tmp_path / "log.csv").write_text("\n".join(["step,lr", *rows, ""]))
    plan = [word for word in words if ":" in word]
    done = run(tmp_path, "diff", *plan, "log.csv", *words[len(plan) :], "--resume-at", "20")
    assert done.returncode == code, done.stderr
    assert text in done.stdout


NOT_HELD = [
    pytest.param([OLD, "log.csv"], "nothing says what the resumed run is", id="no new run"),
    pytest.param([OLD, "--resume", "steps=80"], "two sides are compared, not 1", id="no log"),
    pytest.param(["log.csv", OLD, "--resume", "steps=80"], "a log, and no schedule", id="the log first"),
    pytest.param([OLD, NEW, "log.csv", "log.csv"], "two sides are compared, not 4", id="two logs"),
]


@pytest.mark.parametrize(("words", "text"), NOT_HELD)
def test_a_resume_needs_a_plan_and_a_log(words, text, tmp_path):
    (tmp_path / "log.csv").write_text("step,lr\n0,1e-3\n1,1e-3\n")
    done = run(tmp_path, "diff", *words, "--resume-at", "20")
    assert (done.returncode, done.stdout) == (2, "")
    assert text in done.stderr


def test_a_picture_has_all_three(tmp_path):
    done = run(tmp_path, "plot", OLD, NEW, "--resume-at", "20", "-o", "lr.svg")
    assert done.returncode == 0
    assert (tmp_path / "lr.svg").exists()
    assert "resumed at 20: 80 steps" in done.stderr
