"""A curve through points: what stands between them, and how they are written."""

from __future__ import annotations

import json

import numpy as np
import pytest
from commands import run
from configs import write

import lrviz

LINE = "points=0:0,10:1,30:0.5"


def curve(spec, steps=50):
    return lrviz.evaluate(f"points:{spec}", lrviz.Plan(steps=steps, steps_per_epoch=10))


def through(steps, points):
    return np.interp(np.arange(steps), *zip(*points, strict=True))


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param(LINE, through(50, [(0, 0), (10, 1), (30, 0.5)]), id="linear"),
        pytest.param("points=20%:1,100%:0", through(50, [(10, 1), (50, 0)]), id="shares of the run"),
        pytest.param("points=1ep:1,2ep:3", through(50, [(10, 1), (20, 3)]), id="epochs"),
        pytest.param("points=0:2", np.full(50, 2.0), id="one point"),
        pytest.param("points=7:2", np.full(50, 2.0), id="one point later"),
        pytest.param("points=10:1,20:2,30:1,between=step", np.repeat([1, 1, 2, 1, 1], 10), id="step"),
        pytest.param(
            "points=0:1,50:1e-4,between=log", 1e-4 ** (np.arange(50) / 50), id="log"
        ),
        pytest.param(
            "points=0:1,50:0,between=cosine", (1 + np.cos(np.pi * np.arange(50) / 50)) / 2, id="cosine"
        ),
    ],
)  # fmt: skip
def test_between_the_points(spec, expected):
    np.testing.assert_allclose(curve(spec).lr, expected, rtol=1e-13, atol=1e-15)


def test_its_extremes_are_exact_in_a_run_of_any_length():
    found = curve("points=0:0,123456789:1,1e12:0.5", 10**12).facts
    assert (found.peak, found.peak_at, found.warmup_end, found.sampled) == (1.0, 123_456_789, 123_456_789, 0)


def test_a_stair_jumps_and_a_line_bends():
    stair = curve("points=0:1,20:0.1,30:0.5,between=step").facts
    assert (stair.drops.ticks, stair.restarts.ticks) == ((20,), (30,))
    assert curve(LINE).facts.restarts.count == curve(LINE).facts.drops.count == 0


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        pytest.param("points=5", "points are a step and its LR each, got '5'", id="no LR"),
        pytest.param("points=5:high", "points are a step and its LR each, got '5:high'", id="no number"),
        pytest.param("points=5:1,3:2", "points must ascend: 3 comes after 5", id="descending"),
        pytest.param("points=5:1,5:2", "points has a step twice", id="twice"),
        pytest.param("points=5:1,10%:2", "points has a step twice", id="twice, as a share"),
        pytest.param("points=[]", "points needs at least one point", id="none"),
        pytest.param("points=0:0,5:1,between=log", "between=log needs LRs above 0, got 0", id="log of 0"),
        pytest.param("points=0:0,between=spline", "between must be one of", id="no such line"),
    ],
)
def test_points_that_are_none(spec, message):
    with pytest.raises(lrviz.LrvizError, match=message):
        curve(spec)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('points = "0:0,10:1,30:0.5"', id="text"),
        pytest.param('points = ["0:0", "20%:1", "30:0.5"]', id="list"),
        pytest.param("[points]\n0 = 0\n10 = 1\n30 = 0.5", id="table"),
    ],
)
def test_in_a_config(text, tmp_path):
    write(tmp_path / "lr.toml", f'name = "points"\nsteps = 50\n{text}\n')
    done = run(tmp_path, "diff", "lr.toml", f"points:{LINE}")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


KEYS = "warmup=10,lr=1e-3,steps=40"
RUN = ("--warmup", "10", "--lr", "1e-3", "--steps", "40")


@pytest.fixture
def folder(tmp_path):
    """Files of values, a log whose row t is of update t - 1, and configs, in folders apart."""
    (tmp_path / "sub").mkdir()
    for names, file in ((["cosine"], "sub/lr.csv"), (["cosine"], "lr.json"), (["cosine", "wsd"], "two.csv")):
        assert run(tmp_path, "values", *names, *RUN, "-o", file).returncode == 0
    rows = [{"step": step, "learning_rate": step * 1e-4, "loss": 1.0} for step in range(1, 41)]
    write(
        tmp_path / "trainer_state.json",
        json.dumps({"log_history": rows, "best_global_step": None, "max_steps": 40}),
    )
    write(tmp_path / "epochs.jsonl", "".join(f'{{"epoch": {k}, "lr": {k}}}\n' for k in (1, 2, 4)))
    write(tmp_path / "sub" / "run.toml", 'name = "points"\nfile = "lr.csv"\nsteps = 40\n')
    phase = '{name = "points", file = "lr.csv", for = 40}, {name = "constant", lr = 1e-3}'
    write(tmp_path / "sub" / "phases.toml", f"[plan]\nsteps = 60\n[[schedule]]\nphase = [{phase}]\n")
    return tmp_path


@pytest.mark.parametrize(
    ("word", "same"),
    [
        pytest.param("points:file=sub/lr.csv", f"cosine:{KEYS}", id="a table"),
        pytest.param("points:file=lr.json", f"cosine:{KEYS}", id="a document"),
        pytest.param("points:file=two.csv:wsd", f"wsd:num_decay_steps=8,{KEYS}", id="one of two curves"),
        pytest.param("points:file=two.csv:wsd,between=step", f"wsd:num_decay_steps=8,{KEYS}", id="a stair"),
        pytest.param(
            "points:file=sub/lr.csv,steps=12",
            "points:points=0:0,10:1e-3,11:0.0009972609476841367,steps=12",
            id="a part",
        ),
        pytest.param("points:file=trainer_state.json", "points:points=0:1e-4,39:4e-3,steps=40", id="a log"),
        pytest.param(
            "points:file=epochs.jsonl,steps_per_epoch=10,epochs=5",
            "points:points=10:1,20:2,40:4,steps=50",
            id="a log in epochs",
        ),
        pytest.param("sub/run.toml", f"cosine:{KEYS}", id="beside a config"),
    ],
)
def test_a_curve_file_comes_back(word, same, folder):
    done = run(folder, "diff", word, same)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_phase_goes_through_a_file(folder):
    found = lrviz.load(folder / "sub" / "phases.toml").curves()[0]
    alone = lrviz.load(folder / "sub" / "run.toml").curves()[0]
    np.testing.assert_array_equal(found.lr, np.append(alone.lr, np.full(20, 1e-3)))


def test_a_file_that_was_written_again_is_read_again(folder, monkeypatch):
    monkeypatch.chdir(folder)
    for top in (0.1, 0.25):
        write(folder / "again.csv", f"step,lr\n0,0\n10,{top}\n")
        assert curve("file=again.csv", steps=11).lr[-1] == top


def test_the_file_says_where_its_points_come_from(folder):
    done = run(folder, "show", "points:file=two.csv:wsd", "--explain")
    assert "points       two.csv:wsd  spec" in done.stdout
    assert "steps as in the run of two.csv" in done.stderr


@pytest.mark.parametrize(
    ("word", "message"),
    [
        pytest.param("points:file=gone.csv", "gone.csv: no such file", id="no file"),
        pytest.param("points:file=two.csv", "two.csv has the curves cosine, wsd: which of them?", id="two"),
        pytest.param(
            "points:file=two.csv:x", "two.csv has the curves cosine, wsd and no x", id="no such curve"
        ),
        pytest.param("points:file=two.csv:wsx", "hint: file=two.csv:wsd", id="a slip"),
        pytest.param("points:file=sub/run.toml", "neither values of a curve nor a log", id="a config"),
        pytest.param("points:file=lr.json,points=0:1", "file and points both say the points", id="both"),
        pytest.param("cosine:file=lr.json", "transformers.cosine goes through no points", id="no points"),
    ],
)
def test_files_that_have_no_points(word, message, folder):
    done = run(folder, "show", word, "--lr", "1e-3", "--steps", "40")
    assert done.returncode == 2
    assert message in done.stderr
    assert "hint: " in done.stderr


SAID = [
    pytest.param("0,1\n5,1\n3,2\n5,2\n", "5 1, then 2", id="written again"),
    pytest.param("0,1\n5,1\n6", "its last line has no end and is left out", id="cut off"),
    pytest.param("-3,1\n5,1\n", "error: said.csv: lr stands at -3", id="before step 0"),
]


@pytest.mark.parametrize(("rows", "said"), SAID)
@pytest.mark.parametrize(
    "word", ["points:file=said.csv", "phases:phase=points(file=said.csv,for=5),constant(lr=1)"]
)
def test_what_a_log_has_to_say_is_said_of_its_points(word, rows, said, folder):
    (folder / "said.csv").write_text(f"step,lr\n{rows}")
    done = run(folder, "show", word, "--steps", "9")
    assert said in done.stderr
    assert "said.csv: " in done.stderr


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_point_that_is_no_number_is_not_passed_over(value, folder):
    (folder / "odd.csv").write_text(f"step,lr\n0,0.1\n10,{value}\n20,0.2\n")
    done = run(folder, "show", "points:file=odd.csv", "--steps", "21")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"odd.csv: the LR at 10 is {value}\nhint: take out that row" in done.stderr


CURVES = """\
[[schedule]]
name = "plateau"
metrics = "../two.csv:wsd"
[[schedule]]
name = "cosine"
[[schedule]]
name = "points"
file = "lr.csv"
"""
COMMAND = "deepspeed train.py --output_dir o --learning_rate 1e-3 --max_steps 40 --deepspeed ds.json\n"


@pytest.mark.parametrize(
    ("words", "file"),
    [
        pytest.param(["points:file=sub/lr.csv"], "sub/lr.csv", id="its points"),
        pytest.param(["points:file=two.csv:wsd"], "two.csv", id="one curve of it"),
        pytest.param(["two.csv:wsd"], "two.csv", id="a curve of it"),
        pytest.param(["cosine", "--metrics", "two.csv:wsd"], "two.csv", id="its metrics"),
        pytest.param(["cosine:metrics=two.csv:wsd"], "two.csv", id="its metrics, in a spec"),
        pytest.param(["sub/curves.toml"], "two.csv", id="the metrics of a schedule in a config"),
        pytest.param(["sub/curves.toml:cosine"], "two.csv", id="those of one beside it"),
        pytest.param(["sub/curves.toml"], "sub/lr.csv", id="the points of a schedule in a config"),
        pytest.param(["sub/curves.toml"], "link.csv", id="by another name"),
        pytest.param(["run.sh", "--trainer", "transformers"], "ds.json", id="a file that a command names"),
        pytest.param(["own.py:rate"], "own.py", id="code"),
        pytest.param(["own.rate", "--load", "own.py"], "own.py", id="code that declares"),
    ],
)
def test_a_file_that_is_read_is_not_written_over(words, file, folder):
    write(folder / "sub" / "curves.toml", CURVES)
    write(folder / "run.sh", COMMAND)
    write(folder / "ds.json", '{"scheduler": {"type": "WarmupLR", "params": {"warmup_max_lr": 1e-3}}}')
    write(folder / "own.py", "import lrviz\n\n\n@lrviz.schedule\ndef rate(step):\n    return 0.1\n")
    (folder / "link.csv").symlink_to("two.csv")
    before = (folder / file).read_bytes()
    done = run(folder, "values", *words, *RUN, "--format", "csv", "-o", file)
    assert (done.returncode, (folder / file).read_bytes()) == (2, before)
    assert f"'{file}' is what is read: it stays as it is" in done.stderr
