"""The catalogue for people: what is read off an entry, namesakes, ``lrviz list``.

``LRVIZ_UPDATE_README=1 python -m pytest tests/test_catalogue.py`` rewrites the README's table of frameworks.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import re
import shlex
from collections import Counter

import numpy as np
import pytest
from commands import README
from every import for_every_schedule

import lrviz
from lrviz.catalogue.names import find
from lrviz.catalogue.registry import catalogue
from lrviz.describe.description import Description, Parameter
from lrviz.describe.example import FLAT, PEAK, STEPS, example
from lrviz.describe.listing import frameworks, markdown, search
from lrviz.describe.namesakes import Namesake, _compared, namesakes
from lrviz.errors import UnknownScheduleError
from lrviz.notation.spec import parse
from lrviz.resolve.defaults import assumed
from lrviz.resolve.resolve import resolve

# --- what is read off an entry ---------------------------------------------------------------------------


@for_every_schedule
def test_every_part_of_the_docstring_is_found(entry):
    one = Description(entry)
    assert list(one.sections) == ["formula", "momentum", "edges", "raises", "source"]
    assert all([one.summary, one.sections["formula"], one.sections["edges"], one.sections["source"]])
    told = " ".join(
        [one.summary, *(f"{head.capitalize()}: {text}" for head, text in one.sections.items() if text)]
    )
    written = inspect.getdoc(entry.function).replace("``", "")
    assert Counter(told.split()) == Counter(written.split())


@for_every_schedule
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


@pytest.mark.long
@for_every_schedule
def test_the_example_pasted_back_is_the_example(entry):
    made = example(entry)
    run_of = {"steps": STEPS, "lr": PEAK}
    again = resolve(parse(made.spec), run_of, examples=True, metrics=FLAT if made.flat else None)
    assert assumed(again.origins) == {}
    np.testing.assert_array_equal(again.schedule(np.arange(STEPS)), made.schedule(np.arange(STEPS)))


@for_every_schedule
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
        pytest.param(["own"], None, ["adaptive.adadelta"], ["torch.CosineAnnealingLR"], id="an end"),
        pytest.param(["anneal"], None, ["torch.CosineAnnealingLR"], ["torch.StepLR"], id="within capitals"),
        pytest.param(["sqrt"], None, ["transformers.inverse_sqrt"], ["torch.StepLR"], id="behind a stroke"),
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
        pytest.param("transformers.warmup_stable_decay", ["timm.WSDLRScheduler"], [], id="capitals"),
    ],
)  # fmt: skip
def test_namesakes_share_a_name(name, some, never):
    found = {other.entry.id for other in namesakes(find(name))}
    assert set(some) <= found
    assert not set(never) & found


@functools.cache
def namesakes_of(name):
    return namesakes(find(name))


@for_every_schedule
def test_a_namesake_is_of_another_framework_and_sees_it_the_same_way(entry):
    for other in namesakes_of(entry.id):
        assert other.entry.framework.name != entry.framework.name
        back = next(one for one in namesakes_of(other.entry.id) if one.entry is entry)
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


@pytest.mark.long
@pytest.mark.parametrize("width", [60, 80, 140, 200])
def test_the_list_fits_the_terminal(lrviz_says, width):
    lines = lrviz_says("list", COLUMNS=width).splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    rows = [line for line in lines if line.startswith("  ")]
    count = len(frameworks())
    assert heads[:count] == [*frameworks()]
    assert " ".join(heads[count:]) == "lrviz info NAME tells everything about one, lrviz show NAME draws it"
    names = [row.split()[0] for row in rows if not row.startswith("    ")]
    assert names == [one.name for group in frameworks().values() for one in group]
    assert max(map(len, rows)) <= width


def test_the_list_as_text(lrviz_says):
    assert lrviz_says("list sgdr --framework torch", COLUMNS=80) == (
        "torch 2.13.0\n"
        "  warm_restarts  █▁█▇▂▁█▇▆▅\n"
        "    Cosine cycles of T_0, T_0 T_mult, T_0 T_mult² … ticks, each from the LR\n"
        "    towards eta_min (SGDR).\n"
        "\n"
        "lrviz info NAME tells everything about one, lrviz show NAME draws it\n"
    )


@pytest.mark.long
@pytest.mark.parametrize("width", [40, 80, 200, None])
def test_a_summary_is_told_in_full(lrviz_says, width):
    told = " ".join(lrviz_says("list", **({"COLUMNS": width} if width else {})).split())
    assert all(one.summary in told for group in frameworks().values() for one in group)


def test_a_pipe_has_a_line_for_each(lrviz_says):
    rows = [line for line in lrviz_says("list").splitlines() if line.startswith("  ")]
    assert len(rows) == sum(map(len, frameworks().values()))


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


# --- the README ------------------------------------------------------------------------------------------

MARKED = re.compile(r"(?<=<!-- frameworks -->\n)(.*?)(?=\n<!-- end of frameworks -->)", flags=re.DOTALL)


def test_the_readme_has_the_table_of_frameworks():
    table = markdown(frameworks()).partition("\n\n")[0]
    text = README.read_text(encoding="utf-8")
    if os.environ.get("LRVIZ_UPDATE_README"):
        README.write_text(MARKED.sub(lambda _: table, text), encoding="utf-8")
        return
    assert MARKED.findall(text) == [table]
