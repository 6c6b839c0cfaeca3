"""``git:REV:PATH``: a file as it was at a revision stands where a file may."""

from __future__ import annotations

import os

import pytest
from commands import run
from configs import write
from repositories import commit, git

CONFIG = 'name = "cosine"\nlr = 1e-3\nwarmup = 10\nsteps = {steps}\n'
WAY = "git:HEAD~1:run.toml"


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """Two revisions of a config, the second of 200 steps; beside it a folder."""
    folder = tmp_path_factory.mktemp("repository")
    for steps in (100, 200):
        write(folder / "run.toml", CONFIG.format(steps=steps))
        write(folder / "sub" / "in.toml", CONFIG.format(steps=steps))
        commit(folder, str(steps))
    write(folder / "new.toml", CONFIG.format(steps=3))
    write(folder / "run.toml", CONFIG.format(steps=300))
    return folder


@pytest.mark.parametrize(
    ("word", "steps"),
    [
        pytest.param("git:HEAD:run.toml", 200, id="the newest"),
        pytest.param("git:HEAD~1:run.toml", 100, id="one before"),
        pytest.param("git:HEAD~1:./run.toml", 100, id="from here"),
        pytest.param("git:HEAD~1:sub/../run.toml", 100, id="around"),
        pytest.param("git:HEAD~1:sub/in.toml", 100, id="in a folder"),
        pytest.param("git:HEAD^{/100}:run.toml", 100, id="by its message"),
        pytest.param("run.toml", 300, id="as it is now"),
    ],
)
def test_a_file_as_it_was(word, steps, repository):
    assert run(repository, "plan", word, "--get", "total").stdout == f"{steps}\n"


def test_it_is_found_from_a_folder_within(repository):
    done = run(repository / "sub", "plan", "git:HEAD~1:../run.toml", "--get", "total")
    assert done.stdout == "100\n"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        pytest.param("git:HEAD", "git:HEAD: a revision and a path follow git:", id="no path"),
        pytest.param("git::run.toml", "git::run.toml: a revision and a path follow git:", id="no revision"),
        pytest.param("git:HEAD:", "git:HEAD:: a revision and a path follow git:", id="an empty path"),
        pytest.param("git:--all:run.toml", "git:--all:run.toml: a revision and a path", id="an option"),
        pytest.param("git:v9:run.toml", "git:v9:run.toml: no revision 'v9'", id="no such revision"),
        pytest.param("git:HEAD:no.toml", "git:HEAD:no.toml: no such file in HEAD", id="no such file"),
        pytest.param("git:HEAD:new.toml", "git:HEAD:new.toml: no such file in HEAD", id="not yet"),
        pytest.param("git:HEAD:sub", "git:HEAD:sub: a folder, not a file", id="a folder"),
        pytest.param("git:HEAD:.", "git:HEAD:.: a folder, not a file", id="this folder"),
        pytest.param("git:HEAD:../x.toml", "git:HEAD:../x.toml: outside the repository", id="outside"),
    ],
)
def test_what_is_not_there_is_refused(word, message, repository):
    done = run(repository, "plan", word)
    first, second = done.stderr.splitlines()
    assert (done.returncode, first.startswith(f"error: {message}")) == (2, True)
    assert second.startswith("hint: ")


def test_no_repository(tmp_path):
    done = run(tmp_path, "plan", WAY, GIT_CEILING_DIRECTORIES=tmp_path.parent)
    assert (done.returncode, done.stderr.splitlines()[1]) == (
        2,
        "hint: start lrviz in a folder that git keeps",
    )


def test_no_git(repository, tmp_path):
    done = run(repository, "plan", WAY, PATH=os.fspath(tmp_path))
    assert done.returncode == 2
    assert done.stderr == "error: git: it is not installed\nhint: install git, or name a file as it is now\n"


def test_the_name_stands_in_what_is_wrong_with_it(repository):
    git(repository, "checkout", "--quiet", "-b", "broken")
    write(repository / "run.toml", 'name = "cosine"\nsteps = -1\n')
    commit(repository, "broken")
    assert "git:broken:run.toml:2" in run(repository, "plan", "git:broken:run.toml").stderr
