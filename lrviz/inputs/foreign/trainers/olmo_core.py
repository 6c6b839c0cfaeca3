"""OLMo-core: the ``config.json`` beside its checkpoints; each update uses the LR of the next.

Source: ai2-olmo-core 3.0.0 ``optim/scheduler.py``, ``train/trainer.py``, ``config.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Setting, literal, number, numbers, text, texts, whole
from lrviz.inputs.foreign.shared.olmo_core_composed import COMPOSED, composed
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.within import read_value
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

_SCHEDULER = "train_module.scheduler."
SETTINGS = (
    Setting("train_module.optim.lr", number, 1e-3, "lr"),
    Setting("train_module.optim.group_overrides", literal),
    Setting(f"{_SCHEDULER}_CLASS_", text),
    Setting(f"{_SCHEDULER}type", text),
    Setting(f"{_SCHEDULER}units", text, "steps"),
    Setting(f"{_SCHEDULER}warmup", whole, None, "warmup", (f"{_SCHEDULER}warmup_steps",)),
    Setting(f"{_SCHEDULER}warmup_fraction", number, None, "warmup_fraction"),
    Setting(f"{_SCHEDULER}decay", whole, None, "", (f"{_SCHEDULER}decay_steps",)),
    Setting(f"{_SCHEDULER}decay_fraction", number),
    Setting(f"{_SCHEDULER}t_max", whole),
    Setting(f"{_SCHEDULER}alpha_f", number),
    Setting(f"{_SCHEDULER}warmup_min_lr", number, None, "warmup_start"),
    Setting(f"{_SCHEDULER}decay_min_lr", number),
    Setting(f"{_SCHEDULER}b", number),
    Setting(f"{_SCHEDULER}period_lengths", numbers),
    Setting(f"{_SCHEDULER}period_lr_multipliers", numbers),
    Setting(f"{_SCHEDULER}lr_min", number),
    Setting(f"{_SCHEDULER}stages", literal),
    Setting(f"{_SCHEDULER}schedulers", literal),
    Setting(f"{_SCHEDULER}schedulers_max", literal),
    Setting(f"{_SCHEDULER}override_decay", literal),
    Setting("data_loader.global_batch_size", whole),
    Setting("trainer.max_duration.value", whole, 1),
    Setting("trainer.max_duration.unit", text, "epochs"),
    Setting("trainer.hard_stop.value", whole),
    Setting("trainer.hard_stop.unit", text, "steps"),
)
UNITS = ("steps", "epochs", "tokens")
REGISTERED = {
    "constant": "ConstantScheduler",
    "constant_with_warmup": "ConstantWithWarmup",
    "wsd": "WSD",
    "power_lr": "PowerLR",
    "linear_with_warmup": "LinearWithWarmup",
    "inv_sqrt_with_warmup": "InvSqrtWithWarmup",
    "cos_with_warmup": "CosWithWarmup",
    "half_cos_with_warmup": "HalfCosWithWarmup",
    "cos_with_warmup_and_linear_decay": "CosWithWarmupAndLinearDecay",
    "wsds": "WSDS",
    "exponential": "ExponentialScheduler",
    "composable": "ComposableScheduler",
    "sequential": "SequentialScheduler",
}
"""``type`` of a scheduler, and its class."""
CUT = "CosWithWarmupAndLinearDecay"
"""The class whose ``t_max`` is that of its cosine alone."""
OWN_LENGTH = ("LinearWithWarmup", "CosWithWarmup", "HalfCosWithWarmup", CUT)
"""Classes whose ``t_max`` stands for the length of the run."""


class Length(NamedTuple):
    """What the scheduler counts of an update, and in all; and the updates."""

    each: int
    most: int
    steps: int


def claims(source: Source) -> bool:
    """A ``train_module`` with an ``optim`` or a ``scheduler``."""
    if source.language == "command":
        return any(name.startswith("train_module.") for name in source.data)
    module = source.config.get("train_module")
    return isinstance(module, dict) and bool({"optim", "scheduler"} & module.keys())


def read(run: Settings) -> Spec:
    """The run of ``max_duration``: the scheduler counts updates or tokens, those of the update included."""
    name, lr = _class(run), run["train_module.optim.lr"]
    length = _length(run)
    _note_groups(run)
    run.warmup = 0
    if name == "ConstantScheduler":
        return run.curve("transformers.constant", lr=lr, steps=length.steps)
    return run.curve(
        f"olmo_core.{name}",
        lr=lr,
        steps=length.steps,
        lead=length.each,
        pace=length.each if length.each > 1 else None,
        **_scheduler(run, name, length),
    )


def _scheduler(run: Settings, name: str, length: Length) -> dict[str, Value]:
    """The fields of the scheduler."""
    if name in COMPOSED:
        return composed(run, name, REGISTERED, length.each, length.most)
    if name == "ExponentialScheduler":
        return _own(run, "lr_min") | {"t_max": length.most}
    return _of_periods(run, length) if name == "WSDS" else _of_a_run(run, name, length)


def _of_a_run(run: Settings, name: str, length: Length) -> dict[str, Value]:
    """Those of a scheduler whose fractions are of the whole run, or of its own ``t_max``."""
    end = _end(run, name, length)
    steps, share = _warmup(run, end, length)
    _warn_of_last(run, name, length)
    return {
        "t_max": length.most if name == CUT else end,
        "cosine_t_max": end if name == CUT and end != length.most else None,
        "warmup": steps,
        "warmup_fraction": share,
        "decay_fraction": _decay(run, length.most),
        **_own(run, "alpha_f", "warmup_min_lr", "decay_min_lr", "b"),
    }


def _of_periods(run: Settings, length: Length) -> dict[str, Value]:
    """Those of WSDS, whose warmup is a fraction of the first period."""
    first = next(iter(run.ask(f"{_SCHEDULER}period_lengths")), 0)
    steps, share = _warmup(run, first, length)
    values = _own(run, "period_lengths", "period_lr_multipliers", "warmup_min_lr", "decay_min_lr")
    return values | {"warmup": steps, "warmup_fraction": share} | _own(run, "decay", "decay_fraction")


def _class(run: Settings) -> str:
    """The scheduler's class, which must be one that is a schedule here."""
    path = run[f"{_SCHEDULER}_CLASS_"] or run[f"{_SCHEDULER}type"]
    if path is None and len(run.sources) == 1 and run.source.language == "command":
        run.refuse(
            "its script makes the scheduler: the command does not say it",
            hint="name the config.json that lies beside its checkpoints",
        )
    if path is None and not run.raw("train_module", "scheduler"):
        run.note("constant", "no scheduler: one LR")
        return "ConstantScheduler"
    name = REGISTERED.get(str(path), str(path).rpartition(".")[2])
    if name != "ConstantScheduler" and lookup(f"olmo_core.{name}") is None:
        run.refuse(
            f"its scheduler {path} is not read",
            hint=f"write it as a spec: one of {', '.join(list(REGISTERED.values())[1:])}",
            at=f"{_SCHEDULER}_CLASS_",
        )
    return name


def _own(run: Settings, *names: str) -> dict[str, Value]:
    """What is said of the scheduler itself."""
    return {name: run[f"{_SCHEDULER}{name}"] for name in names if run.is_said(f"{_SCHEDULER}{name}")}


def _length(run: Settings) -> Length:
    """``max_duration`` in updates and in the scheduler's unit; ``hard_stop`` may end it before."""
    units = [run.choose("trainer.max_duration.unit", UNITS)]
    has_stop = run.is_said("trainer.hard_stop.value")
    units += [run.choose("trainer.hard_stop.unit", UNITS)] * has_stop
    counts_tokens = run.choose(f"{_SCHEDULER}units", ("steps", "tokens")) == "tokens"
    needs = ["data_loader.global_batch_size"] * ("tokens" in units or counts_tokens)
    run.ask(*needs, *(["batches_per_epoch"] * ("epochs" in units)))
    steps = _steps(run, "trainer.max_duration", "schedule steps" if has_stop else run.TOTAL_STEPS)
    total = min(steps, _steps(run, "trainer.hard_stop", run.TOTAL_STEPS)) if has_stop else steps
    if not counts_tokens:
        return Length(1, steps, total)
    batch = run["data_loader.global_batch_size"]
    most = run["trainer.max_duration.value"] if units[0] == "tokens" else steps * batch
    return Length(batch, most, total)


def _steps(run: Settings, name: str, label: str) -> int:
    """A duration in updates."""
    value, unit = run[f"{name}.value"], run[f"{name}.unit"]
    if unit == "steps":
        return run.line(label, name, value)
    if unit == "epochs":
        batches = run.ask("batches_per_epoch")
        return run.product(label, value, batches)
    batch = run["data_loader.global_batch_size"]
    return run.ceil(label, value, batch)


def _end(run: Settings, name: str, length: Length) -> int:
    """What the scheduler takes for the length of the run."""
    own = run[f"{_SCHEDULER}t_max"] if name in OWN_LENGTH else None
    return length.most if own is None else int(own)


def _warmup(run: Settings, of: int, length: Length) -> tuple[int | None, float | None]:
    """``warmup``, or ``warmup_fraction`` of so much; what they come to in updates is noted.

    Raises:
        ConfigError: neither is said, or both.

    """
    steps, share = _steps_or_share(run, "warmup", "2000")
    if steps is None and share is None:
        run.refuse(
            "neither warmup nor warmup_fraction is given: it stops", hint=f"--given {_SCHEDULER}warmup=2000"
        )
    lasts = round(of * share) if share is not None else steps or 0
    run.warmup = max(ceil_div(lasts, length.each) - 1, 0)
    return steps, share


def _steps_or_share(run: Settings, name: str, example: str) -> tuple[int | None, float | None]:
    """A length and its fraction, of which one may be said; an option takes the place of the file's.

    Raises:
        ConfigError: both are.

    """
    names = (f"{_SCHEDULER}{name}", f"{_SCHEDULER}{name}_fraction")
    steps, share = (run[one] for one in names)
    if steps is None or share is None:
        return steps, share
    is_typed, other = (run.origin(one).source == "option" for one in names)
    if is_typed == other:
        run.refuse(
            f"{name} and {name}_fraction are both given: it stops", at=f"{_SCHEDULER}{name}", instead=example
        )
    return (steps, None) if is_typed else (None, share)


def _decay(run: Settings, end: int) -> float | None:
    """``decay`` as the share that comes to so many: its ``decay_fraction`` is null then.

    Raises:
        ConfigError: it is not, and its default is a share.

    """
    steps, share = _steps_or_share(run, "decay", "1000")
    if steps is None:
        return share
    table = run.raw("train_module", "scheduler")
    is_of_file = run.origin(f"{_SCHEDULER}decay").source == "file"
    if is_of_file and isinstance(table, dict) and "decay_fraction" not in table:
        run.refuse(
            "decay without decay_fraction null, which is 0.1 otherwise: it stops",
            at=f"{_SCHEDULER}decay",
            instead=steps,
        )
    return steps / end


def _warn_of_last(run: Settings, name: str, length: Length) -> None:
    lowest = run[f"{_SCHEDULER}decay_min_lr"] or 0.0
    if (
        name in ("WSD", "PowerLR", "CosWithWarmupAndLinearDecay")
        and lowest == 0
        and length.steps * length.each >= length.most
    ):
        run.note("last-update-at-zero", "the last update has LR 0: it trains nothing")


def _note_groups(run: Settings) -> None:
    """Groups with an LR of their own."""
    overrides = run["train_module.optim.group_overrides"]
    for one in overrides if isinstance(overrides, list) else []:
        opts = one.get("opts") if isinstance(one, dict) else None
        if isinstance(opts, dict) and "lr" in opts:
            path = "train_module.optim.group_overrides.params"
            names = read_value(run, path, one.get("params") or [], texts, like='["embeddings.weight"]')
            run.note("group-lr", f"{', '.join(names)} has an LR of its own, {opts['lr']}")


TRAINER = ForeignTrainer(
    "olmo_core",
    "3.0.0",
    SETTINGS,
    claims,
    read,
    program="ai2-olmo-core",
    schedules={type_: f"olmo_core.{name}" for type_, name in REGISTERED.items() if type_ != "constant"},
    no_training=NoTraining(("dry_run", "prep", "launch_prep")),
    keys=KnownKeys(fate=by_language(command=Fate.STOPS, json=Fate.STOPS, yaml=Fate.STOPS)),
    known_by="train_module.optim or train_module.scheduler",
)
