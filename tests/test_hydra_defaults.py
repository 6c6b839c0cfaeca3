"""Configs that hydra composes of the files which their ``defaults`` name, and those of these in turn."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

TOP = "trainer: {devices: 1, max_steps: 1000, max_epochs: -1}\nexp_manager: {}\n"
SCHED = "sched: {name: CosineAnnealing, warmup_steps: 10}\n"
OPTIM = {
    "optim/a.yaml": f"lr: 1.0e-3\n{SCHED}",
    "optim/b.yaml": f"lr: 2.0e-3\n{SCHED}",
    "model/plain.yaml": "name: x\n",
    "model/small.yaml": "defaults:\n- /optim: a\n",
    "model/own.yaml": "defaults:\n- _self_\n- optim: a\noptim: {lr: 5.0e-3}\n",
    "model/last.yaml": "defaults:\n- optim: a\noptim: {lr: 5.0e-3}\n",
    "model/optim/a.yaml": f"lr: 3.0e-3\n{SCHED}",
    "exp/fast.yaml": "# @package _global_\ndefaults:\n- override /optim@model.optim: b\n",
    "exp/more.yaml": "# @package _global_\nmodel: {optim: {lr: 4.0e-3}}\n",
    "exp/relative.yaml": "# @package model.optim\nlr: ${.eps}\neps: 6.0e-3\n",
    "exp/itself.yaml": "defaults:\n- /exp: itself\n",
    "exp/empty.yaml": "# nothing\n",
}
AT = "optim@model.optim"


def settings(folder, lines, options=(), name="config"):
    for file, text in OPTIM.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        write(folder / file, text)
    listed = "".join(f"- {line}\n" for line in lines)
    write(folder / "config.yaml", f"defaults:\n{listed}{TOP}")
    write(folder / "exp" / "whole.yaml", f"# @package _global_\ndefaults:\n- /{AT}: a\n{TOP}")
    line = ["python", "train.py", "--config-path", ".", "--config-name", name, *options]
    return run(folder, "plan", "--trainer", "nemo", "--format", "json", "--", *line)


@pytest.mark.parametrize(
    ("lines", "options", "lr"),
    [
        pytest.param([f"{AT}: a"], [], 1e-3, id="in a package"),
        pytest.param([f"{AT}: a"], [f"{AT}=b"], 2e-3, id="chosen in a package"),
        pytest.param(["model: small", "/optim/b@model.optim"], [], 2e-3, id="the last wins"),
        pytest.param(["model: own"], [], 3e-3, id="its own list, itself first"),
        pytest.param(["model: last"], [], 5e-3, id="its own list, itself last"),
        pytest.param(["model: own"], ["model=last"], 5e-3, id="another of a group"),
        pytest.param(["model/optim: a"], [], 3e-3, id="a group within a group"),
        pytest.param(["/model/optim/a@model.optim"], [], 3e-3, id="a file that is named whole"),
        pytest.param([f"{AT}: a", "exp: fast"], [], 2e-3, id="overridden in a list below"),
        pytest.param([f"{AT}: a", "exp: fast"], [f"{AT}=a"], 1e-3, id="the command wins"),
        pytest.param([f"{AT}: a", "exp: fast", f"override {AT}: a"], [], 1e-3, id="the list above wins"),
        pytest.param([f"{AT}: a", "exp: more"], [], 4e-3, id="a package of its own"),
        pytest.param([f"{AT}: a"], ["+exp=more"], 4e-3, id="one more"),
        pytest.param([f"{AT}: a", "exp: more"], ["~exp"], 1e-3, id="one less"),
        pytest.param([f"{AT}: a", "exp: null"], [], 1e-3, id="none"),
        pytest.param([f"{AT}: a", "exp: [more, relative]"], [], 6e-3, id="several, and a relative value"),
        pytest.param([f"{AT}: a", "exp: empty"], [], 1e-3, id="an empty file"),
        pytest.param([f"{AT}: a", "optional exp: nowhere"], [], 1e-3, id="one that need not be there"),
    ],
)
def test_a_config_is_composed_as_hydra_does(tmp_path, lines, options, lr):
    done = settings(tmp_path, lines, options)
    assert (done.returncode, "warning" in done.stderr) == (0, False), done.stderr
    assert json.loads(done.stdout)["reading"]["settings"]["model.optim.lr"]["value"] == lr


@pytest.mark.parametrize(
    ("lines", "options", "said"),
    [
        pytest.param([f"{AT}: a", "optim: a"], ["model=small"], "hydra stops", id="a group in no list"),
        pytest.param([f"{AT}: a", f"{AT}: b"], [], "is named before, and hydra stops", id="named twice"),
        pytest.param([f"{AT}: a", "override model: own"], [], "no list names it", id="an idle override"),
        pytest.param(["exp: itself"], [], "more than 50 files", id="itself"),
    ],
)
def test_where_hydra_stops(tmp_path, lines, options, said):
    done = settings(tmp_path, lines, options)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_the_name_of_a_config_may_have_folders(tmp_path):
    done = settings(tmp_path, [], name="exp/whole")
    assert json.loads(done.stdout)["reading"]["settings"]["model.optim.lr"]["value"] == 1e-3, done.stderr
