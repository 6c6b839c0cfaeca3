"""What may end a run before its last update: a metric that no longer gets better."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.finding import Finding, Level
from lrviz.notation.numbers import is_number

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

MAY_END = "may stop the run: it may end before the last of these steps"
_STOPPER = re.compile(r"\w*early_?stop\w*", re.IGNORECASE)
"""What a callback or a hook is called, or the key that it stands at."""


def say_may_end(run: Settings) -> None:
    """Say of each setting that is on; of a patience where the run has more epochs, by default as a note."""
    for setting, epochs in run.trainer.ends_early.items():
        given = run.lookup.of(setting)
        is_said = given is not None and given.value is not None
        value = literal(Raw(given.value)) if given and is_said else setting.default
        is_longer = not epochs or (is_number(value) and value < run[epochs])
        if is_longer and (stopper := _stopper(setting.name, value)):
            level: Level = "note" if value == setting.default else "warning"
            place = given.origin.place if given and is_said else None
            run.findings.append(Finding("may-end-early", level, f"{stopper} {MAY_END}", place=place))


def _stopper(name: str, value: Any) -> str:
    """What stops a run: a number, a switch, or a callback in a table or list; nothing where that is off."""
    if is_number(value):
        return f"{name}={value}" if value > 0 else ""
    if value is None or isinstance(value, (bool, Unknown)):
        return name if value is True else ""
    found = _STOPPER.search(str(value))
    return found[0] if found else ""
