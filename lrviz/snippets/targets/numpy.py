"""NumPy: a function of the step, or of an array of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.snippets.dialect import NUMPY
from lrviz.snippets.snippet import Snippet
from lrviz.snippets.target import functions_of

if TYPE_CHECKING:
    from lrviz.snippets.target import Curves


def write(curves: Curves) -> Snippet:
    """A function for each param group."""
    begins = "step = np.asarray(step, dtype=np.float64)"
    made, names = functions_of(curves, NUMPY, begins=begins, more="; also of an array of them")
    runs = ", ".join(f"{name}(np.array(STEPS)).tolist()" for name in names)
    return Snippet(
        "numpy",
        NUMPY.imports,
        [],
        f"for row in zip({runs}):\n    print(*row)",
        made,
        [f"{name.replace('lr', 'lrs', 1)} = {name}(np.arange({curves.steps}))" for name in names],
    )
