"""unsloth's own script, ``unsloth-cli.py``, where it is not here: TRL's SFT with defaults of its options.

Source: unsloth 2026.10.9, ``unsloth-cli.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, switch
from lrviz.inputs.foreign.shared.trainer_length import note_packed, total_steps
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES, curve_of, kind_of, share_of
from lrviz.inputs.foreign.shared.transformers_version import assume_version, since
from lrviz.inputs.foreign.shared.unsloth_defaults import defaults
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.trainers.unsloth import WARMUP

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (*defaults(max_steps=400), Setting("packing", switch, default=False))


def claims(source: Source) -> bool:
    """A command that starts ``unsloth-cli.py``; one that is here is read itself."""
    is_script = source.language == "command" and source.script == "unsloth-cli.py"
    return is_script and script_of(source) is None


def read(run: Settings) -> Spec:
    """The run of unsloth's SFTTrainer, whose own share of warmup counts where 0 steps leave that."""
    assume_version(run)
    kind_of(run)
    if run["packing"]:
        note_packed(run)
    total = total_steps(run)
    has_steps = since(run, "5") or run["warmup_steps"]
    return curve_of(run, total, warmup=None if has_steps else share_of(run, total, WARMUP))


TRAINER = ForeignTrainer(
    "unsloth_script",
    "2026.10.9",
    SETTINGS,
    claims,
    read,
    program="unsloth-cli.py",
    names_script=claims,
    schedules=SCHEDULES,
    dash="_",
    keys=KnownKeys(("unsloth_script",), by_language(Fate.STOPS)).alone(SETTINGS),
    ranks=BY_LOCAL_RANK,
    known_by="unsloth-cli.py",
    takes_words=False,
)
