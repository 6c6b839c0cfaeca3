"""How many updates OpenRLHF makes, and for how many its schedule is made.

Source: openrlhf 0.9.0 to 0.11.2, ``cli/train_*.py``, ``trainer/ppo_trainer.py``,
``trainer/ppo_utils/samples_generator.py``, ``utils/distributed_sampler.py`` and
``utils/deepspeed/deepspeed.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings


class Kind(NamedTuple):
    """What differs from module to module."""

    lr: float
    epochs: int = 1
    micro_batch: int = 8
    max_samples: int = 1_000_000


def of_epochs(run: Settings, kind: Kind, *, is_exact: bool) -> tuple[int, int]:
    """The updates that the schedule is made for, and those of the run.

    DeepSpeed counts the batches of an update on from epoch to epoch; a schedule that is not ``is_exact`` is
    made for the whole updates of each.
    """
    batch, epochs = _batch(run), run.get("train.max_epochs", kind.epochs)
    micro = run.get("train.micro_batch_size", kind.micro_batch)
    is_even = epochs < 2 or (run.is_said("dataset_len") and _rows(run, kind) % batch == 0)
    if is_exact or not is_even:
        run.ask("dataset_len", "world_size")
    n = _rows(run, kind)
    if run.is_said("world_size"):
        _check_divides(run, batch, micro)
    if is_exact:
        total = _some(run, _of_batches(run, n, batch, epochs, micro))
        return total, total
    if is_even:
        total = _some(run, run.product(run.TOTAL_STEPS, epochs, run.floor(run.STEPS_PER_EPOCH, n, batch)))
        return total, total
    length = run.line("schedule steps", f"floor({n} / {batch}) * {epochs}", n // batch * epochs)
    return _some(run, length), _of_batches(run, n, batch, epochs, micro)


def of_ppo(run: Settings, kind: Kind) -> tuple[int, int]:
    """The updates that the schedule is made for, and those of the actor."""
    run.ask("dataset_len")
    n, batch, epochs = _rows(run, kind), _batch(run), run.get("train.max_epochs", kind.epochs)
    samples, episodes = run["rollout.n_samples_per_prompt"], run["train.num_episodes"]
    label = "schedule steps" if _drops_prompts(run) and n % run["rollout.batch_size"] else run.TOTAL_STEPS
    formula = f"floor({n} * {samples} / {batch}) * {episodes} * {epochs}"
    length = _some(run, run.line(label, formula, n * samples // batch * episodes * epochs))
    return length, _unfrozen(run, kind, _rolled_out(run, kind, length))


def _some(run: Settings, length: int) -> int:
    """The updates of a schedule, which has some.

    Raises:
        ConfigError: it has none.

    """
    if length < 1:
        run.refuse(f"{length} updates: OpenRLHF stops", hint=run.longer("<epochs=1>"))
    return length


def _rows(run: Settings, kind: Kind) -> int:
    return min(int(run.ask("dataset_len")), int(run.get("data.max_samples", kind.max_samples)))


def _batch(run: Settings) -> int:
    batch: int = run["train.batch_size"]
    if batch < 1:
        run.refuse(f"train.batch_size={batch} has no sample", hint="--given train.batch_size=128")
    return batch


def _check_divides(run: Settings, batch: int, micro: int) -> None:
    """Refuse a batch that is no whole number of updates' parts, at which DeepSpeed stops.

    Raises:
        ConfigError: it is none.

    """
    world, together = run.ask("world_size"), run["ds.ring_attn_size"] * run["ds.tensor_parallel_size"]
    part, rows = max(micro, 1) * world, batch * together
    if rows > part and rows % part:
        of = f"{batch} * {together}" if together > 1 else f"{batch}"
        text = f"a batch of {of} is no multiple of {micro} samples on each of {world} processes"
        whole = math.lcm(part, together) // together
        run.refuse(f"{text}: DeepSpeed stops", at="train.batch_size", instead=batch // whole * whole or whole)


def _drops_prompts(run: Settings) -> bool:
    """Whether an episode ends with its last whole rollout, as it did before 0.11."""
    return run.since("0.9.1") and not run.since("0.11")


def _rolled_out(run: Settings, kind: Kind, total: int) -> int:
    """The updates of PPO: prompts that do not fill a rollout are dropped before 0.11."""
    n, size, batch = _rows(run, kind), run["rollout.batch_size"], run["train.batch_size"]
    if not _drops_prompts(run) or n % size == 0:
        return total
    samples, episodes = run["rollout.n_samples_per_prompt"], run["train.num_episodes"]
    epochs, rollouts = run.get("train.max_epochs", kind.epochs), n // size
    if not rollouts:
        text = f"{n} prompts fill no rollout of {size}: {run.title} drops them and makes no update"
        run.refuse(text, at="rollout.batch_size", instead=n)
    formula = f"floor({rollouts} * {size} * {samples} / {batch}) * {episodes} * {epochs}"
    steps = run.line(run.TOTAL_STEPS, formula, rollouts * size * samples // batch * episodes * epochs)
    run.settled.add("length-differs")
    run.warn(
        "rollout-dropped",
        f"the last {n % size} prompts of an episode fill no rollout of {size}, and {run.title} drops them:"
        f" the run ends at {steps} of {total} updates of its schedule",
        at="rollout.batch_size",
    )
    return steps


def _unfrozen(run: Settings, kind: Kind, total: int) -> int:
    """The updates of the actor, which stands still with its schedule while the critic warms up."""
    frozen = run["critic.freezing_steps"] + 1  # rollouts are counted from 0
    if frozen < 1:
        return total
    size, batch = run["rollout.batch_size"] * run["rollout.n_samples_per_prompt"], run["train.batch_size"]
    epochs = run.get("train.max_epochs", kind.epochs)
    steps: int = total - frozen * (size // batch) * epochs
    if steps < 1:
        text = "the actor stands still in all rollouts: nothing of it is trained"
        run.refuse(text, at="critic.freezing_steps", instead=-1)
    run.line("updates of the actor", f"{total} - {frozen} * floor({size} / {batch}) * {epochs}", steps)
    run.settled.add("length-differs")
    run.warn(
        "actor-frozen",
        f"the actor and its schedule stand still in the first {frozen} rollouts:"
        f" it ends at {steps} of {total} updates of its schedule",
        at="critic.freezing_steps",
    )
    return steps


def _of_batches(run: Settings, n: int, batch: int, epochs: int, micro: int) -> int:
    """Whole batches of each process, of which so many make an update, over all epochs."""
    together = run["ds.ring_attn_size"] * run["ds.tensor_parallel_size"]
    world = run.ask("world_size")
    replicas = max(world // max(together, 1), 1)
    batches = n // replicas // max(micro, 1)
    run.line(run.BATCHES_PER_EPOCH, f"floor(floor({n} / {replicas}) / {micro})", batches)
    accum = batch * together // max(micro, 1) // world
    run.line("accumulation", f"floor(floor({batch} * {together} / {micro}) / {world})", accum)
    if accum < 1:
        run.refuse(
            f"a batch of {batch} is below {micro} samples on each of {world} processes: it stops",
            at="train.batch_size",
            instead=micro * world,
        )
    run.note_epoch(of=accum)
    return run.line(run.TOTAL_STEPS, f"floor({batches} * {epochs} / {accum})", batches * epochs // accum)
