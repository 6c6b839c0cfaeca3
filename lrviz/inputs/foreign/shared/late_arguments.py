"""Arguments that a script sets once they are made, of those that only their ``__post_init__`` reads.

Source: ``training_args.py`` and ``trainer.py`` of transformers 5.10.2 and 5.23.0, sentence-transformers 6.2.0
``base/training_args.py``. Before 5.0 the Trainer asks for the ratio of the warmup itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.shared.transformers_version import since
from lrviz.notation.shell import shell_word

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_PLUGIN, _LOADERS, _RATIO = "deepspeed", "accelerator_config", "warmup_ratio"


def refuse_late(run: Settings) -> None:
    """Stop at DeepSpeed and at loaders that are said too late: the one starts nothing, the others stop."""
    for name, consequence in ((_PLUGIN, "starts no DeepSpeed"), (_LOADERS, "is still a dict, and stops")):
        found = _late(run, name)
        if found and any(one is not None and not isinstance(one, PythonCall) for one in found[:2]):
            text = f"the Trainer's arguments read {name} as they are made: "
            if name == _PLUGIN and isinstance(found[1], str):
                text += f"that of their call, {found[1]}, and not what line {found[2]} sets"
                run.refuse(text, hint=f"--given {shell_word(f'{name}={found[1]}')}", at=name)
            text += f"set in line {found[2]}, it {consequence}"
            run.refuse(text, hint=f"write {name}=… in their call", at=name)


def ratio_of_warmup(run: Settings) -> float | None:
    """``warmup_ratio`` where it counts: from 5.0 on only what the arguments are made with."""
    ratio: float | None = run[_RATIO]
    found = _late(run, _RATIO)
    if ratio is None or found is None or not since(run, "5"):
        return ratio
    if found[1] is not None:
        text = (
            f"warmup_ratio={found[1]} of their call is what the arguments read, not that of line {found[2]}"
        )
        run.refuse(text, hint=f"write one of the two, or --given warmup_ratio={found[1]}", at=_RATIO)
    text = f"the arguments are made before line {found[2]} sets warmup_ratio: nobody reads it"
    run.warn("unread-ratio", text, hint=f"write warmup_ratio={ratio} in their call", at=_RATIO)
    return None


def _late(run: Settings, name: str) -> tuple[Any, Any, int] | None:
    """The value that a line sets, that of the call, and the line; None where another says it in the end."""
    if run.is_answered(name) or run.script is None:
        return None
    python = run.script.python
    for call in python.calls[:1]:
        if name in call.changed:
            value, line = call.changed[name]
            return value, call.keywords.get(name), line
    if run.source.language == "command" and name in python.changed:
        value, line = python.changed[name]
        return value, None, line
    return None
