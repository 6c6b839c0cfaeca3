"""The LR that a script makes an optimizer with, or the LRs of its groups.

Source: torch 2.13.0 ``optim``: the LR stands second, and a group may have its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_script import HIDDEN, PythonCall
from lrviz.inputs.foreign.shared.torch_optimizers import default_lr
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.numbers import is_number

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

LR, OWN_LRS = "learning_rate", "optimizer_lrs"
"""The setting of the arguments, and what is made of the LRs of groups of an optimizer, where they differ."""
_KEY = "lr"


def lr_of(optimizer: object, script: Source) -> Any:
    """A number, a tuple of those of groups, a Field of arguments, or Unknown."""
    if not isinstance(optimizer, PythonCall) or not optimizer.called[:1].isupper():
        line = f" in line {optimizer.line}" if isinstance(optimizer, PythonCall) else ""
        return Unknown(f"an optimizer of its own{line}, whose LR is not read")
    if script.python.regrouped_at:
        return Unknown(f"groups of an optimizer, which line {script.python.regrouped_at} changes")
    if script.python.grouped_at and not _are_known(optimizer):
        return Unknown(
            f"groups of an optimizer, which line {script.python.grouped_at} gives LRs of their own"
        )
    if maker := script.python.group_makers.get(optimizer.line):
        return Unknown(f"groups of an optimizer, which {maker} makes")
    lr = _said(optimizer, script)
    groups = [one for one in _groups(optimizer) if isinstance(one, dict)]
    lrs = dict.fromkeys(one.get(_KEY, lr) for one in groups)
    if len(lrs) < 2:
        return next(iter(lrs), lr)
    unknown = (one for one in lrs if not is_number(one))
    return next(unknown, tuple(one.get(_KEY, lr) for one in groups))


def lr_of_run(run: Settings, lr: float | None = None) -> Any:
    """That of the arguments, or those of groups of the script's optimizer; ``lr`` is a trainer's own."""
    if run.is_said(OWN_LRS) and (run.is_answered(OWN_LRS) or run.origin(LR).source != "option"):
        return run[OWN_LRS]
    return run[LR] if lr is None else lr


def _said(optimizer: PythonCall, script: Source) -> Any:
    """The LR of the call, which groups without their own have."""
    name, module = optimizer.called, optimizer.name.rpartition(".")[0]
    placed = optimizer.arguments[1] if optimizer.arguments[1:] and default_lr(name) else None
    is_torchs = module.endswith("optim") or f"torch.optim.{name}" in script.python.imports
    lr = optimizer.keywords.get(_KEY, placed)
    if lr is None and is_torchs and HIDDEN not in optimizer.keywords:
        lr = default_lr(name)
    if is_number(lr) or isinstance(lr, Unknown):
        return lr
    return Unknown(f"the LR of {name} in line {optimizer.line}")


def _are_known(optimizer: PythonCall) -> bool:
    """Whether its groups are written out, or it has one, of all that a model gives."""
    params = _params(optimizer)
    return isinstance(params, list) or (isinstance(params, PythonCall) and params.name.endswith("parameters"))


def _groups(optimizer: PythonCall) -> list[Any]:
    params = _params(optimizer)
    return params if isinstance(params, list) else []


def _params(optimizer: PythonCall) -> Any:
    return optimizer.keywords.get("params", next(iter(optimizer.arguments), None))
