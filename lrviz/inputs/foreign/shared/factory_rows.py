"""The rows that LLaMA-Factory trains on: mixed, capped, packed and without those that are held out.

Source: llamafactory 0.9.5, ``data/data_utils.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.trainer_length import (
    processes_name,
    rows_and_processes,
    rows_of_sets,
    shared_out,
    updates_per_epoch,
)

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

TURNS = {"interleave_under": "min", "interleave_over": "max", "interleave_once": None}
"""How many rows of each data set are taken in turn; datasets, as far as it is allowed, has no third way."""


def factory_updates(run: Settings) -> int:
    """Updates of an epoch of the Trainer."""
    if run.is_said("batches_per_epoch"):
        return updates_per_epoch(run, run.ask("batches_per_epoch"))
    return updates_per_epoch(run, shared_out(run, *left_rows_and_processes(run)))


def left_rows_and_processes(run: Settings) -> tuple[int, int]:
    """Rows to train on, and how many processes share them."""
    run.explain("dataset_len", _which_rows(run))
    if _is_mixed(run):
        return _mixed_rows(run), run.ask(processes_name(run))
    if run.is_said("rows_of_each"):
        rows, world = run["rows_of_each"], run.ask(processes_name(run))
    else:
        n, world = rows_and_processes(run)
        rows = (n,)
    is_counted = _is_packed(run) or run.is_said("train_rows")
    return sum(rows) if is_counted else rows_left(run, rows), world


def _which_rows(run: Settings) -> str:
    """What is asked for: all rows, or those that packing makes of what ``val_size`` leaves."""
    held_out = run["val_size"] > 0
    if _packs(run):
        left = " once val_size is held out" if held_out else ""
        return f"how many rows packing makes of the training set{left}"
    return rows_of_sets("val_size" if held_out else "")


def _packs(run: Settings) -> bool:
    """Whether rows are packed; those of pairs, as in dpo, never are."""
    is_said = run.get("packing", run["stage"] == "pt") or run["neat_packing"]
    return bool(is_said and run["stage"] in ("pt", "sft")) or bool(run["sequence_packing"])


def _is_packed(run: Settings) -> bool:
    """Whether rows are packed, as they are by default in pre-training; they are counted after that."""
    packs = _packs(run)
    if packs:
        run.note("packed-rows", "packing: rows are counted after packing, of the training set", at="packing")
    return packs


def _is_mixed(run: Settings) -> bool:
    """Whether rows of several data sets are taken in turn, and nobody has counted them after that."""
    strategy = run.choose("mix_strategy", ("concat", *TURNS))
    if run.is_said("interleave_probs") and strategy == "concat":
        run.refuse(
            "interleave_probs beside mix_strategy=concat",
            at="mix_strategy",
            instead="interleave_over",
        )
    sets = max(len(run["dataset"] or ()), len(run.get("rows_of_each", ())))
    return strategy != "concat" and sets > 1 and not (run.is_said("train_rows") or _is_packed(run))


def _mixed_rows(run: Settings) -> int:
    """Rows to train on, where as many are taken of each data set as the shortest or the longest has."""
    strategy = run["mix_strategy"]
    if TURNS[strategy] is None:
        run.refuse(
            f"datasets 4.0, the newest that {run.title} allows, does not know mix_strategy={strategy}",
            at="mix_strategy",
            instead="concat",
        )
    if run.is_said("interleave_probs"):
        run.explain("train_rows", "how many rows are drawn by interleave_probs, without val_size")
        return int(run.ask("train_rows"))
    run.explain(
        "rows_of_each", f"how many rows each data set has, which mix_strategy={strategy} takes in turn"
    )
    most, word = run["max_samples"], TURNS[strategy]
    rows = [one if most is None else min(one, most) for one in run.ask("rows_of_each")]
    each = (min if word == "min" else max)(rows)
    n = run.line("rows", f"{len(rows)} * {word}({', '.join(map(str, rows))})", len(rows) * each)
    return _without_held_out(run, n)


def rows_left(run: Settings, rows: tuple[int, ...]) -> int:
    """What ``max_samples`` leaves of every data set, without ``val_size``, which is held out."""
    most, n = run["max_samples"], sum(rows)
    sets = len(run["dataset"] or ("",))
    if most is not None:
        if len(rows) == 1 < sets:
            left = min(n, sets * most)
            if n > most:
                text = (
                    f"max_samples caps each of {sets} data sets: {left} rows are the most that they may have"
                )
                run.warn("rows-of-each", text, hint="--given rows_of_each=900,100, without --dataset-len")
            n = run.line("rows", f"min({n}, {sets} * {most})", left)
        else:
            formula = " + ".join(f"min({one}, {most})" for one in rows)
            n = run.line("rows", formula, sum(min(one, most) for one in rows))
    return _without_held_out(run, n)


def _without_held_out(run: Settings, n: int) -> int:
    """Rows to train on: ``val_size`` are held out, or that share of them."""
    held_out = run["val_size"]
    if held_out <= 0:
        return n
    if run.is_said("eval_dataset"):
        run.refuse("val_size beside eval_dataset", at="val_size", instead=0)
    held_out = int(held_out) if held_out > 1 else math.ceil(held_out * n)
    return run.line("rows to train on", f"{n} - {held_out}", n - held_out)
