"""ms-swift: the rows of its data sets, and how its programs start their processes.

Source: ms-swift 4.6.0, ``arguments/base_args/data_args.py``, ``pipelines/train/sft.py``, ``cli/main.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, number, texts
from lrviz.inputs.foreign.shared.training_arguments import flag
from lrviz.inputs.foreign.shell.world import Said, product
from lrviz.inputs.foreign.source import Word
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
)


def sampled_rows(run: Settings) -> int:
    """Rows by ``--dataset one#500 two#300``, 0 where one has no such number or others are said."""
    counts = [digits(name.rpartition("#")[2]) for name in run["dataset"] or () if "#" in name]
    numbers = [one for one in counts if one is not None]
    is_known = run.is_said("train_rows") or run.is_said("dataset_len") or run.is_said("cached_dataset")
    if is_known or run["packing"] or len(numbers) < len(counts):
        return 0
    if not numbers or len(numbers) < len(run["dataset"]):
        return 0
    return run.line("rows", " + ".join(map(str, numbers)), sum(numbers))


def rows_left(run: Settings, n: int) -> int:
    """Rows to train on: ``max(int(n * ratio), 1)`` are held out."""
    ratio = run["split_dataset_ratio"]
    if ratio <= 0 or run.is_said("train_rows") or run.is_said("val_dataset") or run["packing"]:
        return n
    held_out = max(int(n * ratio), 1)
    return run.line("rows to train on", f"{n} - {held_out}", n - held_out)


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
