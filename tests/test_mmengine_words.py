"""Options and words at which OpenMMLab's ``tools/train.py`` stops, its launchers' and ``DictAction``'s."""

from __future__ import annotations

import pytest
from commands import FOREIGN, run

CONFIG = "configs/detector.py"
OWN = """
import argparse
from mmengine.config import Config, DictAction
from mmengine.runner import Runner
parser = argparse.ArgumentParser()
parser.add_argument("config")
parser.add_argument("--cfg-options", nargs="+", action=DictAction)
args = parser.parse_args()
cfg = Config.fromfile(args.config)
cfg.merge_from_dict(args.cfg_options)
Runner.from_cfg(cfg).train()
"""
LR = "optim_wrapper.optimizer.lr"


@pytest.fixture
def project(tmp_path):
    for file in (CONFIG, "bases/two_dozen_epochs.py"):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_bytes((FOREIGN / "mmengine" / file).read_bytes())
    return tmp_path


def planned(folder, line):
    return run(folder, "plan", "--dataset-len", "1001", "--get", "total", "--", *line)


@pytest.mark.parametrize("script", [pytest.param("", id="not here"), pytest.param(OWN, id="here")])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--cfg-options", LR, "1e-3"], f"{LR} has no =", id="no sign"),
        pytest.param(["--cfg-options", LR, "=1e-3"], f"{LR} has no =", id="a blank"),
        pytest.param(["--cfg-options", f"{LR} = 1e-3"], f"write {LR}=1e-3, without a blank", id="blanks"),
        pytest.param(["--cfg-options", f"{LR}=1e-3", "seed"], "seed has no =", id="one more"),
        pytest.param([f"{LR}=1e-3"], "stops at it", id="without the option"),
        pytest.param(["4"], "4 is neither an option nor the value of one", id="a number"),
    ],
)
def test_words_at_which_the_parser_stops_are_refused(script, words, said, project):
    if script:
        (project / "train.py").write_text(script)
    done = planned(project, ["python", "train.py", CONFIG, *words])
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_an_option_of_several_words_takes_the_config_behind_it(project):
    done = planned(project, ["python", "train.py", "--cfg-options", f"{LR}=1e-3", CONFIG])
    assert (done.returncode, "write the config before --cfg-options" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"python tools/train.py --launch none {CONFIG}", id="one with a value"),
        pytest.param(f"python tools/train.py --work-d out --am {CONFIG}", id="one without"),
        pytest.param(f"python tools/train.py --res {CONFIG}", id="one that may have a value"),
        pytest.param(f"python tools/train.py --deter {CONFIG} --cfg-opt {LR}=1e-3", id="of several words"),
    ],
)
def test_an_option_that_is_cut_short_leaves_the_config_its_place(line, project):
    whole = planned(project, ["python", "tools/train.py", CONFIG])
    done = planned(project, line.split())
    assert (done.returncode, done.stdout) == (0, whole.stdout), done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            f"tools/dist_train.sh {CONFIG} 2 {LR}=1", f"write --cfg-options {LR}=1", id="dist_train"
        ),
        pytest.param(f"mim train mmdet {CONFIG} 2", "2 is neither", id="mim"),
        pytest.param(f"python tools/train.py {CONFIG} --gpus 4", "one of MMCV 1's (mmdet 2", id="gpus"),
        pytest.param(f"python tools/train.py {CONFIG} --gpu-id 1", "CUDA_VISIBLE_DEVICES=0", id="gpu-id"),
        pytest.param(f"tools/dist_train.sh {CONFIG} 4 --gpus 4", "one of MMCV 1's (mmdet 2", id="handed on"),
        pytest.param(f"python tools/train.py {CONFIG} --partition a", "no option of train.py", id="of mim"),
    ],
)
def test_what_only_others_take_is_refused(line, said, project):
    done = planned(project, line.split())
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_a_launching_script_cuts_a_quoted_option_at_its_blanks(project):
    done = planned(project, ["tools/dist_train.sh", CONFIG, "2", "--cfg-options", f"{LR}=[1, 2]"])
    assert (done.returncode, "2] has no =" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--work-dir", "out", CONFIG], id="behind a value"),
        pytest.param(["--amp", CONFIG], id="behind a switch"),
        pytest.param(["--resume", CONFIG], id="behind what may have a value"),
        pytest.param(["--resume", "last.pth", CONFIG], id="and has one"),
        pytest.param([f"--cfg-options={LR}=1", CONFIG], id="behind a joined one"),
        pytest.param([CONFIG, "--gpus", "4"], id="what yours has"),
    ],
)
def test_a_config_stands_wherever_the_parser_takes_it(words, project):
    given = ["--dataset-len", "1001", "--given", "gpus=yes", "--get", "total"]
    done = run(project, "plan", *given, "--", "python", "train.py", *words)
    assert (done.stdout, done.returncode) == (f"{24 * 501}\n", 0), done.stderr
