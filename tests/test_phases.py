"""Phases: schedules of any frameworks one after another, literally and in a run."""

import numpy as np
import pytest
from resolving import said

import lrviz
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

THREE = (
    "phases:phase=torch.LinearLR(start_factor=0.1,total_iters=10,for=10%),"
    "torch.ConstantLR(factor=1.0,until=60),linear(num_warmup_steps=0)"
)


def resolved(text, **flags):
    return resolve(parse(text), {"steps": 100, "lr": 0.1} | flags)


def parts(t):
    """The three phases by hand: a ramp, a constant, a line to 0."""
    return np.select(
        [t < 10, t < 60], [0.1 * (0.1 + 0.9 * t / 10), np.full(t.shape, 0.1)], 0.1 * (1 - (t - 60) / 40)
    )


def test_each_phase_counts_from_its_own_start_and_is_as_long_as_its_stretch():
    t = np.arange(101)
    np.testing.assert_allclose(resolved(THREE).schedule(t), parts(t), rtol=0, atol=1e-15)


def test_the_same_literally():
    phase = [
        {"schedule": "torch.LinearLR", "params": {"start_factor": 0.1, "total_iters": 10}, "for": 10},
        {"schedule": "torch.ConstantLR", "params": {"factor": 1.0}, "until": 60},
        {"schedule": "linear", "params": {"num_warmup_steps": 0, "num_training_steps": 40}},
    ]
    t = np.arange(101)
    built = lrviz.schedule("lrviz.phases", {"phase": phase}, lr=0.1)
    np.testing.assert_allclose(built(t), parts(t), rtol=0, atol=1e-15)


def test_a_config_says_the_same(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(
        'steps = 100\nlr = 0.1\n[[phase]]\nname = "torch.LinearLR"\nfor = "10%"\nstart_factor = 0.1\n'
        'total_iters = 10\n[[phase]]\nname = "torch.ConstantLR"\nfactor = 1.0\nuntil = 60\n'
        '[[phase]]\nname = "linear"\nnum_warmup_steps = 0\nlabel = "cool"\n'
    )
    (entry,) = lrviz.load(path).entries
    found = resolve(*entry.under({}))
    t = np.arange(100)
    np.testing.assert_allclose(found.schedule(t), parts(t), rtol=0, atol=1e-15)
    assert found.schedule.phases[-1] == ("cool", 60.0)


def test_every_phase_may_have_its_own_lr_and_clock():
    text = "phases:phase=torch.StepLR(step_size=2,interval=epoch,lr=1,for=2ep),constant(lr=0.5)"
    found = resolve(parse(text), {"steps_per_epoch": 10, "epochs": 4, "lr": 0.1})
    assert found.schedule([0, 19, 20, 39]).tolist() == [1.0, 1.0, 0.5, 0.5]


def test_groups_go_through_all_phases():
    found = resolved(THREE, layer_decay=0.5, layers=1)
    assert found.schedule([60]).ravel().tolist() == [0.025, 0.05, 0.1]


def test_momentum_is_joined_where_all_phases_move_it():
    cycle = "torch.OneCycleLR(max_lr=0.1,total_steps=50,for=50)"
    found = resolved(
        f"phases:phase={cycle},torch.OneCycleLR(max_lr=0.1,total_steps=60)", optimizer="sgd_momentum"
    )
    assert found.schedule.quantities == ("lr", "momentum")
    assert resolved(f"phases:phase={cycle},constant", optimizer="sgd_momentum").schedule.quantities == ("lr",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("phases:phase=constant,constant()", "needs until or for", id="no end"),
        pytest.param("phases:phase=constant(until=10,for=3),constant", "both until and for", id="both ends"),
        pytest.param("phases:phase=constant(until=50),constant(until=40),constant", "ends at 40", id="back"),
        pytest.param("phases:phase=constant(for=200),constant", "begins at step 200", id="after the end"),
        pytest.param("phases:phase=constant(for=2,epochs=3),constant", "belongs to the run", id="plan key"),
        pytest.param("phases:phase=constant(for=2,lr=1,2),constant", "more param groups", id="groups"),
        pytest.param("phases:phase=5", "written as a call", id="a number"),
        pytest.param("phases:phase=constant,warmup=5", "is for one schedule", id="warmup"),
        pytest.param("phases", "written as a call", id="none"),
    ],
)
def test_what_does_not_fit_is_refused(text, message):
    with pytest.raises(lrviz.LrvizError, match=message):
        resolved(text)


@pytest.mark.parametrize(
    ("phase", "message"),
    [
        pytest.param([], "at least one phase", id="none"),
        pytest.param([5], "written as a call", id="a number"),
        pytest.param([{"schedule": "constant"}, {"schedule": "constant"}], "needs until or for", id="no end"),
        pytest.param(
            [{"schedule": "constant", "until": 0}, {"schedule": "constant"}], "ends at 0", id="empty"
        ),
    ],
)
def test_what_does_not_fit_is_refused_literally(phase, message):
    with pytest.raises(lrviz.ScheduleError, match=message):
        lrviz.schedule("lrviz.phases", {"phase": phase}, lr=0.1)


def test_what_changes_nothing_is_said_once_and_of_the_run():
    text = "phases:phase=constant(until=5ep),linear(num_warmup_steps=0)"
    run = {"dataset_len": 101, "batch_size": 4, "grad_accum": 4, "epochs": 10, "lr": 1.0}
    assert not any("batch_size" in note for note in said(resolve(parse(text), run)))
    found = resolve(
        parse("phases:phase=constant(until=50),constant"), {"steps": 100, "batch_size": 4, "lr": 1}
    )
    assert said(found) == ("batch_size changes nothing: the steps are given outright",)


PHASES = """\
steps = 100
lr = 0.1

[[phase]]
name = "constant"
for = 10

[[phase]]
name = "linear"
num_warmup_steps = 0
for = 20

[[phase]]
name = "torch.StepLR"
step_size = 30
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "step_size = 30", "", "run.toml:14: phases: phase 3: torch.StepLR needs step", id="last"
        ),
        pytest.param(
            "step_size = 30",
            "step_size = 30\nmin_lr = 1",
            "14: phases: phase 3: torch.StepLR has no low",
            id="within",
        ),
        pytest.param(
            "for = 20", "for = 90", r"run.toml:14: .* phase 3 \(torch.StepLR\) begins", id="no room"
        ),
        pytest.param(
            "for = 20\n", "", r"run.toml:9: phases: phase 2 \(linear\) needs until or for", id="no end"
        ),
        pytest.param("lr = 0.1\n", "", "run.toml:4: phases: phase 1: the learning rate is missing", id="all"),
    ],
)
def test_a_refusal_has_the_line_of_its_phase(old, new, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.toml").write_text(PHASES.replace(old, new))
    with pytest.raises(lrviz.LrvizError, match=message):
        lrviz.evaluate("run.toml")
