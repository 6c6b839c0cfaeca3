"""Arguments of a constructor that make no curve stand in pasted code: at their defaults they are taken."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

import lrviz

SEQUENTIAL = "torch.SequentialLR:schedulers=[LinearLR(total_iters=3{}),StepLR(step_size=9)],milestones=[3]"
LISTED = "mmengine.list:param_scheduler=[LinearLR(end=9,by_epoch=False{})]"


@pytest.mark.parametrize(
    ("spec", "inert"),
    [
        pytest.param("torch.StepLR:step_size=9{}", "last_epoch=-1", id="torch"),
        pytest.param("torch.StepLR:step_size=9{}", "last_epoch=-1,verbose=False", id="torch, two"),
        pytest.param("torch.StepLR:step_size=9{}", "verbose=deprecated", id="torch, a text"),
        pytest.param(SEQUENTIAL, "last_epoch=-1,verbose=False", id="nested in torch"),
        pytest.param("mmengine.LinearLR:end=9,by_epoch=False{}", "last_step=-1,verbose=True", id="mmengine"),
        pytest.param(LISTED, "last_step=-1,verbose=False", id="in a list of mmengine"),
        pytest.param("linear:num_warmup_steps=2{}", "last_epoch=-1", id="transformers"),
        pytest.param("deepspeed.WarmupLR:warmup_num_steps=5{}", "last_batch_iteration=-1", id="deepspeed"),
    ],
)
def test_a_default_is_taken_as_words(tmp_path, spec, inert):
    values = [
        run(tmp_path, "values", spec.format(more), "--steps", "9", "--lr", "0.1", "--format", "json")
        for more in ("", f",{inert}")
    ]
    plain, pasted = (done.stdout.replace(f",{inert}", "") for done in values)
    assert [done.returncode for done in values] == [0, 0], values[1].stderr
    assert pasted == plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("last_epoch = -1\nverbose = false", "", id="the defaults"),
        pytest.param('verbose = "deprecated"', "", id="a text"),
        pytest.param("last_epoch = 4", "expected -1, got 4", id="another number"),
        pytest.param("last_epoch = [-1]", "expected -1, got [-1]", id="a list"),
        pytest.param("verbose = true", "expected false or 'deprecated', got true", id="another switch"),
    ],
)
def test_a_config_says_the_same(tmp_path, text, said):
    head = "[plan]\nsteps = 9\n[defaults]\nlr = 0.1\n[[schedule]]\nname = 'torch.StepLR'\nstep_size = 3\n"
    write(tmp_path / "run.toml", f"{head}{text}\n")
    done = run(tmp_path, "show", "run.toml")
    assert (done.returncode, said in done.stderr) == (2 if said else 0, True)
    assert ("leave" in done.stderr) == bool(said)


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        pytest.param("torch.StepLR:step_size=9,last_epoch=4", "later step", id="torch"),
        pytest.param("torch.StepLR:step_size=9,last_epoch=None", "later step", id="nothing"),
        pytest.param("torch.StepLR:step_size=9,last_epoch=[-1]", "later step", id="a list"),
        pytest.param("torch.StepLR:step_size=9,verbose=True", "leave verbose out", id="verbose"),
        pytest.param(SEQUENTIAL.format(",last_epoch=4"), "later step", id="nested in torch"),
        pytest.param("mmengine.LinearLR:end=9,by_epoch=False,last_step=4", "later step", id="mmengine"),
        pytest.param(LISTED.format(",last_step=4"), "later step", id="in a list of mmengine"),
        pytest.param("cosine:warmup=2,last_epoch=4", "later step", id="transformers"),
    ],
)
def test_any_other_value_is_refused(spec, hint):
    with pytest.raises(lrviz.ScheduleError, match="must be") as refused:
        lrviz.evaluate(f"{spec},lr=0.1", lrviz.Plan(steps=9))
    assert hint in refused.value.hint
