"""``[sweep]``: keys with a list of values each; a config's schedules run with each combination of them."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from lrviz.inputs.config.fault import Fault, wrong
from lrviz.inputs.config.tables import SWEEP
from lrviz.notation.braces import MOST_WORDS
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrviz.inputs.config.lines import KeyPath

_EXAMPLE = "1e-4,3e-4"


def combinations(swept: Mapping[str, Sequence[Any]]) -> list[dict[str, tuple[int, Any]]]:
    """Every choice of one value for each key, with its place in the list; the last key changes first."""
    choices = (list(enumerate(values)) for values in swept.values())
    return [dict(zip(swept, chosen, strict=True)) for chosen in product(*choices)]


def faults_of_sweep(swept: object, tables: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """What is wrong with the lists themselves, beside the schedules' own ``tables``."""
    if not isinstance(swept, dict) or not swept:
        yield wrong((SWEEP,), "a table of lists", swept, _way("lr", swept))
        return
    for key, values in swept.items():
        path: KeyPath = (SWEEP, key)
        if key in ("name", "phase"):
            yield Fault(path, "no key of one schedule", "head each schedule with <schedule>")
        elif not isinstance(values, list) or not values:
            yield wrong(path, "a list of values", values, _way(key, values))
        elif any(key in table for table in tables):
            yield Fault(path, "stands in a schedule too", f"leave {key} out of one of them")
    lists = [values for values in swept.values() if isinstance(values, list)]
    count = len(tables) * prod(map(len, lists))
    if count > MOST_WORDS:
        yield Fault((SWEEP,), f"makes {count} schedules", f"at most {MOST_WORDS} at once: name fewer values")


def _way(key: str, said: object) -> str:
    """The list that is meant by ``50`` or ``"{50,100}"``, else that of an example."""
    if isinstance(said, bool) or not isinstance(said, (str, int, float)) or said == "":
        key, said = (key, KEYS[key].example) if key in KEYS and said == [] else ("lr", _EXAMPLE)
    text = str(said).strip("{[ ]}")
    return f"under <{SWEEP}>, <{key}={text if ',' in text else f'[{text}]'}>"
