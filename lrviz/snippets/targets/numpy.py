"""NumPy: a function of the step, or of an array of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.snippets.dialect import NUMPY
from lrviz.snippets.snippet import Definitions, Snippet, group_names

if TYPE_CHECKING:
    from lrviz.snippets.target import Curves


def write(curves: Curves) -> Snippet:
    """A function for each param group."""
    made = Definitions(NUMPY)
    names = group_names(len(curves.rows))
    for name, formula in zip(names, curves.formulas, strict=True):
        header = [
            f"def {name}(step):",
            '    """The LR of update `step`, from 0; also of an array of them."""',
        ]
        made.define(header, formula, variable="step", begins="step = np.asarray(step, dtype=np.float64)")
    runs = ", ".join(f"{name}(np.array(STEPS)).tolist()" for name in names)
    return Snippet(
        "numpy",
        NUMPY.imports,
        [],
        f"for row in zip({runs}):\n    print(*row)",
        made,
        [f"{name.replace('lr', 'lrs', 1)} = {name}(np.arange({curves.steps}))" for name in names],
    )
