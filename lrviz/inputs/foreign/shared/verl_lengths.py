"""How long a run of verl is: RL steps and their updates, or updates of a fine-tuning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared import verl_processes
from lrviz.inputs.foreign.shared.verl_backends import ACTOR, backend_name, is_sft
from lrviz.inputs.foreign.shared.verl_optimizer import Clock

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_MODES = ("sync", "colocate_async", "separate_async")


def clock_of_rl(run: Settings) -> Clock:
    """RL steps and the updates in each, less those that are the critic's alone."""
    batch, mini = _batches_of_rl(run)
    scheduled, steps = _steps(run, _drawn(run, batch), 30)
    epochs = run[f"{ACTOR}.ppo_epochs"]
    updates = run.line("updates of an RL step", f"{epochs} * {batch} / {mini}", epochs * batch // mini)
    run.note_epoch(each=updates)
    idle = min(max(run["trainer.critic_warmup"] - 1, 0), steps)
    if idle:
        run.note("critic-warmup", f"the actor is not updated in the first {idle} RL steps, nor its LR moved")
        steps = run.line("RL steps of the actor", f"{steps} - {idle}", steps - idle)
    total = run.product(run.TOTAL_STEPS, steps, updates)
    if total < 1:
        run.refuse(f"{steps} RL steps of {updates} updates make none", hint=run.longer("<epochs=1>"))
    ticks = _local_updates(run, batch, mini)
    if ticks > 1:
        steps = run.product("local updates", steps, ticks)
    return Clock(scheduled * ticks, steps, updates // ticks)


def _drawn(run: Settings, batch: int) -> int:
    """The prompts that are drawn for an RL step."""
    if run["data.filter_overlong_prompts"]:
        run.note("counts-what-is-left", "dataset_len is what filter_overlong_prompts leaves of the prompts")
    filters = run["algorithm.filter_groups.enable"]
    drawn = run["data.gen_batch_size"] or batch
    if (filters or drawn != batch) and _is_v1(
        run, "before 0.9 an epoch was one of gen_batch_size, or less of filter_groups"
    ):
        filters, drawn = False, batch
    if filters:
        run.note("draws-more", "filter_groups draws further batches: an epoch may have fewer RL steps")
    return int(drawn)


def _batches_of_rl(run: Settings) -> tuple[int, int]:
    """The prompts of an RL step, and those of an update, which must divide them."""
    batch, mini = run.get("data.train_batch_size", 1024), run[f"{ACTOR}.ppo_mini_batch_size"]
    if not 0 < mini <= batch or batch % mini:
        run.refuse(
            f"train_batch_size {batch} is no multiple of ppo_mini_batch_size {mini}: it stops",
            at=f"{ACTOR}.ppo_mini_batch_size",
            instead=batch,
        )
    return batch, mini


def _is_v1(run: Settings, what: str) -> bool:
    """Whether it is the trainer of ``main_ppo`` from 0.9 on, of which ``what`` is a rule that matters."""
    is_main = run.source.language != "command" or run.source.module.endswith("verl.trainer.main_ppo")
    return is_main and run["trainer.use_v1"] and run.since("0.9", what)


def _local_updates(run: Settings, batch: int, mini: int) -> int:
    """How often an RL step moves the LR: after each mini-batch where it is trained apart from the rollout."""
    if not run.is_said("trainer.v1.trainer_mode") or not _is_v1(run, "before 0.9 it had no trainer_mode"):
        return 1
    if run.choose("trainer.v1.trainer_mode", _MODES) != _MODES[-1]:
        return 1
    each = run["trainer.v1.separate_async.parameter_sync_step"]
    if batch != each * mini:
        run.refuse(
            f"data.train_batch_size {batch} is not parameter_sync_step * ppo_mini_batch_size,"
            f" {each} * {mini}: it stops",
            at="data.train_batch_size",
            instead=each * mini,
        )
    return int(each)


def clock_of_sft(run: Settings, *, limited: bool = True) -> Clock:
    """Updates of a fine-tuning; ``limited`` where the schedule too is made for total_training_steps."""
    if run.is_said("world_size"):
        verl_processes.replicas(run, backend_name(run))
    scheduled, steps = _steps(run, run.get("data.train_batch_size", 256), 4, limited=limited)
    if steps < 1:
        run.refuse(f"{steps} steps make no update", hint=run.longer("<epochs=1>"))
    run.note_epoch()
    return Clock(scheduled, run.line(run.TOTAL_STEPS, "steps", steps))


def _steps(run: Settings, batch: int, epochs: int, *, limited: bool = True) -> tuple[int, int]:
    """The steps that the schedule is made for, and those of the run."""
    limit = run["trainer.total_training_steps"]
    is_known = run.is_said("dataset_len") or run.is_said("batches_per_epoch")
    if limit is not None and limited and not is_known:
        epochs = run.get("trainer.total_epochs", epochs)
        run.note(
            "ends-with-data",
            f"total_training_steps={limit} counts where total_epochs={epochs} of the data have as many steps:"
            " else they end it before",
            hint="--dataset-len N tells",
            at="trainer.total_training_steps",
        )
        return limit, run.line("steps", "total_training_steps", limit)
    batches, epochs = _batches(run, batch), run.get("trainer.total_epochs", epochs)
    steps = run.product("steps", batches, epochs)
    if limit is None:
        return steps, steps
    if limited and limit > steps:
        run.warn(
            "schedule-longer-than-run",
            f"the schedule is made for total_training_steps={limit}, the data ends the run at {steps}",
            at="trainer.total_training_steps",
        )
    return (limit if limited else steps), run.line("steps", f"min({steps}, {limit})", min(steps, limit))


def _batches(run: Settings, batch: int) -> int:
    """Whole batches of an epoch: of all data, or where the processes are known of the share of each."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    n, most = run.ask("dataset_len"), run["data.train_max_samples"]
    if most > 0:
        n = min(n, most)
    if not is_sft(run) or not run.is_said("world_size"):
        return run.floor(run.BATCHES_PER_EPOCH, n, batch)
    parallel = verl_processes.replicas(run, backend_name(run))
    if batch < parallel:
        run.refuse(
            f"a batch of {batch} leaves some of {parallel} processes without a row: it stops",
            at="data.train_batch_size",
            instead=parallel,
        )
    formula = f"floor(floor({n} / {parallel}) / floor({batch} / {parallel}))"
    return run.line(run.BATCHES_PER_EPOCH, formula, n // parallel // (batch // parallel))
