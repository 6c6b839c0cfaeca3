"""sentence-transformers: ``fit``, ``old_fit`` and the arguments of its Trainer, called in Python.

Source: sentence-transformers 6.2.0, ``sentence_transformer/fit_mixin.py``, ``cross_encoder/fit_mixin.py``,
``base/training_args.py``, ``base/sampler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_call import call_of, calls_of
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, literal, number, numbers, text, whole
from lrviz.inputs.foreign.shared.trainer_length import (
    batch_size,
    processes_name,
    rows_name,
    share_of_process,
    total_steps,
    updates_of_epochs,
    updates_per_epoch,
)
from lrviz.inputs.foreign.shared.training_arguments import with_defaults
from lrviz.inputs.foreign.shared.transformers_schedule import (
    SCHEDULES,
    curve_of,
    kind_of,
    lengths_of,
    share_of,
)
from lrviz.inputs.foreign.source import PythonCall
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.text import few
from lrviz.plan.arithmetic import dataloader_len

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

ARGUMENTS = (
    "SentenceTransformerTrainingArguments",
    "CrossEncoderTrainingArguments",
    "SparseEncoderTrainingArguments",
    "MultiVectorEncoderTrainingArguments",
)
TRAINERS = tuple(name.replace("TrainingArguments", "Trainer") for name in ARGUMENTS)
FITS = ("fit", "old_fit")
FIT_WORDS = frozenset(
    [
        "evaluator",
        "epochs",
        "steps_per_epoch",
        "scheduler",
        "warmup_steps",
        "optimizer_class",
        "optimizer_params",
        "weight_decay",
        "evaluation_steps",
        "output_path",
        "save_best_model",
        "max_grad_norm",
        "use_amp",
        "callback",
        "show_progress_bar",
        "checkpoint_path",
        "checkpoint_save_steps",
        "checkpoint_save_total_limit",
        "resume_from_checkpoint",
        "loss_fct",
        "activation_fct",
    ]
)
"""Keywords of ``fit`` beside what it trains on."""
NAMES = {
    "constantlr": "constant",
    "warmupconstant": "constant_with_warmup",
    "warmuplinear": "linear",
    "warmupcosine": "cosine",
    "warmupcosinewithhardrestarts": "cosine_with_restarts",
}
"""Schedulers of ``fit``, in small letters."""
WARMUP = 10000
TABLE, FILLED = "DatasetDict", -1
MAPPING = "learning_rate_mapping"
SETTINGS = (
    *with_defaults(),
    Setting("rows_of_each", numbers, aliases=("dataset_len",)),
    Setting("multi_dataset_batch_sampler", text, "proportional"),
    Setting(MAPPING, literal),
    Setting("epochs", number, 1, "epochs"),
    Setting("steps_per_epoch", whole),
    Setting("scheduler", text, "WarmupLinear"),
    Setting("optimizer_params.lr", number, 2e-5, "lr"),
    Setting("batch_size", whole, None, "batch_size"),
)


def claims(source: Source) -> bool:
    """Its arguments called, or ``fit`` with objectives."""
    return source.language == "python" and bool(TRAINER.calls_in(source))


def _is_call(call: PythonCall, source: Source) -> bool:
    """Whether a ``fit`` is that of a model of its own: scikit-learn and Keras have one too."""
    if call.name.rpartition(".")[2] not in FITS:
        return True
    words = {*call.keywords}
    if "." not in call.name or {"train_objectives", "train_dataloader"} & words:
        return "." in call.name  # of a model: a function of one's own may be called so too
    is_imported = any(name.split(".")[0] == "sentence_transformers" for name in source.imports)
    return is_imported and words <= FIT_WORDS and _gives_loaders(call)


def _gives_loaders(call: PythonCall) -> bool:
    """Whether what stands first is a list of pairs, or what only ``fit`` takes beside it."""
    first: Any = call.arguments[0] if call.arguments else None
    has_pairs = _is_list(first) and bool(first) and all(_is_list(one) and len(one) == 2 for one in first)
    is_loader = isinstance(first, PythonCall) and first.name.endswith("DataLoader")
    return has_pairs or is_loader or (first is not None and bool(call.keywords))


def read(run: Settings) -> Spec:
    """The run of its Trainer, or of ``fit``."""
    call = call_of(run)
    name = call.name.rpartition(".")[2]
    return read_fit(run, call, is_old=name == "old_fit") if name in FITS else read_trainer(run)


# --- its Trainer -----------------------------------------------------------------------------------------


def read_trainer(run: Settings) -> Spec:
    """The Trainer's run, with batches of several data sets."""
    kind_of(run)
    _note_mapping(run)
    total = total_steps(run, _updates)
    steps, ratio = run["warmup_steps"], run["warmup_ratio"]
    if ratio is None or steps:
        return curve_of(run, total, warmup=int(steps) if steps >= 1 else share_of(run, total, steps))
    return curve_of(run, total, warmup=share_of(run, total, ratio) if ratio < 1 else int(ratio))


def _note_mapping(run: Settings) -> None:
    """Parameters by a pattern of their names, each in a group with an LR of its own."""
    said = run.raw(MAPPING)
    if said:
        named = (
            few([f"{name}={lr}" for name, lr in said.items()]) if isinstance(said, dict) else "not known here"
        )
        run.note("second-group", f"parameters have LRs of their own: {named}", at=MAPPING)


def _updates(run: Settings) -> int:
    """Updates of an epoch: the batches of all sets, or as many of each as the smallest has."""
    if run.is_said("batches_per_epoch"):
        return updates_per_epoch(run, run.ask("batches_per_epoch"))
    processes = processes_name(run)
    rows, world = _rows_of_sets(run, processes), run.ask(processes)
    size, drop_last = batch_size(run, world), run["dataloader_drop_last"]
    batches = [dataloader_len(n, size, drop_last=drop_last) for n in rows]
    formulas = [f"{'floor' if drop_last else 'ceil'}({n} / {size})" for n in rows]
    if run.choose("multi_dataset_batch_sampler", ("proportional", "round_robin")) == "proportional":
        total = run.line("batches", " + ".join(formulas), sum(batches))
    else:
        formula = f"{len(rows)} * min({', '.join(formulas)})"
        total = run.line("batches", formula, len(rows) * min(batches))
    return updates_per_epoch(run, share_of_process(run, total, world))


def _rows_of_sets(run: Settings, processes: str) -> tuple[int, ...]:
    """The rows of each data set that its Trainer is given.

    Raises:
        PlanError: a table names several, and the rows of others are told, or of none.

    """
    sets = _data_sets(run.source)
    told = len(run["rows_of_each"]) if run.is_said("rows_of_each") else 0
    if sets == FILLED and told:
        run.note("several-sets", f"train_dataset is a table that code fills: {told} in it, as told")
    if sets in (None, told) or (sets == 1 and not told) or (sets == FILLED and told):
        return _rows(run, processes)
    many = "data sets that code puts into a table" if sets == FILLED else f"{sets} data sets"
    text = f"it trains on {many}: the rows of each are to be told, and {told or 'none'} are"
    hint = f"--given rows_of_each={','.join(['900', *['100'] * max((sets or 1) - 1, 1)])}"
    return run.refuse(text, hint=f"{hint}, without --dataset-len" if told else hint)


def _data_sets(source: Source) -> int | None:
    """How many stand in the table of ``train_dataset``; ``FILLED`` where code fills it, None of no table."""
    found = [call.keywords.get("train_dataset") for call in calls_of(source, TRAINERS)]
    table = found[0] if len(found) == 1 else None
    empty = [call for call in calls_of(source, [TABLE]) if not call.arguments and not call.keywords]
    if isinstance(table, PythonCall):
        method = table.name.rpartition(".")[2]
        if table in empty or (empty and method in ("map", "filter", "shuffle")):
            return FILLED
        if method == TABLE and table.arguments:
            table = table.arguments[0]
    return len(table) if isinstance(table, dict) and table else None


def _rows(run: Settings, *beside: str) -> tuple[int, ...]:
    """The rows of each data set, asked for with what else is to be known."""
    if run.is_said("rows_of_each"):
        return tuple(int(n) for n in run["rows_of_each"])
    found = run.ask(rows_name(run), *beside)
    return (int(found[0] if beside else found),)


# --- fit -------------------------------------------------------------------------------------------------


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
        rows = _rows_of(run, len(sizes))
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
    rows, world = _rows_of(run, losses, processes), run.ask(processes)
    whole_batches = min(n // size for n in rows)
    built_for = int(whole_batches * epochs) * losses
    least = f"min({', '.join(map(str, rows))})" if losses > 1 else str(rows[0])
    formula = f"floor({least} / {size}) * {epochs} * {losses}"
    run.line("steps of the schedule", formula, built_for)
    batches = losses * min(dataloader_len(n, size, drop_last=False) for n in rows)
    run.line("batches", f"{losses} * ceil({least} / {size})", batches)
    updates = updates_per_epoch(run, share_of_process(run, batches, world))
    total = updates_of_epochs(run, epochs, updates)
    return built_for, total


def _sizes(run: Settings, call: PythonCall) -> list[int]:
    """The batch of every loader among the objectives, each of them with a loss."""
    by_place = call.arguments[0] if call.arguments else call.keywords.get("train_dataloader")
    named = call.keywords.get("train_objectives", by_place)
    found = [one[0] for one in named if _is_list(one) and one] if _is_list(named) else []
    return [_size(run, loader) for loader in found or [named]]


def _is_list(value: object) -> bool:
    return isinstance(value, (list, tuple))


def _size(run: Settings, loader: object) -> int:
    size = None
    if isinstance(loader, PythonCall) and not run.is_said("batch_size"):
        by_place = loader.arguments[1] if loader.arguments[1:] else 1
        size = loader.keywords.get("batch_size", by_place)
    return size if isinstance(size, int) else int(run.ask("batch_size"))


def _rows_of(run: Settings, losses: int, *beside: str) -> tuple[int, ...]:
    rows = _rows(run, *beside)
    return rows if len(rows) == losses else rows[:1] * losses


TRAINER = ForeignTrainer(
    "sentence_transformers",
    "6.2.0",
    SETTINGS,
    claims,
    read,
    aliases=("sentence-transformers",),
    calls=(*ARGUMENTS, *FITS),
    is_call=_is_call,
    schedules={**SCHEDULES, **{name: SCHEDULES[kind] for name, kind in NAMES.items()}},
    ranks=BY_LOCAL_RANK,
    known_by="SentenceTransformerTrainingArguments(...), or fit(train_objectives=...)",
)
