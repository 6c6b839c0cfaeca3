"""In CI every property is tried on the same examples; elsewhere hypothesis goes on looking for new ones."""

import os
import shlex

import pytest
from commands import run
from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture
def lrviz_says(tmp_path):
    """Stdout of a command that succeeds in silence."""

    def say(command, **more):
        done = run(tmp_path, *shlex.split(command), **more)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return say


@pytest.fixture
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
