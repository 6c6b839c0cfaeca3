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


@pytest.mark.parametrize(
    ("pasted", "spec"),
    [
        pytest.param("CosineAnnealingLR(T_max=9)", "torch.CosineAnnealingLR:T_max=9", id="a name alone"),
        pytest.param(
            "torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=30)",
            "torch.OneCycleLR:max_lr=0.1,total_steps=30",
            id="its module, an optimizer",
        ),
        pytest.param(
            "lr_scheduler.StepLR(self.opt, 3, 0.5)", "torch.StepLR:step_size=3,gamma=0.5", id="by position"
        ),
        pytest.param(
            "s = StepLR(opts[0], step_size=2 * 3);", "torch.StepLR:step_size=6", id="assigned, computed"
        ),
        pytest.param(
            "StepLR(optimizer=o, step_size=3)", "torch.StepLR:step_size=3", id="an optimizer by name"
        ),
        pytest.param(
            "get_cosine_schedule_with_warmup(optimizer, num_warmup_steps=5, num_training_steps=30)",
            "transformers.cosine:num_warmup_steps=5,num_training_steps=30",
            id="a function",
        ),
        pytest.param(
            "get_scheduler('linear', optimizer, num_warmup_steps=5, num_training_steps=30)",
            "transformers.linear:num_warmup_steps=5,num_training_steps=30",
            id="a function that takes the name",
        ),
        pytest.param(
            "optax.cosine_decay_schedule(1e-3, 30, alpha=0.1)",
            "optax.cosine_decay_schedule:init_value=1e-3,decay_steps=30,alpha=0.1",
            id="no optimizer",
        ),
        pytest.param(
            "tf.keras.optimizers.schedules.CosineDecay(0.1, decay_steps=30)",
            "keras.CosineDecay:initial_learning_rate=0.1,decay_steps=30",
            id="deep in a package",
        ),
        pytest.param(
            "SequentialLR(opt, schedulers=[LinearLR(opt, total_iters=5), StepLR(opt, 9)], milestones=[5])",
            "torch.SequentialLR:schedulers=[LinearLR(total_iters=5),StepLR(step_size=9)],milestones=[5]",
            id="schedules within",
        ),
        pytest.param(
            "LambdaLR(opt, lambda e: 0.9**e)", "torch.LambdaLR:lr_lambda=0.9**epoch", id="a function of it"
        ),
    ],
)
def test_a_pasted_call_is_a_spec(tmp_path, pasted, spec):
    rest = [
        "--steps",
        "30",
        *([] if "max_lr" in spec or "=1e-3" in spec or "0.1,d" in spec else ["--lr", "0.1"]),
    ]
    one, other = (run(tmp_path, "values", word, *rest, "--plain", "-q") for word in (pasted, spec))
    assert (one.returncode, one.stdout) == (0, other.stdout), one.stderr


@pytest.mark.parametrize(
    ("pasted", "error", "hint"),
    [
        pytest.param("StepLR(opt, step_size=args.n)", "step_size=args.n is no value", "args.n", id="a name"),
        pytest.param("StepLR(opt, *sizes)", "step_size=*sizes is no value", "*sizes", id="a star"),
        pytest.param("Foo(1)", "Foo is no schedule", "lrviz list", id="no schedule"),
        pytest.param("StepLR(opt, 1, 2, 3, 4, 5)", "has no 5 arguments", "step_size", id="too many"),
        pytest.param("StepLR(opt, 1", "bad schedule name", "name", id="never closed"),
        pytest.param("StepLR(opt, 1 2)", "no call of Python", "name:key=value", id="no Python"),
    ],
)
def test_a_pasted_call_that_cannot_be_read(tmp_path, pasted, error, hint):
    done = run(tmp_path, "show", pasted)
    first, second = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert error in first
    assert hint in second
