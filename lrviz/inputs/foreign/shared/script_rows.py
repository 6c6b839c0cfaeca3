"""The rows that a script itself gives its Trainer: certain ones are taken, others shown where they are asked.

Source: transformers 5.23 ``trainer.py``; trl 1.16.0, whose Trainers drop rows as they prepare them:
``reward_trainer.py`` too long ones, ``sft_trainer.py``, ``dpo_trainer.py`` and ``kto_trainer.py`` those that
``max_length`` leaves nothing to learn of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.python_overrides import OF_DATA
from lrviz.inputs.foreign.python.python_script import HIDDEN
from lrviz.inputs.foreign.python.said_rows import Rows, rows_of
from lrviz.inputs.foreign.shared.script_trainer import trainers_of
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.inputs.foreign.python.python_script import PythonCall
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

NAME = "train_rows"
_SET, _PACKING = "train_dataset", "packing"
_DROPS = ("RewardTrainer",)
_MAY_DROP = ("SFTTrainer", "DPOTrainer", "KTOTrainer")


def rows_given(script: Source, made: PythonCall | None) -> tuple[Rows, PythonCall] | None:
    """Those of its one Trainer, where no class of its own makes other batches, and that.

    ``made`` are the arguments it is read by.
    """
    trainers = trainers_of(script, made)
    is_own = any(one.what in OF_DATA for one in script.python.overrides)
    if len(trainers) != 1 or is_own:
        return None
    (trainer,) = trainers
    given, _ = trainer.changed.get(_SET, (trainer.keywords.get(_SET), 0))
    rows = rows_of(given)
    if rows is None:
        return None
    behind = rows.behind or _handed_on(script, trainer)
    is_cut = trainer.called in _DROPS or "unsloth" in script.python.imports
    return rows._replace(behind=behind, is_most=rows.is_most or is_cut), trainer


def _handed_on(script: Source, trainer: PythonCall) -> int:
    """The line that gives the Trainer to another function, which may give it other rows; 0 if none does."""
    given = ((one, (*one.arguments, *one.keywords.values())) for one in script.python.calls)
    return next((one.line for one, words in given if any(word is trainer for word in words)), 0)


def rows_said(
    script: Source, made: PythonCall | None, layers: Iterable[Source]
) -> dict[str, tuple[int, Place]]:
    """Those that are certain, as a setting; packing makes others of them."""
    found = rows_given(script, made)
    if found is None or not found[0].is_sure or _packs(script, found[1], layers):
        return {}
    return {NAME: (found[0].number, Place(script.name, found[0].line))}


def _packs(script: Source, trainer: PythonCall, layers: Iterable[Source]) -> bool:
    """Whether packing is said, or perhaps: of the Trainer too, which took it before TRL 0.13."""
    is_hidden = trainer.called == "SFTTrainer" and HIDDEN in trainer.keywords
    said = trainer.keywords.get(_PACKING, is_hidden) or script.python.changed.get(_PACKING, (False,))[0]
    return bool(said) or any(one.data.get(_PACKING) for one in layers)


def explain_rows(run: Settings) -> None:
    """Say what a script says of its rows, where that does not tell them, or not without doubt."""
    found = _given(run)
    if found is None or run.is_answered(NAME) or run.is_answered("dataset_len"):
        return
    rows, trainer, script = found
    if not rows.is_sure or not run.is_said(NAME):
        left = ", before packing" if _packs(script, trainer, run.sources) else ""
        run.explain("dataset_len", f"how many rows it trains on ({rows.text}{left})")
    elif trainer.called in _MAY_DROP:
        run.note(
            "rows-kept",
            "none of its rows is taken to be dropped: TRL drops those whose prompt fills max_length",
        )


def check_rows(run: Settings, n: int) -> None:
    """Say where an option, which counts, has other rows than the script can have.

    ``max_train_samples`` may be what the script cuts them by.
    """
    found = _given(run)
    if found is None or not (run.is_answered(NAME) or run.is_answered("dataset_len")):
        return
    rows, trainer, script = found
    cut = run.stated("max_train_samples")
    n = min(n, cut) if type(cut) is int else n
    is_packed = _packs(script, trainer, run.sources)
    is_most = not rows.is_sure or is_packed or trainer.called in _MAY_DROP
    if n == rows.number or (n < rows.number and is_most):
        return
    text = f"{n} rows are taken, as an option says, and the script has {rows.text}"
    if is_packed or rows.behind:
        run.note("rows-differ", f"{text}{', before packing' if is_packed else ''}")
    else:
        by_given = f"--given {NAME}={rows.number}" if run.is_answered(NAME) else ""
        run.warn("rows-differ", text, hint=by_given or f"<dataset_len={rows.number}>")


def _given(run: Settings) -> tuple[Rows, PythonCall, Source] | None:
    script = run.script
    if script is None:
        return None
    calls = script.python.calls if script is run.source else ()
    found = rows_given(script, calls[0] if calls else None)
    return None if found is None else (*found, script)
