"""Runs that people reported: their numbers, what ruined them, and no alarm where nothing did.

``reports/cases.json`` names for each its command ``line``, ``lrs`` where they are known (an update and the LR
of each group), the findings that are ``alarms`` (warnings and errors, those and no others), and the ``notes``
that the person needed; ``says`` are figures that stand in what is found. ``tolerance`` is that of float32.
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


@pytest.mark.long
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
    texts = "\n".join(one["text"] for one in found)
    assert [text for text in case.get("says", ()) if text not in texts] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            "optax.warmup_cosine_decay_schedule:init_value=0,peak_value=1e-3,warmup_steps=500,decay_steps=500",
            "decay_steps includes the warmup of 500, so it must be more, got 500",
            id="a decay without its warmup",
        ),
        pytest.param(
            "torch.SequentialLR:schedulers=LinearLR(),ReduceLROnPlateau(),milestones=3 --metric constant",
            "hint: use it alone: --warmup 500 puts a ramp in front",
            id="plateau behind a ramp",
        ),
        pytest.param("torch.LinearLR:end_factor=10", "hint: end_factor=1.0", id="a factor above 1"),
        pytest.param("polynomial:lr_end=5e-3", "hint: give lr_end a value below 0.001", id="a rise"),
        pytest.param("transformers.get_wsd_schedule", "warmup_stable_decay", id="a function's name"),
    ],
)
def test_what_is_refused_has_the_way_out(line, said, tmp_path):
    done = run(tmp_path, "show", *shlex.split(line), "--steps", "1000", "--lr", "1e-3")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_the_lowest_lr_of_a_schedule_that_has_a_factor(tmp_path):
    word = "keras.CosineDecay:initial_learning_rate=0.01,decay_steps=100"
    done = run(tmp_path, "values", word, "--min-lr", "1e-3", "--steps", "101", "--at", "100", "--plain")
    assert float(done.stdout) == pytest.approx(1e-3, rel=1e-6)
