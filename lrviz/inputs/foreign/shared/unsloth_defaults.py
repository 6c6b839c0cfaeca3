"""The defaults that unsloth's two programs, its command and its script, give settings of the Trainer.

Source: unsloth 2026.10.9, ``unsloth_cli/config.py``; ``unsloth-cli.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.training_arguments import with_defaults

if TYPE_CHECKING:
    from lrviz.inputs.foreign.setting import Setting


def defaults(*, max_steps: int) -> tuple[Setting, ...]:
    """The settings of the Trainer with them; ``max_steps`` is what they do not share."""
    return with_defaults(
        learning_rate=2e-4,
        per_device_train_batch_size=2,
        gradient_accumulation_steps=4,
        warmup_steps=5,
        max_steps=max_steps,
        transformers="5.17.0",
    )
