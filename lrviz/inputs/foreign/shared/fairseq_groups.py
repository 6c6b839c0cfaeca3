"""The groups of fairseq's config that a class is chosen for by ``_name``, which stops at other keys.

Source: fairseq 0.12.2 ``registry.py`` (``build_x``) and ``dataclass/utils.py`` (``merge_with_parent``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.key_paths import value_at
from lrviz.notation.nearest import nearest

if TYPE_CHECKING:
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.settings import Settings

OPTIMIZER, SCHEDULER, GROUPS = "optimizer", "lr_scheduler", "groups"
_NAME, _LR = "_name", "lr"
_OWN = (("user_dir",), ("common.user_dir",), ("common", "user_dir"))
_WARMUP = "warmup_updates warmup_init_lr"
_ADAM = "adam_betas adam_eps weight_decay fp16_adam_stats"
_FIELDS: dict[str, dict[str, str | None]] = {
    OPTIMIZER: {
        "adam": f"{_ADAM} use_old_adam tpu",
        "cpu_adam": _ADAM,
        "nag": "momentum weight_decay",
        "composite": "groups dynamic_groups",
        **dict.fromkeys(("sgd", "adadelta", "adafactor", "adagrad", "adamax", "lamb")),
    },
    SCHEDULER: {
        "fixed": "force_anneal lr_shrink warmup_updates",
        "inverse_sqrt": _WARMUP,
        "cosine": f"{_WARMUP} min_lr t_mult lr_period_updates lr_shrink max_update",
        "polynomial_decay": "warmup_updates force_anneal end_learning_rate power total_num_update",
        "tri_stage": "warmup_steps hold_steps decay_steps phase_ratio init_lr_scale final_lr_scale"
        " max_update",
        "step": f"{_WARMUP} min_lr lr_deacy_period lr_decay",
        "triangular": "max_lr lr_period_updates lr_shrink shrink_min",
        "reduce_lr_on_plateau": f"{_WARMUP} lr_shrink lr_threshold lr_patience"
        " maximize_best_checkpoint_metric",
        "pass_through": "",
        "manual": None,
    },
}
"""The fields of each class but its LR; None where it has no dataclass, and any key is let through."""


def check_options(run: Settings) -> None:
    """Refuse what other schedulers have, as ``fairseq-train`` adds the options of the chosen one alone.

    Source: fairseq 0.12.2 ``options.py``.

    Raises:
        ConfigError: there is one, and no ``user_dir`` whose modules may add it.

    """
    name = str(run.raw("lr_scheduler") or "fixed")
    own = _FIELDS[SCHEDULER].get(name)
    if run.sources[-1].language != "command" or own is None or any(run.raw(*path) for path in _OWN):
        return
    shared = {*own.split(), "max_update"}  # every run has a max_update
    others = ((other, key) for other, keys in _FIELDS[SCHEDULER].items() for key in (keys or "").split())
    for other, key in others:
        if key not in shared and run.raw(key) is not None and not run.is_answered(key):
            option = f"--{key.replace('_', '-')}"
            text = f"{option} is of other schedulers, {other} for one: {run.title} stops at it with {name}"
            run.refuse(text, hint=f"take {option} out, or --given {key}={run.raw(key)} where yours has it")


def check_groups(run: Settings) -> None:
    """Refuse a config without a schedule, optimizers that fairseq does not have, and keys of no class.

    Raises:
        ConfigError: there is one, and no ``user_dir`` whose modules may have it.

    """
    found = run.raw(OPTIMIZER, GROUPS)
    groups = [(OPTIMIZER, GROUPS, str(name)) for name in found] if isinstance(found, dict) else []
    is_own = any(run.raw(*path) for path in _OWN)
    is_whole = run.sources[-1].language == "yaml" and run.raw("defaults") is None
    if is_whole and not run.is_said(f"{SCHEDULER}.{_NAME}"):
        text = f"no {SCHEDULER}: the default of fairseq's own config is not beneath this one, and it stops"
        run.refuse(text, hint=f"--given {SCHEDULER}=fixed")
    for path in ((), *groups):
        for kind in (OPTIMIZER, SCHEDULER):
            _check(run, kind, (*path, kind), is_own=is_own)


def _check(run: Settings, kind: str, path: KeyPath, *, is_own: bool) -> None:
    """One group; an unknown scheduler is refused where it is chosen."""
    said, known = _said(run, path), _FIELDS[kind]
    name = next((one.value for key, one in said.items() if key == _NAME), None)
    if not isinstance(name, str) or (is_own and name not in known):
        return
    if name in known:
        _check_fields(run, name, said, path)
    elif kind == OPTIMIZER:
        near = nearest(name, known)
        place = run.lookup.place(said[_NAME].path)._replace(key="")
        text = f"{place}: fairseq has no optimizer {name}: it stops"
        raise ConfigError(text, hint=f"write {near}" if near else f"it has {', '.join(known)}")


def _check_fields(run: Settings, name: str, said: dict[str, _Said], path: KeyPath) -> None:
    """The keys of a class that has a dataclass, but what ``--given`` says that another version has."""
    found = _FIELDS[str(path[-1])][name]
    fields = [] if found is None else found.split()
    for key, one in said.items() if found is not None else ():
        label = ".".join(map(str, (*path, key)))
        if key in {_NAME, _LR, *fields} or run.is_answered(label):
            continue
        near = nearest(key, fields)
        asked = f": did you mean {near}?" if near else ""
        place = run.lookup.place(one.path)._replace(key="")
        text = f"{place}: {label} is no field of {run.title}'s {name}, which stops at it{asked}"
        way = f"write {near}" if near else f"take {key} out"
        raise ConfigError(text, hint=f"{way}, or --given {label}=yes where yours has it")


class _Said(NamedTuple):
    path: KeyPath
    value: Any


def _said(run: Settings, path: KeyPath) -> dict[str, _Said]:
    """What files and words say of a group, each with its path in them."""
    prefix, found = ".".join((*map(str, path), "")), dict[str, _Said]()
    for source in reversed(run.sources):
        table = value_at(source.data, path)
        if isinstance(table, dict):
            found |= {str(key): _Said((*path, key), value) for key, value in table.items()}
        elif isinstance(table, str):
            found[_NAME] = _Said(path, table)
        words = {key.removeprefix(prefix): key for key in source.data if key.startswith(prefix)}
        found |= {word: _Said((key,), source.data[key]) for word, key in words.items() if "." not in word}
    return found
