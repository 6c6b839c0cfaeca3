"""Every sample is run as a reader would run it, and says what its first lines promise."""

from __future__ import annotations

import re
import shlex

import numpy as np
import pytest
from commands import ROOT, run

from lrviz.inputs.config.job import load
from lrviz.resolve.resolve import resolve

SAMPLES = ROOT / "sample_configs"
ALL = [
    pytest.param(path, id=path.relative_to(SAMPLES).as_posix()) for path in sorted(SAMPLES.rglob("*.toml"))
]
DRAWN = re.compile(r"^# .*: (lrviz plot .*)$", re.MULTILINE)


def succeeds(folder, *arguments, columns=100):
    done = run(folder, *arguments, COLUMNS=columns)
    assert done.returncode == 0, done.stderr
    return done


def curves(name):
    found = [resolve(*entry.under({})) for entry in load(SAMPLES / name).entries]
    return {one.label: one.schedule(np.arange(one.plan.total_steps)) for one in found}


@pytest.mark.parametrize("path", ALL)
def test_a_sample_opens_with_what_it_shows(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines[:3] if line.startswith("# ")]
    assert 1 <= len(comments) <= 2
    assert max(map(len, lines)) <= 120


@pytest.mark.long
@pytest.mark.parametrize("path", ALL)
def test_a_sample_is_drawn_and_shown(path, tmp_path):
    succeeds(tmp_path, "plot", str(path), "-o", "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
    shown = succeeds(tmp_path, "show", str(path), columns=200)  # no label is cut
    labels = [entry.spec.get("label") or entry.spec.name for entry in load(path).entries]
    assert all(label in shown.stdout for label in labels)
    if path.parent.name != "findings":
        assert not re.search(r"^(warning|error): ", shown.stderr, re.MULTILINE)


@pytest.mark.parametrize("path", ALL)
def test_a_sample_writes_no_file_but_asked_to(path, tmp_path):
    succeeds(tmp_path, "show", str(path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_a_picture_is_drawn_by_the_line_in_its_sample(tmp_path):
    (tmp_path / "sample_configs" / "pictures").mkdir(parents=True)
    drawn = []
    for path in sorted(SAMPLES.glob("*.toml")):
        for command in DRAWN.findall(path.read_text(encoding="utf-8")):
            sample, place = shlex.split(command)[2], shlex.split(command)[-1]
            assert ROOT / sample == path
            (tmp_path / sample).write_bytes(path.read_bytes())
            succeeds(tmp_path, *shlex.split(command)[1:])
            assert (tmp_path / place).is_file()
            drawn.append(place)
    assert drawn == [
        f"sample_configs/pictures/{name}.svg" for name in ("compare", "cooldowns", "layer_decay")
    ]
    assert all((ROOT / place).is_file() for place in drawn)


# --- what they show --------------------------------------------------------------------------------------


def test_the_worked_example():
    (lr,) = curves("worked_example.toml").values()
    assert (len(lr), lr.argmax(), lr.max()) == (1950, 117, 1e-3)


def test_bert_rounds_its_warmup_up():
    (lr,) = curves("bert_finetuning.toml").values()
    assert (len(lr), lr.argmax()) == (345, 4)


def test_resnet():
    found = curves("resnet_imagenet.toml")
    gradual, constant = found["gradual warmup"], found["constant warmup"]
    epoch = 5005
    assert (len(gradual), gradual[0], gradual[5 * epoch]) == (90 * epoch, 0.0, 0.1)
    assert set(constant[:400]) == {0.01}
    assert np.array_equal(constant[5 * epoch :], gradual[5 * epoch :])
    changes = (np.flatnonzero(np.diff(constant)) + 1).tolist()
    assert changes == [400, 30 * epoch, 60 * epoch, 80 * epoch]
    assert constant[changes] == pytest.approx([0.1, 0.01, 1e-3, 1e-4])


def test_pretraining_ends_at_a_tenth():
    for lr in curves("llm_pretraining.toml").values():
        assert (len(lr), lr.argmax(), lr.max()) == (143000, 2000, 3e-4)
        assert lr[-1] == pytest.approx(3e-5, rel=1e-6)


def test_two_param_groups():
    (lr,) = curves("two_param_groups.toml").values()
    assert (lr.shape, lr[0].max(), lr[1].max()) == ((2, 10000), 1e-3, 1e-4)


def test_told_500_of_1950():
    found = curves("findings/told_500_of_1950.toml")
    assert not found["linear, told 500"][500:].any()
    assert found["cosine, told 500"][900] == pytest.approx(1e-3)
    assert np.all(np.diff(found["cosine, told the truth"][100:]) < 0)


def test_a_floor_at_the_lr_is_said_to_be_flat(tmp_path):
    done = succeeds(tmp_path, "show", str(SAMPLES / "findings" / "cosine_annealing_T_max.toml"))
    assert ".toml:23: eta_min 0.1: a flat line at 0.1\n" in done.stderr


def test_a_half_wave_is_t_max_calls():
    found = curves("findings/T_max_per_epoch_and_per_step.toml")
    turns = {
        label: int((np.diff(np.sign(np.diff(lr[np.diff(lr, append=np.inf) != 0]))) != 0).sum())
        for label, lr in found.items()
    }
    assert turns == {"32 epochs": 1, "64 epochs": 0, "32 steps": 15, "64 steps": 7}


def test_warm_restarts():
    found = curves("studies/warm_restarts.toml")
    assert np.flatnonzero(np.diff(found["T_0 10 doubling"]) > 0).tolist() == [9, 29]
    assert found["T_0 10 doubling"].min() > 0.05
    assert np.flatnonzero(np.diff(found["T_0 15"]) > 0).tolist() == [14, 29, 44, 59]


def test_cycles():
    peaks = {label: lr[[2000, 6000, 10000]] for label, lr in curves("studies/cyclic.toml").items()}
    assert peaks["triangular"] == pytest.approx([6e-3, 6e-3, 6e-3])
    assert peaks["triangular2"] == pytest.approx([6e-3, 3.5e-3, 2.25e-3])
    assert peaks["exp_range"] == pytest.approx(1e-3 + 5e-3 * 0.9999 ** np.array([2000, 6000, 10000]))
    assert peaks["scale_fn"] == pytest.approx([6e-3, 5e-3, 4.2e-3])


def test_one_cycle():
    found = curves("studies/one_cycle.toml")
    assert {label: (len(lr), lr.max(), lr.argmax()) for label, lr in found.items()} == {
        "0.5 cos": (100, 0.5, 29),
        "0.5 linear": (100, 0.5, 29),
        "0.3 cos": (100, 0.3, 29),
        "0.3 linear": (100, 0.3, 29),
    }


def test_steps_fall_with_the_epochs():
    found = curves("studies/step_and_multistep.toml")
    assert np.flatnonzero(np.diff(found["torch.StepLR"])).tolist() == [391 * n - 1 for n in (30, 60, 90)]
    assert np.flatnonzero(np.diff(found["torch.MultiStepLR"])).tolist() == [391 * n - 1 for n in (30, 80)]
