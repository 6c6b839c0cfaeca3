"""Which release of OpenCLIP a command is of, by its options.

Source: open_clip 3.3.0 and 4.2.0.dev0, ``open_clip_train/params.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.setting_values import is_since

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

NEWEST = "4.2.0.dev0"
_FIRST_NEW = "4"


def lacks(run: Settings) -> frozenset[str]:
    """Options that its release does not have."""
    return frozenset() if is_new(run) else _new_options()


def is_new(run: Settings) -> bool:
    """Whether it is one behind 3.3.0: as it is said, else by its options."""
    return is_since(run.version, _FIRST_NEW) or (not run.is_version_given and bool(_new_option(run)))


def assume_release(run: Settings) -> None:
    """Follow the one that has the options of the command."""
    if not run.is_version_given and (option := _new_option(run)):
        run.assume(NEWEST, f"{run.trainer.version} has no {option}, and stops")


def _new_option(run: Settings) -> str:
    said = {key for one in run.lookup.written for key in one.data} & _new_options()
    return f"--{min(said).replace('_', '-')}" if said else ""


def _new_options() -> frozenset[str]:
    return KnownKeys(("open_clip_new",)).names()
