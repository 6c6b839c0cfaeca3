"""NeMo-RL: the YAML of its examples, and words ``key=value`` laid over it.

The scheduler is stepped once for each step of the algorithm, after all its updates.

Source: NeMo-RL main of 2026-08, ``algorithms/*.py``, and what its Megatron worker hands to megatron-bridge.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.setting import Setting, count, number, switch, whole
from lrviz.inputs.foreign.shared import nemo_rl_processes
from lrviz.inputs.foreign.shared.bridge_lengths import MAX_STEPS, bridge_lengths
from lrviz.inputs.foreign.shared.megatron_scheduler import (
    OPTIMIZER,
    SCHEDULER,
    Lengths,
    check_lengths,
    curve_of,
)
from lrviz.inputs.foreign.shared.nemo_rl_processes import BATCH, check_batch
from lrviz.inputs.foreign.shared.nemo_rl_torch import Clock, curve_of_torch
from lrviz.inputs.foreign.shared.sample_clock import constant
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

LR, MEGATRON = "policy.optimizer.kwargs.lr", "policy.megatron_cfg"
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
OF_MEGATRON = (
    *(one._replace(aliases=(f"{MEGATRON}.optimizer.{one.name}",)) for one in OPTIMIZER),
    *(one._replace(aliases=(f"{MEGATRON}.scheduler.{one.name}",)) for one in (*SCHEDULER, MAX_STEPS)),
)
SETTINGS = (
    Setting(LR, number, None, "lr"),
    Setting(BATCH, count),
    Setting(f"{MEGATRON}.enabled", switch, default=False),
    *OF_MEGATRON,
    *(Setting(f"{name}.max_num_steps", whole, steps) for name, (_, steps) in LENGTHS.items()),
    *(Setting(f"{name}.max_num_epochs", whole, epochs, "epochs") for name, (epochs, _) in LENGTHS.items()),
    *(Setting(f"{name}.num_prompts_per_step", count) for name in GENERATIONS),
    *(Setting(f"{name}.num_generations_per_prompt", whole, size) for name, size in GENERATIONS.items()),
    *(Setting(f"{name}.use_dynamic_sampling", switch, default=False) for name in ASYNC),
    *(Setting(f"{name}.batch_multiplier", number, 1) for name in ASYNC),
    *(Setting(name, switch, default=False) for name in ASYNC.values()),
    *nemo_rl_processes.SETTINGS,
    Setting("ppo.ppo_epochs", whole, 4),
    Setting("ppo.policy_training_start_step", whole, 0),
)


def claims(source: Source) -> bool:
    """``policy.train_global_batch_size``, or words of that or of an algorithm behind one of its scripts."""
    if source.language == "command":
        is_script = re.search(r"run_(grpo|ppo|sft|dpo|rm|distillation)\w*\.py", source.program)
        return BATCH in source.data or (
            is_script is not None
            and any(name.partition(".")[0] in {"policy", *LENGTHS} for name in source.data)
        )
    policy, is_child = source.data.get("policy"), isinstance(source.data.get("defaults"), (str, list))
    is_algorithm = any(isinstance(source.data.get(name), dict) for name in LENGTHS)
    return (
        source.language == "yaml"
        and isinstance(policy, dict)
        and ("train_global_batch_size" in policy or (is_child and is_algorithm))
    )


def read(run: Settings) -> Spec:
    """The run of an algorithm, with torch's schedulers or Megatron's."""
    is_megatron = run[f"{MEGATRON}.enabled"]
    run.pass_over(*([LR] if is_megatron else [one.name for one in OF_MEGATRON]))
    clock = _clock(run, "lr" if is_megatron else LR)
    if clock.updates > 1:
        run.note("one-lr-a-step", f"the LR moves once a step, of {clock.updates} updates")
    return _of_megatron(run, clock) if is_megatron else curve_of_torch(run, clock)


def _clock(run: Settings, lr: str) -> Clock:
    """The steps, by the data and ``max_num_steps``, and the updates in each."""
    name = _algorithm(run)
    each = f"{name}.num_prompts_per_step" if name in GENERATIONS else BATCH
    is_counted = _is_counted(run, name)
    run.ask(lr, BATCH, each, *([] if is_counted or run.is_said("batches_per_epoch") else ["dataset_len"]))
    limit = run[f"{name}.max_num_steps"]
    drawn = _prompts(run, name, run[each])
    steps = limit if is_counted else _steps(run, name, drawn, limit)
    samples = run[each] * (run[f"{name}.num_generations_per_prompt"] if name in GENERATIONS else 1)
    counted = 2 if name in PAIRS else 1
    check_batch(run, samples, counted=counted, is_megatron=run[f"{MEGATRON}.enabled"])
    updates = run.floor("updates of a step", samples, run[BATCH])
    ticks, scheduled = _of_ppo(run, steps) if name == "ppo" else (steps, min(steps, limit))
    if ticks * updates < 1:
        hint = f"--given {BATCH}={samples}" if ticks else run.longer("<steps=1>")
        run.refuse(f"{ticks} steps of {updates} updates make none", hint=hint)
    run.note_epoch(each=updates * (run["ppo.ppo_epochs"] if name == "ppo" else 1))
    run.product(run.TOTAL_STEPS, ticks, updates)
    return Clock(ticks, updates, scheduled, counted)


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
        return run.share("prompts drawn for a step", prompts, factor)
    if factor != 1:
        run.refuse(
            f"batch_multiplier {factor:g} is for use_dynamic_sampling: NeMo-RL stops",
            at=f"{name}.batch_multiplier",
            instead=1,
        )
    return prompts


def _steps(run: Settings, name: str, each: int, limit: int) -> int:
    """Whole batches of all epochs, at most ``max_num_steps``."""
    epochs = run[f"{name}.max_num_epochs"]
    if run.is_said("batches_per_epoch"):
        batches = run.given_batches()
    else:
        batches = run.floor(run.BATCHES_PER_EPOCH, run.ask("dataset_len"), each)
    steps = run.product("steps", batches, epochs)
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
    return run.product("times trained", steps, epochs), scheduled


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


TRAINER = ForeignTrainer(
    "nemo_rl",
    "2026-08",
    SETTINGS,
    claims,
    read,
    aliases=("nemo-rl",),
    files=("config",),
    base_key="defaults",
    takes_repeats=False,
    keys=KnownKeys(fate=by_language(yaml=Fate.PASSED), of_files=True),
    known_by="policy.train_global_batch_size",
)
