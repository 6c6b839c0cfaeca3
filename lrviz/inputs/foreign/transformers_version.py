"""Whose rules a run follows: the version of transformers, which no file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.settings import version_parts

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

LAST_V4 = "4.57.6"
OLD_NAMES = (
    "warmup_ratio",
    "evaluation_strategy",
    "per_gpu_train_batch_size",
    "no_cuda",
    "fp16_backend",
    "group_by_length",
)
"""Settings that the newest version does not have."""


def version_of(run: Settings) -> str:
    """The version of transformers: what is said, else the trainer's, else one that has all settings."""
    if run.is_said("transformers"):
        return str(run["transformers"])
    if run.trainer.name == "transformers":
        return run.version
    return LAST_V4 if _old_names(run) else str(run.table["transformers"].default)


def assume_version(run: Settings) -> None:
    """Say that the last version is assumed that has all settings, where the newest has not."""
    if _is_given(run) or not (old := _old_names(run)):
        return
    text = f"{old[0]} is no setting of transformers {run.table['transformers'].default}"
    if run.trainer.name == "transformers":
        run.assume(LAST_V4, text)
    else:
        run.note("assumed-version", f"transformers {LAST_V4} is assumed: {text}")


def since(run: Settings, version: str, what: str = "") -> bool:
    """Whether transformers is at least this version; ``what`` that decides, where it matters."""
    found = version_of(run)
    if what and not _is_given(run):
        run.note("assumed-version", f"transformers {found} is assumed: {what}")
    return version_parts(found) >= version_parts(version)


def _is_given(run: Settings) -> bool:
    is_own = run.trainer.name == "transformers" and run.is_version_given
    return is_own or run.is_said("transformers")


def _old_names(run: Settings) -> list[str]:
    if version_parts(str(run.table["transformers"].default)) <= version_parts(LAST_V4):
        return []
    return [name for name in OLD_NAMES if run.raw(name) is not None or name in run.said.extra]
