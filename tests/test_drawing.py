"""Many pictures by one command: by processes, with a bar, without keeping them."""

from __future__ import annotations

import gc
import os
import re
import weakref

import pytest
from commands import run
from terminal import on_terminal

from lrviz.draw import image, style

SPEC = "linear:warmup=0,lr={{{}}}"
SIX = ("plot", SPEC.format("1,2,3,4,5,6"), "--steps", "20")
TWELVE = ("plot", SPEC.format(",".join(map(str, range(1, 13)))), "--steps", "20")


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.long
@pytest.mark.parametrize("jobs", [pytest.param(n, id=f"{n} processes") for n in (2, 3, 40)])
@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param(["-o", "a/"], id="each its file"),
        pytest.param(["-o", "a.png", "-o", "a.svg", "-o", "b.svg"], id="one in several"),
    ],
)
def test_several_processes_write_the_files_that_one_writes(tmp_path, jobs, outputs):
    done = {}
    for folder, by in (("one", "1"), ("several", str(jobs))):
        (tmp_path / folder).mkdir()
        done[folder] = run(tmp_path / folder, *SIX, *outputs, "--jobs", by)
        assert done[folder].returncode == 0, done[folder].stderr
    assert done["one"].stderr == done["several"].stderr
    (there, here) = (
        {path.relative_to(tmp_path / folder): path.read_bytes() for path in (tmp_path / folder).rglob("*.*")}
        for folder in done
    )
    assert there == here
    assert there


LOG = "step,lr\n0,1e-3\n10,5e-4\n"
CONFIG = 'name = "cosine"\nsteps = 333\nlr = 1e-3\nwarmup = 3\n'


@pytest.mark.long
@pytest.mark.parametrize(
    ("files", "words", "names"),
    [
        pytest.param({"a.toml": CONFIG, "b.toml": CONFIG}, [], ["a.png", "b.png"], id="configs"),
        pytest.param(
            {"a.toml": CONFIG, "a.json": '{"name": "cosine", "steps": 9, "lr": 1, "warmup": 0}'},
            ["cosine:warmup=0,lr=1"],
            ["a.json.png", "a.toml.png", "cosine.png"],
            id="files that differ in their ending",
        ),
        pytest.param(
            {"a/run.toml": CONFIG, "b/run.toml": CONFIG}, [], ["a_run.png", "b_run.png"], id="in folders"
        ),
        pytest.param({"a.csv": LOG, "b.csv": LOG}, [], ["a.png", "b.png"], id="logs"),
        pytest.param(
            {}, ["linear:label=A b,steps=9", "linear:label=a_b"], ["A_b.png", "a_b-2.png"], id="case"
        ),
        pytest.param({}, ["linear:label=v1.5", "cosine"], ["cosine.png", "v1.5.png"], id="no ending"),
    ],
)
def test_files_in_a_folder_are_called_as_what_they_show(files, words, names, tmp_path):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = run(tmp_path, "plot", *files, *words, "-o", "out/", "-q")
    assert (done.returncode, sorted(path.name for path in (tmp_path / "out").iterdir())) == (0, names)


@pytest.mark.long
def test_what_a_process_that_ends_leaves_undone_is_drawn_all_the_same(tmp_path, monkeypatch):
    parent, render = os.getpid(), image.render

    def ending(picture, fmt):
        if os.getpid() != parent and picture.lines[0].peak[1] >= 3:
            os._exit(9)
        return render(picture, fmt)

    run(tmp_path, *SIX, "-o", "whole/")
    monkeypatch.setattr(image, "render", ending)
    done = run(tmp_path, *SIX, "-o", "ended/", "--jobs", "2", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    assert files_in(tmp_path / "ended") == files_in(tmp_path / "whole")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param([SPEC.format("1,2,1e301"), "-o", "a/new/er/"], "which no axis can show", id="a value"),
        pytest.param([SPEC.format("1,2,0"), "--log", "-o", "a/"], "no value is above 0", id="an axis"),
        pytest.param(
            ["linear", "--size", "2x2in", "-o", "a/b.html", "-o", "a/b.png"], "no room", id="a page"
        ),
    ],
)
def test_nothing_is_written_where_one_cannot_be_drawn(tmp_path, words, said, jobs):
    (tmp_path / "a").mkdir()
    done = run(tmp_path, "plot", *words, "--steps", "20", "--jobs", jobs)
    assert done.returncode == 2
    assert said in done.stderr
    assert [*(tmp_path / "a").iterdir()] == []


def test_a_file_that_cannot_be_written_ends_all_processes(tmp_path):
    done = run(tmp_path, *SIX, *["-o", "/dev/full", "-o", "a.png"], "--format", "png", "--jobs", "2")
    assert done.returncode == 2
    assert "error: cannot write '/dev/full': no space left on device\n" in done.stderr.casefold()
    assert files_in(tmp_path) == {}
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.long
@pytest.mark.parametrize("jobs", ["0", "-1", "1.5", "two", "257", "", "²"])
def test_what_is_no_number_of_processes_is_refused(tmp_path, jobs):
    done = run(tmp_path, *SIX, "--jobs", jobs)
    message, hint = done.stderr.splitlines()
    assert message == f"error: --jobs is a number of processes from 1 to 256, got {jobs!r}"
    assert run(tmp_path, *SIX, *hint.split()[1:], "-q").returncode == 0


def test_processes_need_a_system_that_forks(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "fork")
    done = run(tmp_path, *SIX, "--jobs", "2")
    assert done.stderr == (
        "error: --jobs needs processes that fork; this system has none\nhint: leave --jobs out\n"
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "variables", "is_shown"),
    [
        pytest.param(TWELVE, {}, True, id="many"),
        pytest.param((*TWELVE, "--jobs", "2"), {}, True, id="by processes"),
        pytest.param(SIX, {}, False, id="few"),
        pytest.param((*TWELVE, "-q"), {}, False, id="quiet"),
        pytest.param(TWELVE, {"TERM": "dumb"}, False, id="a dumb terminal"),
    ],
)
def test_a_bar_on_a_terminal_says_how_far_many_are(tmp_path, words, variables, is_shown):
    done = on_terminal(tmp_path, *words, "-o", "a/", together=True, **variables)
    assert ("12/12" in done.stdout) is is_shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", done.stdout)
    written = re.findall(r"^(?:.*\r)?wrote a/.*\.png", plain, flags=re.MULTILINE)
    assert len(written) == (0 if "-q" in words else len(files_in(tmp_path / "a")))


@pytest.mark.long
def test_a_bar_is_not_for_a_file(tmp_path):
    assert "\x1b" not in run(tmp_path, *TWELVE, "-o", "a/").stderr


@pytest.mark.long
def test_figures_are_not_kept(tmp_path, monkeypatch):
    made, alive, new_figure = weakref.WeakSet(), [], style.new_figure

    def counted(*given):
        figure = new_figure(*given)
        made.add(figure)
        alive.append(len(made))
        return figure

    monkeypatch.setattr(style, "new_figure", counted)
    thresholds = gc.get_threshold()
    gc.set_threshold(0)
    try:
        run(tmp_path, "plot", SPEC.format(",".join(map(str, range(1, 31)))), "--steps", "9", "-o", "a/", "-q")
    finally:
        gc.set_threshold(*thresholds)
    assert len(alive) == 30
    assert max(alive) <= 9
