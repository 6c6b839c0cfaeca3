"""A trainer of ultralytics that a script makes by itself trains as ``YOLO(...).train(...)`` does."""

from __future__ import annotations

import pytest
from commands import run

SETTINGS = "epochs=12, optimizer='SGD', lr0=0.02, batch=32, fraction=0.33"
REST = "nbs=64, lrf=0.01, cos_lr=False, warmup_epochs=3.0, warmup_bias_lr=0.1"
IMPORT = "from ultralytics.models.yolo.detect import DetectionTrainer\n"
MODEL, FIT = (
    "from ultralytics import YOLO\nm = YOLO('a.pt')\n",
    "m.train(epochs=3, batch=16, optimizer='SGD')\n",
)
TRAINED = f"t = DetectionTrainer(overrides=dict({SETTINGS}))\nt.train()\n"


def values(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    options = ["--dataset-len", "1000", "--at", "0,7,40,-1", "--plain", "-q"]
    done = run(tmp_path, "values", name, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("text", "task"),
    [
        pytest.param(IMPORT + TRAINED, "detect", id="overrides"),
        pytest.param(
            f"{IMPORT}args = dict({SETTINGS})\nDetectionTrainer(overrides=args).train()\n",
            "detect",
            id="in one line",
        ),
        pytest.param(
            f"{IMPORT}from ultralytics.utils import DEFAULT_CFG\n"
            f"t = DetectionTrainer(DEFAULT_CFG, dict({SETTINGS}))\nt.train()\n",
            "detect",
            id="by position",
        ),
        pytest.param(
            f"{IMPORT}t = DetectionTrainer(cfg=dict({SETTINGS}, {REST}))\nt.train()\n", "detect", id="cfg"
        ),
        pytest.param(
            (IMPORT + TRAINED)
            .replace("DetectionTrainer", "ClassificationTrainer")
            .replace("detect", "classify")
            .replace("0.33", "0.3299"),
            "classify",
            id="the task of its class",
        ),
    ],
)
def test_a_trainer_made_by_itself_has_its_overrides(tmp_path, text, task):
    share = "0.3299" if task == "classify" else "0.33"
    plain = f"from ultralytics import YOLO\nYOLO('a.pt').train(task='{task}', {SETTINGS})\n"
    expected = values(tmp_path, "plain.py", plain.replace("0.33", share))
    assert values(tmp_path, "own.py", text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            TRAINED.replace("lr0", "lr"), "own.py:2: lr is no setting of ultralytics", id="a key it has not"
        ),
        pytest.param(
            "import json, sys\nt = DetectionTrainer(overrides=json.loads(sys.argv[1]))\nt.train()\n",
            "the epochs (** in line 3)",
            id="what nobody knows",
        ),
        pytest.param(
            TRAINED.replace("overrides", "cfg"), "own.py:2: cfg has no nbs, lrf", id="a cfg that is not whole"
        ),
        pytest.param(
            f"{MODEL}m.callbacks['on_fit_epoch_end'].append(f)\n{FIT}",
            "m.callbacks['on_fit_epoch_end'].append in line 4",
            id="a callback put in",
        ),
        pytest.param(
            f"{MODEL}m.overrides['lr0'] = 0.5\n{FIT}",
            "m.overrides['lr0'] in line 4: what it sets is not read",
            id="a default of the model",
        ),
        pytest.param(
            f"{MODEL}m.overrides.update(d)\n{FIT}", "m.overrides.update in line 4", id="defaults of the model"
        ),
        pytest.param(
            f"{MODEL}DEFAULT_CFG.nbs = 16\n{FIT}", "DEFAULT_CFG.nbs in line 4", id="a default of the package"
        ),
        pytest.param(
            "class Mine(DetectionTrainer): ...\n" + TRAINED.replace("= DetectionTrainer", "= Mine"),
            "the trainer of its own in line 3 is not read",
            id="a class of its own",
        ),
    ],
)
def test_what_is_not_known_of_it_is_said(tmp_path, text, said):
    (tmp_path / "own.py").write_text(IMPORT + text)
    done = run(tmp_path, "plan", "own.py", "--dataset-len", "1000")
    assert said in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("m.overrides['verbose'] = False", id="no setting of the LR"),
        pytest.param("m.overrides['epochs'] = 9", id="one that train says"),
        pytest.param("m.model.names['a'] = 1", id="another table"),
    ],
)
def test_a_default_that_does_not_count_is_not_told_of(tmp_path, line):
    (tmp_path / "own.py").write_text(f"{MODEL}{line}\n{FIT}")
    done = run(tmp_path, "plan", "own.py", "--dataset-len", "1000")
    assert (done.returncode, "is not read" in done.stderr) == (0, False), done.stderr


def test_a_key_that_a_loop_sets_is_asked_for_and_the_rest_of_its_dict_known(tmp_path):
    script = (
        "from ultralytics import YOLO\ncfg = dict(optimizer='AdamW', lr0=1e-3, lrf=0.1)\n"
        "for lr in (1e-3, 1e-4):\n    cfg['lr0'] = lr\n    YOLO('a.pt').train(epochs=3, batch=16, **cfg)\n"
    )
    (tmp_path / "a.py").write_text(script)
    asked = run(tmp_path, "plan", "a.py", "--dataset-len", "1000")
    plan = run(tmp_path, "plan", "a.py", "--dataset-len", "1000", "--given", "lr0=1e-4")
    assert "--given lr0=VALUE\n" in asked.stderr
    assert [word for word in ("lr=1e-4", "lrf=0.1", "optimizer=adamw") if word not in plan.stdout] == []


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="its defaults"),
        pytest.param(["--weights", "a.pt", "--batch", "16", "--epochs", "3"], id="options of YOLOv5 too"),
    ],
)
def test_a_script_of_another_trainers_name_is_what_it_calls(tmp_path, words):
    (tmp_path / "train.py").write_text(
        "import argparse\nfrom ultralytics import YOLO\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--weights', default='a.pt')\nparser.add_argument('--data', default='a.yaml')\n"
        "parser.add_argument('--epochs', type=int, default=3)\n"
        "parser.add_argument('--batch', type=int, default=16)\nargs = parser.parse_args()\n"
        "YOLO(args.weights).train(data=args.data, epochs=args.epochs, batch=args.batch, optimizer='AdamW',"
        " lr0=2e-3)\n"
    )
    done = run(tmp_path, "plan", "--dataset-len", "160", "--", "python", "train.py", *words)
    assert "ultralytics" in done.stdout.splitlines()[0]
    assert "2e-3" in done.stdout


def test_the_file_of_a_call_has_its_other_settings(tmp_path):
    (tmp_path / "custom.yaml").write_text("epochs: 40\noptimizer: SGD\nlr0: 0.02\ncos_lr: true\n")
    (tmp_path / "a.py").write_text(
        "from ultralytics import YOLO\nYOLO('a.pt').train(cfg='custom.yaml', epochs=10, batch=16)\n"
    )
    plan = run(tmp_path, "plan", "a.py", "--dataset-len", "1600").stdout
    assert [
        word
        for word in ("lr0             0.02    custom.yaml:3", "epochs=10", "true    custom.yaml:4")
        if word not in plan
    ] == []
    (tmp_path / "a.py").write_text(
        "from ultralytics import YOLO\nYOLO('a.pt').train(cfg=find(), epochs=10)\n"
    )
    assert run(tmp_path, "plan", "a.py", "--dataset-len", "1600").returncode == 2
