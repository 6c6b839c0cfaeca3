"""MaxText: its YAML over ``base.yml``, and words ``key=value`` after it; computed in float32.

Source: maxtext 0.2.5 ``utils/maxtext_utils.py``, ``configs/types.py`` and ``configs/base.yml``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.beside import is_here
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Setting, number, steps_or_share, text, whole
from lrviz.inputs.foreign.shared.bases import with_bases
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("steps", whole, 150_001, "steps"),
    Setting("learning_rate", number, 3e-5, "lr"),
    Setting("lr_schedule_type", text, "cosine"),
    Setting("learning_rate_schedule_steps", whole, -1),
    Setting("warmup_steps_fraction", steps_or_share, 0.1, "warmup"),
    Setting("learning_rate_final_fraction", number, 0.1, "", ("cosine_learning_rate_final_fraction",)),
    Setting("wsd_decay_steps_fraction", number, 0.1),
    Setting("wsd_decay_style", text, "linear"),
)
STYLES = ("cosine", "linear")
BASE = "base.yml"


def claims(source: Source) -> bool:
    """``maxtext`` in the module that runs, a ``base_config``, or the names that its fractions have."""
    if source.language == "command":
        return "maxtext" in source.program.lower()
    return source.language == "yaml" and bool(
        {"base_config", "warmup_steps_fraction", "learning_rate_final_fraction"} & source.data.keys()
    )


def read(run: Settings) -> Spec:
    """The run of ``steps`` updates: a warmup, a fall up to ``learning_rate_schedule_steps``, then 0."""
    steps, length = _lengths(run)
    lr, final = run["learning_rate"], run["learning_rate"] * run["learning_rate_final_fraction"]
    warmup = run.warmup = _warmup_steps(run, length)
    pieces = [(_line(0.0, lr, warmup), warmup)] * (warmup > 0)
    if run.choose("lr_schedule_type", ("cosine", "wsd")) == "cosine":
        pieces += _decay("cosine", lr, final, length - warmup)
    else:
        decay = _decay_steps(run, length)
        stable = length - warmup - decay
        pieces += [(_constant(lr), stable)] * (stable > 0)
        pieces += _decay(run.choose("wsd_decay_style", STYLES), lr, final, decay)
    if steps > length:
        _warn_of_zero(run, steps, length)
        pieces.append((_constant(0.0), steps - length))
    ends = [sum(size for _, size in pieces[: i + 1]) for i in range(len(pieces))]
    return run.curve(
        "optax.join_schedules",
        schedules=tuple(call for call, _ in pieces),
        boundaries=tuple(ends[:-1]),
        steps=steps,
    )


def _lengths(run: Settings) -> tuple[int, int]:
    """Updates of the run and of the schedule: -1 is what the other one says."""
    steps, length = run["steps"], run["learning_rate_schedule_steps"]
    steps, length = (length if steps == -1 else steps), (steps if length == -1 else length)
    if steps < 1 or length < 1:
        run.refuse(f"steps={steps} makes no update", hint="<steps=1000>", at="steps")
    return run.line(run.TOTAL_STEPS, "steps", steps), length


def _warmup_steps(run: Settings, length: int) -> int:
    share = run["warmup_steps_fraction"]
    if not 0 <= share <= 1:
        run.refuse(f"warmup_steps_fraction={share} is no share: it stops", hint="<warmup=10%>")
    return run.share("warmup", length, share)


def _decay_steps(run: Settings, length: int) -> int:
    share, warmup = run["wsd_decay_steps_fraction"], run["warmup_steps_fraction"]
    if share + warmup > 1:
        run.refuse(
            f"warmup_steps_fraction={warmup} and wsd_decay_steps_fraction={share} are more than 1: it stops",
            hint=f"--given wsd_decay_steps_fraction={max(1 - warmup, 0):g}",
            at="wsd_decay_steps_fraction",
        )
    return run.share("decay", length, share)


def _decay(style: str, lr: float, final: float, steps: int) -> list[tuple[Call, int]]:
    """The fall, which reaches its end at the last of its updates; none without any."""
    if steps < 1:
        return []
    if style == "linear":
        return [(_line(lr, final, steps - 1), steps)]
    if steps == 1:
        return [(_constant(final), 1)]
    given = (("init_value", lr), ("decay_steps", steps - 1), ("alpha", final / lr if lr else 0.0))
    return [(Call("cosine_decay_schedule", given), steps)]


def _line(first: float, last: float, steps: int) -> Call:
    return Call("linear_schedule", (("init_value", first), ("end_value", last), ("transition_steps", steps)))


def _constant(lr: float) -> Call:
    return Call("constant_schedule", (("value", lr),))


def _warn_of_zero(run: Settings, steps: int, length: int) -> None:
    run.warn(
        "zero-at-end",
        f"the schedule ends at update {length} of {steps}: the last {steps - length} train at LR 0",
        at="learning_rate_schedule_steps",
    )


def _without_base(source: Source) -> Source:
    """The words without the file of its own defaults, which need not be here."""
    left = (word for word in source.words if Path(word).name != BASE or is_here(source, word))
    return replace(source, words=tuple(left))


TRAINER = ForeignTrainer(
    "maxtext",
    "0.2.5",
    SETTINGS,
    claims,
    read,
    read_words=_without_base,
    layers=partial(with_bases, key="base_config", own=(BASE,)),
    no_training=NoTraining(programs=r"(decode|inference\w*)(\.py)?$"),
    keys=KnownKeys(fate=by_language(command=Fate.STOPS, yaml=Fate.STOPS)),
    known_by="base_config, or learning_rate_final_fraction",
)
