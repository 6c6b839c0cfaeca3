"""Specs and literal calls, resolved and compared."""

from __future__ import annotations

import numpy as np

import lrviz
from lrviz.notation.spec import parse
from lrviz.resolve.defaults import ASSUMED, assumed, assumed_text
from lrviz.resolve.resolve import resolve

FLAGS = {"steps": 1000, "lr": 0.1}


def resolved(text, flags=FLAGS, **options):
    return resolve(parse(text), flags, **options)


def said(found, level="note"):
    """The texts of what a run has to say of itself."""
    return tuple(finding.text for finding in found.findings if finding.level == level)


def assumptions(found):
    """What nobody gave, as it is printed."""
    return [
        f"{key}={assumed_text(given)} ({ASSUMED[given.origin.source][0]})"
        for key, given in assumed(found.origins).items()
    ]


def values(found, group=0):
    steps = np.arange(found.plan.total_steps)
    return found.schedule.groups[group]["lr"](steps.astype(float))


def literal(name, lr=0.1, **params):
    """The same schedule by the Python interface, where nothing is filled in."""
    switch = {"cycle_momentum": False} if "Cyc" in name else {}
    return lrviz.schedule(name, {**params, **switch}, lr=lr)(np.arange(1000))
