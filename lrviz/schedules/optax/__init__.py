"""Optax: schedules as functions of the count, joins of them, and contrib's plateau, 0.2.8.

``scale_by_schedule`` calls a schedule with the number of updates made before, which is t at update t; under
``MultiSteps`` that counts real updates. The count is an int32, so a duration beyond 2**31 - 1 overflows and
the count itself stops there. Values are float32, in the order of the source; numbers that a schedule was
made with are Python's and are rounded where they meet the count. A schedule that came out constant returns
its Python number, not rounded.

These are the values of a call with one count. Inside ``jit`` XLA divides by a constant as a product with its
reciprocal, which moves the last bit; a power below 1 near 0 makes that visible.

dtype=float64 is a schedule called under ``jax_enable_x64`` with a 64-bit count or a Python int. The count in
the optimizer's state stays int32 there: called with that, the linear, polynomial and exponential ones go on
in float32.
"""

from __future__ import annotations

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework("optax", "0.2.8", optimizer=False, dtypes=("float32", "float64"))
