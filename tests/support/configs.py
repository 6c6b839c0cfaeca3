"""Configs that the tests of configs share."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrviz.errors import ConfigError
from lrviz.inputs.config.job import load

FLAT = 'name = "cosine"\nlr = 1e-3\nsteps = 10\nwarmup = 0\n'
NAME = 'name = "cosine" names a schedule'
TWO = """\
[plan]
steps = 100
[defaults]
lr = 1e-3
warmup = "5%"
[[schedule]]
name = "cosine"
[[schedule]]
name = "torch.MultiStepLR"
label = "steps"
milestones = [30, "60%"]
"""


def write(place, content):
    path = Path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(text, name="run.toml"):
    with pytest.raises(ConfigError) as caught:
        load(write(name, text))
    return [*caught.value.faults, caught.value.hint]
