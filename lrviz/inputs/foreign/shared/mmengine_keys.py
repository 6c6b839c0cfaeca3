"""Keys of an mmengine config that are none of its: a class stops at them, all else passes over them.

Source: mmengine 0.10.7 ``Runner.from_cfg`` and ``build_train_loop``, ``DefaultOptimWrapperConstructor`` and
the arguments of ``runner/loops.py`` and ``optim/optimizer/*_optimizer_wrapper.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.key_paths import leaves, table_at
from lrviz.inputs.foreign.python.python_script import HIDDEN
from lrviz.inputs.foreign.shared.mmengine_datasets import short_name
from lrviz.inputs.foreign.shared.torch_optimizers import OF_CLASS
from lrviz.notation.nearest import SLIP, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lrviz.inputs.foreign.settings import Settings

_DECIDING = {
    "param_scheduler": "its schedule moves no LR",
    "optim_wrapper": "its optimizer is not the run's",
    "train_cfg": "it does not say how long the run is",
    "train_dataloader": "its batches are not the run's",
    "auto_scale_lr": "it scales no LR",
    "custom_hooks": "its hooks are not called",
    "default_hooks": "its hooks are not called",
}
"""Keys that the curve follows from, and what becomes of one that is spelt otherwise."""
_OTHERS = {
    *("cfg", "data_preprocessor", "default_scope", "env_cfg", "experiment_name", "launcher", "load_from"),
    *("log_level", "log_processor", "model", "optimizer", "randomness", "resume", "strategy", "test_cfg"),
    *("test_dataloader", "test_evaluator", "val_cfg", "val_dataloader", "val_evaluator", "visualizer"),
    "work_dir",
}
_OF_MMCV = {
    "lr_config": ("param_scheduler", "its policy moves no LR"),
    "optimizer_config": ("optim_wrapper", "it clips and accumulates nothing"),
    "runner": ("train_cfg", "it does not say how long the run is"),
}
"""Keys of MMCV 1, where mmengine has what they say, and what becomes of them."""
_WRAPPERS = ("OptimWrapper", "AmpOptimWrapper", "ApexOptimWrapper")
_OF_WRAPPERS = {
    *("type", "constructor", "optimizer", "paramwise_cfg", "accumulative_counts", "clip_grad"),
    *("loss_scale", "dtype", "use_fsdp", "opt_level", "enabled", "cast_model_type", "patch_torch_functions"),
    *("keep_batchnorm_fp32", "master_weights", "cast_model_outputs", "num_losses", "verbosity"),
    *("min_loss_scale", "max_loss_scale"),
}
_OF_LOOPS = {"type", "by_epoch", "dataloader", "runner", "val_begin", "val_interval", "dynamic_intervals"}
_COUNTS = {"EpochBasedTrainLoop": "max_epochs", "IterBasedTrainLoop": "max_iters"}
_OF_LOADERS = {
    *("dataset", "sampler", "batch_sampler", "collate_fn", "worker_init_fn", "num_batch_per_epoch"),
    *("batch_size", "shuffle", "num_workers", "pin_memory", "drop_last", "timeout", "generator"),
    *("multiprocessing_context", "prefetch_factor", "persistent_workers", "pin_memory_device", "in_order"),
}
_OF_PARAMS = {
    *("custom_keys", "bias_lr_mult", "bias_decay_mult", "norm_decay_mult", "dwconv_decay_mult"),
    *("flat_decay_mult", "bypass_duplicate", "dcn_offset_lr_mult"),
}


def check_keys(run: Settings) -> None:
    """Refuse what a class of mmengine does not take, and say what is spelt so that nobody looks at it.

    Raises:
        ConfigError: there is an argument that a class does not take.

    """
    _check_wrapper(run)
    _check_optimizer(run)
    _check_loop(run)
    _check_arguments(run, "train_dataloader", "DataLoader", _OF_LOADERS)
    _check_groups(run)
    for key, near, consequence in _passed_over(run):
        _look_at(run, key)
        text = f"{key} is no key of mmengine, which passes over it: {consequence}"
        run.warn("misspelt-key", text, hint=f"write {near} where that is meant")


def _check_wrapper(run: Settings) -> None:
    table = _table(run, "optim_wrapper")
    kind, constructor = short_name(table.get("type", _WRAPPERS[0])), short_name(table.get("constructor", ""))
    if kind in _WRAPPERS and constructor in ("", "DefaultOptimWrapperConstructor"):
        _check_arguments(run, "optim_wrapper", kind, _OF_WRAPPERS)


def _check_optimizer(run: Settings) -> None:
    """Refuse what a class of torch does not take, as a base leaves it beside another class."""
    table = table_at(_table(run, "optim_wrapper").get("optimizer"))
    kind = short_name(table.get("type", ""))
    for word in table if kind in OF_CLASS else ():
        name = f"optim_wrapper.optimizer.{word}"
        is_given = run.lookup.extra.get(name) is not None
        if word in ("type", "_scope_", HIDDEN) or word in OF_CLASS[kind] or is_given:
            continue
        place = run.lookup.place(("optim_wrapper", "optimizer", word))._replace(key="")
        text = f"{place}: {name} is no argument of {kind}: mmengine stops"
        near = nearest(word, OF_CLASS[kind], cutoff=SLIP)
        other = f"take {word} out: _delete_=True in an optimizer has it take nothing of its base's"
        raise ConfigError(text, hint=f"write {near}" if near else other)


def _check_loop(run: Settings) -> None:
    table = _table(run, "train_cfg")
    by_epoch, kind = table.get("by_epoch"), short_name(table.get("type", ""))
    if not kind and isinstance(by_epoch, bool):
        kind = "EpochBasedTrainLoop" if by_epoch else "IterBasedTrainLoop"
    if kind in _COUNTS:
        _check_arguments(run, "train_cfg", kind, _OF_LOOPS | {_COUNTS[kind]})


def _check_arguments(run: Settings, table: str, kind: str, known: Collection[str]) -> None:
    for word in _table(run, table):
        if word in known or word == HIDDEN or run.lookup.extra.get(f"{table}.{word}") is not None:
            continue
        near = nearest(word, known, cutoff=SLIP)
        other = f"add _delete_=True to the {table} above a base" if word in _COUNTS.values() else ""
        _look_at(run, table, word)
        place = run.lookup.place((table, word))._replace(key="")
        text = f"{place}: {table}.{word} is no argument of {kind}: mmengine stops"
        raise ConfigError(text, hint=f"write {near}" if near else other or f"take {table}.{word} out")


def _check_groups(run: Settings) -> None:
    """Factors that no group gets, as their names are others."""
    table = _table(run, "optim_wrapper")
    groups = table.get("paramwise_cfg")
    if short_name(table.get("constructor", "")) not in ("", "DefaultOptimWrapperConstructor"):
        return
    tables = {"optim_wrapper.paramwise_cfg": (groups, _OF_PARAMS)}
    keys = groups.get("custom_keys") if isinstance(groups, dict) else None
    for name, one in keys.items() if isinstance(keys, dict) else ():
        tables[f"optim_wrapper.paramwise_cfg.custom_keys.{name}"] = (one, {"lr_mult", "decay_mult"})
    for path, (found, known) in tables.items():
        for word in found if isinstance(found, dict) else ():
            if word not in known and (near := nearest(word, known, cutoff=SLIP)):
                text = f"{path}.{word} is no key of mmengine, which passes over it: no group gets it"
                run.warn("misspelt-key", text, hint=f"write {near}")


def _passed_over(run: Settings) -> Iterator[tuple[str, str, str]]:
    """Keys of a config that nobody looks at, what each is like, and what follows."""
    keys = {str(key) for one in run.lookup.written for key in one.data}
    for key in sorted(keys - _DECIDING.keys() - _OTHERS):
        near = nearest(key, _DECIDING, cutoff=SLIP)
        near, consequence = _OF_MMCV.get(key, (near, _DECIDING.get(near, "")))
        is_used = bool(near) and _holds(run.lookup.at((near,)), run.lookup.at((key,)))
        if near and not is_used and run.lookup.extra.get(key) is None:
            yield key, near, consequence


def _look_at(run: Settings, *path: str) -> None:
    """Have all keys of a table count as told of."""
    for key in leaves({".".join(path): run.lookup.at(path)}):
        run.lookup.at(tuple(key.split(".")))


def _holds(table: Any, value: Any) -> bool:
    """Whether a key has the value of another, which is a name for it then."""
    if table == value:
        return True
    inner = table.values() if isinstance(table, dict) else table if isinstance(table, (list, tuple)) else ()
    return any(_holds(one, value) for one in inner)


def _table(run: Settings, key: str) -> dict[str, Any]:
    return table_at(run.lookup.at((key,)))
