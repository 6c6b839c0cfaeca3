"""Files of values, as ``lrviz values`` writes them, read back."""

from __future__ import annotations

import numpy as np
import pytest
from commands import run
from configs import write

from lrviz.errors import ConfigError
from lrviz.inputs.curve_file import read_curve_file

SPECS = ("cosine:lr=1e-3,warmup=7", "linear:lr=1,warmup=0,label=a b", "--steps", "50")


@pytest.mark.parametrize(
    ("chosen", "total"),
    [
        pytest.param((), 50, id="all"),
        pytest.param(("--every", "7"), None, id="some"),
        pytest.param(("--at", "40,3,49"), None, id="in disorder"),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_what_is_written_is_read(suffix, chosen, total, tmp_path):
    done = run(tmp_path, "values", *SPECS, *chosen, "--format", suffix)
    write(tmp_path / f"lr.{suffix}", done.stdout)
    kept = read_curve_file(str(tmp_path / f"lr.{suffix}"))
    assert kept.total_steps == (50 if suffix == "json" else total)
    assert list(kept.columns) == ["cosine", "a b"]
    plain = run(tmp_path, "values", *SPECS, "--plain", "--at", ",".join(map(str, kept.steps))).stdout
    assert [*map(float, plain.split())] == np.column_stack([*kept.columns.values()]).ravel().tolist()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", "no columns step, epoch and values in it", id="nothing"),
        pytest.param("step,epoch,a\n", "no columns step, epoch and values in it", id="no rows"),
        pytest.param("step,epoch\n0,\n", "no columns step, epoch and values in it", id="no curve"),
        pytest.param("time,epoch,a\n0,,1\n", "no columns step, epoch and values in it", id="no steps"),
        pytest.param("step,epoch,a,a\n0,,1,1\n", "no columns step, epoch and", id="one name twice"),
        pytest.param("step,epoch,a\n0,,x\n", "lr.csv:2: a: 'x' is no number", id="no number"),
        pytest.param("step,epoch,a\n0,,1\n1\n", "lr.csv:3: 1 cell below 3 columns", id="a short row"),
        pytest.param("step,epoch,a\n0,,1\n1,,0,9\n", "lr.csv:3: 4 cells below", id="a decimal comma"),
        pytest.param("step,epoch,a\n0,,1\n0,,1\n", "step 0 stands there twice", id="a step twice"),
        pytest.param("step,epoch,a\n-1,,1\n", "step -1 is no whole number", id="below 0"),
        pytest.param("step,epoch,a\n0.5,,1\n", "step 0.5 is no whole number", id="half a step"),
        pytest.param("step,epoch,a\nnan,,1\n", "step nan is no whole number", id="no step"),
        pytest.param("step,epoch,a\n1e300,,1\n", "step 1e.300 is no whole number", id="too far"),
        pytest.param("\ud800", "not UTF-8 text", id="no text"),
    ],
)
def test_what_is_no_table(text, why, tmp_path):
    (tmp_path / "lr.csv").write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(ConfigError, match=why) as caught:
        read_curve_file(str(tmp_path / "lr.csv"))
    assert caught.value.message.count("not written by lrviz values") == 1
    assert caught.value.hint.startswith("lrviz values cosine > lr.csv writes one")


def test_a_table_without_names_is_hinted_to_have_some(tmp_path):
    (tmp_path / "lr.csv").write_text("0,0.1\n10,0.2\n")
    with pytest.raises(ConfigError) as caught:
        read_curve_file(str(tmp_path / "lr.csv"))
    assert caught.value.hint.endswith("of a log, the first line names the columns: step,lr")


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""], ids=["Unix", "Windows", "cut off"])
def test_lines_end_as_they_like(ending, tmp_path):
    lines = ["step,epoch,a", "0,,1", "1,,2"]
    (tmp_path / "lr.csv").write_bytes((ending or "\n").join(lines).encode() + ending.encode())
    kept = read_curve_file(str(tmp_path / "lr.csv"))
    assert (kept.total_steps, kept.columns["a"].tolist()) == (2, [1, 2])


@pytest.mark.parametrize("name", ["lr.csv", "lr.json", "-"])
def test_it_is_shown_as_a_log_is(name, tmp_path):
    kept = run(tmp_path, "values", *SPECS, "--format", "json" if name == "lr.json" else "csv")
    write(tmp_path / name, kept.stdout)
    done = run(tmp_path, "values", name, "--plain", stdin=kept.output)
    assert done.stdout == run(tmp_path, "values", *SPECS, "--plain").stdout
    assert "values of lrviz" in done.stderr


@pytest.mark.parametrize("name", ["lr.csv", "lr.json", "-"])
def test_it_is_no_schedule(name, tmp_path):
    kept = run(tmp_path, "values", *SPECS, "--format", "json" if name == "lr.json" else "csv")
    write(tmp_path / name, kept.stdout)
    done = run(tmp_path, "plan", name, stdin=kept.output)
    assert (done.returncode, done.stdout) == (2, "")
    called = "stdin" if name == "-" else name
    assert done.stderr == (
        f"error: {called}: values of curves, and no schedule\nhint: lrviz diff {name} SPEC compares them\n"
    )


def test_a_table_without_an_lr_may_be_a_log(tmp_path):
    (tmp_path / "a.csv").write_text("step,loss\n0,1\n1,2\n")
    stopped = run(tmp_path, "show", "a.csv")
    assert (stopped.returncode, "a.csv:loss reads a column" in stopped.stderr) == (2, True)
    assert run(tmp_path, "show", "a.csv:loss").returncode == 0
