"""The command line as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lrviz.catalogue.registry import catalogue

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
ENTRIES = [pytest.param(entry, id=name) for name, entry in catalogue().items()]
START = "import sys; sys.argv[0] = 'lrviz'; from lrviz.cli.main import main; main()"


def environment(home, **more):
    kept = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    return {**kept, **{key: str(value) for key, value in more.items()}}


def run(home, *words, **more):
    return subprocess.run(
        [sys.executable, "-c", START, *words],
        cwd=home,
        env=environment(home, **more),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
