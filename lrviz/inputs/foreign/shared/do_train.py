"""``do_train``, without which the example scripts of transformers, and LLaMA-Factory, train nothing.

Source: transformers 5.23 ``examples/pytorch``, LLaMA-Factory 0.9.5 ``train/*/workflow.py``: training stands
below ``if training_args.do_train``, which is false by default. The Trainer itself does not look at it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.opening import script_text
from lrviz.inputs.foreign.setting import Raw, Setting, switch
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

_TRAIN, *_OTHERS = (Setting(name, switch) for name in ("do_train", "do_eval", "do_predict"))
_EXAMPLES = re.compile(
    r"run_(?:[cmp]lm|fim|glue|ner|swag|xnli|mae|mim|clip|translation|summarization|(?:\w+_)?qa(?:_beam_search)?"
    r"|(?:\w+_)?classification|speech_recognition_\w+|\w+_segmentation|object_detection)\.py"
)


def check_example(run: Settings) -> None:
    """Refuse a command of a script that looks at ``do_train``, where that is not on and something else is.

    Raises:
        ConfigError: it is one.

    """
    if run.source.language != "command":
        return
    text = script_text(run.source)
    looks = "do_train" in text if text else is_example(run.source)
    if looks:
        check_do_train(run)
    elif not text and (why := _not_trained(run)):
        run.warn("no-training", f"{why} trains nothing where the script looks at do_train", at="do_train")


def is_example(source: Source) -> bool:
    """Whether a command starts a script that is called as an example that trains with the Trainer."""
    return source.language == "command" and _EXAMPLES.fullmatch(source.script) is not None


def check_do_train(run: Settings) -> None:
    """Refuse a run without ``do_train`` that does something else; warn of one that does nothing.

    Raises:
        ConfigError: it only evaluates or predicts.

    """
    if why := _not_trained(run):
        run.refuse(f"{why} trains nothing", at="do_train", instead="true")
    if _is_on(run, _TRAIN) is None:
        text = "without do_train it trains nothing: taken to be true"
        run.warn("no-training", text, hint="--given do_train=true, or write it")


def _not_trained(run: Settings) -> str:
    """Why it does not train: ``do_train=False``, or what it does instead."""
    trains = _is_on(run, _TRAIN)
    if trains is not None:
        return "" if trains else "do_train=False"
    other = next((one.name for one in _OTHERS if _is_on(run, one)), "")
    return f"{other} without do_train" if other else ""


def _is_on(run: Settings, setting: Setting) -> bool | None:
    """What is said of a switch; None where nothing is, or nothing that can be known."""
    given = run.lookup.of(setting)
    if given is None or given.value is None or isinstance(given.value, Unknown):
        return None
    try:
        return switch(Raw(given.value))
    except Unfit:
        return None
