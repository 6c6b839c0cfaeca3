"""``lrviz check``: what is expected of a curve, what is, and the exit code that says whether they agree."""

from __future__ import annotations

import json
import re

import pytest
from commands import run

import lrviz
from lrviz.checks.judges import JUDGES
from lrviz.checks.measures import MEASURES
from lrviz.checks.outcomes import outcomes_of
from lrviz.notation.expectation import Claim
from lrviz.notation.expectation_parser import parse_expectation
from lrviz.notation.fact import FACTS

COSINE = ("cosine:warmup=20,lr=1e-3", "--steps", "200", "--steps-per-epoch", "50")
RESTARTS = ("cosine_with_restarts:num_cycles=3,warmup=0,lr=1", "--steps", "90")
STEP = ("torch.StepLR:step_size=30,lr=1", "--steps", "90")
MEGATRON = ("megatron.OptimizerParamScheduler:lr=1,warmup=20", "--steps", "90")
ONECYCLE = ("torch.OneCycleLR:max_lr=1,total_steps=50", "--steps", "90", "--lr", "1")
GROWS = ("torch.ExponentialLR:gamma=2,lr=1", "--steps", "1100")
LONG_STAIRS = ("torch.StepLR:step_size=2,gamma=0.9999,lr=1", "--steps", "1e5")


def judged(folder, words, *expected):
    done = run(folder, "check", *words, *(word for text in expected for word in ("--expect", text)))
    assert done.returncode in {0, 1}, done.stderr
    *lines, _ = done.stdout.splitlines()
    assert done.returncode == int(any(line.startswith("FAIL") for line in lines))
    return lines


ANSWERS = [
    (COSINE, "total == 200", "ok", "total is 200"),
    (COSINE, "total == 4ep", "ok", "total is 200 (4ep is 200)"),
    (COSINE, "total != 200", "FAIL", "total is 200"),
    (COSINE, "steps_per_epoch == 50", "ok", "steps_per_epoch is 50"),
    (STEP, "steps_per_epoch == 50", "FAIL", "steps_per_epoch is unknown in this plan"),
    (COSINE, "warmup == 20", "ok", "warmup is 20"),
    (COSINE, "warmup == 10%", "ok", "warmup is 20 (10% is 20)"),
    (COSINE, "warmup between 1% and 5%", "FAIL", "warmup is 20 (1% is 2, 5% is 10)"),
    (STEP, "warmup == 0", "ok", "warmup is 0"),
    (MEGATRON, "warmup == 20", "ok", "warmup is 20"),
    (COSINE, "peak == 1e-3", "ok", "peak is 1e-3 at step 20"),
    (COSINE, "peak <= 1e-3", "ok", "peak is 1e-3 at step 20"),
    (COSINE, "peak < 1e-3", "FAIL", "peak is 1e-3 at step 20"),
    (COSINE, "peak > 1e-3", "FAIL", "peak is 1e-3 at step 20"),
    (COSINE, "peak ~= 1.009e-3", "ok", "peak is 1e-3 at step 20"),
    (COSINE, "peak ~= 1.02e-3", "FAIL", "peak is 1e-3 at step 20"),
    (COSINE, "peak == 1.0001e-3", "FAIL", "peak is 1e-3 at step 20"),
    (COSINE, "peak at 20", "ok", "peak is 1e-3 at step 20"),
    (COSINE, "peak at 20%", "FAIL", "peak is 1e-3 at step 20 (20% is 40)"),
    (COSINE, "low at 0", "ok", "low is 0 at step 0"),
    (COSINE, "first > 0", "FAIL", "first is 0 at step 0"),
    (COSINE, "last <= 1e-6", "ok", "last is 7.615e-8 at step 199"),
    (COSINE, "last >= 1%", "FAIL", "last is 7.615e-8 at step 199 (1% is 1e-5)"),
    (COSINE, "mean between 4e-4 and 6e-4", "ok", "mean is 5e-4"),
    (COSINE, "lr(10) == 5e-4", "ok", "lr(10) is 5e-4 at step 10"),
    (COSINE, "lr(2ep) < 5e-4", "FAIL", "lr(2ep) is 5.868e-4 at step 100"),
    (COSINE, "lr(200) == 0", "FAIL", "lr(200) is after the end: the last step is 199"),
    (COSINE, "restarts == 0", "ok", "restarts is 0"),
    (RESTARTS, "restarts == 2", "ok", "restarts is 2 (30, 60)"),
    (RESTARTS, "restarts == 3", "FAIL", "restarts is 2 (30, 60)"),
    (STEP, "drops == 2", "ok", "drops is 2 (30, 60)"),
    (STEP, "steps at 0.1 == 30", "ok", "steps at 0.1 is 30"),
    (COSINE, "steps at 0 == 1", "ok", "steps at 0 is 1"),
    (COSINE, "steps at 100% <= 1%", "ok", "steps at 100% is 1 (1% is 2)"),
    (COSINE, "epochs == 4", "ok", "epochs is 4"),
    (STEP, "epochs == 4", "FAIL", "epochs is unknown in this plan"),
    (COSINE, "warmup_end == 10%", "ok", "warmup_end is 20 (10% is 20)"),
    (STEP, "warmup_end == 0", "FAIL", "warmup_end is none: there is no warmup"),
    (COSINE, "peak_at == 20", "ok", "peak_at is 20"),
    (COSINE, "low_at <= 1%", "ok", "low_at is 0 (1% is 2)"),
    (COSINE, "area ~= 0.1", "ok", "area is 0.1"),
    (COSINE, "half between 50% and 60%", "ok", "half is 110 (50% is 100, 60% is 120)"),
    (RESTARTS, "half == 15", "ok", "half is 15"),
    (("constant:lr=1", "--steps", "9"), "half > 0", "FAIL", "half is none: it stays above half"),
    (COSINE, "below(10%) == 164", "ok", "below(10%) is 164"),
    (STEP, "below(1e-3) < 90", "FAIL", "below(1e-3) is none: it does not fall below that"),
    (COSINE, "steps_at_0 == 1", "ok", "steps_at_0 is 1"),
    (STEP, "steps_at_0 > 0", "FAIL", "steps_at_0 is 0"),
    (COSINE, "falls after warmup", "ok", "from 1e-3 to 7.615e-8, steps 20 to 199"),
    (COSINE, "falls after 10", "FAIL", "rises at step 11, from 5e-4 to 5.5e-4"),
    (COSINE, "rises after warmup", "FAIL", "falls at step 21, from 1e-3 to 9.999e-4"),
    (RESTARTS, "falls after 0", "FAIL", "rises at step 30, from 2.739e-3 to 1"),
    (RESTARTS, "falls after 2ep", "REFUSED", ""),
    (COSINE, "falls after peak", "ok", "from 1e-3 to 7.615e-8, steps 20 to 199"),
    (COSINE, "falls after -3", "ok", "from 6.852e-7 to 7.615e-8, steps 197 to 199"),
    (COSINE, "lr(last) == 7.615e-8", "FAIL", "lr(last) is 7.61"),
    (COSINE, "lr(-2) < 1e-6", "ok", "lr(-2) is 3.046e-7 at step 198"),
    (COSINE, "lr(peak) == 1e-3", "ok", "lr(peak) is 1e-3 at step 20"),
    (COSINE, "lr(-201) == 0", "REFUSED", ""),
    (COSINE, "low at last", "FAIL", "low is 0 at step 0 (last is 199)"),
    (COSINE, "peak at warmup", "ok", "peak is 1e-3 at step 20 (warmup is 20)"),
    (COSINE, "peak at -180", "ok", "peak is 1e-3 at step 20"),
    (COSINE, "falls after 200", "FAIL", "no update comes after step 200"),
    (("constant:lr=1", "--steps", "9"), "falls after warmup", "FAIL", "stays at 1 from step 0 on"),
    (COSINE, "no jump > 10%", "ok", "no step changes it by more"),
    (COSINE, "no jump > 4%", "FAIL", "step 1 changes it from 0 to 5e-5, 5% of the peak"),
    (STEP, "no jump > 80%", "FAIL", "step 30 changes it from 1 to 0.1, 90% of the peak"),
    (COSINE, "never below 0", "ok", "low is 0 at step 0"),
    (COSINE, "never below 1e-7", "FAIL", "low is 0 at step 0"),
    (STEP, "never below 0.5", "FAIL", "0.1 at step 30, low is 0.01 at step 60"),
    (COSINE, "never above 1e-3", "ok", "peak is 1e-3 at step 20"),
    (COSINE, "never above 5e-4", "FAIL", "5.5e-4 at step 11, peak is 1e-3 at step 20"),
    (STEP, "same as torch.MultiStepLR:milestones=30,60", "ok", "no value of 90 differs"),
    (STEP, "same as torch.MultiStepLR:milestones=30,61", "FAIL", "0.01 at step 60, not 0.1"),
    (STEP, "same as torch.StepLR:step_size=30,steps=80", "FAIL", "90 steps, not 80"),
    (STEP, "same as torch.StepLR:step_size=30,lr=2", "FAIL", "1 at step 0, not 2"),
    (ONECYCLE, "lr(60) > 0", "FAIL", "lr(60) is unknown: it stops at step 51: tried"),
    (GROWS, "never below 0", "FAIL", "inf at step 1024"),
    (GROWS, "peak < 1e300", "FAIL", "peak is inf at step 1024"),
    (LONG_STAIRS, "drops == 9", "FAIL", "drops is unknown: there are more than 4096 jumps"),
    (ONECYCLE, "same as torch.OneCycleLR:max_lr=1,total_steps=90", "FAIL", "0.0"),
]  # fmt: skip
"""Words, what is expected, whether it holds, and how what is begins."""


@pytest.mark.parametrize(
    ("words", "text", "mark", "found"), [pytest.param(*row, id=f"{row[0][0]} {row[1]}") for row in ANSWERS]
)
def test_what_is(words, text, mark, found, tmp_path):
    if mark == "REFUSED":
        assert run(tmp_path, "check", *words, "--expect", text).returncode == 2
        return
    (line,) = judged(tmp_path, words, text)
    label = words[0].partition(":")[0]
    assert line.startswith(f"{mark:<4}  {label}: {text}: {found}")


def test_every_fact_has_a_measure_and_every_form_a_judge():
    assert MEASURES.keys() == FACTS.keys()
    assert set(JUDGES) == set(Claim.__args__)
    asked = {type(parse_expectation(text).claim) for _, text, _, _ in ANSWERS}
    assert asked == set(JUDGES)
    assert {text.replace("(", " ").split()[0] for _, text, _, _ in ANSWERS} >= FACTS.keys()


@pytest.mark.parametrize("command", ["check", "show", "values"])
def test_help_names_every_fact(command, tmp_path):
    text = run(tmp_path, command, "--help").stdout
    assert [name for name in FACTS if not re.search(rf"\b{name}\b", text)] == []


@pytest.mark.parametrize("steps", ["1e6", "1e12"])
def test_any_length(steps, tmp_path):
    words = ("cosine:warmup=1000,lr=1", "--steps", steps)
    asked = (
        "falls after warmup",
        "no jump > 1%",
        "never above 1",
        "steps at 1 >= 1",
        "same as cosine:warmup=1000",
    )
    assert [line[:4] for line in judged(tmp_path, words, *asked)] == ["ok  "] * 5


# --- which curves, which findings ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        pytest.param("cosine", "cosine:warmup=10%", id="a warmup, which an option has"),
        pytest.param("wsd", "wsd:warmup=10%,num_decay_steps=20%", id="two things"),
        pytest.param("step:label=a", "step:label=a,step_size=30%", id="a parameter"),
    ],
)
def test_what_a_curve_is_to_be_lacks_stands_in_its_own_word(short, whole, tmp_path):
    words = ("cosine", "--warmup", "100", "--steps", "1000", "--lr", "1")
    done = run(tmp_path, "check", *words, "--expect", f"same as {short}")
    assert (done.returncode, done.stderr.splitlines()[1:]) == (2, [f"hint: same as {whole}"])
    assert run(tmp_path, "check", *words, "--expect", f"same as {whole}").returncode < 2


def test_each_param_group_is_a_curve(tmp_path):
    words = ("torch.StepLR:step_size=30", "--lr", "1,2", "--steps", "90")
    lines = judged(
        tmp_path, words, "peak <= 1", "same as torch.StepLR:step_size=30", "torch.StepLR: total == 90"
    )
    marks = [line.split()[0] for line in lines]
    assert marks == ["ok", "FAIL", "ok", "ok", "ok", "ok"]
    assert judged(tmp_path, words, '"torch.StepLR lr=2": peak == 2')[0].startswith(
        "ok    torch.StepLR lr=2: "
    )


def test_a_label_that_no_curve_has(tmp_path):
    done = run(tmp_path, "check", *STEP, "--expect", "torch.StepLP: total == 90")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: 'torch.StepLP: total == 90': no curve is called 'torch.StepLP'\n"
        "hint: did you mean torch.StepLR?\n"
    )


def test_what_was_recorded_is_judged_as_well():
    rows = lrviz.record(lambda step: 0.9**step, 20).rows
    asked = [parse_expectation(text) for text in ("falls after 0", "total == 21")]
    assert [one.verdict.holds for one in outcomes_of(asked, rows)] == [True, False]
    with pytest.raises(lrviz.ScheduleError, match="what was recorded has no run of its own"):
        outcomes_of([parse_expectation("same as torch.ExponentialLR:gamma=0.9")], rows)


def test_what_a_shell_has_cut_is_refused_with_the_way_to_quote_it(tmp_path):
    done = run(tmp_path, "check", *STEP, "--expect", "total", "==", "90")
    assert (done.returncode, done.stdout) == (2, "")
    message, hint = done.stderr.splitlines()
    assert message == "error: --expect: 'total': nothing is said of it (column 6)"
    assert hint == 'hint: as in "total == 612"; quote it whole, or the shell takes < and > for itself'


def test_nothing_is_assumed(tmp_path):
    done = run(tmp_path, "check", "cosine", "--lr", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "error: the length of the run and num_warmup_steps (warmup steps) are missing"
    )


FLAT = ("cosine:warmup=0,lr=0", "--steps", "9")
RISES = ("torch.CosineAnnealingLR:T_max=5,lr=1", "--steps", "9")


@pytest.mark.parametrize(
    ("words", "options", "code", "ids"),
    [
        pytest.param(RISES, (), 0, ["length-differs", "rises-again"], id="a note and a warning"),
        pytest.param(RISES, ("--strict",), 1, ["length-differs", "rises-again"], id="strict"),
        pytest.param(RISES, ("--strict", "--ignore", "rises-again"), 0, ["length-differs"], id="ignored"),
        pytest.param(RISES, ("--ignore", "rises-again,length-differs"), 0, [], id="two ignored"),
        pytest.param(
            RISES, ("--ignore", "rises-again", "--ignore", "length-differs"), 0, [], id="two ignored apart"
        ),
        pytest.param(RISES, ("--strict", "--select", "rises-again"), 1, ["rises-again"], id="selected"),
        pytest.param(RISES, ("--strict", "--select", "length-differs"), 0, ["length-differs"], id="a note"),
        pytest.param(FLAT, (), 1, ["flat-line"], id="an error"),
        pytest.param(FLAT, ("--strict",), 1, ["flat-line"], id="a strict error"),
        pytest.param(FLAT, ("--ignore", "flat-line"), 0, [], id="an ignored error"),
        pytest.param(FLAT, ("--select", "rises-again"), 0, [], id="another is selected"),
    ],
)
def test_findings_that_count(words, options, code, ids, tmp_path):
    done = run(tmp_path, "check", *words, *options, "--format", "json")
    assert (done.returncode, done.stderr) == (code, "")
    found = json.loads(done.stdout)
    assert [one["id"] for one in found["findings"]] == ids
    assert found["passes"] == (code == 0)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("rises-agin", "did you mean rises-again?", id="a slip"),
        pytest.param("E501", "lrviz info --findings lists their ids", id="another's"),
        pytest.param("E501,stps", "did you mean stops?", id="two"),
        pytest.param("factor-not-lr", "lrviz info --findings lists their ids", id="of a trainer not here"),
    ],
)
@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_id_that_means_nothing_is_refused(option, name, hint, tmp_path):
    done = run(tmp_path, "check", *FLAT, option, f"flat-line,{name}", "--format", "github")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {option} {name}: no finding is called so\nhint: {hint}\n"


def test_an_id_that_a_trainers_file_might_have_is_said(tmp_path):
    (tmp_path / "run.sh").write_text("python train.py --output_dir o --learning_rate 1e-3 --max_steps 9\n")
    done = run(tmp_path, "check", "run.sh", "--trainer", "transformers", "--ignore", "factor-not-lr,stops")
    assert done.returncode == 0
    assert "warning: --ignore factor-not-lr: no finding is called so\n" in done.stderr


def test_findings_stand_before_the_lines(tmp_path):
    done = run(tmp_path, "check", *RISES)
    assert "\nwarning: torch.CosineAnnealingLR: the LR falls to 0 at step 5" in done.stderr
    assert done.stdout == "nothing is expected, 1 warning\n"


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        pytest.param([], [], id="nothing is expected"),
        pytest.param(["peak == 1"], [], id="all holds"),
        pytest.param(
            ["peak == 1", "last > 1"], ["FAIL  cosine: last > 1: last is 0.03015 at step 8"], id="one"
        ),
    ],
)
@pytest.mark.parametrize("command", ["check", "report"])
def test_quiet_says_what_fails_and_nothing_else(command, expected, lines, tmp_path):
    asked = [word for text in expected for word in ("--expect", text)]
    done = run(tmp_path, command, "cosine:warmup=0,lr=1,steps=9", *asked, "-q")
    assert (done.returncode, done.stderr, done.stdout.splitlines()) == (int(bool(lines)), "", lines)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param(("linear:warmup=1%",), "warmup=1", id="a spec"),
        pytest.param(("linear", "--warmup", "1%"), "--warmup 1", id="an option"),
    ],
)
def test_a_hint_has_a_key_as_it_was_said(words, hint, tmp_path):
    assert f"hint: {hint}\n" in run(tmp_path, "check", *words, "--steps", "50", "--lr", "1").stderr
