"""Texts pass Typer by, and nothing else does."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lrviz.cli.command import let_texts_pass


@pytest.mark.parametrize(
    ("process", "typed"),
    [
        pytest.param(lambda ctx, value: [ctx, value], "6%", id="a text"),
        pytest.param(lambda ctx, value: [ctx, value], ("a", "b"), id="texts"),
        pytest.param(lambda ctx, value: [ctx, value], None, id="nothing"),
    ],
)
def test_a_text_passes_typer_by(process, typed):
    param = SimpleNamespace(process_value=process, required=False)
    let_texts_pass(param)
    assert param.process_value("ctx", typed) is typed


@pytest.mark.parametrize(
    ("required", "value"),
    [
        pytest.param(True, None, id="missing"),
        pytest.param(True, (), id="none of many"),
        pytest.param(False, 3, id="a number"),
        pytest.param(False, True, id="a switch"),
    ],
)
def test_what_is_no_text_is_typers(required, value):
    param = SimpleNamespace(process_value=lambda ctx, value: [ctx, value], required=required)
    let_texts_pass(param)
    assert param.process_value("ctx", value) == ["ctx", value]


@pytest.mark.parametrize(
    "process",
    [None, "text", lambda value: value, lambda *given: given],
    ids=["nothing", "a text", "a function of one", "a function of any"],
)
def test_a_typer_that_works_in_another_way_is_left_alone(process):
    param = SimpleNamespace(process_value=process, required=False)
    let_texts_pass(param)
    assert param.process_value is process
