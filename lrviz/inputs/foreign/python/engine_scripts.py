"""A script of one's own that starts DeepSpeed's engine, whose config has the scheduler.

Source: deepspeed 0.19.8, ``__init__.py`` and ``runtime/engine.py``: the config's scheduler wins, the
script's optimizer does.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.engine_config import CONFIG
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.own_script import own_names
from lrviz.inputs.foreign.python.call_syntax import called, keyword
from lrviz.inputs.foreign.python.scheduler_calls import scheduler_calls
from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

_CONFIGS = ("config", "config_params")


def starts_engine(command: Source) -> bool:
    """Whether a command's script has the engine that it starts do what the config of its option says."""
    names = own_names(command) if CONFIG in command.data else frozenset()
    is_of_others = "Accelerator" in names or any(name.endswith("Trainer") for name in names)
    call = None if is_of_others or "deepspeed" not in names else _initialize(command)
    return call is not None and _is_told(call) and not _makes_scheduler(command)


def own_config(command: Source) -> tuple[str, str] | None:
    """What is said of a script that hands its engine a config of its own lines, and the way out."""
    call = _initialize(command) if command.language == "command" else None
    is_engine = call is not None and ast.unparse(call.func).startswith("deepspeed")
    config = next((one for name in _CONFIGS if is_engine and call and (one := keyword(call, name))), None)
    if config is None or getattr(config, "attr", "") == CONFIG:
        return None
    text = f"{command.script} hands DeepSpeed's engine its config in line {config.lineno}, which is not read"
    return text, "write that config as JSON in ds.json, and have that alone: lrviz plan ds.json"


def handed_line(command: Source, name: str) -> int | None:
    """The line in which a script hands an optimizer or scheduler of its own to the engine."""
    call = _initialize(command)
    found = keyword(call, name) if call else None
    is_none = isinstance(found, ast.Constant) and found.value is None
    return None if found is None or is_none else found.lineno


def _initialize(command: Source) -> ast.Call | None:
    """The one call of ``deepspeed.initialize``."""
    script = script_of(command)
    nodes = ast.walk(script[1]) if script else ()
    calls = [one for one in nodes if isinstance(one, ast.Call) and called(one) == "initialize"]
    return calls[0] if len(calls) == 1 else None


def _makes_scheduler(command: Source) -> bool:
    """Whether it is a loop of those that make their scheduler themselves."""
    script = script_of(command)
    return script is not None and any(scheduler_calls(ScriptSyntax(script[1])))


def _is_told(call: ast.Call) -> bool:
    """Whether it is handed the options, and no other config."""
    config = next((one for name in _CONFIGS if (one := keyword(call, name))), None)
    if config is not None:
        return getattr(config, "attr", "") == CONFIG
    return bool(call.args) or keyword(call, "args") is not None
