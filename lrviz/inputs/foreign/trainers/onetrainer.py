"""OneTrainer: its JSON, where the steps of warmup count batches, and are 200 unless something else is said.

Source: OneTrainer 2026-08, ``modules/util/create.py``, ``lr_scheduler_util.py``, ``TrainConfig.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.setting import Setting, count, number, text
from lrviz.inputs.foreign.shared.one_lr import refuse_several_lrs
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.nearest import nearest
from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

MAIN_PARTS = ("transformer", "prior", "unet")
"""What is trained, of which a model has one; an LR of its own comes before that of the run."""
OTHER_PARTS = ("text_encoder", "text_encoder_2", "text_encoder_3", "text_encoder_4")
SETTINGS = (
    Setting("learning_rate", number, 3e-6, "lr"),
    Setting("learning_rate_scheduler", text, "CONSTANT"),
    Setting("learning_rate_warmup_steps", number, 200, "warmup"),
    Setting("learning_rate_cycles", number, 1),
    Setting("learning_rate_min_factor", number, 0.0),
    Setting("learning_rate_scaler", text, "NONE"),
    Setting("epochs", count, 100, "epochs"),
    Setting("batch_size", count, 1, "batch_size"),
    Setting("gradient_accumulation_steps", count, 1, "grad_accum"),
    Setting("custom_learning_rate_scheduler", text),
    Setting("optimizer.optimizer", text, aliases=("optimizer",)),
    *(
        Setting(f"{part}.learning_rate", number, aliases=(f"{part}_learning_rate",))
        for part in (*MAIN_PARTS, *OTHER_PARTS)
    ),
    Setting("embedding_learning_rate", number),
)
SCALERS = {
    "NONE": (),
    "BATCH": ("batch_size",),
    "GRADIENT_ACCUMULATION": ("gradient_accumulation_steps",),
    "BOTH": ("batch_size", "gradient_accumulation_steps"),
    "GLOBAL_BATCH": ("batch_size", "world_size"),
    "GLOBAL_BOTH": ("batch_size", "gradient_accumulation_steps", "world_size"),
}
"""What the LR is multiplied by the square root of."""
SCHEDULES = {
    "CONSTANT": "transformers.constant_with_warmup",
    "LINEAR": "transformers.polynomial",
    "COSINE": "transformers.cosine_with_min_lr",
    "COSINE_WITH_RESTARTS": "transformers.cosine_with_min_lr",
    "COSINE_WITH_HARD_RESTARTS": "onetrainer.COSINE_WITH_HARD_RESTARTS",
    "REX": "onetrainer.REX",
}
SCHEDULE_FREE = ("SCHEDULE_FREE_ADAMW", "SCHEDULE_FREE_SGD", "PRODIGY_PLUS_SCHEDULE_FREE")
OF_OTHERS = ("ADAFACTOR", "CUSTOM")


def claims(source: Source) -> bool:
    """JSON with the model's type and the method in capitals, or a schedule so."""
    method, kind = source.data.get("training_method"), source.data.get("learning_rate_scheduler")
    is_shouted = any(isinstance(one, str) and one.isupper() for one in (method, kind))
    return source.language == "json" and is_shouted


def read(run: Settings) -> Spec:
    """The schedule over the updates of all epochs, across which the accumulation runs on."""
    kind = _one_of(run, "learning_rate_scheduler", (*SCHEDULES, *OF_OTHERS))
    if is_free := run["optimizer.optimizer"] in SCHEDULE_FREE:
        kind = _flat(run, kind)
    if kind in OF_OTHERS:
        whose = "the optimizer's own steps" if kind == "ADAFACTOR" else "a class of your own"
        run.refuse(
            f"learning_rate_scheduler={kind} is {whose}, which is not read",
            at="learning_rate_scheduler",
            instead="COSINE",
        )
    if kind == "LINEAR" and run["learning_rate_min_factor"] == 1:
        kind = "CONSTANT"  # a fall to where it begins
    total = _total(run)
    warmup = run.warmup = 0 if is_free else _warmup(run, total)
    lr, groups = _lrs(run)
    values = {key: value for key, value in _values(run, kind, lr, warmup, total).items() if value is not None}
    return run.curve(SCHEDULES[kind], lr=lr, steps=total, **values, groups=groups)


def _one_of(run: Settings, name: str, known: Iterable[str]) -> str:
    """A setting that is one of a few words: OneTrainer goes on with its default where it is none of them."""
    value, default = run[name], str(run.table[name].default)
    if value in known:
        return str(value)
    run.warn(
        "could-not-set",
        f"OneTrainer cannot set {name}={value!r}, and goes on with {default}",
        hint=nearest(value.upper(), known) or f"one of {', '.join(known)}",
        at=name,
    )
    return default


def _flat(run: Settings, kind: str) -> str:
    """An optimizer without a schedule, which has no warmup either."""
    name = run["optimizer.optimizer"]
    if kind != "CONSTANT" or run["learning_rate_warmup_steps"] > 0:
        text = f"{name} has no schedule: the LR stands still, without a warmup, whatever the file says"
        run.warn("schedule-free", text, at="learning_rate_scheduler")
    return "CONSTANT"


def _total(run: Settings) -> int:
    """``int(batches * epochs / accumulation)``."""
    is_global = _one_of(run, "learning_rate_scaler", SCALERS).startswith("GLOBAL")
    run.ask("batches_per_epoch", *(["world_size"] if is_global else []))
    batches, epochs, accum = run.ask("batches_per_epoch"), run["epochs"], run["gradient_accumulation_steps"]
    total = run.line(run.TOTAL_STEPS, f"int({batches} * {epochs} / {accum})", int(batches * epochs / accum))
    if not total:
        run.refuse(f"{batches * epochs} batches make no update", hint=run.longer("<grad_accum=1>"))
    return total


def _warmup(run: Settings, total: int) -> int:
    """Above 1 batches, of which an update takes several; up to 1 a share of the run."""
    said, accum = run["learning_rate_warmup_steps"], run["gradient_accumulation_steps"]
    at = "learning_rate_warmup_steps"
    if not run.is_said(at):
        run.note("default-warmup", f"learning_rate_warmup_steps is not said: it is {said} batches")
    if said <= 0:
        return 0
    if said > 1:
        warmup = run.line("warmup", f"int({said} / {accum})", int(said / accum))
    else:
        warmup = run.share("warmup", total, said)
    run.check_warmup(warmup, total, ahead=1, at=at)
    if warmup == total:
        share = f"{said} is a share: " if said <= 1 else ""
        run.warn("warmup-is-the-run", f"{share}the warmup is the whole run of {total} updates", at=at)
    return warmup


def _values(run: Settings, kind: str, lr: float, warmup: int, total: int) -> Mapping[str, Value | None]:
    """The parameters of the schedule that lrviz has for it."""
    cycles, floor = run["learning_rate_cycles"], run["learning_rate_min_factor"]
    own: dict[str, Value] = {"scheduler_steps": total, "warmup_steps": warmup, "min_factor": floor}
    both: dict[str, Value] = {"num_warmup_steps": warmup, "num_training_steps": total}
    given: dict[str, dict[str, Value]] = {
        "CONSTANT": {"num_warmup_steps": warmup},
        "LINEAR": {**both, "lr_end": floor * lr},
        "COSINE": {**both, "min_lr_rate": floor},
        "COSINE_WITH_RESTARTS": {**both, "min_lr_rate": floor, "num_cycles": cycles},
        "COSINE_WITH_HARD_RESTARTS": {**own, "num_cycles": cycles},
        "REX": own,
    }
    return given[kind]


def _lrs(run: Settings) -> tuple[float, tuple[Call, ...] | None]:
    """The LR of what is trained, and those of the parts beside it that have one of their own."""
    factor = _scale(run)
    lrs = {
        part: run[f"{part}.learning_rate"] for part in (*MAIN_PARTS, *OTHER_PARTS) if _is_trained(run, part)
    }
    own = [lrs[part] for part in MAIN_PARTS if lrs.get(part) is not None]
    lr = (own[0] if own else run["learning_rate"]) * factor
    others = [Call(part, (("lr", lrs[part] * factor),)) for part in OTHER_PARTS if lrs.get(part) is not None]
    own_lrs = [("the model", lr), *((part, one * factor) for part, one in lrs.items() if one is not None)]
    refuse_several_lrs(run, run["optimizer.optimizer"] or "", own_lrs, "optimizer.optimizer")
    if run["embedding_learning_rate"] is not None:
        others.append(Call("embeddings", (("lr", run["embedding_learning_rate"] * factor),)))
    return lr, (Call("model", (("scale", 1.0),)), *others) if others else None


def _is_trained(run: Settings, part: str) -> bool:
    return run.raw(part, "train") is not False and run.raw(f"train_{part}") is not False


def _scale(run: Settings) -> float:
    """The square root of the batch, of the accumulation, or of both; global with the processes."""
    scaler = run["learning_rate_scaler"]
    names = SCALERS.get(scaler, ())
    factors = [run.ask("world_size") if name == "world_size" else run[name] for name in names]
    factor = math.sqrt(math.prod(factors))
    if factor != 1:
        formula = " * ".join(map(str, factors))
        run.note(
            "scaled-lr",
            f"learning_rate_scaler={scaler}: the LR times sqrt({formula}) = {lr_text(factor)}",
            at="learning_rate_scaler",
        )
    return factor


TRAINER = ForeignTrainer(
    "onetrainer",
    "2026-08",
    SETTINGS,
    claims,
    read,
    program="OneTrainer",
    keys=KnownKeys(fate=by_language(json=Fate.PASSED)),
    known_by="training_method or learning_rate_scheduler in capitals",
)
