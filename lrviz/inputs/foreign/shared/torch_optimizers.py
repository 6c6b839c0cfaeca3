"""The LR that an optimizer of torch has where nobody says one, and the words that optimizers of torch take.

Source: torch 2.13.0 ``optim``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.synonyms import key_called
from lrviz.notation.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lrviz.notation.origin import Place

_LRS = {
    **dict.fromkeys(("adadelta", "lbfgs"), 1.0),
    **dict.fromkeys(("adafactor", "adagrad", "asgd", "rmsprop", "rprop"), 1e-2),
    **dict.fromkeys(("adamax", "nadam"), 2e-3),
    **dict.fromkeys(("adam", "adamw", "muon", "radam", "sgd", "sparseadam"), 1e-3),
}
ARGUMENTS = frozenset(
    {
        *("adjust_lr_fn", "alpha", "amsgrad", "beta2_decay", "betas", "capturable", "centered", "d"),
        *("dampening", "decoupled_weight_decay", "differentiable", "eps", "etas", "foreach", "fused"),
        *("history_size", "initial_accumulator_value", "lambd", "line_search_fn", "lr", "lr_decay"),
        *("max_eval", "max_iter", "maximize", "momentum", "momentum_decay", "nesterov", "ns_coefficients"),
        *("ns_steps", "rho", "step_sizes", "t0", "tolerance_change", "tolerance_grad", "weight_decay"),
    }
)
"""All that one of them takes or another."""
_EVERY = {"lr", "weight_decay", "foreach", "maximize", "differentiable"}
_OF_ADAM = {*_EVERY, "betas", "eps", "capturable"}
OF_CLASS = {
    "SGD": {*_EVERY, "momentum", "dampening", "nesterov", "fused"},
    "Adam": {*_OF_ADAM, "amsgrad", "fused", "decoupled_weight_decay"},
    "AdamW": {*_OF_ADAM, "amsgrad", "fused"},
    "NAdam": {*_OF_ADAM, "momentum_decay", "decoupled_weight_decay"},
    "RAdam": {*_OF_ADAM, "decoupled_weight_decay"},
    "Adamax": _OF_ADAM,
    "RMSprop": {*_EVERY, "alpha", "eps", "momentum", "centered", "capturable"},
    "Adagrad": {*_EVERY, "lr_decay", "initial_accumulator_value", "eps", "fused"},
    "Adadelta": {*_EVERY, "rho", "eps", "capturable"},
}
"""What those of them take that are mostly used."""


def meant_argument(word: str) -> str:
    """The argument that is like a word, or that others call so; nothing where none is."""
    is_lr = key_called(word) == "lr" or {*word.lower()} == {*"lr"}
    return "lr" if is_lr else nearest(word, ARGUMENTS)


def check_arguments(
    name: str, said: Mapping[str, Place], known: Collection[str] = ARGUMENTS, *, stops: str = "it stops"
) -> None:
    """Refuse an argument that a class, one of torch's optimizers or with words ``known``, does not take.

    Raises:
        ConfigError: there is one.

    """
    for word, place in said.items():
        if word not in known:
            near = meant_argument(word) if known is ARGUMENTS else nearest(word, known)
            text = f"{place._replace(key='')}: {name} takes no {word}: {stops}"
            raise ConfigError(text, hint=f"write {near}" if near else f"take {word} out")


def default_lr(name: str) -> float | None:
    """That of a class, whose name may be in small letters; None where torch has none of that name."""
    return _LRS.get(name.lower())
