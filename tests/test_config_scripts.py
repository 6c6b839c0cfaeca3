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


def plan(folder, lines, words, get):
    write(folder / "config.py", MMENGINE)
    write(folder / "own.py", lines)
    return run(folder, "plan", "--dataset-len", "100", "--get", get, "-q", "--", *words.split())


@pytest.mark.parametrize(
    ("lines", "words", "lr", "total"),
    [
        pytest.param(f"{PARSED}{SETS_LR}", "--lr 0.004", "0.004", "600", id="an option"),
        pytest.param(f"{PARSED}{SETS_LR}", "", "0.02", "600", id="an option that nobody says"),
        pytest.param(
            f"{PARSED}cfg.train_cfg.max_epochs = args.epochs", "--epochs 3", "0.02", "150", id="whole"
        ),
        pytest.param(f"{PARSED}cfg.optim_wrapper.optimizer.lr = 0.1", "", "0.1", "600", id="a constant"),
        pytest.param(
            f"{PARSED}{OF_OPTIONS}{SETS_LR}",
            "--lr 0.1 --cfg-options optim_wrapper.optimizer.lr=0.3",
            "0.1",
            "600",
            id="behind its options",
        ),
        pytest.param(
            f"{PARSED}{SETS_LR}{OF_OPTIONS}",
            "--lr 0.1 --cfg-options optim_wrapper.optimizer.lr=0.3",
            "0.3",
            "600",
            id="in front of its options",
        ),
        pytest.param(
            f"{PARSED}opt = cfg.optim_wrapper.optimizer\nopt.lr = 0.1", "", "0.1", "600", id="another name"
        ),
        pytest.param(
            f"{PARSED}def tweak(c, by):\n    c.optim_wrapper.optimizer.lr = by\ntweak(cfg, args.epochs)",
            "",
            "4",
            "600",
            id="a function",
        ),
        pytest.param(f"{PARSED}setattr(cfg.train_cfg, 'max_epochs', 2)", "", "0.02", "100", id="its setattr"),
        pytest.param(
            f"{PARSED}cfg.param_scheduler[0].milestones = [1]\ncfg.work_dir = args.launcher",
            "",
            "0.02",
            "600",
            id="an item",
        ),
        pytest.param(
            f"{PARSED}for one in cfg.param_scheduler:\n    if one.type == 'MultiStepLR':\n"
            "        cfg.train_cfg.max_epochs = one.milestones[0]",
            "",
            "0.02",
            "100",
            id="a loop over its parts",
        ),
        pytest.param(
            f"{PARSED}del cfg.param_scheduler[0]\n"
            "cfg.param_scheduler.append(dict(type='ConstantLR', factor=0.5, by_epoch=True))",
            "",
            "0.01",
            "600",
            id="another item",
        ),
        pytest.param(
            f"{PARSED}cfg.optim_wrapper.update(dict(optimizer=dict(lr=1)))", "", "1", "600", id="update"
        ),
        pytest.param(
            f"{PARSED}for key, value in {{'max_epochs': 2}}.items():\n    cfg.train_cfg[key] = value",
            "",
            "0.02",
            "100",
            id="by their names",
        ),
        pytest.param(
            f"{PARSED}other = cfg.copy()\nother.train_cfg.max_epochs = 2", "", "0.02", "600", id="a copy"
        ),
        pytest.param(
            f"{PARSED}cfg.optim_wrapper.optimizer.lr /= 4\nrunner = Runner.from_cfg(cfg)\n"
            "cfg.train_cfg.max_epochs = 2\nrunner.train()",
            "",
            "0.005",
            "600",
            id="behind what trains",
        ),
        pytest.param(
            f"{PARSED}class Own:\n    def __init__(self, cfg):\n        self.cfg = cfg\n"
            "    def shorten(self):\n        self.cfg.train_cfg.max_epochs = 3\nOwn(cfg).shorten()",
            "",
            "0.02",
            "150",
            id="a method",
        ),
    ],
)
def test_what_a_script_sets_of_the_config_that_a_command_names_counts(tmp_path, lines, words, lr, total):
    line = f"python own.py config.py {words}"
    done = plan(tmp_path, f"{lines}{TRAINS}", line, "total")
    assert (done.returncode, done.stdout.strip()) == (0, total), done.stderr
    shown = run(tmp_path, "values", "--dataset-len", "100", "--at", "0", "--plain", "-q", "--", *line.split())
    assert float(shown.stdout.split()[-1]) == float(lr), shown.stderr


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param(
            "for i in range(10 ** 30):\n    pass\nRunner.from_cfg(cfg).train()", "", id="a long loop"
        ),
        pytest.param("Runner.from_cfg(cfg).train()\nreturn", "", id="a return of no function"),
        pytest.param(
            "r = Runner.from_cfg(cfg)\nr._max_epochs = 3\nr.train()",
            "sets trainer._max_epochs: the run may be another than this",
            id="set of the Runner",
        ),
    ],
)
def test_a_script_of_another_kind_is_read_to_its_end(tmp_path, lines, said):
    write(tmp_path / "config.py", MMENGINE)
    write(tmp_path / "own.py", f"{PARSED}{lines}\n")
    line = ["python", "own.py", "config.py"]
    done = run(tmp_path, "plan", "--dataset-len", "100", "--get", "total", "--", *line)
    assert (done.returncode, done.stdout.strip(), said in done.stderr) == (0, "600", True), done.stderr


@pytest.mark.parametrize(
    ("lines", "words", "said"),
    [
        pytest.param(
            f"{PARSED}cfg.optim_wrapper.optimizer.lr = 0.1 * int(os.environ['SIZE'])",
            "",
            "does not say optim_wrapper.optimizer.lr (what line",
            id="what only the run tells",
        ),
        pytest.param(
            f"{PARSED}if ready():\n    cfg.train_cfg.max_epochs = 3",
            "",
            "does not say train_cfg.max_epochs (what line",
            id="what may not run",
        ),
        pytest.param(
            f"from lib import adapt\n{PARSED}cfg = adapt(cfg)",
            "",
            "optim_wrapper.optimizer.lr (what adapt in line",
            id="a function that is not here",
        ),
        pytest.param(
            f"{PARSED}for one in cfg.param_scheduler:\n    setattr(one, ready(), 1)",
            "",
            "does not say param_scheduler",
            id="a key that nobody knows",
        ),
        pytest.param(
            f"{PARSED}cfg.merge_from_dict(ready())",
            "",
            "optim_wrapper.optimizer.lr (what line",
            id="pairs that nobody knows",
        ),
        pytest.param(
            f"{PARSED}class R(Runner):\n    def build_param_scheduler(self, s):\n        return []\n"
            "R.from_cfg(cfg).train()",
            "",
            "has its own build_param_scheduler, which is not read",
            id="a Runner of its own",
        ),
        pytest.param(
            f"{PARSED}if ready():\n    tool = Fast()\nelse:\n    tool = Slow()\ntool.change(cfg)",
            "",
            "optim_wrapper.optimizer.lr (what tool.change in line",
            id="a method of one of several",
        ),
        pytest.param(PARSED, "--rate 0.1", "own.py has no option --rate, and stops at it", id="no option"),
    ],
)
def test_what_a_script_may_set_is_asked_for(tmp_path, lines, words, said):
    done = plan(tmp_path, f"{lines}{TRAINS}", f"python own.py config.py {words}", "total")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("lines", "words", "total"),
    [
        pytest.param("main(parser.parse_args())", "--iters 90", "90", id="called"),
        pytest.param(
            "a = parser.parse_args()\nlaunch(main, 2, args=(a,))", "--iters 90", "90", id="launched"
        ),
        pytest.param("a = parser.parse_args()\nlaunch(main, 2, args=(a,))", "", "300", id="its default"),
        pytest.param(
            "cfg = get_cfg()\ns = cfg.SOLVER\ns.MAX_ITER = int(os.environ.get('ITERS', 70))\ns.STEPS = ()",
            "",
            "70",
            id="its environment",
        ),
        pytest.param(
            "from beside import add\ncfg = get_cfg()\nadd(cfg)\nDefaultTrainer(cfg).train()",
            "",
            "80",
            id="a module beside",
        ),
        pytest.param(
            "import beside\ncfg = get_cfg()\nbeside.add(cfg)\nDefaultTrainer(cfg).train()",
            "",
            "80",
            id="by its module",
        ),
        pytest.param(
            "cfg = get_cfg()\ncfg.SOLVER.STEPS = ()\ncfg.SOLVER.MAX_ITER = 40\nDefaultTrainer(cfg).train()\n"
            "cfg.SOLVER.MAX_ITER = 20\nDefaultTrainer(cfg).train()",
            "",
            "40",
            id="the first of two",
        ),
    ],
)
def test_detectron2_has_what_the_options_of_its_script_say(tmp_path, lines, words, total):
    write(
        tmp_path / "beside.py", "def add(cfg):\n    cfg.SOLVER.MAX_ITER = 80\n    cfg.SOLVER.STEPS = (5,)\n"
    )
    done = plan(tmp_path, f"{DETECTRON2}{lines}\n", f"python own.py {words}", "total")
    assert (done.returncode, done.stdout.strip()) == (0, total), done.stderr


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param(
            "from lib import add\ncfg = get_cfg()\nadd(cfg)\nDefaultTrainer(cfg)",
            "SOLVER.MAX_ITER (what add in line",
            id="a function that is not here",
        ),
        pytest.param(
            "from lib import OwnTrainer\nOwnTrainer(setup(parser.parse_args())).train()",
            "is of a module that is not read",
            id="a trainer that is not here",
        ),
        pytest.param(
            "from beside import Own\nOwn(setup(parser.parse_args())).train()",
            "beside.py:3 has its own build_lr_scheduler",
            id="a trainer beside",
        ),
        pytest.param(
            "t = DefaultTrainer(setup(parser.parse_args()))\nt.max_iter = 5\nt.train()",
            "sets trainer.max_iter of the trainer",
            id="set of the trainer",
        ),
    ],
)
def test_what_detectron2_may_be_told_elsewhere_is_said(tmp_path, lines, said):
    own = "class Own(DefaultTrainer):\n    def build_lr_scheduler(self): pass\n"
    write(tmp_path / "beside.py", f"from detectron2.engine import DefaultTrainer\n{own}")
    write(tmp_path / "own.py", f"{DETECTRON2}{lines}\n")
    assert said in run(tmp_path, "plan", "--", "python", "own.py").stderr


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
