"""How a picture shows its curves: what the options and ``[output]`` of a config say, and what is refused."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest
from commands import run
from configs import FLAT, write
from pictured import tick_labels, view_of, words

from lrviz import Plan, evaluate
from lrviz.curves.picture import picture_of
from lrviz.draw.image import draw
from lrviz.errors import LrvizError
from lrviz.inputs.config.job import loads
from lrviz.notation.spec import parse_typed
from lrviz.view.place import AXES, ruler_of
from lrviz.view.view_keys import VIEW, read_view

WHOLE = Plan(dataset_len=1235, batch_size=32, epochs=50)


@pytest.mark.parametrize("name", VIEW)
def test_none_of_a_key_is_nothing_said(name):
    assert read_view({name: None}) == read_view({})


@pytest.mark.parametrize(
    ("plan", "said", "places"),
    [
        pytest.param(WHOLE, {}, {0: 0, 7: 7, 1950: 1950}, id="steps"),
        pytest.param(WHOLE, {"x": "epoch"}, {0: 0, 39: 1, 1950: 50}, id="epochs"),
        pytest.param(WHOLE, {"x": "percent"}, {0: 0, 195: 10, 1950: 100}, id="percents"),
        pytest.param(
            WHOLE, {"x": "samples"}, {1: 32, 38: 1216, 39: 1235, 40: 1267, 1950: 61750}, id="samples"
        ),
        pytest.param(
            Plan(dataset_len=1235, batch_size=32, epochs=2, drop_last=True),
            {"x": "samples"},
            {38: 1216, 39: 1248, 76: 2432},
            id="the last batch is dropped",
        ),
        pytest.param(Plan(steps=9, batch_size=4), {"x": "samples"}, {9: 36}, id="no dataset"),
        pytest.param(
            Plan(dataset_len=100, batch_size=4, grad_accum=2, world_size=3, epochs=2),
            {"x": "samples"},
            {1: 24, 4: 96, 5: 100, 10: 200},
            id="processes and accumulation",
        ),
        pytest.param(WHOLE, {"x": "tokens", "tokens_per_step": "64k"}, {1: 64000, 39: 2496000}, id="tokens"),
        pytest.param(
            WHOLE, {"x": "tokens", "seq_len": 2048}, {1: 65536, 39: 1235 * 2048}, id="tokens of samples"
        ),
        pytest.param(Plan(steps=2**53), {"x": "percent"}, {2**52: 50, 2**53: 100}, id="the longest run"),
    ],
)
def test_where_a_step_stands(plan, said, places):
    ruler = ruler_of(view_of(**said), plan)
    steps, wanted = np.array([*places], dtype=float), [*places.values()]
    assert ruler.place(steps).tolist() == pytest.approx(wanted, rel=1e-15)
    assert [ruler.place(float(step)) for step in places] == pytest.approx(wanted, rel=1e-15)
    assert [ruler.step(place, plan.total_steps) for place in ruler.place(steps)] == [*places]


@pytest.mark.parametrize(
    ("specs", "said", "ends"),
    [
        pytest.param(["cosine:warmup=10"], {}, (0, 1950), id="all"),
        pytest.param(["cosine:warmup=10"], {"start": "10%", "stop": "20%"}, (195, 390), id="percents"),
        pytest.param(["cosine:warmup=10"], {"start": "2ep", "stop": "500"}, (78, 500), id="epochs, steps"),
        pytest.param(["cosine:warmup=10"], {"x": "epoch", "stop": "2.5ep"}, (0, 2.5), id="half an epoch"),
        pytest.param(["cosine:warmup=10"], {"x": "epoch", "stop": "78"}, (0, 2), id="steps as epochs"),
        pytest.param(
            ["cosine:warmup=10,epochs=5", "linear:warmup=0"],
            {"x": "percent", "start": "50%"},
            (50, 100),
            id="percents of two lengths",
        ),
        pytest.param(
            ["cosine:warmup=10,batch_size=64", "linear:warmup=0"],
            {"x": "samples"},
            (0, 61750),
            id="samples of two batches",
        ),
    ],
)
def test_what_is_in_view(specs, said, ends):
    picture = picture_of([row for spec in specs for row in evaluate(f"{spec},lr=1", WHOLE).rows], "lr",
                         view_of(**said))  # fmt: skip
    assert picture.steps == ends
    for line in picture.lines:
        assert (line.x[0], line.x[-1]) == (
            pytest.approx(ends[0], abs=0.5),
            pytest.approx(ends[1], rel=2e-2),
        )


@pytest.mark.parametrize(
    ("said", "ticks"),
    [
        pytest.param({"x": "percent"}, ["0%", "20%", "40%", "60%", "80%", "100%"], id="percents"),
        pytest.param({"x": "epoch"}, ["0", "10", "20", "30", "40", "50"], id="epochs"),
        pytest.param(
            {"x": "samples"}, ["0", "10 000", "20 000", "30 000", "40 000", "50 000", "61 750"], id="samples"
        ),
        pytest.param(
            {"x": "tokens", "tokens_per_step": "1e9"}, ["0", "0.5", "1", "1.5", "1.95"], id="trillions"
        ),
        pytest.param({"start": "40", "stop": "44"}, ["40", "41", "42", "43", "44"], id="a few steps"),
    ],
)
def test_the_ticks_of_what_is_counted(said, ticks):
    figure = draw(picture_of(evaluate("cosine:warmup=10,lr=1", WHOLE).rows, "lr", view_of(**said)))
    assert [text.replace("\u202f", " ") for text in tick_labels(figure.axes[0].xaxis)] == ticks


@pytest.mark.parametrize("x", ["step", "epoch", "percent", "samples"])
@pytest.mark.parametrize(
    ("warmup", "phases"),
    [
        pytest.param(100, 1, id="the same"),
        pytest.param(101, 1, id="but for a step"),
        pytest.param(109, 0, id="no"),
    ],
)
def test_a_warmup_is_shared_on_every_axis(x, warmup, phases):
    rows = [
        evaluate(f"{spec},lr=1", WHOLE).rows[0] for spec in ("cosine:warmup=100", f"linear:warmup={warmup}")
    ]
    assert len(picture_of(rows, "lr", view_of(x=x)).phases) == phases


def test_a_view_of_a_part_is_evaluated_anew():
    """Each of the steps in view is drawn, of a run that has more than there are columns."""
    curve = evaluate("cosine_with_restarts:num_cycles=400,warmup=0,lr=1,steps=1000000")
    (line,) = picture_of(curve.rows, "lr", view_of(start="500000", stop="500200")).lines
    assert line.x.tolist() == list(range(500_000, 500_201))
    assert line.y.tolist() == curve.lr[500_000:500_201].tolist()


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        pytest.param("--x tokens", "how many tokens a step has", "give --tokens-per-step 65536", id="tokens"),
        pytest.param("--x samples --steps 9", "how many samples a step has", "--batch-size 32", id="samples"),
        pytest.param(
            "--x epoch --steps 9", "how many steps an epoch has", "--steps-per-epoch 39", id="epochs"
        ),
        pytest.param(
            "--x tokens --seq-len 8 --steps 9", "samples a step has", "--batch-size 32", id="no batch"
        ),
        pytest.param("--seq-len 8", "seq_len is given", "leave out", id="tokens of nothing"),
        pytest.param("--tokens-per-step 8", "counts nothing", "give --x tokens too", id="tokens of no axis"),
        pytest.param("--mark 1950", "mark=1950 is step 1950", "--mark 1949", id="a mark behind the last"),
        pytest.param("--mark 5 --from 10", "in view are 10 to 1949", "--mark 1949", id="a mark out of view"),
        pytest.param("--mark 1,x", "mark='x' is not a duration", "type steps", id="a mark that is none"),
        pytest.param("--legend left", "legend must be one of", "--legend labels", id="no such legend"),
        pytest.param(
            "--panels difference", "stands below another panel", "--panels linear,difference", id="of nothing"
        ),
        pytest.param(
            "--panels difference,log", "stands below another", "--panels log,difference", id="not below"
        ),
        pytest.param("--to 0", "nothing lies between from=0 and to=0", "--to 100%", id="nothing"),
        pytest.param("--size 1280x720", "has no unit", "--size 1280x720px", id="pixels without a unit"),
        pytest.param("--size 3.25x2.5", "has no unit", "--size 3.25x2.5in", id="inches without a unit"),
        pytest.param("--size 9000x6000px", "pixels is larger", "--size 8660x5773px", id="many pixels"),
        pytest.param("--size slide --dpi 2400", "pixels is larger", "--dpi 707 or less", id="many dots"),
        pytest.param('--quantity ""', "--quantity: empty value", "give one", id="nothing to show"),
        pytest.param("--panels log,log", "panels must be", "--panels linear,log", id="a panel twice"),
        pytest.param("--panels linear,difference", "is of two schedules", "name two", id="one curve"),
        pytest.param("--log --panels linear", "in two ways", "leave out --log", id="panels in two ways"),
        pytest.param("--size 101x5in", "up to 100in", "--size slide", id="a wall"),
        pytest.param("--log --lr 0", "no value is above 0", "give --linear", id="a logarithm of nothing"),
        pytest.param("--x epochs", "x must be one of", "--x epoch", id="no such axis"),
        pytest.param(
            "--from 5ep --to 100", "nothing lies between", "--from 0", id="the end before the start"
        ),
        pytest.param(
            "linear:steps=9 --x epoch", "linear: x=epoch: how many", "--steps-per-epoch 39", id="one of two"
        ),
        pytest.param("--from 1950", "from=1950 is not before the end", "give --from 50%", id="from the end"),
        pytest.param("--to 2000", "to=2000 lies behind the end", "leave out --to", id="behind the end"),
        pytest.param("--from -1", "is negative", "type 0 or more", id="before the start"),
        pytest.param("--from 1.5", "could be steps or a share", "type 1 for one step", id="either"),
        pytest.param(
            "linear:epochs=2 --from 50%", "is not one step", "--x percent with a percent", id="two steps"
        ),
        pytest.param(
            "linear:epochs=2 --from 100", "linear has no step in view", "other --from", id="over by then"
        ),
    ],
)
def test_what_cannot_be_shown_is_refused(words, said, hint, tmp_path):
    done = run(tmp_path, "plot", "cosine", "--warmup", "0", *shlex.split(words), "-o", "x.png")
    assert done.returncode == 2
    error, way = done.stderr.splitlines()[-2:]
    assert (said in error, hint in way) == (True, True), done.stderr
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize(
    ("specs", "said", "there", "gone"),
    [
        pytest.param(["cosine"], {}, ["peak 1", "last 0.02447"], ["cosine"], id="as usual"),
        pytest.param(["cosine"], {"marks": False}, [], ["peak 1", "last 0.02447"], id="no marks"),
        pytest.param(["cosine"], {"mark": "5,50%"}, ["0.5", "step 5", "peak 1"], [], id="values at steps"),
        pytest.param(["cosine"], {"mark": "3", "marks": False}, ["0.7939"], ["peak 1"], id="a value alone"),
        pytest.param(["cosine"], {"legend": "box"}, ["cosine  1", "peak 1"], [], id="one curve in a box"),
        pytest.param(["cosine", "linear"], {}, ["cosine", "linear"], [], id="names"),
        pytest.param(["cosine", "linear"], {"legend": "labels"}, ["cosine", "linear"], [], id="labels"),
        pytest.param(["cosine", "linear"], {"legend": "box"}, ["cosine", "linear"], [], id="a box"),
        pytest.param(["cosine", "linear"], {"legend": "none"}, [], ["cosine", "linear"], id="no legend"),
        pytest.param(
            ["cosine", "linear"], {"mark": "2"}, ["0.9045", "0.8", "step 2"], [], id="of two curves"
        ),
        pytest.param(
            ["cosine"],
            {"mark": "0,4,9"},
            ["peak 1", "0.6545", "last 0.02447"],
            ["1", "0.02447"],
            id="a step that has a name",
        ),
        pytest.param(["cosine"], {"mark": "0", "marks": False}, ["1"], ["peak 1"], id="and has it not"),
    ],
)
def test_what_is_written_at_the_curves(specs, said, there, gone):
    rows = [row for spec in specs for row in evaluate(f"{spec}:warmup=0,lr=1,steps=10").rows]
    shown = words(draw(picture_of(rows, "lr", view_of(title="", **said))))
    assert [text for text in there if text not in shown] == []
    assert [text for text in gone if text in shown] == []


@pytest.mark.parametrize(
    ("said", "panels"),
    [
        pytest.param({}, ["learning rate", "learning rate (log)"], id="automatic"),
        pytest.param({"log": False}, ["learning rate"], id="linear"),
        pytest.param({"log": True}, ["learning rate (log)"], id="log"),
        pytest.param({"panels": "log,linear"}, ["learning rate (log)", "learning rate"], id="log first"),
        pytest.param({"panels": "linear,difference"}, ["learning rate", "difference"], id="difference"),
        pytest.param(
            {"panels": "linear,log,difference"},
            ["learning rate", "learning rate (log)", "difference"],
            id="all of them",
        ),
    ],
)
def test_the_panels(said, panels):
    specs = ("cosine:warmup=0", "step:step_size=300")
    one, other = (evaluate(f"{spec},lr=1,steps=3000") for spec in specs)
    figure = draw(picture_of([*one.rows, *other.rows], "lr", view_of(**said)))
    assert [axes.get_ylabel() for axes in figure.axes] == panels
    if panels[-1] == "difference":
        less = f"difference: {other.label} less {one.label} · "
        assert any(text.get_text().startswith(less) for text in figure.texts)
        drawn = max(figure.axes[-1].lines, key=lambda line: len(line.get_xdata()))
        x, y = (np.asarray(drawn.get_data()[place], dtype=float) for place in (0, 1))
        at = x.astype(int)
        assert y.tolist() == (other.lr[at] - one.lr[at]).tolist()
        assert np.abs(y).max() == np.abs(other.lr - one.lr).max()


@pytest.mark.parametrize("key", VIEW.values(), ids=VIEW)
def test_a_key_means_the_same_in_an_option_and_in_a_config(key):
    for text in (key.example, *key.choices):
        as_typed = key.read(parse_typed(key.name, text) if key.metavar else text == "true")
        for raw in (text, *_as_json(text)):
            if key.metavar or not isinstance(raw, str):
                config = {"schedule": [{"name": "cosine"}], "output": {key.name: raw}}
                ((name, value),) = loads(json.dumps(config).encode(), "run.json").view
                assert (name, key.read(value)) == (key.name, as_typed)


def _as_json(text):
    try:
        return [json.loads(text)]
    except ValueError:
        return []


@pytest.mark.parametrize(
    ("x", "counted"), [("", "steps"), *((x, f"{axis.unit}s") for x, axis in AXES.items() if x != "tokens")]
)
def test_tokens_count_nothing_on_another_axis(x, counted):
    with pytest.raises(LrvizError, match=f"counts nothing on an axis of {counted}$"):
        read_view({"x": x, "tokens_per_step": 8} if x else {"tokens_per_step": 8})


@pytest.mark.parametrize("key", VIEW.values(), ids=VIEW)
def test_rivals_are_rivals_of_each_other(key):
    rivals = [rival for rival in key.rivals if rival in VIEW]
    assert [rival for rival in rivals if key.name not in VIEW[rival].rivals] == []
    for rival in rivals:
        with pytest.raises(LrvizError, match="in two ways"):
            read_view(
                {key.name: parse_typed(key.name, key.example), rival: parse_typed(rival, VIEW[rival].example)}
            )


@pytest.mark.long
@pytest.mark.parametrize(
    ("output", "words", "same"),
    [
        pytest.param('x = "percent"', "", "--x percent", id="of the config"),
        pytest.param('x = "percent"', "--x step", "--x step", id="an option wins"),
        pytest.param("log = true", "--linear", "--linear", id="a switch that says no"),
        pytest.param('from = "10%"\nto = 8', "", "--from 10% --to 8", id="from and to"),
        pytest.param('title = "5"', "", "--title 5", id="a title that looks like a number"),
    ],
)
def test_a_config_says_the_same(output, words, same, tmp_path):
    write(tmp_path / "run.toml", f"{FLAT}\n[output]\n{output}\n")
    write(tmp_path / "plain.toml", FLAT)
    assert run(tmp_path, "plot", "run.toml", *words.split(), "-o", "a.png").returncode == 0
    assert run(tmp_path, "plot", "plain.toml", *same.split(), "-o", "b.png").returncode == 0
    a, b = ((tmp_path / name).read_bytes() for name in ("a.png", "b.png"))
    assert a == b
