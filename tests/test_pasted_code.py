"""Arguments of a constructor that make no curve stand in pasted code: at their defaults they are taken."""

from __future__ import annotations

import shlex

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
    ("pasted", "said"),
    [
        pytest.param("StepLR(optimizer, step_size=9, step_size=8)", "step_size is given twice", id="twice"),
        pytest.param("StepLR(optimizer, 9, step_size=8)", "step_size is given twice", id="and by position"),
        pytest.param("CyclicLR(optimizer, base_lr=0.1, max_lr=None)", "max_lr must be a number", id="no LR"),
    ],
)
def test_what_python_refuses_is_refused(pasted, said):
    with pytest.raises(lrviz.LrvizError, match=said):
        lrviz.evaluate(f"torch.{pasted}", lrviz.Plan(steps=9))


def test_none_leaves_the_lr_to_the_optimizer():
    given, unsaid = (
        f"deepspeed.WarmupLR:warmup_num_steps=5{more},lr=0.1" for more in (",warmup_max_lr=none", "")
    )
    assert (
        lrviz.evaluate(given, lrviz.Plan(steps=9)).lr.tolist()
        == lrviz.evaluate(unsaid, lrviz.Plan(steps=9)).lr.tolist()
    )


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
            "get_scheduler(name='linear', optimizer=opt, num_warmup_steps=5, num_training_steps=30)",
            "transformers.linear:num_warmup_steps=5,num_training_steps=30",
            id="the name by name",
        ),
        pytest.param(
            "get_scheduler(SchedulerType.LINEAR, opt, 5, int(0.1 * 300))",
            "transformers.linear:num_warmup_steps=5,num_training_steps=30",
            id="the name as a constant, a function of Python",
        ),
        pytest.param(
            "get_scheduler('cosine_with_min_lr', o, 5, 30, scheduler_specific_kwargs={'min_lr': 1e-5})",
            "transformers.cosine_with_min_lr:num_warmup_steps=5,num_training_steps=30,min_lr=1e-5",
            id="a dict of further arguments",
        ),
        pytest.param(
            "optax.piecewise_constant_schedule(1e-3, {10: 0.1, 20: 0.5})",
            "optax.piecewise_constant_schedule:init_value=1e-3,boundaries_and_scales=10:0.1,20:0.5",
            id="a dict",
        ),
        pytest.param("StepLR(o, step_size=-(-3))", "torch.StepLR:step_size=3", id="signs"),
        pytest.param("StepLR(o, 3);  # every (third) epoch", "torch.StepLR:step_size=3", id="a comment"),
        pytest.param(
            "CosineAnnealingLR(SGD(p, lr=0.1), T_max=30)", "torch.CosineAnnealingLR:T_max=30", id="its LR"
        ),
        pytest.param(
            "OneCycleLR(torch.optim.SGD(p, lr=1), max_lr=0.1, total_steps=30)",
            "torch.OneCycleLR:max_lr=0.1,total_steps=30",
            id="an LR that is not looked at",
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
        pytest.param("StepLR(o, len(loader))", "step_size=len(loader) is no value", "number", id="a length"),
        pytest.param("StepLR(o, int(args.n))", "step_size=int(args.n) is no value", "number", id="a call"),
        pytest.param("CosineAnealingLR(o, 9)", "no schedule", "torch.CosineAnnealingLR?", id="misspelt"),
        pytest.param(
            "SequentialLR(o, [StpLR(o, 9)], [5])", "StpLR is no schedule", "StepLR", id="misspelt within"
        ),
        pytest.param("Zzz(1)", "Zzz is no schedule", "lrviz list", id="no schedule"),
        pytest.param("StepLR(opt, 1, 2, 3, 4, 5)", "has no 5 arguments", "step_size", id="too many"),
        pytest.param("StepLR(opt, 1", "bad schedule name", "balance the brackets", id="never closed"),
        pytest.param("StepLR(opt, 1 2)", "no call of Python", "name:key=value", id="no Python"),
    ],
)
def test_a_pasted_call_that_cannot_be_read(tmp_path, pasted, error, hint):
    done = run(tmp_path, "show", pasted)
    first, second = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert error in first
    assert hint in second


@pytest.mark.parametrize(
    "optimizer",
    ["torch.optim.SGD(p, lr=0.5)", "SGD(p, 0.5)", "optimizer=AdamW(p, weight_decay=0, lr=0.5)"],
)
def test_the_optimizer_says_the_lr(tmp_path, optimizer):
    arguments = "T_max=100, " * optimizer.startswith("optimizer")
    word = f"CosineAnnealingLR({arguments}{optimizer}{'' if arguments else ', T_max=100'})"
    done = run(tmp_path, "values", word, "--at", "0", "--plain")
    assert (done.returncode, done.stdout) == (0, "0.5\n"), done.stderr
    assert "lr=" not in done.stderr


@pytest.mark.parametrize("lr", ["args.lr", "base_lr * 8", "cfg['lr']", "float(lr)"])
@pytest.mark.parametrize("pasted", ["{}, T_max=9", "T_max=9, optimizer={}"])
def test_an_lr_of_the_optimizer_that_is_not_known_is_said(tmp_path, lr, pasted):
    word = f"CosineAnnealingLR({pasted.format(f'SGD(p, lr={lr})')})"
    told = f"warning: torch.CosineAnnealingLR: lr={lr} is no value: lr is not known\nhint: --lr 0.1\n"
    plain, given = (run(tmp_path, "show", word, "--steps", "9", *more) for more in ([], ["--lr", "0.1"]))
    assert (plain.returncode, told in plain.stderr) == (0, True)
    assert (given.returncode, given.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(
            "o = AdamW(ps, lr=0.05)\nN = 9\ns = lr_scheduler.OneCycleLR(o, 0.1, total_steps=N * 2)",
            ["lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=18)", "--lr", "0.05"],
            id="torch's, with the optimizer's LR",
        ),
        pytest.param(
            "s = CosineDecay(1e-3, decay_steps=90, alpha=0.1)",
            ["CosineDecay(0.001, decay_steps=90, alpha=0.1)"],
            id="keras's, without an optimizer",
        ),
        pytest.param(
            "a, b = LinearLR(o), ExponentialLR(o, 0.9)\ns = SequentialLR(o, [a, b], milestones=[5])",
            ["SequentialLR(optimizer, [LinearLR(optimizer), ExponentialLR(optimizer, 0.9)], milestones=[5])"],
            id="one made of others",
        ),
        pytest.param(
            "s = get_linear_schedule_with_warmup(o, num_warmup_steps=1, num_training_steps=9)\no.step()",
            ["get_linear_schedule_with_warmup(optimizer, num_warmup_steps=1, num_training_steps=9)"],
            id="a function; step() is none",
        ),
        pytest.param(
            "s = CosineAnnealingScheduler(max_steps=90, warmup_steps=5, min_lr=1e-5)",
            ["cosine", "--steps", "1000"],
            id="another library's class of that name",
        ),
    ],
)
def test_a_python_file_of_nobody_has_its_schedule_pasted(tmp_path, text, shown):
    """What the hint says is a command that shows it."""
    write(tmp_path / "a.py", text)
    done = run(tmp_path, "plan", "a.py")
    words = shlex.split(done.stderr.partition("alone: ")[2])
    assert (done.returncode, words) == (2, ["lrviz", "show", *shown]), done.stderr
    assert run(tmp_path, *words[1:]).returncode == 0
