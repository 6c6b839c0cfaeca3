"""The LR that an optimizer of torch has where nobody says one, and the words that optimizers of torch take.

Source: torch 2.13.0 ``optim``.
"""

from __future__ import annotations

from lrviz.inputs.foreign.synonyms import key_called
from lrviz.notation.nearest import nearest

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


def meant_argument(word: str) -> str:
    """The argument that is like a word, or that others call so; nothing where none is."""
    is_lr = key_called(word) == "lr" or {*word.lower()} == {*"lr"}
    return "lr" if is_lr else nearest(word, ARGUMENTS)


def default_lr(name: str) -> float | None:
    """That of a class, whose name may be in small letters; None where torch has none of that name."""
    return _LRS.get(name.lower())
