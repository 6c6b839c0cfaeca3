"""NeMo-RL: the YAML of its examples, and words ``key=value`` laid over it.

The scheduler is stepped once for each step of the algorithm, after all its updates.

Source: NeMo-RL main of 2026-08, ``algorithms/*.py``, ``models/policy/dtensor_policy_worker.py``, and what its
Megatron worker hands to megatron-bridge.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.catalogue.registry import catalogue
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, switch, whole
from lrviz.inputs.foreign.shared.bridge_lengths import MAX_STEPS, bridge_lengths
from lrviz.inputs.foreign.shared.megatron_scheduler import OPTIMIZER, SCHEDULER, check_lengths, curve_of
from lrviz.inputs.foreign.shared.sample_clock import constant
from lrviz.inputs.foreign.source import Unknown
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

MEGATRON = "policy.megatron_cfg"
ALGORITHMS = ("grpo", "distillation", "sft", "dpo", "rm")
WITH_ROLLOUTS = ("grpo", "distillation")
SETTINGS = (
    Setting("policy.optimizer.kwargs.lr", number, None, "lr"),
    Setting("policy.train_global_batch_size", whole),
    Setting(f"{MEGATRON}.enabled", switch, default=False),
    *(one._replace(aliases=(f"{MEGATRON}.optimizer.{one.name}",)) for one in OPTIMIZER),
    *(one._replace(aliases=(f"{MEGATRON}.scheduler.{one.name}",)) for one in (*SCHEDULER, MAX_STEPS)),
    *(Setting(f"{name}.max_num_steps", whole) for name in ALGORITHMS),
    *(Setting(f"{name}.max_num_epochs", whole, None, "epochs") for name in ALGORITHMS),
    *(Setting(f"{name}.num_prompts_per_step", whole) for name in WITH_ROLLOUTS),
    *(Setting(f"{name}.num_generations_per_prompt", whole, 1) for name in WITH_ROLLOUTS),
)
BATCH = "policy.train_global_batch_size"
PATH = ("policy", "scheduler")


class Clock(NamedTuple):
    """The steps of the algorithm, and the updates in each."""

    steps: int
    updates: int


def claims(source: Source) -> bool:
    """``policy.train_global_batch_size``, or words of ``policy`` behind one of its scripts."""
    if source.language == "command":
        is_script = re.search(r"run_(grpo|sft|dpo|rm|distillation)\w*\.py", source.program)
        return BATCH in source.data or (
            is_script is not None and any(name.startswith("policy.") for name in source.data)
        )
    policy = source.data.get("policy")
    return source.language == "yaml" and isinstance(policy, dict) and "train_global_batch_size" in policy


def read(run: Settings) -> Spec:
    """The run of an algorithm, with torch's schedulers or Megatron's."""
    is_megatron = run[f"{MEGATRON}.enabled"]
    clock = _clock(run, "lr" if is_megatron else "policy.optimizer.kwargs.lr")
    if clock.updates > 1:
        run.note("one-lr-a-step", f"the LR moves once a step, of {clock.updates} updates")
    return _of_megatron(run, clock) if is_megatron else _of_torch(run, clock)


def _clock(run: Settings, lr: str) -> Clock:
    """The steps, by the data and ``max_num_steps``, and the updates in each."""
    name = _algorithm(run)
    has_rollouts, epochs = name in WITH_ROLLOUTS, run[f"{name}.max_num_epochs"]
    limit = run[f"{name}.max_num_steps"]
    each = f"{name}.num_prompts_per_step" if has_rollouts else BATCH
    of_data = ["dataset_len"] if epochs is not None and not run.knows("batches_per_epoch") else []
    run.ask(lr, BATCH, each, *of_data, *([f"{name}.max_num_steps"] if epochs is None else []))
    steps = limit if epochs is None else _steps(run, epochs, max(run[each], 1), limit)
    samples = run[each] * (run[f"{name}.num_generations_per_prompt"] if has_rollouts else 1)
    updates = run.line("updates of a step", f"floor({samples} / {run[BATCH]})", samples // max(run[BATCH], 1))
    if steps * updates < 1:
        run.refuse(f"{steps} steps of {updates} updates make none", hint=f"--given {BATCH}={samples}")
    run.line("total steps", f"{steps} * {updates}", steps * updates)
    return Clock(steps, updates)


def _algorithm(run: Settings) -> str:
    """The section that says how long it runs."""
    ways = ("max_num_steps", "max_num_epochs")
    found = [name for name in ALGORITHMS if any(run.is_said(f"{name}.{way}") for way in ways)]
    if not found:
        run.refuse(
            "none of grpo, distillation, sft, dpo and rm says max_num_steps: there is no run",
            hint="--given grpo.max_num_steps=1000",
        )
    return found[0]


def _steps(run: Settings, epochs: int, each: int, limit: int | None) -> int:
    """Whole batches of all epochs, at most ``max_num_steps``."""
    if run.knows("batches_per_epoch"):
        batches = run.line("batches per epoch", "batches_per_epoch", run.ask("batches_per_epoch"))
    else:
        n = run.ask("dataset_len")
        batches = run.line("batches per epoch", f"floor({n} / {each})", n // each)
    steps = run.line("steps", f"{batches} * {epochs}", batches * epochs)
    if limit is not None and 0 <= limit < steps:
        return run.line("steps", f"min({steps}, {limit})", limit)
    return steps


def _of_megatron(run: Settings, clock: Clock) -> Spec:
    """Megatron's scheduler, which one step moves by one batch, whatever it saw."""
    batch = run[BATCH]
    told = bridge_lengths(run, "iters", batch, clock.steps)
    check_lengths(run, told)
    shares = (None if one is None else one / batch for one in told)
    decay, warmup, wsd, weight_decay = shares
    told = told._replace(decay=int(decay or 0), warmup=warmup or 0.0, weight_decay=int(weight_decay or 0))
    told = told._replace(wsd=None if wsd is None else int(wsd))
    return curve_of(run, clock.steps, told, constant(1), updates=clock.updates)


def _of_torch(run: Settings, clock: Clock) -> Spec:
    """One scheduler, several one after another, or none."""
    found = run.raw(*PATH)
    keys: dict[str, Value] = {
        "lr": run["policy.optimizer.kwargs.lr"],
        "steps": clock.steps * clock.updates,
    }
    run.warmup = 0
    if not found:
        return run.curve("transformers.constant", **keys)
    if clock.updates > 1:
        keys["interval"] = clock.updates
    paths = [(*PATH, i) for i in range(len(found))] if isinstance(found, (list, tuple)) else [PATH]
    calls = [_call(run, path) for path in paths if run.raw(*path, "name") is not None]
    milestones = [ends for path in paths if (ends := run.raw(*path, "milestones")) is not None]
    if isinstance(found, dict) and calls:
        _check_ends(run, calls, (), clock)
        return run.curve(f"torch.{calls[0].name}", **dict(calls[0].params), **keys)
    last = milestones[-1] if milestones else None
    if not calls or not isinstance(last, (list, tuple)) or not all(isinstance(one, int) for one in last):
        run.refuse(
            "policy.scheduler is neither a scheduler with a name nor a list of such with milestones",
            hint="name: torch.optim.lr_scheduler.LinearLR, kwargs: {total_iters: 50}",
        )
    ends = tuple(last)
    _check_ends(run, calls, ends, clock)
    run.warmup = _warmup(calls, ends) * clock.updates
    return run.curve("torch.SequentialLR", schedulers=tuple(calls), milestones=ends, **keys)


def _call(run: Settings, path: tuple[str | int, ...]) -> Call:
    """A scheduler of torch and what it is given."""
    name, kwargs = str(run.raw(*path, "name")), run.raw(*path, "kwargs") or {}
    if f"torch.{name.rpartition('.')[2]}" not in catalogue() or not isinstance(kwargs, dict):
        run.refuse(
            f"the scheduler {name} is none of torch's with kwargs",
            hint="name: torch.optim.lr_scheduler.CosineAnnealingLR, kwargs: {T_max: 100}",
        )
    values = {key: run.raw(*path, "kwargs", key) for key in kwargs if key not in ("last_epoch", "verbose")}
    for key, value in values.items():
        if isinstance(value, Unknown):
            run.refuse(f"{key} of {name} is {value.why}", hint=f"{key}: 100")
    return Call(name.rpartition(".")[2], tuple((key, _value(value)) for key, value in values.items()))


def _value(value: Any) -> Value:
    """A value as OmegaConf reads it: ``1e-3`` is a number."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_value, value))
    made: Value = literal(Raw(value))
    return made


def _warmup(calls: list[Call], ends: tuple[int, ...]) -> int:
    """The steps of a first scheduler that rises."""
    first = dict(calls[0].params)
    rises = calls[0].name == "LinearLR" and first.get("start_factor", 1 / 3) != first.get("end_factor", 1.0)
    return ends[0] if rises and ends else 0


def _check_ends(run: Settings, calls: list[Call], ends: tuple[int, ...], clock: Clock) -> None:
    """Compare a ``T_max`` written by hand with the steps that are left to it."""
    start = ends[-1] if ends else 0
    length = dict(calls[-1].params).get("T_max")
    if isinstance(length, int) and length != clock.steps - start:
        more = "it rises again" if length < clock.steps - start else "it does not reach its end"
        run.warn(
            "length-differs",
            f"T_max={length}, and {clock.steps - start} steps are left to the cosine: {more}",
        )


TRAINER = ForeignTrainer(
    "nemo_rl",
    "2026-08",
    SETTINGS,
    claims,
    read,
    aliases=("nemo-rl",),
    files=("config",),
    known_by="policy.train_global_batch_size",
)
