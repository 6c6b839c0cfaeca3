"""TRL's own programs: which keys each of them stops at, and which configs have had, and have no more.

Source: trl 0.13 to 1.16.0, ``scripts/*.py``, ``scripts/utils.py`` (``parse_args_and_config``), ``cli.py`` and
``cli/commands/training.py``, ``trainer/*_config.py``.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.setting_values import is_since

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

GONE = {
    **dict.fromkeys(("use_num_logits_to_keep",), "0.17"),
    **dict.fromkeys(("chars_per_token", "dataset_batch_size", "num_of_sequences", "use_liger"), "0.18"),
    **dict.fromkeys(("vllm_device", "vllm_dtype", "vllm_enable_prefix_caching"), "0.18"),
    "vllm_max_model_len": "0.18",
    "max_seq_length": "0.20",
    "torch_dtype": "0.27",
    **dict.fromkeys(("use_liger_loss", "vllm_guided_decoding_regex"), "0.28"),
    **dict.fromkeys(("base_model_attribute_name", "force_use_ref_model", "label_pad_token_id"), "0.29"),
    **dict.fromkeys(("model_adapter_name", "ref_adapter_name", "ref_model_init_kwargs"), "0.29"),
    **dict.fromkeys(("reference_free", "rpo_alpha", "use_logits_to_keep"), "0.29"),
}
"""Keys that no config has any more, and the version since which none does."""
_LENIENT = {"sft": "0.18", "reward": "0.24"}
"""Scripts that ask for what is left and drop it, each since the version, up to 1.0; the others since 0.22."""
_STOPS_AT_KEYS = "0.19"
_OWN, _OF_LAUNCHER = KnownKeys(("trl", "transformers")), KnownKeys(("accelerate",))


def is_own(program: str) -> bool:
    """Whether a program is one of TRL's own."""
    return program == "trl" or "trl/scripts" in program or program.startswith("trl.scripts")


def fate(first: Source, layer: Source, version: str) -> Fate:
    """Its own programs and its configs stop; a script may have more keys, and a file may be for that."""
    if is_own(first.program) and first.program != "trl":
        return _of_script(first, layer, version)
    if "trl" in first.python.imports or first.program == "trl":
        return Fate.STOPS
    return Fate.KEPT if first.language in ("command", "python") else Fate.DOUBTED


def _of_script(first: Source, layer: Source, version: str) -> Fate:
    """What a script that no ``trl`` looks at before does: since 1.0 it passes over keys of its config."""
    name = PurePath(first.module.replace(".", "/")).name
    is_command = layer.language == "command"
    if is_since(version, "1.0"):
        return Fate.STOPS if is_command else Fate.PASSED
    if is_since(version, _LENIENT.get(name, "0.22")):
        return Fate.PASSED
    return Fate.STOPS if is_command or is_since(version, _STOPS_AT_KEYS) else Fate.PASSED


def lacks(run: Settings) -> frozenset[str]:
    """Keys of other versions, and of ``accelerate`` where ``trl`` does not start a script, which stops."""
    gone = frozenset(key for key, version in GONE.items() if is_since(run.version, version))
    is_script = is_own(run.source.program) and run.source.program != "trl"
    return gone | (_OF_LAUNCHER.names() - _OWN.names() if is_script else frozenset())
