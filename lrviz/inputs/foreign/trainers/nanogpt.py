"""nanoGPT: its configs in Python, and ``train.py config.py --key=value``.

Source: nanoGPT 3adf61e1 (2025-11) ``train.py`` and ``configurator.py``; up to commit dc81cb36 of 2024-12
the warmup counts from 0. Scripts of lit-gpt of 2023, TinyLlama's ``pretrain/tinyllama.py`` among them, have
its names, and count micro-batches.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_RANK
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, off, switch, text, whole
from lrviz.inputs.foreign.settings import shorter_warmup
from lrviz.inputs.foreign.shared.configurator import (
    as_started,
    before_configurator,
    lr_formulas,
    script_names,
    set_again,
)
from lrviz.inputs.foreign.shared.executed_configs import with_executed
from lrviz.inputs.foreign.shared.nanogpt_loop import ends_earlier
from lrviz.inputs.foreign.source import DEFAULTS
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    Setting("learning_rate", number, 6e-4, "lr"),
    Setting("min_lr", number, 6e-5, "min_lr"),
    Setting("max_iters", whole, 600000),
    Setting("lr_decay_iters", whole, 600000),
    Setting("warmup_iters", whole, 2000, "warmup"),
    Setting("decay_lr", switch, default=True),
    Setting("gradient_accumulation_steps", whole, 40, "grad_accum"),
    Setting("get_lr", text),  # that of a script which is here is nanoGPT's
    Setting("loop", text),  # and so is its training loop
)
_BEHIND_WARMUP = {
    "min_lr",
    "(it - warmup_iters) / (lr_decay_iters - warmup_iters)",
    "0.5 * (1.0 + math.cos(math.pi * decay_ratio))",
    "min_lr + coeff * (learning_rate - min_lr)",
}
_FROM_ONE = {"learning_rate * (it + 1) / (warmup_iters + 1)", *_BEHIND_WARMUP}
_FROM_ZERO = {"learning_rate * it / warmup_iters", *_BEHIND_WARMUP}
"""What ``get_lr`` of its script assigns and returns; this is that of up to 2024-11."""
_WARMUPS = "the warmup is (t + 1) / (W + 1); up to 2024-11 it is t / W"
_NAMES = {one.name for one in SETTINGS}
_OF_SCRIPT = _NAMES - {"get_lr", "loop"}
OF_LR = {"lr_decay_iters", "warmup_iters", "decay_lr", "gradient_accumulation_steps"}


def claims(source: Source) -> bool:
    """``max_iters`` beside another name of its config, or an option of them to a ``train.py``."""
    names = source.data.keys()
    if source.language == "command":
        script, *files = source.words or ("",)
        is_own = script.rpartition("/")[2] == "train.py" and all(one.endswith(".py") for one in files)
        return is_own and _has_pairs(source) and bool({"max_iters", *OF_LR} & names)
    return source.language == "python" and "max_iters" in names and bool(OF_LR & names)


def _has_pairs(source: Source) -> bool:
    """Whether every option is ``--key=value``, the only way that its parser takes."""
    return all("=" in word.text for word in source.argv if word.text.startswith("-"))


def read(run: Settings) -> Spec:
    """``max_iters + 1`` updates: the loop ends once the number of the next one is above ``max_iters``.

    In 2022 it ended once that number was ``max_iters``.
    """
    if run.raw("micro_batch_size") is not None:
        return _by_micro_batches(run)
    _check(run)
    lr, steps = run["learning_rate"], _steps(run)
    if not run["decay_lr"]:
        return _constant(run, lr, steps)
    warmup, decay = run["warmup_iters"], run["lr_decay_iters"]
    run.warmup = warmup
    _check_end(run, steps - 1, warmup, decay)
    is_known = _is_function_known(run)
    if run.since("2024-12", "" if is_known or not warmup else _WARMUPS):
        return run.curve(
            "nanogpt.get_lr",
            lr=lr,
            steps=steps,
            lr_decay_iters=decay,
            warmup_iters=warmup,
            min_lr=run["min_lr"],
        )
    return run.curve("megatron.OptimizerParamScheduler", max_lr=lr, steps=steps, **_from_zero(run))


def _steps(run: Settings) -> int:
    last = run["max_iters"]
    if ends_earlier(_command(run.source), is_known=bool(run["loop"])):
        return run.line(run.TOTAL_STEPS, f"{max(last, 1)}", max(last, 1))
    return run.line(run.TOTAL_STEPS, f"{last} + 1", last + 1)


def _command(source: Source) -> Source:
    return source if source.language == "command" else as_started(source)


def _from_zero(run: Settings) -> dict[str, Value]:
    """The schedule whose warmup counts from 0."""
    warmup = run["warmup_iters"]
    return {
        "lr_decay_steps": max(run["lr_decay_iters"], warmup + 1),
        "lr_warmup_steps": warmup,
        "min_lr": run["min_lr"],
        "lr_decay_style": "cosine",
    }


def _by_micro_batches(run: Settings) -> Spec:
    """The LR of an update is that of its last micro-batch."""
    accum, last, lr = run["gradient_accumulation_steps"], run["max_iters"], run["learning_rate"]
    if accum < 1 or last < accum:
        run.refuse(f"max_iters={last}: no update", at="max_iters", instead=1000 * accum)
    steps = run.line(run.TOTAL_STEPS, f"{last} // {accum}", last // accum)
    text = f"micro_batch_size: max_iters, warmup_iters and the like count micro-batches, {accum} in an update"
    run.note("micro-batches", text, at="max_iters")
    if not run["decay_lr"]:
        return _constant(run, lr, steps)
    run.warmup = run["warmup_iters"] / accum
    return run.curve(
        "megatron.OptimizerParamScheduler",
        max_lr=lr,
        steps=steps,
        calls=accum,
        lead=accum - 1,
        **_from_zero(run),
    )


def _constant(run: Settings, lr: float, steps: int) -> Spec:
    run.warmup = 0
    text = f"decay_lr=False: the LR is {lr_text(lr)} in all updates, without a warmup"
    run.note("no-decay", text, at="decay_lr")
    return run.curve("transformers.constant", lr=lr, steps=steps)


def _is_function_known(run: Settings) -> bool:
    """Whether ``get_lr`` of the script that is here is nanoGPT's, whose version it tells then.

    Raises:
        ConfigError: it is another than nanoGPT's.

    """
    found = lr_formulas(_command(run.source), "get_lr")
    if found is None or run["get_lr"] or run.is_version_given:
        return False
    place, formulas = found
    if formulas == _FROM_ZERO:
        run.assume("2024-11")
    elif formulas != _FROM_ONE:
        what = "its get_lr is not nanoGPT's" if formulas else "it has no get_lr, which is nanoGPT's schedule"
        raise ConfigError(f"{place}: {what}", hint="--given get_lr=nanogpt where it gives the same LR")
    return True


def _check(run: Settings) -> None:
    _check_pairs(run)
    _check_types(run)
    if run["max_iters"] < 0:
        run.refuse(f"max_iters={run['max_iters']}: no run", at="max_iters", instead=600000)
    accum = run["gradient_accumulation_steps"]
    world = run.ask("world_size") if run.is_said("world_size") else 1
    if accum % world:
        run.refuse(
            f"gradient_accumulation_steps={accum} is no multiple of {world} processes: it stops",
            hint=f"<grad_accum={math.ceil(accum / world) * world}>",
            at="gradient_accumulation_steps",
        )


def _check_pairs(run: Settings) -> None:
    """Refuse ``--max_iters 1000``: a word without ``=`` is a config, and may not begin with dashes."""
    words = run.source.argv if run.source.language == "command" else ()
    for word, behind in zip(words, [*words[1:], None], strict=False):
        if word.text.startswith("--") and "=" not in word.text:
            is_value = behind is not None and not behind.text.startswith("--")
            value = behind.text if behind is not None and is_value else "VALUE"
            text = f"{word.text} without = is no option of {run.title}: it stops"
            run.refuse(text, hint=f"write {word.text}={value}")


def _check_types(run: Settings) -> None:
    """``--min_lr=0`` stops: what is typed must have the type of the value it replaces."""
    command = run.source
    for setting in SETTINGS if command.language == "command" else ():
        typed = command.data.get(setting.name)
        found = literal(Raw(typed)) if isinstance(typed, str) else typed
        below = (one.data[setting.name] for one in run.sources[1:] if setting.name in one.data)
        kind = type(next(below, setting.default))
        is_open = typed is None or isinstance(typed, Unknown) or run.is_answered(setting.name)
        if not is_open and type(found) is not kind:
            run.refuse(
                f"--{setting.name}={typed} is no {kind.__name__}, as its config has it: it stops",
                hint=f"--given {setting.name}={setting.default}",
                at=setting.name,
            )


def _check_end(run: Settings, last: int, warmup: int, decay: int) -> None:
    """Say what becomes of the LR at the end where the warmup or the decay does not fit the run."""
    if warmup > last:
        share, hint = (last + 1) / (warmup + 1), shorter_warmup(last)
        run.warn_of_warmup(f"{warmup} updates", last + 1, share, hint=hint, at="warmup_iters")
    elif warmup == decay:
        run.refuse(
            f"lr_decay_iters={decay} is warmup_iters: it divides by zero there and stops",
            at="lr_decay_iters",
            instead=last,
        )
    elif decay == last:
        run.settled.add("length-differs")  # the last of ``last + 1`` updates is at its end
    else:
        _say_end(run, last, warmup, decay)


def _say_end(run: Settings, last: int, warmup: int, decay: int) -> None:
    """Say where a decay that is longer or shorter than the run leaves the LR."""
    lr, lowest = run["learning_rate"], run["min_lr"]
    if decay <= last:
        text = f"lr_decay_iters={decay}: the last {last - decay} updates stay at min_lr={lr_text(lowest)}"
        run.note("length-differs", text, at="lr_decay_iters")
        return
    end = lowest + (lr - lowest) * (1 + math.cos(math.pi * (last - warmup) / (decay - warmup))) / 2
    text = f"the LR ends at {lr_text(end)}, not at {lr_text(lowest)}"
    run.note(
        "length-differs",
        f"lr_decay_iters={decay} and {last + 1} updates: {text}",
        hint=f"--given lr_decay_iters={last}",
        at="lr_decay_iters",
    )


def _with_configs(source: Source) -> Source:
    """The configs among its words, each of which it executes."""
    return replace(source, beneath=tuple(word for word in source.words[1:] if word.endswith(".py")))


def _in_turn(layers: list[Source]) -> list[Source]:
    """Configs and options are taken from left to right, and the last of them wins."""
    command, *files = layers
    if command.language != "command":
        own = before_configurator(command, _NAMES)
        return [with_executed(command, command, _OF_SCRIPT) if own is command else own, *files]
    script = script_names(command)
    texts = [word.text for word in command.argv]
    configs = [with_executed(one, command, _OF_SCRIPT) for one in files if one.language != DEFAULTS]
    defaults = [one for one in files if one.language == DEFAULTS]
    named = dict(zip(command.beneath, configs, strict=False))
    data = {**command.data, **set_again(command, _NAMES)}
    for word, config in named.items():
        for key in config.data.keys() & data.keys():
            is_last = any(text.startswith(f"--{key}=") for text in texts[texts.index(word) :])
            if not is_last and not isinstance(data[key], Unknown):
                del data[key]
    return [replace(command, data=data), *reversed(configs), *defaults, *([script] if script else [])]


TRAINER = ForeignTrainer(
    "nanogpt",
    "2025-11",
    SETTINGS,
    claims,
    read,
    read_words=_with_configs,
    layers=_in_turn,
    dash="_",
    takes_beginnings=False,
    keys=KnownKeys(("nanogpt",), by_language(command=Fate.STOPS)),
    used_by=("GPTConfig",),
    ranks=BY_RANK,
    no_training=NoTraining(needs=off("eval_only")),
    known_by="max_iters and lr_decay_iters in Python, or such options of train.py",
    oldest="2023",
    reads_names=True,
)
