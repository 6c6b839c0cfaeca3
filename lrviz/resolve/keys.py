"""The keys of a run, one row each: those of its plan, and those that say something to the schedule in it.

Options, configs, precedence, completion and the README's table are read off these rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.catalogue.roles import Role
from lrviz.resolve import readers
from lrviz.resolve.groups import MOST_LAYERS, read_groups
from lrviz.resolve.key import Key
from lrviz.resolve.plan_keys import PLAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import Enum

    from lrviz.catalogue.registry import Entry
    from lrviz.notation.spec import Value


def _few(name: str, words: tuple[str, ...], text: str, **more: Any) -> Key:
    """A key that is one of a few words."""
    takes = f"one of {', '.join(words)}" if len(words) > 1 else words[0]
    more = {"example": words[-1], "metavar": "|".join(words), **more}
    return Key(name, readers.word, takes, help=text, choices=words, **more)


RATE = readers.number(lambda x: x >= 0)
_RATES = readers.one_or_several(RATE)
_SHARE = readers.number(lambda x: 0 < x <= 1)
_WARMUPS = (Role.WARMUP, Role.WARMUP_FRACTION, Role.WARMUP_EPOCHS)
SPAN = "a duration (100, '6%', '2ep')"
_GROUPS = "a list of groups, body(scale=0.1),head(lr=1e-3)"

COUNTED = "counted_warmup"
"""The key that keeps how a trainer counts its warmup."""
FROM = "from"
"""The key that makes a schedule a branch of another curve."""
FILE = "file"
"""The key that names the file of a curve's points."""
MOST_CALLS = 1 << 16
"""In a step; each may be refused, so each is looked at."""

KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        *PLAN,
        Key(
            "warmup",
            readers.duration,
            SPAN,
            "10%",
            "SPAN",
            "Warmup: 100 (steps), 6% or 0.06 (of the run), 2ep (epochs).",
            roles=_WARMUPS,
            rivals=("warmup_fraction",),
        ),
        Key(
            "warmup_fraction",
            readers.share,
            "a number from 0 on and below 1",
            "0.06",
            "X",
            "Warmup as a share of the run, 0.06.",
            roles=_WARMUPS,
            rivals=("warmup",),
        ),
        Key(
            COUNTED,
            RATE,
            "a number from 0 on",
            "600",
            "N",
            "Steps of the warmup as its trainer counts them; the curve is the same without.",
            option=False,
            shared=False,
        ),
        Key(
            "lr",
            _RATES,
            "a number from 0 on, or a list of them",
            "1e-3",
            "LR",
            "Peak learning rate; 1e-3,1e-4 are two param groups.",
            roles=(Role.BASE_LR,),
            to_phases=True,
        ),
        _few(
            "scale_lr",
            ("linear", "sqrt"),
            "Scale the LR by batch × accumulation × world over --base-batch-size.",
            to_phases=True,
        ),
        Key(
            "base_batch_size",
            readers.count,
            "a whole number above 0",
            "256",
            "N",
            "Batch size that the LR was chosen for.",
            to_phases=True,
        ),
        Key(
            "groups",
            read_groups,
            _GROUPS,
            "body(scale=0.1),head(lr=1e-3)",
            "GROUPS",
            "Param groups by name, each with a scale of the LR, an LR, or keys of its framework.",
            option=False,
            rivals=("layer_decay", "layers"),
            to_phases=True,
        ),
        Key(
            "layer_decay",
            _SHARE,
            "a number above 0 and at most 1",
            "0.75",
            "X",
            "Layer-wise LRs: each layer X times that above it.",
            rivals=("groups",),
            to_phases=True,
        ),
        Key(
            "layers",
            readers.count_up_to(MOST_LAYERS),
            f"a whole number from 1 to {MOST_LAYERS}",
            "12",
            "N",
            "Blocks between embedding and head, for --layer-decay.",
            rivals=("groups",),
            to_phases=True,
        ),
        Key(
            "min_lr",
            readers.one_or_several(readers.percent_or(RATE)),
            "a number from 0 on, or a percent of the peak",
            "1e-5",
            "LR",
            "Lowest learning rate, where the schedule has one: 1e-5, or 10% of the peak.",
            roles=(Role.FLOOR, Role.FLOOR_RATE),
        ),
        _few("warmup_mode", ("front", "over"), "Before a schedule without warmup, or laid over it."),
        _few("warmup_shape", ("linear", "constant", "cosine", "exponential"), "Shape of such a warmup."),
        Key(
            "warmup_start",
            RATE,
            "a number from 0 on",
            "1e-6",
            "LR",
            "Where such a warmup starts.",
            roles=(Role.WARMUP_START,),
        ),
        Key(
            "interval",
            readers.word_or_count,
            "step, epoch or a number of steps",
            "epoch",
            "step|epoch",
            "What the scheduler counts: when it is stepped.",
            choices=("step", "epoch"),
            rivals=("pace",),
            to_phases=True,
        ),
        Key(
            "calls",
            readers.count_up_to(MOST_CALLS),
            f"a whole number from 1 to {MOST_CALLS}",
            "2",
            "N",
            "scheduler.step() calls in each step.",
            rivals=("pace",),
            to_phases=True,
        ),
        Key(
            "pace",
            readers.pace,
            f"up to {readers.MOST_PIECES} pieces NxK (after each of N steps K ticks), the last maybe K alone",
            "100x64,80x128,512",
            "PACE",
            "What the schedule counts after each step: 64 for 100 steps, 128 for 80, then 512.",
            option=False,
            rivals=("interval", "calls"),
        ),
        Key(
            "lead",
            readers.natural,
            "a whole number from 0 on",
            "1",
            "N",
            "Ticks that the schedule is read ahead: with 1, step t uses the value of t + 1.",
            option=False,
        ),
        Key(
            "optimizer",
            readers.text,
            "text",
            "adam",
            "NAME",
            "sgd, adam, adagrad …, where the schedule looks at it.",
            to_phases=True,
        ),
        _few(
            "dtype", ("float32", "float64"), "What a framework that can compute in both does.", option=False
        ),
        Key(
            "metrics",
            readers.text,
            "text",
            "FILE.csv:column",
            "FILE:COLUMN",
            "A CSV column with the metric at each call.",
            rivals=("metric",),
        ),
        Key(
            "metric",
            readers.metric,
            "a kind of metric (noisy), or one with its parameters",
            "noisy",
            "constant|improving|noisy",
            "A metric made up; noisy(seed=3).",
            choices=("constant", "improving", "noisy"),
            rivals=("metrics",),
        ),
        Key(
            FILE,
            readers.text,
            "text",
            "lr.csv",
            "FILE[:COLUMN]",
            "The points of a curve: a file of values, or a log.",
            option=False,
            shared=False,
        ),
        Key(
            FROM,
            readers.branch,
            "the label of a curve and a step of it",
            "trunk@40k",
            "LABEL@STEP",
            "The curve that this one is a branch of, and the step where it leaves it.",
            option=False,
            shared=False,
        ),
        Key(
            "label",
            readers.label,
            "text",
            "text",
            "TEXT",
            "The text in the legend.",
            option=False,
            shared=False,
        ),
    )
}

RAMP_KEYS = ("warmup_start", "warmup_mode", "warmup_shape")
"""Keys of a warmup that stands in for one the schedule does not have."""

IN_EVERY_COMMAND = frozenset(
    key.name for key in KEYS.values() if key.option and (key.in_plan or key.roles == KEYS["warmup"].roles)
)
"""Those of a run's length and its warmup's: every command has their options."""


def read_values(values: Mapping[str, Value]) -> dict[str, Any]:
    """What the values of a run mean, each read by its key; nothing said is left out.

    Raises:
        LrvizError: a key does not take its value.

    """
    return {name: KEYS[name].read(value) for name, value in values.items() if value is not None}


def roles_of(name: str) -> tuple[Role, ...]:
    """What a key of the run fills of a schedule's own parameters."""
    return KEYS[name].roles if name in KEYS else ()


def key_of(role: Enum) -> str:
    """The key of a run that fills parameters of a role; nothing where none does."""
    return next((key.name for key in KEYS.values() if role in key.roles), "")


def rival_given(names: Iterable[str], given: Iterable[str], entry: Entry | None) -> str:
    """The key that is given and says what one of the names would, so that both are refused; else nothing."""
    for name in names:
        rivals = (name, *(KEYS[name].rivals if name in KEYS else ()))
        for one in given:
            if one in rivals or not _roles_of(name, entry).isdisjoint(_roles_of(one, entry)):
                return one
    return ""


def _roles_of(name: str, entry: Entry | None) -> set[Role]:
    """The roles of what a key gives to a schedule, or of its own parameter, if a key gives that."""
    if name in KEYS:
        return set() if KEYS[name].in_plan else {*KEYS[name].roles}
    param = entry.params.get(name) if entry else None
    return {param.role} & {role for key in KEYS.values() for role in key.roles} if param else set()
