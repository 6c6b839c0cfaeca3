"""modded-nanogpt: the hyperparameters in its training script, as it was up to the middle of 2025.

Later scripts have stages with an LR and a batch of their own: those are code, not settings.

Source: modded-nanogpt 587b45fb (2025-02), ``train_gpt.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.setting import Setting, count, number
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.within import read_value
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

TABLE = "Hyperparameters"
SETTINGS = (
    Setting("num_iterations", count, None, "steps", (f"{TABLE}.num_iterations",)),
    Setting("cooldown_frac", number, None, "", (f"{TABLE}.cooldown_frac",)),
    Setting("muon_lr", number, None, "lr", (f"{TABLE}.muon_lr",)),
)
MUON_LR = 0.05


def claims(source: Source) -> bool:
    """``num_iterations`` and ``cooldown_frac`` of its class ``Hyperparameters``, or as names of the file."""
    table = source.data.get(TABLE)
    names = {*source.data, *(table if isinstance(table, dict) else ())}
    return source.language == "python" and {"num_iterations", "cooldown_frac"} <= names


def read(run: Settings) -> Spec:
    """The LR of Muon, which trains the matrices: no warmup, and a line down over the last part."""
    steps, cooldown = run.ask("num_iterations", "cooldown_frac")
    if cooldown <= 0:
        run.refuse(
            f"cooldown_frac={cooldown}: the script divides by it and stops", at="cooldown_frac", instead=0.4
        )
    run.warmup = 0
    run.line(run.TOTAL_STEPS, "num_iterations", steps)
    return run.curve(
        "modded_nanogpt.get_lr", lr=_lr(run), steps=steps, num_iterations=steps, cooldown_frac=cooldown
    )


def _lr(run: Settings) -> float:
    """The LR that the file gives Muon, or that of the script."""
    if run.is_said("muon_lr"):
        return float(run["muon_lr"])
    calls = run.source.python.calls_of(("Muon",))
    said = [call.keywords["lr"] for call in calls if "lr" in call.keywords]
    found = [one for one in said if not isinstance(one, (Unknown, PythonCall))]
    lr = read_value(run, "lr", found[0], number, like=MUON_LR) if found else MUON_LR
    run.note(
        "lr-of-muon",
        f"the LR is Muon's, {lr_text(lr)}{'' if found else ' as in 2025-02'}; Adam's groups have their own",
        hint="<lr=0.05>",
    )
    return float(lr)


TRAINER = ForeignTrainer(
    "modded_nanogpt",
    "2025-02",
    SETTINGS,
    claims,
    read,
    program="modded-nanogpt",
    known_by="num_iterations and cooldown_frac in Python",
    reads_names=True,
)
