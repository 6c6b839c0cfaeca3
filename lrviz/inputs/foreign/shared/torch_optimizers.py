"""The LR that an optimizer of torch has where nobody says one.

Source: torch 2.13.0 ``optim``.
"""

from __future__ import annotations

_LRS = {
    **dict.fromkeys(("adadelta", "lbfgs"), 1.0),
    **dict.fromkeys(("adafactor", "adagrad", "asgd", "rmsprop", "rprop"), 1e-2),
    **dict.fromkeys(("adamax", "nadam"), 2e-3),
    **dict.fromkeys(("adam", "adamw", "muon", "radam", "sgd", "sparseadam"), 1e-3),
}


def default_lr(name: str) -> float | None:
    """That of a class, whose name may be in small letters; None where torch has none of that name."""
    return _LRS.get(name.lower())
