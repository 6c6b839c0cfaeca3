"""When trainers call a scheduler, and what the run says of it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from resolving import resolved, said

from lrviz.engine.facts import facts
from lrviz.errors import LrvizError, PlanError, SpecError
from lrviz.notation.spec import Spec
from lrviz.resolve.resolve import resolve

RECORDED = json.loads((Path(__file__).parent / "golden" / "step_arithmetic.json").read_text("utf-8"))
DATA = {"dataset_len": 40, "batch_size": 4, "epochs": 3, "lr": 1.0}
SMALL = st.integers(1, 9)


def used(text, flags):
    """The LR of every update."""
    found = resolved(text, flags)
    return found.schedule(np.arange(found.plan.total_steps))


@pytest.mark.parametrize(
    "row", [row for row in RECORDED if row["rule"] == "accelerate.AcceleratedScheduler.step"], ids=str
)
def test_recorded_calls_of_accelerate(row):
    args, lrs = row["args"], row["result"]
    assert not args["split_batches"]
    spec = Spec(f"torch.{args['scheduler']['schedule']}", tuple(args["scheduler"]["params"].items()))
    flags = {"steps": len(lrs), "world_size": args["num_processes"], "trainer": "accelerate"}
    found = resolve(spec, flags | {"lr": args["base_lr"]})
    np.testing.assert_allclose(found.schedule(np.arange(len(lrs))), lrs, rtol=1e-12, atol=0)


# Each row names the epoch, call or batch of the schedule that an update sees; the schedule halves at each.
HALVES = "torch.ExponentialLR:gamma=0.5"


@pytest.mark.parametrize(
    ("text", "flags", "ticks"),
    [
        pytest.param(HALVES, {"trainer": "none"}, range(30), id="a step"),
        pytest.param(
            HALVES, {"trainer": "lightning"}, [t // 10 for t in range(30)], id="lightning: an epoch"
        ),
        pytest.param(
            HALVES, {"trainer": "lightning", "interval": "step"}, range(30), id="lightning, told step"
        ),
        pytest.param(
            HALVES, {"trainer": "lightning", "interval": 7}, [t // 7 for t in range(30)], id="every 7"
        ),
        pytest.param(
            HALVES,
            {"trainer": "lightning", "grad_accum": 4},
            [t // 3 for t in range(9)],
            id="lightning: an epoch of three updates",
        ),
        pytest.param(
            HALVES,
            {"trainer": "accelerate", "world_size": 2},
            range(0, 30, 2),
            id="accelerate: twice an update",
        ),
        pytest.param(
            HALVES,
            {"trainer": "accelerate", "world_size": 2, "interval": "epoch"},
            [2 * (t // 5) for t in range(15)],
            id="accelerate: twice an epoch",
        ),
        pytest.param(
            HALVES, {"trainer": "accelerate", "world_size": 2, "calls": 1}, range(15), id="calls are told"
        ),
        pytest.param(
            HALVES,
            {"trainer": "keras", "grad_accum": 4},
            range(3, 28, 4),
            id="keras: batches, some left over",
        ),
        pytest.param(
            HALVES,
            {"trainer": "mmengine", "grad_accum": 4},
            [*range(3, 28, 4), 29],
            id="mmengine: batches, and a last short update",
        ),
        pytest.param(
            HALVES,
            {"trainer": "mmengine", "grad_accum": 4, "interval": "epoch"},
            [0, 0, 1, 1, 1, 2, 2, 2],
            id="mmengine: epochs that end among the batches of an update",
        ),
        pytest.param(
            HALVES,
            {"trainer": "deepspeed", "grad_accum": 4, "interval": "epoch"},
            [0, 0, 1, 1, 1, 2, 2],
            id="deepspeed: the same, the rest left over",
        ),
        pytest.param(HALVES, {"trainer": "deepspeed", "grad_accum": 4}, range(7), id="deepspeed: updates"),
        pytest.param(
            HALVES, {"trainer": "keras", "grad_accum": 4, "calls": 2}, range(0, 14, 2), id="told calls"
        ),
        pytest.param(
            HALVES,
            {"trainer": "mmengine", "grad_accum": 4, "max_steps": 3},
            [3, 7, 11],
            id="max_steps before the end",
        ),
        pytest.param(f"{HALVES},lead=0", {}, range(30), id="not ahead"),
        pytest.param(f"{HALVES},lead=1", {}, range(1, 31), id="one ahead"),
        pytest.param(
            f"{HALVES},lead=2", {"interval": 7}, [2 + t // 7 for t in range(30)], id="two intervals ahead"
        ),
        pytest.param(
            f"{HALVES},lead=1",
            {"trainer": "keras", "grad_accum": 4},
            range(4, 29, 4),
            id="one ahead of the batches",
        ),
        pytest.param(
            f"{HALVES},lead=1",
            {"trainer": "accelerate", "world_size": 2},
            range(1, 31, 2),
            id="one ahead of the calls",
        ),
    ],
)
def test_what_an_update_sees(text, flags, ticks):
    assert used(text, DATA | flags).tolist() == [0.5**tick for tick in ticks]


def test_steps_outright_still_accumulate():
    flags = {"steps": 3, "grad_accum": 4, "lr": 1.0, "trainer": "keras"}
    found = resolved(HALVES, flags)
    assert found.schedule(np.arange(3)).tolist() == [0.5**3, 0.5**7, 0.5**11]
    assert "changes nothing" not in " ".join(said(found))


@pytest.mark.parametrize(
    ("text", "flags", "told"),
    [
        pytest.param("linear:warmup=0", {"trainer": "lightning"}, 3, id="epochs"),
        pytest.param("linear:warmup=0", {"trainer": "accelerate", "world_size": 2}, 30, id="calls"),
        pytest.param(
            "linear:warmup=0", {"trainer": "keras", "grad_accum": 4}, 30, id="batches left over too"
        ),
        pytest.param("linear:warmup=0", {"trainer": "mmengine", "grad_accum": 4}, 30, id="batches"),
        pytest.param("linear:warmup=0", {"trainer": "deepspeed", "grad_accum": 4}, 7, id="updates"),
    ],
)
def test_the_run_in_ticks(text, flags, told):
    outright = f"linear:num_warmup_steps=0,num_training_steps={told}"
    np.testing.assert_array_equal(used(text, DATA | flags), used(outright, DATA | flags))


EACH_EPOCH = "torch.StepLR:step_size=1ep,gamma=0.5"


@pytest.mark.parametrize(
    ("text", "flags", "lowered"),
    [
        pytest.param(EACH_EPOCH, {"trainer": "keras", "grad_accum": 5}, 2, id="keras"),
        pytest.param(EACH_EPOCH, {"trainer": "mmengine", "grad_accum": 4}, 2, id="in batches"),
        pytest.param(
            EACH_EPOCH,
            {"trainer": "mmengine", "grad_accum": 4, "interval": "epoch"},
            2,
            id="in epochs",
        ),
        pytest.param("torch.StepLR:step_size=2ep,gamma=0.5", {"trainer": "lightning"}, 20, id="lightning"),
        pytest.param(EACH_EPOCH, {"trainer": "accelerate", "world_size": 2}, 5, id="accelerate"),
    ],
)
def test_durations_in_epochs(text, flags, lowered):
    assert int(np.argmax(used(text, DATA | flags) < 1.0)) == lowered


CYCLE = "torch.OneCycleLR:max_lr=1,total_steps=10"


@pytest.mark.parametrize(
    ("flags", "ticks"),
    [
        pytest.param({"world_size": 1}, [*range(11), *[10] * 19], id="one process"),
        pytest.param({"world_size": 2}, [0, 2, 4, 6, 8, *[10] * 10], id="two"),
        pytest.param({"world_size": 3}, [0, 3, 6, 9, *[10] * 8], id="three, in the middle of an update"),
    ],
)
def test_accelerate_stops_calling_one_cycle(flags, ticks):
    alone = resolved(CYCLE, {"steps": 11, "lr": 1.0}).schedule(np.arange(11))
    np.testing.assert_array_equal(used(CYCLE, DATA | flags | {"trainer": "accelerate"}), alone[list(ticks)])


@pytest.mark.parametrize(
    ("text", "flags", "notes"),
    [
        pytest.param(HALVES, {"trainer": "none"}, [], id="none"),
        pytest.param(HALVES, {"trainer": "transformers", "world_size": 2}, [], id="transformers"),
        pytest.param(
            HALVES,
            {"trainer": "lightning"},
            ["lightning calls the scheduler once per epoch, unless told interval=step"],
            id="lightning",
        ),
        pytest.param(HALVES, {"trainer": "lightning", "interval": "epoch"}, [], id="lightning, told"),
        pytest.param(
            HALVES,
            {"trainer": "accelerate", "world_size": 2},
            ["accelerate calls the scheduler 2 times per update (one per process): 30 calls, 15 updates"],
            id="accelerate",
        ),
        pytest.param(HALVES, {"trainer": "accelerate", "world_size": 2, "calls": 2}, [], id="calls told"),
        pytest.param(
            HALVES,
            {"trainer": "accelerate", "world_size": 2, "interval": "epoch"},
            ["accelerate calls the scheduler 2 times per epoch (one per process)"],
            id="accelerate, told epoch",
        ),
        pytest.param(
            CYCLE,
            {"trainer": "accelerate"},
            [
                "total_steps is 10, the run has 30 steps",
                "accelerate stops calling at total_steps: the LR stays from update 10 on",
            ],
            id="one cycle",
        ),
        pytest.param("torch.OneCycleLR:max_lr=1", {"trainer": "accelerate"}, [], id="one cycle of the run"),
        pytest.param(
            HALVES,
            {"trainer": "keras", "grad_accum": 4},
            ["keras calls the scheduler after every batch, 4 times per update: 30 calls, 7 updates"],
            id="keras",
        ),
        pytest.param(HALVES, {"trainer": "keras"}, [], id="keras, every batch an update"),
    ],
)
def test_notes(text, flags, notes):
    assert list(said(resolved(text, DATA | flags))) == notes


@pytest.mark.parametrize(
    ("text", "flags", "ticks"),
    [
        pytest.param("linear:warmup=2ep", {"trainer": "mmengine", "interval": "epoch"}, 2, id="epochs"),
        pytest.param("linear:warmup=2ep", {"trainer": "mmengine"}, 20, id="batches"),
        pytest.param("linear:warmup=3", {"trainer": "mmengine"}, 12, id="updates"),
        pytest.param("linear:warmup=40%", {"trainer": "keras"}, 8, id="a share of the updates"),
    ],
)
def test_a_warmup_where_groups_cross_epochs(text, flags, ticks):
    outright = f"linear:num_warmup_steps={ticks}"
    keys = DATA | flags | {"grad_accum": 4}
    np.testing.assert_array_equal(used(text, keys), used(outright, keys))


def test_a_warmup_that_is_no_whole_epoch():
    with pytest.raises(PlanError) as refusal:
        resolved("linear:warmup=5%", DATA | {"trainer": "lightning"})
    assert refusal.value.message == "warmup: 1 steps are 0.1 epochs, and it counts whole ones"
    assert refusal.value.hint == "warmup=1ep, or interval=step"


def test_accumulation_said_twice():
    text = "keras.SGD.gradient_accumulation:gradient_accumulation_steps=4"
    inner = "schedule=CosineDecay(initial_learning_rate=1,decay_steps=30)"
    with pytest.raises(SpecError) as refusal:
        resolved(f"{text},{inner}", DATA | {"trainer": "keras", "grad_accum": 4})
    assert refusal.value.message == "grad_accum and gradient_accumulation_steps both say the same"


def test_an_epoch_of_unknown_length():
    with pytest.raises(PlanError) as refusal:
        resolved(HALVES, {"steps": 10, "lr": 1.0, "trainer": "lightning"})
    assert refusal.value.message == "interval=epoch needs the length of an epoch"
    assert refusal.value.hint == "steps_per_epoch=39, or interval=step"


@given(n=st.integers(1, 40), batch=SMALL, accum=SMALL, epochs=st.integers(1, 4), by_epoch=st.booleans())
def test_batches_move_the_schedule_as_in_a_loop(n, batch, accum, epochs, by_epoch):
    keys = {"dataset_len": n, "batch_size": batch, "epochs": epochs, "grad_accum": accum, "lr": 1.0}
    per_epoch = math.ceil(n / batch)
    every = per_epoch * epochs
    ticks = [
        (i - 1) // per_epoch if by_epoch else i - 1
        for i in range(1, every + 1)
        if i % accum == 0 or i == every
    ]
    flags = keys | {"trainer": "mmengine", "interval": "epoch" if by_epoch else "step"}
    assert used(HALVES, flags).tolist() == [0.5**tick for tick in ticks]


@pytest.mark.parametrize(
    ("text", "flags", "jumps"),
    [
        pytest.param(
            "cosine:warmup=1ep", {"trainer": "lightning", "epochs": 4}, [10, 20, 30], id="warmup and decay"
        ),
        pytest.param(
            HALVES, {"trainer": "mmengine", "grad_accum": 4, "interval": "epoch"}, [2, 5], id="the last batch"
        ),
    ],
)
def test_a_value_held_for_an_epoch_jumps_at_its_end(text, flags, jumps):
    found = resolved(text, DATA | flags)
    assert found.schedule.groups[0]["lr"].jumps(0, found.plan.total_steps, 99) == jumps


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("torchtitan.LRSchedulersContainer:total_steps=50,warmup_steps=5", id="torchtitan"),
        pytest.param("mmengine.OneCycleLR:eta_max=1,total_steps=50,by_epoch=false,end=50", id="mmengine"),
    ],
)
def test_accelerate_stops_no_other_schedule_with_total_steps(text):
    found = resolved(text, {"steps": 60, "lr": 1.0, "trainer": "accelerate"})
    alone = resolved(text, {"steps": 60, "lr": 1.0})
    np.testing.assert_array_equal(found.schedule(np.arange(60)), alone.schedule(np.arange(60)))
    assert not any("stops calling" in note for note in said(found))


@pytest.mark.parametrize(
    ("text", "warmup_end", "told"),
    [
        pytest.param("linear:num_warmup_steps=4,lead=1", 3, 30, id="the end of a warmup comes sooner"),
        pytest.param("linear:num_warmup_steps=1,lead=1", None, 30, id="of which nothing is left"),
        pytest.param("torch.CosineAnnealingLR:lead=1,warmup=4", 3, 26, id="one that was added too"),
    ],
)
def test_reading_ahead_moves_what_happens_and_not_the_length(text, warmup_end, told):
    found = resolved(text, DATA)
    assert facts(found.schedule.groups[0]["lr"], 30).warmup_end == warmup_end
    (length,) = {found.origins[key].value for key in ("num_training_steps", "T_max") if key in found.origins}
    assert length == told
    late = used(text.replace("lead=1", "lead=0"), DATA | {"max_steps": 30})
    np.testing.assert_array_equal(used(text, DATA)[:-1], late[1:])


@pytest.mark.parametrize(
    ("text", "flags", "message", "hint"),
    [
        pytest.param(
            "linear:lead=-1,warmup=0",
            {},
            "lead must be a whole number from 0 on, got -1",
            "lead=1",
            id="behind",
        ),
        pytest.param(
            "linear:lead=9e15,warmup=0",
            {"steps": 10**13},
            "lead=9000000000000000 leads beyond 2**53 steps",
            "lead=1",
            id="too far",
        ),
        pytest.param(
            "torch.CosineAnnealingLR:lead=1,warmup=10",
            {"interval": 5},
            "the warmup counts steps, and lead=1 counts intervals of 5 steps",
            "leave lead out",
            id="ahead of two clocks",
        ),
    ],
)
def test_refused_leads(text, flags, message, hint):
    run = {"steps": 100, "lr": 1.0} | flags
    with pytest.raises(LrvizError) as refusal:
        resolved(text, run)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)
