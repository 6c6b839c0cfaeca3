"""A script whose config stands in it: ``Runner(train_cfg=dict(…))``, ``Runner.from_cfg(Config(dict(…)))``.

Source: mmengine 0.10.7 ``Runner.__init__``, ``from_cfg`` and ``build_dataloader``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_call import with_call
from lrviz.inputs.foreign.python.python_script import HIDDEN, PythonCall
from lrviz.inputs.foreign.shared.mmengine_datasets import WHOLE
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

RUNNERS = ("Runner", "FlexibleRunner")
_LOADER, _SAMPLER = "train_dataloader", "sampler"
_LITERAL = "Config"
_OF_TRAINING = ("train_cfg", "optim_wrapper", "param_scheduler", HIDDEN)


def runner_calls(source: Source) -> list[PythonCall]:
    """The calls that make a Runner of mmengine of what stands in the file, each with that as keywords."""
    names = source.python.names_from("mmengine") & {*RUNNERS}
    if source.language != "python" or not names:
        return []
    opens = any(one.name.endswith("Config.fromfile") for one in source.python.calls)
    own = [one for one in source.python.calls_of(names) if _says(one, opens=opens)]
    handed = (one for one in source.python.calls if one.name.removesuffix(".from_cfg") in names)
    return own + [made for one in handed if (made := _of_config(one))]


def with_keywords(script: Source) -> Source:
    """The script as the config that its Runner is given.

    Raises:
        ConfigError: there are several.

    """
    return with_call(script, RUNNERS, [_with_loader(one) for one in runner_calls(script)])


def _says(call: PythonCall, *, opens: bool) -> bool:
    """Whether a call has the config of a run to train, which is no other that the file ``opens``."""
    found = [call.keywords[key] for key in _OF_TRAINING if key in call.keywords]
    return bool(found) and not (opens and all(isinstance(one, Unknown) for one in found))


def _of_config(call: PythonCall) -> PythonCall | None:
    """``Runner.from_cfg(Config(dict(…)))`` as the call that it makes; None of a config that is opened."""
    config = (*call.arguments, call.keywords.get("cfg"))[0]
    if isinstance(config, PythonCall) and config.called == _LITERAL and config.arguments:
        found, lines = config.arguments[0], config.lines
    else:
        found, lines = config, {}
    return replace(call, keywords=found, lines=lines) if isinstance(found, dict) else None


def _with_loader(call: PythonCall) -> PythonCall:
    """The call with the table of a ``DataLoader`` of torch that it is handed, which shares out no samples."""
    loader = call.keywords.get(_LOADER)
    if not isinstance(loader, PythonCall) or loader.called != "DataLoader":
        return call
    table: dict[str, Any] = {
        "batch_size": 1,
        **dict(zip(("dataset", "batch_size"), loader.arguments, strict=False)),
    }
    table |= loader.keywords
    sampler = table.get(_SAMPLER)
    name = sampler.called if isinstance(sampler, PythonCall) else WHOLE
    kept = table if isinstance(sampler, dict) else {**table, _SAMPLER: {"type": name}}
    return replace(call, keywords={**call.keywords, _LOADER: kept})
