"""What a notebook gives to a shell, and files that only another program reads."""

from __future__ import annotations

import json
import re

import pytest
from commands import run
from configs import write

TRAINS = "run_glue.py --do_train --output_dir o --per_device_train_batch_size 8"
AXOLOTL = "base_model: x\nmicro_batch_size: 2\nnum_epochs: 3\nlearning_rate: 2e-4\ndatasets: []"


def notebook(*cells):
    sources = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": sources}, indent=1)


def total(tmp_path, *cells):
    write(tmp_path / "a.ipynb", notebook(*cells))
    done = run(tmp_path, "plan", "a.ipynb", "--dataset-len", "1000", "--get", "total")
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(
            ["!pip install x", f"!torchrun --nproc_per_node 2 {TRAINS} --num_train_epochs 3"],
            "189",
            id="a line",
        ),
        pytest.param(
            ["EPOCHS = 4\nBATCH = 8", f"!python {TRAINS} --num_train_epochs $EPOCHS"],
            "500",
            id="a name of Python",
        ),
        pytest.param(
            ["EPOCHS = 4  # so many", f"!python {TRAINS} --num_train_epochs {{EPOCHS}}"],
            "500",
            id="in braces",
        ),
        pytest.param([f"!python {TRAINS} \\\n  --num_train_epochs 2"], "250", id="several lines"),
        pytest.param(
            [f"%%bash\nexport N=2\ntorchrun --nproc_per_node $N {TRAINS} --num_train_epochs 3"],
            "189",
            id="a cell of bash",
        ),
        pytest.param(
            [f"%%writefile a.sh\npython {TRAINS} --num_train_epochs 2", "!bash a.sh"], "250", id="a script"
        ),
        pytest.param(
            ["%env EPOCHS=5", f"!python {TRAINS} --num_train_epochs $EPOCHS"], "625", id="a variable"
        ),
        pytest.param(
            ["from transformers import TrainingArguments\nTrainingArguments('o', num_train_epochs=1)", "!ls"],
            "does not say how many processes run; it says num_train_epochs=1",
            id="Python that trains",
        ),
    ],
)
def test_commands_of_a_notebook_are_read(tmp_path, cells, expected):
    assert expected in total(tmp_path, *cells)


@pytest.mark.parametrize(
    ("before", "braces", "told", "is_asked", "expected"),
    [
        pytest.param("EPOCHS = 2", "{EPOCHS*2}", "", False, "500", id="a product"),
        pytest.param("A = 2\nB = 1", "{(A + B) * A - 3}", "", False, "375", id="a sum"),
        pytest.param("EPOCHS = 2", "{EPOCHS*2}", "--given EPOCHS=3", False, "750", id="of what is given"),
        pytest.param("E = 2", "{E!r}", "", False, "250", id="as Python writes it"),
        pytest.param("E = 2", "{E*2!s}", "--given E=3", False, "750", id="a product as a text"),
        pytest.param("x = 1", "{2 * 3}", "", False, "750", id="of numbers alone"),
        pytest.param("x = 1", "{2e1 / 5}", "", False, "500", id="no whole numbers alone"),
        pytest.param("x = 1", "{E!r}", "--given E=2", True, "250", id="what nobody sets, written"),
        pytest.param('E = "1"', "{E!r}", "--epochs 3", True, "375", id="a text with its quotes"),
        pytest.param("x = 1", "{E*2}", "--given E=2", True, "500", id="of what nobody sets"),
        pytest.param("EPOCHS = 1.5", "{EPOCHS*2}", "--epochs 3", True, "375", id="no whole number"),
        pytest.param('E = "1"', "{E*2}", "--epochs 11", True, "1375", id="a text"),
        pytest.param("E = 7", "{E // 2}", "--epochs 3", True, "375", id="a quotient"),
        pytest.param("c = dict(e=2)", "{c['e']}", "--epochs 2", True, "250", id="an item"),
    ],
)
def test_what_stands_in_braces_is_computed_or_asked_for(tmp_path, before, braces, told, is_asked, expected):
    write(tmp_path / "a.ipynb", notebook(before, f"!python {TRAINS} --num_train_epochs {braces}"))
    plan = ["plan", "a.ipynb", "--dataset-len", "1000", "--get", "total"]
    done = run(tmp_path, *plan, *told.split())
    assert (done.returncode, done.stdout) == (0, f"{expected}\n"), done.stderr
    asked = run(tmp_path, *plan)
    hint = re.sub(r"[=\s]\d+$", "", told)
    assert asked.returncode == (2 if is_asked else 0)
    assert not is_asked or f"hint: give {hint}" in asked.stderr, asked.stderr


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(
            [f"!python {TRAINS} --max_steps 100", f"!python {TRAINS} --max_steps 200"], id="in cells"
        ),
        pytest.param([f"!python {TRAINS} --max_steps 100\n!python {TRAINS} --max_steps 200"], id="in one"),
        pytest.param(
            [f"%%bash\npython {TRAINS} --max_steps 100", f"!python {TRAINS} --max_steps 200"], id="of bash"
        ),
    ],
)
def test_of_several_commands_one_is_chosen_as_the_hint_says(tmp_path, cells):
    write(tmp_path / "a.ipynb", notebook(*cells))
    asked = run(tmp_path, "plan", "a.ipynb")
    first, second = re.findall(r"run_glue.py in line (\d+)", asked.stderr)
    assert f"hint: --given line={first} takes the first\n" in asked.stderr
    totals = [
        run(tmp_path, "plan", "a.ipynb", "--given", f"line={one}", "--get", "total")
        for one in (first, second)
    ]
    assert [one.stdout for one in totals] == ["100\n", "200\n"]


def test_a_file_that_a_cell_writes_is_read_as_it_is_written(tmp_path):
    write(tmp_path / "a.ipynb", notebook(f"%%writefile train.yaml\n{AXOLOTL}", "!axolotl train train.yaml"))
    done = run(tmp_path, "plan", "a.ipynb", "--dataset-len", "80", "--world-size", "1", "--get", "total")
    assert (done.returncode, done.stdout) == (0, "120\n"), done.stderr


@pytest.mark.parametrize(
    ("cells", "asks"),
    [
        pytest.param(["import json\njson.dump(args, open('a.json', 'w'))"], True, id="where it is named"),
        pytest.param(
            ["NAME = 'a.json'", "with open(NAME, 'w') as file:\n    x.dump(args, file)"], True, id="before"
        ),
        pytest.param(["args = json.load(open('a.json'))"], False, id="only read"),
        pytest.param(["NAME = 'a.json'", "print(args)"], False, id="only named"),
    ],
)
def test_a_file_that_python_of_a_notebook_writes_is_asked_for(tmp_path, cells, asks):
    write(tmp_path / "a.json", '{"learning_rate": 1e-4, "num_train_epochs": 1, "output_dir": "o"}')
    said = total(tmp_path, *cells, "!python run_glue.py a.json")
    assert ("what python makes of a.json is not known" in said) == asks, said


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(["LR = 1e-3"], id="no command"),
        pytest.param(["LR = 1e-3", "!pip install accelerate\n!nvidia-smi"], id="none that trains"),
    ],
)
def test_a_notebook_that_trains_nothing_is_nobodys(tmp_path, cells):
    said = total(tmp_path, *cells)
    assert "no file of a trainer that is known: it says LR" in said
    assert "hint: give the command that trains, behind --" in said


def test_a_makefile_is_told_as_one(tmp_path):
    write(tmp_path / "Makefile", f"LR ?= 3e-5\n.PHONY: all\ntune: data\n\tpython {TRAINS}\n")
    done = run(tmp_path, "show", "Makefile")
    assert done.returncode == 2
    assert (
        "Makefile: a makefile, which is not read\nhint: make -n tune -f Makefile | lrviz show -"
        in done.stderr
    )
