"""``fit`` of sentence-transformers: a schedule for whole batches, in a run that takes the rest of the rows.

Source: sentence-transformers 2.1 to 6.2.0, ``sentence_transformer/fit_mixin.py``,
``cross_encoder/fit_mixin.py``, ``base/training_args.py``; before 3.0 ``SentenceTransformer.py``.
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
BY_CODE = -1
"""As many data sets as code puts into a table."""
_TRAINER, _TRAINER_OF_PAIRS = "3.0", "4.0"
"""The first versions whose ``fit`` has a Trainer, that of a CrossEncoder later."""
_DROP_LAST = 8
"""Where ``DataLoader`` has its ``drop_last``."""
_OF_RANKS = ("torchrun", "deepspeed")
"""Launchers that make even one process a distributed one."""


def read_fit(run: Settings, call: PythonCall) -> Spec:
    """A schedule built for whole batches, in a run that also takes the rest of the rows."""
    run.set_defaults(warmup_steps=WARMUP)
    kind = _scheduler(run)
    built_for, updates = _old_length(run, call) if _is_old(run, call) else _length(run, call)
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


def _is_old(run: Settings, call: PythonCall) -> bool:
    """Whether it is a loop of its own: ``old_fit``, and ``fit`` of versions whose ``fit`` has no Trainer."""
    has_trainer = run.since(_TRAINER_OF_PAIRS if _is_one_loader(call) else _TRAINER)
    return call.name.rpartition(".")[2] == "old_fit" or not has_trainer


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
        loaders = _loaders(run, call)
        sizes = [_size(run, one) for one in loaders]
        rows = _rows_iterated(run, loaders, sizes)
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
    loaders = _loaders(run, call)
    sizes = [_size(run, one) for one in loaders]
    size, losses = sizes[-1], len(sizes)
    processes = processes_name(run)
    rows, world = _rows_iterated(run, loaders, sizes, processes), run.ask(processes)
    least = f"min({', '.join(map(str, rows))})" if losses > 1 else str(rows[0])
    counted = f"floor({least} / {size}) * {epochs}"
    each = int(min(n // size for n in rows) * epochs)
    if losses > 1 and run.since("6.2", "the schedule counts the batches of every loss, before 6.2 of one"):
        counted, each = f"{counted} * {losses}", each * losses
    built_for = run.line("steps of the schedule", counted, each)
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


def _trained_on(call: PythonCall) -> Any:
    """Its objectives, each a loader and a loss, or the one loader of a CrossEncoder."""
    by_place = call.arguments[0] if call.arguments else call.keywords.get("train_dataloader")
    return call.keywords.get("train_objectives", by_place)


def _is_one_loader(call: PythonCall) -> bool:
    """Whether it is given a loader, as a CrossEncoder is, and no objectives."""
    named = _trained_on(call)
    is_loader = isinstance(named, PythonCall) and named.name.endswith("DataLoader")
    return "train_dataloader" in call.keywords or is_loader


def _loaders(run: Settings, call: PythonCall) -> list[Any]:
    """Those among the objectives; where nobody knows how many these are, as many as there are rows of."""
    named = _trained_on(call)
    found = [one[0] for one in named if is_list(one) and one] if is_list(named) else []
    if found or _is_one_loader(call):
        return found or [named]
    sets = len(run["rows_of_each"]) if run.is_said("rows_of_each") else 0
    if sets < 2:
        text = "how many objectives there are is not known here: one is taken"
        run.note("one-objective", text, hint="--given rows_of_each=900,100, without --dataset-len")
    return [named] * max(sets, 1)


def _drops_rest(loader: object) -> bool:
    """Whether a loader makes whole batches alone, and gives no other rows."""
    if not isinstance(loader, PythonCall):
        return False
    by_place = loader.arguments[_DROP_LAST] if loader.arguments[_DROP_LAST:] else False
    is_told = loader.keywords.get("drop_last", by_place) is True
    return is_told or loader.called == "NoDuplicatesDataLoader"


def is_list(value: object) -> bool:
    """Whether it is several values."""
    return isinstance(value, (list, tuple))


def _size(run: Settings, loader: object) -> int:
    size = None
    if isinstance(loader, PythonCall) and not run.is_said("batch_size"):
        by_place = loader.arguments[1] if loader.arguments[1:] else 1
        size = loader.keywords.get("batch_size", by_place)
    return size if isinstance(size, int) else int(run.ask("batch_size"))


def _rows_iterated(run: Settings, loaders: list[Any], sizes: list[int], *beside: str) -> tuple[int, ...]:
    """The rows that each loader gives, of which ``fit`` makes its data sets."""
    rows = rows_of_sets(run, *beside, sets=len(loaders))
    each = zip(rows, sizes, loaders, strict=True)
    return tuple(
        run.line("rows of whole batches", f"floor({n} / {size}) * {size}", n // size * size)
        if n % size and _drops_rest(loader)
        else n
        for n, size, loader in each
    )


def rows_of_sets(run: Settings, *beside: str, sets: int | None = None) -> tuple[int, ...]:
    """The rows of each data set, asked for with what else is to be known.

    ``sets`` tells how many there are; ``BY_CODE`` that code makes several, None that there may be.

    Raises:
        PlanError: there are several, and the rows of others are told, or of none.

    """
    rows = tuple(int(n) for n in run["rows_of_each"]) if run.is_said("rows_of_each") else ()
    example = ",".join(["900", *["100"] * max((sets or 1) - 1, 1)])
    if rows and sets not in (None, BY_CODE, len(rows)):
        one = "one data set" if sets == 1 else f"{sets} data sets"
        text = f"it trains on {one}: the rows of each are to be told, and {len(rows)} are"
        alone = "<dataset_len=1000>, without --given rows_of_each"
        hint = alone if sets == 1 else f"--given rows_of_each={example}, without --dataset-len"
        run.refuse(text, hint=hint)
    if rows:
        return rows
    is_one = sets in (None, 1)
    if not is_one:
        many = "the data sets that code puts into a table" if sets == BY_CODE else f"its {sets} data sets"
        run.explain("rows_of_each", f"how many rows each of {many} has", example)
    found = run.ask(rows_name(run) if is_one else "rows_of_each", *beside)
    return (int(found[0] if beside else found),)
