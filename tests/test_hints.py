"""Every refusal has a way out, in the language of whoever gets it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import lrviz.errors
from lrviz.errors import LrvizError

ROOT = Path(__file__).parents[1]
REFUSALS = {
    name
    for name, value in vars(lrviz.errors).items()
    if isinstance(value, type) and issubclass(value, LrvizError)
} | {"UsageError"}


def without_a_hint(source):
    """The lines on which a refusal is made that names no way out."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in REFUSALS
        and not any(
            keyword.arg == "hint"
            and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
            for keyword in node.keywords
        )
    ]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        pytest.param("raise SpecError('x', hint='y')", [], id="with one"),
        pytest.param("raise SpecError('x')", [1], id="without"),
        pytest.param("\nraise ScheduleError('x', hint='', step=1)", [2], id="an empty one"),
        pytest.param("raise ValueError('x')", [], id="no refusal"),
    ],
)
def test_the_reader_sees_what_lacks_a_hint(source, lines):
    assert without_a_hint(source) == lines


def test_every_refusal_has_a_hint():
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "lrviz").rglob("*.py"))
        for line in without_a_hint(path.read_text(encoding="utf-8"))
    }
    assert found == set()
