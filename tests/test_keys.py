"""The keys of a run: one row each, read the same way from a word, an option, a config and Python."""

from __future__ import annotations

import json
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING

import pytest

from lrviz.catalogue.names import find
from lrviz.cli.run_options import _value
from lrviz.errors import LrvizError
from lrviz.inputs.config.job import loads
from lrviz.notation.spec import LITERAL_KEYS, parse
from lrviz.plan.budget_keys import PlanKeys
from lrviz.resolve.groups import check_groups
from lrviz.resolve.keys import KEYS, read_values
from lrviz.resolve.spec_keys import split_keys

if TYPE_CHECKING:
    from lrviz.resolve.key import Key

TYPED = (
    "5",
    "0",
    "-1",
    "1.5",
    "0.01",
    "1e6",
    "10_000",
    "nan",
    "1" * 400,
    "6%",
    "2ep",
    "abc",
    "true",
    "none",
    "0.01,0.02",
    "[]",
    "adam",
    "linear",
    "epoch",
    "noisy(seed=3)",
    "noisy(seed=x)",
    "body(scale=0.1),head(lr=1e-3)",
    "head(lr_scale=0.5)",
)
SCHEDULES = ("transformers.linear", "torch.StepLR")
REFUSED = "refused"


def read(schedule, values):
    """What the values mean to the schedule, or that they mean nothing."""
    try:
        found = read_values(values())
        check_groups(find(schedule), found.get("groups", ()))
    except LrvizError:
        return REFUSED
    return found


def of_words(schedule, key, text):
    return split_keys(find(schedule), parse(f"{schedule}:{key}={text}"))[1]


def of_config(schedule, key, written):
    config = json.dumps({"name": schedule}).replace("}", f', "{key}": {written}}}')
    (entry,) = loads(config.encode(), "run.json").entries
    return split_keys(find(schedule), entry.spec)[1]


def numbers(text):
    """The text as JSON has numbers, true and false, if it can be one."""
    try:
        return [json.dumps(json.loads(text))]
    except ValueError:
        return []


@pytest.mark.long
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_value_means_the_same_wherever_it_is_given(schedule, key):
    def in_config(value):
        return read(schedule, lambda: of_config(schedule, key, value))

    as_words = {text: read(schedule, partial(of_words, schedule, key, text)) for text in TYPED}
    as_options = {text: read(schedule, lambda text=text: {key: _value(key, text)}) for text in TYPED}
    as_texts = {text: in_config(json.dumps(text)) for text in TYPED}
    as_numbers = {text: in_config(number) for text in TYPED for number in numbers(text)}
    assert as_options == as_words
    assert as_texts == as_words
    if key not in LITERAL_KEYS:
        assert as_numbers == {text: as_words[text] for text in as_numbers}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_takes_its_own_example_and_choices(key: Key):
    for text in (key.example, *key.choices):
        value = _value(key.name, text)
        assert value is None or key.read(value) is not None  # "none" is nothing said


def test_the_plan_has_the_keys_of_a_plan():
    assert {key.name for key in KEYS.values() if key.in_plan} == {field.name for field in fields(PlanKeys)}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_rivals_are_rivals_of_each_other(key: Key):
    assert [rival for rival in key.rivals if key.name not in KEYS[rival].rivals] == []
