"""What configs expect of their own curves, and values kept in files, by ``lrviz check``."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

STEP = ("torch.StepLR:step_size=30,lr=1", "--steps", "90")
CONFIG = """\
[plan]
steps = 100
[defaults]
lr = 1e-3
warmup = 10
[[schedule]]
name = "linear"
[[schedule]]
name = "cosine"
label = "mine"
[[check]]
expect = "warmup == 10"
[[check]]
expect = ["mine: last <= 1e-6", "linear: last <= 1e-6"]
"""


def test_a_config_says_what_it_expects(tmp_path):
    write(tmp_path / "run.toml", CONFIG)
    done = run(tmp_path, "check", "run.toml", "constant:lr=1", "--expect", "total == 100", "--steps", "100")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "ok    run.toml:12: linear: warmup == 10: warmup is 10\n"
        "ok    run.toml:12: mine: warmup == 10: warmup is 10\n"
        "ok    run.toml:14: mine: last <= 1e-6: last is 3.046e-7 at step 99\n"
        "FAIL  run.toml:14: linear: last <= 1e-6: last is 1.111e-5 at step 99\n"
        "ok    run.toml:7: linear: total == 100: total is 100\n"
        "ok    run.toml:9: mine: total == 100: total is 100\n"
        "ok    constant: total == 100: total is 100\n"
        "6 of 7 expectations hold\n"
    )


def test_its_own_labels_hold_beside_other_files(tmp_path):
    for name in ("one.toml", "two.toml"):
        asked = '[[check]]\nexpect = ["cosine: total == 9", "total == 9"]\n'
        write(tmp_path / name, f'name = "cosine"\nlr = 1\nwarmup = 0\nsteps = 9\n{asked}')
    done = run(tmp_path, "check", "one.toml", "two.toml", "cosine:lr=1,warmup=0,label=cosine", "--steps", "9")
    assert [line.split()[1] for line in done.stdout.splitlines()[:-1]] == ["one.toml:6:"] * 2 + [
        "two.toml:6:"
    ] * 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param(
            "run.json",
            '{"name": "cosine", "steps": 9, "lr": 1, "warmup": 0,\n"check": [{"expect":\n["total == 9"]}]}',
            id="JSON",
        ),
        pytest.param(
            "run.yaml",
            "name: cosine\nsteps: 9\nlr: 1\nwarmup: 0\ncheck:\n  - expect:\n      - total == 9\n",
            id="YAML",
        ),
    ],
)
def test_other_languages(name, text, tmp_path):
    write(tmp_path / name, text)
    done = run(tmp_path, "check", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(": cosine: total == 9: total is 9\n1 of 1 expectation holds\n")


@pytest.mark.parametrize("command", ["show", "plan", "values"])
def test_other_commands_pass_over_it(command, tmp_path):
    write(tmp_path / "run.toml", CONFIG)
    write(tmp_path / "bare.toml", CONFIG.partition("[[check]]")[0])
    with_checks, without = (run(tmp_path, command, name) for name in ("run.toml", "bare.toml"))
    assert (with_checks.returncode, with_checks.stdout) == (0, without.stdout)


BARE = 'as in "total == 612"'
WAY = 'expect = "total == 612"'
MISREAD = "'a at 1': 'a' begins no expectation (column 1)"
NOT_TEXT = "expected text or a list of texts, got 3"


@pytest.mark.parametrize(
    ("checks", "fault", "hint"),
    [
        pytest.param(
            '[[check]]\nexpect = "total"',
            "6: check[0].expect: 'total': nothing is said of it (column 6)",
            BARE,
            id="a bare fact",
        ),
        pytest.param(
            '[[check]]\nexpect = ["a at 1"]', f"6: check[0].expect[0]: {MISREAD}", None, id="in a list"
        ),
        pytest.param("[[check]]\nexpect = 3", f"6: check[0].expect: {NOT_TEXT}", WAY, id="a number"),
        pytest.param("[[check]]\nexpect = []", "5: check[0]: expect is missing or empty", WAY, id="no text"),
        pytest.param("[[check]]", "5: check[0]: expect is missing or empty", WAY, id="nothing"),
        pytest.param(
            '[[check]]\nlabel = "a"\nexpect = "total == 10"',
            "6: check[0].label: unknown key",
            'the label stands in front: expect = "mine: last < 1%"',
            id="a label beside it",
        ),
        pytest.param(
            '[check]\nexpect = "total == 3"',
            "5: check: expected a list of tables, got a table",
            "head each check with [[check]]",
            id="one table",
        ),
        pytest.param(
            '[[check]]\nexpect = "total == 10"\nexpct = "x"',
            "7: check[0].expct: unknown key",
            "did you mean expect?",
            id="a key",
        ),
        pytest.param(
            '[[chek]]\nexpect = "total == 10"', "5: chek: unknown table", "did you mean check?", id="the head"
        ),
    ],
)
def test_what_a_config_gets_wrong(checks, fault, hint, tmp_path):
    write(tmp_path / "run.toml", f'name = "cosine"\nsteps = 10\nlr = 1\nwarmup = 0\n{checks}\n')
    first, second = run(tmp_path, "check", "run.toml").stderr.splitlines()
    assert first == f"error: run.toml:{fault}"
    assert hint is None or second == f"hint: {hint}"


@pytest.mark.parametrize(
    ("change", "code", "found"),
    [
        pytest.param((), 0, "no value of 90 differs", id="the same"),
        pytest.param(("--lr", "2"), 1, "2 at step 0, not 1", id="another LR"),
        pytest.param(("--steps", "91"), 1, "91 steps, not 90", id="another length"),
    ],
)
def test_values_kept_in_a_file(change, code, found, tmp_path):
    step = ("torch.StepLR:step_size=30", "--lr", "1", "--steps", "90")
    kept = run(tmp_path, "values", *step, "--format", "json").output
    write(tmp_path / "sub" / "base.json", kept)
    config = (
        'name = "torch.StepLR"\nlr = 1\nsteps = 90\nstep_size = 30\n[[check]]\nexpect = "same as base.json"\n'
    )
    write(tmp_path / "sub" / "run.toml", config)
    done = run(tmp_path, "check", "sub/run.toml", *change)
    assert done.returncode == code
    asked = "sub/run.toml:6: torch.StepLR: same as sub/base.json"
    assert done.stdout.splitlines()[0].removeprefix("FAIL").removeprefix("ok").strip() == f"{asked}: {found}"


FILES = {
    "one.toml": 'name = "torch.StepLR"\nlr = 1\nsteps = 90\nstep_size = 30\n',
    "one.yaml": '{"name": "torch.StepLR", "lr": 1, "steps": 90, "step_size": 30}',
    "two.toml": """\
plan.steps = 90
defaults.lr = 1
[[schedule]]
name = "torch.StepLR"
step_size = 30
[[schedule]]
name = "constant"
label = "flat one"
""",
    "open.toml": 'name = "torch.StepLR"\nlr = 1\nstep_size = 30\n',
    "own.py": "def stairs(step):\n    return 0.1 ** (step // 30)\n",
    "kept.csv": "step,epoch,a,b\n0,,1,1\n",
    "log.csv": "step,lr\n0,1\n1,1\n2,1\n",
}


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        pytest.param("one.toml", 0, "no value of 90 differs", id="the only one"),
        pytest.param("one.toml:torch.StepLR", 0, "no value of 90 differs", id="by its name"),
        pytest.param("one.yaml", 0, "no value of 90 differs", id="YAML"),
        pytest.param("two.toml", 0, "no value of 90 differs", id="that of the same label"),
        pytest.param('"two.toml:flat one"', 1, "0.1 at step 30, not 1", id="another"),
        pytest.param("two.toml:flat", 2, "no curve is called 'flat'", id="none of that label"),
        pytest.param("open.toml", 2, "the length of the run is unknown", id="one that lacks its length"),
        pytest.param("none.toml", 2, "none.toml: no such file", id="no file"),
        pytest.param("own.py:stairs", 0, "no value of 90 differs", id="own code, in this run"),
        pytest.param("kept.csv", 2, "kept.csv: no values of 'torch.StepLR'", id="values of others"),
        pytest.param("log.csv", 2, "hint: lrviz diff SPEC LOG holds it", id="a log"),
    ],
)
def test_a_curve_of_a_file_of_schedules(asked, code, said, tmp_path):
    for name, text in FILES.items():
        write(tmp_path / name, text)
    done = run(tmp_path, "check", *STEP, "--expect", f"same as {asked}")
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr


def test_a_curve_of_a_file_beside_the_config(tmp_path):
    for name in ("one.toml", "two.toml"):
        write(tmp_path / "sub" / name, FILES[name])
    checks = '[[check]]\nexpect = ["same as two.toml", "same as two.toml:torch.StepLR", "same as one.toml"]\n'
    write(tmp_path / "sub" / "run.toml", f"{FILES['one.toml']}{checks}")
    done = run(tmp_path, "check", "sub/run.toml")
    assert (done.returncode, done.stdout.count("no value of 90 differs")) == (0, 3)


def test_which_curve_of_a_file_is_meant(tmp_path):
    write(tmp_path / "two.toml", FILES["two.toml"])
    done = run(
        tmp_path, "check", "torch.StepLR:step_size=30,lr=1,label=x", *STEP[1:], "--expect", "same as two.toml"
    )
    hint = "it has torch.StepLR, flat one: same as two.toml:torch.StepLR"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"hint: {hint}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("{", "base.json: no JSON: not written by lrviz values", id="no JSON"),
        pytest.param("[]", "base.json: no total_steps in it: not written by lrviz values", id="a list"),
        pytest.param(
            '{"total_steps": 90}',
            "base.json: no columns and rows in it: not written by lrviz values",
            id="no rows",
        ),
        pytest.param(
            '{"total_steps": 90, "columns": ["step", "epoch", "a"], "rows": [[0, null]]}',
            "base.json: a row is no list of numbers, one for each column: not written by lrviz values",
            id="a short row",
        ),
    ],
)
def test_what_is_no_file_of_values(content, message, tmp_path):
    write(tmp_path / "base.json", content)
    done = run(tmp_path, "check", *STEP, "--baseline", "base.json")
    first, second = done.stderr.splitlines()
    assert (done.returncode, done.stdout, first) == (
        2,
        "",
        f"error: {message}",
    )
    assert second.startswith("hint: ")
