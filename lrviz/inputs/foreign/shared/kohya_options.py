"""Which options each of kohya's scripts has, and from which release on; its parser stops at any other.

Source: sd-scripts 0.9.1 and 0.10.1, ``setup_parser`` of the scripts, ``read_config_from_file`` of
``library/train_util.py``, which passes over keys of a TOML.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.setting_values import is_since
from lrviz.inputs.foreign.shared.kohya_parts import script_of

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

OLD, NEW = "0.9.1", "0.10.1"
_SCRIPTS = re.compile(
    r"(?:sdxl_)?train_(?:network|textual_inversion)|train_textual_inversion_XTI|train_db|fine_tune|sdxl_train"
    r"|train_control_?net|sdxl_train_control_net(?:_lllite(?:_old)?)?|flux_train_control_net"
    r"|(?:flux|sd3|lumina|anima)_train(?:_network)?|hunyuan_image_train_network"
)
_NEW_CODE = re.compile(
    r"(?:flux|sd3|lumina|anima|hunyuan_image)_train.*|(?:sdxl_)?train_control_net\.py"
    r"|networks/lora_(?:flux|sd3|lumina|anima|hunyuan_image)\.py"
)
"""Scripts and networks that 0.10 came with, or 0.10.1."""
_DIT = ("flux_*", "sd3_*", "lumina_*", "anima_*", "hunyuan_*")
_OF_SCRIPTS = {
    ("*train_network",): (
        "base_weights base_weights_multiplier dim_from_weights fp8_base_unet initial_epoch initial_step"
        " max_validation_steps network_alpha network_args network_module network_train_text_encoder_only"
        " network_train_unet_only no_metadata scale_weight_norms skip_until_initial_step text_encoder_lr"
        " training_comment unet_lr validate_every_n_epochs validate_every_n_steps validation_seed"
        " validation_split"
    ),
    ("*train_network", "*lllite*"): "network_dim network_dropout network_weights",
    ("*textual_inversion*",): (
        "init_word num_vectors_per_token token_string use_object_template use_style_template weights"
    ),
    _DIT: "blocks_to_swap logit_mean logit_std mode_scale text_encoder_batch_size weighting_scheme",
    ("flux_*", "lumina_*", "anima_*", "hunyuan_*"): "discrete_flow_shift sigmoid_scale timestep_sampling",
    ("flux_*", "lumina_*", "hunyuan_*"): "model_prediction_type",
    ("flux_*", "lumina_*"): "ae",
    ("flux_*", "sd3_*"): "apply_t5_attn_mask clip_l t5xxl t5xxl_max_token_length",
    ("sd3_*",): (
        "apply_lg_attn_mask clip_g clip_g_dropout_rate clip_l_dropout_rate enable_scaled_pos_embed"
        " pos_emb_random_crop_rate save_clip save_t5xxl t5_dropout_rate t5xxl_device t5xxl_dtype"
        " training_shift"
    ),
    ("sd3_train",): "learning_rate_te3 num_last_block_to_freeze train_t5xxl use_t5xxl_cache_only",
    ("sd3_train", "sdxl_train"): "learning_rate_te1 learning_rate_te2",
    ("fine_tune", "sd3_train", "sdxl_train"): "train_text_encoder",
    ("fine_tune", "sdxl_train"): "diffusers_xformers",
    ("fine_tune", "train_db"): "learning_rate_te",
    ("train_db",): "no_token_padding stop_text_encoder_training",
    ("sdxl_train",): "block_lr",
    ("sdxl_train_control_net",): "control_net_lr",
    ("*lllite*",): "cond_emb_dim",
    ("flux_*", "sdxl_train_control_net", "train_control*net"): "controlnet_model_name_or_path",
    ("anima_*",): (
        "cross_attn_lr llm_adapter_lr llm_adapter_path mlp_lr mod_lr qwen3 qwen3_max_token_length"
        " self_attn_lr t5_max_token_length t5_tokenizer_path unsloth_offload_checkpointing vae_disable_cache"
    ),
    ("anima_*", "hunyuan_*"): "attn_mode split_attn vae_chunk_size",
    ("hunyuan_*",): "byt5 fp8_scaled fp8_vl text_encoder text_encoder_cpu",
    (
        "lumina_*",
    ): "gemma2 gemma2_max_token_length sample_batch_size system_prompt use_flash_attn use_sage_attn",
    ("flux_*",): "guidance_scale model_type",
    ("flux_train", "flux_train_control_net"): "double_blocks_to_swap single_blocks_to_swap",
    ("flux_train_network",): "split_mode",
    ("flux_train", "flux_train_control_net", "lumina_train"): "mem_eff_save",
    ("flux_train", "flux_train_control_net", "lumina_train", "sd3_train"): "blockwise_fused_optimizers",
    ("sdxl_train", "flux_train", "flux_train_control_net", "lumina_train", "sd3_train"): (
        "fused_optimizer_groups"
    ),
    (
        *_DIT,
        "sdxl_*",
    ): "cache_text_encoder_outputs cache_text_encoder_outputs_to_disk disable_mmap_load_safetensors",
}
"""Options that not every script has, by the names of those that do."""


def absent(source: Source) -> frozenset[str]:
    """Options that the script of a command has in no release; none of a script of another name."""
    script = source.script.removesuffix(".py")
    if not _SCRIPTS.fullmatch(script):
        return frozenset()
    others = (
        words.split()
        for scripts, words in _OF_SCRIPTS.items()
        if not any(fnmatch(script, one) for one in scripts)
    )
    return frozenset(name for words in others for name in words)


def lacks(run: Settings) -> frozenset[str]:
    """Options that its script does not have in its release."""
    return absent(run.source) | (frozenset() if is_since(release_of(run)[0], "0.10") else _new_options())


def fate(first: Source, layer: Source, _version: str) -> Fate:
    """A script of its own stops at another option, and a TOML's keys are passed over."""
    if layer.language != "command":
        return Fate.PASSED
    return Fate.STOPS if _SCRIPTS.fullmatch(first.script.removesuffix(".py")) else Fate.DOUBTED


def release_of(run: Settings) -> tuple[str, str]:
    """The release that is said, else the one that has its script, network and options, and why it is that."""
    if run.is_version_given:
        return run.version, ""
    new = _new_code(run) or _new_option(run)
    return (NEW, f"{run.trainer.program} {OLD} has no {new}") if new else (OLD, "")


def assume_release(run: Settings) -> None:
    """Follow one that has the script, and the transformers that it pins.

    Raises:
        ConfigError: the one that is said does not have it.

    """
    version, why = release_of(run)
    is_new = is_since(version, "0.10")
    if why:
        run.assume(version, why)
    elif not is_new and (code := _new_code(run)):
        run.refuse(f"{run.title} has no {code}", hint=f"--trainer kohya@{NEW}")
    elif not is_new and _is_list(run):
        text = f"{run.title} takes one text_encoder_lr: it stops"
        run.refuse(text, hint=f"--trainer kohya@{NEW}", at="text_encoder_lr")
    if is_new:
        run.set_defaults(transformers="4.54.1")


def _new_code(run: Settings) -> str:
    """The script or the network that came with 0.10."""
    network = _stated(run, "network_module")
    module = network.replace(".", "/") if isinstance(network, str) else ""
    names = (f"{script_of(run)}.py", f"{module}.py")
    return next((name for name in names if _NEW_CODE.fullmatch(name)), "")


def _new_option(run: Settings) -> str:
    said = {key for one in run.lookup.written for key in one.data} & _new_options()
    return min(said, default="list of text_encoder_lr" if _is_list(run) else "")


def _is_list(run: Settings) -> bool:
    lrs = _stated(run, "text_encoder_lr")
    return isinstance(lrs, (list, tuple)) and len(lrs) > 1


def _stated(run: Settings, name: str) -> object:
    """What is said of a setting, which nobody has looked at yet."""
    found = run.lookup.peek(run.table[name])
    return None if found is None else found.value


def _new_options() -> frozenset[str]:
    return KnownKeys(("kohya_new",)).names()
