"""Several values at once: braces in a word, and ``[sweep]`` in a config."""

from __future__ import annotations

import json
from itertools import product

import pytest
from commands import run
from hypothesis import given
from hypothesis import strategies as st

import lrviz
from lrviz.errors import SpecError
from lrviz.notation.braces import MOST_WORDS, expand


@pytest.mark.parametrize(
    ("word", "words"),
    [  # the right side is what bash prints
        pytest.param("a{1,2}b{3,4}", "a1b3 a1b4 a2b3 a2b4", id="the last changes first"),
        pytest.param("a{,b}", "a ab", id="nothing is a choice"),
        pytest.param("{a,{b,c}d}e", "ae bde cde", id="braces within braces"),
        pytest.param("w={0,100},lr={1,2}", "w=0,lr=1 w=0,lr=2 w=100,lr=1 w=100,lr=2", id="two keys"),
        pytest.param("x{1..9..4}", "x1 x5 x9", id="a range with a step"),
        pytest.param("x{3..1}", "x3 x2 x1", id="a range down"),
        pytest.param("x{08..10}", "x08 x09 x10", id="a range of as many digits"),
        pytest.param("x{-1..1}", "x-1 x0 x1", id="a range through zero"),
        pytest.param("x{a..c}", "xa xb xc", id="a range of letters"),
        pytest.param("x{1..9..0}", " ".join(f"x{n}" for n in range(1, 10)), id="a step of nothing"),
        pytest.param("x{a}", "x{a}", id="one choice"),
        pytest.param("x{}", "x{}", id="no choice"),
        pytest.param("x{a..5}", "x{a..5}", id="no range"),
        pytest.param("x{0.1..0.3}", "x{0.1..0.3}", id="no whole numbers"),
        pytest.param("x{a,b", "x{a,b", id="left open"),
        pytest.param("x}a,b{", "x}a,b{", id="closed before it is opened"),
        pytest.param("{a,{b,c}", "{a,b {a,c", id="one of two left open"),
        pytest.param("{a,b}}", "a} b}", id="closed twice"),
        pytest.param("{{a,b}}", "{a} {b}", id="braces around braces"),
        pytest.param("${a,b}", "${a,b}", id="a variable"),
        pytest.param('"{a,b}"{1,2}', '"{a,b}"1 "{a,b}"2', id="quoted"),
        pytest.param('{"a,b",c}', '"a,b" c', id="a quoted comma"),
    ],
)
def test_braces_mean_what_they_mean_to_the_shell(word, words):
    assert expand(word) == words.split(" ")


def test_a_blank_ends_a_word_so_braces_with_one_are_text():
    assert expand('f(x={"a": 1, "b": 2})') == ['f(x={"a": 1, "b": 2})']


TEXT = st.text("ab1.,={}", max_size=6)


@given(st.lists(st.lists(st.text("ab1=", max_size=3), min_size=2, max_size=3), max_size=4), TEXT)
@pytest.mark.property
def test_the_words_are_the_product_of_the_choices(choices, tail):
    tail = tail.replace("{", "")
    word = "".join(f"{{{','.join(each)}}}" for each in choices) + tail
    assert expand(word) == ["".join(chosen) + tail for chosen in product(*choices)]


@given(st.text("ab1..,={}\"' $", max_size=30))
@pytest.mark.property
def test_any_text_is_one_word_or_several(text):
    assert expand(text)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        pytest.param("{1..1001}", 1001, id="a range"),
        pytest.param("{1..999999999999999999}", 999999999999999999, id="a range beyond any memory"),
        pytest.param("{1,2}" * 60, 2**60, id="choices"),
    ],
)
def test_more_than_can_be_looked_at_is_refused_uncounted_by_hand(word, count):
    with pytest.raises(SpecError, match=f"stand for {count} schedules"):
        expand(word)


def labels(folder, *words):
    done = run(folder, "show", *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return [curve["label"] for curve in json.loads(done.stdout)["curves"]]


def test_a_quoted_sweep_is_the_shells_own(tmp_path):
    by_shell = [f"cosine:warmup={w},lr={lr}" for w, lr in product((0, 10, 50), ("1e-4", "3e-4"))]
    swept = labels(tmp_path, "cosine:warmup={0,10,50},lr={1e-4,3e-4}", "--steps", "100")
    assert swept == labels(tmp_path, *by_shell, "--steps", "100") == by_shell


@pytest.mark.long
def test_the_most_there_may_be_stand_in_one_table(tmp_path):
    found = labels(tmp_path, f"constant:lr={{1..{MOST_WORDS}}}", "--steps", "10")
    assert found == [f"constant:lr={n}" for n in range(1, MOST_WORDS + 1)]


def test_each_has_a_picture_by_its_label(tmp_path):
    done = run(tmp_path, "plot", "cosine:lr={1,2}", "--steps", "100", "-o", "out/")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "cosine_lr=1.png",
        "cosine_lr=2.png",
    ]


def test_braces_in_the_name_of_a_file_are_its_name(tmp_path):
    (tmp_path / "{a,b}.toml").write_text('name = "constant"\nsteps = 10\nlr = 1\n')
    assert labels(tmp_path, "{a,b}.toml") == ["constant"]


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        pytest.param(
            ["constant:lr={1..2000}"], "the braces stand for 2000 schedules", "at most 1000", id="too many"
        ),
        pytest.param(
            ["cosine", "--lr", "{1e-4,3e-4}"],
            "--lr takes one value, not {1e-4,3e-4}",
            "'cosine:lr={1e-4,3e-4}'",
            id="an option",
        ),
        pytest.param(["cosine:lr={1,x}"], "cosine:lr=x: lr must be a number", "", id="one of them is wrong"),
    ],
)
def test_refusals(tmp_path, words, said, hint):
    done = run(tmp_path, "show", *words, "--steps", "10")
    assert done.returncode == 2
    assert said in done.stderr
    assert hint in done.stderr


CONFIG = """
[plan]
steps = 100
[sweep]
warmup = [0, "10%"]
lr = [1e-4, 3e-4]
[[schedule]]
name = "cosine"
[[schedule]]
name = "linear"
"""
SWEPT = [
    f"{name}:warmup={warmup},lr={lr}"
    for name, warmup, lr in product(("cosine", "linear"), ("0", "10%"), ("1e-4", "3e-4"))
]


def test_a_config_sweeps_each_of_its_schedules(tmp_path):
    (tmp_path / "run.toml").write_text(CONFIG)
    assert labels(tmp_path, "run.toml") == SWEPT


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("a.json", '{"name": "constant", "steps": 9, "sweep": {"lr": ["1", 2]}}', id="JSON"),
        pytest.param("a.toml", 'name="constant"\nsteps=9\n[sweep]\nlr=[1,2]', id="TOML"),
        pytest.param("a.yaml", "name: constant\nsteps: 9\nsweep: {lr: [1, 2]}", id="YAML"),
    ],
)
def test_in_every_language(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    assert labels(tmp_path, name) == ["constant:lr=1", "constant:lr=2"]


def test_lists_are_values_too(tmp_path):
    table = "[sweep]\nmilestones = [[10, 20], [30, 60]]\nlr = [1]\n"
    (tmp_path / "run.toml").write_text(f'name = "torch.MultiStepLR"\nsteps = 100\n{table}')
    found = [f"torch.MultiStepLR:milestones={at}" for at in ("10,20", "30,60")]
    assert labels(tmp_path, "run.toml") == found


def test_every_value_says_where_it_stands(tmp_path):
    (tmp_path / "run.toml").write_text(CONFIG)
    (first, *_) = lrviz.load(tmp_path / "run.toml").curves()
    origin = first.origins["lr"].origin
    assert (origin.text, origin.place.line, origin.place.key) == ("[sweep]", 6, "sweep.lr[0]")


def test_the_config_written_of_a_sweep_reads_back(tmp_path):
    (tmp_path / "run.toml").write_text(CONFIG)
    (tmp_path / "again.toml").write_text(run(tmp_path, "plan", "run.toml", "--format", "toml").stdout)
    values = [run(tmp_path, "values", name).stdout for name in ("run.toml", "again.toml")]
    assert values[0].splitlines()[1:] == values[1].splitlines()[1:]
    assert len({*labels(tmp_path, "again.toml")}) == len(SWEPT)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        pytest.param("lr = 1", "sweep.lr: expected a list of values, got 1", id="no list"),
        pytest.param("lr = []", "sweep.lr: expected a list of values, got []", id="no value"),
        pytest.param("lr = [1, 'a']", "sweep.lr: expected a number from 0 on", id="a value of another kind"),
        pytest.param("lrr = [1, 2]", "sweep.lrr: unknown key", id="no key"),
        pytest.param("gamma = [1, 2]", "sweep.gamma: unknown key", id="no parameter of the schedule"),
        pytest.param("name = ['a', 'b']", "sweep.name: no key of one schedule", id="schedules"),
        pytest.param("steps = [1, 2]", "sweep.steps: stands in a schedule too", id="said twice"),
        pytest.param(f"lr = {[1] * 1001}", "sweep: makes 1001 schedules", id="too many"),
        pytest.param("", "sweep: expected a table of lists", id="nothing"),
        pytest.param("lr = true", "sweep.lr: expected a list of values, got true", id="a switch"),
        pytest.param("lr = [1]\nT_max = [1, 2]", "sweep.T_max: unknown key", id="the same of each value"),
        pytest.param("lr = [1]\nwarmup = [1]\nmin_lr = [0, 1]", "has no lowest LR", id="refused for each"),
    ],
)
def test_faults(tmp_path, table, said):
    (tmp_path / "run.toml").write_text(f'name = "cosine"\nsteps = 10\n[sweep]\n{table}\n')
    done = run(tmp_path, "show", "run.toml")
    assert done.returncode == 2
    assert done.stderr.count(said) == 1
    assert "hint: " in done.stderr


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        pytest.param("warmup = 3", "under [sweep], warmup = [3]", id="one value"),
        pytest.param('warmup = "3,6%"', 'under [sweep], warmup = [3, "6%"]', id="a text"),
        pytest.param('warmup = "{3,4}"', "under [sweep], warmup = [3, 4]", id="as in a word"),
        pytest.param("warmup = []", 'under [sweep], warmup = ["10%"]', id="no value"),
        pytest.param("warmup = {a = 1}", "under [sweep], lr = [0.0001, 0.0003]", id="a table"),
        pytest.param("T_max = [3, 4]", "did you mean steps?", id="a key of others"),
    ],
)
def test_the_hint_has_the_list_that_was_meant(tmp_path, line, hint):
    (tmp_path / "run.toml").write_text(f'name = "cosine"\nlr = 1\nsteps = 10\n[sweep]\n{line}\n')
    done = run(tmp_path, "show", "run.toml")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"hint: {hint}")


def test_a_key_that_some_schedules_lack_names_them(tmp_path):
    schedules = "".join(f'[[schedule]]\nname = "{one}"\n' for one in ("constant", "torch.CosineAnnealingLR"))
    (tmp_path / "run.toml").write_text(
        f"plan.steps = 10\ndefaults.lr = 1\n{schedules}[sweep]\nT_max = [5, 9]\n"
    )
    done = run(tmp_path, "show", "run.toml")
    assert (done.returncode, done.stderr.count("sweep.T_max: transformers.constant: unknown key")) == (2, 1)


NEEDED = """\
name = "optax.warmup_cosine_decay_schedule"
steps = 100
decay_steps = 100
peak_value = 1
init_value = 0
"""


@pytest.mark.parametrize(
    ("swept", "named"),
    [
        pytest.param("[10, 100, 99]", ["optax.warmup_cosine_decay_schedule:warmup_steps=100"], id="one"),
        pytest.param(
            "[10, 100, 101]",
            [f"optax.warmup_cosine_decay_schedule:warmup_steps={one}" for one in (100, 101)],
            id="some",
        ),
        pytest.param("[100, 101]", ["optax.warmup_cosine_decay_schedule"] * 2, id="all"),
    ],
)
def test_the_combinations_that_are_refused_are_named(swept, named, tmp_path):
    (tmp_path / "run.toml").write_text(f"{NEEDED}[sweep]\nwarmup_steps = {swept}\n")
    done = run(tmp_path, "show", "run.toml")
    said = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert (done.returncode, [line.split(": ")[2] for line in said]) == (2, named)


SEVERAL = "several values stand under [sweep]: "


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        pytest.param("warmup = [0, 10]", f"{SEVERAL}warmup = [0, 10]", id="of a run"),
        pytest.param('warmup = [1, "6%"]', f'{SEVERAL}warmup = [1, "6%"]', id="of two kinds"),
        pytest.param('warmup = "{0,10}"', f"{SEVERAL}warmup = [0, 10]", id="as in a word"),
        pytest.param("num_cycles = [0.5, 1.5]", f"{SEVERAL}num_cycles = [0.5, 1.5]", id="of the schedule"),
        pytest.param("num_cycles = [0.5, 'a']", "num_cycles = 0.5", id="one of another kind"),
        pytest.param("sweep = {lr = [1, 2]}", "[sweep] stands beside it, in the file", id="a table in one"),
    ],
)
def test_several_values_in_a_schedule_lead_to_the_table(tmp_path, line, hint):
    (tmp_path / "run.toml").write_text(f'[plan]\nsteps = 10\n[[schedule]]\nname = "cosine"\n{line}\n')
    done = run(tmp_path, "show", "run.toml")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"hint: {hint}")


@pytest.mark.parametrize("word", ["constant:lr={1, 2}", "constant:label=a b,lr={1,2}"])
def test_braces_with_a_blank_beside_are_refused_with_the_way_out(tmp_path, word):
    done = run(tmp_path, "show", word)
    assert (done.returncode, done.stderr.splitlines()[1]) == (2, "hint: leave out the blanks: {1,2}")


def test_in_python_braces_make_a_list():
    curves = lrviz.evaluate("cosine:lr={1,2},warmup=0,steps=10")
    assert [curve.facts.peak for curve in curves] == [1, 2]


@pytest.mark.parametrize(
    ("word", "more"),
    [
        pytest.param("cosine:lr=1,warmup={20,30,31,32}", ["", "", "", ""], id="few: each has its line"),
        pytest.param("cosine:lr=1,warmup={20,30,31,32,33}", [" and 1 more: "], id="many have one"),
        pytest.param("cosine:lr={1,2,3,4,5,6},warmup={20,30,31,32,33}", [" and 26 more: "], id="two keys"),
    ],
)
def test_findings_of_a_sweep_that_differ_in_numbers_are_one_line(word, more, tmp_path):
    done = run(tmp_path, "show", word, "--steps", "10", "-q")
    said = [line for line in done.stderr.splitlines() if "longer than the run" in line]
    assert [more in line for more, line in zip(more, said, strict=True)] == [True] * len(more)
    assert "the warmup of 20 steps is longer than the run of 10" in said[0]
    found = json.loads(run(tmp_path, "show", word, "--steps", "10", "--format", "json").stdout)["findings"]
    assert sum(one["id"] == "warmup-longer-than-run" for one in found) >= 4
