"""The callbacks of Lightning's Trainer that have a hand in its LR or its length, and the user's own.

Source: lightning 2.6.6 ``pytorch/callbacks``; jsonargparse 4.53.0, which takes YAML for a value.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.early_end import MAY_END
from lrviz.inputs.foreign.opening import data_source
from lrviz.inputs.foreign.shared.lightning_configs import cli_of_script
from lrviz.inputs.foreign.shared.lightning_words import said_by
from lrviz.notation.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shared.lightning_words import Said
    from lrviz.notation.origin import Place

NAMES = ("trainer.callbacks", "trainer.callbacks+")
"""A list, or one; and what is added to it."""
_CHANGES_RUN = ("StochasticWeightAveraging", "LearningRateFinder", "GradientAccumulationScheduler")
_CONSEQUENCES = {
    **dict.fromkeys(
        ("BackboneFinetuning", "BaseFinetuning"),
        "adds groups to the optimizer while it trains, whose LRs are not told here",
    ),
    "EarlyStopping": MAY_END,
    "BatchSizeFinder": "trains with a batch size that it finds: an epoch may have other batches than these",
    "SpikeDetection": "may stop the run at a spike of its loss: it may end before the last of these steps",
    "Timer": "may stop the run when its time is over, before the last of these steps",
    "LambdaCallback": "is not read: it may move the LR, add groups or stop the run",
}
_OWN = "is none of Lightning's, and not read: it may move the LR, add groups or stop the run"
_NO_HAND = {
    *("BasePredictionWriter", "Checkpoint", "DeviceStatsMonitor", "EMAWeightAveraging"),
    *("LearningRateMonitor", "ModelCheckpoint", "ModelPruning", "ModelSummary", "OnExceptionCheckpoint"),
    *("ProgressBar", "RichModelSummary", "RichProgressBar", "ThroughputMonitor", "TQDMProgressBar"),
    "WeightAveraging",
}
"""Lightning's that leave the LR and the length as they are."""
_MODULES = ("lightning", "pytorch_lightning", "lightning_fabric")


def check_callbacks(run: Settings) -> None:
    """Say what those do that have a hand in the run; refuse what makes it another.

    Raises:
        ConfigError: one is of those.

    """
    for path, place in dict(_classes(run)).items():
        if _is_lightnings(path, _CHANGES_RUN):
            run.refuse(f"the callback {path} changes the run, and is not read", hint="leave it out")
        if text := _consequence(path):
            kind = "may-end-early" if text == MAY_END else "callback"
            run.findings.append(Finding(kind, "warning", f"the callback {path} {text}", place=place))


def _classes(run: Settings) -> Iterator[tuple[str, Place]]:
    """The ``class_path`` of each: of the files first, which ``--trainer.callbacks`` alone replaces.

    What the script has of its own is always there beside them.
    """
    listed: list[tuple[Any, Place]] = []
    for name in NAMES:
        path = tuple(name.split("."))
        listed += [(one, run.lookup.place(path)) for one in _several(run.raw(*path))]
    for option in said_by(run.source) if run.source.language == "command" else []:
        name = option.name.removesuffix(".class_path")
        if name in NAMES:
            kept = listed if name.endswith("+") else []
            listed = [*kept, *((one, option.place) for one in _several(_value(option)))]
    cli = cli_of_script(run.source)
    for value, place in [*listed, *(cli.callbacks if cli else ())]:
        kind = value.get("class_path") if isinstance(value, dict) else value
        if isinstance(kind, str):
            yield kind, place


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]


def _value(option: Said) -> Any:
    """What an option means: text that begins as YAML's list does is one."""
    if not isinstance(option.value, str) or not option.value.startswith("["):
        return option.value
    table = f"{{listed: {option.value}}}".encode()
    return data_source(table, str(option.place), ".yaml", Path()).data["listed"]


def _is_lightnings(path: str, names: Container[str]) -> bool:
    """Whether it is one of Lightning's own of these, by its whole path or by its name alone."""
    module, _, name = path.rpartition(".")
    return name in names and module.partition(".")[0] in ("", *_MODULES)


def _consequence(path: str) -> str:
    """What it may do to the run; "" where that is nothing."""
    if _is_lightnings(path, _NO_HAND):
        return ""
    is_known = _is_lightnings(path, _CONSEQUENCES)
    return _CONSEQUENCES[path.rpartition(".")[2]] if is_known else _OWN
