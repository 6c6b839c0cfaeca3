"""LRs of param groups: listed, scaled, decaying from layer to layer; an LR scaled with the batch."""

import numpy as np
import pytest
from resolving import said

import lrviz
from lrviz.curves.series import series_of
from lrviz.notation.spec import parse
from lrviz.resolve.groups import layer_groups
from lrviz.resolve.resolve import resolve

RUN = {"steps": 100, "lr": 1e-3}


def resolved(text, **flags):
    return resolve(parse(text), RUN | flags)


def test_layer_decay_is_of_embedding_blocks_and_head():
    groups = layer_groups(0.75, 12)
    assert [group.label for group in groups] == ["embedding", *(f"block {i}" for i in range(1, 13)), "head"]
    assert [group.scale for group in groups] == [0.75 ** (13 - i) for i in range(14)]
    found = resolved("linear:num_warmup_steps=0", layer_decay=0.75, layers=12)
    assert found.lrs == tuple(1e-3 * 0.75 ** (13 - i) for i in range(14))
    assert found.schedule(np.arange(100)).shape == (14, 100)


@pytest.mark.parametrize(
    ("text", "lrs"),
    [
        pytest.param("linear:num_warmup_steps=0,groups=a(scale=0.1),b(lr=2)", (1e-4, 2.0), id="optimizer"),
        pytest.param("torch.OneCycleLR:groups=a(scale=0.1),b(scale=1)", (1e-4, 1e-3), id="peaks"),
        pytest.param("keras.CosineDecay:groups=a(scale=0.1),b(scale=1)", (1e-4, 1e-3), id="one for each"),
    ],
)
def test_groups_are_curves_of_their_own(text, lrs):
    found = resolved(text)
    assert found.lrs == lrs
    assert found.schedule.several
    assert [row.group for row in series_of([found], "lr")] == ["a", "b"]
    for row, lr in zip(found.schedule(np.arange(100)), lrs, strict=True):
        assert row.max() == pytest.approx(lr, rel=1e-6)


def test_groups_of_two_schedules_have_both_names():
    found = [resolved(f"{name}:num_warmup_steps=0,groups=a(scale=0.1)") for name in ("linear", "cosine")]
    assert [row.label for row in series_of(found, "lr")] == ["linear a", "cosine a"]


@pytest.mark.parametrize(
    ("flags", "lr", "note"),
    [
        pytest.param(
            {"scale_lr": "linear", "world_size": 4},
            1e-3 * 1024 / 256,
            "lr × 4 (batch × accumulation × world = 128 × 2 × 4 = 1024, against 256)",
            id="linear",
        ),
        pytest.param(
            {"scale_lr": "sqrt", "world_size": 4},
            1e-3 * 2.0,
            "lr × sqrt(4) = lr × 2 (batch × accumulation × world = 128 × 2 × 4 = 1024, against 256)",
            id="sqrt",
        ),
    ],
)
def test_the_lr_grows_with_the_batch(flags, lr, note):
    run = {"steps_per_epoch": 10, "epochs": 3, "batch_size": 128, "grad_accum": 2, "base_batch_size": 256}
    found = resolve(parse("linear:num_warmup_steps=0"), {"lr": 1e-3, **run, **flags})
    assert found.lrs == (lr,)
    assert note in said(found)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        pytest.param({"layers": 12}, "layer_decay is missing", id="no decay"),
        pytest.param({"layer_decay": 0.5}, "layers is missing", id="no layers"),
        pytest.param({"layer_decay": 1.5, "layers": 2}, "layer_decay must be a number above 0", id="growing"),
        pytest.param({"layer_decay": 0.5, "layers": 2, "lr": (1.0, 2.0)}, "several values", id="lr list"),
        pytest.param({"scale_lr": "linear"}, "base_batch_size is missing", id="no base"),
        pytest.param({"base_batch_size": 256}, "scale_lr is missing", id="no rule"),
        pytest.param({"scale_lr": "cubic", "base_batch_size": 256}, "one of linear, sqrt", id="rule"),
        pytest.param({"scale_lr": "linear", "base_batch_size": 256}, "needs the batch size", id="no batch"),
    ],
)
def test_what_does_not_fit_is_refused(flags, message):
    with pytest.raises(lrviz.LrvizError, match=message):
        resolved("linear:num_warmup_steps=0", **flags)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        pytest.param("a", "written as a call", id="a word"),
        pytest.param("a(scale=1),a(lr=1)", "two groups are called 'a'", id="twice"),
        pytest.param("a(scale=1,lr=2)", "one of the two", id="both"),
        pytest.param("a(size=1)", "no key 'size'", id="key"),
        pytest.param("a(scale=-1)", "from 0 on", id="negative"),
    ],
)
def test_groups_are_checked(groups, message):
    with pytest.raises(lrviz.SpecError, match=message):
        resolved(f"linear:num_warmup_steps=0,groups={groups}")


def test_a_peak_given_outright_is_not_scaled():
    with pytest.raises(lrviz.SpecError, match="max_lr is given outright"):
        resolved("torch.OneCycleLR:max_lr=0.1", layer_decay=0.5, layers=2)


def test_timm_scales_the_layers_itself():
    found = resolved("timm.CosineLRScheduler:t_in_epochs=false", lr=0.1, layer_decay=0.5, layers=1)
    assert found.lrs == (0.025, 0.05, 0.1)
    assert found.schedule([0]).ravel().tolist() == [0.025, 0.05, 0.1]
    with pytest.raises(lrviz.SpecError, match="lr_scale, which is given outright"):
        resolved("timm.CosineLRScheduler:t_in_epochs=false,lr_scale=0.5", layer_decay=0.5, layers=1)
