"""The source of lrviz, parsed once."""

from __future__ import annotations

import ast
from functools import cache

from commands import ROOT

SOURCES = sorted((ROOT / "lrviz").rglob("*.py"))


@cache
def nodes_of(path):
    return [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
