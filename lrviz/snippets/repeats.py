"""Which expressions of a traced formula are equal, and how often each stands in it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from lrviz.engine.traced import Branch, Traced


class Repeats:
    """Expressions by their numbers, counted as they are met."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._uses: Counter[int] = Counter()

    def number(self, node: Any) -> int:
        """Equal expressions have one number."""
        if isinstance(node, Traced):
            key: Any = (node.op, tuple(self.number(one) for one in node.args))
        elif isinstance(node, Branch):
            key = (node.start, self.number(node.value))
        elif isinstance(node, tuple):
            key = tuple(self.number(one) for one in node)
        else:
            key = (type(node).__name__, str(np.asarray(node).tolist()))
        return self._numbers.setdefault(key, len(self._numbers))

    def count(self, node: Any) -> None:
        """Count each expression as often as it stands in different ones."""
        if isinstance(node, Traced):
            number = self.number(node)
            self._uses[number] += 1
            if self._uses[number] == 1:
                for one in node.args:
                    self.count(one)
        elif isinstance(node, tuple):
            for one in node if not isinstance(node, Branch) else (node.value,):
                self.count(one)

    def is_repeated(self, number: int) -> bool:
        """Whether an expression stands twice at least."""
        return self._uses[number] > 1

    def only(self, node: Any) -> Any:
        """The value of a choice that is none, as its branches are all the same."""
        while isinstance(node, Traced) and node.op == "branch":
            values = [branch.value for branch in node.args[1]]
            if len({self.number(value) for value in values}) > 1:
                return node
            node = values[0]
        return node
