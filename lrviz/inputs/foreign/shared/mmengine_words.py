"""Options and words of OpenMMLab's ``tools/train.py``, and those at which its argparse stops.

Source: ``parse_args`` of ``tools/train.py`` in mmdet 3.3.0, mmseg 1.2.2, mmpretrain 1.2.0, mmpose 1.3.2,
mmdet3d 1.4.0 and mmyolo 0.6.0, and of MMCV 1's mmcls 0.25.0; openmim 0.3.9 ``mim train``.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.own_script import own_names
from lrviz.inputs.foreign.python.call_syntax import method_of, text_of
from lrviz.inputs.foreign.shell.argv import is_option, read_options
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.nearest import nearest

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.argv import Option
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.word import Word

_BARE = (
    *("auto_scale_lr", "amp", "no_validate", "no_pin_memory", "no_persistent_workers", "help"),
    *("diff_rank_seed", "deterministic", "show", "ceph"),
)
SWITCHES = (*_BARE, "y", "yes")
OPTIONS = (
    *("work-dir", "resume", "amp", "auto-scale-lr", "cfg-options", "launcher", "local_rank", "local-rank"),
    *("no-validate", "no-pin-memory", "no-persistent-workers", "help"),  # mmpretrain
    *("seed", "diff-rank-seed", "deterministic"),  # mmaction2
    *("interval", "show-dir", "show", "wait-time"),  # mmpose
    *("sync_bn", "ceph"),  # mmdet3d
)
"""All options of their ``tools/train.py``."""
_KNOWN = {name.replace("-", "_") for name in (*OPTIONS, *SWITCHES)}
_OF_MIM = ("gpus", "gpus-per-node", "cpus-per-task", "partition", "srun-args", "port", "yes")
_ON_ONE = "CUDA_VISIBLE_DEVICES=0 in front of the line chooses a GPU"
_OF_MMCV = {
    "gpus": "tools/dist_train.sh CONFIG 4 trains on 4 GPUs",
    "gpu_ids": _ON_ONE,
    "gpu_id": _ON_ONE,
    "device": _ON_ONE,
    "resume_from": "write --resume",
    "auto_resume": "write --resume",
    "load_from": "write --cfg-options load_from=FILE",
    "options": "write --cfg-options",
    "autoscale_lr": "write --auto-scale-lr",
}
"""Options that ``tools/train.py`` had with MMCV 1 (mmdet 2, mmcls 0), and what does it now."""
_WORDS = {"dist_train.sh": 2, "slurm_train.sh": 4, "mim": 3}
"""How many words a launcher takes itself; ``tools/train.py`` takes the config."""
_MANY, _MAYBE = "cfg_options", "resume"


def options(source: Source) -> list[Option]:
    """The long options of a command, as its parser reads them; a script that is here has its own."""
    if source.language != "command" or own_names(source):
        return []
    return [one for one in read_options(source.argv, SWITCHES).options if one.written.startswith("--")]


def words_first(source: Source) -> Source:
    """A command with its words before its options, which have the values that argparse gives them."""
    words: list[Word] = []
    rest: list[Word] = []
    left = 0.0
    for word in source.argv:
        if is_option(word):
            left = _taken(word)
            rest.append(word)
        elif left > 0 and not (left < 1 and word.text.endswith(".py")):
            left -= 1
            rest.append(word)
        else:
            left = 0
            words.append(word)
    return replace(source, argv=(*words, *rest))


def stands_last(source: Source) -> bool:
    """Whether a ``train.py`` has none but these options, and its config behind one."""
    names = [_in_full(one.written.removeprefix("--")) for one in read_options(source.argv).options]
    is_behind = any(is_option(word) for word in source.argv[:1]) and source.argv[-1].text.endswith(".py")
    return source.script == "train.py" and is_behind and _KNOWN.issuperset(names)


def _taken(word: Word) -> float:
    """How many words behind an option are its values: ``--resume`` may have one, which is no config."""
    name = _in_full(word.text.lstrip("-"))
    if "=" in word.head or name in SWITCHES:
        return 0
    if name == _MAYBE:
        return 0.5
    return 1 if name in _KNOWN and name != _MANY else float("inf")


def _in_full(name: str) -> str:
    """An option of its parser, which takes a beginning that is no other's."""
    name = name.replace("-", "_")
    begun = [one for one in _KNOWN if one.startswith(name)]
    return begun[0] if len(begun) == 1 else name


def check_words(run: Settings) -> None:
    """Stop at an option that no ``tools/train.py`` has, unless it is said that this one has it, or at words.

    Raises:
        ConfigError: there is one.

    """
    source = run.source
    if source.language != "command":
        return
    known = {name.replace("-", "_") for name in (*OPTIONS, *(_OF_MIM if source.script == "mim" else ()))}
    for one in options(source):
        if one.name not in known and not run.is_said(one.name):
            _refuse_option(run, one, nearest(one.name, known).replace("_", "-"))
    _refuse_words(run)


def _refuse_option(run: Settings, one: Option, near: str) -> None:
    known = _OF_MMCV.get(one.name, "")
    asked = f": did you mean --{near}?" if near and not known else ""
    old = ": it is one of MMCV 1's (mmdet 2, mmcls 0)" if known else ""
    instead = known or (f"write --{near}" if near else "leave it out")
    run.refuse(
        f"{one.written} is no option of {run.source.script}, whose parser stops at it{old or asked}",
        hint=f"{instead}, or --given {one.name}=yes where yours has it",
    )


def _refuse_words(run: Settings) -> None:
    """Stop at words behind the config: nobody takes them, as ``a.b=1`` without ``--cfg-options``."""
    taken = _own_words(run.source)
    begun = next((at for at, word in enumerate(run.source.argv) if is_option(word)), None)
    words = [word for word in run.source.argv[:begun] if not isinstance(word.value, Unknown)]
    if taken is None or len(words) <= taken:
        return
    stray = next((word.text for word in words if "=" in word.text), words[taken].text)
    instead = f"write --cfg-options {stray}" if "=" in stray else "take it out"
    text = f"{stray} is neither an option nor the value of one: the parser of {run.source.script} stops at it"
    run.refuse(text, hint=instead)


def _own_words(source: Source) -> int | None:
    """How many words the parser takes that a command hands them; None where nobody knows."""
    if source.script in _WORDS:
        return _WORDS[source.script]
    if not source.script.endswith(".py"):
        return None
    found = script_of(source)
    if found is None:
        return 1
    calls = [one for one in ast.walk(found[1]) if isinstance(one, ast.Call)]
    added = [one for one in calls if method_of(one) == "add_argument"]
    firsts = [text_of(one.args[0]) if one.args else None for one in added]
    has_others = any(method_of(one) == "parse_known_args" for one in calls) or not all(firsts)
    places = [one for one, first in zip(added, firsts, strict=True) if not (first or "-").startswith("-")]
    is_counted = not any(word.arg in ("nargs", None) for one in places for word in one.keywords)
    return len(places) if places and is_counted and not has_others else None
