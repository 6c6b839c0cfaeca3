"""``lrviz report``: a folder with all that there is to say of schedules."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser

import pytest
from commands import run

from lrviz.report.summary import LARGEST

WORDS = (
    "cosine:warmup=10,lr=1e-3",
    "torch.OneCycleLR:max_lr=1e-3,total_steps=50,label=a|b <i>",
    "--steps",
    "100",
)
TEXTS = {"index.html", "summary.md", "curves.json", "check.json", "facts.csv", "values.csv"}


def made(folder, *words, code=0, **env):
    done = run(folder, "report", *words, **env)
    assert done.returncode == code, done.stderr
    return done, folder / "report"


class Page(HTMLParser):
    """What a page shows and where it leads."""

    def __init__(self, text):
        super().__init__()
        self.open, self.links, self.shown = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "img", "br", "wbr"):
            self.open.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.shown.append(data)


def test_everything_stands_in_one_folder(tmp_path):
    done, folder = made(tmp_path, *WORDS, "--pictures", "svg,png", code=1)
    assert "stops at step 51" in done.stderr
    files = {path.name for path in folder.iterdir()}
    pictures = {f"{name}.{end}" for name in ("all", "cosine", "a_b_i") for end in ("svg", "png")}
    assert files == TEXTS | pictures
    page = Page((folder / "index.html").read_text())
    assert not page.open
    assert {*page.links} == files - {"index.html"}
    assert "a|b <i>" in "".join(page.shown)


def test_it_says_the_same_as_the_other_commands(tmp_path):
    words = ("cosine:warmup=10,lr=1e-3", "linear:warmup=0,lr=1e-3", "--steps", "5000")
    _, folder = made(tmp_path, *words)
    shown = json.loads(run(tmp_path, "show", *words, "--format", "json").stdout)
    assert json.loads((folder / "curves.json").read_text())["curves"] == shown["curves"]
    rows = list(csv.reader((folder / "values.csv").read_text().splitlines()))
    steps = ",".join(row[0] for row in rows[1:])
    values = run(tmp_path, "values", *words, "--at", steps).stdout
    assert [",".join(row) for row in rows] == values.splitlines()
    assert (len(rows), rows[-1][0]) == (1001, "4999")
    facts = list(csv.DictReader((folder / "facts.csv").read_text().splitlines()))
    assert [float(row["last"]) for row in facts] == [curve["last"] for curve in shown["curves"]]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["--expect", "peak == 1"], 0, "1 of 1 expectation holds", id="all holds"),
        pytest.param(
            ["--expect", "peak == 2", "--expect", "last < 1"], 1, "1 of 2 expectations hold", id="one fails"
        ),
        pytest.param([], 0, "nothing is expected, nothing found", id="nothing is expected"),
    ],
)
def test_the_exit_code_and_the_headline_are_the_verdict(tmp_path, words, code, said):
    _, folder = made(tmp_path, "cosine:warmup=10,lr=1", "--steps", "100", *words, code=code)
    head = (folder / "summary.md").read_text().splitlines()[0]
    assert head == f"## {'❌' if code else '✅'} cosine:warmup=10,lr=1: {said}"
    assert said in (folder / "index.html").read_text()


def test_two_of_one_name_keep_their_pictures(tmp_path):
    _, folder = made(
        tmp_path, "linear:warmup=0,label=A", "linear:warmup=5,label=a", "--lr", "1", "--steps", "100"
    )
    assert sorted(path.name for path in folder.glob("*.svg")) == ["A.svg", "a-2.svg", "all.svg"]


# --- a job of GitHub ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "pictures", "said"),
    [
        pytest.param(["log.csv"], ["log.svg"], None, id="alone"),
        pytest.param(
            ["cosine:warmup=5", "log.csv"],
            ["all.svg", "cosine.svg", "log.svg"],
            "The curve is cosine.",
            id="beside a plan",
        ),
        pytest.param(
            ["cosine:warmup=5", "log.csv", "linear:warmup=5"],
            ["all.svg", "cosine.svg", "linear.svg", "log.svg"],
            "The curves are cosine and linear, in this order.",
            id="beside two",
        ),
    ],
)
def test_a_log_is_drawn_as_its_plan_is_and_the_chart_says_what_it_leaves_out(tmp_path, words, pictures, said):
    (tmp_path / "log.csv").write_text("step,lr\n10,0.5\n20,0.4\n30,0.1\n")
    plan = ["--steps", "40", "--lr", "1"] if len(words) > 1 else []
    assert run(tmp_path, "report", *words, *plan, "-o", "out/").returncode == 0
    assert sorted(file.name for file in (tmp_path / "out").glob("*.svg")) == pictures
    summary = (tmp_path / "out" / "summary.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in summary if line.startswith("The curve")] == ([said] if said else [])
    drawn = (tmp_path / "out" / pictures[0]).read_text(encoding="utf-8")
    assert "log.csv" in drawn[: drawn.index("</desc>")]


def test_github_is_told_behind_what_the_job_has_said(tmp_path):
    (tmp_path / "said.md").write_text("before\n")
    words = ("cosine:warmup=10,lr=1", "--steps", "100", "--expect", "peak == 2", "--format", "github")
    done, folder = made(tmp_path, *words, code=1, GITHUB_STEP_SUMMARY=str(tmp_path / "said.md"))
    assert (tmp_path / "said.md").read_text() == f"before\n{(folder / 'summary.md').read_text()}"
    assert done.stdout.startswith(
        "::error title=lrviz%3A peak == 2::cosine: peak == 2: peak is 1 at step 10\n"
    )


def test_outside_of_a_job_the_summary_stands_in_its_file(tmp_path):
    done, folder = made(
        tmp_path, "constant:lr=1", "--steps", "9", "--format", "github", GITHUB_STEP_SUMMARY=""
    )
    assert "note: GITHUB_STEP_SUMMARY is not set" in done.stderr
    assert (folder / "summary.md").is_file()


@pytest.mark.long
def test_a_summary_is_cut_to_what_github_shows(tmp_path):
    said = tmp_path / "said.md"
    said.write_text("x" * (LARGEST - 3000))
    words = (f"constant:lr={{1..9}},label={'n' * 200}", "--steps", "9", "--format", "github")
    done = run(tmp_path, "report", *words, "-q", "--expect", "last > 0", GITHUB_STEP_SUMMARY=str(said))
    assert done.returncode == 0, done.stderr
    assert LARGEST - 3000 < said.stat().st_size <= LARGEST
    assert re.search(r"… and \d+ curves more", said.read_text())


@pytest.mark.parametrize(
    ("lr", "high"),
    [
        pytest.param("3e-4", "0.000300000", id="an LR"),
        pytest.param("2e-12", "0.00000000000200000", id="a tiny one"),
        pytest.param("123456", "123456", id="a large one"),
    ],
)
def test_a_chart_has_no_exponents(tmp_path, lr, high):
    _, folder = made(tmp_path, f"cosine:warmup=10,lr={lr}", "--steps", "1000")
    chart = re.search(r"```mermaid\n(.*?)```", (folder / "summary.md").read_text(), re.DOTALL)[1]
    head, x, y, line, *rest = chart.splitlines()
    assert (head, x.strip(), rest) == ("xychart-beta", 'x-axis "step" 0 --> 999', [])
    assert y.endswith(f"--> {high}")
    points = re.search(r"\[(.*)\]", line)[1].split(", ")
    assert len(points) == 60
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", point) for point in points)


def test_curves_of_two_lengths_have_a_chart_each_and_one_that_stops_none(tmp_path):
    words = (
        "linear:warmup=0,steps=50",
        "linear:warmup=0,steps=90",
        "torch.OneCycleLR:max_lr=1,total_steps=50,steps=99",
    )
    _, folder = made(tmp_path, *words, "--lr", "1", code=1)
    assert (folder / "summary.md").read_text().count("xychart-beta") == 2


# --- refusals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["constant"], "the learning rate is missing", id="nothing is assumed"),
        pytest.param(["constant:lr=1", "--pictures", "gif"], "--pictures has no 'gif'", id="a format"),
        pytest.param(["constant:lr=1", "-o", "file/in"], "cannot make the folder", id="a file"),
        pytest.param(["constant:lr=1", "-o", "-"], "-o -: a report is a folder", id="stdout"),
        pytest.param(["constant:lr=1", "--format", "xml"], "--format has no 'xml'", id="a form"),
        pytest.param(["constant:lr=1e301"], "no axis can show", id="no picture"),
    ],
)
def test_a_refusal_writes_nothing(tmp_path, words, said):
    (tmp_path / "file").write_text("")
    done = run(tmp_path, "report", *words, "--steps", "9")
    assert done.returncode == 2
    assert said in done.stderr
    assert [*tmp_path.iterdir()] == [tmp_path / "file"]
