"""What each row of an output is called, by the commands that show it."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write
from hypothesis import given
from hypothesis import strategies as st

from lrviz.curves.labels import distinct_labels
from lrviz.curves.read import read_words
from lrviz.curves.runs import Flags, runs_of
from lrviz.curves.series import series_of
from lrviz.notation.origin import Origin

FLAGS = ("--steps", "100", "--lr", "0.1", "--format", "json")


def shown(folder, *words, flags=FLAGS):
    done = run(folder, "show", *words, *flags)
    assert done.returncode == 0, done.stderr
    return [curve["label"] for curve in json.loads(done.stdout)["curves"]]


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        pytest.param(["constant:lr=0.3"], ["constant"], id="alone"),
        pytest.param(["constant", "linear:warmup=5"], ["constant", "linear"], id="two names"),
        pytest.param(
            ["cosine:warmup=5,lr=1", "cosine:warmup=9,lr=1"],
            ["cosine:warmup=5", "cosine:warmup=9"],
            id="what differs",
        ),
        pytest.param(["cosine:warmup=5", "cosine"], ["cosine:warmup=5", "cosine"], id="one says more"),
        pytest.param(["cosine:warmup=5", "cosine:warmup=5"], ["cosine", "cosine [2]"], id="the same twice"),
        pytest.param(
            ["cosine:warmup=5,label=mine", "cosine:warmup=5"], ["mine", "cosine"], id="one has its own"
        ),
        pytest.param(
            ["cosine:warmup={1,2},label=x", "cosine"],
            ["x:warmup=1", "x:warmup=2", "cosine"],
            id="one for two",
        ),
        pytest.param(
            ["constant:label=x", "linear:warmup=5,label=x"], ["x", "x:warmup=5"], id="a label twice"
        ),
        pytest.param(
            ["step:step_size=30", "step:step_size=30,lr=1,2"],
            ["step", "step:lr=1,2 lr=1", "step:lr=1,2 lr=2"],
            id="param groups",
        ),
    ],
)
def test_words(tmp_path, words, labels):
    assert shown(tmp_path, *words) == labels


RUN = 'name = "{}"\nlr = 1e-3\nwarmup = 0\nepochs = {}\nsteps_per_epoch = 10\n'
PAIR = (
    "[plan]\nsteps = 100\n[defaults]\nlr = {}\nwarmup = 0\n"
    '[[schedule]]\nname = "cosine"\n[[schedule]]\nname = "linear"\n'
)
BOTH = '[plan]\nsteps = 100\n[[schedule]]\nname = "linear"\nlr = 1\n[[schedule]]\nname = "linear"\nlr = {}\n'


@pytest.mark.parametrize(
    ("files", "labels"),
    [
        pytest.param(
            {"old.toml": RUN.format("cosine", 3), "new.toml": RUN.format("cosine", 6)},
            ["old.toml", "new.toml"],
            id="one schedule, two files",
        ),
        pytest.param(
            {"a/lr.toml": RUN.format("cosine", 3), "b/lr.toml": RUN.format("cosine", 6)},
            ["a/lr.toml", "b/lr.toml"],
            id="one name, two folders",
        ),
        pytest.param(
            {"old.toml": RUN.format("cosine", 3), "new.toml": RUN.format("linear", 6)},
            ["cosine", "linear"],
            id="two schedules, two files",
        ),
        pytest.param(
            {"two.toml": BOTH.format(2)}, ["linear:lr=1", "linear:lr=2"], id="one schedule twice in a file"
        ),
        pytest.param(
            {"two.toml": BOTH.format(2), "three.toml": BOTH.format(3)},
            [
                f"{file}.toml linear:lr={lr}"
                for file, lr in (("two", 1), ("two", 2), ("three", 1), ("three", 3))
            ],
            id="both",
        ),
        pytest.param(
            {"two.toml": BOTH.format(2), "one.toml": RUN.format("linear", 3).replace("warmup = 0\n", "")},
            ["two.toml linear:lr=1", "two.toml linear:lr=2", "one.toml"],
            id="a file with two and one with one",
        ),
        pytest.param(
            {"old.toml": PAIR.format(1), "new.toml": PAIR.format(2)},
            ["old.toml cosine", "old.toml linear", "new.toml cosine", "new.toml linear"],
            id="two schedules in each of two files",
        ),
        pytest.param(
            {"old.toml": PAIR.format(1), "new.toml": RUN.format("cosine", 3)},
            ["old.toml cosine", "linear", "new.toml"],
            id="a file with two, one of them that of another",
        ),
        pytest.param(
            {"a/x/lr.toml": RUN.format("cosine", 3), "b/x/lr.toml": RUN.format("cosine", 6)},
            ["a/x/lr.toml", "b/x/lr.toml"],
            id="folders that differ higher up",
        ),
        pytest.param(
            {
                "old.toml": RUN.format("cosine", 3) + 'label = "mine"\n',
                "new.toml": RUN.format("cosine", 6),
            },
            ["mine", "cosine"],
            id="a label is never replaced",
        ),
        pytest.param(
            {
                name: f'{RUN.format("cosine", n)}label = "a b"\n'
                for name, n in (("old.toml", 3), ("new.toml", 6))
            },
            ["old.toml a b", "new.toml a b"],
            id="one label in two files",
        ),
    ],
)
def test_files(tmp_path, files, labels):
    for name, text in files.items():
        write(tmp_path / name, text)
    starters = () if "warmup = 0" in str(files) else ("--warmup", "0")
    assert shown(tmp_path, *files, flags=(*starters, "--format", "json")) == labels


TRAINER = "torchrun train.py --output_dir x --max_steps 9 --lr_scheduler_type linear --learning_rate {}"


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        pytest.param(["run.toml:label=new"], ["new"], id="a config"),
        pytest.param(["run.toml:label=new", "run.toml"], ["new", "cosine"], id="beside itself"),
        pytest.param(["two.toml:label=new"], ["new linear:lr=1", "new linear:lr=2"], id="of two"),
        pytest.param(["own.toml:label=new"], ["new"], id="one with a label of its own"),
        pytest.param(["a/train.sh", "b/train.sh"], ["a/train.sh", "b/train.sh"], id="scripts in two folders"),
        pytest.param(["a/train.sh", "b/train.sh:label=new"], ["train.sh", "new"], id="a script"),
        pytest.param(["run.toml", "cosine:warmup=5"], ["run.toml", "cosine"], id="a file and a word"),
        pytest.param(
            ["--args", TRAINER.format("1e-4"), "--args", TRAINER.format("2e-4")],
            ["train.py:lr=1e-4", "train.py:lr=2e-4"],
            id="two launch lines",
        ),
    ],
)
def test_a_file_and_the_label_of_its_word(tmp_path, words, labels):
    write(tmp_path / "run.toml", RUN.format("cosine", 3))
    write(tmp_path / "own.toml", RUN.format("cosine", 3) + 'label = "mine"\n')
    write(tmp_path / "two.toml", BOTH.format(2))
    for folder, lr in (("a", "1e-4"), ("b", "2e-4")):
        write(tmp_path / folder / "train.sh", TRAINER.format(lr))
    flags = ("--warmup", "0") if "two.toml" in words[0] else ()
    assert shown(tmp_path, *words, flags=("--format", "json", "-q", *flags)) == labels


def test_what_a_config_expects_of_a_label_holds_under_the_new_one(tmp_path):
    write(tmp_path / "two.toml", BOTH.format(2) + '[[check]]\nexpect = "linear: first >= 1"\n')
    done = run(tmp_path, "check", "two.toml:label=new", "--warmup", "0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ok ") == 2


@pytest.mark.parametrize("word", ["run.toml:lr=3", "run.toml:label=a,lr=3", "run.toml:"])
def test_a_file_takes_no_other_key(word, tmp_path):
    write(tmp_path / "run.toml", RUN.format("cosine", 3))
    done = run(tmp_path, "show", word)
    assert (done.returncode, "a file takes no key but label" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        *(
            (text, text)
            for text in ("3e-4", "true", "none", "1_000", "6%", "a,b", "[x]", "a=b", "1e999", "007")
        ),
        ('"a,b"', "a,b"),
        ("'q'", "q"),
        ('"x,lr=3"', "x,lr=3"),
        ('"{a,b}"', "{a,b}"),
    ],
)
@pytest.mark.parametrize("word", ["cosine", "run.toml"])
def test_a_label_is_literal_text(tmp_path, word, typed, label):
    write(tmp_path / "run.toml", RUN.format("cosine", 3))
    flags = ("--format", "json", "-q", *(("--steps", "9", "--lr", "1") if word == "cosine" else ()))
    assert shown(tmp_path, f"{word}:label={typed}", flags=flags) == [label]


SPECS = st.builds(
    lambda name, keys: (
        f"{name}:{','.join(f'{key}={value}' for key, value in keys.items())}" if keys else name
    ),
    st.sampled_from(["cosine", "linear", "constant"]),
    st.fixed_dictionaries(
        {},
        optional={
            "warmup": st.integers(0, 3),
            "lr": st.sampled_from(["1", "2", "1,2", "1,1"]),
            "steps": st.integers(5, 6),
            "label": st.sampled_from(["cosine", "linear", "cosine:warmup=1", "cosine [2]", "linear lr=1"]),
        },
    ),
)


@pytest.mark.property
@given(st.lists(SPECS, min_size=1, max_size=6))
def test_no_two_labels_are_alike(words):
    wanted = read_words(words)
    flags = {"steps": 9, "lr": 1.0}
    runs = runs_of(wanted, Flags(flags, dict.fromkeys(flags, Origin("option"))), examples=True)
    labels = [row.label for row in series_of(runs, "lr")]
    assert len(set(labels)) == len(labels)
    own = [spec.get("label") for spec in wanted]
    for families, label in ((distinct_labels(runs), one) for one in own if one):
        assert label in families or (own.count(label) > 1 and any(label in one for one in families))


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        pytest.param(["cosine:warmup=x"], "error: ", id="alone"),
        pytest.param(["linear", "cosine:warmup=x"], "error: cosine: ", id="its name"),
        pytest.param(["cosine:warmup=5", "cosine:warmup=x"], "error: cosine:warmup=x: ", id="what differs"),
        pytest.param(["linear", "cosine:label=new,warmup=x"], "error: new: ", id="its label"),
        pytest.param(
            [*(f"cosine:warmup={i}" for i in range(20)), "linear:warmup=x"], "error: linear: ", id="20"
        ),
        pytest.param(["cosine", "linear", "--quantity", "momentum"], "error: cosine: ", id="a quantity"),
    ],
)
def test_an_error_among_several_begins_with_the_label(tmp_path, words, subject):
    done = run(tmp_path, "show", *words, "--steps", "30", "--lr", "1")
    assert (done.returncode, done.stderr.startswith(subject)) == (2, True)


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        pytest.param("ab", ["a", "b"], id="apart"),
        pytest.param("aaa", ["a", "a [2]", "a [3]"], id="the same thrice"),
        pytest.param(["a", "a [2]", "a"], ["a", "a [2]", "a [3]"], id="a number is taken"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "json"])
def test_no_two_columns_are_called_alike(labels, columns, form, tmp_path):
    words = [f"constant:label={label}" for label in labels]
    done = run(tmp_path, "values", *words, "--steps", "1", "--lr", "1", "--format", form)
    head = done.stdout.splitlines()[0] if form == "csv" else ",".join(json.loads(done.stdout)["columns"])
    assert head == ",".join(["step", "epoch", *columns])


TWO = """\
[plan]
steps = 20
[defaults]
lr = 1
[[schedule]]
name = "linear"
warmup = 2
[[schedule]]
name = "cosine"
label = "mine"
warmup = 2
[[check]]
expect = ["linear: first == 0", "mine: peak == 1"]
"""


@pytest.mark.parametrize(
    ("word", "labels"),
    [
        pytest.param("run.toml:linear", ["linear"], id="a name"),
        pytest.param("run.toml:mine", ["mine"], id="a label"),
        pytest.param("run.toml:mine:label=new", ["new"], id="under another label"),
        pytest.param("run.toml:label=new", ["new linear", "new mine"], id="the whole file under one"),
    ],
)
def test_a_curve_of_a_file_is_named_alike_in_every_command(word, labels, tmp_path):
    write(tmp_path / "run.toml", TWO)
    write(tmp_path / "run.py", "def linear(step): ...\n")  # whose module has nothing to do with it
    assert shown(tmp_path, word, flags=("--format", "json")) == labels
    head, _ = run(tmp_path, "values", word, "--at", "0", "-q").stdout.splitlines()
    assert head.split(",")[2:] == labels
    said = json.loads(run(tmp_path, "check", word, "--format", "json").stdout)["expectations"]
    assert [one["label"] for one in said] == labels
    same = json.loads(run(tmp_path, "diff", word, word, "--format", "json").stdout)
    assert [pair["first"]["label"] for pair in same["pairs"]] == labels


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        pytest.param(
            "run.toml:min", "run.toml:min: no curve is called 'min'", "did you mean mine?", id="near"
        ),
        pytest.param("run.toml:x", "run.toml:x: no curve is called 'x'", "it has linear, mine", id="far"),
        pytest.param(
            "run.toml:lr=2",
            "run.toml:lr=2: a file takes no key but label",
            "write them into it, or type options: run.toml --lr 1e-3",
            id="a key",
        ),
        pytest.param("run.sh:x", "run.sh:x: a trainer's file makes one run", "leave out :x", id="one run"),
    ],
)
def test_a_curve_that_a_file_does_not_have(word, message, hint, tmp_path):
    write(tmp_path / "run.toml", TWO)
    write(tmp_path / "run.sh", "python train.py --max_steps 9\n")
    done = run(tmp_path, "show", word)
    assert (done.returncode, done.stderr) == (2, f"error: {message}\nhint: {hint}\n")


@pytest.mark.parametrize("command", ["values", "check", "plot", "compare"])
def test_no_command_knows_a_curve_that_a_file_does_not_have(command, tmp_path):
    write(tmp_path / "run.toml", TWO)
    assert run(tmp_path, command, "run.toml:min") == run(tmp_path, "show", "run.toml:min")


@pytest.mark.parametrize(
    ("typed", "got", "way"),
    [
        pytest.param('""', "''", '"text"', id="nothing"),
        pytest.param('" "', "' '", '"text"', id="a space"),
        pytest.param("3", "3", '"3"', id="a number"),
        pytest.param("3e-4", "0.0003", '"3e-4"', id="an LR"),
        pytest.param("true", "true", '"true"', id="true"),
    ],
)
def test_a_label_in_a_file_is_text_that_can_be_seen(typed, got, way, tmp_path):
    write(tmp_path / "run.toml", f'name = "constant"\nlr = 1\nsteps = 9\nlabel = {typed}\n')
    done = run(tmp_path, "show", "run.toml")
    assert done.stderr == f"error: run.toml:4: label: expected text, got {got}\nhint: label = {way}\n"
    write(tmp_path / "run.toml", f'name = "constant"\nlr = 1\nsteps = 9\nlabel = {way}\n')
    assert shown(tmp_path, "run.toml", flags=("--format", "json")) == [way.strip('"')]
