"""fastai: the fits that a Python file calls, ``learn.fit_one_cycle(5, 3e-3)``, one after another.

Source: fastai 2.8.12 ``callback/schedule.py``, ``optimizer.py`` and ``learner.py``; of fastai 1 in
``shared/fastai_1.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.setting import Raw, Setting, count, number, whole
from lrviz.inputs.foreign.shared import fastai_1
from lrviz.inputs.foreign.shared.fastai_callbacks import (
    SAMPLES,
    batches_of_update,
    callbacks,
    check_callbacks,
    samples,
)
from lrviz.inputs.foreign.shared.fastai_fits import (
    batch_size,
    check_keywords,
    check_loaders,
    check_repeats,
    hidden_keywords,
)
from lrviz.inputs.foreign.shared.fastai_stages import EPOCHS, LRS, Stage, is_old, stages_of
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.spec import Call
from lrviz.notation.text import listed
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("fit.lr", number, None, "lr"),
    Setting("fit.epochs", whole, None, "epochs"),
    Setting("batch_size", count, None, "batch_size", ("bs",)),
)
FITS: dict[str, dict[str, Any]] = {
    "fit_one_cycle": {"n_epoch": None, "lr_max": None, "div": 25.0, "div_final": 1e5, "pct_start": 0.25},
    "fit_flat_cos": {"n_epoch": None, "lr": None, "div_final": 1e5, "pct_start": 0.75},
    "fit_sgdr": {"n_cycles": None, "cycle_len": None, "lr_max": None, "cycle_mult": 2},
    "fine_tune": {
        "epochs": None,
        "base_lr": 2e-3,
        "freeze_epochs": 1,
        "lr_mult": 100,
        "pct_start": 0.3,
        "div": 5.0,
        "div_final": 1e5,
    },
    "fit": {"n_epoch": None, "lr": None},
}
"""The fits and their arguments, in order; what has no default must be said, but for the LR."""


def claims(source: Source) -> bool:
    """A call of one of its fits, but for ``fit``, which others have too."""
    names = {call.called for call in source.python.calls}
    return source.language == "python" and bool(names & (FITS.keys() - {"fit"}))


def read(run: Settings) -> Spec:
    """The stages of all fits, each from its own beginning to its end."""
    if not run.is_version_given and fastai_1.is_imported(run.source.python.imports):
        run.assume(fastai_1.VERSION, "it imports a module of fastai 1 alone")
    check_repeats(run, _fits(run))
    check_loaders(run, "data" if is_old(run) else "dls")
    check_callbacks(run, _fits(run))
    fits = [(call, _arguments(run, call)) for call in _fits(run)]
    batches = _batches(run, [one for _, values in fits for one in values.values()])
    stages = [stage for call, values in fits for stage in stages_of(run, call, _answered(run, values))]
    _note_groups(run, stages)
    first = fits[0][0].called
    rise = 1.0 if first == "fine_tune" else stages[0].rise
    warmup = (int if is_old(run) else math.ceil)(rise * stages[0].epochs * batches)
    run.warmup = warmup // batches_of_update(run, stages[0].samples)
    total = _total(run, stages, batches)
    if len(stages) == 1:
        return run.curve(stages[0].curve, steps=total, **stages[0].keys(batches), **_clock(run, stages[0]))
    phases = [_phase(run, stage, batches) for stage in stages if _updates(run, stage, batches)]
    return run.curve("lrviz.phases", phase=tuple(phases), steps=total)


def _total(run: Settings, stages: list[Stage], batches: int) -> int:
    """Updates of all stages, each of which begins to count its batches anew."""
    epochs = sum(stage.epochs for stage in stages)
    taken = dict.fromkeys(batches_of_update(run, stage.samples) for stage in stages)
    if [*taken] == [1]:
        run.note_epoch()
        total = run.product(run.TOTAL_STEPS, epochs, batches)
    else:
        formula = f"{epochs} * {batches} batches, {listed([*map(str, taken)])} in an update"
        total = run.line(run.TOTAL_STEPS, formula, sum(_updates(run, stage, batches) for stage in stages))
        run.settled.add("length-differs")
    if not total:
        hint = run.longer("<epochs=1>") if epochs else "<epochs=1>"
        run.refuse("no epoch or no batch: it makes no update", hint=hint)
    return total


def _updates(run: Settings, stage: Stage, batches: int) -> int:
    return stage.epochs * batches // batches_of_update(run, stage.samples)


def _clock(run: Settings, stage: Stage) -> dict[str, Any]:
    """The keys of a schedule that counts batches where an update is several of them."""
    taken = batches_of_update(run, stage.samples)
    return {"pace": taken, "lead": taken - 1} if taken > 1 else {}


def _fits(run: Settings) -> list[PythonCall]:
    """The fits of the one learner; ``fit`` only of an object that has another one too."""
    calls = run.source.python.calls_of(FITS)
    own = {call.name.rpartition(".")[0] for call in calls if not call.name.endswith(".fit")}
    return [call for call in calls if call.name.rpartition(".")[0] in own]


def _arguments(run: Settings, call: PythonCall) -> dict[str, Any]:
    """The arguments of a fit by their names; lrviz's options win where there is one fit."""
    kind = call.called
    names = (fastai_1.FITS if is_old(run) else FITS).get(kind)
    if names is None:
        run.refuse(
            f"{call.name} in line {call.line}: fastai 1 has no such fit", hint="--trainer fastai@2.8.12"
        )
    check_keywords(run, call, [*names])
    given = dict(zip(names, call.arguments, strict=False))
    given |= {key: value for key, value in call.keywords.items() if key in names and value is not None}
    for setting, keys in (("fit.lr", LRS), ("fit.epochs", EPOCHS)):
        if run.is_said(setting):
            _check_lone(run, setting)
            given |= {key: run[setting] for key in names if key in keys}
    hidden = hidden_keywords(call, [key for key in names if key not in given])
    values = {key: value for key, value in {**names, **hidden, **given}.items() if key not in fastai_1.UNUSED}
    for key, value in values.items():
        if value is None and key not in LRS:
            run.refuse(
                f"{call.name} in line {call.line} has no {key}: it stops", hint=f"{call.name}(5, 1e-3)"
            )
    many = samples(callbacks(run, call, _fits(run)))
    return values if many is None else {**values, SAMPLES: many}


def _check_lone(run: Settings, setting: str) -> None:
    if len(fits := _fits(run)) > 1:
        run.refuse(
            f"{setting.partition('.')[2]} of which fit? There are {len(fits)}",
            hint="change it in the file, or keep one fit",
        )


def _batches(run: Settings, values: list[Any]) -> int:
    """Whole batches of an epoch, and with them all that is asked for."""
    names = [name for value in values for name in _unknown(run, value)]
    if run.is_said("batches_per_epoch"):
        return run.given_batches(*names)
    size = batch_size(run)
    needs = ["dataset_len", *names, *(["batch_size"] if size is None else [])]
    n, *_ = run.ask(*needs, "dataset_len")
    size = run["batch_size"] if size is None else size
    return run.floor(run.BATCHES_PER_EPOCH, n, size)


def _unknown(run: Settings, value: object) -> list[str]:
    """The names that would tell an argument, also one within ``slice(…)``."""
    if isinstance(value, PythonCall):
        return [name for one in value.arguments for name in _unknown(run, one)]
    if not isinstance(value, Unknown):
        return []
    if not value.names:
        run.refuse(f"an argument of a fit is not known: {value.why}", hint="write the number there")
    return [value.names[0]]


def _answered(run: Settings, values: dict[str, Any]) -> dict[str, Any]:
    """The arguments, with the answers in place of what is unknown in them."""
    return {key: _number(run, key, value) for key, value in values.items()}


def _number(run: Settings, key: str, value: object) -> Any:
    if isinstance(value, Unknown):
        value = run.ask(value.names[0])
    if isinstance(value, PythonCall) and value.name == "slice":
        return tuple(filter(None, (_number(run, key, one) for one in value.arguments)))
    if isinstance(value, (list, tuple)) and key in LRS:
        return [_number(run, key, one) for one in value]
    if value is None:
        return None
    try:
        return number(Raw(value))
    except Unfit:
        run.refuse(f"{key} of a fit is no number", hint="write the number there")


def _note_groups(run: Settings, stages: list[Stage]) -> None:
    found = dict.fromkeys(stage.rate.others for stage in stages if stage.rate.others)
    if found:
        text = (
            f"the LR is that of the last param group, the head; those before it have {'; then '.join(found)}"
        )
        run.note("last-group", text)


def _phase(run: Settings, stage: Stage, batches: int) -> Call:
    params = {**stage.keys(batches), **_clock(run, stage), "for": _updates(run, stage, batches)}
    return Call(stage.curve, tuple(params.items()))


TRAINER = ForeignTrainer(
    "fastai",
    "2.8.12",
    SETTINGS,
    claims,
    read,
    oldest=fastai_1.VERSION,
    known_by="a call of fit_one_cycle, fine_tune, fit_flat_cos or fit_sgdr",
)
