"""What ``sample_configs/ci`` shows, done as CI would do it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml
from commands import ROOT, run

CI = ROOT / "sample_configs" / "ci"
CONFIGS = ["llm_pretraining.toml", "worked_example.toml"]
FILES = sorted(path.name for path in CI.iterdir())


@pytest.fixture
def checkout(tmp_path):
    """A repository with configs, and lrviz among the commands."""
    shutil.copytree(CI, tmp_path, dirs_exist_ok=True)
    (tmp_path / "configs").mkdir()
    for name in CONFIGS:
        shutil.copy(ROOT / "sample_configs" / name, tmp_path / "configs")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "lrviz"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m lrviz "$@"\n')
    program.chmod(0o755)
    return tmp_path


def shell(folder, *command, **env):
    path = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
    whole = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(command, cwd=folder, env=whole, capture_output=True, text=True, check=False)


def test_each_is_tried_here():
    assert FILES == ["Makefile", "compare.sh", "pre-commit-config.yaml", "workflow.yml"]


@pytest.mark.long
def test_the_workflow(checkout):
    (job,) = yaml.safe_load((checkout / "workflow.yml").read_text())["jobs"].values()
    install, report = [step["run"] for step in job["steps"] if "run" in step]
    assert install == "pip install lrviz"
    done = shell(checkout, "bash", "-e", "-c", report, GITHUB_STEP_SUMMARY=str(checkout / "summary.md"))
    assert done.returncode == 0, done.stderr
    kept = next(step["with"]["path"] for step in job["steps"] if "artifact" in step.get("uses", ""))
    assert (checkout / kept / "index.html").is_file()
    assert "xychart-beta" in (checkout / "summary.md").read_text()
    (checkout / "configs" / "bad.toml").write_text('name = "constant"\nsteps = 9\nlr = 0\n')
    assert shell(checkout, "bash", "-e", "-c", report).returncode == 1


def test_the_hook(checkout):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (repo,) = yaml.safe_load((checkout / "pre-commit-config.yaml").read_text())["repos"]
    (used,) = repo["hooks"]
    assert used["id"] == hook["id"]
    assert re.search(hook["files"], "configs/run.lr.toml")
    assert not re.search(hook["files"], "pyproject.toml")
    names = [path.relative_to(checkout).as_posix() for path in sorted(checkout.rglob("*.*"))]
    names = [name for name in names if re.search(used["files"], name)]
    assert names == [f"configs/{name}" for name in CONFIGS]
    command = shlex.split(hook["entry"])
    assert command[0] == "lrviz"
    assert run(checkout, *command[1:], *names).returncode == 0
    (checkout / names[0]).write_text("nothing here")
    assert run(checkout, *command[1:], *names).returncode == 2


@pytest.mark.long
@pytest.mark.skipif(shutil.which("make") is None and "CI" not in os.environ, reason="there is no make here")
def test_the_rules_of_make(checkout):
    assert shell(checkout, "make", "stale").returncode != 0
    done = shell(checkout, "make")
    assert done.returncode == 0, done.stderr
    assert sorted(path.stem for path in (checkout / "pictures").iterdir()) == [name[:-5] for name in CONFIGS]
    assert "Nothing to be done" in shell(checkout, "make", LC_ALL="C").stdout
    assert shell(checkout, "make", "stale").returncode == 0
    assert shell(checkout, "make", "check").returncode == 0
    (checkout / "configs" / "worked_example.toml").write_text('name = "constant"\nsteps = 9\nlr = 1\n')
    assert "stale" in shell(checkout, "make", "stale").stdout


@pytest.mark.long
def test_the_script(checkout):
    done = shell(checkout, "sh", "compare.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert "cosine: below 1e-5 from step 8902 on" in done.stdout
    assert (checkout / "lr.csv").read_text().count("\n") == 11
