"""axolotl: the updates of a run, counted over all its epochs at once, and its warmup.

Source: axolotl 0.19.0, ``utils/trainer.py``, ``utils/data/sft.py``, ``core/builders/base.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.generations import micro_steps
from lrviz.inputs.foreign.shared.trainer_length import rows_name, rows_of_sets, updates_of_epochs
from lrviz.inputs.foreign.shared.trl_methods import METHODS
from lrviz.plan.arithmetic import transformers_warmup_steps

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

OF_NONE = "a warmup of 0 is none, before 0.13 it was as unsaid: 3 % of the updates, at most 100"


def counted_updates(run: Settings) -> int:
    """The updates that axolotl counts, ``max_steps`` where that is less; 0 where they are TRL's to count.

    Raises:
        ConfigError: a data set without a length, and no ``max_steps``.

    """
    limit = run["max_steps"]
    if (run["streaming"] or run["pretraining_dataset"]) and not limit:
        run.refuse("max_steps must be set: its rows are streamed", hint="--given max_steps=1000")
    if is_counted_by_trl(run):
        return 0
    if limit and (run.is_said("warmup_steps") or run["streaming"] or run["pretraining_dataset"]):
        return int(limit)  # what is counted is used for nothing
    counted = _packed(run) if run["sample_packing"] and not run["rl"] else _of_rows(run)
    if limit and not run["rl"]:
        return min(counted, int(limit))
    return counted


def is_counted_by_trl(run: Settings) -> bool:
    """Whether axolotl leaves the length to the Trainer, which makes its own samples."""
    return (run["rl"] or "").lower() in ("grpo", "ebft")


def generated_updates(run: Settings) -> int:
    """The updates that TRL counts for GRPO: of whole generations, each used so many times.

    Raises:
        ConfigError: completions that make no full groups, or samples of another kind.

    """
    if run["rl"].lower() != "grpo" or of_one_sequence(run) > 1:
        run.refuse(
            f"max_steps must be set: {run['rl']} has a sampler of its own", hint="--given max_steps=1000"
        )
    rows, world = _rows_and_processes(run)
    accum = accumulation(run)
    generation = _generation(run, run["micro_batch_size"] * world, accum)
    batches = micro_steps(run, rows, generation, run["trl.num_iterations"])
    return updates_of_epochs(run, run["num_epochs"], run.ceil(run.STEPS_PER_EPOCH, batches, accum))


def _generation(run: Settings, batch: int, accum: int) -> tuple[int, int, int]:
    """Steps that one generation lasts, its completions, and how many of them a prompt has."""
    size = run["trl.num_generations"] or METHODS["grpo"].completions
    completions = run["trl.generation_batch_size"] or batch * accum
    if size < 2 or completions % size or completions % batch:
        run.refuse(
            f"{completions} completions make no groups of {size} in batches of {batch}",
            at="trl.num_generations",
            instead=batch,
        )
    return completions // batch, completions, size


def _rows_and_processes(run: Settings) -> tuple[int, int]:
    """Rows to train on, and processes."""
    if run["val_set_size"]:
        run.explain("dataset_len", rows_of_sets("val_set_size"))
    rows, world = run.ask(rows_name(run), "world_size")
    return (rows if run.is_said("train_rows") else _left_to_train(run, rows)), world


def accumulation(run: Settings) -> int:
    """Micro batches of an update, which ``batch_size`` says where nothing else does."""
    batch, micro = run["batch_size"], run["micro_batch_size"]
    return max(batch // micro, 1) if batch else int(run["gradient_accumulation_steps"])


def _of_rows(run: Settings) -> int:
    """``ceil(rows * epochs / batch)`` over the whole run."""
    epochs = run["num_epochs"]
    if run.is_said("batches_per_epoch") and not run.is_said("train_rows"):
        batches, accum = run.ask("batches_per_epoch"), accumulation(run)
        return run.line(
            run.TOTAL_STEPS, f"ceil({batches} * {epochs:g} / {accum})", math.ceil(batches * epochs / accum)
        )
    rows, world = _rows_and_processes(run)
    batch = _batch(run, world)
    return run.line(run.TOTAL_STEPS, f"ceil({rows} * {epochs:g} / {batch})", math.ceil(rows * epochs / batch))


def _left_to_train(run: Settings, rows: int) -> int:
    """Rows without those of ``val_set_size``: a number above 1, or a share, rounded up."""
    size = run["val_set_size"]
    if not size:
        return rows
    held_out = int(size) if size > 1 else math.ceil(size * rows)
    if held_out >= rows:
        run.refuse(f"val_set_size={size} leaves no row of {rows}", hint="val_set_size: 0", at="val_set_size")
    formula = f"{rows} - {held_out}" if size > 1 else f"{rows} - ceil({size} * {rows})"
    return run.line("rows to train on", formula, rows - held_out)


def _batch(run: Settings, world: int) -> int:
    """Rows of an update: ``batch_size`` or micro batches, times the processes with rows of their own."""
    micro, accum, batch = run["micro_batch_size"], run["gradient_accumulation_steps"], run["batch_size"]
    copies = max(world // of_one_sequence(run) // (run["tensor_parallel_size"] or 1), 1)
    formula = f"{batch}" if batch else f"{micro} * {accum}"
    return run.line("batch of an update", f"{formula} * {copies}", (batch or micro * accum) * copies)


def of_one_sequence(run: Settings) -> int:
    """Processes that share the tokens of a row; 0 is unsaid, and has the older name count."""
    return int(run["context_parallel_size"] or run["sequence_parallel_degree"] or 1)


def _packed(run: Settings) -> int:
    """Updates of packed batches, which only the lengths of the rows tell."""
    if run.is_said("sample_packing_eff_est"):
        return _estimated(run)
    packed, world = run.ask("packed_batches_total", "world_size")
    epochs, micro, batch = run["num_epochs"], run["micro_batch_size"], _batch(run, world)
    in_epoch = run.line(
        run.STEPS_PER_EPOCH, f"{packed} * {micro} // {batch}", max(1, packed * micro // batch)
    )
    total, dropped = math.floor(in_epoch * epochs), math.ceil(epochs) if run["dataloader_drop_last"] else 0
    formula = f"floor({in_epoch} * {epochs:g})"
    return run.line(run.TOTAL_STEPS, f"{formula} - {dropped}" if dropped else formula, total - dropped)


def _estimated(run: Settings) -> int:
    """Updates by the tokens and the estimated efficiency of packing."""
    tokens, world = run.ask("total_num_tokens", "world_size")
    share, length, batch = run["sample_packing_eff_est"], run["sequence_len"], _batch(run, world)
    in_epoch = math.floor(0.99 * tokens / share / length // batch) - 1
    run.line(run.STEPS_PER_EPOCH, f"floor(0.99 * {tokens} / {share} / {length} / {batch}) - 1", in_epoch)
    epochs = run["num_epochs"]
    return run.line(run.TOTAL_STEPS, f"{in_epoch} * {epochs:g}", int(in_epoch * epochs))


def warmup_updates(run: Settings, total: int, counted: int) -> int:
    """``int`` of a share of what is counted, not ceil: 3 % and at most 100 where nothing is said; never 1."""
    steps, ratio = _warmup_said(run)
    if steps is not None:
        warmup = steps
    elif not counted:  # a share is the Trainer's to round
        share = 0.03 if ratio is None else ratio
        return run.line("warmup", f"ceil({total} * {share})", transformers_warmup_steps(share, total))
    elif ratio is not None:
        warmup = run.line("warmup", f"int({ratio} * {counted})", max(int(ratio * counted), 0))
    else:
        warmup = run.line("warmup", f"min(int(0.03 * {counted}), 100)", min(int(0.03 * counted), 100))
    if warmup == 1:
        run.note("one-is-two", "axolotl makes a warmup of 1 update one of 2", at="warmup_steps")
        return 2
    return warmup


def _warmup_said(run: Settings) -> tuple[int | None, float | None]:
    """Updates of warmup, or their share of the run; what is said beside the file wins over what it says.

    Raises:
        ConfigError: a share as ``warmup_steps`` of the file.

    """
    steps, ratio = run["warmup_steps"], run["warmup_ratio"]
    is_none = 0 in (steps, ratio) and not (steps or ratio) and run["lr_scheduler"] != "constant"
    if is_none and not run.since("0.13", OF_NONE):
        return None, None
    is_of_file = run.origin("warmup_steps").source == "file"
    if steps is None or (is_of_file and run.origin("warmup_ratio").source not in ("file", "trainer")):
        return None, ratio
    if steps >= 1 or not steps:
        return int(steps), None
    if is_of_file:
        run.refuse(
            f"warmup_steps={steps}: axolotl takes whole numbers",
            hint=f"warmup_ratio: {steps}",
            at="warmup_steps",
        )
    return None, steps
