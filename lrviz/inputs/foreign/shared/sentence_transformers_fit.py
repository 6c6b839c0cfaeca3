"""``fit`` of sentence-transformers: a schedule for whole batches, in a run that takes the rest of the rows.

Source: sentence-transformers 6.2.0, ``sentence_transformer/fit_mixin.py``, ``cross_encoder/fit_mixin.py``,
``base/training_args.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.shared.trainer_length import (
    batch_size,
    processes_name,
    rows_name,
    share_of_process,
    updates_of_epochs,
    updates_per_epoch,
)
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES, lengths_of, share_of
from lrviz.plan.arithmetic import dataloader_len

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec

NAMES = {
    "constantlr": "constant",
    "warmupconstant": "constant_with_warmup",
    "warmuplinear": "linear",
    "warmupcosine": "cosine",
    "warmupcosinewithhardrestarts": "cosine_with_restarts",
}
"""Schedulers of ``fit``, in small letters."""
WARMUP = 10000
_DROP_LAST = 8
"""Where ``DataLoader`` has its ``drop_last``."""
_OF_RANKS = ("torchrun", "deepspeed")
"""Launchers that make even one process a distributed one."""


def read_fit(run: Settings, call: PythonCall, *, is_old: bool) -> Spec:
    """A schedule built for whole batches, in a run that also takes the rest of the rows."""
    run.set_defaults(warmup_steps=WARMUP)
    kind = _scheduler(run)
    built_for, updates = _old_length(run, call) if is_old else _length(run, call)
    warmup = _warmup(run, built_for)
    if built_for < updates:
        run.warn(
            "schedule-ends-early",
            f"the schedule is built for {built_for} updates of {updates}: those behind have its last LR",
        )
    run.warmup = 0 if kind == "constant" else warmup
    if kind != "constant":
        run.check_warmup(warmup, updates, at="warmup_steps")
    return run.curve(
        SCHEDULES[kind], **lengths_of(kind, warmup, built_for), lr=run["optimizer_params.lr"], steps=updates
    )


def _warmup(run: Settings, built_for: int) -> float:
    """Updates, as its schedules count them; a share of the run is lrviz's own way to say them."""
    warmup = run["warmup_steps"]
    is_share = 0 < warmup < 1 and (run.is_answered("warmup_steps") or run.is_answered("warmup"))
    if is_share:
        return share_of(run, built_for, warmup)
    return int(warmup) if warmup == int(warmup) else warmup  # a part of one step in the code itself


def _scheduler(run: Settings) -> str:
    name = str(run["scheduler"]).lower()
    if name not in NAMES:
        run.refuse(f"unknown scheduler {name}", at="scheduler", instead="WarmupLinear")
    return NAMES[name]


def _old_length(run: Settings, call: PythonCall) -> tuple[int, int]:
    """``len(loader) * epochs``, the shortest loader's; every loss has an optimizer of its own."""
    if run["steps_per_epoch"]:
        batches = run.line(run.STEPS_PER_EPOCH, "steps_per_epoch", run["steps_per_epoch"])
    else:
        sizes = _sizes(run, call)
        rows = _rows_iterated(run, call, sizes)
        formula = ", ".join(f"ceil({n} / {size})" for n, size in zip(rows, sizes, strict=True))
        counts = [dataloader_len(n, size, drop_last=False) for n, size in zip(rows, sizes, strict=True)]
        batches = run.line(run.STEPS_PER_EPOCH, f"min({formula})", min(counts))
    total = run.line(run.TOTAL_STEPS, f"{batches} * {run['epochs']}", int(batches * run["epochs"]))
    return total, total


def _length(run: Settings, call: PythonCall) -> tuple[int, int]:
    """``min(rows // batch) * epochs * losses`` of the schedule, and the Trainer's updates."""
    epochs, steps = run["epochs"], run["steps_per_epoch"]
    if steps and epochs == 1:
        total = run.line(run.TOTAL_STEPS, "steps_per_epoch", steps)
        return total, total
    sizes = _sizes(run, call)
    size, losses = sizes[-1], len(sizes)
    processes = processes_name(run)
    rows, world = _rows_iterated(run, call, sizes, processes), run.ask(processes)
    whole_batches = min(n // size for n in rows)
    built_for = int(whole_batches * epochs) * losses
    least = f"min({', '.join(map(str, rows))})" if losses > 1 else str(rows[0])
    formula = f"floor({least} / {size}) * {epochs} * {losses}"
    run.line("steps of the schedule", formula, built_for)
    fed, drops = batch_size(run, world, size), drops_last(run, world)
    batches = losses * min(dataloader_len(n, fed, drop_last=drops) for n in rows)
    run.line("batches", f"{losses} * {'floor' if drops else 'ceil'}({least} / {fed})", batches)
    updates = updates_per_epoch(run, share_of_process(run, batches, world, drops=drops))
    total = updates_of_epochs(run, epochs, updates)
    return built_for, total


def drops_last(run: Settings, world: int) -> bool:
    """Whether the last batch of a set is left out where it is not full: so it is whenever DDP trains."""
    said = bool(run["dataloader_drop_last"])
    is_distributed = world > 1 or run.source.launch.launcher in _OF_RANKS
    if is_distributed and not said:
        text = "dataloader_drop_last is made true where several processes train"
        run.note("last-batch-dropped", f"{text}: what is left of each set, and of the processes, is left out")
    return said or is_distributed


def _sizes(run: Settings, call: PythonCall) -> list[int]:
    """The batch of every loader."""
    return [_size(run, loader) for loader in _loaders(call)]


def _loaders(call: PythonCall) -> list[Any]:
    """Those among the objectives, each of them with a loss."""
    by_place = call.arguments[0] if call.arguments else call.keywords.get("train_dataloader")
    named = call.keywords.get("train_objectives", by_place)
    found = [one[0] for one in named if is_list(one) and one] if is_list(named) else []
    return found or [named]


def _drops_rest(loader: object) -> bool:
    """Whether a loader makes whole batches alone, and gives no other rows."""
    if not isinstance(loader, PythonCall):
        return False
    by_place = loader.arguments[_DROP_LAST] if loader.arguments[_DROP_LAST:] else False
    is_told = loader.keywords.get("drop_last", by_place) is True
    return is_told or loader.name.rpartition(".")[2] == "NoDuplicatesDataLoader"


def is_list(value: object) -> bool:
    """Whether it is several values."""
    return isinstance(value, (list, tuple))


def _size(run: Settings, loader: object) -> int:
    size = None
    if isinstance(loader, PythonCall) and not run.is_said("batch_size"):
        by_place = loader.arguments[1] if loader.arguments[1:] else 1
        size = loader.keywords.get("batch_size", by_place)
    return size if isinstance(size, int) else int(run.ask("batch_size"))


def _rows_iterated(run: Settings, call: PythonCall, sizes: list[int], *beside: str) -> tuple[int, ...]:
    """The rows that each loader gives, of which ``fit`` makes its data sets."""
    rows = rows_of_sets(run, *beside)
    rows = rows if len(rows) == len(sizes) else rows[:1] * len(sizes)
    each = zip(rows, sizes, _loaders(call), strict=True)
    return tuple(
        run.line("rows of whole batches", f"floor({n} / {size}) * {size}", n // size * size)
        if n % size and _drops_rest(loader)
        else n
        for n, size, loader in each
    )


def rows_of_sets(run: Settings, *beside: str) -> tuple[int, ...]:
    """The rows of each data set, asked for with what else is to be known."""
    if run.is_said("rows_of_each"):
        return tuple(int(n) for n in run["rows_of_each"])
    found = run.ask(rows_name(run), *beside)
    return (int(found[0] if beside else found),)
