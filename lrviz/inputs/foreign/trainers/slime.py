"""slime: Megatron's options beside those of rollouts, which tell how long the run is.

Source: slime main of 2026-08, ``get_optimizer_param_scheduler``, on megatron-core 0.19.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Setting, count, number, off, text, whole
from lrviz.inputs.foreign.shared.megatron_scheduler import (
    OPTIMIZER,
    SCHEDULER,
    check_lengths,
    curve_of,
    lengths,
    note_decoupled,
)
from lrviz.inputs.foreign.shared.sample_clock import constant
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("lr", number, 1e-6, "lr"),
    *OPTIMIZER[1:],
    *SCHEDULER,
    Setting("num_rollout", whole),
    Setting("num_epoch", whole, None, "epochs"),
    Setting("rollout_batch_size", count),
    Setting("n_samples_per_prompt", whole, 1),
    Setting("num_steps_per_rollout", count),
    Setting("global_batch_size", count),
    Setting("advantage_estimator", text, "grpo"),
    Setting("num_critic_only_steps", whole, 0),
)


def claims(source: Source) -> bool:
    """``--num-rollout``, or ``--num-epoch`` of rollouts, of no module of a package."""
    rollouts = {"num_rollout", "rollout_batch_size"}
    is_module = "." in source.program and not source.program.endswith(".py")
    return source.language == "command" and not is_module and bool(rollouts & source.data.keys())


def read(run: Settings) -> Spec:
    """The run of ``num_rollout`` rollouts, of which each makes as many updates as it has batches."""
    length = _ask(run)
    rollouts = _of_epochs(run) if length == "dataset_len" else run["num_rollout"]
    samples = run["rollout_batch_size"] * run["n_samples_per_prompt"]
    run.line("samples of a rollout", f"{run['rollout_batch_size']} * {run['n_samples_per_prompt']}", samples)
    batch = _batch(run, samples)
    each = run.floor("updates of a rollout", samples, batch)
    run.note_epoch(each=each, counted="rollouts in an epoch")
    if rollouts * each < 1:
        run.refuse(
            f"{rollouts} rollouts of {samples} samples make no update of {batch}: slime stops",
            hint="--given num_rollout=100" if each else f"--given global_batch_size={samples}",
        )
    spans = lengths(run, "iters", batch, _scheduled(run, rollouts, samples, batch))
    check_lengths(run, spans)
    rollouts = _of_actor(run, rollouts)
    total = run.product(run.TOTAL_STEPS, rollouts, each)
    note_decoupled(run)
    return curve_of(run, total, spans, constant(batch))


def _scheduled(run: Settings, rollouts: int, samples: int, batch: int) -> int:
    """The updates that the schedule is made for: of all samples, though each rollout drops its rest."""
    formula = f"floor({rollouts} * {samples} / {batch})"
    return run.line("updates of the schedule", formula, rollouts * samples // batch)


def _of_actor(run: Settings, rollouts: int) -> int:
    """The rollouts that train the actor: PPO's critic may have the first ones to itself."""
    idle = run["num_critic_only_steps"] if run["advantage_estimator"] == "ppo" else 0
    if idle < 1:
        return rollouts
    if idle >= rollouts:
        text = f"num_critic_only_steps {idle} leaves the actor none of {rollouts} rollouts"
        run.refuse(text, at="num_critic_only_steps", instead=0)
    run.note(
        "critic-warmup", f"the first {idle} rollouts train the critic alone, and move no LR of the actor"
    )
    return run.line("rollouts of the actor", f"{rollouts} - {idle}", rollouts - idle)


def _ask(run: Settings) -> str:
    """Ask for what a run must have, and say what tells its length."""
    length = "num_rollout" if run["num_rollout"] is not None or run["num_epoch"] is None else "dataset_len"
    is_given = run["num_steps_per_rollout"] is not None
    run.ask(length, "rollout_batch_size", *(() if is_given else ("global_batch_size",)))
    return length


def _of_epochs(run: Settings) -> int:
    """``num_epoch`` times the whole rollouts that the prompts make."""
    n, each = run.ask("dataset_len"), run["rollout_batch_size"]
    per_epoch = run.floor("rollouts in an epoch", n, each)
    return run.product("rollouts", run["num_epoch"], per_epoch)


def _batch(run: Settings, samples: int) -> int:
    """``global_batch_size``, or what ``num_steps_per_rollout`` makes of it.

    Raises:
        ConfigError: the two do not agree, or it has no sample.

    """
    steps, batch = run["num_steps_per_rollout"], run["global_batch_size"]
    if steps is not None:
        made = run.floor("global batch", samples, steps)
        if batch not in (None, made):
            run.refuse(
                f"global_batch_size={batch} is not the {made} of num_steps_per_rollout={steps}: it stops",
                at="global_batch_size",
                instead=made,
            )
        batch = made
    if batch < 1:
        run.refuse("a batch has no sample", at="global_batch_size", instead=256)
    return int(batch)


TRAINER = ForeignTrainer(
    "slime",
    "2026-08",
    SETTINGS,
    claims,
    read,
    dash="-",
    takes_beginnings=False,
    keys=KnownKeys(("slime", "megatron"), by_language(command=Fate.PASSED)),
    no_training=NoTraining(needs=off("debug_rollout_only")),
    known_by="--num-rollout or --rollout-batch-size",
)
