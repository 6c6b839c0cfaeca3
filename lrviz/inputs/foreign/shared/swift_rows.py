"""ms-swift: the rows of its data sets, and how its programs start their processes.

Source: ms-swift 4.6.0, ``arguments/base_args/data_args.py``, ``pipelines/train/sft.py``,
``dataset/dataset_meta.py``, ``cli/main.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, literal, number, text, texts
from lrviz.inputs.foreign.shared.trainer_length import rows_name, rows_of_sets
from lrviz.inputs.foreign.shared.training_arguments import flag
from lrviz.inputs.foreign.shell.world import Said, product
from lrviz.inputs.foreign.word import Word
from lrviz.notation.numbers import digits

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.world import Count
    from lrviz.inputs.foreign.source import Source

TRAINING = ("sft", "pt", "rlhf")
GLOBAL_BATCH = "global_batch_size"
"""What its runs by Megatron have, and those by transformers have not."""
ROWS = (
    Setting("dataset", texts),
    Setting("cached_dataset", texts),
    Setting("val_dataset", texts),
    Setting("split_dataset_ratio", number, 0.0),
    Setting("packing", flag, default=False),
    Setting("interleave_prob", literal),
    Setting("stopping_strategy", text, "first_exhausted"),
)


def sampled_rows(run: Settings) -> int:
    """Rows by ``--dataset one#500 two#300``, 0 where one has no such number or others are said.

    What is drawn from several until one, or each, is used up is as many as chance has it.
    """
    numbers = _sampled(run)
    if run.is_said("interleave_prob") and len(numbers) != 1:
        text = f"interleave_prob draws rows until stopping_strategy={run['stopping_strategy']}"
        run.note("rows-drawn", f"{text}: how many is not the sum of the data sets", at="interleave_prob")
        return 0
    is_known = run.is_said("train_rows") or run.is_said("dataset_len") or run.is_said("cached_dataset")
    if is_known or run["packing"] or not numbers:
        return 0
    return run.line("rows", " + ".join(map(str, numbers)), sum(numbers))


def _sampled(run: Settings) -> list[int]:
    """The rows that each data set is sampled to; none where one is taken whole."""
    counts = [digits(name.rpartition("#")[2]) if "#" in name else None for name in run["dataset"] or ()]
    numbers = [one for one in counts if one is not None]
    return numbers if len(numbers) == len(counts) else []


def rows_and_processes(run: Settings, processes: str) -> tuple[int, int]:
    """Rows of the data sets, and the processes, by the name of who says those."""
    sampled = sampled_rows(run)
    if _holds_out(run):
        run.explain("dataset_len", rows_of_sets("split_dataset_ratio"))
    found = run.ask(processes) if sampled else run.ask(rows_name(run), processes)
    n, world = (sampled, found) if sampled else found
    return n, world


def _holds_out(run: Settings) -> bool:
    """Whether the data sets hold rows out; those that are packed are counted after that."""
    is_counted = run.is_said("train_rows") or run["packing"]
    return run["split_dataset_ratio"] > 0 and not (is_counted or run.is_said("val_dataset"))


def rows_left(run: Settings, n: int) -> int:
    """Rows to train on: each data set holds ``max(int(n * ratio), 1)`` out."""
    ratio = run["split_dataset_ratio"]
    if not _holds_out(run):
        return n
    held_out = [max(int(one * ratio), 1) for one in _shares(run, n)]
    formula = str(held_out[0]) if len(held_out) == 1 else f"({' + '.join(map(str, held_out))})"
    return run.line("rows to train on", f"{n} - {formula}", n - sum(held_out))


def _shares(run: Settings, n: int) -> list[int]:
    """The rows of each data set, as one where nobody knows how many are of which."""
    numbers, count = _sampled(run), len(run["dataset"] or ())
    if numbers and sum(numbers) == n:
        text = "each data set is taken to have the rows that it is sampled to: a smaller one holds out less"
        run.note(
            "rows-sampled", text, hint="--given train_rows=N says what is left", at="split_dataset_ratio"
        )
        return numbers
    if count > 1:
        run.warn(
            "split-each",
            f"each of the {count} data sets holds out its own max(int(rows * split_dataset_ratio), 1),"
            " here counted as of one: --given train_rows=N says what is left",
            at="split_dataset_ratio",
        )
    return [n]


def with_environment(layers: list[Source]) -> list[Source]:
    """What ``ENV`` of a config sets for ``swift``, where the shell does not, says how many processes run."""
    first = layers[0]
    file = next((one for one in layers if isinstance(one.data.get("ENV"), dict)), None)
    if file is None or not {"NPROC_PER_NODE", "NNODES"} & file.data["ENV"].keys():
        return layers
    if first.language == "command" and first.program not in ("swift", "megatron"):
        return layers
    own = {
        name: Word.of(str(value), file.place(("ENV", name)).line) for name, value in file.data["ENV"].items()
    }
    world = processes(Said("ENV", {}, own | first.launch.variables, file.name))
    return [replace(first, launch=first.launch._replace(world=world)), *layers[1:]]


def processes(said: Said) -> Count:
    """Under ``torchrun`` only where one of the two is set."""
    return product(said, ("$NPROC_PER_NODE", 1), ("$NNODES", 1))
