"""A schedule's own parameters: a config takes what a word takes, and its hints can be typed."""

from __future__ import annotations

import json

import pytest
from commands import ENTRIES
from every import for_every_schedule

from lrviz.catalogue.roles import Role
from lrviz.errors import ConfigError, LrvizError
from lrviz.inputs.config.job import loads
from lrviz.notation.spec import parse
from lrviz.plan.plan import Plan
from lrviz.resolve.clock import Clock
from lrviz.resolve.convert import Converter
from lrviz.resolve.keys import read_values
from lrviz.resolve.spec_keys import split_keys

TYPED = {
    "5": 5,
    "-1": -1,
    "0.5": 0.5,
    "1.5": 1.5,
    "1e9": 1e9,
    "6%": "6%",
    "2ep": "2ep",
    "100ba": "100ba",
    "abc": "abc",
    "true": True,
    "none": None,
    "0.1,0.2": [0.1, 0.2],
    "1,6%": [1, "6%"],
    "[]": [],
    "10x": "10x",
    "30:0.5": "30:0.5",
}
OTHERS = (Role.SCHEDULES, Role.PHASES)


def own_params(entry):
    return [name for name, param in entry.params.items() if param.role not in OTHERS]


def read_word(entry, name, text):
    own, of_run = split_keys(entry, parse(f"{entry.id}:{name}={text}"))
    Converter(Clock(Plan(steps=1000, steps_per_epoch=10))).params(entry, own)
    read_values(of_run)


def read_config(entry, name, value):
    loads(json.dumps({"name": entry.id, name: value}).encode(), "run.json")


def is_taken(read, *given):
    try:
        read(*given)
    except LrvizError:
        return False
    return True


@pytest.mark.long
@pytest.mark.parametrize("entry", ENTRIES)
def test_a_config_takes_what_a_word_takes(entry):
    typed = [
        (name, text)
        for name in own_params(entry)
        for text, value in TYPED.items()
        if not (name == "schedule" and isinstance(value, list))  # which is the list of schedules
    ]
    words = {(name, text): is_taken(read_word, entry, name, text) for name, text in typed}
    config = {(name, text): is_taken(read_config, entry, name, TYPED[text]) for name, text in typed}
    assert config == words


@for_every_schedule
def test_the_hint_of_a_refused_parameter_can_be_typed(entry):
    for name in own_params(entry):
        if is_taken(read_config, entry, name, {"a": "b"}):
            continue
        with pytest.raises(ConfigError) as caught:
            read_config(entry, name, {"a": "b"})
        read_config(entry, name, json.loads(f"{{{caught.value.hint}}}")[name])


def test_a_schedule_may_have_a_parameter_called_schedule():
    name = "keras.callbacks.LearningRateScheduler"
    (entry,) = loads(json.dumps({"name": name, "schedule": "lr * 0.9"}).encode(), "run.json").entries
    assert entry.spec == parse(f"{name}:schedule=lr * 0.9")
