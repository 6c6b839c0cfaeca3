"""What the rules find in the curves of a command line."""

from __future__ import annotations

import json

from commands import run

from lrviz.findings.rule import rules


def found_in(folder, *words):
    """Id and level of each finding that is a rule's."""
    done = run(folder, "show", *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    ids = {rule.id for rule in rules()}
    return {(one["id"], one["level"]) for one in json.loads(done.stdout)["findings"] if one["id"] in ids}


def alarms_in(folder, *words):
    return {kind for kind, level in found_in(folder, *words) if level != "note"}
