"""The lowest LR of a run: outright or as a share of the peak, in every schedule that has one."""

from __future__ import annotations

import numpy as np
import pytest
from commands import run

from lrviz.errors import LrvizError
from lrviz.inputs.config.job import loads
from lrviz.notation.spec import parse
from lrviz.resolve.resolve import resolve

RUN = {"steps": 100, "steps_per_epoch": 10, "lr": 1e-3}
GROUPS = "groups=body(scale=0.1),head(lr=1e-2)"


def lowest(text, **flags):
    """The LR of every param group where the run ends."""
    found = resolve(parse(text), RUN | flags, starters=True)
    return np.atleast_2d(found.schedule(np.array([100])))[:, 0].tolist()


@pytest.mark.parametrize(
    "schedule",
    [
        pytest.param("cosine_with_min_lr", id="an LR or a share"),
        pytest.param("warmup_stable_decay", id="a share"),
        pytest.param("torch.CosineAnnealingLR", id="an LR"),
        pytest.param("megatron.OptimizerParamScheduler:lr_decay_style=cosine", id="one for each group"),
        pytest.param("keras.CosineDecay", id="a share of its own peak"),
        pytest.param("optax.linear_schedule", id="an LR beside its own peak"),
        pytest.param("composer.CosineAnnealingWithWarmupScheduler:t_warmup=0ba", id="texts for durations"),
    ],
)
@pytest.mark.parametrize("given", ["10%", 1e-4], ids=["a share", "an LR"])
def test_a_floor_is_where_the_schedule_ends(schedule, given):
    word = f"{schedule}{',' if ':' in schedule else ':'}min_lr={given}"
    assert lowest(word) == pytest.approx([1e-4], rel=1e-6)
    assert lowest(schedule, min_lr=given) == pytest.approx([1e-4], rel=1e-6)


def test_a_share_stands_in_a_config_under_a_name_that_the_schedule_has_too():
    text = 'name = "cosine_with_min_lr"\nsteps = 100\nlr = 1e-3\nmin_lr = "10%"\nwarmup = 0\n'
    (entry,) = loads(text.encode(), "run.toml").entries
    assert resolve(entry.spec).schedule(np.array([100])) == pytest.approx(1e-4, rel=1e-6)


@pytest.mark.parametrize(
    ("text", "floors"),
    [
        pytest.param(f"cosine_with_min_lr:min_lr=10%,{GROUPS}", [1e-5, 1e-3], id="a share for all"),
        pytest.param(f"keras.CosineDecay:min_lr=1e-6,{GROUPS}", [1e-6, 1e-6], id="shares of an LR"),
        pytest.param(f"optax.linear_schedule:min_lr=10%,{GROUPS}", [1e-5, 1e-3], id="an LR for each"),
        pytest.param(f"optax.linear_schedule:min_lr=[10%,1e-6],{GROUPS}", [1e-5, 1e-6], id="two for two"),
        pytest.param(f"torch.CosineAnnealingLR:min_lr=1e-6,{GROUPS}", [1e-6, 1e-6], id="an LR for all"),
    ],
)
def test_every_group_has_its_share(text, floors):
    assert lowest(text) == pytest.approx(floors, rel=1e-6)


def test_a_share_is_exact_in_decimals():
    found = resolve(parse("torch.CosineAnnealingLR:min_lr=10%"), RUN | {"lr": 3e-4}, starters=True)
    assert found.schedule(np.array([100])) == 3e-5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("torch.CosineAnnealingLR:min_lr=10%,lr=[1e-3,1e-4]", "min_lr=1e-5", id="one LR for all"),
        pytest.param("wsd:min_lr=1e-5,lr=[1e-3,1e-4]", "min_lr=10%", id="one share for all"),
        pytest.param(f"optax.linear_schedule:min_lr=[1,2,3],{GROUPS}", "min_lr=10%", id="three for two"),
        pytest.param("cosine_with_min_lr:min_lr=110%", "min_lr=1e-5", id="above the peak"),
    ],
)
def test_a_floor_that_cannot_be_is_refused_with_one_that_can(text, told):
    with pytest.raises(LrvizError) as refused:
        lowest(text)
    assert refused.value.hint == told


def test_a_share_of_a_peak_that_nobody_says_is_refused(tmp_path):
    """The schedule makes its own LR, and its floor is one outright."""
    word = "nemo.T5InverseSquareRootAnnealing:constant_steps=20"
    refused, taken = (run(tmp_path, "show", word, "--min-lr", given) for given in ("10%", "1e-5"))
    said = "error: min_lr=10% is a share of the peak, which is nan\nhint: --min-lr 1e-5\n"
    assert (refused.returncode, refused.stderr) == (2, said)
    assert taken.returncode == 0


@pytest.mark.parametrize("given", ["10%", "1e-5"])
def test_a_schedule_without_a_floor_names_a_line_with_one(given, tmp_path):
    done = run(tmp_path, "show", "cosine", "--min-lr", given)
    line = done.stderr.splitlines()[-1].removeprefix("hint: ").replace(" has a lowest LR:", "")
    assert line == f"cosine_with_min_lr --min-lr {given}"
    assert run(tmp_path, "show", *line.split()).returncode == 0
