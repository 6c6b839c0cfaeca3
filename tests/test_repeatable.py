"""A picture is the same to the byte wherever and whenever it is drawn, and says of which curves it is."""

from __future__ import annotations

from functools import partial

import pytest
from commands import ROOT, new_process, run

from lrviz.draw.digest import digest_in
from lrviz.draw.formats import FILES

pytestmark = pytest.mark.long

SCENES = {
    "single": "cosine --warmup 100",
    "log": "noam:model_size=512 --warmup 10% --steps 40 --lr 1 --log",
    "compared": "sample_configs/compare.toml",
    "groups": "sample_configs/layer_decay.toml",
    "walk": "plateau:patience=3 --metric noisy --interval 250 --steps 10k --lr 1e-3",
    "dense": "cyclic:step_size_up=10 --steps 1e6 --lr 0.1",
    "stops": "torch.OneCycleLR:max_lr=0.1,total_steps=600 --steps 1000",
    "text": "cosine:label=é$x^$∑<&> linear:label=a_b\\c --steps 100 --lr 1 --warmup 0 --title ‖µ",
    "points": "sample_configs/logs/trainer_state.json",
}
DRAW = """
import sys
from lrviz.cli.main import main

for line in sys.argv[1:]:
    sys.argv = ["lrviz", *line.split(" ")]
    try:
        main()
    except SystemExit as end:
        assert end.code in (0, 1), line  # 1: a schedule that stops
"""
HOSTILE = """
text.usetex: True
text.latex.preamble: nothing
font.family: fantasy
font.sans-serif: Nothing, serif
mathtext.fontset: stix
axes.formatter.use_locale: True
axes.formatter.use_mathtext: True
axes.unicode_minus: False
axes.prop_cycle: cycler('color', 'rgb')
axes.xmargin: 0.3
axes.axisbelow: False
agg.path.chunksize: 20
path.simplify: False
path.snap: False
path.sketch: 5, 20, 3
lines.antialiased: False
text.antialiased: False
text.hinting: none
figure.autolayout: True
figure.constrained_layout.use: True
figure.dpi: 33
figure.facecolor: red
savefig.bbox: tight
savefig.dpi: 50
savefig.facecolor: blue
savefig.transparent: True
svg.fonttype: none
svg.hashsalt: other
svg.image_inline: False
pdf.fonttype: 3
pdf.compression: 0
pdf.use14corefonts: True
timezone: Asia/Tokyo
backend: svg
interactive: True
"""
ENVIRONMENTS = {
    "another shell": {
        "PYTHONHASHSEED": 7,
        "PYTHONUTF8": 1,
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "TZ": "Asia/Kathmandu",
        "SOURCE_DATE_EPOCH": 0,
        "COLUMNS": 20,
        "MPLBACKEND": "module://nope",
    },
    "other settings of matplotlib": {"PYTHONHASHSEED": 8, "MATPLOTLIBRC": "hostile"},
}
NAMES = [f"{scene}.{fmt}" for scene in SCENES for fmt in FILES]


def drawn(folder, scenes, **variables):
    """The bytes of every file that a process of its own draws, one scene after the other."""
    (folder / "sample_configs").symlink_to(ROOT / "sample_configs")
    (folder / "hostile").write_text(HOSTILE, encoding="utf-8")
    outputs = {scene: " ".join(f"-o {scene}.{fmt}" for fmt in FILES) for scene in scenes}
    lines = [f"plot {words} {outputs[scene]} -q" for scene, words in scenes.items()]
    done = run(folder, *lines, by=partial(new_process, code=("-c", DRAW)), **variables)
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name in NAMES}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return drawn(tmp_path_factory.mktemp("plain"), SCENES, PYTHONHASHSEED=0)


@pytest.mark.parametrize("variables", [pytest.param(own, id=name) for name, own in ENVIRONMENTS.items()])
def test_bytes_are_the_same_in_any_order_under(tmp_path, plain, variables):
    others = drawn(tmp_path, dict(reversed(SCENES.items())), **variables)
    assert sorted(others) == sorted(NAMES)
    assert [name for name in NAMES if others[name] != plain[name]] == []


@pytest.mark.parametrize("scene", SCENES)
def test_every_format_carries_the_digest_of_the_same_curves(plain, scene):
    found = {digest_in(plain[f"{scene}.{fmt}"], fmt) for fmt in FILES}
    assert len(found) == 1
    assert all(found)
