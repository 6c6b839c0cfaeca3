"""What resolve refuses, and what it hints at."""

from __future__ import annotations

import shlex
from types import NoneType

import pytest
from every import for_every_schedule
from resolving import FLAGS, resolved

from lrviz import LrvizError, PlanError, ScheduleError, SpecError
from lrviz.errors import MissingParameterError, UnfitError

REFUSED = [
    pytest.param(
        "cosine:num_warmup_steps=7,warmup=10%",
        {"steps": 1000, "lr": 1e-3},
        SpecError,
        "warmup and num_warmup_steps both say the same of transformers.cosine",
        "leave one of them out",
        id="the-same-twice",
    ),
    pytest.param(
        "cosine:warmup=0,min_lr=1e-5",
        FLAGS,
        ScheduleError,
        "transformers.cosine has no lowest LR to set (min_lr)",
        "cosine_with_min_lr has a lowest LR: min_lr=1e-5",
        id="no-floor",
    ),
    pytest.param(
        "linear:warmup=0",
        {"lr": 0.1},
        PlanError,
        "the length of the run is unknown: dataset_len, batch_size and epochs are missing",
        "give steps=1000, or dataset_len=1235,batch_size=32,epochs=50",
        id="no-plan",
    ),
    pytest.param(
        "linear:warmup=0",
        {"steps": 10},
        PlanError,
        "the learning rate is missing",
        "lr=1e-3",
        id="no-lr",
    ),
    pytest.param(
        "torch.CosineAnnealingLR:warmup=1000",
        FLAGS,
        PlanError,
        "the warmup of 1000 steps leaves nothing of a run of 1000",
        "give a warmup below 1000",
        id="nothing-left",
    ),
    pytest.param(
        "linear:warmup=3,warmup_fraction=0.1",
        FLAGS,
        SpecError,
        "warmup and warmup_fraction are both given",
        "leave one of them out",
        id="two-warmups",
    ),
    pytest.param(
        "linear:warmup=3,lr=fast",
        FLAGS,
        UnfitError,
        "lr must be a number from 0 on, or a list of them, got 'fast'",
        "lr=1e-3",
        id="lr",
    ),
    pytest.param(
        "keras.CosineDecayRestarts:first_decay_steps=9,lr=0.1,0.2",
        FLAGS,
        SpecError,
        "keras.CosineDecayRestarts has one LR, got lr=0.1,0.2",
        "lr=1e-3",
        id="one-lr",
    ),
    pytest.param(
        "espnet.ExponentialDecayWarmup:lr=0.1,0.2,min_lr=0.01",
        FLAGS,
        SpecError,
        "espnet.ExponentialDecayWarmup has one LR, got lr=0.1,0.2",
        "lr=1e-3",
        id="one-lr-of-groups",
    ),
    pytest.param(
        "espnet.TristageLR:warmup_ratio=0.2",
        FLAGS,
        ScheduleError,
        "TristageLR: the three ratios must sum to 1, got 1.1",
        "hold_ratio=0.4,decay_ratio=0.4",
        id="shares-beside-a-warmup",
    ),
    pytest.param(
        "espnet.TristageLR:warmup=2000",
        FLAGS | {"steps": 1000},
        ScheduleError,
        "TristageLR: the three ratios must sum to 1, got 2.9",
        "give a shorter warmup",
        id="shares-behind-a-warmup-longer-than-the-run",
    ),
    pytest.param(
        "step:step_size=2ep",
        FLAGS,
        PlanError,
        "'2ep' needs steps_per_epoch, which is unknown",
        "give steps_per_epoch=39, or dataset_len=1235,batch_size=32",
        id="epochs-of-unknown-length",
    ),
    pytest.param(
        "step:step_size=5,interval=epoch",
        FLAGS,
        PlanError,
        "interval=epoch needs the length of an epoch",
        "steps_per_epoch=39, or interval=step",
        id="interval-of-unknown-length",
    ),
]


@pytest.mark.parametrize(("text", "flags", "error", "message", "hint"), REFUSED)
def test_refusals(text, flags, error, message, hint):
    with pytest.raises(LrvizError) as refusal:
        resolved(text, flags)
    assert (type(refusal.value), refusal.value.message, refusal.value.hint) == (error, message, hint)


@pytest.mark.parametrize("name", ["transformers.cosine", "torch.StepLR", "torch.CyclicLR"])
def test_an_id_never_assumes_a_starter(name):
    with pytest.raises(ScheduleError, match=" needs "):
        resolved(name, {}, examples=True)


def refusal_of(text, flags):
    try:
        resolved(text, flags)
    except LrvizError as error:
        return error
    return None


@for_every_schedule
def test_what_is_missing_can_be_given_as_the_hint_has_it(entry):
    """The framework may then want more, which only it knows."""
    flags = {"steps": 100, "steps_per_epoch": 10, "lr": 0.1}
    refusal = refusal_of(entry.id, flags)
    if isinstance(refusal, MissingParameterError):
        is_word = refusal.hint.startswith("give ")
        word = shlex.split(refusal.hint)[-1] if is_word else f"{entry.id}:{refusal.hint}"
        assert type(refusal_of(word, flags)) in (NoneType, ScheduleError)


def test_more_than_one_thing_is_missing():
    with pytest.raises(MissingParameterError, match=r"_value .* and warmup_steps ") as refusal:
        resolved("optax.warmup_cosine_decay_schedule", FLAGS)
    assert refusal.value.hint == "warmup_start=1e-6,warmup=10%"
