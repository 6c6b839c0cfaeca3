"""Samples of an mmengine dataset that are not as many as its images: counted, or asked for."""

from __future__ import annotations

import pytest
from commands import run

IMAGES = "dict(type='CocoDataset')"
CONFIG = """
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
param_scheduler = dict(type='MultiStepLR', milestones=[1])
train_cfg = dict(by_epoch=True, max_epochs=2)
train_dataloader = dict(batch_size=10, {})
"""
WORDS = ("plan", "a.py", "--world-size", "1", "--dataset-len", "1000", "--get", "total")


def _plan(folder, loader, *words):
    (folder / "a.py").write_text(CONFIG.format(loader))
    return run(folder, *WORDS, *words)


@pytest.mark.parametrize(
    ("dataset", "steps"),
    [
        pytest.param(IMAGES, 200, id="images"),
        pytest.param("dict(type='CocoDataset', indices=100)", 20, id="first of them"),
        pytest.param("dict(type='CocoDataset', indices=-100)", 20, id="last of them"),
        pytest.param("dict(type='CocoDataset', indices=5000)", 200, id="more than there are"),
        pytest.param("dict(type='CocoDataset', indices=[1, 2, 3])", 2, id="listed"),
        pytest.param("dict(type='RepeatDataset', times=3, dataset=dict(indices=100))", 60, id="some"),
        pytest.param(f"dict(type='mmdet.RepeatDataset', times=3, dataset={IMAGES})", 600, id="scoped"),
        pytest.param(f"dict(type='ConcatDataset', datasets=[{IMAGES}, {IMAGES}])", 200, id="joined"),
        pytest.param(f"dict(type='MultiImageMixDataset', dataset={IMAGES}, pipeline=[])", 200, id="mixed"),
        pytest.param(
            "dict(type='process_hf_dataset', pack_to_max_length=False, dataset=dict(type='load_dataset'))",
            200,
            id="rows of xtuner",
        ),
    ],
)
def test_samples_follow_from_the_images(tmp_path, dataset, steps):
    done = _plan(tmp_path, f"dataset={dataset}")
    assert (done.returncode, done.stdout) == (0, f"{steps}\n"), done.stderr


@pytest.mark.parametrize(
    ("dataset", "name"),
    [
        pytest.param(
            f"dict(type='ClassBalancedDataset', oversample_thr=1e-2, dataset={IMAGES})",
            "ClassBalancedDataset",
            id="balanced",
        ),
        pytest.param(
            "dict(type='RepeatDataset', times=2, dataset="
            f"dict(type='ClassBalancedDataset', oversample_thr=1e-2, dataset={IMAGES}))",
            "ClassBalancedDataset",
            id="balanced, repeated",
        ),
        pytest.param(f"dict(type='CBGSDataset', dataset={IMAGES})", "CBGSDataset", id="of mmdet3d"),
        pytest.param(f"dict(type='KFoldDataset', dataset={IMAGES})", "KFoldDataset", id="a fold"),
        pytest.param(
            f"dict(type='ConcatDataset', datasets=[dict(type='RepeatDataset', times=2, dataset={IMAGES})])",
            "RepeatDataset",
            id="a part repeated",
        ),
        pytest.param(
            "dict(type='ConcatDataset', datasets=[dict(type='CocoDataset', indices=9)])",
            "indices",
            id="a part cut",
        ),
        pytest.param(f"dict(type='Mine', datasets=[{IMAGES}])", "Mine", id="one's own"),
        pytest.param(
            "dict(type='process_hf_dataset', dataset=dict(type='load_dataset'))",
            "process_hf_dataset",
            id="packed by xtuner",
        ),
    ],
)
def test_samples_that_the_images_do_not_tell_are_asked_for(tmp_path, dataset, name):
    done = _plan(tmp_path, f"dataset={dataset}")
    assert (done.returncode, f"how many samples there are after {name}" in done.stderr) == (2, True), (
        done.stderr
    )
    assert _plan(tmp_path, f"dataset={dataset}", "--given", "train_rows=1270").stdout == "254\n"


@pytest.mark.parametrize(
    ("loader", "name"),
    [
        pytest.param("sampler=dict(type='TrackImgSampler')", "TrackImgSampler", id="frames"),
        pytest.param("sampler=dict(type='CustomSampleSizeSampler')", "CustomSampleSizeSampler", id="sizes"),
        pytest.param("sampler=dict(type='Mine')", "Mine", id="one's own"),
        pytest.param(
            "batch_sampler=dict(type='MultiDataAspectRatioBatchSampler')",
            "MultiDataAspectRatioBatchSampler",
            id="batches",
        ),
        pytest.param(
            "drop_last=True, sampler=dict(type='LengthGroupedSampler')", "LengthGroupedSampler", id="whole"
        ),
    ],
)
def test_batches_that_a_sampler_decides_are_asked_for(tmp_path, loader, name):
    done = _plan(tmp_path, loader)
    assert (done.returncode, f"batches a process has, which {name} decides" in done.stderr) == (2, True)
    assert _plan(tmp_path, loader, "--batches-per-epoch", "7").stdout == "14\n"


@pytest.mark.parametrize(
    ("sampler", "is_endless"),
    [
        pytest.param("DefaultSampler", False, id="shared"),
        pytest.param("ClassAwareSampler", False, id="by class"),
        pytest.param("mmpretrain.RepeatAugSampler", False, id="repeated"),
        pytest.param("GroupMultiSourceSampler", True, id="of several sources"),
        pytest.param("InfiniteSampler", True, id="endless"),
    ],
)
def test_samplers_that_keep_the_length(tmp_path, sampler, is_endless):
    done = _plan(tmp_path, f"sampler=dict(type='{sampler}')")
    assert (done.stdout, "never ends an epoch" in done.stderr) == ("200\n", is_endless), done.stderr


def test_images_that_are_filtered_are_spoken_of(tmp_path):
    done = _plan(tmp_path, "dataset=dict(type='CocoDataset', filter_cfg=dict(filter_empty_gt=True))")
    assert "filter_cfg: dataset_len is the number of images that it leaves" in done.stderr
