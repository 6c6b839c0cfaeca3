"""One module for each target: how a schedule is said there. Found by walking this folder."""

from __future__ import annotations

import sys

from lrviz.notation.modules import module_names


def target_names() -> list[str]:
    """What code can be written for."""
    return module_names(sys.modules[__name__])
