"""Misspelt keys of an mmengine config, those of MMCV 1, and hooks and classes of a project's own."""

from __future__ import annotations

import pytest
from commands import run

BASE = """
train_cfg = dict(type="EpochBasedTrainLoop", max_epochs=12)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="SGD", lr=0.02))
param_scheduler = [dict(type="MultiStepLR", milestones=[8, 11], gamma=0.1)]
train_dataloader = dict(batch_size=2)
"""


def planned(folder, line, base=BASE):
    (folder / "base.py").write_text(base)
    (folder / "a.py").write_text(f'_base_ = "base.py"\n{line}\n')
    return run(folder, "plan", "a.py", "--dataset-len", "1000", "--world-size", "1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            'param_schedular = [dict(type="CosineAnnealingLR")]',
            "param_schedular is no key of mmengine, which passes over it: its schedule moves no LR",
            id="param_scheduler",
        ),
        pytest.param("optim_wraper = dict(optimizer=dict(lr=0.1))", "write optim_wrapper", id="a table"),
        pytest.param('custom_hook = [dict(type="EarlyStoppingHook")]', "hooks are not called", id="hooks"),
        pytest.param('lr_config = dict(policy="step")', "its policy moves no LR", id="mmcv 1"),
        pytest.param(
            'optim_wrapper = dict(paramwise_cfg=dict(custom_keys={"a": dict(lr_mul=0.1)}))',
            "custom_keys.a.lr_mul is no key of mmengine, which passes over it: no group gets it",
            id="a factor",
        ),
        pytest.param(
            'custom_hooks = [dict(type="EMAHook"), dict(type="net.Own")]',
            "the hook Own is not read",
            id="hook",
        ),
        pytest.param(
            'default_hooks = dict(visualization=dict(type="DetVisualizationHook"), own=dict(type="Own"))',
            "the hook Own is not read: it may move the LR, or stop the run",
            id="a default hook",
        ),
        pytest.param(
            'custom_hooks = [dict(type="SimSiamHook", fix_pred_lr=True, lr=0.05)]',
            "the hook SimSiamHook sets the LR of the groups with fix_lr",
            id="simsiam",
        ),
        pytest.param(
            'train_dataloader = dict(sampler=dict(type="InfiniteSampler"))',
            "never ends an epoch",
            id="a sampler",
        ),
        pytest.param(
            'strategy = dict(type="DeepSpeedStrategy", gradient_accumulation_steps=4)',
            "while 4 of them accumulate",
            id="a strategy",
        ),
        pytest.param(
            'optim_wrapper = dict(constructor="net.Own")', "may give its groups LRs of their own", id="groups"
        ),
    ],
)
def test_what_is_passed_over_or_not_read_is_said(line, said, tmp_path):
    done = planned(tmp_path, line)
    assert (done.returncode, said in done.stderr, done.stderr.count("warning")) == (0, True, 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            "optim_wrapper = dict(accumulative_count=4)",
            "a.py:2: optim_wrapper.accumulative_count is no argument of OptimWrapper: mmengine stops",
            id="of a wrapper",
        ),
        pytest.param("train_dataloader = dict(batchsize=4)", "hint: write batch_size", id="of a loader"),
        pytest.param("train_cfg = dict(max_epoch=3)", "hint: write max_epochs", id="of a loop"),
        pytest.param(
            'train_cfg = dict(type="IterBasedTrainLoop", max_iters=800)',
            "base.py:2: train_cfg.max_epochs is no argument of IterBasedTrainLoop: mmengine stops",
            id="left from a base",
        ),
    ],
)
def test_what_a_class_does_not_take_is_refused(line, said, tmp_path):
    done = planned(tmp_path, line)
    assert (done.returncode, said in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            'param_schedulers = [dict(type="StepLR", step_size=8)]\nparam_scheduler = param_schedulers',
            id="a name for the value",
        ),
        pytest.param('h = dict(type="EMAHook")\ncustom_hook = h\ncustom_hooks = [h]', id="a part of it"),
        pytest.param("val_cfg = dict()\ntest_cfg = dict()\nmax_epochs = 3", id="others"),
        pytest.param('optim_wrapper = dict(type="Own", accumulative_count=4)', id="a class of one's own"),
    ],
)
def test_names_that_a_config_has_for_itself_are_no_slips(line, tmp_path):
    done = planned(tmp_path, line)
    assert (done.returncode, "no key" in done.stderr) == (0, False)


def test_a_run_without_schedulers_is_said_to_have_one_lr(tmp_path):
    done = planned(tmp_path, "", BASE.replace("param_scheduler", "others"))
    assert "note: a.py: no param_scheduler: one LR from end to end" in done.stderr


SGD = BASE.replace("lr=0.02", "lr=0.02, momentum=0.9")


@pytest.mark.parametrize(
    ("optimizer", "said"),
    [
        pytest.param(
            'dict(type="AdamW", lr=1e-4)',
            "base.py:3: optim_wrapper.optimizer.momentum is no argument of AdamW: mmengine stops",
            id="of the base's class",
        ),
        pytest.param('dict(_delete_=True, type="AdamW", lr=1e-4)', "", id="without those of the base"),
        pytest.param("dict(lr=1e-4, nesterov=True)", "", id="of its class"),
        pytest.param(
            "dict(weight_decays=0.1)", "optimizer.weight_decays is no argument of SGD", id="misspelt"
        ),
        pytest.param('dict(type="Own", lr=1e-4)', "", id="a class of its own"),
        pytest.param('dict(_scope_="mmdet", lr=1e-4)', "", id="a scope, which the registry takes"),
    ],
)
def test_an_optimizer_over_that_of_a_base_keeps_its_keys(tmp_path, optimizer, said):
    done = planned(tmp_path, f"optim_wrapper = dict(optimizer={optimizer})", SGD)
    assert (done.returncode, said in done.stderr) == (2 if said else 0, True), done.stderr
    assert said or "no argument" not in done.stderr


@pytest.mark.parametrize(
    ("before", "stops"),
    [
        pytest.param("import numpy as np", True, id="another's"),
        pytest.param("from mmdet.models import RetinaNet", True, id="a name of another's"),
        pytest.param("from math import sqrt", False, id="Python's own"),
        pytest.param("from mmengine.config import Config", False, id="mmengine's own"),
    ],
)
def test_an_import_before_the_bases_makes_a_lazy_config(tmp_path, before, stops):
    (tmp_path / "base.py").write_text(BASE)
    for name, text in ("a", f"{before}\n_base_ = 'base.py'\n"), ("b", f"_base_ = 'base.py'\n{before}\n"):
        (tmp_path / f"{name}.py").write_text(text)
        done = run(tmp_path, "plan", f"{name}.py", "--dataset-len", "1000", "--world-size", "1")
        is_refused = stops and name == "a"
        assert (done.returncode, "for a lazy one" in done.stderr) == (2 if is_refused else 0, is_refused)
