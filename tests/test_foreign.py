"""Trainers' own files and launch lines, each with the numbers that trainer's own code makes of it.

``foreign/<trainer>/cases.json`` names for each case its file, the ``options`` that say what that leaves open,
and either ``total``, ``warmup`` and ``lrs`` (an update and the LR of each group) or why the trainer stops
(``refused``).
``asks`` are the options that must be named where none is given; ``tolerance`` that of float32.
"""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import pytest
from commands import FOREIGN, run

from lrviz.inputs.foreign.known_trainers import all_trainers
from lrviz.inputs.foreign.opening import open_source
from lrviz.inputs.foreign.recognise import claimants

TRAINERS = sorted(path.parent.name for path in FOREIGN.glob("*/cases.json"))
CASES = [
    pytest.param(trainer, case, id=f"{trainer}-{name}")
    for trainer in TRAINERS
    for name, case in json.loads((FOREIGN / trainer / "cases.json").read_text()).items()
]


LIBRARY = "from sentence_transformers import SentenceTransformer"


def file_of(trainer, case):
    return str(FOREIGN / trainer / case["file"])


def lines_of(tmp_path, *words):
    done = run(tmp_path, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def the(kind, found=CASES):
    return [case for case in found if kind in case.values[1]]


@pytest.mark.parametrize(("trainer", "case"), the("lrs"))
def test_its_lr_and_its_end_are_the_trainers_and_its_traps_are_said(trainer, case, tmp_path):
    steps = ",".join(str(step) for step, *_ in case["lrs"])
    words = [file_of(trainer, case), *case["options"], "--at", steps, "--format", "json"]
    done = run(tmp_path, "values", *words)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    found = [lr for _, _, *lrs in document["rows"] for lr in lrs]
    expected = [lr for _, *lrs in case["lrs"] for lr in lrs]
    tolerance = case.get("tolerance", 1e-12) * max(map(abs, expected))
    assert document["total_steps"] == case["total"]
    assert found == pytest.approx(expected, rel=0, abs=tolerance)
    assert "looks at nothing in it" not in done.stderr
    assert [text for text in case.get("says", []) if text not in done.stderr] == []


def lengths(done):
    rows = csv.DictReader(done.stdout.splitlines())
    return {(float(row["total"]), float(row["warmup"])) for row in rows}


@pytest.mark.long
@pytest.mark.parametrize(("trainer", "case"), the("lrs"))
def test_its_lengths_are_the_trainers(trainer, case, tmp_path):
    done = run(tmp_path, "plan", file_of(trainer, case), *case["options"], "--format", "csv")
    assert lengths(done) == {(case["total"], case["warmup"])}
    assert [text for text in case.get("says", []) if text not in done.stderr] == []


@pytest.mark.parametrize(("trainer", "case"), [case for case in the("says") if "lrs" not in case.values[1]])
def test_its_traps_are_said_where_no_lr_is_recorded(trainer, case, tmp_path):
    done = run(tmp_path, "plan", file_of(trainer, case), *case["options"])
    assert [text for text in case["says"] if text not in done.stderr] == []


@pytest.mark.long
@pytest.mark.parametrize(("trainer", "case"), the("lrs"))
def test_the_length_of_its_curve_is_the_trainers(trainer, case, tmp_path):
    words = [file_of(trainer, case), *case["options"], "--columns", "total,warmup"]
    done = run(tmp_path, "show", *words, "--format", "csv", "-q")
    assert lengths(done) == {(case["total"], case["warmup"])}


@pytest.mark.long
@pytest.mark.parametrize(("trainer", "case"), the("lrs"))
def test_the_config_it_becomes_says_the_same(trainer, case, tmp_path):
    plan = run(tmp_path, "plan", file_of(trainer, case), *case["options"], "--format", "toml")
    (tmp_path / "same.toml").write_bytes(plan.output)
    assert tomllib.loads(plan.stdout)
    steps = ",".join(str(step) for step, *_ in case["lrs"])
    words = ["--at", steps, "--plain", "-q"]
    before = lines_of(tmp_path, "values", file_of(trainer, case), *case["options"], *words)
    assert lines_of(tmp_path, "values", "same.toml", *words) == before
    assert lengths(run(tmp_path, "plan", "same.toml", "--format", "csv")) == {(case["total"], case["warmup"])}


@pytest.mark.parametrize(("trainer", "case"), the("refused"))
def test_what_the_trainer_refuses_is_refused(trainer, case, tmp_path):
    done = run(tmp_path, "show", file_of(trainer, case), *case["options"])
    assert done.returncode == 2
    assert case["refused"] in done.stderr
    assert Path(case["file"]).name in done.stderr
    assert "hint: " in done.stderr


@pytest.mark.parametrize(("trainer", "case"), the("asks"))
def test_everything_it_does_not_say_is_asked_for_at_once(trainer, case, tmp_path):
    done = run(tmp_path, "show", file_of(trainer, case))
    assert (done.returncode, done.stdout, "Unknown(" in done.stderr) == (2, "", False)
    hint = done.stderr.splitlines()[-1]
    assert [word for word in hint.split() if word.startswith("--") or "=" in word] == case["asks"]


@pytest.mark.parametrize("trainer", TRAINERS)
def test_every_file_is_of_a_case(trainer):
    files = [path for path in (FOREIGN / trainer).rglob("*") if path.is_file()]
    texts = {path: path.read_text() for path in files}
    named = {
        path for path in files if any(path.stem in text for other, text in texts.items() if other != path)
    }
    assert {*files} - named == {FOREIGN / trainer / "cases.json"}


@pytest.mark.parametrize("trainer", TRAINERS)
def test_just_one_trainer_claims_it(trainer):
    for path in sorted(
        {FOREIGN / trainer / row.values[1]["file"] for row in CASES if row.values[0] == trainer}
    ):
        source = open_source(path.read_bytes(), path.name, path.suffix, path.parent, {})
        assert len(claimants(source)) == 1, (path.name, [one.name for one in claimants(source)])


@pytest.mark.parametrize(
    ("call", "claimed"),
    [
        pytest.param('CrossEncoder("x").fit(train_dataloader=d)', ["sentence_transformers"], id="a method"),
        pytest.param("model.fit(train_objectives=[(d, loss)])", ["sentence_transformers"], id="of a model"),
        pytest.param("fit(train_dataloader=d, lr=1e-3)", [], id="a function of one's own"),
        pytest.param(f"{LIBRARY}\nPCA(2).fit(x)", [], id="scikit-learn's"),
        pytest.param(
            f"{LIBRARY}\nsvm.fit([[1, 2, 3]], [0], sample_weight=w)", [], id="scikit-learn's, of rows"
        ),
        pytest.param(f"{LIBRARY}\nmodel.fit(x, epochs=3, batch_size=8)", [], id="Keras'"),
        pytest.param(f"{LIBRARY}\nmodel.fit([(d, loss)])", ["sentence_transformers"], id="of pairs"),
        pytest.param(
            f"{LIBRARY}\nmodel.fit(d, epochs=1)", ["sentence_transformers"], id="with its own words"
        ),
    ],
)
def test_a_fit_is_a_models(call, claimed):
    source = open_source(f"{call}\n".encode(), "train.py", ".py", Path(), {})
    assert [one.name for one in claimants(source)] == claimed


@pytest.mark.parametrize("module", ["main", "main_eval", "main_generation", "main_generation_server"])
def test_a_module_of_verl_that_trains_nothing_is_nobodys(module, tmp_path):
    done = run(tmp_path, "plan", "--", "python", "-m", f"verl.trainer.{module}", "data.path=x.parquet")
    assert done.returncode == 2
    assert "no command of a trainer that is known" in done.stderr


def test_no_two_trainers_share_a_name():
    names = [name for one in all_trainers() for name in (one.name, *one.aliases)]
    assert len(set(names)) == len(names)


def test_what_a_trainer_puts_in_the_place_of_a_default_is_not_shown_as_one(tmp_path):
    text = (FOREIGN / "nemo" / "recipe.yaml").read_text().replace("    max_steps: 9000\n", "")
    (tmp_path / "a.yaml").write_text(text)
    plan = run(tmp_path, "plan", "a.yaml")
    assert ("trainer.max_steps" in plan.stdout, "sched.max_steps" in plan.stdout) == (True, False)
