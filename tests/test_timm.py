"""timm beyond its recorded curves: the words behind the noise, layer decay, runs it plans."""

from itertools import islice

import numpy as np
import pytest
from commands import run
from resolving import resolved, said

import lrviz
from lrviz import LrvizError
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve
from lrviz.schedules.timm.noise import Noise, _words

FLAGS = {"steps_per_epoch": 10, "epochs": 50, "lr": 0.1}
STEPS = {"steps_per_epoch": 10, "steps": 500, "lr": 0.1}
COSINE = "timm.CosineLRScheduler"
FACTORY = "timm.create_scheduler_v2"


@pytest.mark.parametrize("seed", [0, 42, 2**32 - 1])
def test_the_words_are_those_of_a_mersenne_twister(seed):
    words = [int(word[0]) for word in islice(_words(np.array([seed], dtype=np.uint32)), 2000)]
    want = np.frombuffer(np.random.RandomState(seed).bytes(8000), dtype="<u4")
    assert words == want.tolist()


def test_noise_is_the_same_in_any_order_and_company():
    noise = Noise((0, 9e9), pct=0.3, std=1.0, seed=7)
    ticks = np.arange(1.0, 9000.0)
    together = noise._at(ticks)
    assert np.abs(together).max() < 0.3
    np.testing.assert_array_equal([noise._at(np.array([tick]))[0] for tick in (1.0, 4097.0, 8999.0)],
                                  together[[0, 4096, 8998]])  # fmt: skip


@pytest.mark.parametrize(
    ("where", "first"),
    [
        pytest.param((20, 30), range(20, 30), id="range"),
        pytest.param(90, range(90, 100), id="from a tick on"),
        pytest.param((-5, 3), [1, 2], id="not what the constructor writes"),
        pytest.param((20.5, 22.5), [21, 22], id="fractional"),
        pytest.param((30, 20), [], id="empty"),
    ],
)
def test_the_ticks_with_noise(where, first):
    plain, noisy = (
        lrviz.schedule(COSINE, {"t_initial": 200, "noise_range_t": at}, lr=0.1)(np.arange(100))
        for at in (None, where)
    )
    assert np.flatnonzero(plain != noisy).tolist() == list(first)


@pytest.mark.parametrize(
    ("text", "flags", "epochs", "notes"),
    [
        pytest.param(FACTORY, FLAGS, 50, [], id="as long as asked for"),
        pytest.param(
            f"{FACTORY}:cooldown_epochs=5",
            FLAGS,
            55,
            ["55 epochs are to be trained, not the 50 of the run: num_epochs is 50"],
            id="cooldown",
        ),
        pytest.param(
            f"{FACTORY}:warmup_prefix=true,warmup_epochs=5,step_on_epochs=false",
            FLAGS,
            55,
            ["55 epochs are to be trained, not the 50 of the run: num_epochs is 50"],
            id="warmup in front, by updates",
        ),
        pytest.param(
            f"{FACTORY}:cooldown_epochs=5",
            STEPS,
            50,
            ["55 epochs are to be trained: num_epochs is 50, the run has 500 steps"],
            id="steps stand",
        ),
        pytest.param(
            f"{FACTORY}:num_epochs=80",
            FLAGS,
            80,
            ["80 epochs are to be trained, not the 50 of the run: num_epochs is 80"],
            id="num_epochs wins",
        ),
        pytest.param(f"{COSINE}:warmup_t=5", FLAGS, 50, [], id="warmup inside"),
        pytest.param(f"{COSINE}:warmup_t=5,warmup_prefix=true", FLAGS, 50, [], id="warmup in front fits"),
        pytest.param(
            f"{COSINE}:t_initial=50,warmup_t=5,warmup_prefix=true",
            FLAGS,
            50,
            ["it is 55 epochs long, the run has 50"],
            id="warmup in front does not fit",
        ),
        pytest.param(f"{COSINE}:t_initial=25,cycle_limit=2", FLAGS, 50, [], id="two cycles fit"),
    ],
)
def test_how_long_the_run_is(text, flags, epochs, notes):
    found = resolved(text, flags)
    assert (found.plan.total_steps, list(said(found))) == (epochs * 10, notes)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param(f"{COSINE}:warmup_t=5,warmup_prefix=true", {"t_initial": 45}, id="cosine"),
        pytest.param("timm.WSDLRScheduler:decay_t=10,warmup_t=5", {"t_initial": 45}, id="wsd"),
        pytest.param(f"{COSINE}:warmup_t=5", {"t_initial": 50}, id="inside"),
    ],
)
def test_the_length_leaves_a_warmup_in_front_out(text, same):
    spec = parse(text)
    alone = lrviz.schedule(spec.name, dict(spec.params), **same, lr=0.1)
    steps = np.arange(500)
    np.testing.assert_array_equal(resolve(spec, FLAGS).schedule(steps), alone(steps // 10))


def test_a_warmup_in_front_leaves_something_of_the_run():
    with pytest.raises(LrvizError) as refusal:
        resolved("timm.WSDLRScheduler:decay_t=10,warmup_t=50", FLAGS)
    assert refusal.value.message == "the warmup of 50 epochs leaves nothing of a run of 50"


def test_updates_move_what_counts_them():
    by_update = resolved(f"{FACTORY}:step_on_epochs=false,warmup_epochs=2ep", FLAGS).schedule(np.arange(500))
    want = lrviz.schedule(COSINE, {"t_initial": 500, "warmup_t": 20, "warmup_lr_init": 1e-5}, lr=0.1)
    np.testing.assert_array_equal(by_update, want(np.arange(500)))


def test_layer_decay_scales_the_whole_schedule_not_the_lr():
    found = resolved(f"{FACTORY}:layer_decay=0.5,layers=1,warmup_epochs=5,min_lr=0.01", FLAGS)
    rows = found.schedule(np.arange(500))
    np.testing.assert_array_equal(rows[0], rows[2] * 0.25)
    assert (rows[0][0], found.lrs) == (0.25e-5, (0.025, 0.05, 0.1))


def test_a_made_up_metric_lasts_as_long_as_the_run():
    found = resolved(f"{FACTORY}:sched=plateau,warmup_prefix=true,warmup_epochs=5,metric=constant", FLAGS)
    assert found.schedule.facts(found.plan.total_steps).stop is None
    assert said(found)[-1].endswith("reported at the end of 55 epochs")


@pytest.mark.parametrize(
    ("words", "world", "stops"),
    [
        pytest.param(["/data"], "1", True, id="in one process"),
        pytest.param(["/data"], "2", False, id="in two"),
        pytest.param(["/data", "--dataset", "wds/a"], "2", True, id="of a stream"),
    ],
)
def test_what_is_repeated_takes_a_sampler_of_several_processes(tmp_path, words, world, stops):
    line = ["python", "train.py", *words, "--sched", "cosine", "--lr", "0.1", "--aug-repeats", "3"]
    done = run(tmp_path, "plan", "--dataset-len", "9000", "--world-size", world, "--", *line)
    assert (done.returncode, "aug_repeats" in done.stderr) == ((2, True) if stops else (0, False))
