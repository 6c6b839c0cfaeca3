"""The recorded cases in golden/: read, told to lrviz and to the frameworks alike, written."""

import json
import os
from pathlib import Path

import numpy as np

GOLDEN = Path(os.environ.get("LRVIZ_GOLDEN") or Path(__file__).parents[1] / "golden")
TOLERANCE = {"float64": 1e-12, "float32": 1e-6}
SURROUNDINGS = ("max_duration", "batches_per_epoch", "scale_schedule_ratio", "increment", "stepped_by")
QUANTITIES = ("lr", "momentum", "weight_decay")


def read(path):
    """The cases of one file; rows of step arithmetic are none."""
    return [case for case in json.loads(path.read_text()) if "id" in case]


def write(path, cases):
    """One case per line."""
    lines = ",\n".join(json.dumps(case) for case in cases)
    path.write_text(f"[\n{lines}\n]\n")


def number(value):
    return float(value) if isinstance(value, str) else value


def framework_of(case):
    """lrviz's name of the framework, which is its package's."""
    return case["framework"].removesuffix("-core")


def schedule_of(case):
    """lrviz's id of the schedule."""
    return f"{framework_of(case)}.{case['schedule']}"


def params_of(case):
    """The parameters, with what the framework's trainer would tell the schedule."""
    return {**case["params"], **{key: case[key] for key in SURROUNDINGS if key in case}}


def run_of(case):
    """What the run gives the schedule beside its parameters."""
    metrics = [number(metric) for metric in case["metrics"]] if "metrics" in case else None
    return {
        "lr": case["base_lr"],
        "optimizer": case.get("optimizer", "sgd"),
        "metrics": metrics,
        "groups": case.get("groups"),
    }


def length_of(case):
    """How many ticks the framework's helper says the schedule has, None where it says nothing."""
    params = case["params"]
    per_epoch = 1 if params.get("step_on_epochs", True) else params["updates_per_epoch"]
    return case["num_epochs"] * per_epoch if "num_epochs" in case else case.get("cycle_length")


def curves(case):
    """(quantity, rows of groups) of everything recorded."""
    for quantity in QUANTITIES:
        if quantity in case:
            rows = case.get(f"{quantity}_groups", [case[quantity]])
            yield quantity, np.array([[number(value) for value in row] for row in rows])
