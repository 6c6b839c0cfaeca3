"""A scheduler that accelerate steps once for each process at every update, and what its script must pass.

Source: accelerate 1.15.0, ``scheduler.py`` and ``data_loader.py``; ``get_scheduler`` of transformers 5.23.0
and diffusers 0.42.1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.own_script import loop_of
from lrviz.inputs.foreign.python.schedule_alone import schedule_alone
from lrviz.inputs.foreign.python.scheduler_calls import ACCUMULATION, PROCESSES
from lrviz.inputs.foreign.python.scheduler_factors import Factors, factors_of
from lrviz.inputs.foreign.shared.skipped_updates import note_fp16
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec, Value

_BEHIND_TOTAL = {
    "linear": "is 0",
    "cosine_with_restarts": "is 0",
    "polynomial": "stays at its floor",
    "cosine": "rises again",
}
"""What the LR does behind ``num_training_steps``."""
WITHOUT_WARMUP = ("constant", "piecewise_constant")
_AS_IT_MUST = Factors(frozenset({PROCESSES}), frozenset({PROCESSES}), frozenset(), is_prepared=True)


class Stepped(NamedTuple):
    """What a script passes to ``get_scheduler``, in steps of the scheduler, and what was meant, in updates.

    ``updates`` are those of the run, ``calls`` the scheduler's steps in each.
    """

    name: str
    updates: int
    calls: int
    warmup: int | float
    total: int
    meant: float

    @property
    def warmup_updates(self) -> int | float:
        """Updates until the warmup is over."""
        updates = self.warmup / self.calls
        return int(updates) if updates == int(updates) else updates

    @property
    def end(self) -> int:
        """The first update behind the schedule's end."""
        return ceil_div(self.total, self.calls)


def stepped(run: Settings, framework: str, lr: float, made: Stepped, **values: Value) -> Spec:
    """The run of a scheduler that is stepped so."""
    _check_accumulation(run)
    note_fp16(run)
    has_warmup = made.name not in WITHOUT_WARMUP
    run.warmup = made.warmup_updates if has_warmup else 0
    if has_warmup:
        run.check_warmup(made.warmup_updates, made.updates)
        _check_passed(run, made)
        values = {"num_warmup_steps": made.warmup, "num_training_steps": made.total, **values}
    calls = made.calls if made.calls > 1 else None
    return run.curve(f"{framework}.{made.name}", lr=lr, steps=made.updates, calls=calls, **values)


def _check_accumulation(run: Settings) -> None:
    """Say that accelerate, by its own file, gathers other gradients than the script counts."""
    counted, configured = run["gradient_accumulation_steps"], _accumulated(run)
    if configured != counted:
        text = (
            f"the script counts its updates by {counted}, and accelerate's config makes them by {configured}"
        )
        run.warn("accumulation-differs", f"{text}: pass --gradient_accumulation_steps {configured}")


def _accumulated(run: Settings) -> int:
    """Batches of an update: what the config of DeepSpeed has wins over the script."""
    table, counted = run.raw("deepspeed"), int(run["gradient_accumulation_steps"])
    configured = table.get("gradient_accumulation_steps") if isinstance(table, dict) else None
    return configured if isinstance(configured, int) and configured > 0 else counted


def _check_passed(run: Settings, made: Stepped) -> None:
    """Say what the script passes, and what it must pass where that is something else."""
    warmup, total = made.meant * made.calls, made.updates * made.calls
    passed = f"num_warmup_steps={made.warmup}, num_training_steps={made.total}"
    often = f"accelerate steps the scheduler {made.calls} times per update: " if made.calls > 1 else ""
    if math.isclose(made.warmup, warmup) and made.total == total:
        if often:
            run.note("scheduler-calls", f"{often}the script passes {passed}, as it must")
        return
    must = f"where {warmup:g} and {total} would be right"
    run.warn("length-differs", f"{often}the script passes {passed}, {must}: {_consequence(made)}")


def _consequence(made: Stepped) -> str:
    found = []
    if made.warmup_updates != made.meant:
        found.append(f"the warmup takes {made.warmup_updates:g} updates instead of {made.meant:g}")
    if made.end < made.updates:
        behind = _BEHIND_TOTAL.get(made.name, "has its schedule behind it")
        found.append(f"the LR {behind} from update {made.end} of {made.updates} on")
    elif made.total > made.updates * made.calls:
        found.append(f"the run ends at {made.updates * made.calls / made.total:.0%} of the schedule")
    return " and ".join(found) or "the schedule ends within the last update"


def factors_of_script(run: Settings) -> Factors | None:
    """Those of the script that is here, whoever steps its scheduler; None of any other."""
    script = loop_of(run.source)
    return factors_of(script[1]) if script else None


def factors_beside(run: Settings) -> Factors | None:
    """What the script that is here multiplies its lengths by; None where it is not, or nobody can tell.

    Raises:
        ConfigError: its scheduler is not accelerate's, and who steps it how often is not known.

    """
    found = factors_of_script(run)
    if not found or found.is_prepared:
        return found
    if max(run.ask("world_size"), run["gradient_accumulation_steps"]) > 1:
        run.refuse(
            f"{run.source.script} does not hand its scheduler to accelerate: how often it is stepped is not"
            " known",
            hint=schedule_alone(run.source),
        )
    return found


def asked_of_script(run: Settings, found: Factors | None, name: str) -> list[str]:
    """The option of the warmup, where a script that is here makes that of others and nobody gives it."""
    if not found or not found.made or run.origin(name).source == "option":
        return []
    run.explain(name, f"what the script passes by {found.made}")
    return [name]


def warmup_of(run: Settings, found: Factors | None, name: str) -> int:
    """The warmup of the options; what a script that is here makes of others must be said.

    Raises:
        PlanError: it is not.

    """
    if asked := asked_of_script(run, found, name):
        raise run.question(asked)
    return int(run[name])


def multiplied(run: Settings, factors: Collection[str]) -> int:
    """The number that these are together."""
    world = run.ask("world_size") if PROCESSES in factors else 1
    return int(world * (run["gradient_accumulation_steps"] if ACCUMULATION in factors else 1))


def updates_of(run: Settings, found: Factors = _AS_IT_MUST, rows: str = "dataset_len") -> tuple[int, int]:
    """The updates of the run, and the steps that its script builds the scheduler for.

    ``max_train_steps``, else the epochs before their batches are shared out or after, times what the script
    multiplies either by.
    """
    limit = run["max_train_steps"]
    if limit is not None:
        times = multiplied(run, found.total)
        return _within(run, limit, found, rows), run.product("scheduler steps", limit, times)
    epochs, accum = run["num_train_epochs"], run["gradient_accumulation_steps"]
    updates, before, share = updates_by_epochs(run, found, rows)
    times = multiplied(run, found.of_epochs)
    return updates, by_epochs(run, epochs, share if found.is_after else before, accum, times)


def updates_by_epochs(run: Settings, found: Factors, rows: str) -> tuple[int, int, int]:
    """The updates of whole epochs, and the batches of one before they are shared out and after."""
    epochs, accum = run["num_train_epochs"], run["gradient_accumulation_steps"]
    before, share = batches_by(run, found, rows)
    return _of_epochs(run, epochs, share, epochs * ceil_div(share, accum), found), before, share


def _within(run: Settings, limit: int, found: Factors, rows: str) -> int:
    """The updates of ``max_train_steps``, or those of the epochs that the script counts for them."""
    accum = run["gradient_accumulation_steps"]
    if _accumulated(run) <= accum and not (found.is_from_first and accum > 1):
        return run.line(run.TOTAL_STEPS, "max_train_steps", limit)
    _, share = batches_by(run, found, rows)
    epochs = run.line(
        "epochs", f"ceil({limit} / ceil({share} / {accum}))", ceil_div(limit, ceil_div(share, accum))
    )
    return _of_epochs(run, epochs, share, limit, found)


def _of_epochs(run: Settings, epochs: int, share: int, most: int, found: Factors) -> int:
    """The updates of whole epochs, of which the script makes at most so many."""
    accum = _accumulated(run)
    if found.is_from_first and (share - 1) % accum:
        return _from_first(run, epochs, share, most)
    in_epoch = run.ceil(run.STEPS_PER_EPOCH, share, accum)
    if epochs * in_epoch <= most:
        return run.product(run.TOTAL_STEPS, epochs, in_epoch)
    return run.line(run.TOTAL_STEPS, f"min({epochs} * {in_epoch}, {most})", most)


def _from_first(run: Settings, epochs: int, share: int, most: int) -> int:
    """The updates of a loop that makes one at the first batch of each group and one at the epoch's last.

    It leaves an epoch once it has made as many as it counted: each further one makes one more.
    """
    accum = _accumulated(run)
    counted = ceil_div(share, accum)
    in_epoch = run.line(run.STEPS_PER_EPOCH, f"ceil({share} / {accum}) + 1", counted + 1)
    more = max(epochs - ceil_div(most, in_epoch), 0)
    text = f"the script counts {counted} updates in an epoch of {share} batches and makes {in_epoch}"
    begins = "at the first batch of each group and at the last of the epoch"
    late = f", {more} of them in epochs that end at their first" if more else ""
    run.note("updates-differ", f"{text}, {begins}: {most + more} in all{late}")
    return run.line(run.TOTAL_STEPS, f"{most} + {more}", most + more)


def across_epochs(run: Settings, epochs: int, batches: int, accum: int) -> tuple[int, int]:
    """The updates of a run that accumulates across epochs, and those its script counts by whole epochs."""
    updates = run.line(run.TOTAL_STEPS, f"floor({epochs} * {batches} / {accum})", epochs * batches // accum)
    return updates, by_epochs(run, epochs, batches, accum)


def by_epochs(run: Settings, epochs: int, batches: int, accum: int, times: int = 1) -> int:
    """Steps of the scheduler that a script counts by whole epochs, as often as it multiplies them."""
    formula = f"{epochs} * ceil({batches} / {accum})" + (f" * {times}" if times > 1 else "")
    return run.line("scheduler steps", formula, epochs * ceil_div(batches, accum) * times)


def batches_of(
    run: Settings,
    size: int,
    rows: str = "dataset_len",
    taken: Callable[[int], int] = int,
    *,
    drops: bool = False,
) -> tuple[int, int]:
    """Batches of an epoch before they are shared out among the processes, and those of one of them.

    ``taken`` makes of the rows the samples of an epoch, ``drops`` tells whether the last batch is left out
    where it is not full.
    """
    if run.is_said("batches_per_epoch"):
        batches, world = run.given_batches("world_size"), run.ask("world_size")
        return run.product("batches of all processes", batches, world), batches
    n, world = run.ask(rows, "world_size")
    samples = taken(n)
    before = run.divide("batches of all processes", samples, size, down=drops)
    return before, run.divide(run.BATCHES_PER_EPOCH, before, world, down=drops)


def batches_by(run: Settings, found: Factors, rows: str) -> tuple[int, int]:
    """The same of a loop's batches, all of which each process has where no line shares them out."""
    size = run["per_device_train_batch_size"]
    if found.is_shared:
        return batches_of(run, size, rows)
    if run.is_said("batches_per_epoch"):
        batches = run.given_batches()
    else:
        batches = run.ceil(run.BATCHES_PER_EPOCH, run.ask(rows), size)
    return batches, batches
