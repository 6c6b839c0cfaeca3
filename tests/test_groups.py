"""LRs of param groups: listed, scaled, decaying from layer to layer; an LR scaled with the batch."""

import json

import numpy as np
import pytest
from resolving import said

import lrviz
from lrviz.catalogue.registry import catalogue
from lrviz.curves.series import series_of
from lrviz.findings.gather import of_runs
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
        pytest.param("a()", "one of the two", id="neither"),
        pytest.param("a(size=1)", "no key 'size'", id="key"),
        pytest.param("a(scale=-1)", "from 0 on", id="negative"),
    ],
)
def test_groups_are_checked(groups, message):
    with pytest.raises(lrviz.LrvizError, match=message):
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


# --- keys of the framework -------------------------------------------------------------------------------

TIMM = "timm.CosineLRScheduler"
MEGATRON = "megatron.OptimizerParamScheduler"

OWN_KEYS = [
    pytest.param(
        f"{TIMM}:t_initial=100,t_in_epochs=false,lr_min=1e-5",
        {"head": {"lr_scale": 0.5}, "body": {"lr_scale": 2}},
        {"lr": 1e-3},
        [[5e-4, 2e-3], [5e-6, 2e-5]],
        id="timm scales peak and floor",
    ),
    pytest.param(
        f"{TIMM}:t_initial=100,t_in_epochs=false,lr_min=1e-5",
        {"head": {"lr": 2e-3, "lr_scale": 0.5}, "body": {"lr": 1e-3}},
        {"lr": 1e-3},
        [[1e-3, 1e-3], [5e-6, 1e-5]],
        id="timm scales an LR of the group",
    ),
    pytest.param(
        f"{MEGATRON}:max_lr=1e-3,min_lr=1e-5,lr_decay_steps=100,increment=1",
        {"a": {"max_lr": 2e-3, "min_lr": 1e-4}, "b": {"wd_mult": 0}},
        {},
        [[2e-3, 1e-3], [1e-4, 1e-5]],
        id="megatron's bounds beside those of the class",
    ),
    pytest.param(
        f"{MEGATRON}:max_lr=1e-3,min_lr=1e-5,lr_decay_steps=100,increment=1",
        {"a": {"min_lr": 1e-4}, "b": {"max_lr": 1e-4, "min_lr": 2e-4}},
        {},
        [[1e-3, 1e-4], [1e-4, 2e-4]],
        id="megatron does not check a group's bounds",
    ),
]


def in_words(text, groups):
    inner = [
        f"{label}({','.join(f'{key}={value}' for key, value in own.items())})"
        for label, own in groups.items()
    ]
    return f"{text},groups={','.join(inner)}"


def as_config(text, groups):
    spec = parse(text)
    listed = [{"label": label, **own} for label, own in groups.items()]
    return {"name": spec.name, **dict(spec.params), "groups": listed, "steps": 101}


@pytest.mark.parametrize(("text", "groups", "run", "ends"), OWN_KEYS)
def test_a_group_holds_the_keys_of_its_framework(text, groups, run, ends, tmp_path):
    (tmp_path / "run.json").write_text(json.dumps(as_config(text, groups) | run))
    spec, steps = parse(text), np.arange(101)
    by_word = resolve(parse(in_words(text, groups)), run | {"steps": 101}).schedule(steps)
    (by_config,) = (curve.lr for curve in lrviz.evaluate(tmp_path / "run.json"))
    by_hand = lrviz.schedule(spec.name, dict(spec.params), **run, groups=list(groups.values()))(steps)
    np.testing.assert_array_equal(by_word, by_config)
    np.testing.assert_array_equal(by_word, by_hand)
    np.testing.assert_allclose(by_word[:, [0, 100]].T, ends, rtol=1e-12)


def test_no_lr_is_missing_where_every_group_has_one():
    for text in (
        f"{MEGATRON}:increment=1,groups=a(max_lr=2e-3),b(max_lr=1e-3)",
        "linear:num_warmup_steps=0,groups=a(lr=2e-3),b(lr=1e-3)",
    ):
        assert resolve(parse(text), {"steps": 100}).schedule([0]).ravel().tolist() == [2e-3, 1e-3]
    with pytest.raises(lrviz.PlanError, match="the learning rate is missing"):
        resolve(parse(f"{MEGATRON}:increment=1,groups=a(max_lr=2e-3),b(wd_mult=0)"), {"steps": 100})


@pytest.mark.parametrize(
    ("text", "last"),
    [
        pytest.param(
            f"{MEGATRON}:increment=1,groups=a(max_lr=2e-3),b(scale=0.1),c(min_lr=0)",
            [2e-4, 1e-5, 0],
            id="own",
        ),
        pytest.param(
            f"{TIMM}:t_in_epochs=false,groups=a(lr_scale=0.5),b(lr_scale=2)", [5e-5, 2e-4], id="scaled once"
        ),
    ],
)
def test_a_share_for_a_floor_is_of_the_peak_of_each_group(text, last):
    found = resolved(text, min_lr="10%").schedule([100]).ravel()
    np.testing.assert_allclose(found, last, rtol=1e-12)


def test_phases_hand_groups_to_their_schedules(tmp_path):
    phases = [{"name": TIMM, "t_in_epochs": False, "for": "50%"}, {"name": TIMM, "t_in_epochs": False}]
    groups = [{"label": "a", "lr_scale": 0.5}, {"label": "b", "lr_scale": 1}]
    config = {"schedule": [{"phase": phases, "groups": groups, "lr": 0.1}], "plan": {"steps": 100}}
    (tmp_path / "run.json").write_text(json.dumps(config))
    (curve,) = lrviz.evaluate(tmp_path / "run.json")
    assert curve.lr[:, [0, 50]].tolist() == [[0.05, 0.05], [0.1, 0.1]]
    phases[1] = {"name": "linear", "warmup": 0}
    (tmp_path / "run.json").write_text(json.dumps(config))
    with pytest.raises(lrviz.LrvizError, match=r"transformers\.linear has no key 'lr_scale'"):
        lrviz.evaluate(tmp_path / "run.json")


def test_what_a_group_holds_is_told():
    found = resolve(parse(f"{TIMM}:t_in_epochs=false,groups=a(lr_scale=0.5),b(lr=1)"), RUN)
    assert found.lrs == (5e-4, 1.0)
    (finding,) = (one for one in of_runs([("", found)]) if one.id == "param-groups")
    assert finding.details == (
        "  group  lr_scale    lr",
        "  a           0.5  5e-4",
        "  b                   1",
    )


OF_TIMM = f"{TIMM}:t_initial=100,t_in_epochs=false"
OF_MEGATRON = f"{MEGATRON}:max_lr=1e-3,lr_decay_steps=100,increment=1"

REFUSED = [
    pytest.param(OF_TIMM, "max_lr", "did you mean lr?", id="another framework's"),
    pytest.param(OF_TIMM, "lr_scal", "did you mean lr_scale?", id="misspelt"),
    pytest.param(OF_MEGATRON, "max_l", "did you mean max_lr?", id="misspelt bound"),
    pytest.param(OF_MEGATRON, "weird", "lr, max_lr, min_lr, start_wd, end_wd, wd_mult", id="unlike any"),
    pytest.param("torch.StepLR:step_size=9", "betas", "lr", id="a framework without"),
]


@pytest.mark.parametrize(("text", "key", "hint"), REFUSED)
def test_a_key_that_the_framework_has_not_is_refused(text, key, hint, tmp_path):
    own, spec = {key: 1.0}, parse(text)
    (tmp_path / "run.json").write_text(json.dumps(as_config(text, {"a": own})))
    ways = (
        lambda: resolved(in_words(text, {"a": own})),
        lambda: lrviz.load(tmp_path / "run.json"),
        lambda: lrviz.schedule(spec.name, dict(spec.params), lr=0.1, groups=[own]),
    )
    for way in ways:
        with pytest.raises(lrviz.LrvizError, match=f"has no key '{key}'") as refusal:
            way()
        assert hint in refusal.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(f"{MEGATRON}:groups=a(lr=1,max_lr=2)", "says its LR twice", id="an LR twice"),
        pytest.param(f"{OF_TIMM},lr_scale=0.5,groups=a(lr_scale=2)", "given outright", id="scaled twice"),
        pytest.param(f"{TIMM}:groups=a(lr_scale=x)", "from 0 on", id="text"),
        pytest.param(f"{MEGATRON}:max_lr=1,groups=a(scale=0.1)", "max_lr is given outright", id="outright"),
    ],
)
def test_what_says_the_same_twice_is_refused(text, message):
    with pytest.raises(lrviz.LrvizError, match=message):
        resolved(text)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        pytest.param(TIMM, {"lr": [0.1], "groups": [{}, {}]}, "lr has 1 values", id="another number of LRs"),
        pytest.param(TIMM, {"groups": [{"lr": 0.1}, {}]}, "none was given", id="an LR of one alone"),
        pytest.param(TIMM, {"lr": 0.1, "groups": []}, "at least one", id="no group"),
        pytest.param(TIMM, {"lr": 0.1, "groups": [{"lr_scale": "x"}]}, "must be a number", id="text"),
        pytest.param(TIMM, {"lr": 0.1, "groups": [0.5]}, "a group is a mapping", id="a number"),
        pytest.param(TIMM, {"lr": 0.1, "groups": {"lr": 0.5}}, "groups are a list", id="a mapping"),
        pytest.param("keras.CosineDecay", {"groups": [{}]}, "no param groups", id="without an optimizer"),
    ],
)
def test_groups_in_python_are_checked(name, given, message):
    needed = {"t_initial": 10} if name == TIMM else {"initial_learning_rate": 1.0, "decay_steps": 9}
    with pytest.raises(lrviz.LrvizError, match=message) as refusal:
        lrviz.schedule(name, needed, **given)
    assert refusal.value.hint


def test_every_key_of_a_group_is_a_parameter():
    for entry in catalogue().values():
        assert tuple(entry.group_keys) == entry.framework.group_keys, entry.id
