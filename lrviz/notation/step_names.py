"""What people call the step that a function is asked for."""

from __future__ import annotations

from typing import Final

STEP_NAMES: Final = (
    *("step", "it", "iter", "iteration", "epoch", "update", "batch", "count", "t", "n", "i", "k", "x"),
    *("num_update", "num_updates", "num_step", "iter_num", "step_num", "step_count", "current_iter"),
    *("current_step", "cur_step", "curr_step", "global_step"),
)
