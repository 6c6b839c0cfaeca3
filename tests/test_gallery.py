"""The pictures of ``sample_configs/pictures``: one of each kind, made by ``draw.sh``, four in the README."""

from __future__ import annotations

import re
import shlex

import pytest
from commands import README, ROOT, run

from lrviz.draw.digest import digest_in

FOLDER = ROOT / "sample_configs" / "pictures"
SCRIPT = (FOLDER / "draw.sh").read_text(encoding="utf-8")
LINES = [shlex.split(line)[:-1] for line in re.findall(r'^draw (.* "\$@")$', SCRIPT, flags=re.MULTILINE)]
FILES = [words[-1] for words in LINES]
(DIFFERENCE,) = re.findall(r"\|\| lrviz (diff .*)$", SCRIPT, flags=re.MULTILINE)
SHOWN = re.findall(r"!\[[^\]]+\]\(sample_configs/pictures/([^)]+)\)", README.read_text(encoding="utf-8"))


@pytest.mark.parametrize("words", LINES, ids=FILES)
def test_a_picture_is_todays(words):
    done = run(FOLDER, "plot", *words, "--check")
    assert done.returncode == 0, done.stderr


def test_the_difference_is_todays(tmp_path):
    done = run(tmp_path, *shlex.split(DIFFERENCE))
    assert done.returncode == 1, done.stderr
    here, there = (
        digest_in((folder / "difference.svg").read_bytes(), "svg") for folder in (tmp_path, FOLDER)
    )
    assert here == there != ""


def test_the_script_draws_all_there_are():
    assert sorted([*FILES, "difference.svg", "draw.sh"]) == sorted(path.name for path in FOLDER.iterdir())


def test_the_readme_shows_four_that_load_soon():
    assert len({*SHOWN}) == 4
    assert {*SHOWN} <= {*FILES}
    assert [name for name in SHOWN if (FOLDER / name).stat().st_size > 120_000] == []


def test_they_load_soon():
    assert [path.name for path in FOLDER.iterdir() if path.stat().st_size > 66_000] == []
