"""What settings of a run leave out of a checkpoint that it goes on from.

Source: timm 1.0.31, ``train.py``; composer 0.32.1, ``glob_filter`` of ``utils/checkpoint.py``.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from lrviz.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.resolve.resolved import Resolved
    from lrviz.resumption.resume_rule import Rule

NO_OPTIMIZER, IGNORED = "no_resume_opt", "load_ignore_keys"
_SCHEDULERS = ("state", "state/schedulers", "state/schedulers/LambdaLR", "state/schedulers/LambdaLR/base_lrs")
_OTHERS = {
    "the optimizer": ("state", "state/optimizers", "state/optimizers/Optimizer"),
    "the time": ("state", "state/timestamp", "state/timestamp/Timestamp"),
}
"""Paths in a checkpoint of composer; a pattern leaves out whatever lies beneath what it fits."""


def without_left_out(run: Resolved, rule: Rule) -> Rule:
    """A rule of its trainer in a run that leaves something out.

    Raises:
        SpecError: what is left out leaves open what the first update has.

    """
    said = {name: one.value for name, one in run.reading.settings.items()} if run.reading else {}
    if said.get(NO_OPTIMIZER):
        return rule._replace(source=f"{NO_OPTIMIZER} loads no optimizer, {rule.source}", base="new")
    patterns = said.get(IGNORED)
    return without_ignored(patterns, rule) if isinstance(patterns, list) else rule


def without_ignored(patterns: Iterable[object], rule: Rule) -> Rule:
    """A rule of composer where a checkpoint's parts that fit these patterns are not loaded.

    Raises:
        SpecError: they fit more than the schedulers.

    """
    texts = [str(one) for one in patterns]
    for what, paths in _OTHERS.items():
        if _fits(texts, paths):
            text = f"{IGNORED} leaves {what} out, and the LR of the first update with it"
            raise SpecError(text, hint="show old and new side by side, without --resume-at and --resume")
    if not _fits(texts, _SCHEDULERS):
        return rule
    return rule._replace(source=f"{IGNORED} leaves the schedulers out, composer 0.32.1", base="new")


def _fits(patterns: Iterable[str], paths: Iterable[str]) -> bool:
    return any(fnmatchcase(path, one) for one in patterns for path in paths)
