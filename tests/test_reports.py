"""Runs that people reported: their numbers, what ruined them, and no alarm where nothing did.

``reports/cases.json`` names for each its command ``line``, ``lrs`` where they are known (an update and the LR
of each group), the findings that are ``alarms`` (warnings and errors, those and no others), and the ``notes``
that the person needed. ``tolerance`` is that of float32.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from commands import run

FOLDER = Path(__file__).parent / "reports"
CASES = [
    pytest.param(case, id=name)
    for name, case in json.loads((FOLDER / "cases.json").read_text(encoding="utf-8")).items()
]


@pytest.mark.parametrize("case", [case for case in CASES if "lrs" in case.values[0]])
def test_its_numbers_are_the_frameworks(case):
    steps = ",".join(str(step) for step, *_ in case["lrs"])
    done = run(FOLDER, "values", *shlex.split(case["line"]), "--at", steps, "--plain", "-q")
    assert done.returncode == 0, done.stderr
    expected = [lr for _, *lrs in case["lrs"] for lr in lrs]
    slack = case.get("tolerance", 1e-12) * max(map(abs, expected))
    assert [float(text) for text in done.stdout.split()] == pytest.approx(expected, rel=0, abs=slack)


@pytest.mark.parametrize("case", CASES)
def test_what_the_person_needed_is_said_and_nothing_else(case):
    done = run(FOLDER, "show", *shlex.split(case["line"]), "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["findings"]
    assert {one["id"] for one in found if one["level"] != "note"} == set(case["alarms"])
    assert set(case.get("notes", ())) <= {one["id"] for one in found}
