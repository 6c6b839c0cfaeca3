"""Scripts whose config stands in them, as mmengine's Runner is handed it."""

from __future__ import annotations

import pytest
from commands import run

HEAD = """
from mmengine.config import Config
from mmengine.optim import LinearLR
from mmengine.runner import Runner
from torch.utils.data import DataLoader, DistributedSampler
"""
LOADER = "train_dataloader=dict(batch_size=10)"
REST = (
    "optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.05)), "
    "param_scheduler=dict(type='MultiStepLR', milestones=[1]), train_cfg=dict(by_epoch=True, max_epochs=2)"
)
CONFIG = f"cfg = Config(dict({LOADER}, {REST}))\n"
OPTIONS = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--size", type=int, default=10)
args = parser.parse_args()
"""


def _plan(folder, lines, *words):
    (folder / "a.py").write_text(HEAD + lines)
    return run(folder, "plan", "--world-size", "2", "--dataset-len", "1000", "--get", "total", *words)


@pytest.mark.parametrize(
    ("lines", "steps"),
    [
        pytest.param(f"Runner(model=m(), {LOADER}, {REST}).train()", 100, id="keywords"),
        pytest.param(f"cfg = dict({LOADER}, {REST})\nRunner(model=m(), **cfg).train()", 100, id="a dict"),
        pytest.param(f"Runner(model=m(), train_dataloader=DataLoader(ds, 10), {REST})", 200, id="a loader"),
        pytest.param(
            f"l = DataLoader(ds, batch_size=10, sampler=DistributedSampler(ds))\n"
            f"Runner(model=m(), train_dataloader=l, {REST})",
            100,
            id="a loader that shares",
        ),
        pytest.param(
            f"cfg = dict({LOADER}, {REST})\nRunner.from_cfg(Config(cfg)).train()", 100, id="from_cfg"
        ),
        pytest.param(f"{CONFIG}Runner.from_cfg(cfg=cfg).train()", 100, id="by name"),
        pytest.param(f"{CONFIG}cfg.train_cfg.max_epochs = 5\nRunner.from_cfg(cfg)", 250, id="a key set"),
        pytest.param(
            f"{CONFIG}cfg.train_cfg = dict(by_epoch=True, max_epochs=5)\nRunner.from_cfg(cfg)",
            250,
            id="a table set",
        ),
    ],
)
def test_the_keywords_of_a_runner_are_its_config(tmp_path, lines, steps):
    done = _plan(tmp_path, lines, "a.py")
    assert (done.returncode, done.stdout) == (0, f"{steps}\n"), done.stderr


def test_options_of_the_script_go_into_it(tmp_path):
    lines = f"{OPTIONS}Runner(model=m(), train_dataloader=dict(batch_size=args.size), {REST}).train()"
    done = _plan(tmp_path, lines, "--", "python", "a.py", "--size", "50")
    assert (done.returncode, done.stdout) == (0, "20\n"), done.stderr


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param(
            f"{CONFIG}cfg.merge_from_dict(options)\nRunner.from_cfg(cfg)",
            "does not say optim_wrapper.optimizer.lr (what line 7 sets)",
            id="call",
        ),
        pytest.param(
            f"Runner({LOADER}, {REST})\nRunner({LOADER}, {REST})",
            "2 calls may train: Runner in line",
            id="two",
        ),
        pytest.param(
            f"Runner({LOADER}, param_scheduler=LinearLR(o), {REST.replace('param_scheduler', 'resume')})",
            "does not say LinearLR() in line",
            id="an object",
        ),
    ],
)
def test_what_is_not_known_of_it_is_asked_for(tmp_path, lines, said):
    done = _plan(tmp_path, lines, "a.py")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
