"""An expression written down: the operations of NumPy that it stands for, on traced ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.engine.expression.library import EXACT, NUMPY
from lrviz.engine.expression.tree import Apply, Choose, Constant, Node, Shortcut, Variable

if TYPE_CHECKING:
    from lrviz.engine.traced import Traced


def write(node: Node, ticks: Traced) -> Any:
    """What the expression makes of the ticks, traced; both branches of a choice are taken."""
    match node:
        case Constant():
            return float(node.value)
        case Variable():
            return ticks
        case Apply():
            function = NUMPY.functions.get(node.operation) or EXACT[node.operation]
            return function(*(write(argument, ticks) for argument in node.arguments))
        case Choose():
            test = write(node.test, ticks)
            return np.where(test != 0, write(node.then, ticks), write(node.otherwise, ticks))
        case Shortcut():
            left, right = write(node.left, ticks), write(node.right, ticks)
            return np.where(left != 0, *((left, right) if node.stops_at else (right, left)))
