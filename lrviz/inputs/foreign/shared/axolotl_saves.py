"""axolotl: how often it saves and evaluates, which may be said one way, and what needs it.

Source: axolotl 0.19.0, ``utils/schemas/validation.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.notation.numbers import is_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.settings import Settings


class _Event(NamedTuple):
    """The names of its strategy, its steps and its number in an epoch."""

    strategy: str
    steps: str
    per_epoch: str


_SAVES = _Event("save_strategy", "save_steps", "saves_per_epoch")
_EVALUATIONS = _Event("eval_strategy", "eval_steps", "evals_per_epoch")
_STOPS_EARLY = "early_stopping_patience"


def check(run: Settings) -> None:
    """Refuse what it does not save or evaluate by.

    Raises:
        ConfigError: axolotl stops.

    """
    for name, why in (*_said_twice(run), *_without_rows(run), *_without_stopper(run)):
        run.refuse(f"{name} {why}: axolotl stops", hint=f"leave {name} out", at=name)


def _said_twice(run: Settings) -> Iterator[tuple[str, str]]:
    """Steps beside another strategy, or beside a number in an epoch."""
    for event in (_SAVES, _EVALUATIONS):
        strategy = run.stated(event.strategy) or _older_name(run, event)
        is_other = strategy and strategy != "steps"
        if is_other and run.stated(event.steps):
            yield event.steps, f"is beside {event.strategy}={strategy}"
        if run.stated(event.per_epoch) and run.stated(event.steps):
            yield event.per_epoch, f"is beside {event.steps}"
        if is_other and event is _EVALUATIONS and run.stated(event.per_epoch):
            yield event.per_epoch, f"is beside {event.strategy}={strategy}"


def _without_rows(run: Settings) -> Iterator[tuple[str, str]]:
    """Evaluations where no row is held out, which must be said."""
    strategy = run.stated("eval_strategy") or _older_name(run, _EVALUATIONS)
    is_none = run.is_said("val_set_size") and run.stated("val_set_size") == 0
    if is_none and strategy != "no" and not run.stated("test_datasets"):
        named = [name for name in ("eval_steps", "eval_strategy") if run.stated(name)]
        yield from ((name, "is beside val_set_size=0") for name in named[:1])


def _without_stopper(run: Settings) -> Iterator[tuple[str, str]]:
    """A patience counts evaluations, each of whose checkpoints is there."""
    if not run.stated(_STOPS_EARLY):
        return
    saves, evaluations = run.stated("save_steps"), run.stated("eval_steps")
    if not saves or not evaluations:
        yield _STOPS_EARLY, "needs save_steps and eval_steps"
    elif is_number(saves) and is_number(evaluations) and saves % evaluations:
        yield _STOPS_EARLY, f"needs a save_steps that is a multiple of eval_steps={evaluations}"


def _older_name(run: Settings, event: _Event) -> Any:
    return run.stated("evaluation_strategy") if event is _EVALUATIONS else None
