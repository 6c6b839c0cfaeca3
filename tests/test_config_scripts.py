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
    ],
)
def test_what_a_script_sets_of_the_config_that_a_command_names_counts(tmp_path, lines, words, lr, total):
    line = f"python own.py config.py {words}"
    done = plan(tmp_path, f"{lines}{TRAINS}", line, "total")
    assert (done.returncode, done.stdout.strip()) == (0, total), done.stderr
    shown = run(tmp_path, "values", "--dataset-len", "100", "--at", "0", "--plain", "-q", "--", *line.split())
    assert float(shown.stdout.split()[-1]) == float(lr), shown.stderr


@pytest.mark.parametrize(
    ("lines", "words", "said"),
    [
        pytest.param(
            f"{PARSED}cfg.optim_wrapper.optimizer.lr = 0.1 * int(os.environ['WORLD_SIZE'])",
            "",
            "does not say optim_wrapper.optimizer.lr (what line",
            id="what only the run tells",
        ),
        pytest.param(
            f"{PARSED}for one in cfg.param_scheduler:\n    one.milestones = [1]",
            "",
            "does not say param_scheduler (what line",
            id="each of a list",
        ),
        pytest.param(
            f"{PARSED}for i in range(1):\n    cfg.param_scheduler[i].gamma = 0.5",
            "",
            "does not say param_scheduler (what line",
            id="by its number",
        ),
        pytest.param(
            f"{PARSED}cfg.param_scheduler.append(dict(type='ExponentialLR', gamma=0.9))",
            "",
            "does not say param_scheduler (what line",
            id="one more",
        ),
        pytest.param(
            f"{PARSED}del cfg.param_scheduler[0]",
            "",
            "does not say param_scheduler (what line",
            id="one less",
        ),
        pytest.param(
            f"{PARSED}cfg.optim_wrapper.update(dict(optimizer=dict(lr=1)))",
            "",
            "cfg.optim_wrapper.update() changes the config and is not read",
            id="a call",
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
    ],
)
def test_detectron2_has_what_the_options_of_its_script_say(tmp_path, lines, words, total):
    done = plan(tmp_path, f"{DETECTRON2}{lines}\n", f"python own.py {words}", "total")
    assert (done.returncode, done.stdout.strip()) == (0, total), done.stderr


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
