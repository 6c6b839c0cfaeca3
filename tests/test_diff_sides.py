"""The two sides of ``lrviz diff``, what is refused, its exit codes, its document and its picture."""

from __future__ import annotations

from shutil import copytree

import pytest
from commands import document, new_process, run
from configs import write
from repositories import commit

from lrviz.compare.difference import EXACTLY, Measure
from lrviz.compare.overlay import picture_of_pair
from lrviz.compare.pairs import compare_sides
from lrviz.compare.sides import read_sides
from lrviz.curves.runs import Flags
from lrviz.draw.image import draw

COSINE = "cosine:warmup=100,lr=1e-3,steps=1000"
OTHER = "cosine:warmup=100,lr=1,steps=1000"


CONFIG = """\
[plan]
steps = 50
[defaults]
lr = 1e-3
warmup = {}
[[schedule]]
name = "cosine"
[[schedule]]
name = "linear"
label = "mine: own"
"""


@pytest.fixture(scope="module")
def committed(tmp_path_factory):
    """A config, once more with another warmup, its curves kept, and all of that in git."""
    made = tmp_path_factory.mktemp("committed")
    write(made / "run.toml", CONFIG.format(5))
    write(made / "new.toml", CONFIG.format(6))
    for suffix in ("csv", "json"):
        write(made / f"lr.{suffix}", run(made, "values", "run.toml", "--format", suffix).stdout)
    write(made / "some.csv", run(made, "values", "run.toml", "--every", "5").stdout)
    commit(made)
    return made


@pytest.fixture
def folder(tmp_path, committed):
    """The same once more, to be changed."""
    return copytree(committed, tmp_path, dirs_exist_ok=True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param("run.toml run.toml", 0, id="configs"),
        pytest.param("run.toml new.toml", 1, id="configs that differ"),
        pytest.param("run.toml git:HEAD:run.toml", 0, id="git"),
        pytest.param("git:HEAD:run.toml git:HEAD:new.toml", 1, id="git that differs"),
        pytest.param("run.toml lr.csv", 0, id="a table"),
        pytest.param("lr.json run.toml", 0, id="a document"),
        pytest.param("lr.json lr.csv", 0, id="both"),
        pytest.param("lr.csv new.toml", 1, id="a table that differs"),
        pytest.param("some.csv run.toml", 0, id="some rows"),
        pytest.param("some.csv lr.csv", 0, id="some rows of others"),
        pytest.param("git:HEAD:lr.csv run.toml", 0, id="a table in git"),
        pytest.param("run.toml:cosine cosine:warmup=5", 0, id="a label, and a spec in its run"),
        pytest.param("run.toml:cosine linear:warmup=5", 1, id="another spec in its run"),
        pytest.param("lr.csv:cosine cosine:warmup=5,lr=1e-3", 0, id="a column, and a spec as long"),
        pytest.param("git:HEAD:run.toml:cosine new.toml:cosine", 1, id="a label in git"),
        pytest.param("run.toml new.toml --warmup 7", 0, id="an option for both"),
        pytest.param("lr.csv run.toml --steps 60", 1, id="an option for the run"),
        pytest.param("run.toml:cosine run.toml", 1, id="one of two"),
    ],
)
def test_sides(words, code, folder):
    done = run(folder, "diff", *words.split())
    assert done.returncode == code, done.stderr + done.stdout
    assert bool(done.stdout) == bool(code)


def test_a_side_from_stdin(folder):
    kept = (folder / "lr.csv").read_bytes()
    assert run(folder, "diff", "-", "run.toml", stdin=kept).returncode == 0
    assert run(folder, "diff", "new.toml", "-", stdin=kept).returncode == 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param("diff -:cosine run.toml:cosine", 0, "", id="the same"),
        pytest.param("diff -:cosine new.toml:cosine", 1, "--- -:cosine", id="one that differs"),
        pytest.param("show -:q", 2, "-:q: no curve is called 'q'", id="one that begins as an option does"),
        pytest.param("show - -:cosine", 2, "- can be read once", id="twice"),
        pytest.param("diff -:cosine -", 2, "- can be read once", id="on both sides"),
    ],
)
@pytest.mark.parametrize("kept", ["run.toml", "lr.csv", "lr.json"])
def test_a_curve_of_stdin(kept, words, code, said, folder):
    done = run(folder, *words.split(), stdin=(folder / kept).read_bytes())
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        pytest.param("-:cosine", "cosine", id="alone"),
        pytest.param("-- -:cosine", "cosine", id="behind --"),
        pytest.param("run.toml:cosine -:cosine:label=q", "cosine,q", id="with a label"),
        pytest.param("-:label=q", "q cosine,q mine: own", id="all, with a label"),
    ],
)
def test_the_values_of_a_curve_of_stdin(words, columns, folder):
    done = run(folder, "values", *words.split(), stdin=(folder / "run.toml").read_bytes())
    assert (done.returncode, done.stdout.partition("\n")[0]) == (0, f"step,epoch,{columns}")


def test_an_options_text_may_begin_as_a_curve_of_stdin_does(tmp_path):
    done = run(tmp_path, "diff", "linear", "linear", "--rtol", "-:x", "--lr", "1", "--steps", "9")
    assert done.stderr.startswith("error: rtol must be a number from 0 on, got '-:x'")


def test_a_label_with_a_colon(folder):
    assert run(folder, "diff", "run.toml:mine: own", "linear:warmup=5").returncode == 0


def test_only_in_one(folder):
    write(folder / "less.toml", CONFIG.format(5).rpartition("[[schedule]]")[0])
    done = run(folder, "diff", "run.toml", "less.toml")
    assert (done.returncode, done.stdout) == (1, "only in run.toml: mine: own\n")


def test_param_groups_of_other_number(tmp_path):
    done = run(tmp_path, "diff", "linear:warmup=0,lr=1,2", "linear:warmup=0,lr=1,2,3", "--steps", "9")
    assert (done.returncode, done.stdout) == (1, "only in linear:warmup=0,lr=1,2,3: linear lr=3\n")


REFUSED = [
    pytest.param(
        "cosine:lr=1,warmup=0 cosine:lr=1,warmup=0",
        "cosine, cosine [2]: the length of the run is missing",
        id="length",
    ),
    pytest.param("run.toml", "two sides are compared, not 1", id="one side"),
    pytest.param("run.toml new.toml lr.csv", "two sides are compared, not 3", id="three sides"),
    pytest.param("- -", "- can be read once", id="stdin twice"),
    pytest.param("run.toml none.toml", "none.toml: no such file", id="no file"),
    pytest.param("run.toml none.csv", "none.csv: no such file", id="no table"),
    pytest.param("run.toml git:v1:run.toml", "git:v1:run.toml: no revision 'v1'", id="no revision"),
    pytest.param("run.toml:cosin run.toml", "run.toml:cosin: no curve is called 'cosin'", id="no label"),
    pytest.param("run.toml constant:lr=1", "run.toml and constant:lr=1 have no label in common", id="which"),
    pytest.param("run.toml run.toml --rtol x", "rtol must be a number from 0 on, got 'x'", id="no share"),
    pytest.param("run.toml run.toml --atol -1", "atol must be a number from 0 on, got -1", id="below 0"),
    pytest.param("run.toml run.toml --align weeks", "--align has no 'weeks'", id="no alignment"),
    pytest.param(
        "run.toml run.toml --align epochs", "cosine: the length of an epoch is unknown", id="epochs"
    ),
    pytest.param(
        "linear:warmup=0,lr=1,steps=100 linear:warmup=0,lr=1,steps=101 --align percent",
        "runs of 100 and 101 steps have only 1 place in common",
        id="no places",
    ),
    pytest.param("run.toml run.toml --quantity momentum", "momentum", id="no momentum"),
    pytest.param("run.toml run.toml --format xml", "--format has no 'xml'", id="no format"),
    pytest.param("run.toml run.toml --color red", "--color has no 'red'", id="no colour"),
]


@pytest.mark.long
@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_refusals(words, message, folder):
    done = run(folder, "diff", *words.split())
    *_, first, second = done.stderr.splitlines()
    assert (done.returncode, done.stdout, message in first) == (2, "", True), first
    assert second.startswith("hint: ")


@pytest.mark.long
@pytest.mark.parametrize(
    ("other", "code"),
    [
        pytest.param("run.toml", 0, id="the same"),
        pytest.param("new.toml", 1, id="another"),
        pytest.param("no.toml", 2, id="no file"),
    ],
)
def test_quiet_leaves_the_exit_code(other, code, folder):
    done = run(folder, "diff", "run.toml", other, "--quiet", by=new_process)
    assert (done.returncode, done.stdout, bool(done.stderr)) == (code, "", code == 2)


@pytest.mark.parametrize(
    ("color", "heads"),
    [
        pytest.param("auto", ["---", "+++"], id="not for a pipe"),
        pytest.param("always", ["\033[31m---", "\033[32m+++"], id="always"),
        pytest.param("never", ["---", "+++"], id="never"),
    ],
)
def test_colours(color, heads, tmp_path):
    lines = run(tmp_path, "diff", COSINE, OTHER, "--color", color).stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines[:2]] == heads


def test_the_document(folder):
    code, found = document(folder, "diff", "run.toml", "new.toml")
    assert (code, found["equal"], found["alone"]) == (1, False, [])
    assert [pair["first"]["name"] for pair in found["pairs"]] == ["run.toml: cosine", "run.toml: mine: own"]
    (cause,) = found["pairs"][0]["causes"]
    assert (cause["id"], cause["here"], cause["there"]) == ("warmup", 5, 6)
    largest = found["pairs"][0]["largest"]
    assert (largest["first"], largest["last"], largest["step"]) == (1, 49, 5)
    assert largest["difference"] == largest["there"] - largest["here"]
    code, found = document(folder, "diff", "run.toml", "run.toml")
    assert (code, found["equal"], [pair["ranges"] for pair in found["pairs"]]) == (0, True, [[], []])


# --- the picture -------------------------------------------------------------------------------------------


SHORT = "cosine:warmup=5,lr=1,steps=50"


def drawn(one, other, measure=EXACTLY):
    """The figure of two specs, and the lines of its panels."""
    sides = read_sides([one, other], Flags({}, {}), "lr")
    (pair,) = compare_sides(*sides, measure).pairs
    figure = draw(picture_of_pair(pair, "lr"))
    return [[line.get_xydata() for line in axes.lines] for axes in figure.axes]


@pytest.mark.parametrize(
    ("steps", "points"),
    [
        pytest.param((80, 60), 1, id="lines"),
        pytest.param((50, 40), 2, id="stairs: a value holds to the end of its step"),
    ],
)
def test_the_picture_shows_both_and_the_difference_below(steps, points):
    first, second = steps
    upper, (equal, apart) = drawn(
        f"cosine:warmup=5,lr=1,steps={first}", f"cosine:warmup=5,lr=2,steps={second}"
    )
    assert [len(line) for line in upper] == [points * first, points * second]
    assert equal[:, 1].tolist() == [0, 0]
    assert apart[:, 0].tolist() == upper[1][:, 0].tolist()
    assert apart[::points, 0].tolist() == list(range(second))
    assert apart[:, 1] == pytest.approx(upper[1][:, 1] - upper[0][: points * second, 1])


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        pytest.param("cosine:warmup=5", "linear:warmup=5", ["cosine", "linear"], id="two schedules"),
        pytest.param("cosine:warmup=5,label=a", "cosine:warmup=6,label=b", ["a", "b"], id="labels"),
        pytest.param(
            "cosine:warmup=5", "cosine:warmup=6", ["cosine:warmup=5", "cosine:warmup=6"], id="one schedule"
        ),
        pytest.param("cosine:warmup=5", "sub/log.csv", ["cosine", "log.csv"], id="a log in a folder"),
    ],
)
def test_its_curves_are_called_as_in_any_picture(one, other, names, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "log.csv").write_text("step,lr\n10,0.1\n20,0.5\n30,0.5\n")
    sides = read_sides([one, other], Flags({"lr": 1.0, "steps": 50}, {}), "lr")
    (pair,) = compare_sides(*sides).pairs
    picture = picture_of_pair(pair, "lr")
    assert [line.label for line in picture.lines] == names
    assert (picture.title, picture.difference.label) == (" and ".join(names), " less ".join(names[::-1]))
    assert picture.difference.points == picture.lines[1].points == (other == "sub/log.csv")
    *_, apart = draw(picture).axes[-1].lines
    assert apart.get_marker() == ("o" if picture.difference.points else "None")


def test_shares_are_drawn_at_the_steps_of_the_first():
    upper, (_, apart) = drawn(
        "cosine:warmup=0,lr=1,steps=90", "cosine:warmup=0,lr=2,steps=60", Measure(align="percent")
    )[:2]
    assert [line[:, 0].tolist() for line in (*upper, apart)] == [list(range(0, 90, 3))] * 3


@pytest.mark.long
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
@pytest.mark.parametrize("other", ["run.toml", "new.toml", "some.csv"])
def test_it_is_written_whatever_the_answer(other, suffix, folder):
    done = run(folder, "diff", "lr.json", other, "-o", f"lr.{suffix}")
    assert done.returncode == int(other == "new.toml")
    assert done.stderr.splitlines()[-1].startswith(f"wrote lr.{suffix} (")
    assert (folder / f"lr.{suffix}").stat().st_size > 1000


@pytest.mark.parametrize(
    ("output", "message"),
    [
        pytest.param("lr.gif", "'lr.gif': no picture format 'gif'", id="no format"),
        pytest.param("lr.html", "'lr.html': no picture format 'html'", id="a page"),
        pytest.param("-", "-o -: a picture is a file", id="stdout"),
        pytest.param("", "-o is empty", id="nothing"),
        pytest.param("none/lr.png", "cannot write 'none/lr.png': no folder 'none'", id="no folder"),
    ],
)
def test_what_is_no_picture(output, message, folder):
    done = run(folder, "diff", "run.toml", "new.toml", "-o", output)
    first, second = done.stderr.splitlines()
    assert (done.returncode, done.stdout, first) == (2, "", f"error: {message}")
    assert second.startswith("hint: ")


@pytest.mark.parametrize(
    ("output", "files", "said"),
    [
        pytest.param("lr.png", ["lr.png"], "note: drawn is a; 1 pair more differs", id="a file: the first"),
        pytest.param("out/", ["a.png", "b.png", "same.png"], "", id="a folder: each"),
    ],
)
def test_pairs_are_drawn(output, files, said, tmp_path):
    head = "[plan]\nsteps = 50\n[defaults]\nlr = 1\n"
    for name, warmup in (("one", 5), ("two", 9)):
        own = [f'[[schedule]]\nname = "cosine"\nlabel = "{label}"\nwarmup = {warmup}\n' for label in "ab"]
        same = '[[schedule]]\nname = "linear"\nlabel = "same"\nwarmup = 0\n'
        write(tmp_path / f"{name}.toml", head + "".join(own) + same)
    done = run(tmp_path, "diff", "one.toml", "two.toml", "-o", output)
    drawn = (tmp_path / output if output.endswith("/") else tmp_path).glob("*.png")
    assert (done.returncode, sorted(path.name for path in drawn)) == (1, files)
    assert done.stderr.startswith(said)
    assert done.stderr.count("wrote ") == len(files)


def test_options_that_change_nothing_are_said(tmp_path):
    words = ("cosine:warmup=5,lr=1,steps=9", "linear:warmup=5,lr=1,steps=9")
    done = run(tmp_path, "diff", *words, "--lr", "2", "--warmup", "3")
    assert done.stderr == "note: --warmup, --lr change nothing: the spec itself says it\n"
