"""mmengine: the Python configs of mmdet, mmpretrain, mmseg and their kin, read as data.

Source: mmengine 0.10.7, ``Runner``, ``ParamSchedulerHook``, ``OptimWrapper`` and ``LoopBasedRunner``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.setting import Setting, number, switch, whole
from lrviz.inputs.foreign.source import Imported
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    Setting("train_cfg.max_epochs", whole, key="epochs"),
    Setting("train_cfg.max_iters", whole, key="steps"),
    Setting("train_cfg.by_epoch", switch),
    Setting("train_dataloader.batch_size", whole, key="batch_size"),
    Setting("train_dataloader.drop_last", switch, default=False, key="drop_last"),
    Setting("optim_wrapper.optimizer.lr", number, key="lr"),
    Setting("optim_wrapper.accumulative_counts", whole, 1, "grad_accum"),
    Setting("auto_scale_lr.enable", switch, default=False, aliases=("auto_scale_lr", "auto-scale-lr")),
    Setting("auto_scale_lr.base_batch_size", whole),
)
_NOT_OF_LR = ("Momentum", "ParamScheduler")
_RISING = ("LinearLR", "ConstantLR", "QuadraticWarmupLR")
_ENDLESS = ("ReduceOnPlateauLR",)


def claims(source: Source) -> bool:
    """A name of its configs: ``param_scheduler``, ``optim_wrapper``, or ``_base_``."""
    names = {"param_scheduler", "optim_wrapper"} & source.data.keys()
    return source.language == "python" and (bool(names) or "_base_" in source.data or bool(source.files))


def read(run: Settings) -> Spec:
    """The run of a Runner: its schedulers step after every batch, also while gradients accumulate."""
    accum = run["optim_wrapper.accumulative_counts"]
    members = _members(run)
    by_iteration = run.is_said("train_cfg.max_iters") or not run.is_said("train_cfg.max_epochs")
    length = (_of_iterations if by_iteration else _of_epochs)(run, members, accum)
    lr, groups = _scaled_lr(run), _groups(run)
    if not members:
        return run.curve("torch.ConstantLR", lr=lr, **length, factor=1.0, groups=groups)
    return run.curve("mmengine.list", lr=lr, **length, param_scheduler=members, groups=groups)


def _members(run: Settings) -> tuple[Call, ...]:
    """The schedulers of the LR, each with the end that the Runner gives it."""
    found = run.known("param_scheduler") or ()
    tables = [found] if isinstance(found, dict) else list(found)
    if not all(isinstance(table, dict) and "type" in table for table in tables):
        hint = "dict(type='LinearLR', end=500, by_epoch=False)"
        run.refuse("param_scheduler holds something that is no dict with a type", hint=hint)
    return tuple(_call(run, table) for table in tables if not _type(table).endswith(_NOT_OF_LR))


def _type(table: dict[str, Any]) -> str:
    """A scheduler's class, which is written as text or imported."""
    kind = table["type"]
    return (kind.name if isinstance(kind, Imported) else str(kind)).rpartition(".")[2]


def _call(run: Settings, table: dict[str, Any]) -> Call:
    name, params = _type(table), {key: value for key, value in table.items() if key != "type"}
    if lookup(f"mmengine.{name}") is None:
        hint = "the nearest is LinearLR" if "Warmup" in name else "lrviz list mmengine shows those it has"
        run.refuse(f"the schedule {name} of param_scheduler is not in the catalogue", hint=hint)
    end = run["train_cfg.max_epochs" if params.get("by_epoch", True) else "train_cfg.max_iters"]
    if name not in _ENDLESS and end is not None:
        params.setdefault("end", end)
    return Call(name, tuple(params.items()))


def _in_epochs(member: Call) -> bool:
    return bool(dict(member.params).get("by_epoch", True))


def _of_epochs(run: Settings, members: tuple[Call, ...], accum: int) -> dict[str, Value]:
    """``max_epochs`` of so many batches, an update for each ``accum`` of them and one at the very end."""
    batches, epochs = _batches(run), run["train_cfg.max_epochs"]
    total = run.line("batches", f"{batches} * {epochs}", batches * epochs)
    if accum > 1:
        run.line("total steps", f"ceil({total} / {accum})", ceil_div(total, accum))
        run.warn(
            "counts-batches",
            f"schedulers count batches, also while {accum} of them accumulate for one update",
            at="optim_wrapper.accumulative_counts",
        )
    run.warmup = _warmup(members, batches, accum)
    return {"trainer": "mmengine", "batches_per_epoch": batches, "epochs": epochs, "grad_accum": accum}


def _of_iterations(run: Settings, members: tuple[Call, ...], accum: int) -> dict[str, Value]:
    """``max_iters`` batches, whatever the data; epochs have a length only where a scheduler counts them."""
    total = run.line("batches", "max_iters", run.ask("train_cfg.max_iters"))
    formula = f"ceil({total} / {accum})" if accum > 1 else "max_iters"
    steps = run.line("total steps", formula, ceil_div(total, accum))
    batches = _batches(run) if any(map(_in_epochs, members)) else 0
    run.warmup = _warmup(members, batches, accum)
    length: dict[str, Value] = {"steps": steps, "steps_per_epoch": batches or None}
    if accum > 1:
        rest = total - (steps - 1) * accum
        length |= {"pace": (f"{steps - 1}x{accum}", rest), "lead": accum - 1, "steps_per_epoch": None}
    return length


def _batches(run: Settings) -> int:
    """Batches of a process in an epoch: ``DefaultSampler`` pads, and the loader may drop the last."""
    if run.knows("batches_per_epoch"):
        return int(run.ask("batches_per_epoch"))
    n, world, size = run.ask("dataset_len", "world_size", "train_dataloader.batch_size")
    own = run.line("samples per process", f"ceil({n} / {world})", ceil_div(n, world)) if world > 1 else n
    drops = run["train_dataloader.drop_last"]
    formula = f"{'floor' if drops else 'ceil'}({own} / {size})"
    return run.line("batches per epoch", formula, own // size if drops else ceil_div(own, size))


def _warmup(members: tuple[Call, ...], batches: int, accum: int) -> int:
    """Updates until the first scheduler, which rises from the beginning, has done so."""
    first = dict(members[0].params) if len(members) > 1 and members[0].name in _RISING else {}
    if not first or first.get("begin", 0):
        return 0
    end = first.get("end")
    return (end if isinstance(end, int) else 0) * (batches if first.get("by_epoch", True) else 1) // accum


def _scaled_lr(run: Settings) -> float:
    """``lr``, times processes x batch over ``base_batch_size`` where ``auto_scale_lr`` is on."""
    lr = run.ask("optim_wrapper.optimizer.lr")
    if not run["auto_scale_lr.enable"]:
        return float(lr)
    world, size, base = run.ask("world_size", "train_dataloader.batch_size", "auto_scale_lr.base_batch_size")
    run.note("scaled-lr", f"auto_scale_lr: {lr} * {world} * {size} / {base}; accumulation does not count")
    return float(lr * (world * size / base))


def _groups(run: Settings) -> tuple[Call, ...] | None:
    """The groups of ``paramwise_cfg``: each of ``custom_keys`` with an LR of its own, and biases."""
    cfg = run.known("optim_wrapper", "paramwise_cfg") or {}
    keys = cfg.get("custom_keys") if isinstance(cfg, dict) else None
    scales = {
        str(name): table["lr_mult"]
        for name, table in (keys or {}).items()
        if isinstance(table, dict) and table.get("lr_mult", 1) != 1
    }
    if cfg.get("bias_lr_mult", 1) != 1:
        scales["bias"] = cfg["bias_lr_mult"]
    if not scales:
        return None
    return tuple(Call(name, (("scale", scale),)) for name, scale in {"other": 1.0, **scales}.items())


TRAINER = ForeignTrainer(
    "mmengine",
    "0.10.7",
    SETTINGS,
    claims,
    read,
    known_by="param_scheduler, optim_wrapper or _base_ in Python",
)
