"""Runs that the tests of plans share."""

from __future__ import annotations

from hypothesis import strategies as st

BASE = {"dataset_len": 1235, "batch_size": 32, "epochs": 50}
HF = {"steps": 100, "trainer": "transformers"}
CLUSTER = {"dataset_len": 50_000, "batch_size": 128, "epochs": 30, "grad_accum": 4, "world_size": 8}
SMALL = st.integers(1, 64)
RUNS = st.fixed_dictionaries(
    {
        "dataset_len": st.integers(1, 5000),
        "batch_size": SMALL,
        "epochs": st.floats(0.01, 100),
        "world_size": SMALL,
        "grad_accum": SMALL,
    }
)


def told(ticks):
    """Leave out the part of a note that every note begins with."""
    steps, note = ticks
    return steps, note.partition(": ")[2]
