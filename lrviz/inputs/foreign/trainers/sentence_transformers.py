"""sentence-transformers: ``fit``, ``old_fit`` and the arguments of its Trainer, called in Python.

Source: sentence-transformers 2.1 to 6.2.0, ``sentence_transformer/fit_mixin.py``,
``cross_encoder/fit_mixin.py``, ``base/training_args.py``, ``base/sampler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.own_script import parsed_by
from lrviz.inputs.foreign.python.python_call import call_of
from lrviz.inputs.foreign.python.python_fields import OF_SENTENCES
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, literal, number, numbers, text, whole
from lrviz.inputs.foreign.shared.late_arguments import ratio_of_warmup
from lrviz.inputs.foreign.shared.script_rows import NAME as ROWS
from lrviz.inputs.foreign.shared.script_rows import check_rows
from lrviz.inputs.foreign.shared.sentence_transformers_fit import (
    BY_CODE,
    NAMES,
    drops_last,
    is_list,
    read_fit,
    rows_of_sets,
)
from lrviz.inputs.foreign.shared.trainer_length import (
    batch_size,
    processes_name,
    share_of_process,
    total_steps,
    updates_per_epoch,
)
from lrviz.inputs.foreign.shared.training_arguments import (
    NO_FIELDS,
    with_argparse_names,
    with_defaults,
    with_script,
)
from lrviz.inputs.foreign.shared.transformers_schedule import (
    SCHEDULES,
    curve_of,
    kind_of,
    share_of,
)
from lrviz.inputs.foreign.shared.transformers_version import assume_version, since
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.text import few
from lrviz.plan.arithmetic import dataloader_len

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

TRAINERS = tuple(name.replace("TrainingArguments", "Trainer") for name in OF_SENTENCES)
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
OF_FIT = frozenset(("epochs", "steps_per_epoch", "scheduler", "batch_size", "rows_of_each", "dataset_len"))
TABLE = "DatasetDict"
MAPPING = "learning_rate_mapping"
SAMPLER, SEVERAL = "batch_sampler", "multi_dataset_batch_sampler"
BY_LABEL = "group_by_label"
SAMPLERS = ("batch_sampler", "no_duplicates", "no_duplicates_hashed", BY_LABEL)
SEVERAL_KINDS = ("proportional", "round_robin")
SETTINGS = (
    *with_defaults(),
    Setting("rows_of_each", numbers, aliases=("dataset_len",)),
    Setting(SAMPLER, literal, "batch_sampler"),
    Setting(SEVERAL, literal, "proportional"),
    Setting(MAPPING, literal),
    Setting("epochs", number, 1, "epochs"),
    Setting("steps_per_epoch", whole),
    Setting("scheduler", text, "WarmupLinear"),
    Setting("optimizer_params.lr", number, 2e-5, "lr"),
    Setting("batch_size", whole, None, "batch_size"),
)


def claims(source: Source) -> bool:
    """Its arguments called, or ``fit`` with objectives; or a command whose script parses its arguments."""
    if source.language == "command":
        return not parsed_by(source).isdisjoint(OF_SENTENCES)
    return source.language == "python" and bool(TRAINER.calls_in(source))


def _is_call(call: PythonCall, source: Source) -> bool:
    """Whether a ``fit`` is that of a model of its own: scikit-learn and Keras have one too."""
    if call.called not in FITS:
        return True
    words = {*call.keywords}
    if "." not in call.name or {"train_objectives", "train_dataloader"} & words:
        return "." in call.name  # of a model: a function of one's own may be called so too
    is_imported = "sentence_transformers" in source.python.imports
    return is_imported and words <= FIT_WORDS and _gives_loaders(call)


def _gives_loaders(call: PythonCall) -> bool:
    """Whether what stands first is a list of pairs, or what only ``fit`` takes beside it."""
    first: Any = call.arguments[0] if call.arguments else None
    has_pairs = is_list(first) and bool(first) and all(is_list(one) and len(one) == 2 for one in first)
    is_loader = isinstance(first, PythonCall) and first.name.endswith("DataLoader")
    return has_pairs or is_loader or (first is not None and bool(call.keywords))


def _fate(_first: Source, layer: Source, _version: str) -> Fate:
    """What becomes of a keyword that its arguments do not have: a dataclass stops."""
    is_theirs = "sentence_transformers" in layer.python.imports
    return Fate.STOPS if is_theirs and _makes_arguments(layer) else Fate.KEPT


def _lacks(run: Settings) -> frozenset[str]:
    """What only ``fit`` takes, or is given alone, where its arguments are called; a script has rows."""
    return NO_FIELDS - {ROWS} | OF_FIT if _makes_arguments(run.source) else frozenset()


def _makes_arguments(source: Source) -> bool:
    is_parsed = source.language == "command"
    return is_parsed or any(call.called in OF_SENTENCES for call in source.python.calls[:1])


def read(run: Settings) -> Spec:
    """The run of its Trainer, or of ``fit``."""
    if run.source.language == "command":
        return read_trainer(run)
    call = call_of(run)
    name = call.called
    return read_fit(run, call) if name in FITS else read_trainer(run)


def read_trainer(run: Settings) -> Spec:
    """The Trainer's run, with batches of several data sets."""
    assume_version(run)
    kind_of(run)
    _note_mapping(run)
    total = total_steps(run, _updates)
    steps, ratio = run["warmup_steps"], ratio_of_warmup(run)
    if ratio is not None and steps:
        since(run, "5.15", "warmup_steps win over warmup_ratio, before 5.15 the ratio")
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
    _ask_for_batches(run)
    if run.is_said("batches_per_epoch"):
        return updates_per_epoch(run, run.given_batches())
    processes = processes_name(run)
    sets = _data_sets(run.script) if run.script else None
    rows, world = rows_of_sets(run, processes, sets=sets), run.ask(processes)
    if len(rows) == 1:
        check_rows(run, *rows)
    if sets == BY_CODE:
        run.note("several-sets", f"train_dataset is a table that code fills: {len(rows)} in it, as told")
    size, drops = batch_size(run, world), drops_last(run, world)
    batches = [dataloader_len(n, size, drop_last=drops) for n in rows]
    formulas = [f"{'floor' if drops else 'ceil'}({n} / {size})" for n in rows]
    if run.choose(SEVERAL, SEVERAL_KINDS) == "proportional":
        total = run.line("batches", " + ".join(formulas), sum(batches))
    else:
        formula = f"{len(rows)} * min({', '.join(formulas)})"
        total = run.line("batches", formula, len(rows) * min(batches))
    return updates_per_epoch(run, share_of_process(run, total, world, drops=drops))


def _ask_for_batches(run: Settings) -> None:
    """Ask for the batches that the labels decide, or a sampler of one's own.

    Raises:
        PlanError: a sampler makes them whose number the rows do not tell.

    """
    for name, known in ((SAMPLER, SAMPLERS), (SEVERAL, SEVERAL_KINDS)):
        is_named = run.is_answered(name) or isinstance(run.raw(name), (str, type(None)))
        said = run.choose(name, known) if is_named else "a sampler of its own"
        if said in known and said != BY_LABEL:
            continue
        if said == BY_LABEL:
            _check_batch_of_labels(run)
        run.explain("batches_per_epoch", f"how many batches of a process {said} makes")
        run.ask("batches_per_epoch")


def _check_batch_of_labels(run: Settings) -> None:
    """Pairs of two labels are in each batch."""
    size = run["per_device_train_batch_size"]
    if size < 4 or size % 2:
        run.refuse(
            f"{BY_LABEL} takes a batch that is even and at least 4, not {size}: it stops",
            at="per_device_train_batch_size",
            hint="<batch_size=16>",
        )


def _data_sets(source: Source) -> int | None:
    """How many stand in the table of ``train_dataset``; ``BY_CODE`` where code fills it, None of no table."""
    trainers = source.python.calls_of(TRAINERS)
    made = source.python.calls[:1]
    meant = [one for one in trainers if any(one.keywords.get("args") is call for call in made)] or trainers
    table = meant[0].keywords.get("train_dataset") if meant else None
    empty = [call for call in source.python.calls_of([TABLE]) if not call.arguments and not call.keywords]
    if isinstance(table, PythonCall):
        method = table.called
        if table in empty or (empty and method in ("map", "filter", "shuffle")):
            return BY_CODE
        if method == TABLE and table.arguments:
            table = table.arguments[0]
    return len(table) if isinstance(table, dict) and table else None


TRAINER = ForeignTrainer(
    "sentence_transformers",
    "6.2.0",
    SETTINGS,
    claims,
    read,
    aliases=("sentence-transformers",),
    calls=(*OF_SENTENCES, *FITS),
    makers=dict(zip(TRAINERS, OF_SENTENCES, strict=True)),
    is_call=_is_call,
    read_words=with_argparse_names,
    layers=with_script,
    tables=("deepspeed",),
    schedules={**SCHEDULES, **{name: SCHEDULES[kind] for name, kind in NAMES.items()}},
    keys=KnownKeys(("sentence_transformers", "transformers"), _fate, _lacks),
    ranks=BY_LOCAL_RANK,
    known_by="SentenceTransformerTrainingArguments(...), or fit(train_objectives=...)",
    oldest="2.1",
)
