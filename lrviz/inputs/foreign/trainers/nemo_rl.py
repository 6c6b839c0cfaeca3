"""NeMo-RL: the YAML of its examples, and words ``key=value`` laid over it.

The scheduler is stepped once for each step of the algorithm, after all its updates.

Source: NeMo-RL main of 2026-08, ``algorithms/*.py``, ``models/policy/dtensor_policy_worker.py``, and what its
Megatron worker hands to megatron-bridge.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.catalogue.registry import catalogue
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, switch, whole
from lrviz.inputs.foreign.shared.bases import with_bases
from lrviz.inputs.foreign.shared.bridge_lengths import MAX_STEPS, bridge_lengths
from lrviz.inputs.foreign.shared.megatron_scheduler import (
    OPTIMIZER,
    SCHEDULER,
    Lengths,
    check_lengths,
    curve_of,
)
from lrviz.inputs.foreign.shared.sample_clock import constant
from lrviz.inputs.foreign.source import Unknown
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

MEGATRON = "policy.megatron_cfg"
LENGTHS = {
    "grpo": (1, 1_000_000),
    "ppo": (100_000, 100_000),
    "distillation": (10, 1_000),
    "sft": (1, 60),
    "dpo": (1, 150),
    "rm": (1, -1),
}
"""The algorithms, with the epochs and the steps that each makes at most; -1 is no limit."""
GENERATIONS = {"grpo": 16, "ppo": 16, "distillation": 1}
"""Those that generate, with the completions of a prompt."""
PAIRS = ("dpo", "rm")
"""Those whose rows are pairs, of which Megatron's clock counts both."""
ASYNC = {"grpo": "grpo.async_grpo.enabled", "ppo": "ppo.async_ppo.enabled"}
"""What has an algorithm run without regard to epochs."""
SETTINGS = (
    Setting("policy.optimizer.kwargs.lr", number, None, "lr"),
    Setting("policy.train_global_batch_size", whole),
    Setting(f"{MEGATRON}.enabled", switch, default=False),
    *(one._replace(aliases=(f"{MEGATRON}.optimizer.{one.name}",)) for one in OPTIMIZER),
    *(one._replace(aliases=(f"{MEGATRON}.scheduler.{one.name}",)) for one in (*SCHEDULER, MAX_STEPS)),
    *(Setting(f"{name}.max_num_steps", whole, steps) for name, (_, steps) in LENGTHS.items()),
    *(Setting(f"{name}.max_num_epochs", whole, epochs, "epochs") for name, (epochs, _) in LENGTHS.items()),
    *(Setting(f"{name}.num_prompts_per_step", whole) for name in GENERATIONS),
    *(Setting(f"{name}.num_generations_per_prompt", whole, size) for name, size in GENERATIONS.items()),
    *(Setting(f"{name}.use_dynamic_sampling", switch, default=False) for name in ASYNC),
    *(Setting(f"{name}.batch_multiplier", number, 1) for name in ASYNC),
    *(Setting(name, switch, default=False) for name in ASYNC.values()),
    Setting("ppo.ppo_epochs", whole, 4),
    Setting("ppo.policy_training_start_step", whole, 0),
)
BATCH = "policy.train_global_batch_size"
PATH = ("policy", "scheduler")


class Clock(NamedTuple):
    """The times that the scheduler is stepped, the updates in each, and those that Megatron is made for.

    Megatron counts each of them ``counted`` times.
    """

    ticks: int
    updates: int
    scheduled: int
    counted: int = 1


def claims(source: Source) -> bool:
    """``policy.train_global_batch_size``, or words of ``policy`` behind one of its scripts."""
    if source.language == "command":
        is_script = re.search(r"run_(grpo|ppo|sft|dpo|rm|distillation)\w*\.py", source.program)
        return BATCH in source.data or (
            is_script is not None and any(name.startswith("policy.") for name in source.data)
        )
    policy, is_child = source.data.get("policy"), isinstance(source.data.get("defaults"), str)
    is_algorithm = any(isinstance(source.data.get(name), dict) for name in LENGTHS)
    return (
        source.language == "yaml"
        and isinstance(policy, dict)
        and ("train_global_batch_size" in policy or (is_child and is_algorithm))
    )


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
    each = f"{name}.num_prompts_per_step" if name in GENERATIONS else BATCH
    is_counted = _is_counted(run, name)
    run.ask(lr, BATCH, each, *([] if is_counted or run.is_said("batches_per_epoch") else ["dataset_len"]))
    limit = run[f"{name}.max_num_steps"]
    drawn = _prompts(run, name, max(run[each], 1))
    steps = limit if is_counted else _steps(run, name, drawn, limit)
    samples = run[each] * (run[f"{name}.num_generations_per_prompt"] if name in GENERATIONS else 1)
    updates = run.line("updates of a step", f"floor({samples} / {run[BATCH]})", samples // max(run[BATCH], 1))
    ticks, scheduled = _of_ppo(run, steps) if name == "ppo" else (steps, min(steps, limit))
    if ticks * updates < 1:
        hint = f"--given {BATCH}={samples}" if ticks else run.longer("<steps=1>")
        run.refuse(f"{ticks} steps of {updates} updates make none", hint=hint)
    run.note_epoch(each=updates * (run["ppo.ppo_epochs"] if name == "ppo" else 1))
    run.line("total steps", f"{ticks} * {updates}", ticks * updates)
    return Clock(ticks, updates, scheduled, 2 if name in PAIRS else 1)


def _algorithm(run: Settings) -> str:
    """The section that says how long it runs."""
    ways = ("max_num_steps", "max_num_epochs")
    found = [name for name in LENGTHS if any(run.is_said(f"{name}.{way}") for way in ways)]
    found += [name for name in LENGTHS if isinstance(run.raw(name), dict)]
    if not found:
        run.refuse(
            "none of grpo, distillation, ppo, sft, dpo and rm says max_num_steps: there is no run",
            hint="--given grpo.max_num_steps=1000",
        )
    return found[0]


def _is_counted(run: Settings, name: str) -> bool:
    """Whether ``max_num_steps`` alone is the length: without regard to epochs, or where no data is known."""
    if name in ASYNC and run[ASYNC[name]]:
        return True
    if any(run.is_said(one) for one in ("dataset_len", "batches_per_epoch")):
        return False
    epochs, steps = f"{name}.max_num_epochs", f"{name}.max_num_steps"
    if run.is_said(epochs) or not run.is_said(steps):
        return False
    text = f"{epochs} is {run[epochs]}: the data may end the run before its {run[steps]} steps"
    run.note("data-may-end-it", text, hint="<dataset_len=10000> says whether it does")
    return True


def _prompts(run: Settings, name: str, prompts: int) -> int:
    """What one step draws of the data, more with dynamic sampling."""
    factor = run[f"{name}.batch_multiplier"] if name in ASYNC else 1
    if name in ASYNC and run[f"{name}.use_dynamic_sampling"]:
        run.note("draws-more", "dynamic sampling draws further batches: an epoch may have fewer steps")
        return run.line("prompts drawn for a step", f"int({prompts} * {factor:g})", int(prompts * factor))
    if factor != 1:
        run.refuse(
            f"batch_multiplier {factor:g} is for use_dynamic_sampling: NeMo-RL stops",
            hint=f"--given {name}.batch_multiplier=1",
            at=f"{name}.batch_multiplier",
        )
    return prompts


def _steps(run: Settings, name: str, each: int, limit: int) -> int:
    """Whole batches of all epochs, at most ``max_num_steps``."""
    epochs = run[f"{name}.max_num_epochs"]
    if run.is_said("batches_per_epoch"):
        batches = run.given_batches()
    else:
        n = run.ask("dataset_len")
        batches = run.line("batches per epoch", f"floor({n} / {each})", n // max(each, 1))
    steps = run.line("steps", f"{batches} * {epochs}", batches * epochs)
    if 0 <= limit < steps:
        return run.line("steps", f"min({steps}, {limit})", limit)
    return steps


def _of_ppo(run: Settings, steps: int) -> tuple[int, int]:
    """The times that PPO trains its policy, several a step: behind the critic's warmup, and in all."""
    epochs, start = run["ppo.ppo_epochs"], run["ppo.policy_training_start_step"]
    scheduled = steps * epochs
    if start:
        run.note("critic-warmup", f"the first {start} steps train the critic alone, and move no LR")
        steps = run.line("steps of the policy", f"{steps} - {start}", max(steps - start, 0))
    return run.line("times trained", f"{steps} * {epochs}", steps * epochs), scheduled


def _of_megatron(run: Settings, clock: Clock) -> Spec:
    """Megatron's scheduler, which a step moves by one batch, whatever it saw; by two where rows are pairs."""
    batch = run[BATCH]
    spans = bridge_lengths(run, "iters", batch, clock.scheduled * clock.counted)
    check_lengths(run, spans)
    wsd = None if spans.wsd is None else spans.wsd // batch
    steps = Lengths(spans.decay // batch, spans.warmup / batch, wsd, spans.weight_decay // batch)
    if clock.counted > 1:
        run.note(
            "pairs-count-twice", "Megatron's clock counts both of a pair: lr_warmup_iters 10 are 5 steps"
        )
    return curve_of(run, clock.ticks, steps, constant(clock.counted), updates=clock.updates)


def _of_torch(run: Settings, clock: Clock) -> Spec:
    """One scheduler, several one after another, or none."""
    found = run.raw(*PATH)
    keys: dict[str, Value] = {
        "lr": run["policy.optimizer.kwargs.lr"],
        "steps": clock.ticks * clock.updates,
    }
    run.warmup = 0
    if not found:
        _check_absent(run)
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


def _check_absent(run: Settings) -> None:
    """Refuse a scheduler that stands there and is none; only one that does not is a constant LR.

    Raises:
        ConfigError: it stands there.

    """
    policies = [source.data.get(PATH[0]) for source in run.sources]
    if any(isinstance(policy, dict) and PATH[1] in policy for policy in policies):
        run.refuse(
            "policy.scheduler is no scheduler, nor a list of such: NeMo-RL stops",
            hint="leave policy.scheduler out: the LR stays as it is",
        )


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
    if isinstance(length, int) and length != clock.ticks - start:
        more = "it rises again" if length < clock.ticks - start else "it does not reach its end"
        run.note(
            "length-differs",
            f"T_max={length}, and {clock.ticks - start} steps are left to the cosine: {more}",
        )


TRAINER = ForeignTrainer(
    "nemo_rl",
    "2026-08",
    SETTINGS,
    claims,
    read,
    aliases=("nemo-rl",),
    files=("config",),
    layers=partial(with_bases, key="defaults"),
    takes_repeats=False,
    known_by="policy.train_global_batch_size",
)
