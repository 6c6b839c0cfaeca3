"""The catalogue for people: ``lrviz list``, ``lrviz info`` and what a TAB offers.

``LRVIZ_UPDATE_README=1 python -m pytest tests/test_catalogue.py`` rewrites the README's table of frameworks.
"""

from __future__ import annotations

import inspect
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import lrviz
from lrviz.catalogue import FLAT, PEAK, STEPS, Description, Parameter, example, frameworks, markdown, search
from lrviz.cli.info import info
from lrviz.errors import UnknownScheduleError
from lrviz.namesakes import Namesake, _compared, namesakes
from lrviz.registry import catalogue, find
from lrviz.resolve import resolve
from lrviz.spec import parse

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
ENTRIES = [pytest.param(entry, id=name) for name, entry in catalogue().items()]
START = "import sys; sys.argv[0] = 'lrviz'; from lrviz.cli.main import main; main()"


def environment(home, **more):
    kept = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    return {**kept, **{key: str(value) for key, value in more.items()}}


def run(home, *words, **more):
    return subprocess.run(
        [sys.executable, "-c", START, *words],
        cwd=home,
        env=environment(home, **more),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def lrviz_says(tmp_path):
    """Stdout of a command that succeeds in silence."""

    def say(command, **more):
        done = run(tmp_path, *shlex.split(command), **more)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return say


# --- what is read off an entry ---------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_part_of_the_docstring_is_found(entry):
    one = Description(entry)
    assert list(one.sections) == ["formula", "momentum", "edges", "raises", "source"]
    assert all([one.summary, one.sections["formula"], one.sections["edges"], one.sections["source"]])
    told = " ".join(
        [one.summary, *(f"{head.capitalize()}: {text}" for head, text in one.sections.items() if text)]
    )
    written = inspect.getdoc(entry.function).replace("``", "")
    assert Counter(told.split()) == Counter(written.split())


@pytest.mark.parametrize("entry", ENTRIES)
def test_its_names_find_it(entry):
    one = Description(entry)
    assert [find(name) for name in (*one.names, one.name)] == [entry] * (len(one.names) + 1)


def parameter(name, role, unit, takes, default, *, required=False, ignored=False, option=""):
    return Parameter(name, role, unit, takes, default, required, ignored, option)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        pytest.param(
            "transformers.linear",
            parameter("num_warmup_steps", "warmup steps", "steps", "duration", None,
                      required=True, option="--warmup"),
            id="required warmup",
        ),
        pytest.param(
            "transformers.constant",
            parameter("num_training_steps", "run length", "ticks", "duration", "none", ignored=True),
            id="ignored",
        ),
        pytest.param(
            "torch.OneCycleLR",
            parameter("max_lr", "peak LR", "LR", "number or list", None, required=True, option="--lr"),
            id="one for each group",
        ),
        pytest.param(
            "torch.OneCycleLR",
            parameter("anneal_strategy", "choice", "", "cos|linear", "cos"),
            id="choice",
        ),
        pytest.param(
            "torch.OneCycleLR",
            parameter("three_phase", "switch", "", "true|false", "false"),
            id="switch",
        ),
        pytest.param(
            "torch.OneCycleLR",
            parameter("pct_start", "warmup as a fraction of the run", "fraction of the run", "number", "0.3",
                      option="--warmup"),
            id="fraction",
        ),
        pytest.param(
            "torch.MultiStepLR",
            parameter("milestones", "ticks", "ticks", "list of durations", None, required=True),
            id="list of durations",
        ),
        pytest.param(
            "torch.LambdaLR",
            parameter("lr_lambda", "function", "", "expression or list", None, required=True),
            id="function",
        ),
        pytest.param(
            "torch.CosineAnnealingLR",
            parameter("eta_min", "lowest LR", "LR", "number", "0.0", option="--min-lr"),
            id="floor",
        ),
    ],
)  # fmt: skip
def test_a_parameter_is_described(name, wanted):
    assert wanted in Description(find(name)).parameters


def test_a_starter_names_what_it_fills():
    assert Description(find("cosine_with_min_lr")).starter == {"num_warmup_steps": "0", "min_lr_rate": "0.1"}


# --- examples --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_example_pasted_back_is_the_example(entry):
    made = example(entry)
    run_of = {"steps": STEPS, "lr": PEAK}
    again = resolve(parse(made.spec), run_of, examples=True, metrics=FLAT if made.flat else None)
    assert again.assumptions == ()
    np.testing.assert_array_equal(again.schedule(np.arange(STEPS)), made.schedule(np.arange(STEPS)))


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_line_to_type_can_be_typed(entry):
    made = example(entry)
    words = shlex.split(made.command("show"))
    assert words[:3] == ["lrviz", "show", made.spec]
    assert words[3:7] == ["--steps", "100", "--lr", "0.1"]
    assert words[7:] == (["--metric", "constant"] if made.flat else [])


def test_only_what_moves_on_a_metric_gets_a_flat_one():
    flat = {name for name, entry in catalogue().items() if example(entry).flat}
    assert flat >= {"torch.ReduceLROnPlateau", "transformers.reduce_lr_on_plateau", "transformers.greedy"}
    for name in catalogue().keys() - flat:
        entry = find(name)
        lrviz.schedule(name, entry.example, lr=PEAK if entry.takes_group else None)


def test_the_sparkline_follows_the_width():
    made = example(find("step"))  # halves at 30, 60 and 90
    assert made.sparkline(10) == "███▅▅▅▃▃▃▂"
    assert made.sparkline(10, ascii_only=True) == "@@@+++---."


# --- search ----------------------------------------------------------------------------------------------


def ids(found):
    return [one.entry.id for group in found.values() for one in group]


@pytest.mark.parametrize(
    ("words", "framework", "some", "never"),
    [
        pytest.param([], None, ["torch.StepLR", "transformers.linear"], [], id="everything"),
        pytest.param(["steplr"], None, ["torch.StepLR", "torch.MultiStepLR"], ["torch.SWALR"], id="name"),
        pytest.param(["ONECYCLE"], None, ["torch.OneCycleLR"], ["torch.StepLR"], id="case"),
        pytest.param(["get_wsd"], None, ["transformers.warmup_stable_decay"], [], id="alias"),
        pytest.param(["sgdr"], None, ["torch.CosineAnnealingWarmRestarts"], [], id="summary"),
        pytest.param(
            ["cosine", "floor"], None, ["transformers.cosine_with_min_lr"], ["transformers.cosine"],
            id="all words",
        ),
        pytest.param(["cosine"], "torch", ["torch.CosineAnnealingLR"], ["transformers.cosine"], id="of one"),
    ],
)  # fmt: skip
def test_search(words, framework, some, never):
    found = ids(search(words, framework))
    assert set(some) <= set(found)
    assert not set(never) & set(found)


def test_everything_is_listed_once():
    assert sorted(ids(search([]))) == sorted(catalogue())


@pytest.mark.parametrize(
    ("words", "framework", "message"),
    [
        pytest.param(
            ["zzz"], None, "no schedule of any framework has 'zzz' in its names or summary", id="one word"
        ),
        pytest.param(
            ["step", "zzz"], "torch", "no schedule of torch has 'step' and 'zzz' in its names or summary",
            id="of one framework",
        ),
    ],
)  # fmt: skip
def test_nothing_found(words, framework, message):
    with pytest.raises(UnknownScheduleError) as refusal:
        search(words, framework)
    assert (refusal.value.message, refusal.value.hint) == (message, "lrviz list shows all")


# --- namesakes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "some", "never"),
    [
        pytest.param(
            "transformers.cosine", ["torch.CosineAnnealingLR", "mmengine.CosineAnnealingLR"],
            ["torch.CosineAnnealingWarmRestarts", "transformers.cosine_with_restarts"], id="cosine",
        ),
        pytest.param(
            "transformers.cosine_with_restarts",
            ["torch.CosineAnnealingWarmRestarts", "keras.CosineDecayRestarts"], ["torch.CosineAnnealingLR"],
            id="restarts",
        ),
        pytest.param("torch.LinearLR", ["mmengine.LinearLR", "transformers.linear"], [], id="linear"),
        pytest.param("torch.ReduceLROnPlateau", ["transformers.reduce_lr_on_plateau"], [], id="underscores"),
    ],
)  # fmt: skip
def test_namesakes_share_a_name(name, some, never):
    found = {other.entry.id for other in namesakes(find(name))}
    assert set(some) <= found
    assert not set(never) & found


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_namesake_is_of_another_framework_and_sees_it_the_same_way(entry):
    for other in namesakes(entry):
        assert other.entry.framework.name != entry.framework.name
        back = next(one for one in namesakes(other.entry) if one.entry is entry)
        assert (back.step, bool(back.refusal)) == (other.step, bool(other.refusal))
        assert back.values == (other.values and other.values[::-1])


def compared(name, with_id):
    return next(other for other in namesakes(find(name)) if other.entry.id == with_id)


def test_where_namesakes_part():
    ours, theirs = "transformers.cosine", "torch.CosineAnnealingLR"
    assert compared(ours, theirs) == Namesake(find(theirs))  # without a warmup both are half a cosine
    linear = compared("torch.LinearLR", "transformers.linear")
    assert (linear.step, linear.values, linear.refusal) == (0, (PEAK / 3, PEAK), "")
    mmengine = compared("torch.LinearLR", "mmengine.LinearLR")
    assert mmengine.step == 1
    assert mmengine.values == pytest.approx((PEAK / 3 + PEAK * 2 / 15, PEAK / 3 + PEAK * 2 / 297), rel=1e-6)


def test_namesakes_part_past_the_end_too():
    keras = compared("transformers.cosine", "keras.CosineDecay")
    assert (keras.step, keras.values[1]) == (STEPS + 1, 0.0)  # one rises again, the other stays
    assert keras.values[0] > 0
    one_cycle = compared("torch.OneCycleLR", "paper.one_cycle")
    assert one_cycle.step == 0


def test_a_namesake_that_cannot_be_built_says_why():
    unbuilt = find("torch.LambdaLR")
    assert _compared(find("linear"), unbuilt) == Namesake(
        unbuilt, refusal="torch.LambdaLR needs lr_lambda (function)"
    )


# --- lrviz list ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 140, 200])
def test_the_list_fits_the_terminal(lrviz_says, width):
    lines = lrviz_says("list", COLUMNS=width).splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    rows = [line for line in lines if line.startswith("  ")]
    assert heads == [*frameworks(), "lrviz info NAME tells everything about one, lrviz show NAME draws it"]
    assert [row.split()[0] for row in rows] == [one.name for g in frameworks().values() for one in g]
    assert max(map(len, rows)) <= width
    assert any(row.endswith("…") for row in rows) == (width < 200)


def test_the_list_as_text(lrviz_says):
    assert lrviz_says("list sgdr --framework torch", COLUMNS=80) == (
        "torch 2.13.0\n"
        "  warm_restarts  █▁█▇▂▁█▇▆▅  Cosine cycles of T_0, T_0 T_mult, T_0 T_mult² …\n"
        "\n"
        "lrviz info NAME tells everything about one, lrviz show NAME draws it\n"
    )


def test_the_list_in_ascii(lrviz_says):
    shown = lrviz_says("list", PYTHONIOENCODING="ascii", COLUMNS=80)
    assert shown.isascii()
    assert "?" not in shown
    assert re.search(r"^  step +@@@\+\+\+---\.  Multiply the LR", shown, flags=re.MULTILINE)


def test_the_list_as_json(lrviz_says):
    found = json.loads(lrviz_says("list --format json --framework transformers wsd"))
    assert found == {
        "schema": 1,
        "schedules": [
            {
                "id": "transformers.warmup_stable_decay",
                "framework": "transformers",
                "version": find("wsd").framework.version,
                "names": ["wsd", "get_wsd_schedule", "warmup_stable_decay"],
                "summary": "Warmup, stable, decay (WSD).",
            }
        ],
    }


def test_the_list_as_markdown(lrviz_says):
    assert lrviz_says("list --format markdown --framework transformers wsd") == (
        "| framework | version | schedules |\n"
        "| --- | --- | --- |\n"
        "| transformers | 5.23.0 | 1 |\n"
        "\n"
        "## transformers 5.23.0\n"
        "\n"
        "| name | id | summary |\n"
        "| --- | --- | --- |\n"
        "| `wsd` | `transformers.warmup_stable_decay` | Warmup, stable, decay (WSD). |\n"
    )


# --- lrviz info ------------------------------------------------------------------------------------------


def test_info_as_text(lrviz_says):
    shown = lrviz_says("info torch.StepLR", COLUMNS=80)
    assert (
        shown.partition("\nelsewhere ")[0].rstrip("\n")
        == """\
torch.StepLR
Multiply the LR by gamma every step_size ticks.

██████████████████▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▂▂▂▂▂▂
100 steps: first 0.1, peak 0.1 at step 0, last 0.0125
lrviz show step:step_size=30,gamma=0.5 --steps 100 --lr 0.1
lrviz plot step:step_size=30,gamma=0.5 --steps 100 --lr 0.1

names     step, StepLR
formula   lr(t) = B gamma^(t // step_size).
edges     drops at t = step_size. A negative step_size acts as its absolute
          value, a fractional one at its whole multiples. step_size 0 is
          accepted and divides by zero at the first step().
source    torch 2.13.0 StepLR.
assumed   step_size=30%, where a short name leaves it out

parameter  what it is  takes     default   option
step_size  ticks       duration  required
gamma      factor      number    0.1
A duration is 100 (ticks), 6% (of the run) or 2ep (epochs)."""
    )


@pytest.mark.parametrize("entry", ENTRIES)
def test_info_is_whole_and_fits(entry, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    info([entry.id])
    shown = capsys.readouterr().out
    one = Description(entry)
    flat = " ".join(shown.split())
    for text in [entry.id, one.summary, *one.sections.values()]:
        assert " ".join(text.split()) in flat
    for param in one.parameters:
        assert re.search(rf"^{param.name}  ", shown, flags=re.MULTILINE)
        assert param.takes.replace("|", " | ") in flat or param.takes in flat
    for other in namesakes(entry):
        told = f"not compared: {other.entry.id}: {other.refusal}" if other.refusal else f"{other.entry.id} "
        assert told in flat
    assert ("a metric that stays flat" in shown) == example(entry).flat
    pasted = tuple(example(entry).command(command) for command in ("show", "plot"))
    names = {"parameter", *(param.name for param in one.parameters)}  # cells of the table are never cut
    wide = [line for line in shown.splitlines() if len(line) > 80 and line not in pasted]
    assert [line for line in wide if line.split()[0] not in names] == []


def test_info_without_a_name_lists(lrviz_says):
    assert lrviz_says("info") == lrviz_says("list")
    assert lrviz_says("info --format json") == lrviz_says("list --format json")


def test_info_as_json(lrviz_says):
    first, second = json.loads(lrviz_says("info linear torch.StepLR linear --format json"))["schedules"]
    assert (first["id"], second["id"]) == ("transformers.linear", "torch.StepLR")
    assert second["names"] == ["step", "StepLR"]
    assert second["momentum"] == ""
    assert second["starter"] == {"step_size": "30%"}
    assert second["example"] == {
        "spec": "step:step_size=30,gamma=0.5",
        "steps": 100,
        "lr": 0.1,
        "flat_metric": False,
    }
    assert [param["name"] for param in second["parameters"]] == ["step_size", "gamma"]
    theirs = next(other for other in first["namesakes"] if other["id"] == "torch.LinearLR")
    assert theirs == {"id": "torch.LinearLR", "step": 0, "values": [0.1, 0.1 / 3], "refusal": None}


@pytest.mark.parametrize(
    ("command", "error", "hint"),
    [
        pytest.param("info cosin", "unknown schedule 'cosin'", "did you mean cosine", id="no such name"),
        pytest.param("info cosine --format xml", "--format has no 'xml'", "one of text, json", id="format"),
        pytest.param(
            "list --format xml", "--format has no 'xml'", "one of text, json, markdown", id="list format"
        ),
        pytest.param("list --framework pytorch", "--framework has no 'pytorch'", "one of ", id="framework"),
        pytest.param(
            "list zzz", "no schedule of any framework has 'zzz' in its names or summary",
            "lrviz list shows all", id="no match",
        ),
    ],
)  # fmt: skip
def test_refusals(command, error, hint, tmp_path):
    done = run(tmp_path, *command.split())
    said, way = done.stderr.splitlines()
    assert (done.returncode, done.stdout, said) == (2, "", f"error: {error}")
    assert way.startswith(f"hint: {hint}")


@pytest.mark.parametrize(
    ("more", "bold"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_headings_are_bold_where_the_terminal_takes_it(more, bold, tmp_path):
    parent, child = pty.openpty()
    command = [sys.executable, "-c", START, "info", "step"]
    env = environment(tmp_path, **{"TERM": "xterm", **more})
    with subprocess.Popen(command, stdout=child, env=env) as process:
        os.close(child)
        shown = b""
        while piece := read(parent):
            shown += piece
    os.close(parent)
    assert process.returncode == 0
    assert shown.startswith(b"\x1b[1mtorch.StepLR\x1b[0m\r\n" if bold else b"torch.StepLR\r\n")
    assert (b"\x1b" in shown) == bold


def read(terminal):
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux says that the other end is closed
        return b""


# --- a TAB -----------------------------------------------------------------------------------------------


def tab(home, line, **more):
    words = line.split(" ")
    done = run(home, _LRVIZ_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=len(words) - 1, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "some", "never"),
    [
        *(
            pytest.param(
                f"lrviz {command} cos", ["cosine", "cosine_annealing"], ["linear", "torch.CosineAnnealingLR"],
                id=f"{command} NAME",
            )
            for command in ("plot", "show", "values", "info")
        ),
        pytest.param("lrviz show cosine --steps 5 lin", ["linear"], ["cosine"], id="second name"),
        pytest.param("lrviz plot torch.S", ["torch.StepLR", "torch.SWALR"], ["torch.LinearLR"], id="id"),
        pytest.param("lrviz info get_wsd", ["get_wsd_schedule"], ["wsd"], id="alias"),
        pytest.param(
            "lrviz info ",
            ["wsd", "LinearLR", "mmengine.LinearLR"],
            ["get_wsd_schedule", "torch.LinearLR"],
            id="no word",
        ),
        pytest.param("lrviz plot cosine --trainer t", ["transformers"], ["none"], id="--trainer"),
        pytest.param("lrviz plan --trainer ", ["transformers", "none"], [], id="--trainer of plan"),
        pytest.param("lrviz list --framework t", ["torch", "transformers"], ["keras"], id="--framework"),
        pytest.param("lrviz list --format ", ["text", "json", "markdown"], [], id="--format of list"),
        pytest.param("lrviz info --format j", ["json"], ["text"], id="--format of info"),
        pytest.param("lrviz plot cosine --format ", ["png", "svg", "pdf"], [], id="--format of plot"),
        pytest.param("lrviz values cosine --format ", ["csv", "json", "plain", "table"], [], id="of values"),
        pytest.param("lrviz show cosine --warmup-mode ", ["front", "over"], [], id="any listed choice"),
        pytest.param("lrviz ", ["list", "info", "plot"], [], id="commands"),
        pytest.param("lrviz info zzz", [], ["cosine"], id="nothing"),
    ],
)  # fmt: skip
def test_a_tab_offers(line, some, never, tmp_path):
    offered = tab(tmp_path, line)
    assert set(some) <= set(offered)
    assert not set(never) & set(offered)
    start = line.rpartition(" ")[2]
    assert [word for word in offered if not word.startswith(start)] == []


def test_a_shell_that_shows_help_gets_the_summary(tmp_path):
    done = run(tmp_path, _LRVIZ_COMPLETE="complete_fish", _TYPER_COMPLETE_ARGS="lrviz info Sequ",
               _TYPER_COMPLETE_FISH_ACTION="get-args")  # fmt: skip
    assert (
        done.stdout
        == "SequentialLR\tOne scheduler after another: number k takes over at milestones[k - 1]…\n"
    )


def test_a_tab_loads_no_more_than_names_need(tmp_path):
    probe = (
        "import atexit, sys; atexit.register(lambda: print(*sorted(sys.modules), file=open('modules', 'w')));"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe + START],
        cwd=tmp_path,
        env=environment(tmp_path, _LRVIZ_COMPLETE="complete_bash", COMP_WORDS="lrviz plot cos", COMP_CWORD=2),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "cosine" in done.stdout.split()
    loaded = (tmp_path / "modules").read_text(encoding="utf-8").split()
    assert {"matplotlib", "rich", "torch", "keras"}.isdisjoint(loaded)


@pytest.mark.parametrize("words", ["list", "info wsd"])
def test_the_catalogue_loads_neither_matplotlib_nor_rich(words, tmp_path):
    probe = "import sys; from lrviz.cli.main import _run; _run(sys.argv[1:], debug=True);"
    check = "assert {'matplotlib', 'rich', 'torch', 'keras'}.isdisjoint(sys.modules)"
    command = [sys.executable, "-c", f"{probe}{check}", *words.split()]
    subprocess.run(command, env=environment(tmp_path), capture_output=True, check=True)


# --- the README ------------------------------------------------------------------------------------------

MARKED = re.compile(r"(?<=<!-- frameworks -->\n)(.*?)(?=\n<!-- end of frameworks -->)", flags=re.DOTALL)


def test_the_readme_has_the_table_of_frameworks():
    table = markdown(frameworks()).partition("\n\n")[0]
    text = README.read_text(encoding="utf-8")
    if os.environ.get("LRVIZ_UPDATE_README"):
        README.write_text(MARKED.sub(lambda _: table, text), encoding="utf-8")
        return
    assert MARKED.findall(text) == [table]
