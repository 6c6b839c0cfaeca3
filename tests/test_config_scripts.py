"""Scripts that open a config of detectron2 or mmengine and change it: by options, other names, functions."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

MMENGINE = """
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02))
train_cfg = dict(by_epoch=True, max_epochs=12)
train_dataloader = dict(batch_size=2)
param_scheduler = [dict(type='MultiStepLR', by_epoch=True, milestones=[2], gamma=0.1)]
"""
OPENS = """
import argparse, os, sys
from mmengine.config import Config, DictAction
from mmengine.runner import Runner
parser = argparse.ArgumentParser()
parser.add_argument("config")
parser.add_argument("--lr", type=float)
parser.add_argument("--epochs", type=int, default=4)
parser.add_argument("--cfg-options", nargs="+", action=DictAction)
parser.add_argument("--launcher", default="none")
def opened(args):
    return Config.fromfile(args.config)
"""
PARSED = f"{OPENS}args = parser.parse_args()\ncfg = opened(args)\n"
TRAINS = "\nRunner.from_cfg(cfg).train()\n"
OF_OPTIONS = "if args.cfg_options is not None:\n    cfg.merge_from_dict(args.cfg_options)\n"
SETS_LR = "if args.lr is not None:\n    cfg.optim_wrapper.optimizer.lr = args.lr\n"

DETECTRON2 = """
import argparse, os
from detectron2.config import get_cfg
from detectron2.engine import DefaultTrainer, launch
parser = argparse.ArgumentParser()
parser.add_argument("--iters", type=int, default=300)
def setup(args):
    cfg = get_cfg()
    cfg.SOLVER.MAX_ITER = args.iters
    cfg.SOLVER.STEPS = (args.iters // 2,)
    return cfg
def main(given):
    DefaultTrainer(setup(given)).train()
"""


BESIDE = """
from detectron2.engine import DefaultTrainer
class Own(DefaultTrainer):
    def build_lr_scheduler(self): pass
def add(cfg):
    cfg.SOLVER.MAX_ITER = 80
    cfg.SOLVER.STEPS = (5,)
"""


def mmengine(lines):
    """A script that changes the config that its command names, and trains by it."""
    return f"{PARSED}{lines}{TRAINS}"


def detectron2(lines):
    """A script that makes its config."""
    return f"{DETECTRON2}{lines}\n"


def ask(folder, command, script, words, *options):
    write(folder / "config.py", MMENGINE)
    write(folder / "beside.py", BESIDE)
    write(folder / "own.py", script)
    config = [] if script.startswith(DETECTRON2) else ["config.py"]
    line = ["python", "own.py", *config, *words.split()]
    return run(folder, command, "--dataset-len", "100", *options, "--", *line)


@pytest.mark.parametrize(
    ("script", "words", "lr", "total"),
    [
        pytest.param(mmengine(SETS_LR), "--lr 0.004", "0.004", "600", id="an option"),
        pytest.param(mmengine(SETS_LR), "", "0.02", "600", id="an option that nobody says"),
        pytest.param(
            mmengine("cfg.train_cfg.max_epochs = args.epochs"), "--epochs 3", "0.02", "150", id="whole"
        ),
        pytest.param(mmengine("cfg.optim_wrapper.optimizer.lr = 0.1"), "", "0.1", "600", id="a constant"),
        pytest.param(
            mmengine(OF_OPTIONS + SETS_LR),
            "--lr 0.1 --cfg-options optim_wrapper.optimizer.lr=0.3",
            "0.1",
            "600",
            id="behind its options",
        ),
        pytest.param(
            mmengine(SETS_LR + OF_OPTIONS),
            "--lr 0.1 --cfg-options optim_wrapper.optimizer.lr=0.3",
            "0.3",
            "600",
            id="in front of its options",
        ),
        pytest.param(
            mmengine("opt = cfg.optim_wrapper.optimizer\nopt.lr = 0.1"), "", "0.1", "600", id="another name"
        ),
        pytest.param(
            mmengine("def tweak(c, by):\n    c.optim_wrapper.optimizer.lr = by\ntweak(cfg, args.epochs)"),
            "",
            "4",
            "600",
            id="a function",
        ),
        pytest.param(
            mmengine("setattr(cfg.train_cfg, 'max_epochs', 2)"), "", "0.02", "100", id="its setattr"
        ),
        pytest.param(
            mmengine("cfg.param_scheduler[0].milestones = [1]\ncfg.work_dir = args.launcher"),
            "",
            "0.02",
            "600",
            id="an item",
        ),
        pytest.param(
            mmengine(
                "for one in cfg.param_scheduler:\n    if one.type == 'MultiStepLR':\n"
                "        cfg.train_cfg.max_epochs = one.milestones[0]"
            ),
            "",
            "0.02",
            "100",
            id="a loop over its parts",
        ),
        pytest.param(
            mmengine(
                "del cfg.param_scheduler[0]\n"
                "cfg.param_scheduler.append(dict(type='ConstantLR', factor=0.5, by_epoch=True))"
            ),
            "",
            "0.01",
            "600",
            id="another item",
        ),
        pytest.param(
            mmengine("cfg.optim_wrapper.update(dict(optimizer=dict(lr=1)))"), "", "1", "600", id="update"
        ),
        pytest.param(
            mmengine("for key, value in {'max_epochs': 2}.items():\n    cfg.train_cfg[key] = value"),
            "",
            "0.02",
            "100",
            id="by their names",
        ),
        pytest.param(
            mmengine("other = cfg.copy()\nother.train_cfg.max_epochs = 2"), "", "0.02", "600", id="a copy"
        ),
        pytest.param(
            mmengine(
                "cfg.optim_wrapper.optimizer.lr /= 4\nrunner = Runner.from_cfg(cfg)\n"
                "cfg.train_cfg.max_epochs = 2\nrunner.train()"
            ),
            "",
            "0.005",
            "600",
            id="behind what trains",
        ),
        pytest.param(
            mmengine(
                "class Own:\n    def __init__(self, cfg):\n        self.cfg = cfg\n"
                "    def shorten(self):\n        self.cfg.train_cfg.max_epochs = 3\nOwn(cfg).shorten()"
            ),
            "",
            "0.02",
            "150",
            id="a method",
        ),
        pytest.param(mmengine("for i in range(10 ** 30):\n    pass"), "", "0.02", "600", id="a long loop"),
        pytest.param(f"{mmengine('')}return\n", "", "0.02", "600", id="a return of no function"),
        pytest.param(detectron2("main(parser.parse_args())"), "--iters 90", "1e-6", "90", id="called"),
        pytest.param(
            detectron2("a = parser.parse_args()\nlaunch(main, 2, args=(a,))"),
            "--iters 90",
            "1e-6",
            "90",
            id="launched",
        ),
        pytest.param(
            detectron2("a = parser.parse_args()\nlaunch(main, 2, args=(a,))"),
            "",
            "1e-6",
            "300",
            id="its default",
        ),
        pytest.param(
            detectron2(
                "cfg = get_cfg()\ns = cfg.SOLVER\ns.MAX_ITER = int(os.environ.get('ITERS', 70))\ns.STEPS = ()"
            ),
            "",
            "1e-6",
            "70",
            id="its environment",
        ),
        pytest.param(
            detectron2("from beside import add\ncfg = get_cfg()\nadd(cfg)\nDefaultTrainer(cfg).train()"),
            "",
            "1e-6",
            "80",
            id="a module beside",
        ),
        pytest.param(
            detectron2("import beside\ncfg = get_cfg()\nbeside.add(cfg)\nDefaultTrainer(cfg).train()"),
            "",
            "1e-6",
            "80",
            id="by its module",
        ),
        pytest.param(
            detectron2(
                "cfg = get_cfg()\ncfg.SOLVER.STEPS = ()\ncfg.SOLVER.MAX_ITER = 40\n"
                "DefaultTrainer(cfg).train()\ncfg.SOLVER.MAX_ITER = 20\nDefaultTrainer(cfg).train()"
            ),
            "",
            "1e-6",
            "40",
            id="the first of two",
        ),
    ],
)
def test_what_a_script_sets_of_its_config_counts(tmp_path, script, words, lr, total):
    done = ask(tmp_path, "plan", script, words, "--get", "total", "-q")
    assert (done.returncode, done.stdout.strip()) == (0, total), done.stderr
    shown = ask(tmp_path, "values", script, words, "--at", "0", "--plain", "-q")
    assert float(shown.stdout.split()[-1]) == float(lr), shown.stderr


@pytest.mark.parametrize(
    ("script", "words", "said", "code"),
    [
        pytest.param(
            mmengine("cfg.optim_wrapper.optimizer.lr = 0.1 * int(os.environ['SIZE'])"),
            "",
            "does not say optim_wrapper.optimizer.lr (what line",
            2,
            id="what only the run tells",
        ),
        pytest.param(
            mmengine("if ready():\n    cfg.train_cfg.max_epochs = 3"),
            "",
            "does not say train_cfg.max_epochs (what line",
            2,
            id="what may not run",
        ),
        pytest.param(
            mmengine("from lib import adapt\ncfg = adapt(cfg)"),
            "",
            "optim_wrapper.optimizer.lr (what adapt in line",
            2,
            id="a function that is not here",
        ),
        pytest.param(
            mmengine("for one in cfg.param_scheduler:\n    setattr(one, ready(), 1)"),
            "",
            "does not say param_scheduler",
            2,
            id="a key that nobody knows",
        ),
        pytest.param(
            mmengine("cfg.merge_from_dict(ready())"),
            "",
            "optim_wrapper.optimizer.lr (what line",
            2,
            id="pairs that nobody knows",
        ),
        pytest.param(
            mmengine(
                "class R(Runner):\n    def build_param_scheduler(self, s):\n        return []\n"
                "R.from_cfg(cfg).train()"
            ),
            "",
            "has its own build_param_scheduler, which is not read",
            2,
            id="a Runner of its own",
        ),
        pytest.param(
            mmengine("if ready():\n    tool = Fast()\nelse:\n    tool = Slow()\ntool.change(cfg)"),
            "",
            "optim_wrapper.optimizer.lr (what tool.change in line",
            2,
            id="a method of one of several",
        ),
        pytest.param(PARSED, "--rate 0.1", "own.py has no option --rate, and stops at it", 2, id="no option"),
        pytest.param(
            f"{PARSED}r = Runner.from_cfg(cfg)\nr._max_epochs = 3\nr.train()\n",
            "",
            "sets trainer._max_epochs: the run may be another than this",
            0,
            id="set of the Runner",
        ),
        pytest.param(
            detectron2("from lib import add\ncfg = get_cfg()\nadd(cfg)\nDefaultTrainer(cfg)"),
            "",
            "SOLVER.MAX_ITER (what add in line",
            2,
            id="what is not here makes it",
        ),
        pytest.param(
            detectron2("from lib import OwnTrainer\nOwnTrainer(setup(parser.parse_args())).train()"),
            "",
            "is of a module that is not read",
            0,
            id="a trainer that is not here",
        ),
        pytest.param(
            detectron2("from beside import Own\nOwn(setup(parser.parse_args())).train()"),
            "",
            "beside.py:4 has its own build_lr_scheduler",
            2,
            id="a trainer beside",
        ),
        pytest.param(
            detectron2("t = DefaultTrainer(setup(parser.parse_args()))\nt.max_iter = 5\nt.train()"),
            "",
            "sets trainer.max_iter of the trainer",
            0,
            id="set of the trainer",
        ),
    ],
)
def test_what_a_script_may_set_is_asked_for_or_said(tmp_path, script, words, said, code):
    done = ask(tmp_path, "plan", script, words)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_a_config_sees_the_environment_of_its_command(tmp_path):
    write(
        tmp_path / "config.py",
        f"import os\nn = int(os.environ.get('N', 8))\n{MMENGINE}train_cfg['max_epochs'] = n\n",
    )
    line = "python tools/train.py config.py --launcher none"
    for before, total in (("N=3 ", "150"), ("", "400")):
        done = run(tmp_path, "plan", "--dataset-len", "100", "--get", "total", "--args", before + line)
        assert done.stdout.strip() == total, done.stderr
    assert "N=8 of its environment (assumed)" in done.stderr
