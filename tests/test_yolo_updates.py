"""The updates of a YOLO against the loop of its trainer, written once more."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lrviz.inputs.foreign.shared.yolo_updates import Cadence


def stepped(cadence):
    last, accumulate = -1, max(1, round(cadence.accumulate))
    for batch in range(cadence.batches):
        if cadence.warmup and batch <= cadence.warmup:
            growing = np.interp(batch, [0, cadence.warmup], [1, cadence.accumulate])
            accumulate = max(1, int(growing.round()))
        if batch % accumulate == 0 if cadence.by_multiples else batch - last >= accumulate:
            yield batch
            last = batch


def places(updates):
    at = updates.lead
    for piece in updates.pace:
        count, gap = map(int, piece.split("x"))
        for _ in range(count):
            yield at
            at += gap


@given(
    epochs=st.integers(1, 8),
    each=st.integers(1, 60),
    warmup=st.integers(0, 500),
    accumulate=st.one_of(st.integers(1, 64), st.integers(1, 100).map(lambda size: 64 / size)),
    by_multiples=st.booleans(),
)
def test_updates_are_at_the_batches_of_the_loop(epochs, each, warmup, accumulate, by_multiples):
    cadence = Cadence(epochs, each, warmup, accumulate, by_multiples=by_multiples)
    expected = list(stepped(cadence))
    updates = cadence.updates()
    assert list(places(updates)) == expected
    assert updates.total == len(expected)
    assert updates.in_warmup == sum(batch < warmup for batch in expected)
