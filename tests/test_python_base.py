"""mmengine's ``_base_``: merged by its rules, and no file opened that a stranger should not have opened."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.python_data import read_python
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

BASE = """\
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='SGD', lr=0.02, momentum=0.9))
param_scheduler = [dict(type='LinearLR', end=500), dict(type='MultiStepLR', milestones=[16, 22])]
"""


def read(folder: Path, text: str, **files: str) -> Source:
    """The config ``text`` with other files around it: ``base`` is ``base.py``, one step beside it."""
    (folder / "bases").mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / "bases" / f"{name}.py").write_text(content)
    inside = folder / "configs"
    inside.mkdir(exist_ok=True)
    (inside / "run.py").write_text(text)
    return read_python(text, str(inside / "run.py"), inside)


MERGED = [
    pytest.param("", ("optim_wrapper", "optimizer", "lr"), 0.02, id="kept"),
    pytest.param(
        "optim_wrapper = dict(optimizer=dict(lr=0.01))",
        ("optim_wrapper", "optimizer"),
        {"type": "SGD", "lr": 0.01, "momentum": 0.9},
        id="a_dict_key_by_key",
    ),
    pytest.param(
        "optim_wrapper = dict(optimizer=dict(_delete_=True, type='AdamW', lr=1e-4))",
        ("optim_wrapper", "optimizer"),
        {"type": "AdamW", "lr": 1e-4},
        id="delete",
    ),
    pytest.param(
        "param_scheduler = [dict(type='PolyLR')]",
        ("param_scheduler",),
        [{"type": "PolyLR"}],
        id="a_list_replaces",
    ),
    pytest.param("train_cfg = 3", ("train_cfg",), 3, id="a_number_replaces"),
    pytest.param("epochs = _base_.train_cfg.max_epochs * 2", ("epochs",), 48, id="a_name_of_the_base"),
    pytest.param("epochs = _base_['train_cfg']['max_epochs']", ("epochs",), 24, id="a_key_of_the_base"),
    pytest.param("epochs = {{_base_.train_cfg.max_epochs}}", ("epochs",), 24, id="in_double_braces"),
    pytest.param(
        "epochs = {{ _base_.train_cfg }}", ("epochs", "max_epochs"), 24, id="a_dict_in_double_braces"
    ),
    pytest.param("_base_.train_cfg.max_epochs = 36", ("train_cfg", "max_epochs"), 36, id="set_in_the_base"),
    pytest.param("del _base_.train_cfg.type", ("train_cfg",), {"max_epochs": 24}, id="del_in_the_base"),
    pytest.param(
        "_base_.param_scheduler[1].milestones = [8]",
        ("param_scheduler", 1, "milestones"),
        [8],
        id="an_item_of_it",
    ),
]


@pytest.mark.parametrize(("text", "path", "value"), MERGED)
@pytest.mark.parametrize("named", ["'../bases/base.py'", "['../bases/base.py']"], ids=["string", "list"])
def test_merged_as_mmengine_does(tmp_path, named, text, path, value):
    source = read(tmp_path, f"_base_ = {named}\n{text}", base=BASE)
    found = source.data
    for key in path:
        found = found[key]
    assert found == value
    assert source.files == (str(tmp_path / "bases" / "base.py"),)
    assert "_base_" not in source.data


def test_a_name_deleted_from_the_base_is_gone(tmp_path):
    source = read(tmp_path, "_base_ = '../bases/base.py'\ndel _base_.param_scheduler", base=BASE)
    assert source.data.keys() == {"train_cfg", "optim_wrapper"}


def test_a_name_of_the_base_is_no_name_of_the_config(tmp_path):
    source = read(tmp_path, "_base_ = '../bases/base.py'\nx = train_cfg", base=BASE)
    assert isinstance(source.data["x"], Unknown)


def test_places_lead_to_the_file_that_says_it(tmp_path):
    text = "_base_ = '../bases/base.py'\noptim_wrapper = dict(\n    optimizer=dict(lr=0.01))"
    source = read(tmp_path, text, base=BASE)
    own, base = (source.place(("optim_wrapper", "optimizer", key)) for key in ("lr", "momentum"))
    assert (Path(own.file).name, own.line) == ("run.py", 3)
    assert (Path(base.file).name, base.line) == ("base.py", 4)
    assert source.place(("param_scheduler", 1)).file == str(tmp_path / "bases" / "base.py")


def test_bases_of_bases(tmp_path):
    source = read(
        tmp_path,
        "_base_ = ['../bases/middle.py', '../bases/other.py']",
        middle="_base_ = 'base.py'\ntrain_cfg = dict(max_epochs=12)",
        base=BASE,
        other="auto_scale_lr = dict(base_batch_size=16)",
    )
    assert source.data["train_cfg"] == {"type": "EpochBasedTrainLoop", "max_epochs": 12}
    assert source.data["auto_scale_lr"] == {"base_batch_size": 16}
    assert [Path(name).name for name in source.files] == ["middle.py", "base.py", "other.py"]


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        pytest.param(".json", json.dumps({"train_cfg": {"max_epochs": 5, "by_epoch": True}}), id="json"),
        pytest.param(".yaml", "train_cfg:\n  max_epochs: 5\n  by_epoch: true\n", id="yaml"),
    ],
)
def test_a_base_in_another_language(tmp_path, suffix, content):
    (tmp_path / f"base{suffix}").write_text(content)
    text = f"_base_ = './base{suffix}'\ntrain_cfg = dict(max_epochs=6)"
    source = read_python(text, "run.py", tmp_path)
    assert source.data == {"train_cfg": {"max_epochs": 6, "by_epoch": True}}


@pytest.mark.parametrize(
    ("base", "text", "unknown", "known"),
    [
        pytest.param("a = f()", "a = dict(x=1)", ("a",), None, id="over_what_a_call_gives"),
        pytest.param(
            "a = dict(x=1, y=2)\nf(a)", "a = dict(x=1)", ("a",), None, id="over_what_a_call_may_change"
        ),
        pytest.param(
            "a = dict(x=f(), y=2)", "a = dict(z=1)", ("a", "x"), ("a", "z"), id="only_what_is_touched"
        ),
        pytest.param("a = dict(x=1)", "a = dict(_delete_=f())", ("a",), None, id="a_delete_nobody_knows"),
        pytest.param("a = dict(x=1)\nb = 1", "_base_.a.pop('x')", ("a",), ("b",), id="a_method_of_the_base"),
    ],
)
def test_what_is_unknown_in_a_base_stays_so(tmp_path, base, text, unknown, known):
    data = read(tmp_path, f"_base_ = '../bases/base.py'\n{text}", base=base).data
    assert isinstance(at(data, unknown), Unknown)
    assert known is None or at(data, known) == 1


def at(data, path):
    for key in path:
        data = data[key]
    return data


REFUSED = [
    pytest.param("'/etc/config.py'", "not a path beside", id="absolute"),
    pytest.param("'~/config.py'", "not a path beside", id="of_a_home"),
    pytest.param("'https://host/config.py'", "not a path beside", id="an_address"),
    pytest.param("'mmdet::_base_/schedule.py'", "not a path beside", id="of_a_package"),
    pytest.param("'C:/config.py'", "not a path beside", id="of_a_drive"),
    pytest.param("'../bases/base'", "no config", id="without_a_suffix"),
    pytest.param("'../bases/base.pkl'", "no config", id="of_another_suffix"),
    pytest.param("''", "no config", id="empty"),
    pytest.param("'../bases/gone.py'", "no such file", id="missing"),
    pytest.param("'../bases/zero.py'", "a device or a pipe", id="a_device"),
    pytest.param("'../bases/pipe.py'", "a device or a pipe", id="a_pipe"),
    pytest.param("'../bases/folder.py'", "a folder", id="a_folder"),
    pytest.param("'../bases/huge.py'", "larger than 16 MB", id="too_large"),
    pytest.param("'../bases/latin.py'", "not UTF-8", id="not_utf_8"),
    pytest.param("'../bases/wrong.py'", "wrong.py:1: ", id="no_python"),
    pytest.param("'../bases/a\\0b.py'", "no file has such a name", id="a_null_byte"),
    pytest.param(f"'{'a' * 999}.py'", "name too long", id="too_long_a_name"),
    pytest.param("3", "no list of paths", id="no_text"),
    pytest.param("['../bases/base.py', name]", "no list of paths", id="a_name_nobody_knows"),
    pytest.param(
        "['../bases/base.py', '../bases/again.py']", "train_cfg: in more than one base", id="a_key_twice"
    ),
    pytest.param("'../bases/itself.py'", "leads back to itself", id="a_circle"),
    pytest.param("'run.py'", "leads back to itself", id="itself"),
]


@pytest.mark.parametrize(("named", "said"), REFUSED)
def test_a_base_that_is_not_opened(tmp_path, named, said):
    bases = tmp_path / "bases"
    (bases / "folder.py").mkdir(parents=True)
    (bases / "zero.py").symlink_to("/dev/zero")
    os.mkfifo(bases / "pipe.py")
    with (bases / "huge.py").open("wb") as file:
        file.truncate(17 << 20)
    (bases / "latin.py").write_bytes(b"x = '\xe9'")
    with pytest.raises(ConfigError) as refusal:
        read(
            tmp_path,
            f"\n_base_ = {named}",
            base=BASE,
            again="train_cfg = 1",
            wrong="x = (",
            itself="_base_ = ['./itself.py']",
        )
    assert said in refusal.value.message.lower() or said in refusal.value.message
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "param_scheduler = {0: dict(end=1)}", "param_scheduler is a dict here", id="a_dict_over_a_list"
        ),
        pytest.param(
            "train_cfg = dict(max_epochs=dict())", "max_epochs is a dict here", id="a_dict_over_a_number"
        ),
    ],
)
def test_what_mmengine_does_not_merge(tmp_path, text, said):
    with pytest.raises(ConfigError, match=said) as refusal:
        read(tmp_path, f"_base_ = '../bases/base.py'\n{text}", base=BASE)
    assert "_delete_=True" in refusal.value.hint
    assert "run.py:2" in refusal.value.message


@pytest.mark.parametrize(
    ("count", "said"),
    [pytest.param(12, "files deep", id="deep"), pytest.param(60, "more than 50", id="many")],
)
def test_the_number_of_files_is_bounded(tmp_path, count, said):
    for i in range(count):
        text = f"_base_ = ['b{i + 1}.py']" if said == "files deep" else f"x{i} = 1"
        (tmp_path / f"b{i}.py").write_text(text)
    named = ["b0.py"] if said == "files deep" else [f"b{i}.py" for i in range(count)]
    with pytest.raises(ConfigError, match=said):
        read_python(f"_base_ = {named}", "run.py", tmp_path)


def test_a_file_that_is_read_again_and_again_counts_again(tmp_path):
    for i in range(9):
        (tmp_path / f"b{i}.py").write_text(f"_base_ = {[f'b{i + 1}.py'] * 9}")
    (tmp_path / "b9.py").write_text("")
    with pytest.raises(ConfigError, match="more than 50"):
        read_python("_base_ = 'b0.py'", "run.py", tmp_path)


def test_merging_names_of_names_is_bounded(tmp_path):
    twofold = "\n".join(f"a{i} = dict(x=a{i - 1}, y=a{i - 1})" for i in range(1, 50))
    base = f"a0 = dict(k=1)\n{twofold}\ntop = a49"
    (tmp_path / "base.py").write_text(base)
    with pytest.raises(ConfigError, match="over 100000 values"):
        read_python(f"_base_ = 'base.py'\n{base}", "run.py", tmp_path)


READ_BASE = "from mmengine.config import read_base\nwith read_base():\n    from ..bases.base import "


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        pytest.param("*", ("optim_wrapper", "optimizer", "lr"), 0.02, id="kept"),
        pytest.param("*\ntrain_cfg = dict(max_epochs=3)", ("train_cfg",), {"max_epochs": 3}, id="replaced"),
        pytest.param(
            "*\ntrain_cfg.update(max_epochs=3)", ("train_cfg", "type"), "EpochBasedTrainLoop", id="updated"
        ),
        pytest.param(
            "*\noptim_wrapper.update(dict(optimizer=dict(lr=1)))",
            ("optim_wrapper", "optimizer"),
            {"type": "SGD", "lr": 1, "momentum": 0.9},
            id="updated_within",
        ),
        pytest.param("*\nparam_scheduler[0].end = 9", ("param_scheduler", 0, "end"), 9, id="an_item"),
        pytest.param("train_cfg as loop\nx = loop.max_epochs", ("x",), 24, id="one_name"),
    ],
)
def test_read_base(tmp_path, text, path, value):
    assert at(read(tmp_path, READ_BASE + text, base=BASE).data, path) == value


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("from mmdet.configs.base import *", "of a package", id="of_a_package"),
        pytest.param("from . import base", "no import of a config's names", id="a_module"),
        pytest.param("x = 1", "no import of a config's names", id="no_import"),
        pytest.param("from .gone import *", "no such file", id="missing"),
        pytest.param("from .run import *", "leads back to itself", id="itself"),
    ],
)
def test_read_base_that_is_not_opened(tmp_path, line, said):
    with pytest.raises(ConfigError) as refusal:
        read(tmp_path, f"with read_base():\n    {line}")
    assert "run.py:2: read_base" in refusal.value.message
    assert said in refusal.value.message
    assert refusal.value.hint
