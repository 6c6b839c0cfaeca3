"""A page as a file: nothing asked for, nothing of the user's run, the same bytes, its digest, its size."""

from __future__ import annotations

import base64
import json
import re
import shlex
from html.parser import HTMLParser

import numpy as np
import pytest
from commands import ROOT, loaded, new_process, run

from lrviz.draw.theme import THEMES
from lrviz.notation.rendering import render
from lrviz.notation.spec import Spec

THREE = ("cosine", "linear", "wsd", "--warmup", "6%", "--steps", "11730", "--lr", "3e-4")
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\"'><img src=x onerror=alert(1)>",
    "a & b &lt; &#x3c;",
    "${alert(1)} `x` \\u003c",
    "]]> {{x}}",
)


def page(folder, *words, name="page.html", **more):
    done = run(folder, "plot", *words, "-o", name, **more)
    assert done.returncode == 0, done.stderr
    return (folder / name).read_text(encoding="utf-8")


def data_of(text):
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text)
    return json.loads(found)


class Outline(HTMLParser):
    """The elements of a page, and all that can ask for something else."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.asks, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.asks += [value for name, value in attrs if name in {"src", "href", "action"} or name[:2] == "on"]

    def handle_data(self, data):
        self.words.append(data)


def test_three_smooth_curves_take_forty_kilobytes(tmp_path):
    assert len(page(tmp_path, *THREE).encode()) <= 40_000


def test_a_page_says_each_thing_once(tmp_path):
    """What is assumed is found too."""
    outline = Outline(page(tmp_path, *THREE))
    assumed = [words for words in outline.words if "(assumed)" in words]
    assert len(assumed) == 1


def test_a_page_asks_for_nothing_else(tmp_path):
    text = page(tmp_path, *THREE)
    assert Outline(text).asks == ["data:,"]
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)|@import|url\(", text)


@pytest.mark.parametrize("label", HOSTILE)
def test_no_label_becomes_markup(tmp_path, label):
    plain = Outline(page(tmp_path, "cosine:label=plain", "--steps", "9", "--lr", "1"))
    text = page(tmp_path, render(Spec("cosine", (("label", label),))), "--steps", "9", "--lr", "1")
    found = Outline(text)
    assert (found.tags, found.asks) == (plain.tags, plain.asks)
    assert data_of(text)["curves"][0]["label"] == label
    assert label in "".join(found.words)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x1b"], ids=ascii)
def test_no_label_turns_what_follows(tmp_path, mark):
    assert mark not in page(tmp_path, f"cosine:label=a{mark}b", "--steps", "9", "--lr", "1")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(THREE, id="smooth"),
        pytest.param(("torch.StepLR:step_size=997", "--steps", "100000", "--lr", "0.1"), id="stairs"),
        pytest.param(("cyclic:step_size_up=10", "--steps", "1e6", "--lr", "0.1"), id="dense"),
        pytest.param(("cosine", "--steps", "1e12", "--warmup", "1%", "--lr", "1"), id="endless"),
        pytest.param(("cosine", "linear:steps=50", "--steps", "2000", "--lr", "1"), id="lengths"),
    ],
)
def test_the_values_of_a_page_are_those_of_the_command(tmp_path, words):
    data = data_of(page(tmp_path, *words))
    for index, curve in enumerate(data["curves"]):
        ticks = np.cumsum(data["ticks"][curve["ticks"]])
        values = np.frombuffer(base64.b64decode(curve["values"][0]), "<f8")
        assert ticks.size == values.size
        chosen = np.unique(np.linspace(0, ticks.size - 1, 60).round().astype(int))
        done = run(
            tmp_path, "values", *words, "--at", ",".join(map(str, ticks[chosen])), "--format", "csv", "-q"
        )
        rows = [line.split(",") for line in done.stdout.splitlines()[1:]]
        assert [row[2 + index] for row in rows] == [repr(value) for value in values[chosen].tolist()]


def test_both_sides_of_a_jump_peak_low_and_last_are_there(tmp_path):
    words = ("torch.StepLR:step_size=997", "--steps", "9970", "--lr", "0.1")
    data = data_of(page(tmp_path, *words))
    ticks = {*np.cumsum(data["ticks"][0]).tolist()}
    assert {0, 9969} | {997 * k - side for k in range(1, 10) for side in (0, 1)} <= ticks


def test_a_long_name_may_be_broken_at_its_parts(tmp_path):
    text = page(tmp_path, "torch.StepLR:step_size=9,label=a.<b>_OneCycle", "--steps", "9", "--lr", "1")
    name = "a.&lt;b&gt;_<wbr>One<wbr>Cycle"
    assert [text.count(f'{start}<span class="name">{name}</span>') for start in ("<h1>", "<bdi>")] == [1, 1]


@pytest.mark.parametrize(
    ("part", "widest"),
    [
        pytest.param(("--from", "1000", "--to", "1500"), 1, id="each step"),
        pytest.param(("--from", "1000", "--to", "3800"), 10, id="one a column"),
    ],
)
def test_a_part_that_was_asked_for_has_its_own_values(tmp_path, part, widest):
    words = ("torch.StepLR:step_size=100,gamma=0.99", "--steps", "1e6", "--lr", "0.1", *part)
    data = data_of(page(tmp_path, *words))
    ticks = np.cumsum(data["ticks"][0])
    first, last = data["view"]
    inside = ticks[(ticks >= first) & (ticks <= last)]
    assert np.diff(inside).max() == widest
    jumps = ticks[data["curves"][0]["jumps"][0]]
    assert {*range(int(first) + 100, int(last), 100)} <= {*jumps.tolist()}


@pytest.mark.parametrize(
    ("part", "steps"),
    [
        pytest.param((), ("0", "10 000"), id="all"),
        pytest.param(("--from", "2000", "--to", "4000"), ("2 000", "4 000"), id="steps"),
        pytest.param(("--from", "2ep", "--to", "4ep", "--x", "epoch"), ("2 000", "4 000"), id="epochs"),
    ],
)
def test_without_its_script_a_page_shows_the_part_that_was_asked_for(tmp_path, part, steps):
    words = ("linear", "cosine", "--steps", "10000", "--epochs", "10", "--lr", "0.1")
    shown = re.findall(r'<text class="step[^>]*>([^<]+)<', page(tmp_path, *words, *part))
    assert (shown[0].replace("\u202f", " "), shown[-1].replace("\u202f", " ")) == steps


def test_the_bytes_are_the_same_in_every_process(tmp_path):
    texts = {
        page(
            tmp_path, *THREE, name=f"{seed}.html", by=new_process, PYTHONHASHSEED=seed, LC_ALL=locale, TZ=zone
        )
        for seed, locale, zone in ((0, "C", "UTC"), (1, "C.UTF-8", "Asia/Tokyo"))
    }
    assert len(texts) == 1


def test_check_knows_a_page(tmp_path):
    page(tmp_path, *THREE)
    assert run(tmp_path, "plot", *THREE, "-o", "page.html", "--check").returncode == 0
    assert run(tmp_path, "plot", *THREE[1:], "-o", "page.html", "--check").returncode == 1


def test_a_page_is_made_without_matplotlib(tmp_path):
    (modules,) = loaded(tmp_path, "plot cosine -o page.html")
    assert "lrviz.page.page_html" in modules
    assert sorted(name for name in modules if name.startswith("matplotlib")) == []


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(THREE, id="three"),
        pytest.param(("linear", "--lr", "1e-3,1e-4", "--steps", "100"), id="groups"),
        pytest.param(
            ("torch.StepLR:step_size=3", "--epochs", "9", "--steps-per-epoch", "7", "--lr", "1"), id="epochs"
        ),
        pytest.param(("cosine:label='a b'", "--steps", "10"), id="label"),
        pytest.param(("onecycle", "--quantity", "momentum", "--steps", "3000", "--lr", "1"), id="momentum"),
        *(
            pytest.param((str(path),), id=path.stem)
            for path in sorted((ROOT / "sample_configs").glob("*.toml"))
        ),
    ],
)
def test_the_command_on_a_page_makes_the_same_curves(tmp_path, words):
    text = page(tmp_path, *words)
    (line,) = re.findall(r'<pre id="specs">(.*?)</pre>', text)
    command, *again = shlex.split(unescaped(line))
    assert command == "lrviz"
    again = run(tmp_path, *again, "--format", "json")
    now = run(tmp_path, "show", *words, "--format", "json")
    assert facts(again.stdout) == facts(now.stdout)


def test_a_resumed_run_is_no_spec(tmp_path):
    words = "cosine:steps=40 cosine:steps=80 --warmup 5 --lr 1e-3 --resume-at 20"
    assert 'id="specs"' not in page(tmp_path, *words.split())


def test_the_command_on_a_page_says_what_it_lacks(tmp_path):
    rows = [{"step": step, "learning_rate": 1e-3} for step in range(1, 9)]
    (tmp_path / "trainer_state.json").write_text(json.dumps({"global_step": 8, "log_history": rows}))
    text = page(tmp_path, "trainer_state.json", "linear:steps=9,lr=1")
    assert "<p>Without trainer_state.json, of which there is no spec.</p>" in text
    assert "Without" not in page(tmp_path, *THREE)


def unescaped(text):
    return "".join(Outline(f"<p>{text}</p>").words)


def facts(text):
    return [(one["label"], one["peak"], one["mean"], one["total"]) for one in json.loads(text)["curves"]]


@pytest.mark.parametrize(
    ("words", "themes"),
    [
        pytest.param((), ["light", "dark"], id="its reader's"),
        *(pytest.param(("--theme", name), [name], id=name) for name in THEMES),
    ],
)
def test_a_page_has_the_colours_of_its_themes(tmp_path, words, themes):
    text = page(tmp_path, *THREE, *words)
    assert ("prefers-color-scheme" in text) is (len(themes) > 1)
    roots = re.findall(r":root\{(color-scheme.+?)\}", text)
    shown = [re.findall(r"--c\d:(#\w+)", root) for root in roots]
    assert shown == [[color.lower() for color in THEMES[name].palette] for name in themes]
