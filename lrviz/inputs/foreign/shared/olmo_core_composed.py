"""OLMo-core: schedulers that hold a list of stages, or of other schedulers, and what may override their end.

Source: ai2-olmo-core 3.0.0 ``optim/scheduler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.key_paths import table_at
from lrviz.inputs.foreign.setting import number, text, whole
from lrviz.inputs.foreign.within import known_table, read_value
from lrviz.notation.nearest import nearest
from lrviz.notation.spec import Call
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Value

_PATH = "train_module.scheduler."
COMPOSED = ("ComposableScheduler", "SequentialScheduler")
_CLASSES = ("_CLASS_", "type")
_STAGE = ("duration", "shape", "start_lr", "start_lr_fraction", "end_lr", "end_lr_fraction")
_WITHIN = (
    *("units", "lr_field", "initial_lr_field", "warmup_steps", "warmup_fraction", "t_max"),
    *("decay", "decay_steps", "decay_fraction", "warmup_min_lr", "decay_min_lr"),
)
"""Fields of a stage, and of a scheduler within beside its parameters here."""
_KINDS = {"warmup": whole, "decay": whole, "t_max": whole}
"""How the parameters of a scheduler within are read; the others are numbers."""


def composed(run: Settings, name: str, names: Mapping[str, str], each: int, most: int) -> dict[str, Value]:
    """The parameters of such a scheduler, of whose unit an update is ``each`` and the run ``most``.

    Raises:
        ConfigError: OLMo-core stops.

    """
    lr: float = run["train_module.optim.lr"]
    values = _stages(run, lr, each) if name == COMPOSED[0] else _sequence(run, names, each)
    if name == COMPOSED[1]:
        values["t_max"] = most
    table = _table(run, "override_decay")
    if not table:
        return values
    _check_fields(run, "override_decay", table, {"start", *_STAGE} - {"start_lr", "start_lr_fraction"})
    return values | {
        "override_start": _value(run, "override_decay.start", table.get("start"), whole),
        "override_duration": _value(run, "override_decay.duration", table.get("duration"), whole),
        "override_shape": _value(run, "override_decay.shape", table.get("shape", "linear"), text),
        "override_end_lr_fraction": _share(run, "override_decay", table, "end", lr),
    }


def _stages(run: Settings, lr: float, each: int) -> dict[str, Value]:
    """Stages, each from the LR of its own, or the last of the one before."""
    stages = _tables(run, "stages") or _no_tables(run, "stages")
    for one in stages:
        _check_fields(run, "stages", one, _STAGE)
    lasts = tuple(_value(run, "stages.duration", one.get("duration"), whole) for one in stages)
    ends = tuple(_share(run, "stages", one, "end", lr) or 0.0 for one in stages)
    own = [_share(run, "stages", one, "start", lr) for one in stages]
    starts = tuple(before if one is None else one for one, before in zip(own, (1.0, *ends), strict=False))
    run.warmup = max(ceil_div(lasts[0], each) - 1, 0) if starts[0] < ends[0] else 0
    return {
        "durations": lasts,
        "start_lr_fractions": starts,
        "end_lr_fractions": ends,
        "shapes": tuple(_value(run, "stages.shape", one.get("shape", "linear"), text) for one in stages),
    }


def _share(run: Settings, path: str, table: Mapping[str, object], side: str, lr: float) -> float | None:
    """``end_lr``, or ``end_lr_fraction``, as a share of the LR; a start may be left out."""
    outright, share = table.get(f"{side}_lr"), table.get(f"{side}_lr_fraction")
    if (outright is None) == (share is None) and (side == "end" or outright is not None):
        run.refuse(
            f"{path} takes one of {side}_lr and {side}_lr_fraction: it stops",
            hint=f"leave out one of {side}_lr and {side}_lr_fraction",
        )
    if share is not None:
        return float(_value(run, f"{path}.{side}_lr_fraction", share, number))
    return None if outright is None else _value(run, f"{path}.{side}_lr", outright, number) / lr


def _sequence(run: Settings, names: Mapping[str, str], each: int) -> dict[str, Value]:
    """Schedulers one after another, each but the last with a length of its own."""
    tables = _tables(run, "schedulers")
    scheduler = run.raw("train_module", "scheduler")
    key = "schedulers_max" if scheduler.get("schedulers_max") is not None else "schedulers_max_steps"
    given = known_table(run, *_PATH.split(".")[:2], key) or ()
    several = given if isinstance(given, tuple) else (given,)
    lasts = tuple(_value(run, key, one, whole) for one in several)[: len(tables) - 1]
    if len(lasts) + 1 != len(tables):
        run.refuse(
            f"schedulers_max must be set for each of {len(tables)} schedulers but the last: it stops",
            hint="give schedulers_max one number less than there are schedulers",
        )
    calls = tuple(_within(run, one, names) for one in tables)
    own = dict(calls[0].params)
    steps, share = own.get("warmup"), own.get("warmup_fraction")
    ramp = round(share * lasts[0]) if isinstance(share, float) else steps or 0
    run.warmup = max(ceil_div(int(ramp), each) - 1, 0) if isinstance(ramp, (int, float)) else 0
    return {"schedulers": calls, "schedulers_max": lasts}


def _check_fields(run: Settings, path: str, table: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse what a class has no field for.

    Raises:
        ConfigError: there is such a key.

    """
    if strange := next((key for key in table if key not in {*_CLASSES, *known}), ""):
        near = nearest(strange, known)
        hint = f"write {near}" if near else f"take {strange} out"
        run.refuse(f"{path} has no {strange}: OLMo-core stops", hint=hint)


def _within(run: Settings, table: Mapping[str, object], names: Mapping[str, str]) -> Call:
    """One of them, by its class."""
    path = str(table.get("_CLASS_") or table.get("type"))
    name = names.get(path, path.rpartition(".")[2])
    if name == "ConstantScheduler":
        return Call("ConstantWithWarmup", (("warmup", 0),))
    entry = None if name in COMPOSED else lookup(f"olmo_core.{name}")
    if entry is None:
        run.refuse(f"its scheduler {path} within another is not read", hint="write them as phases")
    _check_fields(run, "schedulers", table, {*entry.params, *_WITHIN})
    said = {key.removesuffix("_steps"): value for key, value in table.items() if value is not None}
    values = {
        key: _value(run, f"schedulers.{key}", said[key], _KINDS.get(key, number))
        for key in entry.params
        if key in said
    }
    if name == "CosWithWarmupAndLinearDecay" and "t_max" in values:
        values["cosine_t_max"] = values.pop("t_max")
    if "decay" in values:
        values["decay_fraction"] = None
    return Call(name, tuple(values.items()))


def _tables(run: Settings, name: str) -> tuple[dict[str, Any], ...]:
    """What it is made of, each with settings of its own; none where it does not say.

    Raises:
        ConfigError: it is no list of them.

    """
    found = known_table(run, *_PATH.split(".")[:2], name) or ()
    if not isinstance(found, tuple) or not all(isinstance(one, dict) for one in found):
        _no_tables(run, name)
    return found


def _no_tables(run: Settings, name: str) -> NoReturn:
    """Refuse what its class stops at.

    Raises:
        ConfigError: always.

    """
    run.refuse(
        f"{name} must be a list of tables: it stops",
        hint="name a schedule alone as _CLASS_ of train_module.scheduler",
        at="_CLASS_",
    )


def _table(run: Settings, name: str) -> dict[str, Any]:
    return table_at(known_table(run, *_PATH.split(".")[:2], name))


def _value(run: Settings, path: str, value: Any, kind: Any) -> Any:
    return read_value(run, f"{_PATH}{path}", value, kind, like=10)
