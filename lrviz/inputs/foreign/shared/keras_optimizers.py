"""What the optimizers of Keras are made with, which stop at anything else.

Source: keras 3.15.1 ``optimizers``; ``decay`` alone is passed over with a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.notation.nearest import SLIP, nearest

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_BASE = frozenset(
    {
        *("learning_rate", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "name"),
        *("ema_momentum", "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps"),
        *("decay", "class_name"),
    }
)
_BETAS = "beta_1 beta_2"
_OWN = {
    "SGD": "momentum nesterov",
    "RMSprop": "rho momentum epsilon centered",
    **dict.fromkeys(("Adam", "AdamW"), f"{_BETAS} epsilon amsgrad"),
    **dict.fromkeys(("Adamax", "Nadam", "Lamb"), f"{_BETAS} epsilon"),
    "Adadelta": "rho epsilon",
    "Adagrad": "initial_accumulator_value epsilon",
    "Adafactor": "beta_2_decay epsilon_1 epsilon_2 clip_threshold relative_step",
    "Ftrl": "learning_rate_power initial_accumulator_value l1_regularization_strength"
    " l2_regularization_strength l2_shrinkage_regularization_strength beta",
    "Lion": _BETAS,
    "Muon": "adam_beta_1 adam_beta_2 adam_weight_decay epsilon exclude_layers exclude_embeddings muon_a"
    " muon_b muon_c adam_lr_ratio momentum ns_steps nesterov rms_rate",
}
_CLASSES = {name.lower(): name for name in _OWN}
"""By the name that ``deserialize`` takes too, which is that of one that is given no other."""


def class_called(name: object) -> str:
    """The class of a name; nothing where Keras has none of that."""
    return _CLASSES.get(str(name).lower(), "")


def check_made_with(run: Settings) -> None:
    """Refuse what the class of the optimizer does not take: that of ``class_name``, else of its own name.

    Raises:
        ConfigError: there is something.

    """
    name = class_called(run.raw("class_name") or run.raw("name"))
    known = _BASE | {*_OWN.get(name, "").split()}
    wrong = next((key for key in run.source.data if name and key not in known), None)
    if wrong is None or run.is_answered(wrong):
        return
    near = nearest(wrong, known, cutoff=SLIP)
    place = run.lookup.place((wrong,))._replace(key="")
    text = f"{place}: {name} takes no {wrong}: Keras stops"
    raise ConfigError(text, hint=f"write {near}" if near else f"take {wrong} out")
