"""How many updates a script of diffusers makes, and how many steps it builds its scheduler for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.accelerate_stepped import across_epochs, batches_of, by_epochs
from lrviz.inputs.foreign.shared.diffusers_scripts import BATCHES, BEFORE, BOTH, NOTHING, SHARED, WEB, A, P
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shared.diffusers_scripts import Script


def diffusers_updates(run: Settings, script: Script) -> tuple[int, int]:
    """The updates of the run, and the steps that the scheduler is built for."""
    _check_workers(run, script)
    limit, times = run.get("max_train_steps", script.max_steps), times_of(run, script)
    if limit is not None and script.counts != BATCHES:
        if run.is_said("num_train_epochs"):
            run.note("steps-win", f"max_train_steps={limit} wins over num_train_epochs", at="max_train_steps")
        run.line(run.TOTAL_STEPS, "max_train_steps", limit)
        return limit, run.product("scheduler steps", limit, times)
    epochs, accum = run.get("num_train_epochs", script.epochs), run["gradient_accumulation_steps"]
    if script.loader != SHARED:
        return _of_own_batches(run, script, epochs, accum)
    size, taken = run.get("train_batch_size", script.batch), partial(_images, run, script)
    before, share = batches_of(run, size, rows_of(run, script), taken, drops=script.drops)
    in_epoch = run.ceil(run.STEPS_PER_EPOCH, share, accum)
    updates = run.product(run.TOTAL_STEPS, epochs, in_epoch)
    if script.counts == BATCHES:
        return updates, run.product("scheduler steps", before, epochs)
    expected = before if _counts_before(run, script, before) else ceil_div(before, world_of(run, script))
    return updates, by_epochs(run, epochs, expected, accum, times)


def times_of(run: Settings, script: Script, said: str | None = None) -> int:
    """What the script multiplies ``max_train_steps`` by, and its warmup where nothing else is ``said``."""
    accum = run["gradient_accumulation_steps"]
    times = {P: world_of(run, script), A: accum, NOTHING: 1, BOTH: world_of(run, script) * accum}
    return int(times[script.times if said is None else said])


def world_of(run: Settings, script: Script) -> int:
    """The processes, where these matter."""
    return 1 if is_flat(run, script) else run.ask("world_size")


def is_flat(run: Settings, script: Script) -> bool:
    """Whether the LR stands still for a number of updates that is said: then the processes do not matter."""
    name = run.get("lr_scheduler", script.lr_scheduler)
    return name == "constant" and run.is_said("max_train_steps") and not run["scale_lr"]


def rows_of(run: Settings, script: Script) -> str:
    """Who says how many rows there are; of images in several buckets nobody knows how many are dropped."""
    if script.drops and (run["use_aspect_ratio_buckets"] or run["aspect_ratio_buckets"]):
        return "batches_per_epoch"
    is_cut = run.is_said("max_train_samples") or (script.loader == WEB and not run.is_said("dataset_len"))
    return "max_train_samples" if is_cut else "dataset_len"


def _counts_before(run: Settings, script: Script, batches: int) -> bool:
    """Whether the scheduler's length is counted before the batches are shared out, as more did once."""
    is_open = script.mended and world_of(run, script) > 1 and batches > 1
    what = f"the schedule ends with the run, before {script.mended} it was made for all processes' batches"
    return script.counts == BEFORE or bool(is_open and not run.since(script.mended, what))


def _images(run: Settings, script: Script, n: int) -> int:
    """Those of an epoch: each as often as it is repeated, and at least as many as there are of the class."""
    times = run["repeats"] if script.repeats else 1
    samples = run.product("images", n, times) if times > 1 else n
    if not run["with_prior_preservation"]:
        return samples
    of_class = run.get("num_class_images", script.class_images)
    return run.line("images with those of the class", f"max({samples}, {of_class})", max(samples, of_class))


def _check_workers(run: Settings, script: Script) -> None:
    """Refuse a web data set without workers, however the run is told to end."""
    if script.loader == WEB and (workers := run["dataloader_num_workers"]) < 1:
        run.refuse(
            f"dataloader_num_workers={workers}: the script divides the rows by it, and stops",
            at="dataloader_num_workers",
            instead=8,
        )


def _of_own_batches(run: Settings, script: Script, epochs: int, accum: int) -> tuple[int, int]:
    """Those of batches that accelerate does not share out, and whose accumulation runs on across epochs."""
    batches = _web_batches(run, script) if script.loader == WEB else _all_batches(run, script)
    run.note_epoch(of=accum)
    return across_epochs(run, epochs, batches, accum)


def _all_batches(run: Settings, script: Script) -> int:
    """Batches of all rows, which every process goes through."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    n, size = run.ask(rows_of(run, script)), run.get("train_batch_size", script.batch)
    return run.ceil(run.BATCHES_PER_EPOCH, n, size)


def _web_batches(run: Settings, script: Script) -> int:
    """Batches of a process, as many for each of its workers."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    n, world = run.ask(rows_of(run, script), "world_size")
    size, workers = run.get("train_batch_size", script.batch), run["dataloader_num_workers"]
    batches = ceil_div(n, size * world * workers) * workers
    return run.line(run.BATCHES_PER_EPOCH, f"ceil({n} / ({size} * {world} * {workers})) * {workers}", batches)
