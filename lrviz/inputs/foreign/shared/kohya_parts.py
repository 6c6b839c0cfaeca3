"""What kohya's scripts train, each part with its LR: those of a network, or models without one.

Source: sd-scripts 0.9.1 and 0.10.1, ``networks/lora*.py`` (``prepare_optimizer_params``), ``train_db.py``,
``fine_tune.py``, ``sdxl_train.py``, ``sd3_train.py``, ``anima_train.py`` (``get_anima_param_groups``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Raw, Setting, number, switch, whole
from lrviz.inputs.foreign.shared.kohya_network import (
    is_without_zeros,
    own_encoders,
    plus_ratio,
    warn_of_blocks,
    with_ratio,
)
from lrviz.notation.numbers import lr_text
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.settings import Settings

Parts = list[tuple[str, float]]

ENCODERS = ("learning_rate_te", "learning_rate_te1", "learning_rate_te2", "learning_rate_te3")
"""Those of text encoders in the scripts that train no network."""
BLOCKS = 23
"""Of SDXL's U-Net, that ``block_lr`` has an LR for each of."""
_OF_SDXL, _OF_SD3 = ("block_lr", *ENCODERS[1:3]), ("train_t5xxl", ENCODERS[3])
_OF_ANIMA = ("self_attn_lr", "cross_attn_lr", "mlp_lr", "mod_lr", "llm_adapter_lr")


def block_lrs(raw: Raw) -> tuple[float, ...]:
    """A text of so many LRs with commas between.

    Raises:
        Unfit: it is something else, at which the script stops.

    """
    texts = raw.value.split(",") if isinstance(raw.value, str) else []
    if len(texts) != BLOCKS:
        raise Unfit(f"which are {BLOCKS} LRs with commas between", ",".join(["1e-5"] * BLOCKS))
    return tuple(float(number(Raw(text.strip()))) for text in texts)


SETTINGS = (
    *(Setting(name, number) for name in (*ENCODERS, *_OF_ANIMA)),
    Setting("train_text_encoder", switch, default=False),
    Setting("train_t5xxl", switch, default=False),
    Setting("stop_text_encoder_training", whole),
    Setting("block_lr", block_lrs),
)


def script_of(run: Settings) -> str:
    """The script that is run, without its suffix, or that alone knows what is said; '' for none."""
    named = run.source.script.removesuffix(".py")
    if named or run["network_module"]:
        return named
    if any(map(run.is_said, _OF_SD3)):
        return "sd3_train"
    return "sdxl_train" if any(map(run.is_said, _OF_SDXL)) else ""


def trains_network(run: Settings) -> bool:
    """Whether it is a network that is trained, as of a script that nobody names."""
    script = script_of(run)
    return "train_network" in script or (script not in _MODELS and bool(run["network_module"]))


def trained_parts(run: Settings) -> Parts:
    """What is trained, each with its LR, the model first.

    Raises:
        ConfigError: that is nothing, at which the optimizer stops.

    """
    script = script_of(run)
    own = _MODELS.get(script)
    if own is None:
        parts = _of_network(run)
        _note_encoders(run)
    else:
        parts = own(run)
    if not parts:
        run.refuse(
            "nothing is trained where each LR is 0: the optimizer gets no parameters, and stops",
            hint="--given learning_rate=1e-5",
            at="learning_rate",
        )
    return parts[:1] if len({lr for _, lr in parts}) == 1 else parts


def _note_encoders(run: Settings) -> None:
    """Text encoders beside the model, of which not every script trains each, or without being told to."""
    for name in ENCODERS:
        if run.is_said(name) and run[name] != run["learning_rate"]:
            text = f"a text encoder that is trained has an LR of its own, {lr_text(run[name])}"
            run.note("second-group", text, at=name)


# --- models ----------------------------------------------------------------------------------------------


def _of_dreambooth(run: Settings) -> Parts:
    stops = run["stop_text_encoder_training"]
    return _with_encoder(run, is_trained=stops is None or stops >= 0)


def _of_fine_tune(run: Settings) -> Parts:
    return _with_encoder(run, is_trained=run["train_text_encoder"])


def _with_encoder(run: Settings, *, is_trained: bool) -> Parts:
    """One group, unless the text encoder that is trained has an LR of its own, be it 0."""
    unet, own = ("unet", run["learning_rate"]), run["learning_rate_te"]
    if own is not None and not is_trained:
        _say_untrained(run, "learning_rate_te")
    return [unet] if own is None or not is_trained else [unet, ("text_encoder", own)]


def _of_sdxl(run: Settings) -> Parts:
    unet, blocks = _model(run, "unet"), run["block_lr"]
    if unet and blocks is not None:
        unet = [(f"block{n}", one) for n, one in enumerate(blocks) if one]
    return unet + _encoders(run, ENCODERS[1:3])


def _of_sd3(run: Settings) -> Parts:
    t5 = ENCODERS[3:] if run["train_t5xxl"] else ()
    return _model(run, "mmdit") + _encoders(run, (*ENCODERS[1:3], *t5))


def _model(run: Settings, name: str) -> Parts:
    """The model, which an LR of 0 leaves as it is."""
    if run["learning_rate"]:
        return [(name, run["learning_rate"])]
    run.note("part-not-trained", f"the {name} is not trained with an LR of 0", at="learning_rate")
    return []


def _encoders(run: Settings, names: tuple[str, ...]) -> Parts:
    """The text encoders, where they are trained: those without an LR have the model's, those of 0 are not."""
    if not run["train_text_encoder"]:
        for name in names:
            if run[name] is not None:
                _say_untrained(run, name)
        return []
    lrs = [(name, run["learning_rate"] if run[name] is None else run[name]) for name in names]
    return [(name.replace("learning_rate_te", "text_encoder_"), lr) for name, lr in lrs if lr]


def _say_untrained(run: Settings, name: str) -> None:
    run.warn("part-not-trained", "no text encoder is trained: its LR changes nothing", at=name)


def _of_anima(run: Settings) -> Parts:
    lr = run["learning_rate"]
    named = [(name.removesuffix("_lr"), lr if run[name] is None else run[name]) for name in _OF_ANIMA]
    return [(name, one) for name, one in [("base", lr), *named] if one] if lr else []


def _of_model(run: Settings) -> Parts:
    return [("model", run["learning_rate"])]


_MODELS: dict[str, Callable[[Settings], Parts]] = {
    "train_db": _of_dreambooth,
    "fine_tune": _of_fine_tune,
    "sdxl_train": _of_sdxl,
    "sd3_train": _of_sd3,
    "anima_train": _of_anima,
    "flux_train": _of_model,
    "lumina_train": _of_model,
}


# --- networks --------------------------------------------------------------------------------------------


def _of_network(run: Settings) -> Parts:
    """Text encoders only where their LR is another; those of 0 are left out by most networks."""
    lr: float = run["learning_rate"]
    encoders = own_encoders(run, run["text_encoder_lr"] or (lr,))
    is_encoder_only = run["network_train_text_encoder_only"]
    warn_of_blocks(run, has_unet=not is_encoder_only)
    if is_encoder_only:
        return _without_zeros(run, with_ratio(run, "text_encoder", encoders[0], "text_encoder"))
    unet: float = lr if run["unet_lr"] is None else run["unet_lr"]
    parts = with_ratio(run, "unet", unet, "unet")
    are_alike = set(encoders) == {unet} and plus_ratio(run, "unet") == plus_ratio(run, "text_encoder")
    if run["network_train_unet_only"] or are_alike:
        return _without_zeros(run, parts)
    names = (
        ["text_encoder"] if len(encoders) == 1 else [f"text_encoder_{n + 1}" for n in range(len(encoders))]
    )
    for name, one in zip(names, encoders, strict=True):
        parts += with_ratio(run, name, one, "text_encoder")
    return _without_zeros(run, parts)


def _without_zeros(run: Settings, parts: Parts) -> Parts:
    return [(name, lr) for name, lr in parts if lr] if is_without_zeros(run) else parts
