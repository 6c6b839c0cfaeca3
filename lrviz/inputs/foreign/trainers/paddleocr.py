"""PaddleOCR: its YAML, and ``tools/train.py -c rec.yml -o Global.epoch_num=10``.

A schedule counts batches and is as long as all epochs, but it begins behind the warmup: it does not come to
its end, and its drops are late by the warmup.

Source: PaddleOCR 045e5f6a (2025) ``tools/train.py`` and ``ppocr/optimizer/lr_scheduler.py``.
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.opening import open_beside
from lrviz.inputs.foreign.ranks import Ranks
from lrviz.inputs.foreign.setting import Setting, count, number, numbers, switch, text
from lrviz.inputs.foreign.shared.paddleocr_schedules import LR, SCHEDULES, constant, peak, rise
from lrviz.inputs.foreign.shell.pair_words import pairs_of
from lrviz.inputs.foreign.shell.world import Launcher, count_devices
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("Global.epoch_num", count, None, "epochs"),
    Setting("Train.loader.batch_size_per_card", count, None, "batch_size"),
    Setting("Train.loader.drop_last", switch, default=False, key="drop_last"),
    Setting(f"{LR}.name", text),
    Setting(f"{LR}.learning_rate", number, None, "lr", (f"{LR}.max_lr",)),
    Setting(f"{LR}.warmup_epoch", number, 0, "warmup"),
    Setting(f"{LR}.end_lr", number, 0.0, "min_lr"),
    Setting(f"{LR}.power", number, 1.0),
    Setting(f"{LR}.factor", number, 0.9),
    Setting(f"{LR}.decay_epochs", numbers),
    Setting(f"{LR}.milestones", numbers),
    Setting(f"{LR}.values", numbers),
    Setting(f"{LR}.step_size", number),
    Setting(f"{LR}.gamma", number),
    Setting(f"{LR}.cycle", number),
    Setting(f"{LR}.anneal_strategy", text, "cos"),
    Setting(f"{LR}.three_phase", switch, default=False),
)


def claims(source: Source) -> bool:
    """``Global`` and an ``lr`` table in ``Optimizer``, in YAML or in the file that a command names."""
    if source.language == "command":
        named = next((value for name, value in source.data.items() if _is_config(source, name)), None)
        with suppress(ConfigError):
            return isinstance(named, str) and claims(open_beside(source, named))
        return False
    optimizer = source.config.get("Optimizer")
    return isinstance(source.config.get("Global"), dict) and isinstance(optimizer, dict) and "lr" in optimizer


def _is_config(source: Source, name: str) -> bool:
    return name == "c" or ("config".startswith(name) and source.place((name,)).key.startswith("--"))


def read(run: Settings) -> Spec:
    """The warmup, then the schedule from its own beginning."""
    name = run[f"{LR}.name"]
    if name is not None and name not in SCHEDULES:
        run.refuse(f"{name!r} is none of {', '.join(SCHEDULES)}", at=f"{LR}.name", instead="Cosine")
    batches, epochs = _batches(run), run["Global.epoch_num"]
    run.note_epoch()
    total = run.product(run.TOTAL_STEPS, epochs, batches)
    warmup = 0 if name is None else _warmup(run, name, batches, total)
    run.warmup = warmup
    lr, main = (peak(run), [constant()]) if name is None else SCHEDULES[name](run, batches, epochs)
    if 0 < warmup < total:
        _say_shift(run, name, warmup, total, batches)
    phases = _begun([rise(lr, warmup), *main] if warmup else main, total)
    if len(phases) == 1:
        values = {"lr": lr, **dict(phases[0].params)}
        return run.curve(phases[0].name, steps=total, **values)
    return run.curve("lrviz.phases", lr=lr, phase=tuple(phases), steps=total)


def _begun(phases: list[Call], total: int) -> list[Call]:
    """The phases that begin within the run, of which the last one lasts."""
    kept, start = list[Call](), 0
    while start < total and len(kept) < len(phases):
        kept.append(phases[len(kept)])
        lasts = dict(kept[-1].params).get("for")
        start += lasts if isinstance(lasts, int) else total
    last = tuple((key, value) for key, value in kept[-1].params if key != "for")
    return [*kept[:-1], Call(kept[-1].name, last)]


def _batches(run: Settings) -> int:
    """Batches of a card: its sampler pads the samples."""
    is_given, has_sampler = run.is_said("batches_per_epoch"), run.raw("Train", "sampler") is not None
    if has_sampler and not is_given:
        run.note("own-sampler", "Train.sampler makes batches of several sizes: how many, only it can tell")
    if has_sampler or is_given:
        batches = run.given_batches("Global.epoch_num")
    else:
        needs = ("dataset_len", "world_size", "Train.loader.batch_size_per_card", "Global.epoch_num")
        n, world, size, _ = run.ask(*needs)
        batches = run.sampled_batches(n, world, size, drops=run["Train.loader.drop_last"])
    if not batches:
        hint = run.longer("<batches_per_epoch=1000>")
        run.refuse("an epoch without a batch", hint=hint, at="Train.loader.drop_last")
    return int(batches)


def _warmup(run: Settings, name: str, batches: int, total: int) -> int:
    epochs = run[f"{LR}.warmup_epoch"]
    if not epochs or name == "DecayLearningRate":
        return 0
    warmup = run.line("warmup", f"round({epochs} * {batches})", round(epochs * batches))
    if warmup >= total:
        run.warn_of_warmup(f"{warmup} updates", total, (total - 1) / warmup, at=f"{LR}.warmup_epoch")
    return warmup


def _say_shift(run: Settings, name: str, warmup: int, total: int, batches: int) -> None:
    """What it means that the schedule begins behind the warmup."""
    if name in ("Cosine", "Linear"):
        end, lr = run[f"{LR}.end_lr"] if name == "Linear" else 0.0, peak(run)
        left = (total - 1 - warmup) / total
        shape = (1 + math.cos(math.pi * left)) / 2 if name == "Cosine" else (1 - left) ** run[f"{LR}.power"]
        run.note(
            "ends-early",
            f"{name} is as long as the run but begins behind the warmup: it ends at"
            f" {lr_text(end + (lr - end) * shape)}, not at {lr_text(end)}",
            at=f"{LR}.warmup_epoch",
        )
    elif name in ("Piecewise", "Step", "MultiStepDecay"):
        run.note(
            "drops-late",
            f"{name} begins behind the warmup: it drops {warmup} updates ({warmup / batches:g} epochs) late",
            at=f"{LR}.warmup_epoch",
        )


def _read_words(source: Source) -> Source:
    """``-o Global.epoch_num=10 Train.loader.drop_last=True`` as settings."""
    words = source.data.get("o", source.data.get("opt", ()))
    return source.saying(pairs_of(words))


def _processes(said: Said) -> Count:
    """The cards that are named; without them it takes all there are."""
    found = said.find("gpus devices xpus npus")
    number = found and count_devices(found[1].value)
    return said.given(number, found) if found and number else said.unknown("--gpus")


TRAINER = ForeignTrainer(
    "paddleocr",
    "2025",
    SETTINGS,
    claims,
    read,
    program="PaddleOCR",
    files=("c", "config"),
    read_words=_read_words,
    options=("config", "opt", "profiler_options", "help"),
    reads_text=False,
    launchers={"paddle.distributed.launch": Launcher(_processes, tells="paddle")},
    ranks=Ranks("PADDLE_TRAINERS_NUM", frozenset({"paddle"}), starter="paddle.distributed.launch"),
    no_training=NoTraining(programs=r"(^|/)(eval|infer\w*|export_model|predict\w*)\.py$"),
    keys=KnownKeys(fate=by_language(command=Fate.PASSED, yaml=Fate.PASSED)),
    known_by="Global and Optimizer.lr in YAML",
)
