"""Options of OpenMMLab's commands, as its ``DictAction`` reads them, and a metric for a file of mmengine."""

from __future__ import annotations

import pytest
from commands import FOREIGN, run

from lrviz.inputs.foreign.shell.cfg_options import parsed

FOLDER = FOREIGN / "mmengine"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("12", 12, id="whole"),
        pytest.param("1e-3", 0.001, id="number"),
        pytest.param("TRUE", True, id="true"),
        pytest.param("None", None, id="none"),
        pytest.param("LinearLR", "LinearLR", id="text"),
        pytest.param("8,11", [8, 11], id="commas"),
        pytest.param("[8, 11]", [8, 11], id="list"),
        pytest.param("(8,11)", (8, 11), id="tuple"),
        pytest.param("[(1,2),[a,b],c]", [(1, 2), ["a", "b"], "c"], id="nested"),
        pytest.param("'0.5'", 0.5, id="quoted"),
        pytest.param("[]", [], id="empty"),
    ],
)
def test_an_option_means_what_it_does_to_mmengine(text, value):
    assert parsed(text) == value


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        pytest.param("tools/dist_train.sh configs/detector.py 4", 24 * 126, id="dist_train"),
        pytest.param("NNODES=2 tools/dist_train.sh configs/detector.py 4", 24 * 63, id="nodes"),
        pytest.param("tools/slurm_train.sh part job configs/detector.py work", 24 * 63, id="slurm_train"),
        pytest.param("mim train mmdet configs/detector.py", 24 * 501, id="mim"),
        pytest.param(
            "mim train mmdet configs/detector.py --gpus 4 --launcher slurm", 24 * 126, id="mim-slurm"
        ),
        pytest.param("mim train mmdet configs/detector.py -G 4 -l pytorch", 24 * 126, id="mim-letters"),
        pytest.param(
            "torchrun --nproc_per_node 4 tools/train.py --launcher pytorch configs/detector.py",
            24 * 126,
            id="config-last",
        ),
        pytest.param(
            "torchrun --nproc_per_node 4 tools/train.py configs/detector.py --launcher pytorch",
            24 * 126,
            id="torchrun",
        ),
        pytest.param(
            "srun -n 4 python -u tools/train.py --amp configs/detector.py --launcher=slurm",
            24 * 126,
            id="srun",
        ),
        pytest.param(
            "python tools/train.py configs/detector.py --resume --cfg-options train_cfg.max_epochs=5 "
            "--cfg-options train_dataloader.drop_last=True",
            5 * 500,
            id="options-twice",
        ),
        pytest.param(
            "python tools/train.py configs/detector.py --cfg-options train_cfg._delete_=True "
            "train_cfg.by_epoch=False train_cfg.max_iters=90 param_scheduler.1.end=9",
            90,
            id="deleted",
        ),
    ],
)
def test_a_command_is_its_number_of_updates(line, steps, tmp_path):
    (tmp_path / "train.sh").write_text(line)
    for file in ("configs/detector.py", "bases/two_dozen_epochs.py"):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_bytes((FOLDER / file).read_bytes())
    done = run(tmp_path, "plan", "train.sh", "--dataset-len", "1001", "--get", "total")
    assert (done.stdout.strip(), done.returncode) == (str(steps), 0), done.stderr


def test_a_metric_lowers_it_after_its_epoch(tmp_path):
    (tmp_path / "metrics.csv").write_text("loss\n1.0\n0.8\n0.9\n0.7\n0.7\n0.7\n")
    words = ["--dataset-len", "1001", "--world-size", "1", "--metrics", "metrics.csv:loss", "--plain"]
    done = run(tmp_path, "values", str(FOLDER / "plateau.py"), *words, "--at", "302,303,504,505,605")
    assert [float(text) for text in done.stdout.split()] == [0.2, 0.1, 0.1, 0.05, 0.05]


def test_a_launcher_without_options_is_a_launch_line(tmp_path):
    words = ["plan", "--dataset-len", "1001", "--batches-per-epoch", "10", "--get", "total"]
    (tmp_path / "one.py").write_bytes((FOLDER / "momentum.py").read_bytes())
    done = run(tmp_path, *words, "--", "tools/dist_train.sh", "one.py", "8")
    assert (done.stdout.strip(), done.returncode) == ("40", 0), done.stderr


@pytest.mark.parametrize(
    ("line", "ends", "said"),
    [
        pytest.param(
            "from mmengine.runner import IterBasedTrainLoop as Loop", "max_iters", "", id="mmengine's"
        ),
        pytest.param("from xtuner.engine.runner import TrainLoop as Loop", "max_epochs", "", id="xtuner's"),
        pytest.param("Loop = 'MyLoop'", "max_iters", "MyLoop is no loop of mmengine", id="one's own"),
    ],
)
def test_a_loop_is_known_by_the_class_that_is_imported(line, ends, said, tmp_path):
    text = f"{line}\ntrain_cfg = dict(type=Loop, {ends}=3)\noptim_wrapper = dict(optimizer=dict(lr=1e-3))\n"
    (tmp_path / "a.py").write_text(text)
    done = run(tmp_path, "plan", "a.py", "--batches-per-epoch", "1", "--get", "total")
    assert (done.returncode, done.stdout, said in done.stderr) == (0, "3\n", True), done.stderr


@pytest.mark.parametrize(
    ("member", "warmup"),
    [
        pytest.param("type='OneCycleLR', eta_max=0.1, total_steps=100, by_epoch=False", 30, id="iterations"),
        pytest.param(
            "type='OneCycleLR', eta_max=0.1, total_steps=10, convert_to_iter_based=True", 30, id="converted"
        ),
        pytest.param("type='OneCycleLR', eta_max=0.1, total_steps=10", 30, id="epochs"),
        pytest.param(
            "type='OneCycleLR', eta_max=0.1, total_steps=10, by_epoch=True, pct_start=0.5",
            50,
            id="half of it",
        ),
        pytest.param("type='CosineAnnealingLR', T_max=10", 0, id="another"),
    ],
)
def test_a_cycle_in_a_list_is_no_warmup_to_its_end(tmp_path, member, warmup):
    (tmp_path / "a.py").write_text(
        f"param_scheduler = [dict({member})]\ntrain_cfg = dict(by_epoch=True, max_epochs=10)\n"
        "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\ntrain_dataloader = dict(batch_size=1)\n",
    )
    words = ["a.py", "--batches-per-epoch", "10"]
    found = run(tmp_path, "plan", *words, "--get", "warmup")
    assert (found.stdout, "the warmup lasts" in found.stderr) == (f"{warmup}\n", False), found.stderr
    (tmp_path / "b.toml").write_bytes(run(tmp_path, "plan", *words, "--format", "toml").output)
    assert run(tmp_path, "plan", "b.toml", "--get", "warmup").stdout == f"{warmup}\n"
