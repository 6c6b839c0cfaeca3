"""Edges that were once wrong: clocks and refusals, groups and precedence, numbers no axis can show."""

import json

import numpy as np
import pytest
from resolving import said

import lrviz
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve


def facts(text, **flags):
    found = resolve(parse(text), flags)
    return found.schedule.facts(found.plan.total_steps)


@pytest.mark.parametrize(
    ("flags", "step"),
    [
        pytest.param({"steps": 100}, 5, id="per step"),
        pytest.param({"epochs": 10, "steps_per_epoch": 10, "interval": "epoch"}, 50, id="per epoch"),
        pytest.param({"steps": 100, "calls": 2}, 3, id="two calls a step"),
        pytest.param({"steps": 100, "warmup": 20}, 25, id="behind a warmup"),
    ],
)
@pytest.mark.parametrize("name", ["torch.LambdaLR", "torch.MultiplicativeLR"])
def test_a_refusal_speaks_of_steps(name, flags, step):
    assert facts(f"{name}:lr_lambda=1/(5-epoch)", lr=0.1, **flags).stop[0] == step


@pytest.mark.parametrize(
    ("text", "peak_at"),
    [
        pytest.param("mmengine.LinearLR:end=5", 400, id="epochs by default"),
        pytest.param("mmengine.LinearLR:end=5,by_epoch=false", 4, id="iterations"),
        pytest.param("mmengine.list:param_scheduler=LinearLR(end=5)", 400, id="a list"),
    ],
)
def test_mmengine_counts_epochs(text, peak_at):
    assert facts(text, lr=0.1, epochs=10, steps_per_epoch=100).peak_at == peak_at


def test_mmengine_members_on_two_clocks():
    warmup = "LinearLR(start_factor=0.1,end=50,by_epoch=false)"
    text = f"mmengine.list:param_scheduler={warmup},MultiStepLR(milestones=80%)"
    schedule = resolve(parse(text), {"lr": 1.0, "epochs": 10, "steps_per_epoch": 100}).schedule
    assert schedule([0, 49, 799, 800]) == pytest.approx([0.1, 1, 1, 0.1])
    with pytest.raises(lrviz.ScheduleError, match="epoch_length must be positive, got 0"):
        facts(text.replace("80%", "8"), lr=0.1, steps=1000)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("milestones=50%,convert_to_iter_based=true", id="by its switch"),
        pytest.param("milestones=5,epoch_length=100", id="by the length it is told"),
    ],
)
def test_mmengine_converts_epochs_to_iterations(text):
    found = facts(f"mmengine.MultiStepLR:{text}", lr=0.1, epochs=10, steps_per_epoch=100)
    assert found.drops.ticks == (500,)


def test_mmengine_ends_with_the_run():
    assert facts("mmengine.LinearLR:by_epoch=false", lr=0.1, steps=50).peak_at == 49
    members = "LinearLR(by_epoch=false)"
    assert facts(f"mmengine.list:param_scheduler={members}", lr=0.1, steps=50).peak_at == 49


def test_a_shared_peak_keeps_the_groups():
    found = resolve(parse("torch.OneCycleLR:max_lr=0.1"), {"lr": (1e-3, 1e-4), "steps": 100})
    assert found.schedule(np.arange(100)).shape == (2, 100)


def test_the_warmup_that_is_told_is_the_one_used():
    assert resolve(parse("constant"), {"lr": 1.0, "steps": 100, "warmup": 10}).warmup is None
    assert resolve(parse("cosine:num_warmup_steps=5"), {"lr": 1.0, "steps": 100, "warmup": 10}).warmup is None
    assert resolve(parse("cosine"), {"lr": 1.0, "steps": 100, "warmup": 10}).warmup.text == "10"


def test_a_flag_wins_over_the_frameworks_own_name_in_a_config(tmp_path):
    path = tmp_path / "run.json"
    path.write_text(
        json.dumps(
            {"plan": {"steps": 100}, "schedule": [{"name": "cosine", "num_warmup_steps": 5, "lr": 0.1}]}
        )
    )
    (entry,) = lrviz.load(path).entries
    assert resolve(*entry.under({"warmup": "20"})).schedule.facts(100).peak_at == 20


def test_shrinking_cycles_end():
    schedule = lrviz.schedule(
        "keras.CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 0.5}
    )
    assert schedule.facts(15).first == pytest.approx(0.1)


@pytest.mark.parametrize(
    "function",
    [pytest.param(lambda e: 1 / (5 - e), id="callable"), pytest.param("1/(5-epoch)", id="expression")],
)
def test_a_function_that_raises_is_refused_at_its_step(function):
    with pytest.raises(lrviz.ScheduleError) as refusal:
        lrviz.schedule("torch.LambdaLR", {"lr_lambda": function}, lr=0.1)(range(10))
    assert refusal.value.step == 5


def test_multiplicative_never_asks_for_tick_0():
    schedule = lrviz.schedule("torch.MultiplicativeLR", {"lr_lambda": lambda e: 1 / e}, lr=0.1)
    np.testing.assert_allclose(schedule([0, 1, 2]), [0.1, 0.1, 0.05])


@pytest.mark.parametrize("value", ["inf", "nan"])
def test_a_number_is_finite(value):
    with pytest.raises(lrviz.SpecError, match="must be a finite number"):
        facts(f"cosine:num_cycles={value}", lr=0.1, steps=100, warmup=0)


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param("lambda:lr_lambda=10.0**epoch,lr=1,steps=305", id="too large"),
        pytest.param("linear:warmup=0,lr=1e-287,steps=9", id="too small to differ in height"),
    ],
)
def test_what_no_axis_can_show_is_refused(tmp_path, spec):
    curve = lrviz.evaluate(spec)
    with pytest.raises(lrviz.OutputError, match="which no axis can show"):
        curve.save(tmp_path / "lr.png")
    assert not list(tmp_path.iterdir())


def test_idle_keys_are_named():
    assert lrviz.Plan(steps=10, epochs=3, batch_size=7).idle == ("batch_size", "epochs")
    assert lrviz.Plan(steps=12, epochs=3).idle == ()


@pytest.mark.parametrize(
    ("params", "lrs"),
    [
        pytest.param("initial_learning_rate=0.0", [0, 0.05, 0.1], id="a float"),
        pytest.param("initial_learning_rate=0", [0, 0, 0], id="an int casts the target"),
    ],
)
def test_keras_computes_in_the_type_of_its_first_rate(params, lrs):
    text = f"keras.CosineDecay:{params},decay_steps=90,warmup_target=0.1,warmup_steps=10"
    schedule = resolve(parse(text), {"steps": 100}).schedule
    assert schedule([0, 5, 10]) == pytest.approx(lrs)


@pytest.mark.parametrize(
    ("function", "stop"),
    [
        pytest.param("0 if epoch == 3 else lr", 3, id="an int"),
        pytest.param(lambda epoch, lr: lr if epoch < 4 else None, 4, id="nothing"),
        pytest.param(lambda epoch: 0.1 / (5 - epoch), 5, id="of the epoch alone, raising"),
    ],
)
def test_a_keras_callback_makes_floats(function, stop):
    schedule = lrviz.schedule("keras.callbacks.LearningRateScheduler", schedule=function, lr=0.1)
    with pytest.raises(lrviz.ScheduleError) as refusal:
        schedule(range(10))
    assert refusal.value.step == stop
    assert schedule(range(stop)).shape == (stop,)


R = {"dataset_len": 1000, "batch_size": 10, "epochs": 20, "lr": 0.1}


@pytest.mark.parametrize(
    ("text", "flags", "message"),
    [
        pytest.param(
            "composer.MultiStepScheduler:milestones=5ep", {"interval": "epoch"}, "itself", id="composer"
        ),
        pytest.param("yolo", {"trainer": "lightning"}, "trainer=lightning calls it", id="trainer"),
        pytest.param(
            "create_scheduler_v2:step_on_epochs=false", {"interval": "epoch"}, "itself", id="two clocks"
        ),
        pytest.param(
            "linear:warmup=0", {"scale_lr": "linear", "base_batch_size": 0}, "is not positive", id="no base"
        ),
        pytest.param("linear:warmup=0", {"layer_decay": 0.5, "layers": 10**6}, "from 1 to 1000", id="layers"),
        pytest.param("plateau", {"metric": "noisy", "metrics": "f.csv"}, "both given", id="two metrics"),
    ],
)
def test_what_contradicts_is_refused(text, flags, message):
    with pytest.raises(lrviz.LrvizError, match=message):
        resolve(parse(text), R | flags, metrics=(1.0,) * 2000 if "metrics" in flags else None)


@pytest.mark.parametrize(
    ("text", "flags", "told"),
    [
        pytest.param("cosine:num_warmup_steps=3000", {}, "longer than the run", id="own warmup"),
        pytest.param(
            "torch.StepLR:step_size=9", {"warmup": 5, "warmup_start": 5.0}, "above an LR", id="start"
        ),
        pytest.param(
            "phases:phase=constant(for=10),constant(until=50)", {}, "goes on to 2000", id="last phase"
        ),
    ],
)
def test_a_picture_that_may_mislead_is_warned_of(text, flags, told):
    assert any(told in warning for warning in said(resolve(parse(text), R | flags), "warning"))


@pytest.mark.parametrize(
    ("text", "flags", "told"),
    [
        pytest.param("linear:warmup=0", {"metric": "noisy"}, "does not look at a metric", id="metric"),
        pytest.param("cosine", {"warmup": 5, "warmup_shape": "cosine"}, "has its own", id="shape"),
        pytest.param("step:step_size=9", {"warmup_mode": "over"}, "there is no warmup", id="no warmup"),
    ],
)
def test_what_changes_nothing_is_said(text, flags, told):
    assert any(told in note for note in said(resolve(parse(text), R | flags)))


def test_floors_of_groups_are_of_the_optimizers_own_lr():
    run = {"steps": 100, "lr": 0.1, "min_lr": 0.06, "layer_decay": 0.5, "layers": 2}
    last = resolve(parse("cosine_with_min_lr:warmup=0"), run).schedule([100]).ravel()
    assert last.tolist() == pytest.approx([0.0075, 0.015, 0.03, 0.06])


def test_a_share_of_a_short_run_is_one_step_at_least():
    assert resolve(parse("step"), {"steps": 3, "lr": 1.0}, examples=True).schedule([0, 1]).tolist() == [
        1.0,
        0.1,
    ]


def test_a_choice_may_be_called_none():
    assert resolve(parse("create_scheduler_v2:sched=none"), R).schedule([0, 1999]).tolist() == [0.1, 0.1]
