"""The ``run_*_no_trainer.py`` of transformers by name: what each passes to ``get_scheduler``, since when.

Source: ``examples/pytorch`` of transformers 4.6 to 5.6, each script at every version, and
``research_projects/luke``; ``examples/by_feature`` of accelerate 1.15.0.
"""

from __future__ import annotations

from typing import NamedTuple

from lrviz.inputs.foreign.python.scheduler_calls import ACCUMULATION, PROCESSES
from lrviz.inputs.foreign.python.scheduler_factors import Factors
from lrviz.inputs.foreign.setting_values import is_since

_NOTHING, _A, _P = frozenset[str](), frozenset({ACCUMULATION}), frozenset({PROCESSES})
ALONE = Factors(_NOTHING, _NOTHING, _NOTHING, is_prepared=False, is_after=True, is_from_first=True)
"""Its scheduler is not accelerate's, and made once the batches are shared out."""
PLAIN = Factors(_NOTHING, _NOTHING, _NOTHING, is_prepared=True, is_from_first=True)
BY_ACCUMULATION = Factors(_A, _A, _A, is_prepared=True)
BY_PROCESSES = Factors(_P, _P, _NOTHING, is_prepared=True)
"""From the epochs it counts the batches of all processes, which are as many times more."""
_KEPT = {"4.6": ALONE, "4.19": PLAIN}
_REMADE = {**_KEPT, "4.22": BY_ACCUMULATION, "4.38": BY_PROCESSES}
SCRIPTS = {
    "run_clm": _REMADE,
    "run_mlm": _REMADE,
    "run_swag": _REMADE,
    "run_qa": _REMADE,
    "run_qa_beam_search": _REMADE,
    "run_summarization": _REMADE,
    "run_image_classification": _REMADE,
    "run_semantic_segmentation": _REMADE,
    "run_mim": {"4.29": BY_ACCUMULATION, "4.38": BY_PROCESSES},
    "run_object_detection": {"4.41": BY_PROCESSES},
    "run_instance_segmentation": {"4.42": BY_PROCESSES},
    "run_fim": {"4.39": BY_ACCUMULATION},
    "run_glue": _KEPT,
    "run_ner": _KEPT,
    "run_translation": _KEPT,
    "run_luke_ner": {"4.17": ALONE},
    "run_wav2vec2_pretraining": {"4.12": ALONE._replace(is_from_first=False)},
    "deepspeed_with_config_support": {"4.20": PLAIN._replace(is_from_first=False)},
}
"""What each does since which version of transformers."""
OTHER_SCHEDULES = {"run_semantic_segmentation": "polynomial"}
"""Their default where it is not linear."""
OF_FEATURES = ("run_qa", "run_qa_beam_search")
"""Those that make several rows of a sample, and do not cut them to ``max_train_samples``."""


class Generation(NamedTuple):
    """What a script does in a version, and the version that made it so."""

    factors: Factors
    since: str


def known_name(file: str) -> str:
    """The name of a script of theirs; nothing of any other."""
    name = file.removesuffix(".py").removesuffix("_no_trainer")
    is_theirs = name in SCRIPTS and (name == file.removesuffix(".py")) != name.startswith("run_")
    return name if is_theirs else ""


def generation(name: str, version: str) -> Generation:
    """What a script does in a version: as its first did where that is older."""
    first, *later = SCRIPTS[name]
    since = next((one for one in reversed(later) if is_since(version, one)), first)
    return Generation(SCRIPTS[name][since], since)
