"""The methods of ``TrainingArguments`` that set some of them: ``set_training`` and its kin.

Source: transformers 4.36 to 5.23, ``training_args.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from lrviz.inputs.foreign.python.python_script import PythonCall

SETTERS: dict[str, dict[str, tuple[str, Any]]] = {
    "set_training": {
        "learning_rate": ("learning_rate", 5e-5),
        "batch_size": ("per_device_train_batch_size", 8),
        "weight_decay": ("weight_decay", 0),
        "num_epochs": ("num_train_epochs", 3),
        "max_steps": ("max_steps", -1),
        "gradient_accumulation_steps": ("gradient_accumulation_steps", 1),
    },
    "set_lr_scheduler": {
        "name": ("lr_scheduler_type", "linear"),
        "num_epochs": ("num_train_epochs", 3.0),
        "max_steps": ("max_steps", -1),
        "warmup_steps": ("warmup_steps", 0),
    },
    "set_optimizer": {"name": ("optim", "adamw_torch"), "learning_rate": ("learning_rate", 5e-5)},
    "set_dataloader": {
        "train_batch_size": ("per_device_train_batch_size", 8),
        "drop_last": ("dataloader_drop_last", False),
        "auto_find_batch_size": ("auto_find_batch_size", False),
    },
    "set_evaluate": {"strategy": ("eval_strategy", "no"), "steps": ("eval_steps", 500)},
    "set_logging": {"steps": ("logging_steps", 500)},
}
"""What the methods of ``TrainingArguments`` set, by the keyword of each, and to what where it is not said."""
MAIN = dict([*SETTERS["set_lr_scheduler"].values(), *SETTERS["set_training"].values()])
"""The arguments that make most of a run, and what they are where nobody says them."""
_SET_IF_SAID = {"warmup_ratio": "warmup_ratio"}
"""Of ``set_lr_scheduler`` before 5.15."""


def set_by(method: str, made: PythonCall) -> dict[str, Any]:
    """What a method of the arguments sets, by the names that those have."""
    known = SETTERS[method]
    if "**" in made.keywords or len(made.arguments) > min(len(known), 3):
        return {name: Unknown(f"what line {made.line} sets", (name,)) for name, _ in known.values()}
    said = {**dict(zip(known, made.arguments, strict=False)), **made.keywords}
    more = {name: said[key] for key, name in _SET_IF_SAID.items() if key in said}
    return {**{name: said.get(key, default) for key, (name, default) in known.items()}, **more}
