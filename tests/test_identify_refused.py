"""What ``lrviz identify`` refuses: files that are no log, each told by what it is."""

from __future__ import annotations

import pytest
from commands import run

import lrviz

NO_LOGS = [
    pytest.param("cosine", {}, "no log of a run", id="a spec"),
    pytest.param(3, {}, "a log is a path, got int", id="a number"),
    pytest.param("nowhere.csv", {}, "no such file", id="no file"),
    pytest.param("nowhere", {}, "nowhere: no such file", id="no file, and no schedule"),
    pytest.param("log.csv", {"steps": "x"}, "steps='x' is not a whole number", id="a text for the steps"),
    pytest.param("log.csv", {"steps_per_epoch": -3}, "steps_per_epoch", id="an epoch below 0"),
]


@pytest.mark.parametrize(("log", "known", "text"), NO_LOGS)
def test_python_refuses(log, known, text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [f"{step},{1 - step / 99}\n" for step in range(50)]
    (tmp_path / "log.csv").write_text("".join(["step,lr\n", *rows]))
    with pytest.raises(lrviz.LrvizError, match=text):
        lrviz.identify(log, **known)


AT_ONCE = "look again when the run has logged something"
LIKE_A_LOG = "a log has steps and learning rates: a table below step,lr or lines as step 100 lr 3e-4"


@pytest.mark.parametrize(
    ("files", "word", "message", "hint"),
    [
        pytest.param({"a.csv": ""}, "a.csv", "a.csv: empty, nothing is logged yet", AT_ONCE, id="empty"),
        pytest.param({"log": " \n\n"}, "log", "log: empty, nothing is logged yet", AT_ONCE, id="blanks"),
        pytest.param({"a.csv": "step,lr\n"}, "a.csv", "a.csv: a table, and no row", AT_ONCE, id="no row"),
        pytest.param({"log": "hello"}, "log", "log: no log of a run", LIKE_A_LOG, id="a text"),
        pytest.param({"a.toml": "steps = 3"}, "a.toml", "a.toml: no log of a run", LIKE_A_LOG, id="a config"),
        pytest.param(
            {"a.csv": "step,epoch,x\n0,,1\n"},
            "a.csv",
            "a.csv: no log of a run",
            "it has the values that lrviz wrote: lrviz show a.csv",
            id="values of lrviz",
        ),
        pytest.param(
            {}, "cosine:lr=1", "cosine:lr=1: no log of a run", "lrviz show cosine:lr=1 draws it", id="a spec"
        ),
        pytest.param(
            {"out/a.txt": "hello", "out/b c.csv": "step,lr\n0,1\n1,2\n"},
            "out",
            "out: a folder, not a log",
            'lrviz identify "out/b c.csv"',
            id="a folder with a log",
        ),
        pytest.param(
            {"out/a.txt": "hello"},
            "out",
            "out: a folder, not a log",
            f"{AT_ONCE}, and name the file that it writes",
            id="a folder without one",
        ),
        pytest.param(
            {"trainer.csv": ""}, "trainr.csv", "no such file", "did you mean trainer.csv?", id="near"
        ),
    ],
)
def test_what_is_no_log_is_told_by_what_it_is(tmp_path, files, word, message, hint):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = run(tmp_path, "identify", word)
    error, last = done.stderr.splitlines()
    assert (done.returncode, message in error, last) == (2, True, f"hint: {hint}")


def test_a_log_that_goes_past_the_length_that_is_said_is_warned_of(tmp_path):
    rows = [f"{step},{1 - step / 100}\n" for step in range(100)]
    (tmp_path / "log.csv").write_text("".join(["step,lr\n", *rows]))
    said = run(tmp_path, "identify", "log.csv", "--steps", "50").stderr
    assert "warning: log.csv goes on to update 99, past the 50 that are said to be all" in said
    assert run(tmp_path, "identify", "log.csv", "--steps", "100").stderr == ""
