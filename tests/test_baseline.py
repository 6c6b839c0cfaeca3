"""Curves kept in a file, and those of today held against them."""

from __future__ import annotations

import json

import pytest
from commands import ENTRIES, run
from configs import write
from repositories import commit

LONG = ("cosine:warmup=100,lr=1", "step:step_size=30%,lr=1", "--steps", "1000000")


def kept(folder, *words):
    done = run(folder, "values", *words, "-o", "lr.json")
    assert done.returncode == 0, done.stderr
    return (folder / "lr.json").read_bytes()


def held(folder, *words):
    done = run(folder, "check", *words, "--baseline", "lr.json")
    fails = [line.partition(": ")[2] for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert done.returncode == 1 if fails else done.returncode < 2, done.stderr  # a finding may fail too
    return [line.removeprefix("same as lr.json: ") for line in fails]


@pytest.mark.parametrize("steps", [pytest.param(10**n, id=f"10^{n}") for n in (2, 6, 12)])
def test_a_baseline_is_as_long_as_its_curves_are_many(tmp_path, steps):
    content = kept(tmp_path, "cosine:warmup=6%,lr=1", "linear:warmup=0,lr=1", "--steps", str(steps))
    assert len(content) < 8_000
    document = json.loads(content)
    assert [curve["spec"] for curve in document["curves"]] == [
        "cosine:warmup=6%,lr=1",
        "linear:warmup=0,lr=1",
    ]
    assert document["lrviz"]
    assert document["curves"][0]["steps"] == document["total_steps"] == steps


@pytest.mark.long
@pytest.mark.parametrize("entry", ENTRIES)
def test_every_schedule_is_the_same_as_itself(tmp_path, entry):
    from lrviz.describe.example import PEAK, STEPS, example

    made = example(entry)
    words = [made.spec, "--steps", str(STEPS), "--lr", str(PEAK)]
    if made.flat:
        (tmp_path / "flat.csv").write_text("1\n" * STEPS)
        words += ["--metrics", "flat.csv"]
    kept(tmp_path, *words)
    assert held(tmp_path, *words) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "fails"),
    [
        pytest.param(LONG, [], id="the same"),
        pytest.param((LONG[1], LONG[0], *LONG[2:]), [], id="in another order"),
        pytest.param(
            ("cosine:warmup=101,lr=1", *LONG[1:]), ["0.9901 at step 100, not 1"], id="a warmup longer by one"
        ),
        pytest.param(
            (LONG[0], "step:step_size=300001,lr=1", *LONG[2:]),
            ["1 at step 300000, not 0.1"],
            id="a jump late by one",
        ),
        pytest.param(
            (LONG[0], "step:step_size=299999,lr=1", *LONG[2:]),
            ["0.1 at step 299999, not 1"],
            id="a jump early by one",
        ),
        pytest.param(
            (*LONG[:2], "--steps", "1000001"), ["1000001 steps, not 1000000"] * 2, id="a run longer by one"
        ),
        pytest.param((LONG[0], *LONG[2:]), ["no curve is called so now"], id="one is gone"),
        pytest.param((*LONG, "linear:warmup=0,lr=1"), ["it is not in there"], id="one is new"),
        pytest.param(
            ("cosine:warmup=100,lr=1.0000001", *LONG[1:]),
            ["1.0000001 at step 100, not 1"],
            id="a peak higher by a hair",
        ),
    ],
)
def test_what_is_no_longer_as_it_was(tmp_path, words, fails):
    kept(tmp_path, *LONG)
    found = held(tmp_path, *words)
    assert len(found) == len(fails)
    assert all(text.strip() in line for line, text in zip(found, fails, strict=True))


@pytest.mark.parametrize(
    ("word", "words", "says"),
    [
        pytest.param("lr.json", ("--lr", "2"), True, id="another curve"),
        pytest.param("lr.json", ("--expect", "total == 8"), False, id="another length is expected"),
        pytest.param("lr.json", ("--expect", "total == 8", "--update"), False, id="it is taken just now"),
        pytest.param("git:HEAD:lr.json", ("--lr", "2"), False, id="a revision cannot be changed"),
    ],
)
def test_update_is_the_way_out_only_where_the_baseline_fails(tmp_path, word, words, says):
    kept(tmp_path, "constant", "--lr", "1", "--steps", "9")
    commit(tmp_path, "lr")
    lr = () if "--lr" in words else ("--lr", "1")
    done = run(tmp_path, "check", "constant", "--steps", "9", *lr, *words, "--baseline", word)
    assert (done.returncode, "--update keeps" in done.stderr) == (1, says)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        pytest.param(("constant", "--baseline", "git:HEAD:lr.json"), "constant", id="a baseline"),
        pytest.param(("constant", "--expect", "same as git:HEAD:lr.json"), "constant", id="a word"),
        pytest.param(("sub/run.toml",), "sub/run.toml:4: constant", id="a config, seen from its folder"),
    ],
)
def test_a_baseline_at_a_revision(tmp_path, words, line):
    kept(tmp_path, "constant", "--lr", "1", "--steps", "9")
    commit(tmp_path, "lr")
    kept(tmp_path, "constant", "--lr", "2", "--steps", "9")
    config = 'name = "constant"\n[[check]]\n\nexpect = "same as git:HEAD:../lr.json"\n'
    write(tmp_path / "sub" / "run.toml", config)
    done = run(tmp_path, "check", *words, "--lr", "1", "--steps", "9")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"ok    {line}: same as git:HEAD:")


@pytest.mark.parametrize("short", [pytest.param(steps, id=f"{steps} steps") for steps in (99, 101)])
def test_a_short_run_beside_a_long_one_keeps_its_length(tmp_path, short):
    words = "linear:warmup=0,lr=1,steps={},label=short"
    rest = ("linear:warmup=0,lr=1,steps=5000,label=long",)
    kept(tmp_path, words.format(100), *rest)
    assert held(tmp_path, words.format(100), *rest) == []
    assert held(tmp_path, words.format(short), *rest)


def test_where_a_framework_stops_is_kept(tmp_path):
    words = ("torch.OneCycleLR:max_lr=1,total_steps={}", "--steps", "100")
    kept(tmp_path, words[0].format(50), *words[1:])
    assert held(tmp_path, words[0].format(50), *words[1:]) == []
    assert held(tmp_path, words[0].format(51), *words[1:])


@pytest.mark.parametrize(
    ("curve", "code"),
    [
        pytest.param({"steps": 9, "stop": [0, "why"]}, 2, id="stopped before it began"),
        pytest.param({"steps": 0}, 2, id="no steps"),
        pytest.param({"steps": -1e400}, 0, id="no number of steps"),
        pytest.param({"steps": 9, "stop": [None]}, 0, id="a stop nowhere"),
        pytest.param([], 0, id="no curve"),
    ],
)
def test_a_file_that_contradicts_itself_is_held_by_its_values_or_refused(tmp_path, curve, code):
    words = ("constant:lr=1", "--steps", "9")
    document = json.loads(kept(tmp_path, *words))
    (tmp_path / "lr.json").write_text(json.dumps({**document, "curves": [curve]}))
    done = run(tmp_path, "check", *words, "--baseline", "lr.json")
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("error: lr.json: no value of " if code else "")


def test_update_takes_the_curves_of_today(tmp_path):
    kept(tmp_path, *LONG)
    other = ("cosine:warmup=200,lr=1", "--steps", "1000000")
    done = run(tmp_path, "check", *other, "--baseline", "lr.json", "--update")
    assert (done.returncode, done.stderr) == (0, "replaced lr.json (4 KB)\n")
    assert held(tmp_path, *other) == []


CONFIG = json.dumps({"name": "constant", "steps": 9, "lr": 1})


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        pytest.param("run.json", CONFIG, ("values", "run.json", "-o", "run.json"), id="the config"),
        pytest.param("run.json", CONFIG, ("values", "run.json:label=a", "-o", "./run.json"), id="its word"),
        pytest.param(
            "run.json", CONFIG, ("check", "run.json", "--update", "--baseline", "run.json"), id="update"
        ),
        pytest.param(
            "m.csv",
            "loss\n" + "1\n" * 9,
            ("values", "plateau:lr=1", "--steps", "9", "--metrics", "m.csv:loss", "-o", "m.csv"),
            id="the metric",
        ),
        *(
            pytest.param(
                name,
                content,
                ("check", "constant:lr=1", "--steps", "9", "--update", "--baseline", name),
                id=f"update of {name}",
            )
            for name, content in (
                ("notes.txt", "hello"),
                ("lr.csv", "step,epoch,a\n0,,1\n"),
                ("x.json", CONFIG),
            )
        ),
    ],
)
def test_what_is_no_baseline_is_not_written_over(tmp_path, name, content, words):
    (tmp_path / name).write_text(content)
    done = run(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("hint: ")
    assert (tmp_path / name).read_text() == content


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ("check", "constant", "--steps", "9", "--lr", "1", "--baseline", "a b.json"),
            'error: a b.json: no such file\nhint: --baseline "a b.json" --update writes it',
            id="no file yet",
        ),
        pytest.param(
            ("check", "constant", "--steps", "9", "--lr", "1", "--update"),
            "error: --update has no baseline to write\nhint: --update --baseline lr.json",
            id="update of nothing",
        ),
        pytest.param(
            ("check", "constant:lr=1", "--steps", "9", "--update", "--baseline", "git:HEAD:lr.json"),
            "a revision stays as it is\nhint: --update --baseline lr.json",
            id="update of a revision",
        ),
        pytest.param(
            ("values", "constant", "--steps", "9", "-o", "lr.json"),
            "error: the learning rate is missing\nhint: --lr 1e-3",
            id="a baseline takes no example",
        ),
        pytest.param(
            ("values", "constant", "--steps", "9", "-o", "lr.txt"),
            "error: 'lr.txt': no format 'txt'\nhint: name it lr.csv or lr.json, or say --format csv",
            id="a format nobody knows",
        ),
        pytest.param(
            ("values", "constant", "--steps", "9", "-o", "no/lr.csv"),
            "mkdir -p no",
            id="a folder that is not there",
        ),
    ],
)
def test_refusals(tmp_path, words, said):
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert not any(tmp_path.iterdir())


def test_values_of_chosen_steps_are_written_whole(tmp_path):
    words = ("values", "constant", "--steps", "9", "--lr", "1", "--at", "0,8")
    for name in ("lr.csv", "lr.json"):
        assert run(tmp_path, *words, "-o", name).returncode == 0
        shown = run(tmp_path, *words, "--format", name.partition(".")[2]).stdout
        assert (tmp_path / name).read_text() == shown


KEPT = '{"total_steps": 9, "columns": ["step", "epoch", "a"], "rows": [[0, null, 1.0]]}'


@pytest.mark.parametrize("update", [pytest.param((), id="held"), pytest.param(("--update",), id="written")])
@pytest.mark.parametrize(
    ("files", "baseline", "said"),
    [
        pytest.param({}, "-", "-: a baseline is a file\nhint: --baseline lr.json --update", id="stdin"),
        pytest.param(
            {"of/a.json": "{}", "of/b.json": KEPT},
            "of",
            "of: a folder, not a baseline\nhint: --baseline of/b.json",
            id="a folder with one",
        ),
        pytest.param(
            {"of/a.json": "{}"},
            "of",
            "of: a folder, not a baseline\nhint: --baseline of/lr.json --update writes one",
            id="a folder without one",
        ),
        pytest.param(
            {"of/lr.json": ""},
            "of/lr.json",
            "not written by lrviz values\nhint: --baseline of/baseline.json --update writes one",
            id="an empty file",
        ),
        pytest.param(
            {"of/a.json": "{}", "of/b.json": KEPT},
            "of/a.json",
            "not written by lrviz values\nhint: --baseline of/b.json",
            id="a foreign file beside one",
        ),
    ],
)
def test_what_can_be_no_baseline_is_told_by_what_it_is(tmp_path, files, baseline, said, update):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = run(tmp_path, "check", "constant:lr=1", "--steps", "9", "--baseline", baseline, *update)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
