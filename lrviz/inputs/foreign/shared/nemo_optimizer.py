"""What NeMo 1 hands on to an optimizer: all of ``model.optim`` but its name and the scheduler's table.

Source: nemo_toolkit 3.0.0, ``core/classes/modelPT.py`` and ``core/optim``; torch 2.13.0 ``optim``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.torch_optimizers import ARGUMENTS, check_arguments
from lrviz.notation.nearest import SLIP, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.origin import Place

_OPTIM = ("model", "optim")
_OF_TORCH = {"sgd", "adam", "adamw", "adadelta", "adamax", "adagrad", "rmsprop", "rprop"}
_TAKEN_OUT = {"name", "cls", "sched", "_target_"}


def check_handed_on(run: Settings) -> None:
    """Refuse what an optimizer of torch does not take; where ``args`` stands, that is handed on instead.

    Raises:
        ConfigError: there is some.

    """
    said = _said(run)
    if "args" in said:
        return
    _check_table(run, has_sched="sched" in said)
    name = _name(run)
    if name.lower().removeprefix("torch.optim.") in _OF_TORCH:
        check_arguments(name, said, ARGUMENTS | _TAKEN_OUT, stops="NeMo stops")


def _check_table(run: Settings, *, has_sched: bool) -> None:
    """A table that is like ``sched`` is no scheduler's."""
    optim = run.raw(*_OPTIM)
    tables = [key for key, one in optim.items() if isinstance(one, dict)] if isinstance(optim, dict) else []
    if not has_sched and (near := nearest("sched", map(str, tables), cutoff=SLIP)):
        text = f"the optimizer is handed model.optim.{near}, and takes no {near}: NeMo stops"
        run.refuse(text, hint="write sched")


def _name(run: Settings) -> str:
    """That of the optimizer, or a class's path; adam where a file says none."""
    said = [run.raw(".".join((*_OPTIM, key))) or run.raw(*_OPTIM, key) for key in ("_target_", "name")]
    default = "adam" if isinstance(run.raw(*_OPTIM), dict) else ""
    return next((str(one) for one in said if one), default)


def _said(run: Settings) -> Mapping[str, Place]:
    """What files and words say of the optimizer, each with its place."""
    optim, prefix = run.raw(*_OPTIM), ".".join((*_OPTIM, ""))
    found = {str(key): run.lookup.place((*_OPTIM, key)) for key in optim} if isinstance(optim, dict) else {}
    for option in run.source.data if run.source.language == "command" else ():
        word = option.removeprefix(prefix)
        if option.startswith(prefix):
            found[word.partition(".")[0]] = run.lookup.place((option,))
    return found
