"""An old run, a new one, and what a framework makes of the new one where it goes on from a checkpoint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.catalogue.arguments import check_values
from lrviz.catalogue.names import find
from lrviz.curves.refusals import hints_in
from lrviz.curves.runs import Flags, refuse_values, runs_by_word
from lrviz.curves.wanted import is_job, is_of_trainer
from lrviz.errors import WORDS, SpecError
from lrviz.notation.origin import Origin
from lrviz.notation.rendering import render
from lrviz.notation.spec import Spec
from lrviz.resolve.keys import KEYS
from lrviz.resolve.precedence import merge_values
from lrviz.resumption.resumed import resumed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.curves.wanted import Wanted
    from lrviz.notation.spec import Value
    from lrviz.resolve.resolved import Resolved
    from lrviz.resumption.asked import Resume

_SECOND = "name the new run as a second word, or --resume steps=60"


def resumed_runs(
    wanted: Sequence[Wanted], laid: Flags, resume: Resume, *, examples: bool
) -> tuple[list[Resolved], list[Resolved]]:
    """What the new runs are after the checkpoint; and the old and new ones as they are alone.

    The first word is the old run, each other a new one; a word alone is both, with what ``resume`` changes.

    Raises:
        LrvizError: a run is refused, there is no new one, or no old one for each.

    """
    refuse_values(wanted)
    if len(wanted) > 1 and resume.changes:
        raise SpecError(
            "--resume changes one schedule, and a second one is named", hint="leave one of them out"
        )
    if len(wanted) == 1 and not resume.changes:
        raise SpecError("nothing says what the resumed run is", hint=_SECOND)
    old, *news = runs_by_word(wanted, laid, examples=examples)
    if resume.changes:
        item, beside = _changed(wanted[0], laid, resume.changes)
        news = runs_by_word([item], beside, examples=examples)
    pairs = [pair for new in news for pair in _paired(old, new)]
    made = [resumed(*pair, resume.at, alone=len(old) == 1) for pair in pairs]
    if resume.changes and not isinstance(wanted[0], Spec):
        news = [[_labelled(run, resume.changes) for run in new] for new in news]
    return made, [*old, *(run for new in news for run in new)]


def _labelled(run: Resolved, changes: Mapping[str, Value]) -> Resolved:
    """A file's run under a label that says what is new in it; a spec says it itself."""
    label = render(Spec(run.label, tuple(item for item in changes.items() if item[0] != "label")))
    params = tuple(item for item in run.spec.params if item[0] != "label")
    return replace(run, spec=replace(run.spec, params=(*params, ("label", label))))


def _paired(old: list[Resolved], new: list[Resolved]) -> list[tuple[Resolved, Resolved]]:
    """Each new run with the old one it goes on from.

    Raises:
        SpecError: there are others than one old run, or one for each.

    """
    if len(old) not in (1, len(new)):
        text = f"{len(old)} schedules are resumed as {len(new)}"
        raise SpecError(text, hint="name one old schedule, or one for each new one")
    return list(zip(old * (len(new) if len(old) == 1 else 1), new, strict=True))


def _changed(item: Wanted, laid: Flags, changes: Mapping[str, Value]) -> tuple[Wanted, Flags]:
    """The same schedule with other values, wherever it says them; a trainer's file by its own names too."""
    if isinstance(item, Spec):
        return _with(item, changes), laid
    own = {key: value for key, value in changes.items() if key not in KEYS}
    beside = {key: value for key, value in changes.items() if key in KEYS}
    if is_job(item):
        item = replace(item, entries=tuple(replace(one, spec=_with(one.spec, own)) for one in item.entries))
    elif own and not is_of_trainer(item):
        raise SpecError(f"--resume {next(iter(own))} is no key of a run", hint="--resume steps=60")
    origins = {**laid.origins, **dict.fromkeys(beside, Origin("option", "--resume"))}
    given = {} if is_job(item) else {name.replace("-", "_"): str(value) for name, value in own.items()}
    return item, Flags(merge_values(laid.values, beside), origins, {**laid.given, **given})


def _with(spec: Spec, changes: Mapping[str, Value]) -> Spec:
    """The spec with these keys, in place of what says the same.

    Raises:
        LrvizError: a key is nobody's.

    """
    for key in [key for key in changes if key not in (*spec.keys(), *KEYS)]:
        with hints_in(WORDS, but=()):  # what the old run says is no rival: each key may replace it
            check_values(find(spec.name), {key: changes[key]})
    rivals = {rival for key in changes if key in KEYS for rival in KEYS[key].rivals}
    kept = {key: value for key, value in spec.params if key not in rivals}
    return replace(spec, params=tuple({**kept, **changes}.items()))
