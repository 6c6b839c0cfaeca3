"""axolotl: the groups of parameters that have an LR of their own.

Embeddings and the head are taken out first, then what has no weight decay: neither is left for ``lr_groups``.

Source: axolotl 0.19.0, ``core/trainers/mixins/optimizer.py``; transformers 5.16.1 ``trainer.py``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.setting import number, text
from lrviz.inputs.foreign.shared.axolotl_schedules import OWN
from lrviz.inputs.foreign.within import known_table, read_value
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_EMBEDDINGS = re.compile("embed_tokens|lm_head")
_UNDECAYED = re.compile(r"(?i)bias|layernorm|rmsnorm|(?:^|\.|_)norm$")
_EXAMPLE = "lr_groups: [{name: q, modules: [q_proj], lr: 1e-5}]"


def parameter_groups(run: Settings, name: str) -> tuple[Call, ...] | None:
    """Embeddings, and the groups of ``lr_groups``, beside the weights."""
    found: list[Call] = []
    if run["embedding_lr_scale"]:
        found.append(Call("embeddings", (("scale", run["embedding_lr_scale"]),)))
    elif run["embedding_lr"]:
        found.append(Call("embeddings", (("lr", run["embedding_lr"]),)))
    found += _own_groups(run)
    if run["loraplus_lr_ratio"]:
        found.append(Call("lora_B", (("scale", run["loraplus_lr_ratio"]),)))
    if not found:
        return None
    if lost := _lost(run, name):
        run.warn("groups-ignored", f"{lost} of the run: their own LR is lost")
        return None
    return (Call("weights", (("scale", 1.0),)), *found)


def _lost(run: Settings, name: str) -> str:
    """What gives all groups one LR, if anything does."""
    if name == OWN["one_cycle"]:
        return "OneCycleLR gives every group the max_lr"
    return "sinkgd gives every parameter the learning_rate" if run.raw("optimizer") == "sinkgd" else ""


def _own_groups(run: Settings) -> list[Call]:
    """``lr_groups``, each with a name and an LR, without those that no parameter is left for.

    Raises:
        ConfigError: it is no list of such.

    """
    groups = known_table(run, "lr_groups") or ()
    if not isinstance(groups, tuple) or not all(isinstance(one, dict) for one in groups):
        run.refuse("lr_groups is no list of groups", hint=_EXAMPLE, at="lr_groups")
    return [call for one in groups if (call := _own_group(run, one))]


def _own_group(run: Settings, one: dict[str, Any]) -> Call | None:
    """A group, None where other groups have all of its modules.

    Raises:
        ConfigError: it lacks its name, its modules or its LR.

    """
    name = read_value(run, "lr_groups.name", one.get("name"), text, like="q")
    lr = read_value(run, "lr_groups.lr", one.get("lr"), number, like="1.0e-5")
    modules = one.get("modules")
    if not isinstance(modules, tuple) or not all(isinstance(module, str) for module in modules):
        run.refuse(f"the group {name} names no list of modules", hint=_EXAMPLE, at="lr_groups")
    taken = [module for module in modules if _EMBEDDINGS.search(module) or _UNDECAYED.search(module)]
    for module in taken:
        said = f"{module} has {_lr_of(run, module)}: lr_groups does not reach it"
        run.warn("group-taken", said, at="lr_groups")
    if len(taken) == len(modules):
        run.warn("group-empty", f"nothing is left for the group {name}, which is not made", at="lr_groups")
        return None
    return Call(name, (("lr", lr),))


def _lr_of(run: Settings, module: str) -> str:
    """What sets the LR of a module that is in no group of ``lr_groups``."""
    if not _EMBEDDINGS.search(module):
        return "learning_rate, as what has no weight decay"
    own = next((one for one in ("embedding_lr_scale", "embedding_lr") if run[one]), "learning_rate")
    return f"{own}, as all embeddings"
