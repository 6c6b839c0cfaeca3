"""Whose command it is that trains an image model: kohya's scripts and those of diffusers share many options.

Source: the examples of diffusers 2026-08, kohya-ss sd-scripts 0.9.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

SHARED = {"train_batch_size", "lr_warmup_steps"}
OF_SIMPLETUNER = {"model_family", "data_backend_config"}
_OF_OTHERS = {
    *OF_SIMPLETUNER,
    *("per_device_train_batch_size", "num_warmup_steps", "micro_train_batch_size"),
    "do_train",
}
_KOHYA_OPTIONS = {
    *("network_module", "dataset_config", "max_train_epochs", "output_name", "unet_lr"),
    *("lr_scheduler_num_cycles", "lr_scheduler_type", "lr_scheduler_args", "optimizer_type", "network_dim"),
    *("conditioning_data_dir", "reg_data_dir", "save_model_as", "save_every_n_epochs", "clip_skip"),
}
_DIFFUSERS_OPTIONS = {
    *("num_train_epochs", "num_epochs", "dataset_name", "instance_data_dir", "instance_prompt"),
    *("validation_prompt", "lr_num_cycles", "lr_power", "scale_lr", "rank", "validation_image", "snr_gamma"),
    *("conditioning_image_column", "image_column", "caption_column", "with_prior_preservation"),
    *("placeholder_token", "checkpointing_steps", "validation_steps", "push_to_hub", "report_to"),
}
_KOHYA_SCRIPT = re.compile(
    r"(?:sdxl|flux|sd3|lumina|anima|hunyuan_image)_(?:minimal_)?train.*"
    r"|train_(?:network|db|textual_inversion|leco|controlnet|control_net)|fine_tune"
)
_DIFFUSERS_SCRIPT = re.compile(
    r"train_(?:text_to_image|dreambooth|controlnet|control|instruct_pix2pix|custom_diffusion|lcm_distill|amused"
    r"|cogvideox|t2i_adapter|vqgan|unconditional).*|textual_inversion(?:_sdxl)?"
)


def is_kohya(source: Source) -> bool:
    """Whether a command may be one of kohya's."""
    return _is_one(source, _KOHYA_OPTIONS, _DIFFUSERS_OPTIONS, _KOHYA_SCRIPT, _DIFFUSERS_SCRIPT)


def is_diffusers(source: Source) -> bool:
    """Whether a command may be one of diffusers' examples."""
    return _is_one(source, _DIFFUSERS_OPTIONS, _KOHYA_OPTIONS, _DIFFUSERS_SCRIPT, _KOHYA_SCRIPT)


def _is_one(
    source: Source,
    own: set[str],
    others: set[str],
    own_script: re.Pattern[str],
    others_script: re.Pattern[str],
) -> bool:
    """By the options that only one of the two has, else by the script, else it may be of both.

    Both have scripts in Python, no programs or modules of a package.
    """
    options, script = source.data.keys(), source.script.removesuffix(".py")
    is_own, is_other = own_script.fullmatch(script) is not None, others_script.fullmatch(script) is not None
    is_program = source.program[:1].isalpha() and not source.program.endswith(".py") and not is_own
    if "." in script or is_program or options & _OF_OTHERS or not (options & SHARED or is_own):
        return False
    if bool(options & own) != bool(options & others):
        return bool(options & own)
    return is_own or not is_other
