"""What a picture is told of its curves."""

from __future__ import annotations

import numpy as np
import pytest

import lrviz
from lrviz.curves.picture import MOST, picture_of
from lrviz.curves.read import read_words
from lrviz.curves.runs import Flags
from lrviz.curves.spans import NOTHING, PAST
from lrviz.curves.words_as_series import series_of_words
from lrviz.notation.durations import parse_duration
from lrviz.view.view import View

FALLING = "ExponentialLR(gamma=0.99)"


def only_line(spec):
    """The line of a single schedule."""
    (line,) = picture_of(lrviz.evaluate(spec).rows, "lr").lines
    return line


ONE_CYCLE = "torch.OneCycleLR:max_lr=0.1,total_steps=600"


@pytest.mark.parametrize(
    ("spec", "ends"),
    [
        pytest.param(f"{ONE_CYCLE},steps=1000", [180, 601, 1000], id="stops"),
        pytest.param(f"{ONE_CYCLE},steps=600", [180, 600], id="whole"),
        pytest.param(f"{ONE_CYCLE},steps=100", [100], id="short run"),
        pytest.param("cosine:warmup=10,lr=0.1,steps=100", [10, 100], id="warmup"),
    ],
)
def test_phases_end_where_the_schedule_does(spec, ends):
    assert [phase.end for phase in only_line(spec).phases] == pytest.approx(ends)


@pytest.mark.parametrize(
    ("spec", "last"),
    [
        pytest.param("cosine:num_warmup_steps=5,num_training_steps=60", (PAST, 60, 100), id="steps"),
        pytest.param("torch.CosineAnnealingLR:T_max=60,warmup=10", (PAST, 70, 100), id="after a warmup"),
        pytest.param(
            "wsd:num_warmup_steps=5,num_training_steps=60,num_decay_steps=9",
            ("after the end", 60, 100),
            id="its own end",
        ),
        pytest.param(
            "torch.CosineAnnealingLR:T_max=3,interval=epoch,steps_per_epoch=20", (PAST, 60, 100), id="epochs"
        ),
        pytest.param(
            "timm.CosineLRScheduler:t_initial=60,t_in_epochs=false", ("lowest", 60, 100), id="its length"
        ),
        pytest.param("torch.CosineAnnealingLR:T_max=200", ("cosine", 0, 100), id="beyond the run"),
        pytest.param("torch.OneCycleLR:max_lr=1,total_steps=60", (NOTHING, 61, 100), id="stops"),
    ],
)
def test_the_end_that_a_schedule_was_told_is_marked(spec, last):
    phase = only_line(f"{spec},steps=100{'' if 'max_lr' in spec else ',lr=1'}").phases[-1]
    assert (phase.name, phase.start, phase.end) == last


@pytest.mark.parametrize(
    ("steps", "x"),
    [
        pytest.param(1, [0, 1], id="one"),
        pytest.param(3, [0, 1, 1, 2, 2, 3], id="few"),
        pytest.param(51, list(range(51)), id="many"),
    ],
)
def test_a_value_of_a_short_run_holds_to_the_end_of_its_step(steps, x):
    drawn = only_line(f"linear:warmup=0,lr=1,steps={steps}")
    assert drawn.x.tolist() == x
    assert drawn.y == pytest.approx([1 - t / steps for t in np.repeat(np.arange(steps), len(x) // steps)])


@pytest.mark.parametrize(
    ("specs", "title"),
    [
        pytest.param(["linear:warmup=1", "cosine:warmup=1"], "linear, cosine", id="names"),
        pytest.param([f"cosine:warmup={i}" for i in range(20)], "cosine", id="one name"),
        pytest.param(
            [f"cosine:warmup={i},label={i % 14}" for i in range(20)], "20 curves", id="curves are counted"
        ),
    ],
)
def test_the_headline(specs, title):
    rows = [row for spec in specs for row in lrviz.evaluate(f"{spec},steps=100,lr=1").rows]
    assert picture_of(rows, "lr").title == title


@pytest.mark.parametrize(
    ("specs", "terms"),
    [
        pytest.param(["torch.StepLR:step_size=9"], ["torch"], id="who computes it"),
        pytest.param(["paper.rex"], [], id="a formula alone"),
        pytest.param(
            ["plateau:metric=noisy"], ["torch", "metric made up: noisy(start=1.0,"], id="made-up metric"
        ),
        pytest.param(
            ["wsd:warmup=0,num_decay_steps=9", "onecycle"],
            ["wsd: transformers", "onecycle: torch"],
            id="each its own",
        ),
        pytest.param(["onecycle", "step:step_size=9"], ["torch"], id="what is true of all"),
        pytest.param(
            ["cosine:warmup=0,num_training_steps=50"],
            ["transformers", "num_training_steps is 50, the run has 100 steps"],
            id="another end",
        ),
        pytest.param(
            ["linear:warmup=0,batch_size=512,base_batch_size=256,scale_lr=linear"],
            ["transformers", "lr × 2 "],
            id="scaled LR",
        ),
    ],
)
def test_the_footer(specs, terms):
    rows = [
        row
        for spec in specs
        for row in lrviz.evaluate(f"{spec}{',' if ':' in spec else ':'}steps=100,lr=1").rows
    ]
    footer = picture_of(rows, "lr").footer
    assert len(footer) == len(terms)
    assert [text for text, term in zip(footer, terms, strict=True) if not text.startswith(term)] == []


def test_the_footer_groups_numbers_but_not_versions():
    rows = lrviz.evaluate("espnet.TristageLR:max_steps=2000,steps=3000,lr=1").rows
    assert picture_of(rows, "lr").footer == (
        "espnet 202511",
        "max_steps is 2\u202f000, the run has 3\u202f000 steps",
    )


@pytest.mark.parametrize(
    ("other", "said"),
    [
        pytest.param(
            "linear:warmup=10,lr=1.005",
            ["apart from step 1 on, most at 10, by 0.5 % of the peak"],
            id="near",
        ),
        pytest.param("linear:warmup=10,lr=1.1", [], id="seen apart"),
        pytest.param("linear:warmup=10,lr=1,label=twin", [], id="alike"),
    ],
)
def test_curves_that_look_alike_are_told_apart_in_words(other, said):
    rows = [
        row for spec in ("linear:warmup=10,lr=1", other) for row in lrviz.evaluate(f"{spec},steps=100").rows
    ]
    texts = picture_of(rows, "lr").footer[1:]
    assert [text.rpartition(": ")[2] for text in texts] == said


def test_jumps_of_a_walk_are_vertical():
    warmup = "LinearLR(start_factor=0.001,begin=0,end=500,by_epoch=false)"
    parts = f"{warmup},MultiStepLR(milestones=8,11,begin=0,end=12)"
    drawn = only_line(f"mmengine.list:param_scheduler={parts},epochs=12,steps_per_epoch=7330,lr=0.02")
    falls = np.diff(drawn.y) < -1e-3
    assert falls.sum() == 2
    assert np.diff(drawn.x)[falls].max() <= 1


@pytest.mark.parametrize(
    ("spec", "places"),
    [
        pytest.param("plateau:patience=3,interval=10,metric=constant,lr=1", [50, 90], id="steps are seen"),
        pytest.param(
            f"ChainedScheduler:schedulers=ConstantLR(factor=0.1,total_iters=20),{FALLING},lr=1",
            [20],
            id="falling",
        ),
        pytest.param("MultiplicativeLR:lr_lambda=0.9,lr=1", [], id="no jump"),
    ],
)
def test_jumps_of_a_short_walk_are_vertical(spec, places):
    drawn = only_line(f"{spec},steps=100")
    assert drawn.x[1:][np.diff(drawn.x) == 0].tolist() == places


def test_more_curves_than_a_picture_holds_are_refused():
    rows = lrviz.evaluate("cosine:warmup=0,lr=0.1,steps=100").rows * (MOST + 1)
    with pytest.raises(lrviz.OutputError) as caught:
        picture_of(rows, "lr")
    assert caught.value.message == "2001 curves in one picture, at most 2000 are drawn"
    assert caught.value.hint == "draw fewer at once; lrviz show lists any number of them"


def test_a_warmup_in_two_parts_is_one():
    spec = "espnet.ExponentialDecayWarmup:max_lr=1,min_lr=0.1,warmup_steps=10,warm_from_zero=true"
    phases = only_line(f"{spec},total_steps=100,steps=100").phases
    assert [phase.name for phase in phases] == ["warmup", "decay"]


WARM_RESTARTS = "torch.CosineAnnealingWarmRestarts:lr=1"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        pytest.param("torch.CyclicLR:base_lr=0,max_lr=1,step_size_up=10,steps=1000", "50 cycles", id="whole"),
        pytest.param(f"{WARM_RESTARTS},T_0=30,steps=1000", "33.3 cosine cycles", id="a part of the last"),
        pytest.param(
            f"{WARM_RESTARTS},T_0=3,interval=epoch,epochs=90,steps_per_epoch=7",
            "30 cosine cycles",
            id="epochs",
        ),
        pytest.param(f"{WARM_RESTARTS},T_0=100,steps=1000", "", id="few can be counted"),
        pytest.param(f"{WARM_RESTARTS},T_0=2,T_mult=2,steps=1000", "", id="longer each time"),
        pytest.param("torch.StepLR:step_size=10,lr=1,steps=1000", "", id="stairs"),
    ],
)
def test_cycles_too_many_to_be_counted_say_how_many(spec, said):
    assert [phase.cycles for phase in only_line(spec).phases] == [said]


def test_cycles_are_those_in_view():
    rows = lrviz.evaluate(f"{WARM_RESTARTS},T_0=50,steps=100000").rows
    view = View(start=parse_duration("10%", what="from"), stop=parse_duration("12%", what="to"))
    (line,) = picture_of(rows, "lr", view).lines
    assert [phase.cycles for phase in line.phases] == ["40 cosine cycles"]


@pytest.mark.parametrize(
    ("specs", "title", "labels"),
    [
        pytest.param(["linear:lr=1,0.5"], None, ["lr=1", "lr=0.5"], id="groups"),
        pytest.param(["linear:lr=1", "linear:lr=0.5"], None, ["lr=1", "lr=0.5"], id="values"),
        pytest.param(
            ["polynomial:lr=1", "polynomial:lr=1,power=2"],
            None,
            ["polynomial", "polynomial:power=2"],
            id="one has none",
        ),
        pytest.param(["linear:lr=1,0.5"], "mine", ["linear lr=1", "linear lr=0.5"], id="another title"),
        pytest.param(["linear:lr=1", "cosine:lr=1"], None, ["linear", "cosine"], id="two schedules"),
    ],
)
def test_labels_leave_out_what_the_title_says(specs, title, labels):
    words = [f"{spec},warmup=1,steps=9" for spec in specs]
    rows = series_of_words(read_words(words), Flags({}, {}), "lr", examples=False)
    assert [line.label for line in picture_of(rows, "lr", View(title=title)).lines] == labels


RUN = "cosine:warmup=0,lr=1,dataset_len=64"


@pytest.mark.parametrize(
    ("specs", "x", "per_epoch"),
    [
        pytest.param([f"{RUN},epochs=9,batch_size={k}" for k in (8, 16)], "epoch", None, id="as many epochs"),
        pytest.param([f"{RUN},epochs={k},batch_size=8" for k in (8, 9)], "step", 8, id="epochs as long"),
        pytest.param(
            [f"{RUN},epochs=9,batch_size=8", f"{RUN},epochs=8,batch_size=16"], "step", None, id="neither"
        ),
        pytest.param(
            ["cosine:warmup=0,lr=1,steps=9", "linear:warmup=0,lr=1,steps=8"], "step", None, id="none"
        ),
        pytest.param(
            [f"{RUN},epochs=9,batch_size=8,grad_accum=3,trainer=deepspeed"],
            "step",
            8 / 3,
            id="no whole steps",
        ),
    ],
)
def test_runs_are_compared_by_epochs_where_only_these_are_as_many(specs, x, per_epoch):
    rows = [row for spec in specs for row in lrviz.evaluate(spec).rows]
    shown = picture_of(rows, "lr")
    assert (shown.view.x, shown.steps_per_epoch) == (x, per_epoch)
    assert shown.steps[1] == (9 if x == "epoch" else max(row.steps for row in rows))


def test_an_axis_that_is_asked_for_is_drawn():
    rows = [row for k in (8, 16) for row in lrviz.evaluate(f"{RUN},epochs=9,batch_size={k}").rows]
    assert picture_of(rows, "lr", View(x="step")).view.x == "step"
