"""Whose rules a run follows: the version of transformers, which no file says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.setting_values import is_since, version_parts

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

OLDEST, LAST_V4, NEWEST = "4.36", "4.57.6", "5.24"
LAST = {
    **dict.fromkeys(("warmup_ratio", "per_gpu_train_batch_size", "no_cuda", "fp16_backend"), LAST_V4),
    **dict.fromkeys(("save_safetensors", "half_precision_backend", "overwrite_output_dir"), LAST_V4),
    **dict.fromkeys(("include_inputs_for_metrics", "include_tokens_per_second", "past_index"), LAST_V4),
    **dict.fromkeys(("per_gpu_eval_batch_size", "use_mps_device", "jit_mode_eval", "ray_scope"), LAST_V4),
    **dict.fromkeys(("adafactor", "fp16_opt_level", "mp_parameters", "torchdynamo"), LAST_V4),
    **dict.fromkeys(("fsdp_min_num_params", "fsdp_transformer_layer_cls_to_wrap"), LAST_V4),
    **dict.fromkeys(("push_to_hub_model_id", "push_to_hub_organization", "push_to_hub_token"), LAST_V4),
    **dict.fromkeys(("tpu_metrics_debug", "tpu_num_cores", "use_legacy_prediction_loop"), LAST_V4),
    "logging_dir": "5.14.0",
    "group_by_length": "5.1.0",
    "evaluation_strategy": "4.49.0",
}
"""Settings that the newest version does not have, and the version taken where one stands."""
VERY_LAST = {"warmup_ratio": "5.14.0"}
"""The last version that has a setting at all, where an older one is taken."""


class Allowed(NamedTuple):
    """The oldest version that a trainer's release allows, and settings that it has whatever the version."""

    oldest: str
    own: tuple[str, ...] = ()


ALLOWED = {
    **dict.fromkeys(("transformers", "deepspeed"), Allowed(OLDEST)),
    **dict.fromkeys(("unsloth", "unsloth_cli", "unsloth_script"), Allowed("4.52.4")),
    "llamafactory": Allowed("4.55.0", own=("overwrite_output_dir",)),
    "ms_swift": Allowed("4.33", own=("warmup_ratio", "logging_dir")),
    "sentence_transformers": Allowed("5.0.0", own=("warmup_ratio",)),
    "trl": Allowed("4.56.2"),
}
"""Trainers that run with several versions: the newest is the default of their setting. Others pin one."""


def version_of(run: Settings) -> str:
    """The version of transformers: what is said, else the trainer's, else one that has all settings."""
    if run.is_said("transformers"):
        return str(run["transformers"])
    if run.trainer.name == "transformers":
        return run.version
    return _last(old) if (old := _old_names(run)) else str(run.table["transformers"].default)


def _last(names: list[str]) -> str:
    """The version that is taken for all of them."""
    return min((LAST[name] for name in names), key=version_parts)


def assume_version(run: Settings) -> None:
    """Say that the last version is assumed that has all settings, where the newest has not."""
    if run.is_said("transformers"):
        run.closest_known("transformers", version_of(run), OLDEST, NEWEST)
    if _is_given(run) or not (old := _old_names(run)):
        return
    old.sort(key=lambda name: version_parts(LAST[name]))
    text = f"{old[0]} is no setting of transformers {run.table['transformers'].default}"
    if run.trainer.name == "transformers":
        run.assume(_last(old), text)
    else:
        run.note("assumed-version", f"transformers {_last(old)} is assumed: {text}")


def since(run: Settings, version: str, what: str = "") -> bool:
    """Whether transformers is at least this version; ``what`` that decides, where the trainer allows both."""
    found = version_of(run)
    if what and not _is_given(run) and _allows_both(run, version):
        run.note("assumed-version", f"transformers {found} is assumed: {what}")
    return is_since(found, version)


def _allows_both(run: Settings, version: str) -> bool:
    """Whether the trainer runs with a version and with one before it."""
    allowed, newest = ALLOWED.get(run.trainer.name), str(run.table["transformers"].default)
    if allowed is None:
        return False
    return version_parts(allowed.oldest) < version_parts(version) <= version_parts(newest)


def _is_given(run: Settings) -> bool:
    is_own = run.trainer.name == "transformers" and run.is_version_given
    return is_own or run.is_said("transformers")


def _old_names(run: Settings) -> list[str]:
    """Settings that an older version has, of those that the trainer allows."""
    allowed, newest = ALLOWED.get(run.trainer.name), str(run.table["transformers"].default)
    if allowed is None:
        return []
    lasts = {name: version_parts(VERY_LAST.get(name, last)) for name, last in LAST.items()}
    oldest, default = version_parts(allowed.oldest), version_parts(newest)
    own = {*allowed.own, *_fields_of_script(run)}
    old = [name for name, last in lasts.items() if oldest <= last < default and name not in own]
    return [name for name in old if run.raw(name) is not None or run.is_answered(name)]


def _fields_of_script(run: Settings) -> set[str]:
    """Fields that a class of the script's own adds, and that change nothing of the run by themselves."""
    return {name for one in run.sources for name in one.python.own_fields} - run.trainer.setting_names
